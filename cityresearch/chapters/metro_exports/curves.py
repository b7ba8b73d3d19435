"""Figures of the paper's claims on exports: each number under all its readings."""

from __future__ import annotations

from collections.abc import Mapping

from cityresearch import charts
from cityresearch.chapters.metro_exports.readings import NEIGHBORS, PRINTED_REGION
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.reading import AsPrinted, unmarked
from cityresearch.geography import short_metro

__all__ = ["fresno", "state_total", "total"]


@exhibit("c027-which-metros")
def total(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw claim C027, which metros make up the total.

    Parameters
    ----------
    readings : mapping of name to value
        From `readings.total`.
    """
    five, every = (_value(readings[f"{which} metros, 2023"]) for which in ("five largest", "all"))
    title = f"The five largest metros of 2023 add up to {five / 1e9:.1f} billion dollars"
    return charts.specification_curve("C027", readings, Words(f"{title}, all of them to {every / 1e9:.1f}") | words)


@exhibit("c028-state-total")
def state_total(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw claim C028, the state total, from `readings.state_totals_and_others`."""
    first, revised = (_value(readings[f"2024, {which}"]) for which in ("first release", "as revised by March 2026"))
    title = f"The state total of 2024 is {first / 1e9:.1f} billion dollars in its first release"
    return charts.specification_curve("C028", readings, Words(f"{title} and {revised / 1e9:.1f} as revised") | words)


@exhibit("c126-fresno-share")
def fresno(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw claim C126, the share of Fresno, from `readings.fresno`."""
    year = next(name for name, value in readings.items() if isinstance(value, AsPrinted)).rpartition(", ")[2]
    valley, near = (_value(readings[f"{region}, {year}"]) for region in (PRINTED_REGION, "four neighboring metros"))
    told = Words(
        f"Fresno makes {valley:.0f} percent of its valley's exports of {year}, {near:.0f} of those of four neighbors",
        note=f"Neighbors: {', '.join(short_metro(t).split('-')[0] for t in NEIGHBORS)}.",
    )
    return charts.specification_curve("C126", readings, told | words)


def _value(reading: object) -> float:
    return float(unmarked(reading).value)
