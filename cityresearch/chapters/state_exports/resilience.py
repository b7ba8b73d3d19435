"""Did exports hold? Exports by value, and the containers of the state's ports.

The two can part ways: a box of chips is worth more than a box of hay, and many goods leave by air. Counts of one port
are compared only with counts of the same port over the same months.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.state_exports import parts, totals
from cityresearch.measures import containers
from cityresearch.measures.comparisons import growth
from cityresearch.numbers.intervals import exact
from cityresearch.numbers.quantity import Missing, Quantity, together

__all__ = [
    "INDUSTRIES", "PARTNERS", "PORTS", "both", "by_value", "not_below", "port_changes", "within", "year_change",
]  # fmt: skip

# large container ports whose counts are in our data, by state
PORTS = {
    "CA": (containers.LA, containers.LB, containers.OAK),
    "GA": ("Port of Savannah",),
    "NJ": ("Port of New York and New Jersey",),
    "NY": ("Port of New York and New Jersey",),
    "SC": ("Port of Charleston",),
    "TX": ("Port of Houston",),
    "VA": ("Port of Virginia",),
    "WA": ("Port of Seattle", "Port of Tacoma"),
}
# large partners and industries that moved in different directions when tariffs changed
PARTNERS = ("Taiwan", "Mexico", "Canada", "China")
INDUSTRIES = {"334": "computers and electronics", "111": "crops", "312": "beverages and tobacco"}


@checked_arguments
def by_value(
    states: pd.DataFrame, countries: pd.DataFrame, naics3: pd.DataFrame, *, state: str, year: int, base: int
) -> dict[str, Quantity | Missing]:
    """Return the change of a state's exports by value, in percent: all goods, to some partners, of some industries.

    Parameters
    ----------
    states, countries, naics3 : pandas.DataFrame
        The datasets `state_exports`, `california_exports_by_country` and `state_exports_naics3`.
    """
    found = {"all goods": totals.total_change(states, state=state, year=year, base=base)}
    if state in parts.PARTNERS_COVER:
        for country in PARTNERS:
            found[f"to {country}"] = parts.partner_change(countries, country, year=year, base=base)
    for code, words in INDUSTRIES.items():
        found[words] = parts.industry_change(naics3, code, state=state, year=year, base=base)
    return found


@checked_arguments
def port_changes(
    counts: pd.DataFrame, *, state: str, year: int, base: int
) -> tuple[dict[str, Quantity | Missing], dict[str, Quantity | Missing]]:
    """Return the changes of all boxes and of loaded export boxes at each port of a state, in percent.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.

    Returns
    -------
    tuple of two mappings of port to Quantity or Missing
        All boxes, loaded export boxes; both empty where our data have no port of the state.
    """
    ports = PORTS.get(state, ())
    cargo, loaded = (
        {port: year_change(counts, port, direction, year=year, base=base) for port in ports}
        for direction in ("total", "loaded_exports")
    )
    return cargo, loaded


@checked_arguments
def year_change(counts: pd.DataFrame, port: str, direction: str, *, year: int, base: int) -> Quantity | Missing:
    """Return the change of a port's count between two years, in percent.

    Yearly counts are taken where both are known, else the months that both years have, which the period then names. A
    month whose count may be a misprint is left out.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `containers.settled`.
    direction : str
        For instance total or loaded_exports.

    Returns
    -------
    Quantity or Missing
        With bounds where counts are rounded; missing with fewer than six common months.
    """
    later, earlier = (containers.teu(counts, port, direction, str(y)) for y in (year, base))
    if isinstance(later, Missing) or isinstance(earlier, Missing):
        months = [m for m in range(1, 13) if all(_sure(counts, port, direction, f"{y}-{m:02d}") for y in (year, base))]
        if len(months) < 6:
            return Missing(
                f"{port}, {direction.replace('_', ' ')}: no count of both {base} and {year}, "
                f"and only {len(months)} common months"
            )
        later, earlier = (_months(counts, port, direction, y, months) for y in (year, base))
    return growth(later, earlier)


def _sure(counts: pd.DataFrame, port: str, direction: str, month: str) -> bool:
    key = (port, month, "month", direction)
    return key in counts.index and not counts.at[key, "doubt"]


def _months(counts: pd.DataFrame, port: str, direction: str, year: int, months: list[int]) -> Quantity:
    found = [containers.teu(counts, port, direction, f"{year}-{month:02d}") for month in months]
    period = f"{len(months)} months of {year}"
    return together(*(replace(count, period=period) for count in found), geography=port)


def within(changes: Iterable[Quantity | Missing], limit: float) -> bool | Missing:
    """Say whether every change in percent stays within a limit on both sides; missing if any is."""
    changes = list(changes)
    lacking = next((c for c in changes if isinstance(c, Missing)), None)
    return lacking or all(abs(c.value) <= exact(limit) for c in changes)


def not_below(changes: Iterable[Quantity | Missing]) -> bool | Missing:
    """Say whether no change is a fall; one fall suffices for False, else missing if any change is."""
    changes = list(changes)
    if any(isinstance(c, Quantity) and c.value < 0 for c in changes):
        return False
    lacking = next((c for c in changes if isinstance(c, Missing)), None)
    return lacking or True


def both(first: bool | Missing, second: bool | Missing) -> bool | Missing:
    """Say whether two statements hold: one that fails decides, else one that is missing leaves it open."""
    if first is False or second is False:
        return False
    return next((s for s in (first, second) if isinstance(s, Missing)), True)
