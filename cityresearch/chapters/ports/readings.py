"""Readings of the paper's claims about shares: of the nation's containers, of the state's, and of its exports.

Where the document gives no year, its word is taken by the newest whole year with part and whole; other years and units are what a careful
writer could have meant instead. Single months are shown beside them, marked as hardly meant: the sentences speak of what the ports handle,
not of one month.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.ports import shares
from cityresearch.chapters.ports.ships import BAY
from cityresearch.claims.reading import as_printed, unlikely
from cityresearch.measures import exports
from cityresearch.measures.containers import LA, OAK, teu
from cityresearch.numbers.quantity import Missing, Quantity, missing, share

__all__ = ["exports_30", "imports_40", "majority", "metro_share", "nation_45", "one_third"]
_Readings = dict[str, object]


def nation_45(own: pd.DataFrame, customs: pd.DataFrame, unused: pd.DataFrame, observations: pd.DataFrame) -> _Readings:
    """Return readings of C017, the share of three ports in the nation's waterborne container trade.

    Trade is both directions, so those two are read as printed: the last year of the federal tables, and 2023 by the
    ports' own count. A writer could also mean imports alone, which most talk of ports is about, exports alone, or all
    boxes with the empty ones.

    Parameters
    ----------
    own, customs : pandas.DataFrame
        The ports' own and the customs-based counts, from `containers.settled`.
    unused : pandas.DataFrame
        From `containers.set_aside` of the ports' own counts.
    observations : pandas.DataFrame
        The dataset `port_observations`.
    """
    ports, months = "three-ports", shares.months_share(own, unused, "three-ports")
    low, high = _extremes(months, "2024")
    return {
        "both ways, 2012, customs-based": as_printed(shares.of_nation(customs, ports, "loaded_total", "2012")),
        "both ways, 2023, ports' own count": as_printed(_own(own, observations, ports, "loaded_both_ways")),
        "both ways, 2001, customs-based": shares.of_nation(customs, ports, "loaded_total", "2001"),
        "both ways, 1995, customs-based": shares.of_nation(customs, ports, "loaded_total", "1995"),
        "imports alone, 2012, customs-based": shares.of_nation(customs, ports, "loaded_imports", "2012"),
        "imports alone, 2023": _own(own, observations, ports, "loaded_imports"),
        f"imports alone, {_count(months, '2024')} of 2024": shares.share_over(months, "2024"),
        f"imports alone, {low}, lowest usable month of 2024": unlikely(shares.share_over(months, low)),
        f"imports alone, {high}, highest usable month of 2024": unlikely(shares.share_over(months, high)),
        "imports alone, January 2025": unlikely(shares.share_over(months, "2025-01")),
        f"imports alone, {_count(months, '2025')} of 2025": shares.share_over(months, "2025"),
        "imports alone, October 2024, over U.S. bills of lading": unlikely(
            shares.share_across(own, observations, ports, "2024-10")
        ),
        "exports alone, 2012, customs-based": shares.of_nation(customs, ports, "loaded_exports", "2012"),
        "exports alone, 2023": _own(own, observations, ports, "loaded_exports"),
        "all boxes with empties, 2009": shares.of_nation(own, ports, "total", "2009"),
        "all boxes with empties, 1995": shares.of_nation(own, ports, "total", "1995"),
    }


def imports_40(own: pd.DataFrame, customs: pd.DataFrame, unused: pd.DataFrame, observations: pd.DataFrame) -> _Readings:
    """Return readings of C030, the share of the state's ports in the nation's container imports.

    Five ports of the state handle containers, so all five are read as printed; a writer could mean the three large
    ones, single months (the same as for three ports), or imports by value or weight, which the trade association also
    prints.
    Parameters as for `nation_45`.
    """
    ports, months = "california", shares.months_share(own, unused, "california")
    low, high = _extremes(shares.months_share(own, unused, "three-ports"), "2024")
    return {
        "five ports, 2023": as_printed(_own(own, observations, ports, "loaded_imports")),
        "three ports, 2023": _own(own, observations, "three-ports", "loaded_imports"),
        f"five ports, {_count(months, '2024')} of 2024": shares.share_over(months, "2024"),
        f"five ports, {low}": unlikely(shares.share_over(months, low)),
        f"five ports, {high}": unlikely(shares.share_over(months, high)),
        "five ports, January 2025": unlikely(shares.share_over(months, "2025-01")),
        f"five ports, {_count(months, '2025')} of 2025": shares.share_over(months, "2025"),
        "five ports, May 2025": unlikely(shares.share_over(months, "2025-05")),
        "five ports, 2012, customs-based": shares.of_nation(customs, ports, "loaded_imports", "2012"),
        "five ports, 2024, over U.S. bills of lading": shares.share_across(own, observations, ports, "2024"),
        "three ports, July 2024, by value": unlikely(_printed(observations, "import_value", "2024-07")),
        "three ports, July 2025, by value": unlikely(_printed(observations, "import_value", "2025-07")),
        "three ports, July 2024, by weight": unlikely(_printed(observations, "import_tonnage", "2024-07")),
        "three ports, July 2025, by weight": unlikely(_printed(observations, "import_tonnage", "2025-07")),
    }


def exports_30(own: pd.DataFrame, customs: pd.DataFrame, observations: pd.DataFrame) -> _Readings:
    """Return readings of C031, the share of the state's ports in the nation's container exports.

    What the two small ports export in boxes is published for 2012 only and adds little, so the three large ones of 2023
    are read as printed. The trade association also prints shares by weight, which a writer could mean.
    Parameters as for `nation_45`.
    """
    return {
        "three ports, 2023": as_printed(_own(own, observations, "three-ports", "loaded_exports")),
        "three ports, 2012, customs-based": shares.of_nation(customs, "three-ports", "loaded_exports", "2012"),
        "five ports, 2012, customs-based": shares.of_nation(customs, "california", "loaded_exports", "2012"),
        "three ports, July 2024, by weight": unlikely(_printed(observations, "export_tonnage", "2024-07")),
        "three ports, July 2025, by weight": unlikely(_printed(observations, "export_tonnage", "2025-07")),
    }


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


def _extremes(months: pd.DataFrame, year: str) -> tuple[str, str]:
    """Return the months of a year with the lowest and the highest share."""
    percent = months.loc[months.index.str.startswith(year), "percent"].astype(float)
    return percent.idxmin(), percent.idxmax()


def _count(months: pd.DataFrame, year: str) -> str:
    return f"{months.index.str.startswith(year).sum()} months"


def _own(own: pd.DataFrame, observations: pd.DataFrame, region: str, direction: str) -> Quantity | Missing:
    """Return a share of 2023 by the ports' own count, over the total that the West Coast's printed share implies."""
    return share(
        shares.regional(own, region, direction, "2023"), shares.us_by_share(own, observations, direction, "2023")
    )


def _of_state(counts: pd.DataFrame, direction: str, year: str) -> Quantity | Missing:
    return share(*(shares.regional(counts, region, direction, year) for region in ("three-ports", "california")))


def _printed(observations: pd.DataFrame, series: str, month: str) -> Quantity | Missing:
    """Add up the printed shares of San Pedro Bay and Oakland."""
    return shares.added_shares(observations, f"share_of_us_container_{series}", [BAY, OAK], month)
