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


def drifting(seed: int, lasting: float, step=-0.2) -> pd.Series:
    """Return six years of months whose errors last: each takes a part of the one before."""
    months = pd.period_range("2018-01", "2023-12", freq="M")
    shocks, errors = np.random.default_rng(seed).normal(0, 0.05, len(months) + 50), [0.0]
    for shock in shocks:
        errors.append(lasting * errors[-1] + shock)
    logs = 6 + 0.1 * np.sin(months.month / 2) + step * (months >= pd.Period("2022-01", "M")) + errors[-len(months) :]
    return pd.Series(np.exp(logs), index=months)


def test_a_known_step_is_found_next_to_season_and_trend():
    fit = interruption.interruption(made_up(), "2022-07", trend=True)
    assert fit.percent == pytest.approx(100 * np.expm1(-0.2), abs=1.5)
    assert fit.low < fit.percent < fit.high < 0
    assert (fit.n, fit.first, fit.last, fit.degrees_of_freedom) == (36, "2021-01", "2023-12", 22)
    none = interruption.interruption(made_up(step=0), "2022-07", trend=True)
    assert none.low < 0 < none.high


def test_newey_west_errors_are_those_of_statsmodels_with_the_stated_lags():
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
    assert (fit.low, fit.high) == pytest.approx(tuple(100 * np.expm1(model.conf_int()[-1])))
    assert fit.durbin_watson == pytest.approx(sm.stats.stattools.durbin_watson(model.resid))
    assert fit.errors == "Newey-West, 2 lags"
    with pytest.raises(ParameterError, match="one observation"):
        interruption.interruption(series, "2022-07", effect="one month")


@pytest.mark.parametrize("step", [0.0, -0.02, -0.2])
@pytest.mark.parametrize("errors", ["Newey-West", "autoregressive"])
def test_the_p_value_is_that_of_students_t_with_the_months_left(step, errors):
    from scipy.stats import t as students

    fit = interruption.interruption(made_up(step=step), "2022-07", errors=errors)
    size = abs(fit.log_points / fit.standard_error)
    assert fit.p_value == pytest.approx(2 * students.sf(size, fit.degrees_of_freedom))
    assert (fit.p_value < 0.05) == (not fit.low < 0 < fit.high)


def test_autoregressive_errors_are_those_of_generalized_least_squares_at_the_coefficient_found():
    # months are missing, and the distance between two months is counted in months and not in rows
    series = drifting(seed=5, lasting=0.6).drop(pd.period_range("2018-03", "2018-09", freq="M"))
    fit = interruption.interruption(series, "2022-01", trend=True, errors="autoregressive")
    months = series.index.year * 12 + series.index.month
    design = np.column_stack(
        [series.index.month == m for m in range(1, 13)]
        + [series.index >= pd.Period("2018-10", "M"), series.index >= pd.Period("2022-01", "M"), months - months[0]]
    ).astype(float)
    inverse = np.linalg.inv(fit.autoregression ** np.abs(np.subtract.outer(months, months)))
    spread = np.linalg.inv(design.T @ inverse @ design)
    effects = spread @ design.T @ inverse @ np.log(series.to_numpy())
    assert fit.log_points == pytest.approx(effects[-2], rel=1e-4)
    left = np.log(series.to_numpy()) - design @ effects
    variance = left @ inverse @ left / fit.degrees_of_freedom
    assert fit.standard_error == pytest.approx((variance * spread[-2, -2]) ** 0.5, rel=0.02)


def test_an_estimate_prints_nothing(capfd):
    interruption.interruption(drifting(seed=5, lasting=0.6), "2022-01", errors="autoregressive")
    assert capfd.readouterr() == ("", "")


def test_a_search_by_gradient_that_fails_is_done_again_without_one_and_prints_nothing(monkeypatch, capfd):
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    series, searches, fit = drifting(seed=5, lasting=0.6), [], SARIMAX.fit
    found = interruption.interruption(series, "2022-01", errors="autoregressive")

    def failing_first(self, *given, **named):
        searches.append(named.get("method", "by gradient"))
        result = fit(self, *given, **named)
        result.mle_retvals["converged"] = len(searches) > 1
        return result

    monkeypatch.setattr(SARIMAX, "fit", failing_first)
    again = interruption.interruption(series, "2022-01", errors="autoregressive")
    assert searches == ["by gradient", "nm"]
    assert again.log_points == pytest.approx(found.log_points, rel=1e-3)
    assert again.standard_error == pytest.approx(found.standard_error, rel=1e-2)
    assert capfd.readouterr() == ("", "")


@pytest.mark.long
def test_a_known_step_and_a_known_correlation_are_recovered_across_missing_months():
    found = [
        interruption.interruption(drifting(seed=seed, lasting=0.7, step=-0.3), "2022-01", errors="autoregressive")
        for seed in range(12)
    ]
    assert np.mean([fit.log_points for fit in found]) == pytest.approx(-0.3, abs=0.03)
    assert np.mean([fit.autoregression for fit in found]) == pytest.approx(0.7, abs=0.1)
    assert np.mean([fit.durbin_watson for fit in found]) == pytest.approx(2, abs=0.15)
    assert sum(fit.low < 100 * np.expm1(-0.3) < fit.high for fit in found) >= 10


@pytest.mark.long
def test_newey_west_limits_cover_a_known_step_more_often_than_conventional_ones():
    from statsmodels.regression.linear_model import OLS

    covered = {"conventional": 0, "Newey-West": 0}
    for seed in range(100):
        series = drifting(seed=seed, lasting=0.7, step=-0.3)
        fit = interruption.interruption(series, "2022-01", lags=6)
        covered["Newey-West"] += fit.low < 100 * np.expm1(-0.3) < fit.high
        design = np.column_stack(
            [series.index.month == m for m in range(1, 13)] + [series.index >= pd.Period("2022-01", "M")]
        ).astype(float)
        low, high = OLS(np.log(series.to_numpy()), design).fit().conf_int()[-1]
        covered["conventional"] += low < -0.3 < high
    assert covered["conventional"] < 70
    assert covered["conventional"] + 8 < covered["Newey-West"] < 95


def test_earlier_years_tell_of_the_season_and_not_of_the_level():
    series = made_up(n=36, step=-0.2, trend=0)
    earlier = pd.Series(series[:18].to_numpy() * 3, index=series.index[:18] - 60)
    both = pd.concat([earlier, series])
    for errors in ("Newey-West", "autoregressive"):
        fit = interruption.interruption(both, "2022-07", errors=errors)
        assert (fit.n, fit.first) == (54, "2016-01")
        assert fit.percent == pytest.approx(100 * np.expm1(-0.2), abs=1.5)
    assert list(interruption.runs(both.index)) == [1] * 18 + [2] * 36


def test_the_last_ten_years_leave_out_older_months_and_months_that_stand_alone():
    months = ["2010-01", "2015-05", "2015-08", "2015-09", "2024-12", "2025-01"]
    series = pd.Series(1.0, index=pd.PeriodIndex(months, freq="M"))
    assert list(interruption.last_years(series, 10).index.astype(str)) == ["2015-08", "2015-09", "2024-12", "2025-01"]
    assert interruption.last_years(series.iloc[:0], 10).empty


def test_what_cannot_be_estimated_is_missing_or_an_error():
    series = made_up()
    assert isinstance(interruption.interruption(series[:14], "2021-07"), Missing)
    assert isinstance(interruption.interruption(series, "2024-05"), Missing)
    # where every month after the date is seen exactly once before it, step and trend are one
    collinear = interruption.interruption(series[:20], "2022-01", trend=True)
    assert isinstance(collinear, Missing)
    assert "season and trend" in collinear.reason
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
    alone = interruption.interruption(series, "2022-07", effect="one month", errors="autoregressive")
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
    assert isinstance(interruption.interruption(series, "2024-01"), Missing)


def test_placebo_dates_leave_the_asked_number_of_months_on_either_side():
    series = made_up(n=30)
    table = interruption.placebos(series, "2023-05", least=8)
    assert (table["date"].iloc[0], table["date"].iloc[-1]) == ("2021-09", "2022-09")
    assert (table["n"] == 28).all()


def test_a_series_without_months_gives_no_estimate_and_no_placebos(imports):
    nothing = interruption.unbroken(imports, "2030-01")
    found = interruption.interruption(nothing, "2030-01", trend=True)
    assert isinstance(found, Missing)
    assert found.reason == "2030-01: there is no unbroken run of months to estimate it from"
    assert interruption.placebos(nothing, "2030-01").empty


def test_errors_of_more_lags_than_any_run_has_months_are_not_estimated():
    series = made_up(60)
    series = series[~series.index.month.isin([6])]  # runs of eleven months
    assert not isinstance(interruption.interruption(series, "2023-01", lags=10), Missing)
    refused = interruption.interruption(series, "2023-01", lags=11)
    assert refused.reason == "2023-01: the longest run has 11 months, and errors of 11 lags need more"
