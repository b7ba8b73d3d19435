"""What the tables of metro exports say, in sentences that are true for any state and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cityresearch import phrases
from cityresearch.arguments import checked_arguments
from cityresearch.chapters.metro_exports.readings import OVER_DOMESTIC, REEXPORTS
from cityresearch.chapters.metro_exports.trends import ALLOCATED_SINCE, FEWEST_YEARS
from cityresearch.claims.ledger import claim
from cityresearch.geography import short_metro, state_in_words
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, Quantity

__all__ = [
    "LEVEL",
    "MEASURES",
    "UNKNOWN",
    "finding",
    "listed",
    "on_bases",
    "on_changes",
    "on_growth",
    "on_lists",
    "on_product",
    "on_residents",
    "on_sets",
    "on_slopes",
    "on_unallocated",
    "on_years",
]

LEVEL = 0.05
UNKNOWN = "our data cannot tell whether {} kept the same counties"
MEASURES = {
    "acs_5_year": "the five-year average of {before}-{year}",
    "july_1_estimate": "the estimate for July 1, {year}",
}


def listed(pairs: Iterable[tuple[object, object]]) -> str:
    """Write names with their values, separated by semicolons.

    Examples
    --------
    >>> listed([("Fresno", 1.5), ("Chico", 0.2)])
    'Fresno 1.5; Chico 0.2'
    """
    return "; ".join(f"{name} {value}" for name, value in pairs)


def on_unallocated(table: pd.DataFrame) -> str:
    """Say how much the publisher gives to no named area, before and after it gave up the title for an unknown one."""
    share = table["share_percent"]
    parts = (share.loc[: ALLOCATED_SINCE - 1], share.loc[ALLOCATED_SINCE:])
    words = [
        f"{rows.min():.1f} to {rows.max():.1f} percent in {rows.index.min()}-{rows.index.max()}"
        for rows in parts
        if len(rows)
    ]
    return f"Of all exports in the table, the publisher gives to no named area {' and '.join(words)}."


def on_lists(changes: pd.DataFrame) -> str:
    """Say for each year with a new list of areas which metros kept their counties, which did not, and which may have.

    Parameters
    ----------
    changes : pandas.DataFrame
        From `areas.list_changes`.
    """
    if changes.empty:
        return "No metro has a value in this year, so none is followed over time."
    sentences = []
    for year, rows in changes.reset_index().groupby("year"):
        parts = []
        for kept, words in ((True, "{} kept the same counties"), (False, "{} changed counties"), (None, UNKNOWN)):
            names = [short_metro(row.cbsa_title) for row in rows.itertuples() if row.kept is kept]
            if names:
                every = "all of these metros" if words != UNKNOWN else "any of these metros"
                parts.append(words.format(every if len(names) == len(rows) > 1 else phrases.listed(names)))
        sentences.append(f"With the list of {year}, {'; '.join(parts)}.")
    return " ".join(sentences)


@checked_arguments
def on_changes(changes: Mapping[str, Quantity | Missing], *, year: int) -> str:
    """Say how exports of metros changed since the year before, and where that crosses a change of their counties.

    Parameters
    ----------
    changes : mapping of metro title to Quantity or Missing
        From `trends.since_the_year_before`.
    """
    known = {title: q for title, q in changes.items() if isinstance(q, Quantity)}
    if not known:
        return f"No metro here has values of both {year - 1} and {year}, so there is no change since the year before."
    words = listed(
        (
            short_metro(title),
            f"{float(q.value):+.1f} percent" + (f" (across {'; '.join(q.caveats)})" if q.caveats else ""),
        )
        for title, q in known.items()
    )
    lacking = [short_metro(title) for title in changes if title not in known]
    rest = f" Without a value in one of the years: {'; '.join(lacking)}." if lacking else ""
    return f"From {year - 1} to {year}: {words}.{rest}"


def on_growth(growth: pd.DataFrame) -> str:
    """Say which windows of growth show a direction.

    Parameters
    ----------
    growth : pandas.DataFrame
        From `trends.growth_by_metro`.
    """
    if growth.empty:
        return (
            f"None of these metros has an unbroken run of {FEWEST_YEARS} years with values, so no growth is estimated."
        )
    steady = growth[growth["least"] * growth["most"] > 0]
    alone, together = (steady[steady[column] < LEVEL] for column in ("p_value", "joint_p_value"))
    words = listed(
        (short_metro(r.cbsa_title), f"{r.first}-{r.last} {r.percent_per_year:+.1f} percent a year")
        for r in together.itertuples()
    )
    return (
        f"In {len(alone) or 'none'} of {phrases.many(len(growth), 'window')} the sign stays the same whichever year is left out and the "
        f"window taken alone shows growth other than zero at the {LEVEL:.0%} level. Tested together (Holm), so that the chance of even one "
        f"false find among all windows is {LEVEL:.0%}, {len(together) or 'none'} remain{'s' * (len(together) == 1)}"
        f"{': ' * bool(words)}{words}. That holds as far as the standard errors do, and in so few years they tend to be too small. Inflation "
        f"is in all windows and, before {ALLOCATED_SINCE}, exports of unknown area are too."
    )


def on_slopes(slopes: pd.DataFrame) -> str:
    """Say whether one power law fits the sizes of metros.

    Parameters
    ----------
    slopes : pandas.DataFrame
        From `concentration.rank_size_slopes`.
    """
    if slopes.empty:
        return "Too few metros have a value for a slope of rank on size."
    return (
        f"The slope of rank on size runs from {slopes['slope'].min():.2f} to {slopes['slope'].max():.2f} as more "
        "metros are included. A single power law would have one slope, so we do not claim that one fits the whole "
        "list."
    )


@checked_arguments
def on_residents(scaled: pd.DataFrame, *, year: int) -> str:
    """Say which number of residents the exports of a year are divided by, and which metros lack one.

    Parameters
    ----------
    scaled : pandas.DataFrame
        From `concentration.per_head_and_product`.
    """
    without = scaled.loc[scaled["population"].isna(), "label"]
    if len(without) == len(scaled):
        return (
            f"Our data have no number of residents for the areas of {year}, so exports per resident are not computed."
        )
    measure = MEASURES[scaled["population_measure"].iloc[0]].format(before=year - 4, year=year)
    return f"Residents are {measure}.{_lacking(without, len(scaled), 'number of residents', year)}"


@checked_arguments
def on_product(scaled: pd.DataFrame, *, state: str, year: int) -> str:
    """Say which metros lack a product, and which are left out because the list of their product
    has other counties for them or does not have them as metros.

    Parameters are those of `on_residents`; metros of the state are named.
    """
    known = scaled[scaled["gdp_usd"].notna()]
    if known.empty:
        return f"Our data have no product of metros in current dollars for {year}, so exports are not divided by it."
    moved = known[~known["same_counties"]]
    here = moved.loc[moved["state"] == state, "label"]
    return (
        "Product is that of "
        f"{year}.{_lacking(scaled.loc[scaled['gdp_usd'].isna(), 'label'], len(scaled), 'product', year)} {len(moved)} "
        "metros have other counties in the list of their product, or are not metros in it, and are left out of the "
        "ranking by product; of "
        f"{state_in_words(state)}: "
        f"{'; '.join(here) or 'none'}."
    )


def _lacking(titles: pd.Series, of: int, what: str, year: int) -> str:
    if titles.empty:
        return ""
    verb = "has" if len(titles) == 1 else "have"
    return f" {len(titles)} of {of} metros with exports of {year} {verb} no {what} in our data: {'; '.join(titles)}."


def on_years(by_year: pd.DataFrame) -> str:
    """Say in which years the three printed metro values fit, and what that means for the label 2024.

    Parameters
    ----------
    by_year : pandas.DataFrame
        From `search.years_that_print`.
    """
    fitting = ", ".join(map(str, by_year.index[by_year["fits"]])) or "none"
    return (
        f"Of the years {by_year.index.min()} to {by_year.index.max()}, all three values round to the printed ones in "
        f"{fitting}. The label 2024 is therefore very probably wrong. This is a strong inference, not an observation: "
        "our data have no value of 2024 for a California metro. The day on which a note says that its page was read, "
        "June 5, 2025, does not decide it. The trade administration's table then ended with 2023, but the Census Bureau "
        "publishes metros by quarter, so a page could have held 2024. If values for 2024 rounded to the same three "
        "numbers, the inference would fall."
    )


def on_sets(hits: pd.DataFrame) -> str:
    """Say how many sets of metros add up to the printed total, and how many pass every test.

    Parameters
    ----------
    hits : pandas.DataFrame
        From `search.sets_that_print`.
    """
    passing = int((hits["against"] == "").sum())
    return (
        f"{len(hits)} sets of metros, in {hits['year'].nunique()} years, add up to a sum inside the printed interval. "
        f"{hits['k_largest'].sum()} of them are simply the largest metros of their year. {hits['anchors_fit'].sum()} "
        f"are in a year that also prints the three metros. {passing} pass{'es' * (passing == 1)} every test."
    )


def on_bases(shares: Mapping[str, Quantity | Missing]) -> str:
    """Say why the metros are no part of the state total, and how much of that total only passes through.

    Parameters
    ----------
    shares : mapping
        From `readings.shares`.
    """
    excess, foreign, domestic = (
        shares[name] for name in ("all metros over the state total, 2023", REEXPORTS, OVER_DOMESTIC)
    )
    return (
        f"All California metros of 2023 together are {float(excess.value):.1f} percent of the state total of that "
        f"year, so the metro series is not a part of the state series. And {float(foreign.value):.1f} percent of "
        f"California's exports of {foreign.period} are re-exports: foreign goods that only pass through; "
        f"{100 - float(foreign.value):.1f} percent are domestic goods. To these alone the five metros are as "
        f"{float(domestic.value):.1f} to 100, which is no share: re-exports are in the metros' values too, and the two are "
        "counted differently. No split by metro is published, so a share of domestic goods cannot be given."
    )


def finding(
    by_year: pd.DataFrame,
    hits: pd.DataFrame,
    sets: pd.DataFrame,
    shares: Mapping[str, Quantity | Missing],
    first: Quantity,
) -> str:
    """Say which metros and which year the printed numbers mean, if the search ends in one answer.

    Parameters
    ----------
    by_year, hits : pandas.DataFrame
        From `search.years_that_print` and `search.sets_that_print`.
    sets : pandas.DataFrame
        The dataset `metro_sets`.
    shares : mapping
        From `readings.shares`.
    first : Quantity
        The first release of the state total for 2024.
    """
    fitting, left = list(by_year.index[by_year["fits"]]), hits[hits["against"] == ""]
    if len(fitting) != 1 or len(left) != 1:
        years = ", ".join(map(str, fitting)) or "none"
        return f"The search does not end in one year and one set. It leaves the years {years}, and {len(left)} sets."
    found = left.iloc[0]
    nine = sets.loc["six metros that hold the nine cities"].index.get_level_values("cbsa_title")
    without = " and ".join(short_metro(title) for title in nine if title not in found["members"])
    percent = {name: f"{float(q.value):.1f}" for name, q in shares.items() if isinstance(q, Quantity)}
    return (
        f"The three printed metro values are those of {fitting[0]} and of no other year on record. So is the total: "
        f"more than {in_words(claim('C027').printed.value, 'USD')} is the sum of the {found['metros']} largest metros "
        f"of {found['year']}, exactly {found['total_usd']:,} dollars. That set includes Riverside, which holds none of "
        f"the nine cities that the paper studies, and leaves out {without}, which hold two. The state's first release "
        f"for {first.period} is {in_words(first.value, 'USD')}. As printed, the one is "
        f"{float(shares['141 over 183, as printed'].value):.0f} percent of the other; in one year and in first "
        f"releases {percent['2023 over 2023, first releases']} percent, and within the metro series "
        f"{percent['2023, within the metro series']} percent."
    )
