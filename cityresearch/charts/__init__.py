"""Kinds of chart, to publication standard, that know no subject; what a chapter alone draws is in its own folder.

A kind is imported when first used, so that a chapter depends on the kinds that it draws and on no others.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

_KINDS = {
    "against_usual": "season_charts",
    "changes": "change_charts",
    "dots": "dot_charts",
    "editions": "edition_charts",
    "heat_table": "grids",
    "lines": "line_charts",
    "ranked": "rank_charts",
    "recorded_curve": "curves",
    "specification_curve": "curves",
    "status_grid": "grids",
}
__all__ = [*_KINDS]

if TYPE_CHECKING:
    from cityresearch.charts.change_charts import changes
    from cityresearch.charts.curves import recorded_curve, specification_curve
    from cityresearch.charts.dot_charts import dots
    from cityresearch.charts.edition_charts import editions
    from cityresearch.charts.grids import heat_table, status_grid
    from cityresearch.charts.line_charts import lines
    from cityresearch.charts.rank_charts import ranked
    from cityresearch.charts.season_charts import against_usual


def __getattr__(name: str) -> object:
    if name in _KINDS:
        found = getattr(importlib.import_module(f"cityresearch.charts.{_KINDS[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'cityresearch.charts' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
