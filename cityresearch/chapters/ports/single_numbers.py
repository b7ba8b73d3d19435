"""Readings of the paper's other claims about ports: their number, ships, jobs, visitors and a large year."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.ports.ships import docked_in_one_week
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import as_printed
from cityresearch.measures.cited import sources
from cityresearch.measures.containers import LA, teu
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Fact, Missing, Quantity, missing, together

__all__ = [
    "biggest_years", "docked_in_may", "jobs_in_the_nation", "jobs_in_the_region", "ports_counted",
    "visitors",
]  # fmt: skip
_Readings = dict[str, object]
_SOUTH, _NATION = "Southern California", "United States"
_WEEK = "week of 4 May 2025 against the year before"


def biggest_years(own: pd.DataFrame) -> _Readings:
    """Return the reading of C211, one of the biggest years of the port of Los Angeles: 2025 is among the top three.

    The trade paper wrote before the year was over; the finished years since 2016 with a count are compared.

    Parameters
    ----------
    own : pandas.DataFrame
        The ports' own counts, from `containers.settled`.
    """
    totals = {year: teu(own, LA, "total", str(year)) for year in range(2016, 2026)}
    known = {year: total.value for year, total in totals.items() if isinstance(total, Quantity)}
    name = f"2025 among the three largest years of {min(known)} to {max(known)}"
    ranked = 2025 in sorted(known, key=known.get, reverse=True)[:3]
    if not claim("C211").is_numeric:
        return {name: as_printed(Fact(ranked, sources(totals)))}
    year = Quantity(2025, "year", sources=sources(totals)) if ranked else missing("2025 is not among them")
    return {name: as_printed(year)}


def ports_counted(observations: pd.DataFrame) -> _Readings:
    """Return readings of C029, eleven major ports in the state.

    The cited page counts all ports, one of them private, so that is read as printed; the state's transport agency
    counts public and private ports apart, and a writer could have taken its public ones.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `port_observations`.
    """
    public, private = (
        observed(observations, f"{kind}_ports_count", "California", "n.d.", basis="ports")
        for kind in ("public", "private")
    )
    return {
        "all ports of the cited page, 2022": as_printed(observed(observations, "ports_count", "California", "2022")),
        "public ports only, state transport agency": public,
        "public and private, state transport agency": together(public, private, geography="California"),
    }


def docked_in_may(observations: pd.DataFrame) -> _Readings:
    """Return readings of C140, 44 percent fewer docked ships in May 2025: the month as printed, or the week reported.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `port_observations`.
    """
    return {
        "May 2025, the whole month, vessels": as_printed(
            missing("docked vessels of the whole month: no count in the data")
        ),
        _WEEK: docked_in_one_week(observations),
    }


def jobs_in_the_region(observations: pd.DataFrame) -> _Readings:
    """Return readings of C049, more than a million jobs in the region.

    The page that the note names was not seen as it was in that month. A writer could mean the studies of both ports,
    the two ports' own numbers added (which may count a job twice), or one port alone.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `port_observations`.
    """
    both = f"{_SOUTH} (San Pedro Bay ports)"
    return {
        "the cited page, state of September 2025": as_printed(
            missing("the cited page in the state that the note names was not seen")
        ),
        "both ports, all related jobs, undated": _jobs(observations, both, "n.d.", "pmsa-ca-jobs"),
        "both ports, direct to induced jobs, 2022": _jobs(observations, both, "2022", "noportisr"),
        "the two ports' own counts added, same page as the undated count": _two_ports(observations, "pmsa-ca-jobs"),
        "the two ports added, paper of 2012": _two_ports(observations, "hea-2012"),
        "Los Angeles alone, five counties, 2006": _jobs(
            observations, f"{_SOUTH} five counties (Port of Los Angeles)", "2006", "pola-2007-jobs"
        ),
    }


def jobs_in_the_nation(observations: pd.DataFrame) -> _Readings:
    """Return readings of C050, nearly three million jobs in the nation.

    The undated number for both ports is read as printed; a writer could mean later studies of both, or the port of Los
    Angeles, of which earlier states of the cited page speak.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `port_observations`.
    """
    one, both = f"{_NATION} (Port of Los Angeles)", f"{_NATION} (San Pedro Bay ports)"
    return {
        "the cited page in its state of 2023, worded for Los Angeles alone": _jobs(
            observations, one, "2022", "pola-ff-2023"
        ),
        "the cited page in its state of 2020": _jobs(observations, one, "2019", "pola-ff-2020"),
        "both ports, undated": as_printed(_jobs(observations, both, "n.d.", "pmsa-ca-jobs")),
        "both ports, 2022, with related jobs": _jobs(observations, both, "2022", "noportisr"),
        "both ports, 2022, total effects": _jobs(observations, both, "2022", "pmsa-cfj"),
    }


def visitors(observations: pd.DataFrame) -> _Readings:
    """Return readings of C046, 7.5 million visitors from abroad in 2020: the printed year, or a year next to it.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `port_observations`.
    """
    found = {
        year: observed(observations, "international_visitors", "Los Angeles", year)
        for year in ("2020", "2018", "2019", "2021", "2022")
    }
    return found | {"2020": as_printed(found["2020"])}


def _jobs(observations: pd.DataFrame, area: str, year: str, source: str) -> Quantity | Missing:
    return observed(observations, "jobs_supported", area, year, source_id=source)


def _two_ports(observations: pd.DataFrame, source: str) -> Quantity | Missing:
    """Add up what one source credits to each of the two ports."""
    added = together(
        *(_jobs(observations, f"{_SOUTH} (Port of {port})", "n.d.", source) for port in ("Los Angeles", "Long Beach")),
        geography="two ports",
    )
    if isinstance(added, Missing):
        return added
    return added.with_caveat("two ports added: jobs may be counted twice")
