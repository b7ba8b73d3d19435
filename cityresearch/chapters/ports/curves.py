"""Specification curves of the shares that the paper prints, with titles from their readings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.ports.readings import CUSTOMS_2012, OWN_2023
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.curve_names import CURVES
from cityresearch.claims.reading import unmarked
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = ["exports_30", "imports_40", "nation_45", "one_third"]

_OWN_2023, _CUSTOMS_2012 = (", ".join(count) for count in (OWN_2023, CUSTOMS_2012))


@exhibit(CURVES["C017"])
def nation_45(found: Mapping[str, object], by_base: pd.DataFrame, **words: str) -> Chart | Missing:
    """Draw three ports' share of the nation's containers under each reading of C017.

    Parameters
    ----------
    found : mapping of name to reading
        From `readings.nation_45`.
    by_base : pandas.DataFrame
        From `series.shares_by_base`, of the three ports: the title gives the range over all years in both directions.
    """
    both = by_base.loc[by_base["group"].str.startswith("both ways"), "value"]
    imports = _span([value for name, value in _values(found).items() if name.startswith("imports alone")])
    title = f"The three ports carry {_span(list(both))} percent of containers both ways, of imports {imports}"
    return _curve("C017", found, title, words)


@exhibit(CURVES["C030"])
def imports_40(found: Mapping[str, object], **words: str) -> Chart | Missing:
    """Draw the state's share of container imports under each reading of C030, from `readings.imports_40`."""
    title = (
        f"California's ports took {_percent(found, f'five ports, {_OWN_2023}', 1)} of container imports in 2023; "
        f"{_span(list(_values(found).values()))} in other years"
    )
    return _curve("C030", found, title, words)


@exhibit(CURVES["C031"])
def exports_30(found: Mapping[str, object], **words: str) -> Chart | Missing:
    """Draw the state's share of container exports under each reading of C031, from `readings.exports_30`."""
    title = (
        f"Three ports shipped about {_percent(found, f'three ports, {_OWN_2023}')} of container exports in 2023, "
        f"{_percent(found, f'three ports, {_CUSTOMS_2012}')} in 2012"
    )
    return _curve("C031", found, title, words)


@exhibit(CURVES["C066"])
def one_third(found: Mapping[str, object], metro: Quantity | Missing, **words: str) -> Chart | Missing:
    """Draw the Los Angeles port's share of the state's exports under each reading of C066.

    Parameters
    ----------
    found : mapping of name to reading
        From `readings.one_third`.
    metro : Quantity or Missing
        The metro area's share, from `readings.metro_share`; the note sets it apart from the port's.
    """
    title = (
        f"The Los Angeles port: {_percent(found, 'by value, 2017, two rounded figures')} of exports by value (2017), "
        f"{_percent(found, 'by loaded containers, of three ports, 2023')} of boxes (2023)"
    )
    note = "By value: of the state's exports; by boxes: of the export boxes of three ports."
    if isinstance(metro, Quantity):
        note += (
            f" The metro area of Los Angeles, not its port, has {float(metro.value):.1f} percent of the state total of "
            f"2023 ({metro.caveats[-1].replace('_', '-')}); a similar number does not show that the two were mixed up."
        )
    return _curve("C066", found, title, {"note": note} | words)


def _curve(claim_id: str, found: Mapping[str, object], title: str, words: Mapping[str, str]) -> Chart | Missing:
    if not _values(found):
        return missing(f"No reading of {claim_id} has a value, so no curve is drawn.")
    return charts.specification_curve(claim_id, found, Words(title=title) | words)


def _values(found: Mapping[str, object]) -> dict[str, float]:
    """Return the readings that have a number, in percent."""
    plain = {name: unmarked(reading) for name, reading in found.items()}
    return {name: float(reading.value) for name, reading in plain.items() if isinstance(reading, Quantity)}


def _percent(found: Mapping[str, object], name: str, digits: int = 0) -> str:
    value = _values(found).get(name)
    return "an unknown share" if value is None else f"{value:.{digits}f} percent"


def _span(values: list[float]) -> str:
    return f"{min(values):.0f} to {max(values):.0f}" if values else "an unknown part"
