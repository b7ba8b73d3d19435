"""Figures of this chapter, each with its words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.state_exports import farm, months
from cityresearch.chapters.state_exports.notes import percent
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.curve_names import CURVES
from cityresearch.claims.reading import unmarked
from cityresearch.geography import state_in_words
from cityresearch.measures.cited import sources
from cityresearch.numbers.display import in_time, in_words
from cityresearch.numbers.quantity import Missing, Quantity, missing
from cityresearch.phrases import capitalized

__all__ = [
    "by_industry_and_year", "by_year", "farm_losses", "industries", "monthly", "partners", "small_exporters",
    "value_and_boxes",
]  # fmt: skip

_MONTHLY = {"total": "all goods", "domestic": "domestic goods (derived)", "reexports": "re-exports"}
_EPOCH = 2025  # months are counted from January of this year on the axis


@exhibit("state-exports-by-year")
def by_year(years: pd.DataFrame, state: str, **words: str) -> Chart | Missing:
    """Draw a state's exports by year.

    Parameters
    ----------
    years : pandas.DataFrame
        From `totals.by_year`.
    """
    name, values = state_in_words(state), years["value_usd"]
    if years.empty:
        return missing(f"our data have no exports of {name} by year")
    peak = values.idxmax()
    highest = in_words(values[peak], "USD", 2)
    place = _place(years, name)
    told = Words(
        f"{capitalized(name)}'s goods exports were highest in {peak}: {highest} in dollars of that year",
        f"Billion US dollars, by the state where goods began to move. {place} Not adjusted for prices. "
        "The line stops where another download begins.",
        caption=f"Goods exports of {name} by year, latest download of each year.",
        sources=sources(years),
    )
    downloads = years["source_id"]
    breaks = {y - 0.5: "other download" for y in years.index[1:][(downloads != downloads.shift())[1:]]}
    data = pd.DataFrame({"x": years.index, "series": name, "value": values / 1e9, "source_id": downloads})
    return charts.lines(data, told | words, unit="billion US dollars", breaks=breaks, markers=True)


def _place(years: pd.DataFrame, name: str) -> str:
    known = years.dropna(subset=["rank", "share_percent"])
    if known.empty:
        return f"{capitalized(name)} is not ranked among the states."
    low, high = known["rank"].min(), known["rank"].max()
    ranks = f"Rank {low} among the states in every year" if low == high else f"Rank {low} to {high} among the states"
    share = known["share_percent"]
    return (
        f"{ranks}; share of their total {percent(share.iloc[0])} percent in {share.index[0]}, "
        f"{percent(share.iloc[-1])} in {share.index[-1]}."
    )


@exhibit("state-exports-industries")
def industries(parts: pd.DataFrame, state: str, *, year: int, named: int, **words: str) -> Chart | Missing:
    """Draw what industries add to the change of a state's exports: the largest rises and falls.

    Parameters
    ----------
    parts : pandas.DataFrame
        From `parts.industries`.
    named : int
        How many rises and how many falls.
    """
    name, base = state_in_words(state), year - 1
    if parts.empty:
        return missing(f"No download has exports of {name} by industry for both {base} and {year}.")
    ends = _ends(parts, named)
    points = parts["points"]
    top = points.abs().idxmax()
    whole = 100 * parts["change_usd"].sum() / parts["base_usd"].sum()
    told = Words(
        f"{top.replace(' & ', ' and ')} moved {name}'s total by {_signed(points[top])} points, "
        f"others by {_signed(points.drop(top).sum())}",
        f"Percentage points of the change from {base} to {year} ({_signed(whole)} percent). The {len(ends)} largest rises and falls of {len(parts)} industries by three-digit NAICS "
        "code.",
        caption=f"Contribution of industries to the change of {name}'s goods exports, {base} to {year}, "
        "latest download.",
        sources=sources(parts),
    )
    detail = [f"({_in_brackets(v)})" for v in ends["change_percent"]]
    data = pd.DataFrame({"label": ends.index, "value": ends["points"], "detail": detail})
    data["change_percent"] = ends["change_percent"].to_numpy()
    return charts.changes(
        data, told | words, unit="percentage points", digits=2, detail="In brackets: the change of the industry itself."
    )


@exhibit("state-exports-by-industry-and-year")
def by_industry_and_year(table: pd.DataFrame, state: str, **words: str) -> Chart | Missing:
    """Draw a state's largest industries year by year.

    Parameters
    ----------
    table : pandas.DataFrame
        From `parts.industries_by_year`.
    """
    name = state_in_words(state)
    if table.empty:
        return missing(f"Our data have no exports of {name} by industry.")
    values = table.droplevel("source_id")
    (first, last), leader = (int(values.columns[i]) for i in (0, -1)), values.index[0]
    size, unit, decimals = (1e9, "billion", 1) if values[last].min() >= 1e8 else (1e6, "million", 0)
    values = values / size
    before, now = (values.at[leader, year] for year in (first, last))
    told = Words(
        f"{leader.replace(' & ', ' and ')} led {name}'s exports in {last}: ${now:,.{decimals}f} {unit}",
        f"Goods exports by three-digit NAICS code, {unit} US dollars, the {len(values)} largest of {last}; "
        "one download, not adjusted for prices."
        + ("" if pd.isna(before) else f" The first had ${before:,.{decimals}f} {unit} in {first}."),
        caption=f"Goods exports of {name} by industry and year, by the state where goods began to move, "
        "re-exports included.",
        sources=sources(table),
    )
    return charts.heat_table(values, told | words, unit=f"{unit} US dollars", decimals=decimals)


@exhibit("state-exports-partners")
def partners(parts: pd.DataFrame, state: str, *, year: int, named: int, **words: str) -> Chart | Missing:
    """Draw the change of a state's exports by destination: the largest rises and falls.

    Parameters
    ----------
    parts : pandas.DataFrame
        From `parts.partners`.
    named : int
        How many rises and how many falls.
    """
    name, base = state_in_words(state), year - 1
    if parts.empty:
        return missing(f"Our data have no exports of {name} by country of destination for {base} and {year}.")
    ends, change = _ends(parts, named), parts["change_usd"] / 1e9
    rise = f"Exports to {change.index[0]} rose most, by ${change.iloc[0]:.1f} billion"
    fall = f"those to {change.index[-1]} fell most, by ${-change.iloc[-1]:.1f} billion"
    if change.iloc[-1] >= 0:
        fall = "none fell"
    if change.iloc[0] <= 0:
        rise, fall = (
            f"No partner took more in {year}",
            f"exports to {change.index[-1]} fell most, by ${-change.iloc[-1]:.1f} billion",
        )
    told = Words(
        f"{rise}; {fall}",
        f"Change from {base} to {year} in billion US dollars. "
        f"The {len(ends)} largest rises and falls of {len(parts)} destinations.",
        caption=f"Change of {name}'s goods exports by country of destination, {base} to {year}, latest download.",
        sources=sources(parts),
    )
    detail = [f"({_in_brackets(v)})" for v in ends["change_percent"]]
    data = pd.DataFrame({"label": ends.index, "value": ends["change_usd"] / 1e9, "detail": detail})
    data["change_percent"] = ends["change_percent"].to_numpy()
    return charts.changes(data, told | words, unit="billion US dollars", digits=2, detail="In brackets: in percent.")


def _ends(parts: pd.DataFrame, named: int) -> pd.DataFrame:
    """Return the first and last rows, each once."""
    ends = pd.concat([parts.head(named), parts.tail(named)])
    return ends[~ends.index.duplicated()]


def _signed(value: float, digits: int = 1) -> str:
    """Write a change with its sign, as the figures do."""
    return f"{value:+.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _in_brackets(change: float) -> str:
    return "none the year before" if pd.isna(change) else f"{change:+.0f} percent".replace("-", "\N{MINUS SIGN}")


@exhibit("state-exports-monthly-change")
def monthly(compared: pd.DataFrame, state: str, *, year: int, **words: str) -> Chart | Missing:
    """Draw the change of each month against the same month of the year before.

    Parameters
    ----------
    compared : pandas.DataFrame
        From `months.against_year_before`.
    year : int
        The year whose months are added up in the subtitle, where there are any.
    """
    name = state_in_words(state)
    if compared.empty:
        return missing(f"Our data have no monthly exports of {name}.")
    table = compared.reset_index()
    table["x"] = [(int(month[:4]) - _EPOCH) * 12 + int(month[5:]) for month in table["month"]]
    table = table.assign(series=table["series"].map(_MONTHLY), value=table["change_percent"], period=table["month"])
    totals = table[table["series"] == _MONTHLY["total"]]
    first, last = totals["month"].min(), totals["month"].max()
    told = Words(
        f"{capitalized(name)}'s exports were below the month of the year before in {int((totals['value'] < 0).sum())} "
        f"of {len(totals)} months",
        f"Change against the same month of the year before, percent, {in_time(first)} to {in_time(last)}. {_together(compared, year)}"
        "Re-exports are foreign goods that only pass through; single months swing with single shipments.",
        caption=f"Change of {name}'s goods exports against the same month of the year before, both as one edition "
        "prints them.",
        sources=sources(totals),
    )
    ticks = {
        x: in_time(month).replace(" ", "\n", 1)
        for x, month in zip(totals["x"], totals["month"], strict=True)
        if (x - 1) % 3 == 0
    }
    drawn = table[["x", "period", "series", "value", "source_id"]]
    return charts.lines(drawn, told | words, unit="percent", ticks=ticks, markers=True, zero=False)


def _together(compared: pd.DataFrame, year: int) -> str:
    """Return the change of a year's months together, or nothing where it has none."""
    added = months.together(compared, year)
    if added.empty:
        return ""
    first, last, number = added.iloc[0][["first", "last", "months"]]
    changes = ", ".join(f"{words} {added.at[series, 'change_percent']:+.1f}" for series, words in _MONTHLY.items())
    return f"{in_time(first)} to {in_time(last)} together ({number} months): {changes} percent. "


@exhibit("state-exports-and-port-boxes")
def value_and_boxes(
    value: Mapping[str, Quantity | Missing],
    loaded: Mapping[str, Quantity | Missing],
    cargo: Mapping[str, Quantity | Missing],
    state: str,
    *,
    year: int,
    steady: float,
    **words: str,
) -> Chart | Missing:
    """Draw the change of exports by value next to the change of the containers of the state's ports.

    Parameters
    ----------
    value, loaded, cargo : mapping of name to Quantity or Missing
        Changes in percent, from `resilience.by_value` and `resilience.port_changes`.
    steady : float
        Percent by which a port's boxes may differ and still count as steady.
    """
    name, base = state_in_words(state), year - 1
    groups = {
        "By value": value,
        "Loaded export boxes": {_port(port, change): change for port, change in loaded.items()},
        "All boxes": {_port(port, change): change for port, change in cargo.items()},
    }
    known = {group: {k: c for k, c in found.items() if isinstance(c, Quantity)} for group, found in groups.items()}
    if not known["Loaded export boxes"] and not known["All boxes"]:
        return missing(f"Our data have no container counts of a port in {name} for both {base} and {year}.")
    rows = [
        {
            "group": group,
            "label": label,
            "value": float(change.value),
            "detail": "",
            "source_id": ";".join(change.sources),
        }
        for group, found in known.items()
        for label, change in found.items()
    ]
    boxes, exported = (list(known[group].values()) for group in ("All boxes", "Loaded export boxes"))
    still = sum(abs(change.value) <= steady for change in boxes)
    kind, told_of = ("export boxes", exported) if exported else ("all boxes", boxes)
    fell = sum(change.value < 0 for change in told_of)
    stayed = f" All boxes stayed within {steady:g} percent at {still} of {_ports(boxes)}." if boxes else ""
    told = Words(
        f"{_whole(value['all goods'], name, year)}; {kind} fell at {fell} of {_ports(told_of)}",
        f"Change from {base} to {year}, percent.{stayed} Months in brackets: only months that both years have are "
        "compared. Ports count boxes from every state.",
        caption=f"{capitalized(name)}'s exports by value, next to the boxes of its large ports, {base} to {year}.",
        sources=sources(*known.values()),
    )
    return charts.changes(pd.DataFrame(rows), told | words, unit="percent")


def _whole(total: Quantity | Missing, name: str, year: int) -> str:
    if isinstance(total, Missing):
        return f"How {name}'s exports changed by value in {year} is not known"
    return f"{capitalized(name)}'s exports changed by {_signed(float(total.value))} percent by value"


def _port(port: str, change: Quantity | Missing) -> str:
    """Return a port's short name, with the months that are compared where they are not whole years."""
    short = port.removeprefix("Port of ")
    whole = isinstance(change, Missing) or len(change.period.split()) == 3
    return short if whole else f"{short} ({change.period.split(' of ')[0]})"


def _ports(changes: list[Quantity]) -> str:
    return f"{len(changes)} port{'s' * (len(changes) != 1)}"


@exhibit(CURVES["C143"])
def farm_losses(falls: Mapping[str, object], **words: str) -> Chart:
    """Draw the readings of the losses of farm goods, from `readings.farm_losses`."""
    wine, drinks, crops = (-float(falls[name].value) for name in (farm.WINE, farm.DRINKS, farm.CROPS))
    told = Words(
        f"U.S. wine exports: {_signed(wine, 0)} percent; California's drinks and tobacco {_signed(drinks, 0)}, crops {_signed(crops, 0)}",
        note="A rise is a negative fall. The crops hold the nuts.",
    )
    return charts.specification_curve("C143", falls, told | words)


@exhibit(CURVES["C150"])
def small_exporters(shares: Mapping[str, object], **words: str) -> Chart:
    """Draw the readings of what small firms make of exports, from `readings.small_exporters`."""
    ranges = []
    for kind in ("share of exporting companies", "share of export value"):
        values = [float(unmarked(share).value) for name, share in shares.items() if name.startswith(kind)]
        ranges.append(f"{min(values):.0f} to {max(values):.0f}")
    companies, value = ranges
    told = Words(f"Small firms: {companies} percent of California's exporters, {value} percent of export value")
    return charts.specification_curve("C150", shares, told | words)
