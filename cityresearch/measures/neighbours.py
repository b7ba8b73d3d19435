"""Trade and crossings between the United States and its neighbours.

National goods trade is on the Census basis; the sums of states leave out trade that is assigned to no state, so the two are compared
only within themselves. Border entries count persons who enter the United States; nobody counts those who leave.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from cityresearch.claims.agreement import compare
from cityresearch.claims.printed import PrintedNumber
from cityresearch.errors import MixedBasisError
from cityresearch.intervals import Interval
from cityresearch.measures.observations import bounds, growth, place
from cityresearch.quantity import Missing, Quantity, unique

USMCA = ("Mexico", "Canada")
LARGEST_PARTNERS = ("Mexico", "Canada", "China")
TIJUANA_CROSSINGS = ("San Ysidro, CA", "Otay Mesa, CA")
NEARBY_CROSSINGS = ("Tecate, CA", "Cross Border Xpress, CA")
PERSONS = ("pedestrians", "personal_vehicle_passengers", "bus_passengers")


def days_in_year(year: int) -> int:
    """Return 366 in leap years, else 365."""
    return 366 if isleap(year) else 365


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
    rows = trade.reset_index().fillna({"note": ""})
    rows = rows[
        (rows["flow"] == kind) & (rows["partner"] == partner) & (rows["period"] == period) & (rows["basis"] == basis)
    ]
    if source_id:
        rows = rows[rows["source_id"] == source_id]
    if rows.empty:
        return Missing(f"{kind.replace('_', ' ')} with {partner}, {period}: none in the data ({basis})")
    row = rows.sort_values(["precision", "source_id"], kind="stable").iloc[0]
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


def goods_trade(trade: pd.DataFrame, partner: str, year: int, *, basis: str = "national") -> Quantity | Missing:
    """Return goods imports plus exports with a partner in a year.

    A printed total and the sum of the two flows of one source are both candidates; the one that rounds least is taken.

    Returns
    -------
    Quantity or Missing
        USD.
    """
    rows = trade.reset_index()
    rows = rows[(rows["partner"] == partner) & (rows["period"] == str(year)) & (rows["basis"] == basis)]
    candidates = [flow(trade, "goods_trade_total", partner, str(year), basis=basis)]
    sides = [rows[rows["flow"] == f"goods_{side}"] for side in ("imports", "exports")]
    if basis == "state_assigned":
        # imports and exports by state come as two downloads of one series
        both = [[s] for s in sides[0]["source_id"]], [[s] for s in sides[1]["source_id"]]
        pairs = [(i[0], e[0]) for i in both[0] for e in both[1]]
    else:
        pairs = [(s, s) for s in sorted(set(sides[0]["source_id"]) & set(sides[1]["source_id"]))]
    for imports_from, exports_from in pairs:
        parts = [
            flow(trade, "goods_imports", partner, str(year), basis=basis, source_id=imports_from),
            flow(trade, "goods_exports", partner, str(year), basis=basis, source_id=exports_from),
        ]
        candidates.append(added(*parts, geography=f"goods trade with {partner}"))
    known = [c for c in candidates if isinstance(c, Quantity)]
    if not known:
        return Missing(f"goods trade with {partner}, {year}: none in the data ({basis})")
    return min(known, key=lambda c: c.interval.high - c.interval.low)


def added(*parts: Quantity | Missing, geography: str) -> Quantity | Missing:
    """Add up flows of one period, basis and unit; missing if any is.

    Raises
    ------
    MixedBasisError
        If period, basis or unit differ.
    """
    for part in parts:
        if isinstance(part, Missing):
            return part
    kinds = {(p.period, p.basis, p.unit) for p in parts}
    if len(kinds) > 1:
        raise MixedBasisError(f"Will not add up flows of different periods, bases or units: {sorted(kinds)}.")
    interval = Interval.point(0)
    for part in parts:
        interval += part.interval
    vintages = unique(p.vintage for p in parts)
    return Quantity(
        value=sum(p.value for p in parts),
        unit=parts[0].unit,
        period=parts[0].period,
        geography=geography,
        basis=parts[0].basis,
        vintage=vintages[0] if len(vintages) == 1 else "mixed",
        sources=unique(s for p in parts for s in p.sources),
        bounds=None if interval.is_point else interval,
        caveats=unique(c for p in parts for c in p.caveats),
    )


def trade_growth(
    trade: pd.DataFrame, partners: Sequence[str], first: int, last: int, *, basis: str = "national"
) -> Quantity | Missing:
    """Return the growth of goods trade with some partners together, in percent.

    The last year may be a first release, the base year a revised one; the result says so.
    """
    together = f"goods trade with {' and '.join(partners)}"
    ends = [
        added(*(goods_trade(trade, p, year, basis=basis) for p in partners), geography=together)
        for year in (last, first)
    ]
    return growth(*ends, across=["vintage"])


def place_of_partner(
    trade: pd.DataFrame, partner: str, year: int, *, among: Sequence[str] = LARGEST_PARTNERS
) -> Quantity | Missing:
    """Return a partner's place by national goods trade in a year, among the partners at hand."""
    return place({p: goods_trade(trade, p, year) for p in among}, partner)


def largest_partner(trade: pd.DataFrame, year: int, *, among: Sequence[str] = LARGEST_PARTNERS) -> str:
    """Return which of the partners at hand is first by national goods trade in a year; empty where that is open."""
    places = {p: place_of_partner(trade, p, year, among=among) for p in among}
    return next((p for p, found in places.items() if isinstance(found, Quantity) and found.value == 1), "")


def per_day(amount: Quantity | Missing, days: int) -> Quantity | Missing:
    """Return a year's amount over a number of days."""
    if isinstance(amount, Missing):
        return amount
    by = Interval.point(days)
    return Quantity(
        amount.value / days, amount.unit, amount.period, amount.geography, amount.basis, amount.vintage, amount.sources,
        amount.bounds / by if amount.bounds else None, amount.caveats,
    )  # fmt: skip


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


def crossings_per_day(entries: pd.DataFrame, ports: Sequence[str], year: int) -> Quantity | Missing:
    """Return persons per day over the border in both directions: those who enter, doubled, over the days of the year.

    Parameters
    ----------
    entries : pandas.DataFrame
        The dataset `border_entries`.
    ports : sequence of str

    Returns
    -------
    Quantity or Missing
        People per day, derived; missing if a port has no row at all in the year. Parts that are not counted are named.
    """
    rows = entries.reset_index().fillna({"note": ""})
    rows = rows[rows["port"].isin(ports) & (rows["period"] == str(year)) & rows["kind"].isin(PERSONS)]
    without = [port for port in ports if port not in set(rows["port"])]
    if without:
        return Missing(f"{without[0]}, {year}: no entries in the data")
    cut = rows[rows["note"].str.contains("missing")]
    # a crossing without buses has no row; one that had them in another year lacks the row, and that is said
    ever = entries.reset_index()
    ever = ever[ever["port"].isin(ports) & ever["kind"].isin(PERSONS)].groupby("port")["kind"].unique()
    lacking = [
        f"no {kind.replace('_', ' ')} of {port.removesuffix(', CA')} in the data"
        for port, kinds in ever.items()
        for kind in kinds
        if kind not in set(rows.loc[rows["port"] == port, "kind"])
    ]
    partial = [
        f"{kind.replace('_', ' ')} of {port.removesuffix(', CA')}: {note.split('; ')[-1]}"
        for port, kind, note in cut[["port", "kind", "note"]].itertuples(index=False)
    ]
    return Quantity(
        value=Quantity(2 * int(rows["count"].sum())).value / days_in_year(year),
        unit="people",
        period=str(year),
        geography=" and ".join(p.removesuffix(", CA") for p in ports),
        basis="entries doubled",
        sources=unique(rows["source_id"]),
        caveats=("those who leave are not counted; entries are doubled", *partial, *lacking),
    )


def crossings_by_year(entries: pd.DataFrame, ports: Sequence[str], printed: PrintedNumber) -> pd.DataFrame:
    """Compute daily crossings for every year and say which years print as a given number.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: per_day (people), prints (whether it rounds to the printed number), complete, incomplete (what is lacking).
    """
    rows = []
    for year in sorted(map(int, entries.index.get_level_values("period").unique())):
        found = crossings_per_day(entries, ports, year)
        if isinstance(found, Missing):
            continue
        lacking = "; ".join(found.caveats[1:])
        rows.append(
            {
                "year": year,
                "per_day": float(found.value),
                "prints": compare(found.value, printed, "eq").agrees,
                "complete": not lacking,
                "incomplete": lacking,
            }
        )
    return pd.DataFrame(rows, columns=["year", "per_day", "prints", "complete", "incomplete"]).set_index("year")


def crossing_sets_that_print(entries: pd.DataFrame, ports: Sequence[str], printed: PrintedNumber) -> pd.DataFrame:
    """Try every set of crossings in every year: which of them round to a printed number?

    Returns
    -------
    pandas.DataFrame
        Columns crossings, year, per_day, prints: one row per set and year with data, so that hits by chance can be weighed.
    """
    tried = [
        by_year.assign(crossings=" + ".join(p.removesuffix(", CA") for p in chosen)).reset_index()
        for size in range(1, len(ports) + 1)
        for chosen in combinations(ports, size)
        if len(by_year := crossings_by_year(entries, chosen, printed))
    ]
    return pd.concat(tried, ignore_index=True)[["crossings", "year", "per_day", "prints"]]


def ratio_of_crossings(one: Quantity | Missing, other: Quantity | Missing) -> Quantity | Missing:
    """Return one border's daily crossings over another's, as a plain number.

    The first is counted by its checkpoint authority, the second is entries doubled; the result says so.
    """
    for side in (one, other):
        if isinstance(side, Missing):
            return side
    found = one.interval / other.interval
    return Quantity(
        one.value / other.value,
        period=f"{one.period} over {other.period}",
        sources=unique([*one.sources, *other.sources]),
        bounds=None if found.is_point else found,
        caveats=("a count of travellers at checkpoints over entries doubled", *other.caveats),
    )
