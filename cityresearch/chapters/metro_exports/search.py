"""The search for a printed total: which metros of which year does a printed number mean?

A printed total is rounded, so many sets of metros can fall inside its interval. The search lists them all within stated
bounds, and says of each what speaks against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.measures.exports import largest_metros
from cityresearch.numbers.agreement import compare
from cityresearch.numbers.intervals import Interval, round_to
from cityresearch.numbers.printed import PrintedNumber, accepted

__all__ = ["fitting", "sets_that_print", "years_that_print"]


def years_that_print(exports: pd.DataFrame, printed: Mapping[str, PrintedNumber]) -> pd.DataFrame:
    """Find the years in which every named metro rounds to its printed number.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    printed : mapping of metro title to PrintedNumber
        USD.

    Returns
    -------
    pandas.DataFrame
        One row per year, ascending: a column per metro with its value in USD (missing where there is none), and `fits`.
    """
    rows = []
    for year in sorted(exports.index.get_level_values("year").unique()):
        values = {t: int(exports.at[(t, year), "value_usd"]) if (t, year) in exports.index else None for t in printed}
        rows.append({"year": int(year), **values, "fits": _all_fit(values, printed)})
    table = pd.DataFrame(rows).set_index("year")
    return table.astype({title: "Int64" for title in printed})


def fitting(rows: pd.DataFrame, printed: Mapping[str, PrintedNumber]) -> dict[str, PrintedNumber]:
    """Return the printed numbers of metros if a year's values round to all of them, and none if a single one does not.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `metro_exports`, all of one year.
    printed : mapping of metro title to PrintedNumber
        USD.
    """
    values = dict(zip(rows.index.get_level_values("cbsa_title"), map(int, rows["value_usd"]), strict=True))
    return dict(printed) if _all_fit({title: values.get(title) for title in printed}, printed) else {}


def _all_fit(values: Mapping[str, int | None], printed: Mapping[str, PrintedNumber]) -> bool:
    return all(value is not None and compare(value, printed[title], "eq").agrees for title, value in values.items())


@checked_arguments
def sets_that_print(
    exports: pd.DataFrame,
    printed: PrintedNumber,
    relation: str,
    *,
    state: str,
    years: Sequence[int],
    among_largest: int = 10,
    anchors: Mapping[str, PrintedNumber] | None = None,
) -> pd.DataFrame:
    """Find every set of a state's largest metros whose sum agrees with a printed total.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    printed, relation
        The printed total and its wording.
    years : sequence of int
    among_largest : int
        Sets are drawn from this many largest metros of each year: 2**10 - 1 sets a year at the default.
    anchors : mapping of metro title to PrintedNumber, optional
        Numbers printed next to the total, which the same year must give as well.

    Returns
    -------
    pandas.DataFrame
        One row per set: year, metros (how many), total_usd, k_largest (whether it is simply the largest ones),
        anchors_fit, against (what speaks against it, in words; empty if nothing does), members. Sorted by year and
        number of metros.
    """
    anchors, reach = anchors or {}, accepted(printed, relation)
    year_fits = years_that_print(exports, anchors)["fits"] if anchors else None
    found = []
    for year in years:
        top = largest_metros(exports, state=state, year=year, n=among_largest)
        titles = list(top.index.get_level_values("cbsa_title"))
        values = dict(zip(titles, map(int, top["value_usd"]), strict=True))
        anchors_fit = True if year_fits is None else bool(year_fits.get(year, False))
        for chosen, total in _sets_within(values, reach):
            size = len(chosen)
            k_largest = list(chosen) == titles[:size]
            skipped = next((t for t in titles if t not in chosen), "") if not k_largest else ""
            found.append(
                {
                    "year": year,
                    "metros": size,
                    "total_usd": total,
                    "k_largest": k_largest,
                    "anchors_fit": anchors_fit,
                    "against": _against(exports, year, anchors, anchors_fit, chosen, skipped),
                    "members": ";".join(chosen),
                }
            )
    columns = ["year", "metros", "total_usd", "k_largest", "anchors_fit", "against", "members"]
    return pd.DataFrame(found, columns=columns).sort_values(["year", "metros", "members"], ignore_index=True)


def _sets_within(values: Mapping[str, int], reach: Interval) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield every set of names whose values add up to a number inside an interval, with the sum."""
    names = list(values)
    chosen = (np.arange(1, 2 ** len(names))[:, None] >> np.arange(len(names))) & 1
    totals = chosen @ np.array(list(values.values()), dtype=np.int64)
    # whole dollars around the interval's ends; the exact comparison then decides
    near = (totals >= math.floor(reach.low)) & (totals <= math.ceil(reach.high))
    for row, total in zip(chosen[near], totals[near], strict=True):
        if int(total) in reach:
            yield tuple(name for name, taken in zip(names, row, strict=True) if taken), int(total)


def _against(exports, year, anchors, anchors_fit, chosen, skipped) -> str:
    reasons = []
    if not anchors_fit:
        misses = []
        for title, number in anchors.items():
            value = exports["value_usd"].get((title, year))
            if value is None:
                misses.append(f"{title.split('-')[0]} has no value")
            elif not compare(int(value), number, "eq").agrees:
                shown = float(round_to(int(value), number.precision) / 10**9)
                misses.append(f"{title.split('-')[0]} would print as {shown:g} bn, not {float(number.value / 10**9):g}")
        reasons.append(f"in {year} " + ", ".join(misses))
    left_out = [title for title in anchors if title not in chosen]
    if left_out:
        reasons.append("leaves out " + ", ".join(t.split("-")[0] for t in left_out) + ", which the document names")
    elif skipped:
        reasons.append(f"takes smaller metros but not {skipped.rpartition(', ')[0]}")
    return "; ".join(reasons)
