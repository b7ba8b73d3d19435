"""Trade of the United States with its neighbours.

National goods trade is on the Census basis; the sums of states leave out trade that is assigned to no state, so the two are compared
only within themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.measures.published import growth, matching, place
from cityresearch.measures.rounding import bounds
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, together, unique

__all__ = [
    "LARGEST_PARTNERS", "USMCA", "flow", "goods_trade", "largest_partner", "per_day", "place_of_partner",
    "services_base", "services_from_balance", "services_place", "trade_growth",
]  # fmt: skip

USMCA = ("Mexico", "Canada")
LARGEST_PARTNERS = ("Mexico", "Canada", "China")


@checked_arguments
def flow(
    trade: pd.DataFrame, kind: str, partner: str, period: str, *, basis: str = "national", source_id: str = ""
) -> Quantity | Missing:
    """Return one flow with a partner, from the source that rounds least.

    Parameters
    ----------
    trade : pandas.DataFrame
        The dataset `trade_with_partners`.
    kind : str
        For example `goods_imports` or `services_trade_total`.
    basis : {"national", "state_assigned"}
    source_id : str, optional
        Only this source.
    """
    return _flow(_rows(trade, partner, period, basis), kind, partner, period, basis, source_id)


def _rows(trade: pd.DataFrame, partner: str, period: str, basis: str) -> pd.DataFrame:
    """Return every flow with one partner in one period on one basis, the most precise first."""
    rows = matching(trade, partner=partner, period=period, basis=basis)
    return rows.sort_values(["precision", "source_id"], kind="stable")


def _flow(
    rows: pd.DataFrame, kind: str, partner: str, period: str, basis: str, source_id: str = ""
) -> Quantity | Missing:
    rows = rows[rows["flow"] == kind]
    if source_id:
        rows = rows[rows["source_id"] == source_id]
    if rows.empty:
        return Missing(f"{kind.replace('_', ' ')} with {partner}, {period}: none in the data ({basis})")
    row = rows.iloc[0]
    first = "first release" in row["note"]
    return Quantity(
        value=row["value"],
        unit=row["unit"],
        period=period,
        geography=f"{kind.split('_')[0]} trade with {partner}",
        basis=basis,
        vintage="first_release" if first else "as_printed_by_source",
        sources=(row["source_id"],),
        bounds=bounds(row["value"], row["precision"], row["unit"], row["note"]),
        caveats=(row["note"],) if row["note"] else (),
    )


@checked_arguments
def goods_trade(trade: pd.DataFrame, partner: str, year: int, *, basis: str = "national") -> Quantity | Missing:
    """Return goods imports plus exports with a partner in a year.

    A printed total and the sum of the two flows of one source are both candidates; the one that rounds least is taken.

    Returns
    -------
    Quantity or Missing
        USD.
    """
    period = str(year)
    rows = _rows(trade, partner, period, basis)
    candidates = [_flow(rows, "goods_trade_total", partner, period, basis)]
    imports_from, exports_from = (
        list(rows.loc[rows["flow"] == kind, "source_id"]) for kind in ("goods_imports", "goods_exports")
    )
    if basis == "state_assigned":
        # imports and exports by state come as two downloads of one series
        pairs = [(i, e) for i in imports_from for e in exports_from]
    else:
        pairs = [(source, source) for source in imports_from if source in exports_from]
    for i, e in pairs:
        parts = (
            _flow(rows, "goods_imports", partner, period, basis, i),
            _flow(rows, "goods_exports", partner, period, basis, e),
        )
        candidates.append(together(*parts, geography=f"goods trade with {partner}"))
    known = [c for c in candidates if isinstance(c, Quantity)]
    if not known:
        return Missing(f"goods trade with {partner}, {year}: none in the data ({basis})")
    return min(known, key=lambda c: c.interval.high - c.interval.low)


@checked_arguments
def trade_growth(
    trade: pd.DataFrame, partners: Sequence[str], first: int, last: int, *, basis: str = "national"
) -> Quantity | Missing:
    """Return the growth of goods trade with some partners together, in percent.

    The last year may be a first release, the base year a revised one; the result says so.
    """
    name = f"goods trade with {' and '.join(partners)}"
    ends = [
        together(*(goods_trade(trade, p, year, basis=basis) for p in partners), geography=name)
        for year in (last, first)
    ]
    return growth(*ends, across=["vintage"])


@checked_arguments
def place_of_partner(
    trade: pd.DataFrame, partner: str, year: int, *, among: Sequence[str] = LARGEST_PARTNERS
) -> Quantity | Missing:
    """Return a partner's place by national goods trade in a year, among the partners at hand."""
    return place({p: goods_trade(trade, p, year) for p in among}, partner)


@checked_arguments
def largest_partner(trade: pd.DataFrame, year: int, *, among: Sequence[str] = LARGEST_PARTNERS) -> str:
    """Return which of the partners at hand is first by national goods trade in a year; empty where that is open."""
    amounts = {p: goods_trade(trade, p, year) for p in among}
    places = {p: place(amounts, p) for p in among}
    return next((p for p, found in places.items() if isinstance(found, Quantity) and found.value == 1), "")


@checked_arguments
def per_day(amount: Quantity | Missing, days: int) -> Quantity | Missing:
    """Return a year's amount over a number of days."""
    if isinstance(amount, Missing):
        return amount
    by = Interval.point(days)
    return Quantity(
        amount.value / days, amount.unit, amount.period, amount.geography, amount.basis, amount.vintage, amount.sources,
        amount.bounds / by if amount.bounds else None, amount.caveats,
    )  # fmt: skip


@checked_arguments
def services_from_balance(trade: pd.DataFrame, partner: str, year: int, side: str) -> Quantity | Missing:
    """Derive services exports or imports from the two-way total and the surplus, both as the press prints them.

    Parameters
    ----------
    side : {"exports", "imports"}

    Returns
    -------
    Quantity or Missing
        USD: half of the total plus (exports) or less (imports) half of the surplus.
    """
    total = flow(trade, "services_trade_total", partner, str(year))
    surplus = flow(trade, "services_surplus", partner, str(year))
    for part in (total, surplus):
        if isinstance(part, Missing):
            return part
    half = Interval.point("0.5")
    signed = surplus.interval if side == "exports" else -surplus.interval
    interval = (total.interval + signed) * half
    return Quantity(
        (total.value + (surplus.value if side == "exports" else -surplus.value)) / 2,
        total.unit, total.period, f"services {side} with {partner}", total.basis, total.vintage,
        unique([*total.sources, *surplus.sources]), interval,
        ("derived from a rounded total and a rounded surplus, so it is known to about half a billion only",),
    )  # fmt: skip


@checked_arguments
def services_base(trade: pd.DataFrame, partner: str, year: int, side: str) -> Quantity | Missing:
    """Return services exports or imports of a base year: as printed, else the two-way total less the other side."""
    known = flow(trade, f"services_{side}", partner, str(year))
    if isinstance(known, Quantity):
        return Quantity(
            known.value, known.unit, known.period, f"services {side} with {partner}", known.basis, known.vintage,
            known.sources, known.bounds, known.caveats,
        )  # fmt: skip
    other = flow(trade, f"services_{'imports' if side == 'exports' else 'exports'}", partner, str(year))
    total = flow(trade, "services_trade_total", partner, str(year))
    for part in (other, total):
        if isinstance(part, Missing):
            return part
    return Quantity(
        total.value - other.value, total.unit, total.period, f"services {side} with {partner}", total.basis, total.vintage,
        unique([*total.sources, *other.sources]), total.interval - other.interval,
        ("two-way total of one source less the other side of another source: two vintages",),
    )  # fmt: skip


def services_place(growths: Mapping[str, Quantity | Missing], goods: Quantity | Missing) -> Quantity | Missing:
    """Return 1 if every services flow grew faster than goods trade, else the place of the slowest services flow."""
    known = {**growths, "goods": goods}
    for item in known.values():
        if isinstance(item, Missing):
            return item
    slowest = min(growths, key=lambda name: growths[name].value)
    found = place({slowest: growths[slowest], "goods": goods}, slowest)
    if isinstance(found, Missing):
        return found
    words = "; ".join(f"{name} {float(item.value):.0f} %" for name, item in known.items())
    return Quantity(
        found.value, "rank", goods.period, "services trade", sources=unique(s for i in known.values() for s in i.sources),
        caveats=(words, "parts of goods trade cannot be tested"),
    )  # fmt: skip
