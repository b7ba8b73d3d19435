"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each.

A chart function is imported when first used, so that a chapter depends on the charts that it draws and on no others. Where the environment
says CITYRESEARCH_FIGURES=none, no chart is drawn: a sweep over many places is run for its numbers.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

UNDRAWN = {"CITYRESEARCH_FIGURES": "none"}
_CHARTS = {
    "against_usual": "season_charts",
    "changes": "change_charts",
    "dots": "dot_charts",
    "editions": "edition_charts",
    "heat_table": "heat_charts",
    "lines": "line_charts",
    "metro_exports": "bars",
    "metro_map": "metro_maps",
    "mission_map": "maps",
    "mission_timeline": "timelines",
    "outcome_delays": "outcomes",
    "outcome_evidence": "outcomes",
    "rank_size": "rank_size_charts",
    "ranked": "rank_charts",
    "recorded_curve": "curves",
    "shares": "share_charts",
    "specification_curve": "curves",
    "status_grid": "grids",
    "ties": "tie_charts",
    "verdict_counts": "bars",
    "with_outline": "metro_maps",
}
__all__ = [*_CHARTS]

if TYPE_CHECKING:
    from cityresearch.figures.bars import metro_exports, verdict_counts
    from cityresearch.figures.change_charts import changes
    from cityresearch.figures.curves import recorded_curve, specification_curve
    from cityresearch.figures.dot_charts import dots
    from cityresearch.figures.edition_charts import editions
    from cityresearch.figures.grids import status_grid
    from cityresearch.figures.heat_charts import heat_table
    from cityresearch.figures.line_charts import lines
    from cityresearch.figures.maps import mission_map
    from cityresearch.figures.metro_maps import metro_map, with_outline
    from cityresearch.figures.outcomes import outcome_delays, outcome_evidence
    from cityresearch.figures.rank_charts import ranked
    from cityresearch.figures.rank_size_charts import rank_size
    from cityresearch.figures.season_charts import against_usual
    from cityresearch.figures.share_charts import shares
    from cityresearch.figures.tie_charts import ties
    from cityresearch.figures.timelines import mission_timeline


def __getattr__(name: str) -> object:
    if name in _CHARTS and os.environ.items() >= UNDRAWN.items():
        return dict if name == "with_outline" else _undrawn  # without a map, whether there are outlines does not matter
    if name in _CHARTS:
        return getattr(importlib.import_module(f"cityresearch.figures.{_CHARTS[name]}"), name)
    raise AttributeError(f"module 'cityresearch.figures' has no attribute {name!r}")


def _undrawn(*_arguments: object, **_options: object) -> None:
    """Stand for a chart function where no chart is drawn."""


def __dir__() -> list[str]:
    return sorted(__all__)
