"""Readings of the claims on San Diego's exports, trade with Mexico, and crossings of the border.

Most pages name neither year nor method, so each reading changes one of the things that a careful writer could have
meant: the year, the places, or what is counted. The reading that takes the page at its word is marked.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from cityresearch.chapters.san_diego import crossings, exports, neighbors
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import AsPrinted, as_printed
from cityresearch.measures.comparisons import as_quantity, at_precision_of, growth, times
from cityresearch.measures.exports import metro_value, total_of
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = [
    "CHECKPOINTS",
    "EL_CENTRO",
    "LEVELS",
    "SAN_DIEGO",
    "Readings",
    "both_counties",
    "crossings_a_day",
    "exports_of_2022",
    "goods_with_mexico",
    "goods_with_mexico_per_day",
    "metro_of_the_paper",
    "place_of_mexico",
    "printed_services",
    "services_growth",
    "services_level",
    "services_place",
    "share_to_mexico",
    "singapore_a_day",
    "singapore_over_tijuana",
    "trade_growth",
]

SAN_DIEGO, EL_CENTRO = "San Diego-Chula Vista-Carlsbad, CA", "El Centro, CA"
CHECKPOINTS = "Singapore (Woodlands and Tuas)"
LEVELS = {"exports": "E013", "imports": "E014"}
Readings = dict[str, Quantity | Missing | AsPrinted]


def both_counties(metro_exports: pd.DataFrame, by_country: pd.DataFrame) -> Readings:
    """Return readings of E018, exports of two counties: the sum of both metros, and larger things.

    The page prints no year, so the latest one and the year of the page both take it at its word. A writer could have
    taken all that California sends to Mexico, or all that passes the customs district, for the region's own.
    """
    both, mexico = _of_both(metro_exports), _to_mexico(by_country)
    return {
        "both metros, 2024": as_printed(both(2024)),
        "both metros, 2023 (latest; no year is printed)": as_printed(both(2023)),
        "both metros, 2022": both(2022),
        "all of California to Mexico, 2024": mexico(2024),
        "all of California to Mexico, 2023": mexico(2023),
        "all of California to Mexico, 2022": mexico(2022),
        "goods through the San Diego customs district": _district_ends(),
    }


def exports_of_2022(metro_exports: pd.DataFrame, by_country: pd.DataFrame) -> Readings:
    """Return readings of E143, exports of 2022.

    The metro of the page, both metros, the state to Mexico, the customs district.
    """
    return {
        "San Diego metro, 2022": as_printed(metro_value(metro_exports, SAN_DIEGO, 2022)),
        "San Diego and El Centro, 2022": _of_both(metro_exports)(2022),
        "all of California to Mexico, 2022": _to_mexico(by_country)(2022),
        "goods through the San Diego customs district, 2022": _district_ends(),
    }


def metro_of_the_paper(metro_exports: pd.DataFrame, by_country: pd.DataFrame) -> Readings:
    """Return readings of C026, the paper's sum for the metro.

    Other years and other sums for the region, drawn here and judged in 01.
    """
    alone = partial(metro_value, metro_exports, SAN_DIEGO)
    return {
        "San Diego metro, 2024 (year as printed)": as_printed(alone(2024)),
        "San Diego metro, 2023": alone(2023),
        "San Diego metro, 2022": alone(2022),
        "San Diego and El Centro, 2023": _of_both(metro_exports)(2023),
        "all of California to Mexico, 2023": _to_mexico(by_country)(2023),
    }


def share_to_mexico(observations: pd.DataFrame) -> Readings:
    """Return readings of E017, Mexico's share in exports: the customs district is the only record by destination.

    Tried are the last three years on record, and 2003, whose share the source prints itself.
    """
    last = int(exports.district_shares(observations).index.max())
    found: Readings = {
        "two counties, by destination": as_printed(missing("no table has exports of the two counties by destination"))
    }
    for year in (last - 1, last - 2, last, 2003):
        latest = " (latest on record)" if year == last else ""
        found[f"San Diego customs district, {year}{latest}"] = exports.district_share(observations, year)
    return found


def place_of_mexico(goods: neighbors.Goods) -> Readings:
    """Return readings of E006, Mexico first among partners.

    The latest year, each year since the agreement, and the one before.
    """
    found: Readings = {"2024": as_printed(neighbors.place_of_partner(goods, "Mexico", 2024))}
    for year in (2023, 2022, 2021, 2020, 2019):
        before = ", before the agreement" if year == 2019 else ""
        found[f"{year}{before}"] = neighbors.place_of_partner(goods, "Mexico", year)
    return found


def goods_with_mexico(goods: neighbors.Goods) -> Readings:
    """Return readings of E007, goods trade with Mexico: the latest year in its first release, and the year before."""
    found = partial(neighbors.with_partner, goods, "Mexico")
    return {"2024, first release": as_printed(found(2024)), "2023": found(2023)}


def goods_with_mexico_per_day(goods: neighbors.Goods) -> Readings:
    """Return readings of E009, that trade per day.

    The latest year over its own days or over 365, and the year before; the page prints neither year nor days.
    """
    found = partial(neighbors.with_partner, goods, "Mexico")
    return {
        "2024 over its 366 days": neighbors.per_day(found(2024), crossings.days_in_year(2024)),
        "2024 over 365 days": neighbors.per_day(found(2024), 365),
        "2023 over 365 days": neighbors.per_day(found(2023), 365),
    }


def trade_growth(trade: pd.DataFrame) -> Readings:
    """Return readings of E010, growth of trade with both partners: from two years, on two bases.

    2020 is the year of the agreement as printed; 2019 is the last normal year before it, which many writers take as
    base.
    """
    grown = {
        basis: partial(neighbors.trade_growth, neighbors.goods_trade(trade, basis=basis), neighbors.USMCA, last=2024)
        for basis in ("national", "state_assigned")
    }
    return {
        "from 2020, the year of the agreement": as_printed(grown["national"](first=2020)),
        "from 2019": grown["national"](first=2019),
        "from 2019, sums of states": grown["state_assigned"](first=2019),
        "from 2020, sums of states": grown["state_assigned"](first=2020),
    }


def services_level(trade: pd.DataFrame, side: str) -> Readings:
    """Return the reading of E013 (exports) or E014 (imports), services with Mexico.

    No table has them, the press has total and surplus.
    """
    derived = neighbors.services_from_balance(trade, "Mexico", 2024, side)
    return {"2024, from the two-way total and the surplus": as_printed(derived)}


def services_growth(trade: pd.DataFrame, side: str) -> Readings:
    """Return readings of E015 (exports) or E016 (imports), growth of services with Mexico: three bases, two levels.

    The press prints growth from 2020; the page names no base, so the two years before are tried, with the level of 2024
    as derived and as the page prints it.
    """
    derived, level = neighbors.services_from_balance(trade, "Mexico", 2024, side), printed_services(side)
    base = {year: neighbors.services_base(trade, "Mexico", year, side) for year in (2018, 2019)}
    unnamed = missing("the services series behind the page, its base and its vintage, is not named")
    return {
        "from 2020, as the press prints it": as_printed(_press_growth(trade, side)),
        "from 2019, in the vintage of the page": as_printed(unnamed),
        "from 2019, level of 2024 derived": growth(derived, base[2019]),
        "from 2019, level of 2024 as the page prints it": growth(level, base[2019]),
        "from 2018, level of 2024 derived": growth(derived, base[2018]),
    }


def services_place(trade: pd.DataFrame, goods: neighbors.Goods) -> Readings:
    """Return readings of E012, services grew fastest.

    From the year of the agreement, as the press has it, or from the one before.
    """
    since_2019 = {
        side: growth(
            neighbors.services_from_balance(trade, "Mexico", 2024, side),
            neighbors.services_base(trade, "Mexico", 2019, side),
        )
        for side in LEVELS
    }
    since_2020 = {side: _press_growth(trade, side) for side in LEVELS}
    of_goods = {first: neighbors.trade_growth(goods, ["Mexico"], first, 2024) for first in (2020, 2019)}
    return {
        "from 2020": as_printed(neighbors.services_place(since_2020, of_goods[2020])),
        "from 2019": neighbors.services_place(since_2019, of_goods[2019]),
    }


def crossings_a_day(entries: pd.DataFrame) -> Readings:
    """Return readings of E117, daily crossings.

    The last full year before the page, each year that gives the number, other years and sets.
    """
    daily = crossings.by_year(entries, crossings.TIJUANA_CROSSINGS)
    fitting = crossings.years_that_print(daily, claim("E117").printed)
    of_two = partial(crossings.per_day, entries, crossings.TIJUANA_CROSSINGS)
    of_four = partial(crossings.per_day, entries, [*crossings.TIJUANA_CROSSINGS, *crossings.NEARBY_CROSSINGS])
    found: Readings = {"2023, the last full year before the page": as_printed(of_two(2023))}
    found |= {f"{y}, the only year that gives this number" if len(fitting) == 1 else str(y): of_two(y) for y in fitting}
    found |= {str(y): of_two(y) for y in (2018, 2022)}
    return found | {
        "2024, incomplete": of_two(2024),
        "2019, four crossings": of_four(2019),
        "2023, four crossings": of_four(2023),
    }


def singapore_a_day(observations: pd.DataFrame) -> Readings:
    """Return readings of E116, daily crossings at Singapore.

    The usual day, read to the digit of its own notice, and holidays.
    """
    holidays = observed(observations, "land_checkpoint_travellers_per_day_holidays", CHECKPOINTS, "2024-01")
    return {
        "January 2024, about, read to the digit of the same notice": as_printed(_usual_day(observations)),
        "January 2024, holidays": holidays,
    }


def singapore_over_tijuana(entries: pd.DataFrame, observations: pd.DataFrame) -> Readings:
    """Return readings of E115, one border over the other.

    The two printed numbers, and counts of either in other years and sets.
    """
    tijuana, singapore = (
        as_quantity(claim(c).printed, "daily crossings", sources=("edc-2025",)) for c in ("E117", "E116")
    )
    usual, two = _usual_day(observations), partial(crossings.per_day, entries, crossings.TIJUANA_CROSSINGS)
    four = crossings.per_day(entries, [*crossings.TIJUANA_CROSSINGS, *crossings.NEARBY_CROSSINGS], 2023)
    return {
        "the two printed numbers": as_printed(times(singapore, tijuana)),
        "Singapore in January 2024 over San Ysidro and Otay Mesa, 2023": crossings.ratio(usual, two(2023)),
        "Singapore in January 2024 over the same two, 2019": crossings.ratio(usual, two(2019)),
        "Singapore in January 2024 over four crossings, 2023": crossings.ratio(usual, four),
    }


def printed_services(side: str) -> Quantity:
    """Return the level of services of 2024 as the page prints it, in USD."""
    printed = claim(LEVELS[side]).printed
    name = f"services {side} with Mexico"
    return Quantity(printed.value, "USD", "2024", name, "national", "as_printed_by_source", bounds=printed.interval)


def _of_both(metro_exports: pd.DataFrame) -> partial[Quantity | Missing]:
    return partial(total_of, metro_exports, [SAN_DIEGO, EL_CENTRO])


def _to_mexico(by_country: pd.DataFrame) -> partial[Quantity | Missing]:
    return partial(exports.to_country, by_country, "Mexico")


def _district_ends() -> Missing:
    return missing("our data on exports through the district end in 2012")


def _press_growth(trade: pd.DataFrame, side: str) -> Quantity | Missing:
    return neighbors.flow(trade, f"services_{side}_growth", "Mexico", "2020/2024")


def _usual_day(observations: pd.DataFrame) -> Quantity | Missing:
    usual, holidays = (
        observed(observations, f"land_checkpoint_travellers_per_day{kind}", CHECKPOINTS, "2024-01")
        for kind in ("", "_holidays")
    )
    return at_precision_of(usual, holidays)
