"""Sentences of the chapter on San Diego that carry computed numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.san_diego import crossings, exports, neighbors, readings, study_readings, trade_center
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import read
from cityresearch.measures.comparisons import as_percent_of, as_quantity, growth, implied_base
from cityresearch.measures.exports import metro_value, total_of
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, Quantity
from cityresearch.phrases import listed

__all__ = [
    "alumni", "crossings_tried", "exports_and_printed", "fitting", "leaders", "manufacturing", "no_crossings",
    "no_trade", "services", "share_of_the_sum",
]  # fmt: skip


def no_trade(goods: neighbors.Goods, country: str) -> str:
    """Say that the data have no national goods trade with a country, and with which partners they have it."""
    partners = sorted({partner for partner, _ in goods})
    return (
        f"Our data have no goods trade of the United States with {country} for these years. "
        f"The partners in the data are {listed(partners)}."
    )


@checked_arguments
def no_crossings(metro: str) -> str:
    """Say that the data have no border crossings at a metro."""
    return f"Our data have no border crossings at {metro}. They cover crossings in California only."


def leaders(goods: neighbors.Goods, years: Sequence[int]) -> str:
    """Say which partner had most goods trade in which of some years."""
    by_partner: dict[str, list[str]] = {}
    for year in years:
        by_partner.setdefault(neighbors.largest_partner(goods, year) or "no partner with certainty", []).append(
            str(year)
        )
    led = ", ".join(f"{name} in {listed(when)}" for name, when in by_partner.items())
    partners = listed(neighbors.LARGEST_PARTNERS)
    return (
        f"Of {partners}, the largest partner by goods trade was {led}. "
        "The data on national trade have no other partners."
    )


def services(trade: pd.DataFrame) -> str:
    """Say which bases the printed rises in services need, and what the two years before the agreement had."""
    needed = {
        side: implied_base(readings.printed_services(side), claim(claim_id).printed)
        for side, claim_id in (("exports", "E015"), ("imports", "E016"))
    }
    known = {
        year: {side: neighbors.services_base(trade, "Mexico", year, side) for side in needed} for year in (2018, 2019)
    }
    with_both = {y: v for y, v in known.items() if all(isinstance(q, Quantity) for q in v.values())}
    said = f"The printed rises need a base of {_pair(needed)} (services exports and imports)."
    if not with_both:
        return f"{said} Our data have both for neither year before the agreement."
    near = min(with_both, key=lambda y: sum(abs(with_both[y][s].value / needed[s].value - 1) for s in needed))
    had = "; ".join(f"{_pair(values)} in {year}" for year, values in with_both.items())
    return f"{said} Our data have {had}. The nearest year is {near}, in another vintage than that of the page."


def crossings_tried(entries: pd.DataFrame) -> str:
    """Say how many sums of crossings were tried, and which of them give the printed number."""
    printed = claim("E117").printed
    tried = crossings.sets_that_print(entries, [*crossings.TIJUANA_CROSSINGS, *crossings.NEARBY_CROSSINGS], printed)
    hits = [f"{hit.crossings}, {hit.year}" for hit in tried[tried["prints"]].itertuples()]
    named = f": {'; '.join(hits)}" if hits else ""
    return (
        f"We tried {len(tried)} sums ({tried['crossings'].nunique()} sets of crossings, "
        f"{tried['year'].min()} to {tried['year'].max()}). "
        f"{len(hits) or 'None'} of them {'round' if len(hits) > 1 else 'rounds'} to {in_words(printed.value)}{named}."
    )


def manufacturing(observations: pd.DataFrame) -> str:
    """Say how far the printed jobs are from payrolls, and what share of private jobs payrolls give."""
    printed, payroll = as_quantity(claim("E099").printed, study_readings.AREA), study_readings.payroll(observations)
    share = as_percent_of(payroll, study_readings.private_jobs(observations, "2024-12"))
    if isinstance(share, Missing):
        return f"The printed count cannot be set against payrolls: {share.reason}."
    gap = float(growth(printed, payroll).value)
    return (
        f"The printed count is {abs(gap):.0f} percent {'above' if gap >= 0 else 'below'} payroll jobs of December "
        "2024. A wider definition could explain that, and our data cannot test it. "
        f"On payrolls the sector is one private job in {float(100 / share.value):.0f}."
    )


def alumni(observations: pd.DataFrame) -> str:
    """Say how many firms the cohort without a record would need for the printed total."""
    known = trade_center.cohorts(observations, program_cohorts=6)["known"]
    sizes = observations[observations.index.get_level_values("series") == "metroconnect_cohort_companies"]["value"]
    lacking = int(claim("E134").printed.value - known.value)
    among = f"{sizes.min():.0f}" if sizes.min() == sizes.max() else f"{sizes.min():.0f} to {sizes.max():.0f}"
    return (
        f"The printed total needs {lacking} companies in the cohort that is not on record, "
        f"and the other cohorts have {among} each. Or firms are counted in another way."
    )


def share_of_the_sum(by_country: pd.DataFrame) -> str:
    """Set the printed share of the printed sum of two counties next to what all of California sends to Mexico."""
    share, whole = claim("E017").printed, claim("E018").printed
    part = exports.share_of_printed(share, whole)
    low, high = (in_words(end, "USD") for end in (part.interval.low, part.interval.high))
    state = exports.to_country(by_country, "Mexico", 2024)
    of_state = (
        f" All of California sent {in_words(state.value, 'USD')} of goods to Mexico in 2024."
        if isinstance(state, Quantity)
        else ""
    )
    return (
        f"{float(share.value):g} percent of the printed {in_words(whole.value, 'USD')} "
        f"is {in_words(part.value, 'USD')} "
        f"(rounding allows {low} to {high}).{of_state}"
    )


def exports_and_printed(metro_exports: pd.DataFrame) -> str:
    """Set the printed sums next to the exports of the metro and of both metros in the latest year of the data."""
    year = int(metro_exports.index.get_level_values("year").max())
    alone = metro_value(metro_exports, readings.SAN_DIEGO, year)
    both = total_of(metro_exports, [readings.SAN_DIEGO, readings.EL_CENTRO], year)
    printed = " and ".join(in_words(claim(c).printed.value, "USD") for c in ("E143", "E018"))
    if isinstance(alone, Missing) or isinstance(both, Missing):
        return f"The pages print {printed}. The metro series has no value of {year} to compare them with."
    return (
        f"By the exporter's address the metro exported {in_words(alone.value, 'USD')} in {year}, "
        f"with El Centro {in_words(both.value, 'USD')}. "
        f"The pages print {printed}."
    )


def fitting(claim_id: str, of: readings.Readings) -> str:
    """Say under which readings a claim agrees."""
    item = claim(claim_id)
    known = [reading for reading in read(item, of) if reading.value is not None]
    hits = [reading.name for reading in known if reading.agrees]
    end = f": {'; '.join(hits)}" if hits else ""
    return (
        f"{claim_id} ({item.statement}) agrees under {len(hits) or 'none'} of {len(known)} readings with a value{end}."
    )


def _pair(values: dict[str, Quantity]) -> str:
    return " and ".join(in_words(item.value, "USD") for item in values.values())
