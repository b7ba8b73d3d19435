"""Figures of metro exports, with their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.metro_exports.bars import metro_bars
from cityresearch.chapters.metro_exports.concentration import by_year
from cityresearch.chapters.metro_exports.map import metro_map, with_outline
from cityresearch.chapters.metro_exports.trends import ALLOCATED_SINCE, series_of
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.claims.ledger import claim
from cityresearch.claims.reading import printed_words
from cityresearch.geography import short_metro, state_in_words
from cityresearch.measures.cited import sources
from cityresearch.numbers.display import in_words
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, missing

__all__ = [
    "ASSIGNED",
    "COUNTED",
    "NOTE_ON_ASSIGNED",
    "billions",
    "concentration",
    "metro_exports",
    "metros_on_map",
    "selected",
    "trend",
]

COUNTED = "by the ZIP code of the exporter of record"
ASSIGNED = {ALLOCATED_SINCE - 0.5: "assigned"}
NOTE_ON_ASSIGNED = f"Assigned: until {ALLOCATED_SINCE - 1} some exports were given to no area."


@exhibit("figure-1-metro-exports")
def selected(
    rows: pd.DataFrame,
    *,
    state: str,
    top: int,
    printed: Mapping[str, PrintedNumber] | None = None,
    **words: str,
) -> Chart | Missing:
    """Draw the metros of the paper's Figure 1 as far as its text tells them: the largest, whose sum is set against its total.

    Parameters are those of `metro_exports`; of the rows, the `top` largest are drawn.
    """
    if rows.empty:
        return missing(f"No metro of {state_in_words(state)} has a value for this year, so none is selected.")
    ordered = rows.sort_index().sort_values("value_usd", ascending=False, kind="stable").reset_index().head(top)
    year, name, count = int(ordered["year"].iloc[0]), state_in_words(state), len(ordered)
    printed = {t: p for t, p in (printed or {}).items() if t in set(ordered["cbsa_title"])}
    together = in_words(int(ordered["value_usd"].sum()), "USD")
    which = f"{name}'s {count} largest metros" if count > 1 else f"{name}'s largest metro"
    total = claim("C027")
    told = Words(
        f"{which[0].upper()}{which[1:]} exported goods worth {together} in {year}",
        f"Billion US dollars, counted {COUNTED}."
        + (
            f" ◆ printed in the paper. Its Figure 1 shows select metros and labels them {total.period}; its text prints these "
            f"{len(printed)} and {printed_words(total)} in all. Drawn are the metros whose sum fits that."
            if printed
            else ""
        ),
        caption=f"Goods exports of {which} in {year}, {COUNTED}; first release, never revised."
        + (" A reconstruction: the bars of the paper's figure are not in its text." if printed else ""),
        sources=sources(ordered),
    )
    return metro_bars(ordered, told | words, top=count, printed=printed)


@exhibit("metro-exports-by-metro")
def metro_exports(
    rows: pd.DataFrame,
    *,
    state: str,
    top: int,
    printed: Mapping[str, PrintedNumber] | None = None,
    printed_label: str = "printed in the paper, there labeled 2024",
    **words: str,
) -> Chart | Missing:
    """Draw a state's metros by goods exports of one year, largest first.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `metro_exports` of one year.
    state : str
        Postal code, for the title.
    top : int
        How many of the largest are drawn in the strong color and added up in the subtitle.
    printed : mapping of metro title to PrintedNumber, optional
        Numbers to mark next to the bars.
    """
    if rows.empty:
        return missing(f"No metro of {state_in_words(state)} has a value for this year, so there are no bars to draw.")
    ordered = rows.sort_index().sort_values("value_usd", ascending=False, kind="stable").reset_index()
    year, count, name = int(ordered["year"].iloc[0]), len(ordered), state_in_words(state)
    top, printed = min(top, count), {t: p for t, p in (printed or {}).items() if t in set(ordered["cbsa_title"])}
    first, most = short_metro(ordered["cbsa_title"].iloc[0]), billions(ordered["value_usd"].iloc[0])
    sum_top, sum_all = int(ordered["value_usd"].head(top).sum()), int(ordered["value_usd"].sum())
    strong = f"The {top} largest together: {in_words(sum_top)}; all" if 1 < top < count else "All"
    sums = f" {strong} {count} shown: {in_words(sum_all)}." if count > 1 else ""
    told = Words(
        _first_of(count, first, most, name, year),
        f"Billion US dollars.{sums} Counted {COUNTED}, which need not be where goods were made; foreign goods that "
        "only pass through "
        "are included." + (f"\n◆ {printed_label}" if printed else ""),
        caption=f"Goods exports of {name}'s metropolitan areas in {year}, {COUNTED}; first release, never revised.",
        sources=sources(ordered),
    )
    return metro_bars(ordered, told | words, top=top, printed=printed)


def _first_of(count: int, first: str, most: str, name: str, year: int) -> str:
    if count == 1:
        return f"{first}, the only metro of {name} with a value, exported goods worth ${most} billion in {year}"
    if count == 2:
        return f"{first} exported more goods than the other metro of {name}, {year}"
    return f"{first} leads all {count} of {name}'s metros in goods exports, {year}"


@exhibit("metro-exports-trend")
def trend(
    exports: pd.DataFrame,
    metros: Sequence[str],
    breaks: Mapping[str, Sequence[int]],
    *,
    state: str,
    year: int,
    **words: str,
) -> Chart | Missing:
    """Draw metros' exports over time, each line interrupted where the metro's counties changed or may have.

    Parameters
    ----------
    exports : pandas.DataFrame
        The dataset `metro_exports`.
    metros : sequence of str
        Titles of the metros that are drawn, the largest first.
    breaks : mapping of metro title to years
        From `areas.break_years`.
    state, year
        Whose largest metros they are, and in which year.
    """
    name = state_in_words(state)
    if not metros:
        return missing(f"No metro of {name} has a value for {year}, so no trend is drawn.")
    data, leaders = series_of(exports, metros), by_year(exports, state=state, n=1)
    ends = [(n, g["value"].iloc[0] * 1e9, g["value"].iloc[-1] * 1e9) for n, g in data.groupby("series", sort=False)]
    leads, first = int((leaders["largest"] == metros[0]).sum()), short_metro(metros[0])
    several = f"The {len(metros)} largest metros" if len(metros) > 1 else "The largest metro"
    start, end = int(data["x"].min()), int(data["x"].max())
    assigned = start < ALLOCATED_SINCE <= end
    told = Words(
        f"{first} was {name}'s largest exporting metro in {leads} of {len(leaders)} years"
        if leaders["metros"].max() > 1
        else f"{first} exported goods worth ${billions(ends[0][2])} billion in {end}, "
        f"${billions(ends[0][1])} billion in {start}",
        subtitle=f"{several} of {name} in {year}, billion US dollars, {COUNTED}. A line stops where the metro's "
        "counties changed, or where the lists in our data cannot tell. Not adjusted for prices.",
        caption=f"Goods exports of the largest metros of {name}, each year in the areas of its own reporting.",
        sources=sources(exports.loc[metros]),
        note=NOTE_ON_ASSIGNED if assigned else "",
    )
    return charts.lines(
        data,
        told | words,
        unit="billion US dollars",
        breaks=_labels(breaks[title] for title in metros),
        interrupted={short_metro(title): [y - 0.5 for y in breaks[title]] for title in metros},
        events=ASSIGNED if assigned else None,
        height=3.2,
    )


@exhibit("metro-exports-concentration")
def concentration(
    table: pd.DataFrame, breaks: Mapping[str, Sequence[int]], *, state: str, n: int, **words: str
) -> Chart | Missing:
    """Draw what part of a state's metro exports its largest metros make; it stops where counties changed or may have.

    Parameters
    ----------
    table : pandas.DataFrame
        From `concentration.by_year`, with the same `n`.
    breaks : mapping of metro title to years
        From `areas.break_years`, for every metro of the state.
    """
    name = state_in_words(state)
    if len(table) < 2 or table["metros"].max() <= n:
        return missing(f"Concentration is not drawn: {name} has no more than {n} metros with a value in any year.")
    share, equal = table["top_share_percent"], table["equal_metros"]
    first, last = table.index[0], table.index[-1]
    which = f"{name}'s {n} largest metros" if n > 1 else f"{name}'s largest metro"
    assigned = first < ALLOCATED_SINCE <= last
    told = Words(
        f"{which} made {share[first]:.1f} percent of its metro exports in {first}, {share[last]:.1f} in {last}",
        subtitle=f"Percent of the exports of all metros of {name} with a value. As concentrated as {equal[first]:.1f} "
        f"equal metros in {first}, {equal[last]:.1f} in {last}. The line stops where the counties of any of them "
        "changed or may have.",
        caption=f"Concentration of metro exports of {name}.",
        sources=sources(table),
        note=NOTE_ON_ASSIGNED if assigned else "",
    )
    line = pd.DataFrame({"x": table.index, "series": "share", "value": share})
    events = ASSIGNED if assigned else None
    return charts.lines(
        line,
        told | words,
        unit="percent",
        breaks=_labels(breaks.values()),
        events=events,
        markers=True,
        zero=False,
        height=2.2,
    )


@exhibit("metro-exports-map")
def metros_on_map(
    rows: pd.DataFrame,
    members: Mapping[str, Sequence[str]],
    without: Sequence[str],
    *,
    state: str,
    year: int,
    **words: str,
) -> Chart | Missing:
    """Draw a state's metros on a map, with a circle for the exports of each.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `metro_exports` of one year.
    members : mapping of metro title to FIPS codes
        From `areas.counties_in_force`.
    without : sequence of str
        Metros that have no value in this year.
    """
    name, outlined = state_in_words(state), with_outline(members)
    if rows.empty:
        return missing(f"No metro of {name} has a value for {year}, so there is no map.")
    if not outlined:
        return missing(
            f"No map: our data have no counties for metros of {name} in the areas of {year}, or no outlines of them."
        )
    ordered = rows.reset_index().sort_values("value_usd", ascending=False)
    blank = [short_metro(title) for title in ordered["cbsa_title"] if title not in outlined]
    first, large, count = ordered.iloc[0], int((ordered["value_usd"] >= 10e9).sum()), len(ordered)
    told = Words(
        f"{large or 'None'} of {name}'s {count} metros exported goods worth $10 billion or more in {year}"
        if count > 1
        else f"{short_metro(first.cbsa_title)} exported goods worth ${billions(first.value_usd)} billion in {year}",
        subtitle=f"Goods exports by metro in its areas of {year}, billion US dollars, {COUNTED}. The area of a "
        "circle follows the exports; it is in the metro's largest county.",
        caption=f"Metros of {name} by goods exports, {year}. Outlines are generalized."
        + (f" Without a value: {'; '.join(without)}." if without else ""),
        sources=sources(ordered),
        note=f"Not on the map, because our data have no outline of their counties: {'; '.join(blank)}."
        if blank
        else "",
    )
    return metro_map(ordered[ordered["cbsa_title"].isin(outlined)], outlined, told | words, state=state)


def _values(rows: pd.DataFrame) -> list[tuple[str, float]]:
    return list(zip(rows["cbsa_title"], rows["value_usd"], strict=True))


def billions(usd: float) -> str:
    """Write US dollars in billions, with a second decimal below one billion."""
    return f"{usd / 1e9:.1f}" if usd >= 0.95e9 else f"{usd / 1e9:.2f}"


def _labels(breaks: Iterable[Sequence[int]]) -> dict[float, str]:
    """Return where a chart marks the years in which lines stop, and with what words."""
    return {year - 0.5: f"areas of {year}" for year in sorted({year for cuts in breaks for year in cuts})}
