"""How precise a survey is: what a printed margin of error says of its design."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, ParameterError
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, missing

__all__ = [
    "EVEN_SPLIT", "Design", "design", "design_effect", "designs", "effective_sample", "printed_margin", "simple_margin", "with_intervals",
]  # fmt: skip

if TYPE_CHECKING:
    from fractions import Fraction

EVEN_SPLIT = 0.5  # a printed margin is that of a share of one half, where it is widest


@dataclass(frozen=True, slots=True)
class Design:
    """A survey's size and the margin that its source prints, and what follows from the two.

    `asked` is the number of respondents, `margin` in percentage points, `effect` the design effect (a ratio), `effective` the effective
    number of respondents; `label` names sponsor and year.
    """

    survey: str
    label: str
    asked: int
    margin: Quantity
    effect: Quantity
    effective: Quantity


def design(surveys: pd.DataFrame, answers: pd.DataFrame, survey: str) -> Design | Missing:
    """Return what is known of a survey's design, or why nothing is.

    Parameters
    ----------
    surveys, answers : pandas.DataFrame
        The datasets `surveys` and `survey_answers`.
    survey : str
        A survey_id.
    """
    effect = design_effect(surveys, answers, survey)
    if isinstance(effect, Missing):
        return effect
    row = _survey(surveys, survey)
    return Design(
        survey,
        f"{row['sponsor']}'s of {str(row['field_start'])[:4]}",
        int(row["n"]),
        printed_margin(surveys, answers, survey),
        effect,
        effective_sample(surveys, answers, survey),
    )


def printed_margin(surveys: pd.DataFrame, answers: pd.DataFrame, survey: str) -> Quantity | Missing:
    """Return the margin of error that a survey's source prints.

    Parameters
    ----------
    surveys, answers : pandas.DataFrame
        The datasets `surveys` and `survey_answers`; the second gives the precision of the margin.
    survey : str
        A survey_id.

    Returns
    -------
    Quantity or Missing
        Percentage points, with the bounds of its rounding.
    """
    row = _survey(surveys, survey)
    if pd.isna(row["margin_of_error_pp"]):
        return missing(f"{survey}: no margin of error in the data{_why(row)}")
    rows = answers.reset_index()
    rows = rows[
        (rows["series"] == "survey_margin_of_error")
        & (rows["source_id"] == row["source_id"])
        & (rows["n"] == row["n"])
        & (rows["value"] == row["margin_of_error_pp"])
    ]
    if len(rows) != 1:
        raise DataError(
            f"survey_answers has {len(rows)} rows with the margin of {survey} that surveys.csv prints: it needs one, for its precision."
        )
    return Quantity(
        row["margin_of_error_pp"],
        "percentage points",
        period=_period(row),
        geography=row["population"],
        sources=(row["source_id"],),
        bounds=Interval.around(row["margin_of_error_pp"], rows["precision"].iloc[0]),
    )


@checked_arguments
def simple_margin(n: int, confidence: float) -> float:
    """Return the margin of error of a simple random sample of `n` people, in percentage points, for a share of one half.

    Parameters
    ----------
    confidence : float
        In percent.
    """
    if n < 1:
        raise ParameterError(f"A sample needs at least one respondent, found {n}.")
    return 100 * _z(confidence) * math.sqrt(EVEN_SPLIT * (1 - EVEN_SPLIT) / n)


def design_effect(surveys: pd.DataFrame, answers: pd.DataFrame, survey: str) -> Quantity | Missing:
    """Return by how much a survey's variance exceeds that of a simple random sample of its size: the squared ratio of the margins.

    Returns
    -------
    Quantity or Missing
        A ratio; its bounds follow from the rounding of the printed margin.
    """
    margin = printed_margin(surveys, answers, survey)
    if isinstance(margin, Missing):
        return margin
    row = _survey(surveys, survey)
    simple = Quantity(simple_margin(int(row["n"]), float(row["confidence"]))).value
    return _derived(margin, lambda m: (m / simple) ** 2, "ratio")


def effective_sample(surveys: pd.DataFrame, answers: pd.DataFrame, survey: str) -> Quantity | Missing:
    """Return the size of a simple random sample that would have the printed margin: respondents over the design effect.

    Returns
    -------
    Quantity or Missing
        Respondents, not a whole number; its bounds follow from the rounding of the printed margin.
    """
    effect = design_effect(surveys, answers, survey)
    if isinstance(effect, Missing):
        return effect
    n = int(_survey(surveys, survey)["n"])
    return _derived(effect, lambda e: n / e, "respondents")


def designs(surveys: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Tabulate what is known of the design of every survey.

    Returns
    -------
    pandas.DataFrame
        Indexed by survey_id: sponsor, period, n, printed_margin, simple_margin (points, as if drawn at random), design_effect with its
        bounds, effective_n with its bounds, missing (what is not known, and why). Only surveys of people, not of city governments.
    """
    rows = []
    for survey, row in surveys.iterrows():
        if not _of_people(row):
            continue
        effect, size = design_effect(surveys, answers, survey), effective_sample(surveys, answers, survey)
        known = not isinstance(effect, Missing)
        rows.append(
            {
                "survey_id": survey,
                "sponsor": row["sponsor"],
                "period": _period(row),
                "n": None if pd.isna(row["n"]) else int(row["n"]),
                "printed_margin": row["margin_of_error_pp"],
                "simple_margin": round(simple_margin(int(row["n"]), float(row["confidence"])), 2) if known else None,
                **_bounded("design_effect", effect, 2),
                **_bounded("effective_n", size, 0),
                "missing": "" if known else effect.reason.partition(": ")[2],
            }
        )
    return pd.DataFrame(rows).set_index("survey_id").astype({"n": "Int64", "effective_n": "Float64"})


def with_intervals(surveys: pd.DataFrame, answers: pd.DataFrame, survey: str) -> pd.DataFrame:
    """Tabulate the percentages of a survey with Wilson intervals from the raw and from the effective number of respondents.

    Returns
    -------
    pandas.DataFrame
        Columns series, answer, subgroup, percent, precision, raw_low, raw_high, low, high (from the effective n), note. No rows if the
        design is not known. Only whole-sample shares: a subgroup has another base.
    """
    from statsmodels.stats.proportion import proportion_confint

    row, size = _survey(surveys, survey), effective_sample(surveys, answers, survey)
    columns = [
        "series",
        "answer",
        "subgroup",
        "percent",
        "precision",
        "raw_low",
        "raw_high",
        "low",
        "high",
        "note",
    ]
    if isinstance(size, Missing):
        return pd.DataFrame(columns=columns)
    n, level = int(row["n"]), 1 - float(row["confidence"]) / 100
    rows = answers.reset_index()
    year = str(row["field_start"])[:4]
    rows = rows[(rows["unit"] == "percent") & (rows["n"] == n) & (rows["period"].str[:4] == year)]
    found = []
    for item in rows.itertuples():
        ends = [
            proportion_confint(item.value / 100 * base, base, alpha=level, method="wilson")
            for base in (n, float(size.value))
        ]
        raw, effective = ([round(100 * float(x), 1) for x in pair] for pair in ends)
        found.append((item.series, item.answer, item.subgroup, item.value, item.precision, *raw, *effective, item.note))
    return pd.DataFrame(found, columns=columns)


def _survey(surveys: pd.DataFrame, survey: str) -> pd.Series:
    if survey not in surveys.index:
        raise ParameterError(f"No survey is called {survey!r}: it is one of {', '.join(surveys.index)}.")
    return surveys.loc[survey]


def _of_people(row: pd.Series) -> bool:
    return not str(row["population"]).startswith("city governments")


def _period(row: pd.Series) -> str:
    return "" if pd.isna(row["field_start"]) or not str(row["field_start"]) else str(row["field_start"])[:7]


def _why(row: pd.Series) -> str:
    return f" ({row['note']})" if isinstance(row["note"], str) and row["note"] else ""


def _z(confidence: float) -> float:
    if not 0 < confidence < 100:
        raise ParameterError(f"A level of confidence lies between 0 and 100 percent, found {confidence}.")
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + confidence / 200)


def _derived(given: Quantity, change, unit: str) -> Quantity:
    """Apply a monotone function to a quantity and to both its bounds."""
    ends: list[Fraction] = sorted((change(given.interval.low), change(given.interval.high)))
    return Quantity(
        change(given.value),
        unit,
        period=given.period,
        geography=given.geography,
        sources=given.sources,
        bounds=Interval(*ends),
    )


def _bounded(name: str, value: Quantity | Missing, digits: int) -> dict[str, float | None]:
    if isinstance(value, Missing):
        return dict.fromkeys((name, f"{name}_from", f"{name}_to"))
    low, high = value.interval.low, value.interval.high
    return {
        name: round(float(value.value), digits),
        f"{name}_from": round(float(low), digits),
        f"{name}_to": round(float(high), digits),
    }
