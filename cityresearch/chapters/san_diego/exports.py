"""A region's goods exports counted in several ways, and what passes the San Diego customs district.

Three things are called a region's exports: goods whose exporter of record has an address in the metro, goods that pass
the customs district whoever made them, and goods of the whole state for one country. They are shown next to each other
and never added up.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.geography import short_metro, state_name, states_in_title
from cityresearch.measures.exports import metro_value, total_of
from cityresearch.measures.published import observed
from cityresearch.numbers.agreement import compare
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "BASES", "DISTRICT", "amounts", "district_share", "district_shares", "share_of_printed", "side_by_side",
    "to_country", "years_that_print",
]  # fmt: skip

DISTRICT = "San Diego customs district"
BASES = {
    "zip_based": "address of the exporter of record",
    "state_based": "state where the goods began to move",
}


@checked_arguments
def amounts(
    metro_exports: pd.DataFrame, by_country: pd.DataFrame, *, metro: str, beside: str, country: str, year: int
) -> dict[str, Quantity | Missing]:
    """Return what two metros together, one of them, and the whole state for one country export, around a year.

    Parameters
    ----------
    metro_exports, by_country : pandas.DataFrame
        The datasets `metro_exports` and `california_exports_by_country`.
    metro, beside : str
        Titles of the two metros; where they are the same there is no sum of two.
    country : str
        A destination of `california_exports_by_country`.
    year : int
        Metros: this year and the one before; destination: also the one after.

    Returns
    -------
    dict of name to Quantity or Missing
        USD. What the state of the metro sends to the country is missing for every state but California.
    """
    names = [short_metro(title).split("-")[0] if ", " in title else title for title in (metro, beside)]
    found: dict[str, Quantity | Missing] = {}
    if metro != beside:
        found |= {f"{' and '.join(names)}, {y}": total_of(metro_exports, [metro, beside], y) for y in (year, year - 1)}
    found |= {f"{names[0]} alone, {y}": metro_value(metro_exports, metro, y) for y in (year, year - 1)}
    for state in states_in_title(metro)[:1]:
        for y in (year + 1, year, year - 1):
            found[f"all of {state_name(state)} to {country}, {y}"] = (
                to_country(by_country, country, y)
                if state == "CA"
                else Missing("our data have exports by destination for California only")
            )
    return found


def side_by_side(found: Mapping[str, Quantity | Missing]) -> pd.DataFrame:
    """Tabulate amounts that are counted in different ways, in billions, with what each goes by.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: billion USD, year, assigned by, release, sources, remark; a missing amount has its reason as
        remark.
    """
    columns = ["exports of", "billion USD", "year", "assigned by", "release", "sources", "remark"]
    rows = [
        (name, "", "", "", "", "", f"missing: {item.reason}")
        if isinstance(item, Missing)
        else (
            name, f"{float(item.value / 10**9):.2f}", item.period, BASES.get(item.basis, item.basis),
            item.vintage.replace("_", " "), "; ".join(item.sources), "; ".join(item.caveats),
        )
        for name, item in found.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("exports of")


@checked_arguments
def to_country(by_country: pd.DataFrame, country: str, year: int) -> Quantity | Missing:
    """Return what all of California exports to one country in a year, in USD.

    Parameters
    ----------
    by_country : pandas.DataFrame
        The dataset `california_exports_by_country`.
    """
    if (country, year) not in by_country.index:
        return Missing(f"California to {country}, {year}: none in the data")
    row = by_country.loc[(country, year)]
    return Quantity(
        int(row["value_usd"]), "USD", str(year), f"California to {country}", row["basis"], row["vintage"],
        (row["source_id"],), caveats=("all of California, by state of origin of movement; re-exports included",),
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
