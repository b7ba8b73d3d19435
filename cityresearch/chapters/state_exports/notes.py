"""Sentences of this chapter that hold numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.state_exports import economy, farm, parts
from cityresearch.geography import state_in_words
from cityresearch.measures.published import observed
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = ["cause", "lead", "limit", "nation", "percent", "revisions"]


@checked_arguments
def revisions(first: pd.DataFrame, state: str) -> str:
    """Return how much first releases were revised.

    Parameters
    ----------
    first : pandas.DataFrame
        From `totals.vintages`.
    """
    name = state_in_words(state)
    if first.empty:
        return f"Our data have no first release of a total of {name}."
    low, high = (f"{share:+.2f}" for share in (first["revision_percent"].min(), first["revision_percent"].max()))
    if len(first) == 1:
        told = (
            f"The latest download differs from the first release of {name}'s total of {first.index[0]} by {low} percent"
        )
    else:
        told = (
            f"The latest download differs from the first releases of {name}'s totals by {low} to {high} percent in the "
            f"{len(first)} years that have both"
        )
    return f"{told}. A growth rate that took one year from each would show that difference as growth."


@checked_arguments
def nation(of_all: Quantity | Missing, years: pd.DataFrame, state: str) -> str:
    """Return a state's share of all exports of the nation, next to its share among the states.

    Parameters
    ----------
    of_all : Quantity or Missing
        From `totals.share_of_the_nation`.
    years : pandas.DataFrame
        From `totals.by_year`.
    """
    name = state_in_words(state)
    if isinstance(of_all, Missing):
        return f"The share of the nation is missing: {of_all.reason}."
    year = int(of_all.period[:4])
    told = (
        f"In first releases, {name} had {percent(float(of_all.value))} percent of all exports of the nation in {year}, "
        "those of unknown origin included."
    )
    among = years["share_percent"].get(year)
    if pd.isna(among):
        return f"{told} It is not among the fifty states and the District of Columbia, so it has no share of theirs."
    return (
        f"{told} In the latest download it had {percent(float(among))} percent of the exports of the fifty states and "
        "the District of Columbia. The two shares have different wholes, so they are not to be compared."
    )


def percent(value: float) -> str:
    """Return a share with one decimal, or with two digits where it is small.

    Examples
    --------
    >>> percent(9.143), percent(0.0523)
    ('9.1', '0.052')
    """
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def lead(observations: pd.DataFrame) -> str:
    """Return by how much California's revised product exceeds that of the next country.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `economy_observations`.
    """
    ahead = economy.lead_over(economy.gross_product(observations)["revised"], economy.countries(observations))
    return (
        f"As revised, California's product of 2024 is {float(ahead.value):.1f} percent above that of "
        f"{ahead.geography}, the next of the {len(economy.COUNTRIES)} countries in our data. We take all others "
        "to be smaller, and exchange rates alone can change the order. A later report says that California regained "
        "the rank in 2025, so it was lost in between."
    )


def cause(naics3: pd.DataFrame, countries: pd.DataFrame, observations: pd.DataFrame) -> str:
    """Return what our data say about the cause of the losses.

    Parameters
    ----------
    naics3, countries, observations : pandas.DataFrame
        The datasets `state_exports_naics3`, `california_exports_by_country` and `port_observations`.
    """
    found = farm.falls(naics3, observations)
    wine, drinks = (float(found[name].value) for name in (farm.WINE, farm.DRINKS))
    before, after = (
        observed(observations, "wine_exports_value", "United States to Canada", year) for year in ("2024", "2025")
    )
    bans = observed(observations, "share_of_wine_export_loss_due_to_canada", "United States", "2025")
    whole = farm.whole_loss(before, after, bans)
    china, canada = (
        -float(parts.partner_change(countries, country, year=2025, base=2024).value) for country in ("China", "Canada")
    )
    return (
        f"The number and its cause are two questions. The losses of wine and of drinks exceed 30 percent by "
        f"{wine - 30:.1f} and {drinks - 30:.1f} points, which a writer may well round to 30. The paper names China's "
        f"retaliation. The Wine Institute puts {float(bans.value):.0f} percent of the year's wine loss on the bans of "
        f"Canadian provinces: wine to Canada went from {in_words(before.value, 'USD')} to "
        f"{in_words(after.value, 'USD')}, which puts the whole loss at about {in_words(whole.value, 'USD', 1)} (derived). "
        "That is a trade body's count for "
        f"the country and not a study of causes. All of California's exports to China did fall by {china:.0f} percent "
        f"and those to Canada by {canada:.0f}, so for other goods China may well be the cause. To settle it we would "
        "need a table of goods by destination."
    )


def limit(cargo: Mapping[str, Quantity | Missing]) -> str:
    """Return from which limit on the boxes of a port cargo counts as steady.

    Parameters
    ----------
    cargo : mapping of port to Quantity or Missing
        Changes of all boxes, in percent.
    """
    known = [abs(float(change.value)) for change in cargo.values() if isinstance(change, Quantity)]
    if len(known) < len(cargo) or not known:
        return "Not every port has a count of both years, so it is not known whether cargo was steady."
    return (
        f"Cargo counts as steady under any limit of {max(known):.1f} percent or more. The paper names early 2026; the "
        "comparison here ends with 2025."
    )
