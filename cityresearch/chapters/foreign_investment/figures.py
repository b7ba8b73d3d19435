"""Figures of foreign-owned firms, with their words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.foreign_investment.firms import per_firm
from cityresearch.chapters.foreign_investment.metros import YEAR, average_large_metro, shares_of_metros
from cityresearch.charts.chart import Chart, in_marks
from cityresearch.charts.exhibit import exhibit
from cityresearch.charts.spoken import percent_in_words
from cityresearch.charts.words import Words
from cityresearch.claims.agreeing import how_many_agree
from cityresearch.claims.curve_names import CURVES
from cityresearch.measures.cited import sources
from cityresearch.numbers.quantity import Missing, missing

__all__ = [
    "PER_FIRM",
    "SCALES",
    "by_year",
    "jobs_of_the_body",
    "jobs_of_the_summary",
    "metro_shares",
    "share_of_private_jobs",
]
PER_FIRM = "jobs per firm"
# what divides each measure, and the unit of its axis
SCALES = {
    "firms": (1, "firms"),
    "jobs": (1e3, "thousand jobs"),
    "wages": (1e9, "billion US dollars"),
    PER_FIRM: (1, "jobs per firm"),
}


@exhibit("foreign-owned-firms-by-year")
def by_year(table: pd.DataFrame, place: str, **words: str) -> Chart | Missing:
    """Draw firms, jobs and wages by year, each side of the break on its own.

    Parameters
    ----------
    table : pandas.DataFrame
        From `firms.by_year`.
    place : str
    """
    if table.empty:
        return missing(
            f"{place}: no firms, jobs or wages by year in this series. Other bodies' counts of jobs follow, if any."
        )
    sides = [sorted(rows["year"]) for _, rows in table.groupby("method", sort=False)]
    breaks = [(sides[0][-1] + sides[1][0]) / 2] if len(sides) == 2 else []
    rows = pd.concat([table, _ratios(table)], ignore_index=True)
    plotted = rows.assign(
        panel=rows["measure"].str.capitalize(),
        edition=rows["method"],
        x=rows["year"],
        value=[v / SCALES[m][0] for v, m in zip(rows["value"], rows["measure"], strict=True)],
        below=rows.groupby("measure").cumcount() % 2 == 1,
    )
    plotted["label"] = [in_marks(f"{v:,.0f}" if v >= 100 else f"{v:.1f}") for v in plotted["value"]]
    told = Words(
        title=_by_year_title(table, place),
        subtitle=(
            ("Dashed: probably a change of method between editions, so no line crosses it. " if breaks else "")
            + ("Hollow points are derived: from a printed change, or as a ratio. " if rows["derived"].any() else "")
            + "Counts of a business directory, known through summaries of the reports."
        ),
        caption=f"Firms in foreign ownership in {place}, their jobs and wages (current dollars), by the edition's own "
        "reference year.",
        sources=sources(table),
    )
    units = {m.capitalize(): unit for m, (_, unit) in SCALES.items() if m in set(rows["measure"])}
    return charts.editions(plotted, told | words, units=units, breaks=breaks)


def _ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Return jobs per firm as further rows of the table, each with the sources of its year."""
    known = per_firm(table).dropna(subset="jobs_per_firm")
    cited = {year: ";".join(sources(rows)) for year, rows in table.groupby("year")}
    return pd.DataFrame(
        {
            "measure": PER_FIRM,
            "year": known.index,
            "method": known["method"].to_numpy(),
            "value": known["jobs_per_firm"].to_numpy(float),
            "derived": True,
            "source_id": [cited[year] for year in known.index],
        }
    )


def _by_year_title(table: pd.DataFrame, place: str) -> str:
    known = per_firm(table)
    known = known[known["jobs_per_firm"].notna()]
    last = known.groupby("method", sort=False)["jobs_per_firm"].last()
    if len(last) == 2:
        return (
            f"{place}: {last.iloc[0]:.0f} jobs per foreign-owned firm before a break in the series, "
            f"{last.iloc[1]:.0f} after it"
        )
    if len(known):
        return f"{place}: {known['jobs_per_firm'].iloc[-1]:.0f} jobs per foreign-owned firm in {known.index[-1]}"
    return f"Foreign-owned firms, jobs and wages in {place} by year"


@exhibit(CURVES["C036"])
def jobs_of_the_body(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw the jobs that the body of the paper prints under each reading, from `readings.jobs`."""
    return charts.specification_curve(
        "C036", readings, Words(how_many_agree("C036", readings, "Foreign-owned firms")) | words
    )


@exhibit(CURVES["C019"])
def jobs_of_the_summary(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw the jobs that the summary of the paper prints under each reading, from `readings.jobs`."""
    return charts.specification_curve(
        "C019", readings, Words(how_many_agree("C019", readings, "Foreign-owned firms")) | words
    )


@exhibit(CURVES["C037"])
def share_of_private_jobs(readings: Mapping[str, object], **words: str) -> Chart:
    """Draw the share of private jobs under each reading, from `readings.over_payrolls`."""
    return charts.specification_curve(
        "C037", readings, Words(percent_in_words(how_many_agree("C037", readings, "Share of private jobs"))) | words
    )


@exhibit("foreign-owned-job-share-by-metro")
def metro_shares(firms: pd.DataFrame, place: str, **words: str) -> Chart | Missing:
    """Draw the share of private jobs at foreign-owned establishments for the metros whose share was printed.

    Parameters
    ----------
    firms : pandas.DataFrame
        The dataset `foreign_owned_firms`.
    place : str
        A state or a metro, drawn dark.
    """
    shown, average = shares_of_metros(firms, place), average_large_metro(firms)
    if shown.empty or isinstance(average, Missing):
        return missing(f"No metro's share of private jobs at foreign-owned establishments in {YEAR} is in our data.")
    level = float(average.value)
    other = average_large_metro(firms, "modbee-2014")
    label = "average large metro by the report"
    if not isinstance(other, Missing):
        label += f" (a newspaper prints {float(other.value):.1f})"
    told = Words(
        title=_metro_title(shown, place, level),
        subtitle="Jobs at foreign-owned establishments as a percentage of private jobs. "
        + (f"Dark: {place}. " if shown["strong"].any() else "")
        + "Only shares that the press or reports printed; we did not find the table of all hundred metros.",
        caption=f"Share of private jobs at foreign-owned establishments in {YEAR}, for the metros whose share was "
        "printed in a source that we found; this is not a ranking of all metros.",
        sources=sources(shown, average),
    )
    return charts.ranked(shown, told | words, unit="percent of private jobs", reference=(level, label))


def _metro_title(shown: pd.DataFrame, place: str, level: float) -> str:
    own = shown[shown["strong"]]
    above = int((own["value"] > level).sum())
    if len(own) > 1:
        return f"{above} of {len(own)} {place} metros with a known share exceeded the average large metro in {YEAR}"
    if len(own) == 1:
        more = "more" if above else "less" if own["value"].iloc[0] < level else "as much as"
        name, value = own["name"].iloc[0], own["value"].iloc[0]
        return (
            f"{name}: {value:.1f} percent of private jobs in {YEAR}, "
            f"{more}{'' if more == 'as much as' else ' than'} the average large metro"
        )
    above = int((shown["value"] > level).sum())
    return f"{above} of the {len(shown)} metros with a known share had more than the average large metro in {YEAR}"
