"""Interrupted time series: a known step is found, and what cannot be estimated is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.chapters.ports import series as port_series
from cityresearch.errors import DataError, ParameterError
from cityresearch.measures import containers, interruption
from cityresearch.numbers.quantity import Missing


@pytest.fixture(scope="module")
def imports() -> pd.Series:
    counts = containers.settled(cr.load("port_containers"), cr.load("corrections"))
    return port_series.by_month(counts, "san-pedro-bay", "loaded_imports")


def made_up(n=36, step=-0.2, trend=0.01, seed=1) -> pd.Series:
    months = pd.period_range("2021-01", periods=n, freq="M")
    noise = np.random.default_rng(seed).normal(0, 0.01, n)
    logs = (
        6 + 0.1 * np.sin(months.month / 2) + trend * np.arange(n) + step * (months >= pd.Period("2022-07", "M")) + noise
    )
    return pd.Series(np.exp(logs), index=months)


def test_a_known_step_is_found_next_to_season_and_trend():
    fit = interruption.interruption(made_up(), "2022-07", trend=True)
    assert fit.percent == pytest.approx(100 * np.expm1(-0.2), abs=1.5)
    assert fit.low < fit.percent < fit.high < 0
    assert (fit.n, fit.first, fit.last, fit.degrees_of_freedom) == (36, "2021-01", "2023-12", 22)
    none = interruption.interruption(made_up(step=0), "2022-07", trend=True)
    assert none.low < 0 < none.high


def test_errors_are_those_of_statsmodels_with_the_stated_lags():
    import statsmodels.api as sm

    series = made_up()
    fit = interruption.interruption(series, "2022-07", lags=2)
    design = np.column_stack(
        [series.index.month == m for m in range(1, 13)] + [series.index >= pd.Period("2022-07", "M")]
    ).astype(float)
    model = sm.OLS(np.log(series.to_numpy()), design).fit(
        cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": True}, use_t=True
    )
    assert fit.standard_error == pytest.approx(model.bse[-1])
    assert fit.errors == "HAC (Newey-West), 2 lags, small-sample factor"
    assert interruption.interruption(series, "2022-07", effect="one month").errors == "conventional"


def test_what_cannot_be_estimated_is_missing_or_an_error():
    series = made_up()
    assert isinstance(interruption.interruption(series[:14], "2021-07"), Missing)
    assert isinstance(interruption.interruption(series, "2024-05"), Missing)
    # where every month after the date is seen exactly once before it, step and trend are one
    collinear = interruption.interruption(series[:20], "2022-01", trend=True)
    assert isinstance(collinear, Missing)
    assert "season and trend" in collinear.reason
    with pytest.raises(DataError, match="gaps"):
        interruption.interruption(series.drop(pd.Period("2021-05", "M")), "2022-07")
    with pytest.raises(ParameterError, match="YYYY-MM"):
        interruption.unbroken(series, "FY2022")
    with pytest.raises(DataError, match="not positive"):
        interruption.interruption(series.mask(series.index == pd.Period("2021-05", "M"), 0.0), "2022-07")


def test_the_run_of_months_around_a_date_stops_at_gaps():
    series = made_up().drop([pd.Period("2021-05", "M"), pd.Period("2023-02", "M")])
    run = interruption.unbroken(series, "2022-07")
    assert (str(run.index[0]), str(run.index[-1])) == ("2021-06", "2023-01")
    assert interruption.unbroken(series, "2021-05").empty


def test_placebo_dates_use_the_months_before_alone(imports):
    window = interruption.unbroken(imports, "2025-05")
    table = interruption.placebos(window, "2025-05")
    assert set(table["last"]) == {"2025-04"}
    assert len(table) == 11
    assert (table["percent"] > 2.98).all()
    # they do not move with what came after
    later = window.where(window.index < "2025-05", window / 2)
    pd.testing.assert_frame_equal(interruption.placebos(later, "2025-05"), table)


@pytest.mark.parametrize(
    ("trend", "percent", "error", "freedom"), [(False, 2.98, 0.0683, 18), (True, -21.70, 0.0482, 17)]
)
def test_the_break_of_may_2025_is_pinned(imports, trend, percent, error, freedom):
    window = interruption.unbroken(imports, "2025-05")
    fit = interruption.interruption(window, "2025-05", trend=trend)
    assert fit.percent == pytest.approx(percent, abs=0.01)
    assert fit.standard_error == pytest.approx(error, abs=0.0005)
    assert (fit.n, fit.first, fit.last, fit.degrees_of_freedom) == (31, "2023-07", "2026-01", freedom)


def test_an_effect_of_one_month_is_told_from_a_lasting_one():
    # July 2022 alone is a fifth lower; a step from there on would be a thirtieth of it
    series = made_up(step=0, trend=0)
    series[pd.Period("2022-07", "M")] *= 0.8
    alone = interruption.interruption(series, "2022-07", effect="one month")
    assert alone.percent == pytest.approx(-20, abs=2.5)
    assert alone.low < alone.percent < alone.high < 0
    assert abs(interruption.interruption(series, "2022-07").percent) < 3


def test_five_degrees_of_freedom_and_three_months_before_are_just_enough():
    series = made_up()
    # 18 months from January on see all twelve calendar months: 18 less 12 of the season and one of the step
    fit = interruption.interruption(series[:18], "2022-03")
    assert fit.degrees_of_freedom == 5
    few = interruption.interruption(series[:17], "2022-03")
    assert isinstance(few, Missing)
    assert "17 months leave 4 degrees of freedom" in few.reason
    assert not isinstance(interruption.interruption(series, "2021-04"), Missing)
    early = interruption.interruption(series, "2021-03")
    assert isinstance(early, Missing)
    assert "fewer than three months before it" in early.reason
    assert not isinstance(interruption.interruption(series, "2023-12"), Missing)


def test_placebo_dates_leave_the_asked_number_of_months_on_either_side():
    series = made_up(n=30)
    table = interruption.placebos(series, "2023-05", least=8)
    assert (table["date"].iloc[0], table["date"].iloc[-1]) == ("2021-09", "2022-09")
    assert (table["n"] == 28).all()


def test_the_table_of_estimates_prints_percent_to_two_digits_and_the_rest_to_four():
    fits = {
        "step": interruption.interruption(made_up(), "2022-07"),
        "none": interruption.interruption(made_up(), "2024-05"),
    }
    table = interruption.tabulated(fits)
    for column, digits in {
        "percent": 2, "low": 2, "high": 2, "log_points": 4, "standard_error": 4, "p_value": 4,
    }.items():  # fmt: skip
        assert table.at["step", column] == round(getattr(fits["step"], column), digits) != getattr(fits["step"], column)
    assert table.at["none", "missing"] == fits["none"].reason
    assert pd.isna(table.at["step", "missing"])
    assert "missing" not in interruption.tabulated({"step": fits["step"]}).columns


def test_a_series_without_months_gives_no_estimate_and_no_placebos(imports):
    nothing = interruption.unbroken(imports, "2030-01")
    found = interruption.interruption(nothing, "2030-01", trend=True)
    assert isinstance(found, Missing)
    assert found.reason == "2030-01: there is no unbroken run of months to estimate it from"
    assert interruption.placebos(nothing, "2030-01").empty
