"""Figures of jobs in trade and logistics, with their words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.trade_and_work.inland import FIRST_QUARTER, HALF, Changes, lost
from cityresearch.chapters.trade_and_work.readings import METRO, MONTH
from cityresearch.charts.chart import Chart, in_marks
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.agreeing import how_many_agree
from cityresearch.claims.curve_names import CURVES
from cityresearch.claims.ledger import claim
from cityresearch.claims.wordings import reach
from cityresearch.geography import short_metro
from cityresearch.measures.cited import sources
from cityresearch.measures.employment import month_name, month_number
from cityresearch.numbers.display import in_time, in_words
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = ["against_the_season", "by_edition", "exports_curve", "seasonal_peak", "trade_jobs_curve"]


@exhibit("trade-jobs-by-edition")
def by_edition(near: pd.DataFrame, metro: str, month: str, read_on: str = "", **words: str) -> Chart | Missing:
    """Draw monthly jobs in trade, transportation and utilities, one line for each edition.

    Parameters
    ----------
    near : pandas.DataFrame
        From `editions.near`.
    metro, month : str
        Where they are those of claim C045, its printed number is drawn too.
    read_on : str
        The day on which the page was read, as the note of that claim says: YYYY-MM-DD.
    """
    name = short_metro(metro)
    if near.empty:
        return missing(f"{name}: no figure of this sector near {month_name(month)} to draw.")
    plotted = _plotted(near, name)
    months = [month_number(m) for m in near["month"]]
    ticks = {float(m): month_name(m, short=True) for m in range(min(months), max(months) + 1, 3)}
    level, events = _printed(read_on) if (metro, month) == (METRO, MONTH) else (None, {})
    several = near["edition"].nunique() > 1
    told = Words(
        title=_by_edition_title(near, name),
        subtitle="Thousand jobs in wholesale and retail trade, transportation, warehousing and utilities; nothing in "
        f"it is international by definition. {'One line per edition, never joined.' if several else ''}",
        caption=f"Trade, transportation and utilities in {name} by month, as each edition of the federal table prints "
        "it.",
        sources=sources(near),
    )
    return charts.editions(
        plotted,
        told | words,
        units={name: "thousand jobs"},
        level=level,
        level_range=_covered() if level else None,
        events=events,
        ticks=ticks,
        zero=False,
        height=2.6,
    )


def _plotted(near: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the lines with a label at the highest and the lowest month of each edition."""
    ends = near.groupby("edition")["jobs"].agg(["idxmax", "idxmin"])
    below = {**dict.fromkeys(ends["idxmin"], True), **dict.fromkeys(ends["idxmax"], False)}
    labeled = near.loc[list(below)].assign(below=list(below.values())).drop_duplicates(["month", "jobs"]).index
    plotted = near.assign(
        panel=name,
        edition=[f"edition of {month_name(edition)}" for edition in near["edition"]],
        x=[float(month_number(m)) for m in near["month"]],
        period=near["month"],
        value=near["jobs"] / 1000,
        derived=False,
        below=[below.get(i, False) for i in near.index],
    )
    plotted["label"] = [
        in_marks(f"{v:,.1f}") if i in labeled else "" for i, v in zip(plotted.index, plotted["value"], strict=True)
    ]
    return plotted


def _printed(read_on: str) -> tuple[tuple[float, str], dict[float, str]]:
    """Return the printed number as a line, and the day on which the page was read as an event, if there is one."""
    value = claim("C045").printed.value
    level = (float(value) / 1000, f"printed: more than {in_words(value)}")
    if not read_on:
        return level, {}
    day = month_number(read_on[:7]) + (int(read_on[8:10]) - 1) / 30
    return level, {day: f"page read\n{in_time(read_on)}"}


def _covered() -> tuple[float, float]:
    """Return what the wording of the printed number covers, in thousand jobs."""
    covered = reach(claim("C045"))
    return float(covered.low) / 1000, float(covered.high) / 1000


def _by_edition_title(near: pd.DataFrame, name: str) -> str:
    latest = near[near["edition"] == near["edition"].max()]
    top, low = latest.loc[latest["jobs"].idxmax()], latest.loc[latest["jobs"].idxmin()]
    said = f"{name}: {top['jobs']:,} jobs in {month_name(top['month'])}"
    if top["jobs"] == low["jobs"]:
        return said
    return f"{said}, {low['jobs']:,} in {month_name(low['month'])}"


@exhibit(CURVES["C045"])
def trade_jobs_curve(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw the trade jobs that the paper prints under each reading, from `readings.trade_jobs`."""
    return charts.specification_curve(
        "C045", readings, Words(how_many_agree("C045", readings, "San Francisco trade sector")) | words
    )


@exhibit("trade-jobs-seasonal-peak")
def seasonal_peak(season: pd.DataFrame, metro: str, month: str, **words: str) -> Chart | Missing:
    """Draw how far a month is above the lowest month of the same edition, by place.

    Parameters
    ----------
    season : pandas.DataFrame
        From `seasons.seasonal_position`.
    metro : str
        Drawn dark.
    month : str
        YYYY-MM.
    """
    if season.empty:
        return missing(f"{month_name(month)}: no place has this month and three others in one edition.")
    shown = season.reset_index()
    shown = shown.assign(
        name=[
            f"{short_metro(place)}{' (seasonally adjusted)' if adjusted == 'yes' else ''}"
            for place, adjusted in zip(shown["geography"], shown["seasonally_adjusted"], strict=True)
        ],
        value=shown["above_lowest_percent"],
        strong=shown["geography"] == metro,
    )
    fewest, most = int(shown["months"].min()), int(shown["months"].max())
    editions = f"Editions have {fewest} to {most} months" if fewest < most else f"Editions have {fewest} months"
    told = Words(
        title=_peak_title(season, month),
        subtitle="Jobs in trade, transportation and utilities: percent above the lowest month of the same edition. "
        f"{editions}, so the lowest month of the year may be lower still."
        + (f" Dark: {short_metro(metro)}." if shown["strong"].any() else ""),
        caption=f"How far {month_name(month)} is above the lowest month printed in the same edition, by place. "
        "Divisions are parts of the areas, so the two must not be added.",
        sources=sources(shown),
    )
    return charts.ranked(
        shown[["name", "value", "strong", "source_id"]], told | words, unit="percent above the lowest month"
    )


def _peak_title(season: pd.DataFrame, month: str) -> str:
    metros = season[season["seasonally_adjusted"] == "no"]
    if metros.empty:
        return f"{month_name(month)} against the lowest month of its edition, seasonally adjusted"
    highest = int(metros["is_highest"].sum())
    if len(metros) == 1:
        only = short_metro(metros.index[0])
        return (
            f"{month_name(month)} is {'the highest' if highest else 'not the highest'} month of its edition in {only}"
        )
    return (
        f"{month_name(month)} is the highest month of its edition in {highest or 'none'} of {len(metros)} metro areas and "
        "divisions"
    )


@exhibit("inland-empire-jobs-by-month")
def against_the_season(economy: pd.DataFrame, changes: Changes, **words: str) -> Chart | Missing:
    """Draw the monthly changes of the Inland Empire in the first half of 2025 with the usual changes where they are
    printed.

    Parameters
    ----------
    economy : pandas.DataFrame
        The dataset `economy_observations`.
    changes : Changes
        From `inland.changes`.
    """
    half, quarter = lost(economy), lost(economy, FIRST_QUARTER)
    panels = {"All nonfarm jobs": changes.everything, "Transportation and warehousing": changes.transport}
    if isinstance(half, Missing) or isinstance(quarter, Missing):
        return missing("A month of the first half of 2025 is missing, so the figure is not drawn.")
    months = list(HALF)
    short = [month_name(m)[:3] for m in months]
    long = pd.concat(
        part.loc[months, ["change", "usual"]].astype("float64").assign(panel=name, period=months, tick=short)
        for name, part in panels.items()
    )
    vessels = claim("C140").period[:7]
    told = Words(
        title=_season_title(half, quarter),
        subtitle="Thousand jobs against the month before, first releases, not seasonally adjusted. No usual change is "
        "printed for transportation and warehousing.",
        caption="Monthly changes in jobs in Riverside and San Bernardino counties, as first released, with the usual "
        "change of the month where the source prints one.",
        sources=sources(changes.transport.loc[months], changes.everything.loc[months]),
    )
    return charts.against_usual(
        long, told | words, unit="thousand jobs", scale=1000,
        usual_label="usual for the month: the source's average of four or five years",
        events={vessels: "fall in vessels\nthat the paper names"},
    )  # fmt: skip


def _season_title(half: Quantity, quarter: Quantity) -> str:
    if half.value <= 0:
        return f"Inland Empire: {-int(half.value):,} transport and warehouse jobs gained in the first half of 2025"
    return (
        f"Inland Empire: of {int(half.value):,} transport and warehouse jobs lost, {int(quarter.value):,} went before "
        "April 2025"
    )


@exhibit(CURVES["C033"])
def exports_curve(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw the jobs supported by exports that the paper prints under each reading, from `readings.supported_jobs`."""
    known = {name: item for name, item in readings.items() if isinstance(item, Quantity)}
    title = how_many_agree("C033", readings, "Jobs supported by exports")
    if known:
        lowest = min(known, key=lambda name: known[name].value)
        title += f"; lowest {in_words(known[lowest].value)}"
    return charts.specification_curve("C033", readings, Words(title) | words)
