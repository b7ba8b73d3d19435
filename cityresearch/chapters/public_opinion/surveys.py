"""Answers of surveys as their sources print them, and the rounds of a survey.

A share that a source prints only in words ("four in five") is kept as words; nothing here turns it into a number.
"""

from __future__ import annotations

import pandas as pd

from cityresearch.errors import DataError
from cityresearch.numbers.quantity import Missing, Quantity, missing, unique

__all__ = [
    "HEADINGS", "NUMBERS", "WORDS_UNIT", "editions", "percentages_of", "printed_words", "readable", "shares", "wanted_in_words",
]  # fmt: skip
WORDS_UNIT = "in_"
HEADINGS = {
    "carnegie_footnotes": "footnotes of the paper",
    "design_effect_from": "from",
    "design_effect_to": "to",
    "effective_n": "effective number",
    "effective_n_from": "from (number)",
    "effective_n_to": "to (number)",
    "field_end": "asked until",
    "field_start": "asked from",
    "geography": "place",
    "high": "to",
    "low": "from",
    "margin_of_error_pp": "printed margin, points",
    "n": "people asked",
    "precision": "printed to",
    "printed_margin": "printed margin, points",
    "raw_high": "to, raw number",
    "raw_low": "from, raw number",
    "simple_margin": "margin of a simple sample, points",
    "source_id": "source",
    "survey_id": "survey",
    "value": "percent",
    "vendor": "polling firm",
    "wanted_series": "series",
    "why_missing": "why it is missing",
}
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def shares(answers: pd.DataFrame, **keys: str) -> pd.DataFrame:
    """Return printed percentages, and refuse anything that was printed in words.

    Parameters
    ----------
    **keys
        Columns of `survey_answers` and the value that each must have.

    Returns
    -------
    pandas.DataFrame
        Rows of `survey_answers` with unit percent, columns not indexed.

    Raises
    ------
    DataError
        If a chosen row is not in percent.
    """
    rows = answers.reset_index()
    for column, value in keys.items():
        rows = rows[rows[column] == value]
    other = sorted(set(rows["unit"]) - {"percent"})
    if other:
        raise DataError(
            f"survey_answers: {', '.join(keys.values())} holds units {', '.join(other)}; only printed percentages can be drawn or compared."
        )
    return rows.reset_index(drop=True)


def printed_words(answers: pd.DataFrame) -> pd.DataFrame:
    """Tabulate answers that their source prints only in words, as words.

    Returns
    -------
    pandas.DataFrame
        Columns geography, period, series, answer, words, note, source_id.
    """
    rows = answers.reset_index()
    rows = rows[rows["unit"].str.startswith(WORDS_UNIT)].copy()
    rows["words"] = [
        f"{NUMBERS[int(value)]} in {NUMBERS[int(unit.removeprefix(WORDS_UNIT))]}"
        for value, unit in zip(rows["value"], rows["unit"], strict=True)
    ]
    columns = ["geography", "period", "series", "answer", "words", "note", "source_id"]
    return rows[columns].sort_values(["geography", "period", "series"]).reset_index(drop=True)


def editions(surveys: pd.DataFrame, prefix: str) -> tuple[Quantity | Missing, Quantity]:
    """Count the rounds of a survey: those seen on a page of their own, and all that anybody names.

    Parameters
    ----------
    prefix : str
        Start of the survey_ids of the series, such as "ccgas-".

    Returns
    -------
    tuple
        All rounds if each has a page of its own, else Missing; all rounds that are named.
    """
    from cityresearch.datasets.catalog import source

    rows = surveys[surveys.index.str.startswith(prefix)]
    if rows.empty:
        raise DataError(f"surveys.csv has no survey whose id starts with {prefix!r}.")
    unseen = [
        survey for survey, s in zip(rows.index, rows["source_id"], strict=True) if source(s).seen_in == "document"
    ]
    period = f"{rows.index.min().removeprefix(prefix)}/{rows.index.max().removeprefix(prefix)}"
    named = Quantity(len(rows), "count", period=period, sources=unique(rows["source_id"]))
    if unseen:
        years = ", ".join(survey.removeprefix(prefix) for survey in unseen)
        return missing(
            f"{len(unseen)} of the {len(rows)} rounds ({years}) {'is' if len(unseen) == 1 else 'are'} known only from the paper"
        ), named
    return named, named


def percentages_of(answers: pd.DataFrame, place: str) -> pd.DataFrame:
    """Tabulate every percentage that was published for a place. Questions and populations differ, so the rows form no series.

    Returns
    -------
    pandas.DataFrame
        Columns period, series, answer, subgroup, value (percent), n, note.
    """
    rows = answers.reset_index()
    rows = rows[(rows["geography"] == place) & (rows["unit"] == "percent")]
    ordered = rows.sort_values(["series", "period", "answer", "subgroup"]).reset_index(drop=True)
    return ordered[["period", "series", "answer", "subgroup", "value", "n", "note"]]


def wanted_in_words(gaps: pd.DataFrame) -> str:
    """Say how many series a reader would need and cannot have.

    Parameters
    ----------
    gaps : pandas.DataFrame
        The dataset `survey_gaps`.
    """
    support = int(gaps.index.get_level_values("wanted_series").str.contains("support|unsure").sum())
    return (
        f"{len(gaps)} series are wanted and missing. {support} of them are about support for leaders who engage abroad, or about being "
        "unsure of it: no percentage of any round was found."
    )


def readable(found: pd.DataFrame) -> pd.DataFrame:
    """Return a table of this chapter for readers: columns and series in words, and no number of a row."""
    shown = found.rename(columns=HEADINGS).rename_axis(index=HEADINGS)
    if "series" in shown:
        shown["series"] = shown["series"].str.removeprefix("survey_").str.replace("_", " ")
    return shown.set_index(shown.columns[0]) if shown.index.names == [None] else shown
