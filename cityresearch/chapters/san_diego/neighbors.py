"""Trade of the United States with its largest partners, above all its neighbors.

National goods trade is on the Census basis; the sums of states leave out trade that is assigned to no state, so the two
are compared only within themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.measures.comparisons import growth, place
from cityresearch.measures.published import observed, quantity_of
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, together, unique

__all__ = [
    "LARGEST_PARTNERS",
    "PARTS",
    "TOTAL",
    "USMCA",
    "Goods",
    "by_year",
    "flow",
    "goods_trade",
    "largest_partner",
    "per_day",
    "place_of_partner",
    "services_base",
    "services_from_balance",
    "services_place",
    "trade_growth",
    "with_partner",
]

USMCA = ("Mexico", "Canada")
LARGEST_PARTNERS = ("Mexico", "Canada", "China")
TOTAL, PARTS = "goods_trade_total", ("goods_imports", "goods_exports")
Goods = Mapping[tuple[str, int], Quantity]


@checked_arguments
def flow(trade: pd.DataFrame, kind: str, partner: str, period: str, *, basis: str = "national") -> Quantity | Missing:
    """Return one flow with a partner, from the source that rounds least.

    Parameters
    ----------
    trade : pandas.DataFrame
        The dataset `trade_with_partners`.
    kind : str
        For example `goods_imports` or `services_trade_total`.
    basis : {"national", "state_assigned"}

    Returns
    -------
    Quantity or Missing
        USD, or percent for a growth; as `published.observed`.
    """
    found = observed(_as_observations(trade, basis), kind, partner, period, basis=basis)
    return found if isinstance(found, Missing) else _told(found, kind, partner)


@checked_arguments
def goods_trade(trade: pd.DataFrame, *, basis: str = "national") -> dict[tuple[str, int], Quantity]:
    """Return goods imports plus exports with every partner in every year of the data.

    A printed total and the sum of the two flows of one source are both candidates; the one that rounds least is taken.

    Parameters
    ----------
    trade : pandas.DataFrame
        The dataset `trade_with_partners`.
    basis : {"national", "state_assigned"}

    Returns
    -------
    dict of (partner, year) to Quantity
        USD; without the years that have neither a total nor both flows. `with_partner` looks one up.
    """
    rows = _as_observations(trade, basis).reset_index().fillna({"note": ""})
    rows = rows[rows["series"].isin([TOTAL, *PARTS])].sort_values(["precision", "source_id"], kind="stable")
    found = {}
    for (partner, period), group in rows.groupby(["geography", "period"]):
        known = _by_source(group, basis)
        imports, exports = (known[kind] for kind in PARTS)
        # imports and exports by state come as two downloads of one series
        pairs = [(i, e) for i in imports for e in exports if i == e or basis == "state_assigned"]
        sums = [together(imports[i], exports[e], geography=f"goods trade with {partner}") for i, e in pairs]
        candidates = [*known[TOTAL].values(), *sums]
        if candidates:
            found[partner, int(period)] = min(candidates, key=lambda c: c.interval.high - c.interval.low)
    return found


@checked_arguments
def with_partner(goods: Goods, partner: str, year: int) -> Quantity | Missing:
    """Look up goods trade with a partner in a year, in USD."""
    return goods.get((partner, year)) or Missing(f"goods trade with {partner}, {year}: none in the data")


def by_year(goods: Goods, partner: str, years: Sequence[int]) -> pd.DataFrame:
    """Tabulate the nation's goods trade with a partner.

    Parameters
    ----------
    goods : mapping
        From `goods_trade`.

    Returns
    -------
    pandas.DataFrame
        Indexed by year, for those of the years that have a value: billion USD, change on the year before in percent
        (empty where that year has no value), place among the partners in the data (empty where one of them has no
        value), release, sources.
    """
    partners = list(dict.fromkeys(name for name, _ in goods))
    rows = []
    for year in years:
        amount, before = (with_partner(goods, partner, y) for y in (year, year - 1))
        if isinstance(amount, Missing):
            continue
        change = growth(amount, before, across=["vintage"])
        rank = place_of_partner(goods, partner, year, among=partners)
        rows.append(
            {
                "year": year,
                "goods trade, billion USD": f"{float(amount.value / 10**9):.1f}",
                "change on the year before, percent": ""
                if isinstance(change, Missing)
                else f"{float(change.value):+.1f}",
                f"place among {len(partners)} partners in our data": ""
                if isinstance(rank, Missing)
                else f"{int(rank)}",
                "release": amount.vintage.replace("_", " "),
                "sources": "; ".join(amount.sources),
            }
        )
    return pd.DataFrame(rows).set_index("year") if rows else pd.DataFrame()


@checked_arguments
def trade_growth(goods: Goods, partners: Sequence[str], first: int, last: int) -> Quantity | Missing:
    """Return the growth of goods trade with some partners together, in percent.

    The last year may be a first release, the base year a revised one; the result says so.
    """
    name = f"goods trade with {' and '.join(partners)}"
    ends = [together(*(with_partner(goods, p, year) for p in partners), geography=name) for year in (last, first)]
    return growth(*ends, across=["vintage"])


@checked_arguments
def place_of_partner(
    goods: Goods, partner: str, year: int, *, among: Sequence[str] = LARGEST_PARTNERS
) -> Quantity | Missing:
    """Return a partner's place by goods trade in a year, among some partners."""
    return place({p: with_partner(goods, p, year) for p in among}, partner)


@checked_arguments
def largest_partner(goods: Goods, year: int, *, among: Sequence[str] = LARGEST_PARTNERS) -> str:
    """Return which of some partners is first by goods trade in a year; empty where that is open."""
    amounts = {p: with_partner(goods, p, year) for p in among}
    places = {p: place(amounts, p) for p in among}
    return next((p for p, found in places.items() if isinstance(found, Quantity) and found.value == 1), "")


@checked_arguments
def per_day(amount: Quantity | Missing, days: int) -> Quantity | Missing:
    """Return a year's amount over a number of days."""
    if isinstance(amount, Missing):
        return amount
    by = Interval.point(days)
    return replace(amount, value=amount.value / days, bounds=amount.bounds / by if amount.bounds else None)


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
    return replace(
        total,
        value=(total.value + (surplus.value if side == "exports" else -surplus.value)) / 2,
        geography=f"services {side} with {partner}",
        sources=unique([*total.sources, *surplus.sources]),
        bounds=(total.interval + signed) * half,
        caveats=("derived from a rounded total and a rounded surplus, so it is known to about half a billion only",),
    )


@checked_arguments
def services_base(trade: pd.DataFrame, partner: str, year: int, side: str) -> Quantity | Missing:
    """Return services exports or imports of a base year: as printed, else the two-way total less the other side."""
    name = f"services {side} with {partner}"
    known = flow(trade, f"services_{side}", partner, str(year))
    if isinstance(known, Quantity):
        return replace(known, geography=name)
    other = flow(trade, f"services_{'imports' if side == 'exports' else 'exports'}", partner, str(year))
    total = flow(trade, "services_trade_total", partner, str(year))
    for part in (other, total):
        if isinstance(part, Missing):
            return part
    return replace(
        total,
        value=total.value - other.value,
        geography=name,
        sources=unique([*total.sources, *other.sources]),
        bounds=total.interval - other.interval,
        caveats=("two-way total of one source less the other side of another source: two vintages",),
    )


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
        found.value, "rank", goods.period, "services trade",
        sources=unique(s for i in known.values() for s in i.sources),
        caveats=(words, "parts of goods trade cannot be tested"),
    )  # fmt: skip


def _as_observations(trade: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Return the rows on one basis as a dataset of observations: a flow is a series, a partner its place."""
    rows = trade[trade.index.get_level_values("basis") == basis].droplevel("basis")
    return rows.rename_axis(index={"flow": "series", "partner": "geography"})


def _by_source(rows: pd.DataFrame, basis: str) -> dict[str, dict[str, Quantity]]:
    """Return each flow of one partner and period as each source prints it, the most precise first."""
    found: dict[str, dict[str, Quantity]] = {kind: {} for kind in (TOTAL, *PARTS)}
    for row in rows.to_dict("records"):
        kind = row["series"]
        found[kind][row["source_id"]] = _told(quantity_of(row, basis=basis), kind, row["geography"])
    return found


def _told(found: Quantity, kind: str, partner: str) -> Quantity:
    first = any("first release" in caveat for caveat in found.caveats)
    return replace(
        found,
        geography=f"{kind.split('_')[0]} trade with {partner}",
        vintage="first_release" if first else "as_printed_by_source",
    )
