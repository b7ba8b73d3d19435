"""The data of a figure: a row for each mark, in columns that all kinds of chart share, so that anybody can draw it again.

A mark is at its `label`, `period` or `at` on one axis and at its `value` on the other. Marks of one `series` are joined by a line where
they have one `segment`; an empty value is a gap. The alt text and the description of a figure are made of the same rows.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from cityresearch.charts.chart import Chart, in_marks
from cityresearch.charts.spoken import LONGEST_ALT

__all__ = ["COLUMNS", "finished", "segments", "written"]

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from cityresearch.charts.words import Words

COLUMNS = {
    "panel": "the part of the figure that has axes of its own",
    "group": "a heading over several labels",
    "series": "what has a line, a color or a mark of its own",
    "segment": "marks of a series are joined where they have one number; it rises where the figure breaks the line",
    "rank": "place in the order drawn",
    "label": "what the mark is of, on an axis of names",
    "period": "when: a year, or an ISO date as exact as it is known (2025, 2025-05, 2025-05-04)",
    "at": "where on an axis of numbers that is not time",
    "at_unit": "the unit of `at`",
    "value": "what is drawn, in `unit`; empty for a gap, or for a reading without a number",
    "low": "the lowest number that the value can mean",
    "high": "the highest",
    "unit": "of value, low, high, usual, reference and the printed number",
    "printed": "the number that a document prints",
    "printed_low": "the lowest number that its wording covers",
    "printed_high": "the highest",
    "reference": "a line that is drawn for comparison",
    "usual": "what is usual for the period",
    "source_id": "rows of data/raw/sources.csv, separated by semicolons",
}
MONEY = re.compile(r"((?:thousand|million|billion|trillion)?) ?US dollars(.*)")


def finished(figure: Figure, data: pd.DataFrame, words: Words, kind: str) -> Chart:
    """Return a chart whose data are tidy and whose alt text and description are made of them where the words have none.

    Parameters
    ----------
    data : pandas.DataFrame
        Columns of `COLUMNS` and others; without `source_id`, each row gets the sources of the words.
    kind : str
        What is seen, for instance "Bars".
    """
    data = data.reset_index(drop=True)
    if "source_id" not in data:
        data["source_id"] = ";".join(words.sources)
    known = [name for name in COLUMNS if name in data]
    data = data[[*known, *(name for name in data if name not in COLUMNS)]]
    made = {"alt": _alt(words.title, kind, data), "description": _description(kind, data)}
    return Chart(figure, data, words | {name: text for name, text in made.items() if not getattr(words, name)})


def segments(values: Sequence[float], places: Sequence[float], breaks: Sequence[float] = ()) -> list[int]:
    """Number the unbroken runs of a series, in the order of its places: a break or a gap starts the next.

    Examples
    --------
    >>> segments([1.0, 2.0, float("nan"), 3.0], [2001, 2002, 2003, 2004], [2001.5])
    [1, 2, 2, 3]
    """
    numbers, gaps = [], 0
    for i, (value, place) in enumerate(zip(values, places, strict=True)):
        gaps += i > 0 and math.isnan(values[i - 1]) and not math.isnan(value)
        numbers.append(1 + gaps + sum(place > at for at in breaks))
    return numbers


def written(value: float, unit: str = "") -> str:
    """Write a number of a figure with three or four digits, a true minus and its unit; money as in a sentence.

    Examples
    --------
    >>> written(59.561594613, "billion US dollars"), written(-6.6447, "percent"), written(1234.5)
    ('$59.6 billion', '−6.6 percent', '1,234')
    """
    size = abs(value)
    digits = 0 if size >= 1000 or value == int(value) else 1 if size >= 1 else 2
    text = in_marks(f"{value:,.{digits}f}")
    if money := MONEY.fullmatch(unit):
        sign, amount = (text[0], text[1:]) if value < 0 else ("", text)
        return f"{sign}${amount} {money[1]}{money[2]}".replace("  ", " ").rstrip()
    return f"{text} {unit}".strip()


def _where(row: Mapping[str, Any]) -> str:
    """Return what tells a row from the others, in words."""
    parts = [
        str(row[name]) for name in ("panel", "group", "series", "label", "period") if row.get(name) not in (None, "")
    ]
    if "at" in row:
        parts.append(f"at {written(row['at'], row['at_unit'])}")
    return ", ".join(dict.fromkeys(part for part in parts if part != "nan"))


def _alt(title: str, kind: str, data: pd.DataFrame) -> str:
    """Return the message, what is seen, and the ends of the values, as far as they fit."""
    message = title.rstrip(".")
    seen = f"{message}. {kind}"
    known = data[data["value"].notna()] if "value" in data else data[:0]
    if known.empty:
        return f"{seen}: {len(data)} marks."
    top, bottom = known.loc[known["value"].idxmax()], known.loc[known["value"].idxmin()]
    one_unit = known["unit"].nunique() == 1
    ends = [f"{_where(row)}, {written(row['value'], row['unit'])}" for row in (top, bottom)]
    short = [written(row["value"]) for row in (bottom, top)]
    choices = [
        f"{seen}. Highest: {ends[0]}; lowest: {ends[1]}." if one_unit and len(known) > 1 else "",
        f"{seen}: {len(known)} values from {short[0]} to {short[1]} {top['unit']}."
        if one_unit and len(known) > 1
        else "",
        f"{seen} with one value: {ends[0]}." if len(known) == 1 else "",
        f"{seen}: {len(known)} values.",
    ]
    return (
        next(text for text in choices if text and len(text) <= LONGEST_ALT) if len(choices[-1]) <= LONGEST_ALT else seen
    )


def _description(kind: str, data: pd.DataFrame) -> str:
    """Return every row in words, and the printed number with each row that has its own, or at the end."""
    printed = data["printed"].dropna() if "printed" in data else data[[]].sum(axis=1)[:0]
    common = len(printed) == len(data) and printed.nunique() == 1
    rows = []
    for row in data.to_dict("records"):
        if "value" not in row:
            rows.append(_where(row))
        elif row["value"] == row["value"]:
            own = row.get("printed", float("nan"))
            told = "" if common or own != own else f", printed {written(own)}"
            rows.append(f"{_where(row)}: {_with_ends(row, 'value', 'low', 'high')}{told}")
    said = f"{kind}. {'; '.join(rows)}."
    if common and "printed_low" in data:
        said += f" Printed: {_with_ends(data.iloc[0], 'printed', 'printed_low', 'printed_high')}."
    return f"{said}{_breaks(data)}"


def _breaks(data: pd.DataFrame) -> str:
    """Say before which periods the lines break, if there are lines over time."""
    if "segment" not in data or "period" not in data:
        return ""
    lines = [name for name in ("panel", "series") if name in data]
    rises = data.groupby(lines, sort=False)["segment"].diff() > 0
    cuts = sorted(set(data.loc[rises, "period"]))
    return f" Interrupted before {', '.join(cuts)}." if cuts else " No line is interrupted."


def _with_ends(row: Mapping[str, Any], name: str, low: str, high: str) -> str:
    """Return a value with its unit, and the range that it can mean where there is one."""
    ends = [row.get(end, row[name]) for end in (low, high)]
    within = f" ({written(ends[0])} to {written(ends[1])})" if ends[0] != ends[1] else ""
    return f"{written(row[name], row['unit'])}{within}"
