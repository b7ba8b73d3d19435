"""Readings of the claims on San Diego's manufacturing, studies of its industries, and the trade center's programs."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.san_diego import studies, trade_center
from cityresearch.chapters.san_diego.readings import Readings
from cityresearch.claims.grid import Axis, grid
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import as_printed
from cityresearch.measures.cited import sources as cited
from cityresearch.measures.comparisons import as_percent_of, as_quantity, growth, mean_step, place, times
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity, missing, share, together

__all__ = [
    "AREA",
    "INFERRED",
    "INNOVATION",
    "NATION",
    "REGION",
    "SPRING",
    "alumni",
    "attendance",
    "comic_cons",
    "cyber_editions",
    "cyber_firms",
    "cyber_jobs",
    "cyber_steps",
    "fusion_firms",
    "innovation_concentration",
    "lengths",
    "manufacturing_jobs",
    "manufacturing_share",
    "missions_before",
    "missions_of_mayor",
    "missions_per_year",
    "nuclear_share",
    "payroll",
    "private_jobs",
    "research_place",
]

# industries (NAICS) that a writer could call innovative, declared before the ratios were computed; the page names none
INNOVATION = {
    "computers and electronics, pharmaceuticals, aerospace, medical equipment": ("334", "3254", "3364", "3391"),
    "without medical equipment": ("334", "3254", "3364"),
    "with electrical equipment": ("334", "3254", "3364", "3391", "335"),
    "with ship building": ("334", "3254", "3364", "3391", "3366"),
    "all chemicals for pharmaceuticals": ("334", "325", "3364", "3391"),
    "all transport equipment for aerospace": ("334", "3254", "336", "3391"),
}
NATION = "United States, all metropolitan and micropolitan areas"
REGION, AREA = "San Diego region", "San Diego-Chula Vista-Carlsbad, CA MSA"
SPRING = "bls-sd-2025-08"
INFERRED = ("the year of one mission (Germany) is inferred",)


def payroll(observations: pd.DataFrame) -> Quantity | Missing:
    """Return payroll jobs in manufacturing of December 2024, not seasonally adjusted."""
    return observed(observations, "manufacturing_employment", AREA, "2024-12")


@checked_arguments
def private_jobs(observations: pd.DataFrame, month: str) -> Quantity | Missing:
    """Return private payroll jobs of a month, not seasonally adjusted."""
    return observed(observations, "private_employment", AREA, month)


def manufacturing_jobs(observations: pd.DataFrame) -> Readings:
    """Return readings of E095 and E099, jobs in manufacturing.

    The page's own definition, payrolls of two years, EDC's earlier count.
    """
    change = observed(observations, "manufacturing_employment_change_12_months", AREA, "2024-12")
    return {
        "jobs tied to manufacturing, as the page defines it": as_printed(
            missing("the page does not list the industries that it adds")
        ),
        "payroll jobs, December 2024": payroll(observations),
        "payroll jobs, December 2023 (derived)": studies.a_year_before(payroll(observations), change),
        "EDC's own count for 2020": observed(observations, "manufacturing_jobs_edc", REGION, "2020"),
    }


def manufacturing_share(observations: pd.DataFrame) -> Readings:
    """Return readings of E101, the sector's share of private jobs.

    Payrolls of two months, and the printed count over payrolls.
    """
    winter = private_jobs(observations, "2024-12")
    spring = observed(observations, "manufacturing_employment", AREA, "2025-03", source_id=SPRING)
    return {
        "payroll jobs, December 2024": as_printed(as_percent_of(payroll(observations), winter)),
        "payroll jobs, March 2025": as_percent_of(spring, private_jobs(observations, "2025-03")),
        "the printed 121,027 over private payroll jobs": as_percent_of(
            as_quantity(claim("E099").printed, AREA), winter
        ),
    }


def innovation_concentration(observations: pd.DataFrame) -> Readings:
    """Return readings of E108, how many times as large a part of all jobs innovation manufacturing is in San Diego as in the nation.

    The page names neither its industries nor its year: every declared list in both years of County Business Patterns on record. Their
    nation is all metropolitan and micropolitan areas.
    """

    def part_of_jobs(area: str, industries: tuple[str, ...], year: int) -> Quantity | Missing:
        jobs = [observed(observations, f"cbp_employees_{code}", area, f"{year}-03") for code in (*industries, "00")]
        return share(together(*jobs[:-1], geography=area), jobs[-1])

    def ratio(industries: str, year: int) -> Quantity | Missing:
        here, nation = (part_of_jobs(area, INNOVATION[industries], year) for area in (AREA, NATION))
        return times(here, nation, unit="ratio")

    own = as_printed(missing("the page does not list the industries that it calls innovative"))
    return {"EDC's own list": own} | grid(ratio, Axis("industries", tuple(INNOVATION)), Axis("year", (2019, 2018)))


def cyber_jobs(observations: pd.DataFrame) -> Readings:
    """Return the reading of E034, growth of cyber jobs: the printed number over that of the edition before."""
    before = observed(observations, "cyber_jobs_direct", REGION, "2023")
    return {"over the 2023 edition": as_printed(growth(as_quantity(claim("E032").printed, REGION), before))}


def cyber_firms(observations: pd.DataFrame) -> Readings:
    """Return the reading of E035, growth of cyber firms.

    The printed number, which ends in zero, over that of the edition before.
    """
    now, before = (
        studies.to_the_ten(claim("E033").printed, REGION),
        observed(observations, "cyber_firms", REGION, "2023"),
    )
    return {"over the 2023 edition, 1,350 read to the ten": as_printed(growth(now, before))}


def cyber_editions(observations: pd.DataFrame) -> Readings:
    """Return readings of E026, which update the cyber study is.

    Updates of the first study, or studies with the first one counted.
    """
    dated, undated, read_in = _editions(observations)
    found = len(dated) + undated
    return {
        "updates of the first study": as_printed(Quantity(found - 1, "count", sources=read_in)),
        "studies, the first one counted": Quantity(found, "count", sources=read_in),
    }


def cyber_steps(observations: pd.DataFrame) -> Readings:
    """Return readings of E027, years between editions: the mean of all, of those with both years known, or the latest.

    Whether the word means each step or the rhythm the page does not say, so none is taken as printed; one step is of three years.
    """
    dated, undated, read_in = _editions(observations)
    return {
        "on average, the mean of all steps": mean_step(dated, undated=undated, sources=read_in),
        "mean of the steps with both years known": studies.mean_known_step(dated, undated=undated, sources=read_in),
        "the longest step, if each must be of two years": studies.longest_step(dated, undated=undated, sources=read_in),
    }


def comic_cons(observations: pd.DataFrame) -> Readings:
    """Return the reading of E043, the cyber cluster in Comic-Cons.

    The printed impact over that of the festival of 2024.
    """
    festival = observed(observations, "comic_con_impact", REGION, "2024")
    over = times(as_quantity(claim("E036").printed, REGION), festival, unit="count")
    return {"Comic-Con 2024, estimate before the event": as_printed(over)}


def fusion_firms(observations: pd.DataFrame) -> Readings:
    """Return the reading of E055, California's share of fusion firms.

    The printed number over firms in the industry's survey.
    """
    survey = observed(observations, "fusion_companies_in_survey", "United States", "2024")
    found = as_percent_of(as_quantity(claim("E054").printed, "United States"), survey)
    return {"firms in the industry's survey, 2024": as_printed(found)}


def research_place(observations: pd.DataFrame) -> Readings:
    """Return readings of E068, France's place by research spending.

    The two latest years, among the three largest spenders.
    """
    countries = ("Germany", "United Kingdom", "France")
    places = {
        year: place({c: observed(observations, "gross_rd_expenditure", c, year) for c in countries}, "France")
        for year in ("2022", "2021")
    }
    return {"2022": as_printed(places["2022"]), "2021": places["2021"]}


def nuclear_share(observations: pd.DataFrame) -> Readings:
    """Return readings of E073, France's share of nuclear power in the European Union: the two latest years."""
    shares = {y: observed(observations, "share_of_eu_nuclear_electricity", "France", y) for y in ("2024", "2023")}
    return {"2024": as_printed(shares["2024"]), "2023": shares["2023"]}


def attendance(observations: pd.DataFrame) -> Readings:
    """Return readings of E088, the Padres' rank by attendance.

    The last season before the page, and the two before it.
    """
    ranks = {
        y: observed(observations, "mlb_home_attendance_rank", "San Diego Padres", y) for y in ("2024", "2023", "2022")
    }
    return {
        "2024, the last season before the page": as_printed(ranks["2024"]),
        "2023": ranks["2023"],
        "2022": ranks["2022"],
    }


def missions_before(own: pd.DataFrame, mission: str, name: str) -> Readings:
    """Return the reading of E084 or E124, missions before one: those of the trade center that began earlier.

    Parameters
    ----------
    own : pandas.DataFrame
        From `trade_center.missions_of_trade_center`.
    mission : str
        Id of the trip.
    name : str
        Where it went, for the reading.
    """
    earlier = own[own["start_date"] < own.loc[mission, "start_date"]]
    return {f"missions before {name}": as_printed(trade_center.count_of(earlier, what="missions", caveats=INFERRED))}


def missions_of_mayor(own: pd.DataFrame) -> Readings:
    """Return the reading of E171, that Korea was not the mayor's first mission.

    The trade center's missions that the same mayor headed until then.
    """
    korea = own.loc["sd-2023-10-korea"]
    led = own[(own["lead_name"] == korea["lead_name"]) & (own["start_date"] <= korea["start_date"])]
    return {"missions under the mayor up to Korea": as_printed(trade_center.count_of(led, what="missions"))}


def missions_per_year(own: pd.DataFrame) -> Readings:
    """Return readings of E118, one mission a year.

    The mean of all years, of the years after the pandemic, and years that differ.
    """
    return {
        "mean of 2017 to 2025": as_printed(trade_center.missions_per_year(own, 2017, 2025)),
        "mean of 2022 to 2025, one in each": trade_center.missions_per_year(own, 2022, 2025),
        "2017": trade_center.missions_per_year(own, 2017, 2017),
        "2020 and 2021": trade_center.missions_per_year(own, 2020, 2021),
    }


def lengths(mission: pd.Series, *, with_weekend: bool = False) -> Readings:
    """Return readings of E078, E119 and E153, how many days a mission lasted: calendar days, weekdays, or nights.

    The pages do not say which they count.

    Parameters
    ----------
    mission : pandas.Series
        A row of `missions`.
    with_weekend : bool
        The trip began with a weekend, so a writer could count the weekdays after it.
    """
    kinds = ("calendar days", "weekdays", "nights", *(["weekdays after the first weekend"] if with_weekend else []))
    return {kind: trade_center.length(mission, kind) for kind in kinds}


def alumni(observations: pd.DataFrame) -> Readings:
    """Return readings of E134, alumni of MetroConnect.

    Six cohorts, the known ones, and six if the unknown one was like the others.
    """
    cohorts = trade_center.cohorts(observations, program_cohorts=6)
    return {
        "six cohorts before the seventh": as_printed(cohorts["all"]),
        "the five known cohorts": cohorts["known"],
        "six, if the unknown one was like the others": cohorts["filled"],
    }


def _editions(observations: pd.DataFrame) -> tuple[list[int], int, tuple[str, ...]]:
    """Return the years of the cyber study's editions, how many have no year, and the sources."""
    found = studies.editions(observations, "cyber_firms", 2025)
    dated = [year for year in found if year is not None]
    rows = observations[observations.index.get_level_values("series") == "cyber_firms"]
    return dated, len(found) - len(dated), cited(rows)
