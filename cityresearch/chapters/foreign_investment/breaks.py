"""What speaks for a change of method between the editions of the series, and what against it."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.foreign_investment.firms import (
    FIRMS,
    JOBS,
    MEASURES,
    by_year,
    earlier_edition,
    level,
    per_firm,
)
from cityresearch.measures.comparisons import growth
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = ["A_JUMP", "NATIONAL", "in_words", "national_growth", "step_across", "step_within"]
NATIONAL = "majority_owned_us_affiliates_employment"
A_JUMP = 10  # percent from one side to the other that firms and the nation's jobs do not come near


@checked_arguments
def step_across(firms: pd.DataFrame, series: str, *, geography: str, last_old_edition: int) -> Quantity | Missing:
    """Return the growth from the last value of the older editions to the first of the later ones.

    Parameters
    ----------
    firms : pandas.DataFrame
        The dataset `foreign_owned_firms`.
    series : {"foreign_owned_enterprises", "foreign_owned_enterprise_employment", "foreign_owned_enterprise_wages"}
    geography : str
    last_old_edition : int
        Editions of later years are the later ones.

    Returns
    -------
    Quantity or Missing
        Percent, with the difference of vintage as a caveat; missing where one side has no value.
    """
    sides = _sides(firms, series, geography, last_old_edition)
    if len(sides) < 2:
        return missing(f"{geography} has {MEASURES[series]} on one side of the break only, or on none")
    before, after = sides[0][-1], sides[1][0]
    return growth(after, before, across=["vintage"])


@checked_arguments
def step_within(firms: pd.DataFrame, series: str, *, geography: str, last_old_edition: int) -> Quantity | Missing:
    """Return the growth from the first to the last value of the later editions, in percent; parameters as
    `step_across`."""
    sides = _sides(firms, series, geography, last_old_edition)
    if len(sides) < 2 or len(sides[1]) < 2:
        return missing(f"{geography} has fewer than two values of {MEASURES[series]} in later editions")
    return growth(sides[1][-1], sides[1][0])


def national_growth(firms: pd.DataFrame) -> Quantity | Missing:
    """Return the growth of jobs at majority-owned affiliates in the whole country from 2022 to 2023, in percent."""
    return growth(
        observed(firms, NATIONAL, "United States", period="2023"),
        observed(firms, NATIONAL, "United States", period="2022", edition="revised"),
        across=["vintage"],
    )


@checked_arguments
def in_words(firms: pd.DataFrame, *, geography: str, last_old_edition: int) -> str:
    """Return in sentences what the step between the editions looks like, next to the one federal count, and how sure a
    change of method is.

    Parameters as `step_across`.
    """
    given = {"geography": geography, "last_old_edition": last_old_edition}
    jump = step_across(firms, JOBS, **given)
    if isinstance(jump, Missing):
        return (
            f"For {geography} the series does not have jobs both in editions to {last_old_edition} and in later ones, "
            "so nothing can be compared across the break."
        )
    said = [
        f"From one side of the break to the other, the series has {_change(jump)} jobs in {geography} ({jump.period})"
    ]
    more_firms = step_across(firms, FIRMS, **given)
    if isinstance(more_firms, Quantity):
        said[0] += f" and {_change(more_firms)} firms ({more_firms.period})"
    said[0] += "."
    later = step_within(firms, JOBS, **given)
    if isinstance(later, Quantity):
        said.append(f"Within the later editions it has {_change(later)} jobs ({later.period}).")
    if any(caveat.startswith("derived") for caveat in jump.caveats):
        said.append("One of these values is derived: an edition's figure less the change printed with it.")
    national = national_growth(firms)
    if isinstance(national, Quantity):
        said.append(
            "Federal statistics, which count majority-owned affiliates in the whole country, have "
            f"{_change(national)} jobs ({national.period})."
        )
    said += _wages(firms, geography, last_old_edition)
    said.append(f"The rule of ownership is reported for one edition only ({_rule(firms)}).")
    if abs(float(jump.value)) > A_JUMP:
        said.append(
            "Another explanation is possible: large employers can change hands, a few of them would be enough, and we "
            "have no list of them. A change of method is therefore likely but not proven."
        )
    else:
        said.append("The size of the step alone gives no reason to suspect a change of method.")
    said.append("In either case we read no trend across the break.")
    return " ".join(said)


def _sides(firms: pd.DataFrame, series: str, geography: str, last_old_edition: int) -> list[list[Quantity]]:
    """Return the values of a series by side of the break, each side in the order of years."""
    table = by_year(firms, geography=geography, last_old_edition=last_old_edition)
    rows = table[table["measure"] == MEASURES[series]].sort_values("year")
    given = {"geography": geography, "last_old_edition": last_old_edition}
    sides: dict[str, list[Quantity]] = {}
    for row in rows.itertuples():
        value = (
            earlier_edition(firms, series, year=row.year + 1, **given)
            if row.derived
            else level(firms, series, year=row.year, **given)
        )
        sides.setdefault(row.method, []).append(value)
    return list(sides.values())


def _wages(firms: pd.DataFrame, geography: str, last_old_edition: int) -> list[str]:
    ratios = per_firm(by_year(firms, geography=geography, last_old_edition=last_old_edition))
    known = ratios["wages_per_job_usd"].dropna().groupby(ratios["method"], sort=False)
    sides = [side for _, side in known]
    if len(sides) < 2:
        return []
    before, after = sides[0].tail(1), sides[1].head(1)
    return [
        f"Wages per job were ${before.iloc[0]:,.0f} in {before.index[0]} and ${after.iloc[0]:,.0f} in {after.index[0]}."
    ]


def _change(step: Quantity) -> str:
    value = float(step.value)
    return f"{abs(value):.1f} percent {'more' if value >= 0 else 'fewer'}"


def _rule(firms: pd.DataFrame) -> str:
    found = observed(firms, JOBS, "California", period="2020", source_id="ladn-2021-covid")
    return found.caveats[0] if isinstance(found, Quantity) and found.caveats else "no source names it"
