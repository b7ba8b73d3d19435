"""Neighbors in time: a value that leaps away from even neighbors is more often a slip of a digit or a unit than a fact.

A value leaps if it is more than eight times the median of its neighbors, or less than an eighth of it, where these neighbors (up to two
before and two after, at least two) differ among themselves by no more than a factor of two. A factor of eight lets most true leaps pass
and stops a point put one place too far (10) and thousands taken for units (1,000).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["NOT_SERIES", "TABLES", "Leap", "Series", "leaps", "series_of"]

LEAP, EVEN, NEAR = 8, 2, 2
NOT_SERIES = {"source_id", "vintage", "released", "edition", "note"}


@dataclass(frozen=True, slots=True)
class Series:
    """How a table holds series: the columns of time and value, and the least value that is asked about.

    Goods of a few millions go to a country, or come from an industry, in one year and not in the next.
    """

    time: str
    value: str
    least: float = 0


TABLES = {
    "metro_exports": Series("year", "value_usd"),
    "state_exports": Series("year", "value_usd"),
    "state_exports_earlier": Series("year", "value_usd"),
    "state_exports_monthly": Series("month", "value_usd"),
    "california_trade_monthly": Series("month", "value_usd"),
    "state_exports_naics3": Series("year", "value_usd", 1e9),
    "california_exports_by_country": Series("year", "value_usd", 1e9),
    "california_imports_by_country": Series("year", "value_usd", 1e9),
    "state_imports": Series("year", "value_usd"),
    "state_imports_naics3": Series("year", "value_usd"),
    "port_containers": Series("period", "teu"),
    "port_containers_piers": Series("period", "teu"),
    "metro_gdp": Series("year", "value"),
    "metro_population": Series("year", "value"),
    "bls_employment": Series("month", "jobs"),
    "border_entries": Series("period", "count"),
}


@dataclass(frozen=True, slots=True)
class Leap:
    """One value far from its neighbors: the subject's cells, the period, the value and the median of its neighbors."""

    subject: tuple[str, ...]
    period: str
    value: float
    around: float

    @property
    def times(self) -> str:
        """How many times its neighbors the value is, in words."""
        ratio = self.value / self.around
        return f"{ratio:,.1f} times" if ratio > 1 else f"1/{1 / ratio:,.0f} of"


def series_of(rows: Iterable[Mapping[str, object]], key: Sequence[str], how: Series) -> dict[tuple, dict[str, float]]:
    """Return the values of each series by period; the median where sources or editions give several."""
    columns = [name for name in key if name not in NOT_SERIES and name != how.time]
    found: dict[tuple, dict[str, list[float]]] = {}
    for row in rows:
        if row[how.value] not in ("", None) and (value := float(row[how.value])) > 0:
            subject = tuple(str(row[name]) for name in columns)
            found.setdefault(subject, {}).setdefault(str(row[how.time]), []).append(value)
    return {subject: {p: median(v) for p, v in periods.items()} for subject, periods in found.items()}


def leaps(series: Mapping[tuple, Mapping[str, float]], least: float = 0) -> Iterator[Leap]:
    """Give the values that leap away from their neighbors.

    Examples
    --------
    >>> next(leaps({("A",): {"2020": 5.0, "2021": 5.1, "2022": 52.0, "2023": 5.3}})).times
    '10.2 times'
    """
    for subject, values in series.items():
        periods = sorted(values)
        for place, period in enumerate(periods):
            near = [*periods[max(0, place - NEAR) : place], *periods[place + 1 : place + 1 + NEAR]]
            around = [values[other] for other in near]
            if len(around) < 2 or max(around) > EVEN * min(around):
                continue
            middle, value = median(around), values[period]
            if max(middle, value) >= least and not 1 / LEAP <= value / middle <= LEAP:
                yield Leap(subject, period, value, middle)
