"""Figures on San Diego: claims under each of their readings, the customs district, and crossings of the border."""

from __future__ import annotations

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.san_diego import crossings, exports
from cityresearch.chapters.san_diego.readings import Readings
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.curve_names import CURVES
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import Reading, read
from cityresearch.measures.cited import sources
from cityresearch.numbers.display import in_words
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = [
    "border_crossings", "both_counties", "customs_district", "exports_of_2022", "metro_of_the_paper", "share_to_mexico",
    "trade_growth",
]  # fmt: skip


@exhibit(CURVES["E018"])
def both_counties(readings: Readings, **words: str) -> Chart:
    """Draw E018, exports of two counties, under each of `readings.both_counties`."""
    printed = claim("E018").printed.value
    title = "No reading of the page's own words has a value"
    for reading in _known("E018", readings):
        if reading.as_printed:
            gap = 100 * float(printed / reading.value) - 100
            side = "above" if gap >= 0 else "below"
            title = (
                f"The printed {in_words(printed, 'USD')} is {abs(gap):.0f} percent {side} what our data have for "
                f"{reading.name.partition(' (')[0]}"
            )
    return charts.specification_curve("E018", readings, Words(title) | words)


@exhibit(CURVES["E143"])
def exports_of_2022(readings: Readings, **words: str) -> Chart:
    """Draw E143, exports of 2022, under each of `readings.exports_of_2022`."""
    printed, known = claim("E143").printed.value, _known("E143", readings)
    above = [reading for reading in known if reading.value > printed]
    most = f"; the largest has {in_words(max(reading.value for reading in known), 'USD')}" if known else ""
    have = "have" if len(above) > 1 else "has"
    title = f"{len(above) or 'None'} of {len(known)} series {have} more than {in_words(printed, 'USD')} for 2022{most}"
    return charts.specification_curve("E143", readings, Words(title) | words)


@exhibit(CURVES["C026"])
def metro_of_the_paper(readings: Readings, **words: str) -> Chart:
    """Draw C026, the paper's sum for the metro, under each of `readings.metro_of_the_paper`."""
    told = Words(
        f"The paper's {in_words(claim('C026').printed.value, 'USD')} {_fits('C026', readings)}",
        note="The claim itself is judged in the chapter on metro exports.",
    )
    return charts.specification_curve("C026", readings, told | words)


@exhibit(CURVES["E017"])
def share_to_mexico(readings: Readings, observations: pd.DataFrame, **words: str) -> Chart:
    """Draw E017, the share of Mexico, under each of `readings.share_to_mexico`; the title counts every year."""
    item, shares = claim("E017"), exports.district_shares(observations)
    years = exports.years_that_print(shares, item.printed, item.relation)
    told = Words(
        f"“{item.relation.capitalize()} {float(item.printed.value):g} percent” covers Mexico's share of the customs "
        f"district in {len(years)} of {len(shares)} years",
        note=f"It does in {', '.join(map(str, years))}." if years else "",
    )
    return charts.specification_curve("E017", readings, told | words)


@exhibit("san-diego-district-share-of-mexico")
def customs_district(observations: pd.DataFrame, **words: str) -> Chart | Missing:
    """Draw the share of Mexico in what passes the San Diego customs district, by year.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `san_diego_observations`.
    """
    shares = exports.district_shares(observations)["percent"]
    if shares.empty:
        return missing(f"our data have no exports through the {exports.DISTRICT} by destination")
    first, last = shares.index.min(), shares.index.max()
    rows = observations[observations.index.get_level_values("series") == "customs_district_exports_to_mexico"]
    told = Words(
        f"Mexico took {shares.min():.0f} to {shares.max():.0f} percent of exports through San Diego's customs "
        f"district, {first} to {last}",
        f"Share of Mexico in the value of goods that pass the district, whoever made them. Our data end in {last}.",
        caption="Exports through the San Diego customs district: share of Mexico. A district counts goods "
        "that pass it, so this is not a share of San Diego's own exports.",
        sources=sources(rows),
    )
    data = pd.DataFrame({"x": shares.index, "series": "Mexico", "value": shares.to_numpy()})
    return charts.lines(data, told | words, unit="percent", zero=False, markers=True, height=2.2)


@exhibit(CURVES["E010"])
def trade_growth(readings: Readings, **words: str) -> Chart:
    """Draw E010, growth of trade with both partners, under each of `readings.trade_growth`."""
    values = ", ".join(
        f"{float(r.value):.0f} percent {r.name.partition(', ')[0]}" for r in _known("E010", readings)[:2]
    )
    told = Words(
        f"Goods trade with Canada and Mexico to 2024: up {values}",
        note="Trade between Canada and Mexico is not in it.",
    )
    return charts.specification_curve("E010", readings, told | words)


@exhibit("border-crossings")
def border_crossings(entries: pd.DataFrame, **words: str) -> Chart:
    """Draw daily crossings between San Diego and Tijuana by year, with the number that the page prints (E117).

    Parameters
    ----------
    entries : pandas.DataFrame
        The dataset `border_entries`.
    """
    printed = claim("E117").printed
    daily = crossings.by_year(entries, crossings.TIJUANA_CROSSINGS)
    values, incomplete = daily["per_day"], daily.index[~daily["complete"]]
    years = crossings.years_that_print(daily, printed)
    fitting = f"fit the sum of {' and '.join(map(str, years))}" if years else "fit the sum of no year on record"
    lacking = f" Hollow: incomplete years, {', '.join(map(str, incomplete))} (some bus or pedestrian counts lack months or are missing)."
    told = Words(
        f"The printed {in_words(printed.value)} crossings a day {fitting}",
        "Persons who enter at San Ysidro and Otay Mesa, doubled, over the days of the year; thousand a day."
        + (lacking if len(incomplete) else ""),
        caption="Daily crossings between San Diego and Tijuana, derived: entries are counted, exits are not.",
        sources=sources(entries, "edc-2025"),
    )
    drawn = pd.DataFrame({"x": daily.index, "series": "computed", "value": values.to_numpy() / 1000})
    drawn["complete"] = daily["complete"].to_numpy()
    level = Quantity(printed.value / 1000, bounds=printed.interval / Interval.point(1000))
    unit = "thousand persons a day"
    return charts.lines(drawn, told | words, unit=unit, printed=level, markers=True, height=2.4)


def _known(claim_id: str, readings: Readings) -> list[Reading]:
    return [reading for reading in read(claim(claim_id), readings) if reading.value is not None]


def _fits(claim_id: str, readings: Readings) -> str:
    """Say which readings give the printed number, as the end of a sentence."""
    known = _known(claim_id, readings)
    hits = [reading.name for reading in known if reading.agrees]
    named = f": {'; '.join(hits)}" if hits else ""
    return f"fits {len(hits) or 'none'} of {len(known)} readings with a value{named}"
