"""Three counts of the exports of a state: by the exporter's ZIP code, by where goods began to move, by where they left the country."""

from __future__ import annotations

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.geography import state_in_words, state_name
from cityresearch.measures.exports import reexport_share, state_total, total_of_all
from cityresearch.measures.published import observed
from cityresearch.numbers.display import in_words
from cityresearch.numbers.quantity import Missing, Quantity, missing, share

__all__ = ["EXIT", "ORIGIN", "ZIP", "as_table", "three_counts", "told"]

ZIP, ORIGIN, EXIT = "exporter's ZIP code", "origin of movement", "port of exit"
_COUNTS = {
    ZIP: (
        "what exporters of record with an address in a metropolitan area sell abroad",
        "a head office or a trader is credited with goods made elsewhere; leaves out exporters outside of metros; areas change",
    ),
    ORIGIN: (
        "what starts its way to the port of exit in the state",
        "a warehouse where goods of several states are put together is credited with all of them; foreign goods that are sold on "
        "are in it; revised",
    ),
    EXIT: (
        "what leaves the country through the customs districts of the state, from whatever state",
        "goods of other states count, and the state's own goods that leave elsewhere do not; says where ships, planes and trucks "
        "go and nothing of who made the goods",
    ),
}
_WANTED = "the Census Bureau's exports by customs district and port (USA Trade Online, port-level data)"


@checked_arguments
def three_counts(
    exports: pd.DataFrame,
    states: pd.DataFrame,
    monthly: pd.DataFrame,
    districts: pd.DataFrame,
    *,
    state: str,
    year: int,
) -> dict[str, Quantity | Missing]:
    """Return each count of a state's exports in the year, or in the last one that the metro series has, in USD.

    Parameters
    ----------
    exports, states, monthly : pandas.DataFrame
        The datasets `metro_exports`, `state_exports` and `state_exports_monthly`.
    districts : pandas.DataFrame
        The dataset `san_diego_observations`, which has one customs district.
    year : int
        A later year than the metro series has is moved back to its last.

    Returns
    -------
    mapping of count to Quantity or Missing
        `ZIP`, `ORIGIN` with the re-exports in it, and `EXIT`.
    """
    common = min(year, int(exports.index.get_level_values("year").max()))
    origin = state_total(states, state=state, year=common, vintage="revised")
    return {
        ZIP: total_of_all(exports, state=state, year=common),
        ORIGIN: origin,
        f"{ORIGIN}: re-exports": _reexports(origin, monthly, state, common),
        EXIT: _at_exit(districts, state, common),
    }


def as_table(found: dict[str, Quantity | Missing]) -> pd.DataFrame:
    """Return the counts for readers, with what each counts, how it is known to mislead, and what is missing."""
    rows = []
    for name, value in found.items():
        counted, bias = _COUNTS.get(name, ("foreign goods that only pass through, a part of the count above", ""))
        known = isinstance(value, Quantity)
        rows.append(
            {
                "count": name,
                "what it counts": counted,
                "known bias": bias,
                "billion USD": f"{float(value.value) / 1e9:.3f}" if known else "",
                "year": value.period if known else "",
                "source or what is missing": "; ".join(value.sources) if known else value.reason,
            }
        )
    return pd.DataFrame(rows).set_index("count")


@checked_arguments
def told(found: dict[str, Quantity | Missing], state: str) -> str:
    """Say how far the counts are apart, and that none is a part of another.

    Parameters
    ----------
    found : mapping
        From `three_counts`.
    """
    name = state_in_words(state)
    ratio = share(found[ZIP], found[ORIGIN], across=["basis", "vintage"])
    if isinstance(ratio, Missing):
        return f"The counts of {name} cannot be compared: {ratio.reason}."
    metros, whole = (in_words(found[count].value, "USD") for count in (ZIP, ORIGIN))
    return (
        f"In {found[ZIP].period} the metropolitan areas of {name} have {metros} by the exporter's ZIP code, and the state has {whole} by "
        f"the origin of movement: {float(ratio.value):.1f} percent. The first counts the sellers and the second where goods start, "
        "so neither is a part of the other, and a share of one in the other is a ratio of two counts."
    )


def _reexports(whole: Quantity | Missing, monthly: pd.DataFrame, state: str, year: int) -> Quantity | Missing:
    """Return the re-exports in a total, from the share of a year's months; if they are missing, with the year that has them."""
    percent = reexport_share(monthly, state=state, year=year)
    if isinstance(whole, Missing):
        return whole
    if isinstance(percent, Missing):
        years = sorted({int(month[:4]) for month in monthly.index.get_level_values("month")}, reverse=True)
        others = [other for y in years if isinstance(other := reexport_share(monthly, state=state, year=y), Quantity)]
        held = f"; in {others[0].period} they were {float(others[0].value):.1f} percent" if others else ""
        return missing(f"our data do not have all twelve months of {year}{held}")
    return Quantity(
        round(whole.value * percent.value / 100),
        whole.unit,
        whole.period,
        whole.geography,
        basis=whole.basis,
        vintage=whole.vintage,
        sources=(*whole.sources, *percent.sources),
    )


def _at_exit(districts: pd.DataFrame, state: str, year: int) -> Missing:
    wanted = f"not in our data; {_WANTED} of {year} would show it"
    if state != "CA":
        return missing(wanted)
    held = districts.reset_index()
    held = held[held["series"] == "customs_district_exports"]
    if held.empty:
        return missing(wanted)
    last = held.sort_values("period").iloc[-1]
    one = observed(districts, "customs_district_exports", last["geography"], last["period"])
    return missing(
        f"{wanted}. We have one of the {state_name(state)} districts, {last['geography'].removesuffix(' customs district')}, with "
        f"{in_words(one.value, 'USD')} in {last['period']}"
    )
