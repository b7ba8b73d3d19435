"""Sentences of this chapter that hold numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.state_exports import economy, farm, parts
from cityresearch.chapters.state_exports.totals import deflated
from cityresearch.geography import state_in_words
from cityresearch.measures.export_prices import price_change
from cityresearch.measures.published import observed
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = ["cause", "constant_prices", "kinds", "lead", "limit", "nation", "percent", "revisions", "without_extremes"]


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


@checked_arguments
def constant_prices(years: pd.DataFrame, prices: pd.DataFrame, state: str) -> str:
    """Say how the last year's change and that since the first year of the same download divide into prices and the rest.

    Parameters
    ----------
    years : pandas.DataFrame
        From `totals.with_prices`.
    prices : pandas.DataFrame
        The dataset `export_price_index`.
    """
    name = state_in_words(state)
    known = years.dropna(subset="constant_percent")
    if known.empty:
        return f"No change of {name}'s exports has prices to take out."
    last = known.iloc[-1]
    year = int(known.index[-1])
    one = years[years["source_id"] == years.at[year, "source_id"]]
    first = int(one.index[0])
    whole = (one.at[year, "value_usd"] / one.at[first, "value_usd"] - 1) * 100
    rows = prices.reset_index()
    base = int(rows["base"].iloc[0])
    told = (
        f"From {year - 1} to {year} exports of {name} changed by {last['change_percent']:+.1f} percent in dollars and prices of all "
        f"U.S. exports by {last['prices_percent']:+.1f}, so at constant U.S. export prices exports changed by "
        f"{last['constant_percent']:+.1f} percent."
    )
    if last["price_months"] < 12:
        told += f" The two years have {last['price_months']} months of the index in common."
    since = price_change(prices, year=year, base=first)
    if since is not None and first < year - 1:
        left = deflated(whole, since[0])
        told += f" Since {first} it is {whole:+.1f} in dollars, {since[0]:+.1f} in prices and {left:+.1f} at constant prices."
    return (
        f"{told} The index is that of the Bureau of Labor Statistics for all export goods of the nation ({base} = 100, not "
        f"adjusted for season). It is not an index of {name}: where the goods of {name} became dearer than the nation's mix, the "
        "change at constant prices is too high, and too low where they became cheaper."
    )


@checked_arguments
def without_extremes(apart: pd.DataFrame, industries: pd.DataFrame, state: str, *, year: int) -> str:
    """Say what a year's change is without the partners that moved most, and what of their goods is not known.

    Parameters
    ----------
    apart : pandas.DataFrame
        From `parts.without_extremes`.
    industries : pandas.DataFrame
        From `parts.industries`.
    """
    rise, fall = apart["without"].iloc[-1]
    whole, no_rise, no_fall, neither = (
        f"{_signed(int(row.change_usd))} ({row.change_percent:+.1f} percent)" for row in apart.itertuples()
    )
    told = (
        f"From {year - 1} to {year} exports of {state_in_words(state)} changed by {whole}. Without {rise}, which rose most, it is "
        f"{no_rise}; without {fall}, which fell most, {no_fall}; without both {neither}. To name only one of the two would tell half."
    )
    if industries.empty:
        return told
    top = industries["change_usd"].abs().idxmax()
    return (
        f"{told} Of industries, {top.replace(' & ', ' and ').lower()} moved most "
        f"({_signed(int(industries.at[top, 'change_usd']))}, to all destinations). Our tables have industries and destinations, but not "
        f"the one by the other, and no group of goods as fine as servers or chips. So what part of the change with {rise} is computers, "
        "for data centers or for anything else, is not known, and the change without both a destination and its goods cannot be given."
    )


@checked_arguments
def kinds(together: pd.DataFrame, state: str, *, year: int) -> str:
    """Say what part of a state's exports are re-exports, and which shares cannot be given for domestic goods alone.

    Parameters
    ----------
    together : pandas.DataFrame
        From `months.together`.
    """
    name = state_in_words(state)
    if together.empty:
        return f"Our data have no re-exports of {name} in {year}."
    parts = together["value_usd"] / together.at["total", "value_usd"] * 100
    return (
        f"Of the exports of {name} in these {together.at['total', 'months']} months of {year}, {parts['domestic']:.1f} percent are "
        f"domestic goods and {parts['reexports']:.1f} percent re-exports. All shares and ranks above are of both together. For "
        "domestic goods alone we would need the same split for the other states."
    )


def _signed(usd: int) -> str:
    return f"{'-' if usd < 0 else '+'}{in_words(abs(usd), 'USD')}"


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
