"""Surveys: what a printed margin of error says of the design, and how large a change two rounds could show.

A share that a source prints only in words ("four in five") is kept as words; nothing here turns it into a number.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import DataError, ParameterError
from cityresearch.numbers.intervals import Interval
from cityresearch.numbers.quantity import Missing, Quantity, missing, unique

__all__ = [
    "EVEN_SPLIT", "NUMBERS", "WORDS_UNIT", "design_effect", "designs", "detectable_change", "detectable_curve",
    "editions", "effective_sample", "margin_of_change", "printed_margin", "printed_words", "shares",
    "simple_margin", "with_intervals",
]  # fmt: skip

if TYPE_CHECKING:
    from fractions import Fraction

WORDS_UNIT = "in_"
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
EVEN_SPLIT = 0.5  # a printed margin is that of a share of one half, where it is widest


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


def margin_of_change(first: Quantity, second: Quantity) -> Quantity:
    """Return the margin of error of the change between two independent surveys, in percentage points.

    Parameters
    ----------
    first, second : Quantity
        The margins of the two, at one level of confidence.
    """
    ends = [
        math.hypot(float(getattr(first.interval, end)), float(getattr(second.interval, end))) for end in ("low", "high")
    ]
    return Quantity(
        math.hypot(float(first.value), float(second.value)),
        "percentage points",
        period=" to ".join(unique([first.period, second.period])),
        sources=unique([*first.sources, *second.sources]),
        bounds=Interval(*ends),
    )


def detectable_change(
    before: float, n_before: float, n_after: float, *, power: float, alpha: float
) -> Quantity | Missing:
    """Return the smallest rise that two independent samples would show with a given power, in percentage points.

    Two-sided test of two shares on the arcsine scale (`statsmodels.stats.power.NormalIndPower`).

    Parameters
    ----------
    before : float
        Share in the first survey, in percent.
    n_before, n_after : float
        Effective numbers of respondents.
    power, alpha : float
        Between 0 and 1.

    Returns
    -------
    Quantity or Missing
        Missing if the share has no room for such a rise.

    Raises
    ------
    ParameterError
        If a share, size, power or level lies outside its range.
    """
    if not (0 <= before < 100 and n_before > 1 and n_after > 1 and 0 < alpha < power < 1):
        raise ParameterError(
            "A detectable change needs a share from 0 to below 100 percent, effective sizes above 1 and 0 < alpha < power < 1; found "
            f"{before}, {n_before}, {n_after}, alpha {alpha}, power {power}."
        )
    from statsmodels.stats.power import NormalIndPower

    effect = NormalIndPower().solve_power(
        nobs1=n_before, ratio=n_after / n_before, alpha=alpha, power=power, alternative="two-sided"
    )
    angle = math.asin(math.sqrt(before / 100)) + effect / 2
    if angle > math.pi / 2:
        return missing(f"a share of {before:g} % has no room for a rise that would be found")
    return Quantity(100 * math.sin(angle) ** 2 - before, "percentage points")


def detectable_curve(sizes: dict[str, float], shares: range, *, power: float, alpha: float) -> pd.DataFrame:
    """Tabulate the detectable rise over starting shares, for two surveys of one size each.

    Parameters
    ----------
    sizes : dict of label to effective number of respondents

    Returns
    -------
    pandas.DataFrame
        Columns x (starting share, percent), series (label), value (percentage points; missing where there is no room).
    """
    rows = []
    for label, n in sizes.items():
        for share in shares:
            change = detectable_change(share, n, n, power=power, alpha=alpha)
            rows.append((share, label, None if isinstance(change, Missing) else float(change.value)))
    return pd.DataFrame(rows, columns=["x", "series", "value"]).astype({"value": float})


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
