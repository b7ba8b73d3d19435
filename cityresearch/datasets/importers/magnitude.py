"""The unit check by magnitude: comparing new values with published ones of the same subject tells thousands and millions from units."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

__all__ = ["NOT_SUBJECT", "TIMES", "in_words", "power_against"]

TIMES = ("year", "month", "period")
WORDS = {3: "thousands", 6: "millions", 9: "billions"}
NOT_SUBJECT = {"source_id", "vintage", "released", "edition", "note"}


def power_against(
    new: Iterable[Mapping[str, str]], existing: Iterable[Mapping[str, str]], key: Sequence[str], column: str
) -> tuple[int, int]:
    """Return the power of ten, in steps of three, by which new values differ from published ones.

    Each new value is compared with the published one of the same key, or else of the same subject in the nearest period.

    Returns
    -------
    tuple of int
        0 for the same unit, -6 where millions are compared with units, 3 where units are compared with thousands; and how many pairs were
        compared: 0 if nothing could be.
    """
    ratios = _ratios(new, existing, key, column)
    if not ratios:
        return 0, 0
    return 3 * round(math.log10(median(ratios)) / 3), len(ratios)


def _ratios(new, existing, key, column) -> list[float]:
    columns = [name for name in key if name not in NOT_SUBJECT]
    time = next((name for name in columns if name in TIMES), None)
    subject = [name for name in columns if name != time]
    published: dict[tuple, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in existing:
        if float(row[column] or 0) > 0:
            published[tuple(row[n] for n in subject)][row[time] if time else ""].append(float(row[column]))
    ratios = []
    for row in new:
        series = published.get(tuple(row.get(n, "") for n in subject))
        value = float(row[column] or 0)
        if series and value > 0:
            period = row[time] if time else ""
            nearest = series.get(period) or series[min(series, key=lambda p: (abs(_moment(p) - _moment(period)), p))]
            ratios.append(value / median(nearest))
    return ratios


def _moment(period: str) -> float:
    year, _, month = period.partition("-")
    digits = "".join(c for c in year if c.isdigit())[:4]
    return float(digits or 0) + (int(month[:2]) / 12 if month[:2].isdigit() else 0)


def in_words(power: int, unit: str) -> str:
    """Say what a power means.

    Examples
    --------
    >>> in_words(-6, "USD"), in_words(3, "TEU")
    ('looks like millions where USD are expected', 'looks 1,000 times too large for TEU')
    """
    if power < 0:
        return f"looks like {WORDS.get(-power, f'units of 1e{-power}')} where {unit} are expected"
    return f"looks {10**power:,} times too large for {unit}"
