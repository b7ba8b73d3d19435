"""Printed shares as bars, one panel per question."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks, wrapped
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.errors import DataError
from cityresearch.numbers.quantity import unique

__all__ = ["bars"]


def bars(panels: Mapping[str, pd.DataFrame], words: Words) -> Chart:
    """Draw printed percentages as horizontal bars, largest first, one panel per question on a common scale.

    Parameters
    ----------
    panels : mapping of panel title to pandas.DataFrame
        Rows of `survey_answers` in percent, one per answer; columns answer, value, unit, source_id.
    words : Words
        Its sources are those of the rows.

    Returns
    -------
    Chart
        Data: panel, label (the answer), value, unit, source_id.

    Raises
    ------
    DataError
        If a row is not in percent: what was printed in words has no length.
    """
    for name, rows in panels.items():
        if rows.empty or set(rows["unit"]) != {"percent"}:
            raise DataError(
                f"The panel {name!r} holds other units than percent or nothing: only printed percentages can be drawn."
            )
    ordered = {
        name: rows.sort_values(["value", "answer"], ascending=[False, True], kind="stable").reset_index(drop=True)
        for name, rows in panels.items()
    }
    words |= {"sources": unique(s for rows in ordered.values() for s in rows["source_id"])}
    indent = 0.42 * style.width() if style.width() < 5 else 0.32 * style.width()
    labels = {name: [wrapped(a, indent, style.LABEL) for a in rows["answer"]] for name, rows in ordered.items()}
    tall = {name: sum(max(0.19, 0.06 + 0.125 * (a.count("\n") + 1)) for a in names) for name, names in labels.items()}
    with style.house_style():
        figure, axes = framed(
            sum(tall.values()) + 0.34 * len(ordered),
            words,
            rows=len(ordered),
            height_ratios=list(tall.values()),
            sharex=True,
        )
        most = max(rows["value"].max() for rows in ordered.values())
        for ax, (name, rows) in zip(axes, ordered.items(), strict=True):
            ax.barh(range(len(rows)), rows["value"], color=style.BLUE, height=0.66)
            for i, value in enumerate(rows["value"]):
                ax.annotate(
                    in_marks(f"{value:g}"),
                    (value, i),
                    (3, 0),
                    textcoords="offset points",
                    va="center",
                    size=style.SMALL,
                )
            ax.set_yticks(range(len(rows)), labels[name])
            ax.set_ylim(len(rows) - 0.45, -0.55)
            ax.set_xlim(0, most * 1.14)
            ax.set_title(name, loc="left", size=style.LABEL, color="#555555", pad=3)
            ax.tick_params(axis="y", length=0)
            ax.xaxis.set_visible(False)
            ax.spines["bottom"].set_visible(False)
    data = pd.concat(
        [
            pd.DataFrame(
                {"panel": name, "label": rows["answer"], "value": rows["value"], "source_id": rows["source_id"]}
            )
            for name, rows in ordered.items()
        ],
        ignore_index=True,
    )
    return finished(figure, data.assign(unit="percent"), words, "Bars, one panel per question")
