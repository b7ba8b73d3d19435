"""Figures of the ports, with their words: volumes, shares, the spring of 2025, months and jobs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.ports import breaks, ships
from cityresearch.chapters.ports import jobs as job_rows
from cityresearch.chapters.ports.series import DIRECTIONS
from cityresearch.chapters.ports.shares import REGION_NAMES, ports_in_words, ports_of
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.measures.cited import sources
from cityresearch.measures.interruption import month_of
from cityresearch.numbers.quantity import Missing, Quantity, missing
from cityresearch.phrases import capitalized

__all__ = ["break_estimates", "jobs", "months", "share_by_base", "ships_and_containers", "volumes"]
_ROUNDING = "Lines show what rounding in the sources allows."


@exhibit("port-containers-by-year")
def volumes(yearly: pd.DataFrame, region: str, **words: str) -> Chart | Missing:
    """Draw the yearly containers of each port of a region.

    Parameters
    ----------
    yearly : pandas.DataFrame
        From `series.by_year`.
    region : str
        A key of `shares.REGIONS`.
    """
    known = yearly.dropna(subset="value")
    if known.empty:
        return missing(f"No yearly totals of {ports_in_words(region)} are in our data.")
    yearly = yearly.assign(series=yearly["series"].str.removeprefix("Port of "), value=yearly["value"] / 1e6)
    first, last = int(known["x"].min()), int(known["x"].max())
    newest = known[known["x"] == last].sort_values("value", ascending=False)
    handled = ", ".join(f"{r.series.removeprefix('Port of ')} {r.value / 1e6:.2f}" for r in newest.itertuples())
    rounded, derived = known[known["precision"] > 1], known[known["derived"] != ""]
    listed = ", ".join(f"{r.x} of {r.series.removeprefix('Port of ')}" for r in derived.itertuples())
    without = [port.removeprefix("Port of ") for port in ports_of(region) if port not in set(known["series"])]
    told = Words(
        title=f"In {last}, in million TEU: {handled}",
        subtitle="Containers of all kinds, loaded and empty, million TEU a year, as the ports count them. "
        "Gaps are years without a published figure in our data; nothing is filled in."
        + (f" We have no yearly totals for {' and '.join(without)}." if without else ""),
        caption=f"Yearly container volume of {REGION_NAMES[region]}, {first} to {last}; {len(rounded)} of {len(known)} "
        "figures are rounded in their source" + (f", derived: {listed}." if listed else "."),
        sources=sources(yearly.sort_values(["series", "x"])),
    )
    drawn = yearly[["x", "series", "value"]].assign(source_id=_ids(yearly["sources"]))
    return charts.lines(drawn, told | words, unit="million TEU", markers=True)


@exhibit("port-shares-by-base")
def share_by_base(by_base: pd.DataFrame, region: str, **words: str) -> Chart | Missing:
    """Draw a region's shares of the nation's loaded containers under each base.

    Parameters
    ----------
    by_base : pandas.DataFrame
        From `series.shares_by_base`.
    region : str
        A key of `shares.REGIONS`.
    """
    if by_base.empty:
        return missing(f"No share of {ports_in_words(region)} can be computed from our tables.")
    low, high = by_base["value"].min(), by_base["value"].max()
    told = Words(
        title=f"{capitalized(REGION_NAMES[region])}: {low:.0f} to {high:.0f} percent of the nation's loaded containers",
        subtitle="Percent, by direction and by who counts. Customs-based: federal tables of loaded boxes in foreign trade. Ports' own: over the ports "
        f"that a trade association tracks. The two kinds are not one series. {_ROUNDING}",
        caption=f"Share of {REGION_NAMES[region]} in U.S. loaded containers, under each base for which part and whole "
        "are published.",
        sources=sources(by_base),
    )
    drawn = by_base.drop(columns="sources").assign(source_id=_ids(by_base["sources"]))
    return charts.dots(drawn, told | words, unit="percent of U.S. loaded containers", zero=False)


@exhibit("port-ships-and-containers")
def ships_and_containers(changes: Mapping[str, Mapping[str, Quantity | Missing]], **words: str) -> Chart | Missing:
    """Draw ships and containers in San Pedro Bay in the spring of 2025 against the year before.

    Parameters
    ----------
    changes : mapping of group to mapping of label to Quantity or Missing
        From `ships.changes`.
    """
    rows = ships.as_rows(changes)
    if rows.empty:
        return missing("No ships or containers of the spring of 2025 are in our data.")
    week, month = changes[ships.SHIPS][ships.WEEK], changes[ships.MONTH][REGION_NAMES["san-pedro-bay"]]
    told = Words(
        title=", ".join(
            filter(None, (_fewer(week, 0, "ships docked in one week"), _fewer(month, 1, "containers in the month")))
        )
        or "Ships and containers in the spring of 2025",
        subtitle="Change against a year before, percent; arrivals against what is normal. Ports of San Pedro Bay. "
        + _ROUNDING,
        caption="Three measures of the same spring: ships docked in one week, containers in the month, containers in "
        "the year. All against the year before, arrivals against a normal count.",
        sources=sources(changes),
    )
    return charts.dots(rows, told | words, unit="percent")


@exhibit("port-containers-by-month")
def months(by_port: pd.DataFrame, region: str, direction: str, shock: str, **words: str) -> Chart | Missing:
    """Draw the monthly containers of each port of a region, and the month of a shock.

    Parameters
    ----------
    by_port : pandas.DataFrame
        From `series.months_by_port`.
    region : str
        A key of `shares.REGIONS`.
    direction : str
        A key of `series.DIRECTIONS`.
    shock : str
        YYYY-MM; marked if it lies among the months drawn.
    """
    what, since = DIRECTIONS[direction], by_port["month"].min() if len(by_port) else ""
    whole = by_port[by_port["series"] == "together"] if len(ports_of(region)) > 1 else by_port
    known = whole.dropna(subset="value")
    if len(known) < 2:
        return missing(
            f"No months are drawn: our data have fewer than two recent months in which {ports_in_words(region)} "
            f"{'all have' if len(ports_of(region)) > 1 else 'has'} a count of {what}."
        )
    known = known.assign(value=1e3 * known["value"]).set_index("month")["value"]
    first, last, marked = month_of(known.index[0]), month_of(known.index[-1]), month_of(shock)
    lowest = known.idxmin()
    event = {marked.year + (marked.month - 0.5) / 12: marked.strftime("%b %Y")} if first <= marked <= last else None
    told = Words(
        title=f"{capitalized(REGION_NAMES[region])}: {what} since {_month(first)} were lowest in {_month(lowest)}",
        subtitle=f"{capitalized(what)}, thousand TEU a month. A gap is a month in which a port printed no figure and none "
        f"follows from others.{f' Dotted: {_month(marked)}.' if event else ''}",
        caption=f"{capitalized(what)} of {REGION_NAMES[region]} by month; months that follow exactly from other counts "
        "are included and listed above.",
        sources=sources(by_port.sort_values(["series", "x"])),
    )
    ticks = {
        year + (month - 0.5) / 12: f"{'Jan' if month == 1 else 'Jul'} {year}"
        for year in range(int(since[:4]), last.year + 1)
        for month in (1, 7)
        if f"{year}-{month:02d}" <= str(last)
    }
    drawn = by_port[["x", "series", "value"]].assign(period=by_port["month"], source_id=_ids(by_port["sources"]))
    return charts.lines(drawn, told | words, unit="thousand TEU", markers=True, events=event, ticks=ticks)


@exhibit("port-break-estimates")
def break_estimates(
    found: pd.DataFrame, counts: pd.DataFrame, region: str, direction: str, shock: str, **words: str
) -> Chart | Missing:
    """Draw the change of a series at a date under each window, trend, control and model of the errors.

    Parameters
    ----------
    found : pandas.DataFrame
        From `breaks.specifications`.
    counts : pandas.DataFrame
        From `containers.settled`, for the sources.
    region : str
        A key of `shares.REGIONS`.
    direction : str
        A key of `series.DIRECTIONS`.
    shock : str
        YYYY-MM.
    """
    rows = breaks.as_rows(found)
    if rows.empty:
        return missing(f"No change at {shock} can be estimated from the months of {ports_in_words(region)}.")
    step = rows[rows["group"].str.startswith("a lasting")]["value"]
    span = f"{step.min():+.0f} to {step.max():+.0f} percent".replace("-", "\N{MINUS SIGN}") if len(step) else "unknown"
    told = Words(
        title=f"{capitalized(REGION_NAMES[region])}: a lasting step from {_month(shock)} is {span} by model",
        subtitle=f"Change of the monthly count of {DIRECTIONS[direction]}, percent, with 95 percent limits, by window, trend and errors. "
        "Newey-West: least squares; autoregressive: ARIMA(1, 0, 0).",
        caption=f"Change at {_month(shock)} in the {DIRECTIONS[direction]} of {REGION_NAMES[region]} under each "
        "specification. Month effects are in all of them.",
        sources=sources(breaks.months_used(counts, region, direction)),
    )
    return charts.dots(rows, told | words, unit="percent")


@exhibit("port-jobs")
def jobs(found: pd.DataFrame, region: str, **words: str) -> Chart | Missing:
    """Draw the jobs that studies credit to a region's ports, by area and source.

    Parameters
    ----------
    found : pandas.DataFrame
        From `jobs.by_study`.
    region : str
        A key of `shares.REGIONS`.
    """
    if found.empty:
        return missing(f"No study in our data credits jobs to {ports_in_words(region)}.")
    low, high = found["jobs"].min() / 1e6, found["jobs"].max() / 1e6
    span = f"run from {low:.2f} to {high:.1f} million" if len(found) > 1 else f"are {high:.2f} million"
    told = Words(
        title=f"Jobs credited to {ports_in_words(region)} {span}",
        subtitle="Million jobs as each study or page prints them. Years in brackets where one is printed. "
        "Lines show what rounding and words such as nearly allow.",
        caption=f"Jobs credited to {ports_in_words(region)}, by area and source. The studies count different things; "
        "no two need agree.",
        sources=sources(found),
    )
    return charts.dots(job_rows.as_rows(found), told | words, unit="million jobs", scale=1e6)


def _ids(cells: pd.Series) -> list[str]:
    """Return the sources of each row as a figure's data have them; a row without any of its own has none."""
    return [";".join(named) if isinstance(named, list | tuple) else "" for named in cells]


def _month(month: object) -> str:
    return month_of(str(month)).strftime("%B %Y")


def _fewer(change: Quantity | Missing, digits: int, of_what: str) -> str:
    """Return a change in words, for instance "44 percent fewer ships docked in one week"."""
    if isinstance(change, Missing):
        return ""
    return f"{abs(float(change.value)):.{digits}f} percent {'fewer' if change.value < 0 else 'more'} {of_what}"
