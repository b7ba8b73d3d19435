"""Figures of the paper's claims on exports: each number under all its readings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.metro_exports.readings import NEIGHBORS, OVER_DOMESTIC, PRINTED_REGION, REEXPORTS
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.curve_names import CURVES
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import AsPrinted, unmarked
from cityresearch.geography import short_metro
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = ["PRINTED", "SHARES", "fresno", "share_of_state", "state_total", "total"]
PRINTED = "141 over 183, as printed"
# the readings of the share by what they divide, with the words under which each is drawn
SHARES = {
    "Both numbers as the paper prints them": {PRINTED: "141 over 183 billion, 2024"},
    "Five largest metros of 2023 (exporter's ZIP code) over the state total (state of origin)": {
        "2023 metros over the 2024 state total": "of 2024, first release",
        "2023 metros over the 2024 state total, revised": "of 2024, as revised by March 2026",
        "2023 over 2023, first releases": "of 2023, first release",
        "2023 over 2023, state total revised": "of 2023, as revised by March 2026",
    },
    "Both by the exporter's ZIP code": {"2023, within the metro series": "five largest metros over all metros, 2023"},
    "For comparison: why the two counts do not make a whole": {
        "all metros over the state total, 2023": "all metros over the state total, 2023, first releases",
        OVER_DOMESTIC: "five largest metros of 2023 over domestic goods of the state, 2024",
        REEXPORTS: "re-exports in the state total, 2024",
    },
}


@exhibit("share-of-state-exports")
def share_of_state(shares: Mapping[str, Quantity | Missing], **words: str) -> Chart | Missing:
    """Draw what part of the state's exports the printed metro total is under each base, from `readings.shares`."""
    printed = shares[PRINTED]
    known = [
        (group, label, shares[name])
        for group, labels in SHARES.items()
        for name, label in labels.items()
        if isinstance(shares[name], Quantity)
    ]
    if not known:
        return missing("Our data have no total of metros or of the state to divide.")
    part, whole = (int(claim(claim_id).printed.value / 10**9) for claim_id in ("C027", "C028"))
    of_group = {group: [float(q.value) for g, _, q in known if g == group] for group in SHARES}
    _, mixed, same, _ = of_group.values()
    every, foreign = (shares[name] for name in ("all metros over the state total, 2023", REEXPORTS))
    told = Words(
        f"${part} billion of ${whole} billion is {float(printed.value):.0f} percent, but the two are counted differently",
        subtitle=f"Percent. The paper prints no share; line and band: {part} over {whole}, with what the rounding of both allows. By other years and "
        f"releases the five largest metros come to {min(mixed):.1f} to {max(mixed):.1f} percent of the state total, and to "
        f"{_spread(same)} percent of all metros.",
        alt=f"Dots with intervals: the printed ${part} billion over ${whole} billion is {float(printed.value):.1f} percent. "
        f"Other bases give {min(mixed + same):.1f} to {max(mixed + same):.1f}; all metros together exceed the state total.",
        caption="What part of California's goods exports the metro total is, under each base that our data have. The metro series "
        "counts by the ZIP code of the exporter of record, the state total by the state where goods began to move, so a quotient "
        f"of the two is a comparison and not a part of a whole: all metros come to {_percent(every)} of the state total. "
        f"Re-exports, foreign goods that only pass through, are {_percent(foreign)} of the state total of 2024 and are in the metros' "
        "values too; no split by metro is published.",
        sources=sources(*(q for _, _, q in known)),
    )
    rows = pd.DataFrame(
        {
            "group": group,
            "label": label,
            "value": float(q.value),
            "low": float(q.interval.low),
            "high": float(q.interval.high),
            "years": q.period,
            "basis": q.basis,
            "vintage": q.vintage,
            "source_id": ";".join(q.sources) or "carnegie-2026",
        }
        for group, label, q in known
    )
    return charts.dots(rows, told | words, unit="percent", decimals=1, printed=printed, printed_label="as printed")


@exhibit(CURVES["C027"])
def total(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw claim C027, which metros make up the total.

    Parameters
    ----------
    readings : mapping of name to value
        From `readings.total`.
    """
    five, every = (_value(readings[f"{which} metros, 2023"]) for which in ("five largest", "all"))
    title = f"The five largest metros of 2023 add up to ${five / 1e9:.1f} billion"
    return charts.specification_curve(
        "C027", readings, Words(f"{title}, all of them to ${every / 1e9:.1f} billion") | words
    )


@exhibit(CURVES["C028"])
def state_total(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw claim C028, the state total, from `readings.state_totals_and_others`."""
    first, revised = (_value(readings[f"2024, {which}"]) for which in ("first release", "as revised by March 2026"))
    title = f"The state total of 2024: ${first / 1e9:.1f} billion in its first release"
    return charts.specification_curve(
        "C028", readings, Words(f"{title} and ${revised / 1e9:.1f} billion as revised") | words
    )


@exhibit(CURVES["C126"])
def fresno(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw claim C126, the share of Fresno, from `readings.fresno`."""
    year = next(name for name, value in readings.items() if isinstance(value, AsPrinted)).rpartition(", ")[2]
    valley, near = (_value(readings[f"{region}, {year}"]) for region in (PRINTED_REGION, "four neighboring metros"))
    told = Words(
        f"Fresno makes {valley:.0f} percent of its valley's exports of {year}, {near:.0f} of those of four neighbors",
        note=f"Neighbors: {', '.join(short_metro(t).split('-')[0] for t in NEIGHBORS)}.",
    )
    return charts.specification_curve("C126", readings, told | words)


def _percent(share: Quantity | Missing) -> str:
    return "an unknown part" if isinstance(share, Missing) else f"{float(share.value):.1f} percent"


def _spread(values: list[float]) -> str:
    return f"{min(values):.1f}" if values else "an unknown part"


def _value(reading: object) -> float:
    return float(unmarked(reading).value)
