"""Readings of the paper's claims about shares: of the nation's containers, of the state's, and of its exports.

Where the document gives no year, its word is taken by the newest whole year with part and whole counted alike; other years and directions
are what a careful writer could have meant instead. Single months and parts of a year are no readings: the sentences speak of what the ports
handle.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.ports import shares
from cityresearch.claims.grid import Axis, grid
from cityresearch.claims.reading import as_printed, unlikely
from cityresearch.measures import exports
from cityresearch.measures.containers import LA, teu
from cityresearch.numbers.quantity import Missing, Quantity, missing, share

__all__ = [
    "BILLS", "COUNTS", "CUSTOMS", "CUSTOMS_2012", "EARLIER", "NAMES", "OWN", "OWN_2023", "TOO_OLD", "WAYS", "exports_30", "imports_40", "majority",
    "metro_share", "nation_45", "one_third",
]  # fmt: skip
_Readings = dict[str, object]
# how boxes are counted in each year for which part and whole are counted alike; the last takes the ports' own count over the nation's
# bills of lading, the only whole of that year
CUSTOMS, OWN, BILLS = "customs-based", "ports' own count", "ports' own count over the nation's bills of lading"
CUSTOMS_2012, OWN_2023 = ("2012", CUSTOMS), ("2023", OWN)
COUNTS = (CUSTOMS_2012, ("2019", OWN), OWN_2023, ("2024", BILLS))
# years of the federal tables before 2012 have both directions only
EARLIER = ("1995", "1996", "1997", "1998", "1999", "2000", "2001")
TOO_OLD = "a text of 2026 in the present tense hardly means a year before 2012"
WAYS = {
    "both ways": ("loaded_total", "loaded_both_ways"),
    "imports alone": ("loaded_imports", "loaded_imports"),
    "exports alone": ("loaded_exports", "loaded_exports"),
}
NAMES = {"three-ports": "three ports", "california": "five ports"}


def nation_45(own: pd.DataFrame, customs: pd.DataFrame, observations: pd.DataFrame) -> _Readings:
    """Return readings of C017, the share of three ports in the nation's waterborne container trade.

    Trade is both directions, so those two are read as printed: the last year of the federal tables, and 2023 by the ports' own count. A
    writer could also mean imports alone, which most talk of ports is about, or exports alone, in each year for which part and whole are
    counted alike. All boxes with the empty ones, and years before 2012, are shown beside them.

    Parameters
    ----------
    own, customs : pandas.DataFrame
        The ports' own and the customs-based counts, from `containers.settled`.
    observations : pandas.DataFrame
        The dataset `port_observations`.
    """
    ports = "three-ports"
    found = grid(
        lambda way, count: _counted(own, customs, observations, ports, way, count),
        Axis("way", tuple(WAYS)),
        Axis("count", COUNTS, say=", ".join),
    )
    for year, count in (CUSTOMS_2012, OWN_2023):
        found[f"both ways, {year}, {count}"] = as_printed(found[f"both ways, {year}, {count}"])
    for year in EARLIER:
        found[f"both ways, {year}, {CUSTOMS}"] = unlikely(
            shares.of_nation(customs, ports, "loaded_total", year), TOO_OLD
        )
    for year in ("1995", "2009"):
        found[f"all boxes with empties, {year}"] = unlikely(shares.of_nation(own, ports, "total", year), TOO_OLD)
    return found


def imports_40(own: pd.DataFrame, customs: pd.DataFrame, observations: pd.DataFrame) -> _Readings:
    """Return readings of C030, the share of the state's ports in the nation's container imports.

    Five ports of the state handle containers, so all five are read as printed, in 2023; a writer could mean the three large ones, in each
    year for which part and whole are counted alike. Parameters as for `nation_45`.
    """
    return _by_region(own, customs, observations, "imports alone", printed=("california", OWN_2023))


def exports_30(own: pd.DataFrame, customs: pd.DataFrame, observations: pd.DataFrame) -> _Readings:
    """Return readings of C031, the share of the state's ports in the nation's container exports.

    What the two small ports export in boxes is published for 2012 only and adds little, so the three large ones of 2023 are read as
    printed. Parameters as for `nation_45`.
    """
    return _by_region(own, customs, observations, "exports alone", printed=("three-ports", OWN_2023))


def _by_region(own, customs, observations, way: str, printed: tuple[str, tuple[str, str]]) -> _Readings:
    return grid(
        lambda region, count: _counted(own, customs, observations, region, way, count),
        Axis("region", tuple(NAMES), printed=printed[0], say=NAMES.__getitem__),
        Axis("count", COUNTS, printed=printed[1], say=", ".join),
    )


def _counted(
    own: pd.DataFrame, customs: pd.DataFrame, observations: pd.DataFrame, region: str, way: str, count: tuple[str, str]
) -> Quantity | Missing:
    """Return a region's share of the nation's loaded containers in a year, one kind of count at a time."""
    year, kind = count
    by_customs, by_ports = WAYS[way]
    if kind == CUSTOMS:
        return shares.of_nation(customs, region, by_customs, year)
    part = shares.regional(own, region, by_ports, year)
    if kind == BILLS:
        return share(part, shares.us_by_bills(customs, by_ports, year), across=["basis"])
    return share(part, shares.us_by_share(own, observations, by_ports, year))


def majority(own: pd.DataFrame, customs: pd.DataFrame) -> _Readings:
    """Return readings of C032, the part of three ports in the state's containers: three years in which all five count.

    Parameters as for `nation_45`.
    """
    return {
        "loaded imports, 2024": as_printed(_of_state(own, "loaded_imports", "2024")),
        "loaded imports, 2023": _of_state(own, "loaded_imports", "2023"),
        "loaded, both ways, 2012, customs-based": _of_state(customs, "loaded_total", "2012"),
    }


def one_third(own: pd.DataFrame, customs: pd.DataFrame, observations: pd.DataFrame, states: pd.DataFrame) -> _Readings:
    """Return readings of C066, one third of the state's exports through the port of Los Angeles.

    Taken at its word, the claim needs the state's exports by port of exit. A writer could have divided what leaves
    through the port by the state's exports by value, or counted containers.

    Parameters
    ----------
    own, customs, observations : pandas.DataFrame
        As for `nation_45`.
    states : pandas.DataFrame
        The dataset `state_exports`.
    """
    by_value = share(
        shares.value_of_exports(observations, LA, "2017"),
        exports.state_total(states, state="CA", year=2017, vintage="revised"),
        across=["basis", "vintage"],
    )
    return {
        "exports of California by port of exit": as_printed(
            missing(
                "no table in our data has exports of California by port of exit, and the cited slides are not public"
            )
        ),
        "by value, 2017, two rounded figures": by_value,
        "by loaded containers, of five ports, 2012, customs-based": share(
            shares.regional(customs, "los-angeles", "loaded_exports", "2012"),
            shares.regional(customs, "california", "loaded_exports", "2012"),
        ),
        "by loaded containers, of three ports, 2023": share(
            teu(own, LA, "loaded_exports", "2023"), shares.regional(own, "three-ports", "loaded_exports", "2023")
        ),
    }


def metro_share(metros: pd.DataFrame, states: pd.DataFrame) -> Quantity | Missing:
    """Return the exports of the metro area of Los Angeles in 2023 over those of the state, which are counted otherwise.

    Parameters
    ----------
    metros, states : pandas.DataFrame
        The datasets `metro_exports` and `state_exports`.
    """
    return share(
        exports.metro_value(metros, "Los Angeles-Long Beach-Anaheim, CA", 2023),
        exports.state_total(states, state="CA", year=2023, vintage="first_release"),
        across=["basis"],
    )


def _of_state(counts: pd.DataFrame, direction: str, year: str) -> Quantity | Missing:
    return share(*(shares.regional(counts, region, direction, year) for region in ("three-ports", "california")))
