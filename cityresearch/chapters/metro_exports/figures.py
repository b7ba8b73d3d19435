"""Figures of metro exports, with their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.metro_exports.bars import metro_bars
from cityresearch.chapters.metro_exports.concentration import by_year, ranked
from cityresearch.chapters.metro_exports.map import metro_map, with_outline
from cityresearch.chapters.metro_exports.notes import listed
from cityresearch.chapters.metro_exports.rank_size import rank_size
from cityresearch.chapters.metro_exports.trends import ALLOCATED_SINCE, series_of
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.words import Words
from cityresearch.geography import short_metro, state_in_words
from cityresearch.measures.cited import sources
from cityresearch.numbers.display import in_words
from cityresearch.numbers.printed import PrintedNumber
from cityresearch.numbers.quantity import Missing, missing

__all__ = [
    "ASSIGNED",
    "COUNTED",
    "LIMITS",
    "NOTE_ON_ASSIGNED",
    "concentration",
    "metro_exports",
    "metros_on_map",
    "per_gdp",
    "per_head",
    "ranks",
    "trend",
]

COUNTED = "by the ZIP code of the exporter of record"
ASSIGNED = {ALLOCATED_SINCE - 0.5: "assigned"}
NOTE_ON_ASSIGNED = f"Assigned: until {ALLOCATED_SINCE - 1} some exports were given to no area."
LIMITS = (1, 5, 10, 25)  # billion US dollars, between the five shades of the map


@exhibit("figure-1-metro-exports")
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
    first, most = short_metro(ordered["cbsa_title"].iloc[0]), _billions(ordered["value_usd"].iloc[0])
    sum_top, sum_all = int(ordered["value_usd"].head(top).sum()), int(ordered["value_usd"].sum())
    strong = f"The {top} largest together: {in_words(sum_top)}; all" if 1 < top < count else "All"
    sums = f" {strong} {count} shown: {in_words(sum_all)}." if count > 1 else ""
    others = f"other {count - top} add" if count - top > 1 else "other one adds"
    marks = f"the {len(printed)} numbers" if len(printed) > 1 else "the number"
    told = Words(
        f"{first} leads {name}'s metros in goods exports, {year}"
        if count > 1
        else f"{first}, the only metro of {name} with a value, exported {most} billion dollars of goods in {year}",
        f"Billion US dollars.{sums} Counted {COUNTED}, which need not be where goods were made; foreign goods that "
        "only pass through "
        "are included." + (f"\n◆ {printed_label}" if printed else ""),
        alt=f"Horizontal bars of goods exports by metropolitan area of {name} in {year}, in billion US dollars. "
        f"{listed((short_metro(t), _billions(v)) for t, v in _values(ordered.head(top)))}."
        + (f" The {top} largest add up to {in_words(sum_top, 'USD')}." if top > 1 else "")
        + (f" The {others} {in_words(sum_all - sum_top)}." if count > top else "")
        + (f" Diamonds mark {marks} {printed_label}." if printed else ""),
        caption=f"Goods exports of {name}'s metropolitan areas in {year}, {COUNTED}; first release, never revised.",
        sources=sources(ordered),
    )
    return metro_bars(ordered, told | words, top=top, printed=printed)


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
        else f"{first} exported {_billions(ends[0][2])} billion dollars of goods in {end}, "
        f"{_billions(ends[0][1])} in {start}",
        subtitle=f"{several} of {name} in {year}, billion US dollars, {COUNTED}. A line stops where the metro's "
        "counties changed, or where the lists in our data cannot tell. Not adjusted for prices.",
        alt=f"Lines of goods exports of metros of {name}, {start} to {end}, in billion US dollars: "
        f"{'; '.join(f'{n} from {_billions(a)} to {_billions(b)}' for n, a, b in ends)}.",
        caption=f"Goods exports of the largest metros of {name}, each year in the areas of its own reporting.",
        sources=sources(exports.loc[metros]),
        note=NOTE_ON_ASSIGNED if assigned else "",
    )
    return charts.lines(
        data,
        told | words,
        unit="billion USD",
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
    which = f"The {n} largest metros" if n > 1 else "The largest metro"
    assigned = first < ALLOCATED_SINCE <= last
    told = Words(
        f"{which} of {name} made {share[first]:.1f} percent of its metro exports in {first} and {share[last]:.1f} in "
        f"{last}",
        subtitle=f"Percent of the exports of all metros of {name} with a value. As concentrated as {equal[first]:.1f} "
        f"equal metros in {first}, {equal[last]:.1f} in {last}. The line stops where the counties of any of them "
        "changed or may have.",
        alt=f"Line of the share of {which[:1].lower()}{which[1:]} of {name}, {first} to {last}: highest "
        f"{share.max():.1f} percent in {share.idxmax()}, lowest {share.min():.1f} in {share.idxmin()}.",
        caption=f"Concentration of metro exports of {name}; the axis does not start at zero.",
        sources=sources(table),
        note=f"{NOTE_ON_ASSIGNED if assigned else ''} The axis does not start at zero.".strip(),
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


@exhibit("metro-exports-rank-size")
def ranks(sizes: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw all metros of the country by size and rank, with those of a state marked.

    Parameters
    ----------
    sizes : pandas.DataFrame
        From `concentration.rank_size`.
    """
    name, mine = state_in_words(state), sizes[sizes["state"] == state]
    if mine.empty:
        return missing(f"No metro of {name} has a value for {year}, so none is ranked.")
    best = mine.iloc[0]
    values = listed((f"{short_metro(r.label)} rank {r.rank},", _billions(r.value)) for r in mine.head(5).itertuples())
    told = Words(
        f"{short_metro(best['label'])} ranks {best['rank']} of {len(sizes)} metros in goods exports, {year}",
        subtitle=f"Each dot is a metro with a value. Metros of {name}: {len(mine)}; among the first fifty: "
        f"{int((mine['rank'] <= 50).sum())}. Counted {COUNTED}.",
        alt=f"Scatter of exports against rank for {len(sizes)} metros of the United States in {year}, both scales "
        f"logarithmic. Metros of {name}, in billion US dollars: {values}.",
        caption=f"Rank and size of metro exports, {year}.",
        sources=sources(sizes),
    )
    return rank_size(sizes, told | words, state=state, unit="billion USD", scale=1e9)


@exhibit("metro-exports-per-head")
def per_head(scaled: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw exports per resident against rank.

    Parameters
    ----------
    scaled : pandas.DataFrame
        From `concentration.per_head_and_product`.
    """
    rows = scaled[scaled["population"].notna()]
    return _relative(rows, "usd_per_head", "per resident", "USD per resident", 0, state, year, words)


@exhibit("metro-exports-per-gdp")
def per_gdp(scaled: pd.DataFrame, *, state: str, year: int, **words: str) -> Chart | Missing:
    """Draw exports relative to product, of the same counties, against rank; parameters are those of `per_head`."""
    rows = scaled[scaled["same_counties"] & scaled["gdp_usd"].notna()]
    return _relative(rows, "percent_of_gdp", "relative to product", "percent of GDP", 1, state, year, words)


def _relative(
    rows: pd.DataFrame, column: str, what: str, unit: str, digits: int, state: str, year: int, words: Mapping[str, str]
) -> Chart | Missing:
    own = [";".join(cited) for cited in rows["sources"]]
    table = ranked(rows.rename(columns={column: "value"}).assign(source_id=own))
    name, mine = state_in_words(state), table[table["state"] == state]
    if mine.empty:
        lacking = "residents of its metros" if column == "usd_per_head" else "product of the same counties"
        return missing(f"Exports {what} are not ranked for {name} in {year}: our data have no {lacking}.")
    best = mine.iloc[0]
    values = listed(
        (f"{short_metro(r.label)} rank {r.rank},", f"{r.value:,.{digits}f}") for r in mine.head(5).itertuples()
    )
    told = Words(
        f"{short_metro(best['label'])} exports most {what} of {name}'s metros: rank {best['rank']} of {len(table)}"
        if len(mine) > 1
        else f"{short_metro(best['label'])} ranks {best['rank']} of {len(table)} metros in exports {what}",
        subtitle=f"Goods exports {what}, {year}. Median of {name}'s metros {mine['value'].median():,.{digits}f}, of "
        f"all {table['value'].median():,.{digits}f} {unit}. Booked where the exporter's papers are.",
        alt=f"Scatter of goods exports {what} against rank for {len(table)} metros of the United States in {year}. "
        f"Metros of {name}, in {unit}: {values}.",
        caption=f"Metro exports {what}, {year}: a scale, not a part of a whole.",
        sources=sources(rows["sources"]),
    )
    return rank_size(table, told | words, state=state, unit=unit)


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
    """Draw a state's metros on a map, shaded by exports.

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
    largest = listed((short_metro(t), _billions(v)) for t, v in _values(ordered.head(5)))
    told = Words(
        f"{large or 'None'} of {name}'s {count} metros exported goods worth ten billion dollars or more in {year}"
        if count > 1
        else f"{short_metro(first.cbsa_title)} exported goods worth {_billions(first.value_usd)} billion dollars "
        f"in {year}",
        subtitle=f"Goods exports by metro in its areas of {year}, billion US dollars, {COUNTED}. Pale: outside these "
        "metros.",
        alt=f"Map of {name}: metros shaded by goods exports of {year}. Largest: {largest} billion US dollars."
        + (f" Without a value: {'; '.join(without)}." if without else ""),
        caption=f"Metros of {name} by goods exports, {year}. Outlines are generalized.",
        sources=sources(ordered),
        note=f"Not on the map, because our data have no outline of their counties: {'; '.join(blank)}."
        if blank
        else "",
    )
    return metro_map(ordered[ordered["cbsa_title"].isin(outlined)], outlined, told | words, state=state, limits=LIMITS)


def _values(rows: pd.DataFrame) -> list[tuple[str, float]]:
    return list(zip(rows["cbsa_title"], rows["value_usd"], strict=True))


def _billions(usd: float) -> str:
    """Write US dollars in billions, with a second decimal below one billion."""
    return f"{usd / 1e9:.1f}" if usd >= 0.95e9 else f"{usd / 1e9:.2f}"


def _labels(breaks: Iterable[Sequence[int]]) -> dict[float, str]:
    """Return where a chart marks the years in which lines stop, and with what words."""
    return {year - 0.5: f"areas of {year}" for year in sorted({year for cuts in breaks for year in cuts})}
