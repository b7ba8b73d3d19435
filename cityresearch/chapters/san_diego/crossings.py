"""Crossings of the border: entries as customs counts them, and daily numbers for both directions derived from them.

Entries count persons who come into the United States on foot, by car and by bus; nobody counts those who leave.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.numbers.agreement import compare
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "CROSSINGS_NEAR", "NEARBY_CROSSINGS", "PERSONS", "TIJUANA_CROSSINGS", "as_table", "by_year", "days_in_year", "near",
    "per_day", "ratio", "sets_that_print", "years_that_print",
]  # fmt: skip

TIJUANA_CROSSINGS = ("San Ysidro, CA", "Otay Mesa, CA")
NEARBY_CROSSINGS = ("Tecate, CA", "Cross Border Xpress, CA")
CROSSINGS_NEAR = {
    "San Diego": TIJUANA_CROSSINGS,
    "El Centro": ("Calexico, CA", "Calexico East, CA", "Andrade, CA"),
}
PERSONS = ("pedestrians", "personal_vehicle_passengers", "bus_passengers")


@checked_arguments
def days_in_year(year: int) -> int:
    """Return 366 in leap years, else 365."""
    return 366 if isleap(year) else 365


@checked_arguments
def per_day(entries: pd.DataFrame, ports: Sequence[str], year: int) -> Quantity | Missing:
    """Return persons per day over the border in both directions: those who enter, doubled, over the days of the year.

    Parameters
    ----------
    entries : pandas.DataFrame
        The dataset `border_entries`.
    ports : sequence of str
        Names of crossings, such as "San Ysidro, CA".

    Returns
    -------
    Quantity or Missing
        People per day, derived; missing if there is no port, or one has no row at all in the year. Parts that are not
        counted are named.
    """
    if not ports:
        return Missing("no crossings are named")
    counted = entries[entries.index.isin(ports, level="port") & entries.index.isin(PERSONS, level="kind")]
    rows = counted[counted.index.isin([str(year)], level="period")].reset_index().fillna({"note": ""})
    now = set(zip(rows["port"], rows["kind"], strict=True))
    open_ports = {port for port, _ in now}
    without = [port for port in ports if port not in open_ports]
    if without:
        return Missing(f"{without[0]}, {year}: no entries in the data")
    cut = rows[rows["note"].str.contains("missing")]
    # a crossing without buses has no row; one that had them in another year lacks the row, and that is said
    ever = dict.fromkeys(zip(*(counted.index.get_level_values(name) for name in ("port", "kind")), strict=True))
    lacking = [
        f"no {kind.replace('_', ' ')} of {port.removesuffix(', CA')} in the data"
        for port, kind in sorted(ever, key=lambda pair: pair[0])
        if (port, kind) not in now
    ]
    partial = [
        f"{kind.replace('_', ' ')} of {port.removesuffix(', CA')}: {note.split('; ')[-1]}"
        for port, kind, note in cut[["port", "kind", "note"]].itertuples(index=False)
    ]
    return Quantity(
        value=Quantity(2 * int(rows["count"].sum())).value / days_in_year(year),
        unit="people",
        period=str(year),
        geography=" and ".join(p.removesuffix(", CA") for p in ports),
        basis="entries doubled",
        sources=unique(rows["source_id"]),
        caveats=("those who leave are not counted; entries are doubled", *partial, *lacking),
    )


@checked_arguments
def near(metro: str) -> tuple[str, ...]:
    """Return the crossings at a metro by its title.

    San Diego has the two to Tijuana, El Centro those of Imperial County; for other metros our data have none.
    """
    title, _, states = metro.rpartition(", ")
    return CROSSINGS_NEAR.get(title.split("-")[0], ()) if states == "CA" else ()


def by_year(entries: pd.DataFrame, ports: Sequence[str]) -> pd.DataFrame:
    """Compute daily crossings for every year in which each of the crossings has a count.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: per_day (people), complete, incomplete (what is lacking).
    """
    rows = []
    for year in sorted(map(int, entries.index.get_level_values("period").unique())):
        found = per_day(entries, ports, year)
        if isinstance(found, Missing):
            continue
        lacking = "; ".join(found.caveats[1:])
        rows.append(
            {"year": year, "per_day": float(found.value), "complete": not lacking, "incomplete": lacking},
        )
    return pd.DataFrame(rows, columns=["year", "per_day", "complete", "incomplete"]).set_index("year")


def as_table(daily: pd.DataFrame) -> pd.DataFrame:
    """Return the daily crossings of `by_year` with names and units for a reader."""
    return pd.DataFrame(
        {
            "persons a day, both directions": daily["per_day"].map("{:,.0f}".format),
            "what the counts lack": daily["incomplete"],
        },
        index=daily.index,
    )


def years_that_print(daily: pd.DataFrame, printed: PrintedNumber) -> list[int]:
    """Return the years of `by_year` whose daily crossings round to a printed number."""
    return [int(year) for year, value in daily["per_day"].items() if compare(value, printed, "eq").agrees]


def sets_that_print(entries: pd.DataFrame, ports: Sequence[str], printed: PrintedNumber) -> pd.DataFrame:
    """Try every set of crossings in every year: which of them round to a printed number?

    Returns
    -------
    pandas.DataFrame
        Columns crossings, year, per_day, prints: one row per set and year with data, so that hits by chance can be
        weighed.
    """
    persons = entries.reset_index()
    persons = persons[persons["kind"].isin(PERSONS)]
    sums = persons.groupby(["port", "period"])["count"].sum().to_dict()
    rows = []
    for size in range(1, len(ports) + 1):
        for chosen in combinations(ports, size):
            for period in sorted(set(persons["period"])):
                counts = [sums.get((port, period)) for port in chosen]
                if None in counts:
                    continue
                daily = Quantity(2 * int(sum(counts))).value / days_in_year(int(period))
                rows.append(
                    {
                        "crossings": " + ".join(p.removesuffix(", CA") for p in chosen),
                        "year": int(period),
                        "per_day": float(daily),
                        "prints": compare(daily, printed, "eq").agrees,
                    }
                )
    return pd.DataFrame(rows, columns=["crossings", "year", "per_day", "prints"])


def ratio(one: Quantity | Missing, other: Quantity | Missing) -> Quantity | Missing:
    """Return one border's daily crossings over another's, as a plain number.

    The first is counted by its checkpoint authority, the second is entries doubled; the result says so.
    """
    for side in (one, other):
        if isinstance(side, Missing):
            return side
    found = one.interval / other.interval
    return Quantity(
        one.value / other.value,
        period=f"{one.period} over {other.period}",
        sources=unique([*one.sources, *other.sources]),
        bounds=None if found.is_point else found,
        caveats=("a count of travelers at checkpoints over entries doubled", *other.caveats),
    )
