"""San Diego: its exports on several bases, the customs district, missions of the trade center, and figures of its studies.

Three things are called San Diego's exports: goods whose exporter of record has an address in the metro, goods that pass the customs
district whoever made them, and goods of all California for one country. They are set side by side here and never added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError
from cityresearch.measures.published import observed
from cityresearch.numbers.agreement import compare
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "DISTRICT", "ORGANISERS", "SATURDAY", "a_year_before", "cohorts", "count_of", "district_share",
    "district_shares", "editions", "investor_ranks", "length", "mean_known_step", "missions_of_trade_center",
    "missions_per_year", "share_of_printed", "sizes", "to_country", "to_the_ten", "years_that_print",
]  # fmt: skip

DISTRICT = "San Diego customs district"
ORGANISERS = ("San Diego Regional EDC", "World Trade Center San Diego")
SATURDAY = 5


@checked_arguments
def to_country(by_country: pd.DataFrame, country: str, year: int) -> Quantity | Missing:
    """Return what all of California exports to one country in a year.

    Parameters
    ----------
    by_country : pandas.DataFrame
        The dataset `california_exports_by_country`.
    """
    if (country, year) not in by_country.index:
        return Missing(f"California to {country}, {year}: none in the data")
    row = by_country.loc[(country, year)]
    return Quantity(
        int(row["value_usd"]), "USD", str(year), f"California to {country}", row["basis"], row["vintage"], (row["source_id"],),
        caveats=("all of California, by state of origin of movement; re-exports included",),
    )  # fmt: skip


def share_of_printed(percent: PrintedNumber, whole: PrintedNumber) -> Quantity:
    """Return a printed share of a printed amount, with what the rounding of both allows.

    Examples
    --------
    >>> part = share_of_printed(PrintedNumber(97, 1, "percent"), PrintedNumber("34.5e9", "0.1e9", "USD"))
    >>> float(part.value), round(float(part.interval.low) / 1e9, 2), round(float(part.interval.high) / 1e9, 2)
    (33465000000.0, 33.24, 33.69)
    """
    hundred = Interval.point(100)
    return Quantity(
        percent.value * whole.value / 100, whole.unit, whole.period, bounds=percent.interval * whole.interval / hundred
    )


def district_shares(observations: pd.DataFrame) -> pd.DataFrame:
    """Compute the share of Mexico in the exports that pass the San Diego customs district, for every year of the table.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `san_diego_observations`.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: to_mexico, to_rest_of_world and total in USD, percent.
    """
    rows = observations.reset_index()
    rows = rows[rows["geography"] == DISTRICT]
    sides = {}
    for column in ("to_mexico", "to_rest_of_world"):
        part = rows[rows["series"] == f"customs_district_exports_{column}"]
        sides[column] = part.set_index(part["period"].astype(int))["value"]
    table = pd.DataFrame(sides).dropna().rename_axis("year").sort_index()
    table["total"] = table["to_mexico"] + table["to_rest_of_world"]
    table["percent"] = 100 * table["to_mexico"] / table["total"]
    return table


@checked_arguments
def district_share(observations: pd.DataFrame, year: int) -> Quantity | Missing:
    """Return the share of Mexico in the exports of the customs district in a year, in percent."""
    parts = {}
    for side in ("to_mexico", "to_rest_of_world"):
        found = observed(observations, f"customs_district_exports_{side}", DISTRICT, str(year))
        if isinstance(found, Missing):
            return found
        parts[side] = found
    mexico, rest = parts["to_mexico"], parts["to_rest_of_world"]
    ratio = Interval.point(100) / (Interval.point(1) + rest.interval / mexico.interval)
    return Quantity(
        100 * mexico.value / (mexico.value + rest.value), "percent", str(year), DISTRICT, "customs_district", "",
        unique([*mexico.sources, *rest.sources]), ratio,
        ("goods that pass the district, whoever made them and wherever",),
    )  # fmt: skip


def years_that_print(shares: pd.DataFrame, printed: PrintedNumber, relation: str) -> list[int]:
    """Return the years whose share of `district_shares` the printed wording covers."""
    return [int(year) for year, percent in shares["percent"].items() if compare(percent, printed, relation).agrees]


def missions_of_trade_center(missions: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the missions abroad that the trade center or its parent body reports among its own, oldest first.

    Parameters
    ----------
    missions, sources : pandas.DataFrame
        The datasets of these names.

    Returns
    -------
    pandas.DataFrame
        Rows of `missions` for San Diego that a page of the body records, with a column `year`.
    """
    own = set(sources.index[sources["publisher"].str.contains("|".join(ORGANISERS))])
    rows = missions[missions["jurisdiction"] == "San Diego"]
    rows = rows[[bool(own & set(cell.split(";"))) for cell in rows["source_id"]]]
    return rows.assign(year=rows["start_date"].str[:4].astype(int)).sort_values("start_date", kind="stable")


def count_of(rows: pd.DataFrame, *, what: str, caveats: tuple[str, ...] = ()) -> Quantity:
    """Return how many trips there are, with their sources."""
    return Quantity(
        len(rows),
        "count",
        geography=what,
        sources=unique(s for cell in rows["source_id"] for s in cell.split(";")),
        caveats=caveats,
    )


@checked_arguments
def missions_per_year(rows: pd.DataFrame, first: int, last: int) -> Quantity:
    """Return the mean number of missions a year between two years, both included.

    That there was none rests on the whole list, so its sources are those of all rows then.
    """
    inside = rows[rows["year"].between(first, last)]
    found = count_of(inside, what="missions of the trade center")
    whole = count_of(rows, what="missions of the trade center")
    return replace(
        found, value=found.value / (last - first + 1), period=f"{first}/{last}", sources=found.sources or whole.sources
    )


def length(mission: pd.Series, kind: str) -> Quantity | Missing:
    """Return the length of a trip in days.

    Parameters
    ----------
    mission : pandas.Series
        A row of `missions` with full start and end dates.
    kind : {"calendar days", "nights", "weekdays", "weekdays after the first weekend"}
    """
    texts = (mission["start_date"], mission["end_date"])
    if any(not isinstance(t, str) or len(t) != len("2025-09-21") for t in texts):
        return Missing("the trip has no full start and end date")
    start, end = map(date.fromisoformat, texts)
    days = [start + timedelta(n) for n in range((end - start).days + 1)]
    weekdays = [d for d in days if d.weekday() < SATURDAY]
    weekend = max((d for d in days if d.weekday() >= SATURDAY), default=start - timedelta(1))
    counted = {
        "calendar days": days,
        "nights": days[1:],
        "weekdays": weekdays,
        "weekdays after the first weekend": [d for d in weekdays if d > weekend],
    }
    if kind not in counted:
        raise DataError(f"The length of a trip is counted in {', '.join(counted)}, found {kind!r}.")
    return Quantity(len(counted[kind]), "days", sources=tuple(mission["source_id"].split(";")))


@checked_arguments
def cohorts(observations: pd.DataFrame, *, programme_cohorts: int) -> dict[str, Quantity | Missing]:
    """Add up the companies of the MetroConnect cohorts that are known.

    Parameters
    ----------
    programme_cohorts : int
        How many cohorts the total should cover.

    Returns
    -------
    dict
        `all`: missing unless every cohort has a value; `known`: the sum of those that have one; `filled`: that sum with the usual size
        for each unknown cohort, an assumption.
    """
    rows = observations.reset_index()
    rows = rows[rows["series"] == "metroconnect_cohort_companies"].sort_values("period")
    sizes, found = [int(v) for v in rows["value"]], unique(rows["source_id"])
    unknown = programme_cohorts - len(sizes)
    known = Quantity(sum(sizes), "companies", sources=found, geography=f"{len(sizes)} known cohorts")
    usual = max(set(sizes), key=sizes.count)
    return {
        "all": known
        if unknown == 0
        else Missing(f"{unknown} of {programme_cohorts} cohorts has no value in the data", found),
        "known": known,
        "filled": replace(
            known,
            value=known.value + unknown * usual,
            caveats=(f"an assumption: the unknown cohort had {usual} companies, as each of the others",),
        ),
    }


@checked_arguments
def editions(observations: pd.DataFrame, series: str, latest: int) -> list[int | None]:
    """Return the years of a study's editions, oldest first; None for one without a printed year.

    Parameters
    ----------
    series : str
        A series that every edition prints.
    latest : int
        The year of the edition that the claim is about.
    """
    rows = observations.reset_index()
    periods = rows.loc[rows["series"] == series, "period"].fillna("").unique()
    years = sorted({int(p) for p in periods if p} | {latest})
    return [*years, None] if "" in periods else years


def a_year_before(level: Quantity | Missing, change: Quantity | Missing) -> Quantity | Missing:
    """Derive the level of a year before from a level and its change over twelve months in percent."""
    for part in (level, change):
        if isinstance(part, Missing):
            return part
    factor = Interval.point(1) + change.interval / Interval.point(100)
    year, _, rest = level.period.partition("-")
    return Quantity(
        level.value / (1 + change.value / 100), level.unit, f"{int(year) - 1}{'-' + rest if rest else ''}", level.geography,
        level.basis, level.vintage, unique([*level.sources, *change.sources]), level.interval / factor, ("derived from the printed change",),
    )  # fmt: skip


def investor_ranks(firms: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return every printed rank of a country among foreign investors or employers of a region.

    Parameters
    ----------
    firms : pandas.DataFrame
        The dataset `foreign_owned_firms`.

    Returns
    -------
    pandas.DataFrame
        Columns country, of (investor or employer), rank, period, source_id, note.
    """
    rows = firms.reset_index().fillna({"note": "", "period": ""})
    rows = rows[(rows["geography"] == region) & rows["series"].str.match(r"foreign_(investor|employer)_rank_")].copy()
    rows["of"] = rows["series"].str.extract(r"foreign_(investor|employer)_rank_")[0]
    rows["country"] = rows["series"].str.replace(r"foreign_(investor|employer)_rank_", "", regex=True).str.capitalize()
    rows["rank"] = rows["value"].astype(int)
    columns = ["country", "of", "rank", "period", "source_id", "note"]
    return rows[columns].sort_values(["of", "rank"], ignore_index=True)


def sizes(found: Mapping[str, Quantity | Missing]) -> pd.DataFrame:
    """Tabulate amounts on different bases side by side, in billions, with what each counts.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: billion, period, basis, vintage, sources. Missing amounts have their reason as basis.
    """
    rows = []
    for name, item in found.items():
        if isinstance(item, Missing):
            rows.append({"name": name, "billion": None, "basis": f"missing: {item.reason}"})
            continue
        rows.append(
            {
                "name": name,
                "billion": round(float(item.value / 10**9), 2),
                "period": item.period,
                "basis": item.basis,
                "vintage": item.vintage,
                "sources": "; ".join(item.sources),
            }
        )
    columns = ["name", "billion", "period", "basis", "vintage", "sources"]
    return pd.DataFrame(rows, columns=columns).set_index("name").fillna({c: "" for c in columns[2:]})


def to_the_ten(printed: PrintedNumber, geography: str) -> Quantity:
    """Return a printed count that ends in zero as one rounded to the ten.

    Raises
    ------
    DataError
        If its last digit is not zero.
    """
    if printed.value % 10:
        raise DataError(f"{printed.value} does not end in zero, so it is not rounded to the ten.")
    return Quantity(
        printed.value, printed.unit, printed.period, geography, bounds=Interval.around(printed.value, 10),
        caveats=("taken from the document, read to the ten",),
    )  # fmt: skip


@checked_arguments
def mean_known_step(years: list[int], *, undated: int, sources: tuple[str, ...] = ()) -> Quantity | Missing:
    """Return the mean distance of neighbouring editions where no undated edition can lie between them.

    Parameters
    ----------
    years : list of int
        Years of the dated editions, ascending.
    undated : int
        How many editions have no year; each is taken to lie in one of the longest gaps.
    sources : tuple of str
        What the years were read in.
    """
    steps = sorted(later - earlier for earlier, later in pairwise(years))
    known = steps[: len(steps) - undated]
    if not known:
        return Missing("no two neighbouring editions with a year")
    return Quantity(
        Quantity(sum(known)).value / len(known),
        "year",
        sources=sources,
        caveats=("the undated edition is taken to lie in the longest gap",),
    )
