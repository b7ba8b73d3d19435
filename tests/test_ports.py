"""Ports: counts, derived months, shares under each base and the break of 2025, against numbers of the publishers' tables."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from conftest import PROJECT, cityresearch
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch.chapters.ports.containers import LA, LB, OAK, REPLACED, US_TRACKED
from cityresearch.charts import style
from cityresearch.errors import DataError, MixedBasisError, ParameterError
from cityresearch.numbers.quantity import Missing, Quantity

SPB = "San Pedro Bay ports (Los Angeles and Long Beach)"


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return cr.load("port_containers")


@pytest.fixture(scope="module")
def corrections() -> pd.DataFrame:
    return cr.load("corrections")


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    return cr.load("port_observations")


@pytest.fixture(scope="module")
def own(published, corrections) -> pd.DataFrame:
    return cr.containers.settled(published, corrections)


@pytest.fixture(scope="module")
def customs(corrections) -> pd.DataFrame:
    return cr.containers.settled(cr.load("port_containers_piers"), corrections)


@pytest.fixture(scope="module")
def unused(published, corrections) -> pd.DataFrame:
    return cr.containers.set_aside(published, corrections)


def three_of_us(customs, direction, year, region="three-ports"):
    return float(
        cr.share(
            cr.ports.regional(customs, region, direction, year),
            cr.containers.teu(customs, "United States", direction, year),
        ).value
    )


# ---------------------------------------------------------------- one count for each port, period and direction


@pytest.mark.parametrize(
    ("port", "direction", "period", "count"),
    [
        (LB, "total", "2024-01", 2_002_820 - 674_723 - 654_082),
        (LB, "total", "2024-12", 9_649_724 - 8_788_718),
        (LB, "total", "2025-12", 9_881_595 - 9_047_477),
        (LA, "total", "2025-12", 424_498 + 108_074 + 259_014),
        (LA, "total", "2025", 9_447_731 + 791_586),
        (LA, "loaded_exports", "2025", 1_429_263),
        (LA, "loaded_imports", "2025", 5_316_716),
        (OAK, "total", "2025-01", 81_453 + 64_735 + 12_625 + 34_363),
        (OAK, "total", "2025-02", 601_527 - 217_415 - 193_176),
        (OAK, "total", "2025-07", 1_346_022 - 974_417 - 168_460),
        (OAK, "total", "2025-08", 1_538_337 - 1_346_022),
        (OAK, "loaded_imports", "2024-12", 84_868),
    ],
)
def test_a_missing_month_that_follows_from_published_figures_is_derived_and_says_so(
    own, port, direction, period, count
):
    found = cr.containers.teu(own, port, direction, period)
    assert int(found) == count
    assert found.bounds is None
    assert any("derived" in caveat for caveat in found.caveats)
    assert found.sources


def test_derived_counts_are_stored_nowhere(own, published):
    stored = set(published.reset_index()[["port", "period", "direction", "teu"]].itertuples(index=False, name=None))
    rows = own[own["derived"] != ""].reset_index()
    assert not stored & set(rows[["port", "period", "direction", "teu"]].itertuples(index=False, name=None))


def test_a_derived_count_outside_a_rounded_published_one_is_not_kept(own):
    # cumulative figures leave 702,970 for May 2024, because June was revised; the port printed 696 thousand
    found = cr.containers.teu(own, LB, "total", "2024-05")
    assert int(found) == 696_000
    assert str(found.interval) == "[695,500, 696,500)"


def test_two_missing_months_between_cumulative_figures_are_not_guessed(published, corrections):
    without = published.drop((LB, "2024-02", "month", "total", "fw-lb-2025-02"))
    assert isinstance(cr.containers.teu(cr.containers.settled(without, corrections), LB, "total", "2024-01"), Missing)


@pytest.mark.parametrize(
    ("port", "direction", "period", "count"),
    [
        (LA, "loaded_imports", "2023-12", 364_661),  # revised, not 369,477
        (LB, "loaded_imports", "2024-06", 419_698),  # revised, not 415,677
        (LA, "loaded_exports", "2025-08", 127_379),  # not the Long Beach figure
        (LA, "loaded_imports", "2025-07", 543_728),  # not the misprint
        (OAK, "loaded_exports", "2010", 954_814),  # not the copy of the imports
        (OAK, "loaded_imports", "2023-12", 76_347),  # not the exports
        (LA, "total", "2023", 8_629_681),  # revised, not 8,634,497
        (LB, "total", "2024", 9_649_724),  # to the box, not 9.65 million
    ],
)
def test_misprints_and_first_figures_give_way(own, port, direction, period, count):
    assert int(cr.containers.teu(own, port, direction, period)) == count


def test_every_count_that_is_replaced_is_in_the_data_and_has_another_of_its_kind(published, corrections, own):
    listed = {"|".join(key) for key in published.index}
    assert set(REPLACED) <= listed
    for key in REPLACED:
        port, period, kind, direction, source = key.split("|")
        if port == US_TRACKED:
            assert (port, period, kind, direction) not in own.index
        else:
            assert (
                source not in own.loc[(port, period, kind, direction), "sources"]
                or own.loc[(port, period, kind, direction), "derived"]
            )


def test_a_correction_with_an_expected_count_is_what_the_rules_give(own, corrections):
    rows = corrections.reset_index()
    rows = rows[(rows["dataset"] == "port_containers") & rows["key"].str.startswith("Port of") & rows["expect"].notna()]
    checked = 0
    for row in rows.itertuples():
        port, period, kind, direction, _ = row.key.split("|")
        if row.expect and kind != "ytd":
            assert int(cr.containers.teu(own, port, direction, period)) == int(row.expect)
            checked += 1
    assert checked >= 5


def test_the_two_ports_add_up_to_what_the_association_prints_for_both(own):
    rows = own.loc[SPB].reset_index()
    rows = rows[(rows["period_kind"] == "month") & rows["direction"].isin(["loaded_imports", "loaded_exports"])]
    compared = 0
    for row in rows.itertuples():
        both = cr.ports.regional(own, "san-pedro-bay", row.direction, row.period)
        if isinstance(both, Quantity):
            assert abs(float(both.value) - row.teu) <= 1, (row.period, row.direction)
            compared += 1
    assert compared > 60


def test_customs_based_and_port_counts_do_not_mix(published, corrections, own, customs):
    mixed = pd.concat([published.reset_index(), cr.load("port_containers_piers").reset_index()])
    with pytest.raises(MixedBasisError, match="piers and port_authority"):
        cr.containers.settled(mixed.set_index(published.index.names), corrections)
    port_own, customs_based = (
        cr.containers.teu(own, LB, "loaded_imports", "2005"),
        cr.containers.teu(customs, LA, "loaded_imports", "2005"),
    )
    with pytest.raises(MixedBasisError, match="basis differs"):
        cr.together(port_own, customs_based)
    with pytest.raises(MixedBasisError, match="basis differs"):
        cr.share(
            cr.containers.teu(own, OAK, "loaded_imports", "2012"),
            cr.containers.teu(customs, "United States", "loaded_imports", "2012"),
        )


def test_imports_and_exports_are_added_only_when_asked(own):
    sides = [cr.containers.teu(own, LA, side, "2023") for side in ("loaded_imports", "loaded_exports")]
    with pytest.raises(MixedBasisError, match="basis differs"):
        cr.together(*sides)
    assert int(cr.together(*sides, direction="loaded_both_ways")) == 4_441_330 + 1_291_997


def test_a_missing_port_makes_the_sum_missing_and_years_do_not_mix(own):
    assert isinstance(cr.ports.regional(own, "three-ports", "total", "2008"), Missing)
    with pytest.raises(MixedBasisError, match="period differs"):
        cr.together(cr.containers.teu(own, LA, "total", "2023"), cr.containers.teu(own, LB, "total", "2024"))
    with pytest.raises(DataError, match="Nothing to add"):
        cr.together()
    with pytest.raises(ParameterError, match="Unknown region"):
        cr.ports.ports_of("bay")


# ---------------------------------------------------------------- shares


@pytest.mark.parametrize(
    ("direction", "year", "percent"),
    [
        ("loaded_total", "1995", 36.8),
        ("loaded_total", "1997", 37.6),
        ("loaded_total", "1998", 38.9),
        ("loaded_total", "2000", 41.4),
        ("loaded_total", "2001", 41.9),
        ("loaded_total", "2012", 40.1),
        ("loaded_imports", "2012", 44.8),
        ("loaded_exports", "2012", 33.1),
    ],
)
def test_three_port_shares_of_the_federal_tables(customs, direction, year, percent):
    assert round(three_of_us(customs, direction, year), 1) == percent


def test_five_ports_take_45_4_percent_of_imports_in_the_federal_table_of_2012(customs):
    assert round(three_of_us(customs, "loaded_imports", "2012", "california"), 1) == 45.4


def test_the_repeated_total_of_1997_gives_36_0(customs):
    whole = cr.containers.as_published(
        cr.load("port_containers_piers"), "United States", "loaded_total", "1997", "bts-table11"
    )
    found = cr.share(cr.ports.regional(customs, "three-ports", "loaded_total", "1997"), whole)
    assert round(float(found.value), 1) == 36.0
    assert any("bts-table11" in caveat for caveat in found.caveats)


def test_shares_of_2023_follow_from_the_west_coast(own, observations):
    def share_of(region, way):
        return cr.share(
            cr.ports.regional(own, region, way, "2023"), cr.ports.us_by_share(own, observations, way, "2023")
        )

    assert round(float(share_of("three-ports", "loaded_imports").value), 1) == 38.5
    assert round(float(share_of("california", "loaded_imports").value), 1) == 39.3
    exports = share_of("three-ports", "loaded_exports")
    assert round(float(exports.value)) == 29
    assert 28 < float(exports.interval.low) < 29
    assert any("West Coast" in caveat for caveat in exports.caveats)
    assert any("Oakland exports derived" in caveat for caveat in exports.caveats)
    assert round(float(share_of("three-ports", "loaded_both_ways").value)) == 35


def test_totals_that_leave_out_coasts_are_not_used_and_the_december_misprint_is_corrected(own, unused, corrections):
    for month, words in (("2024-08", "New York"), ("2025-06", "East Coast")):
        found = cr.ports.us_by_month(own, unused, month)
        assert isinstance(found, Missing)
        assert words in found.reason
    expected = corrections.reset_index().set_index("key")["expect"]
    for month, count in (("2024-12", 2_227_557 + 84_868 - 59_535), ("2023-12", 1_978_252 + 76_347 - 65_801)):
        found = cr.ports.us_by_month(own, unused, month)
        assert int(found) == count == int(expected[f"{US_TRACKED}|{month}|month|loaded_imports|pmsa-2024-12"])
        assert "corrected" in found.caveats[0]
    assert any("Miami" in c for c in cr.ports.us_by_month(own, unused, "2024-10").caveats)


def test_monthly_shares_of_the_three_ports(own, unused):
    months = cr.ports.months_share(own, unused, "three-ports")
    shares = months["percent"].astype(float).round(1)
    assert shares["2024-03"] == 37.5
    assert shares["2024-10"] == 44.8
    assert shares["2025-01"] == 44.2
    assert not {"2024-08", "2024-09", "2025-06"} & set(months.index)
    ten = cr.ports.share_over(months, "2024")
    assert ten.period == "10 months of 2024"
    assert round(float(ten.value), 1) == 41.1
    assert round(float(cr.ports.share_over(months, "2025").value), 1) == 39.6
    assert isinstance(cr.ports.share_over(months, "2022"), Missing)


def test_shares_over_another_count_say_so(own, observations):
    found = cr.ports.share_across(own, observations, "three-ports", "2024-10")
    assert round(float(found.value), 1) == 41.4
    assert any("basis differs" in caveat for caveat in found.caveats)


def test_printed_shares_are_added_within_one_series(observations):
    for series, month, percent in (
        ("import_tonnage", "2024-07", 31.8),
        ("export_tonnage", "2025-07", 23.3),
        ("import_value", "2025-07", 38.1),
    ):
        found = cr.ports.added_shares(observations, f"share_of_us_container_{series}", [SPB, OAK], month)
        assert round(float(found.value), 1) == percent


def test_the_shares_drawn_name_their_base_and_partial_years(own, customs, observations, unused):
    rows = (
        cr.port_series.shares_by_base(own, customs, observations, unused, "three-ports")
        .set_index(["group", "label"])["value"]
        .round(1)
    )
    assert rows["imports, customs-based", "2012"] == 44.8
    assert rows["imports, ports' own", "2023"] == 38.5
    assert rows["imports, ports' own", "10 months of 2024"] == 41.1
    assert ("imports, ports' own", "2024") not in rows.index


# ---------------------------------------------------------------- the spring of 2025, value, jobs


@pytest.mark.parametrize(("region", "percent"), [("los-angeles", -4.8), ("long-beach", -8.2), ("san-pedro-bay", -6.4)])
def test_containers_of_may_2025_against_may_2024(own, region, percent):
    # 716,619 over 752,893; 639,160 over 696 thousand (rounded)
    found = cr.observations.growth(
        cr.ports.regional(own, region, "total", "2025-05"), cr.ports.regional(own, region, "total", "2024-05")
    )
    assert round(float(found.value), 1) == percent
    assert (found.bounds is None) == (region == "los-angeles")


def test_exports_of_the_los_angeles_port_are_a_fifth_of_the_states_by_value(observations):
    exports = cr.ports.value_of_exports(observations, LA, "2017")
    assert int(exports) == 34_320_000_000  # 12 percent of more than 286 billion
    whole = cr.exports.state_total(cr.load("state_exports"), state="CA", year=2017, vintage="revised")
    with pytest.raises(MixedBasisError):
        cr.share(exports, whole)
    found = cr.share(exports, whole, across=["basis", "vintage"])
    assert round(float(found.value)) == 20
    assert 19 < float(found.interval.low) < float(found.interval.high) < 21
    assert isinstance(cr.ports.value_of_exports(observations, LA, "2023"), Missing)


def test_words_such_as_nearly_bound_a_printed_number():
    assert str(cr.rounding.stands_for(3_000_000, 100_000, "nearly; a page")) == "[2,900,000, 3,000,000)"
    assert str(cr.rounding.stands_for(3_000_000, 100_000, "more than; a page")) == "[3,000,000, 3,100,000)"
    assert str(cr.rounding.stands_for(12, 1, float("nan"))) == "[11.5, 12.5)"


def test_jobs_keep_area_ports_and_definition_apart(observations):
    jobs = cr.port_series.jobs_by_study(observations, ["Los Angeles", "Long Beach", "San Pedro"])
    both = jobs[(jobs["ports"].str.startswith("San Pedro")) & (jobs["area"] == "Southern California")]
    assert set(both["jobs"]) == {226_000, 230_000, 951_000}
    direct = jobs[jobs["kind"] == "direct only"]
    assert direct[["area", "ports", "year", "jobs"]].to_numpy().tolist() == [
        ["Area not stated", "Los Angeles", "2006", 47_105]
    ]
    assert len(cr.port_series.jobs_as_rows(jobs)) == len(jobs)


# ---------------------------------------------------------------- interrupted time series


def made_up(n=36, step=-0.2, trend=0.01, seed=1) -> pd.Series:
    months = pd.period_range("2021-01", periods=n, freq="M")
    noise = np.random.default_rng(seed).normal(0, 0.01, n)
    logs = (
        6 + 0.1 * np.sin(months.month / 2) + trend * np.arange(n) + step * (months >= pd.Period("2022-07", "M")) + noise
    )
    return pd.Series(np.exp(logs), index=months)


def test_a_known_step_is_found_beside_season_and_trend():
    fit = cr.trends.interruption(made_up(), "2022-07", trend=True)
    assert fit.percent == pytest.approx(100 * np.expm1(-0.2), abs=1.5)
    assert fit.low < fit.percent < fit.high < 0
    assert (fit.n, fit.first, fit.last, fit.degrees_of_freedom) == (36, "2021-01", "2023-12", 22)
    none = cr.trends.interruption(made_up(step=0), "2022-07", trend=True)
    assert none.low < 0 < none.high


def test_errors_are_those_of_statsmodels_with_the_stated_lags():
    import statsmodels.api as sm

    series = made_up()
    fit = cr.trends.interruption(series, "2022-07", lags=2)
    design = np.column_stack(
        [series.index.month == m for m in range(1, 13)] + [series.index >= pd.Period("2022-07", "M")]
    ).astype(float)
    model = sm.OLS(np.log(series.to_numpy()), design).fit(
        cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": True}, use_t=True
    )
    assert fit.standard_error == pytest.approx(model.bse[-1])
    assert fit.errors == "HAC (Newey-West), 2 lags, small-sample factor"
    assert cr.trends.interruption(series, "2022-07", effect="one month").errors == "conventional"


def test_what_cannot_be_estimated_is_missing_or_an_error():
    series = made_up()
    assert isinstance(cr.trends.interruption(series[:14], "2021-07"), Missing)
    assert isinstance(cr.trends.interruption(series, "2024-05"), Missing)
    # where every month after the date is seen exactly once before it, step and trend are one
    collinear = cr.trends.interruption(series[:20], "2022-01", trend=True)
    assert isinstance(collinear, Missing)
    assert "season and trend" in collinear.reason
    with pytest.raises(DataError, match="gaps"):
        cr.trends.interruption(series.drop(pd.Period("2021-05", "M")), "2022-07")
    with pytest.raises(ParameterError, match="YYYY-MM"):
        cr.trends.unbroken(series, "FY2022")
    with pytest.raises(DataError, match="not positive"):
        cr.trends.interruption(series.mask(series.index == pd.Period("2021-05", "M"), 0.0), "2022-07")


def test_the_run_of_months_around_a_date_stops_at_gaps():
    series = made_up().drop([pd.Period("2021-05", "M"), pd.Period("2023-02", "M")])
    run = cr.trends.unbroken(series, "2022-07")
    assert (str(run.index[0]), str(run.index[-1])) == ("2021-06", "2023-01")
    assert cr.trends.unbroken(series, "2021-05").empty


@pytest.mark.parametrize(
    ("trend", "percent", "error", "freedom"), [(False, 2.98, 0.0683, 18), (True, -21.70, 0.0482, 17)]
)
def test_the_break_of_may_2025_is_pinned(own, trend, percent, error, freedom):
    window = cr.trends.unbroken(cr.port_series.by_month(own, "san-pedro-bay", "loaded_imports"), "2025-05")
    fit = cr.trends.interruption(window, "2025-05", trend=trend)
    assert fit.percent == pytest.approx(percent, abs=0.01)
    assert fit.standard_error == pytest.approx(error, abs=0.0005)
    assert (fit.n, fit.first, fit.last, fit.degrees_of_freedom) == (31, "2023-07", "2026-01", freedom)


def test_placebo_dates_use_the_months_before_alone(own):
    window = cr.trends.unbroken(cr.port_series.by_month(own, "san-pedro-bay", "loaded_imports"), "2025-05")
    table = cr.trends.placebos(window, "2025-05")
    assert set(table["last"]) == {"2025-04"}
    assert len(table) == 11
    assert (table["percent"] > 2.98).all()
    # they do not move with what came after
    later = window.where(window.index < "2025-05", window / 2)
    pd.testing.assert_frame_equal(cr.trends.placebos(later, "2025-05"), table)


# ---------------------------------------------------------------- figures and the chapter


@pytest.mark.parametrize("width", style.WIDTHS.values())
def test_dots_are_legible_at_every_width(width, monkeypatch, observations, own):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    jobs = cr.port_series.jobs_by_study(observations, ["Los Angeles", "Long Beach", "San Pedro"])
    words = dict(
        title="Jobs",
        subtitle="By study",
        unit="million jobs",
        alt="Dots.",
        caption="Jobs.",
        sources=tuple(jobs["source_id"]),
    )
    chart = cr.figures.dots(cr.port_series.jobs_as_rows(jobs), scale=1e6, **words)
    assert faults_of_layout(chart.figure) == []
    changes = {"Ships": {"docked": cr.observed(observations, "docked_vessels_change", SPB, "2025-W19")}}
    chart = cr.figures.dots(cr.port_series.as_rows(changes), marked=-10, marked_label="ten", **words)
    assert faults_of_layout(chart.figure) == []
    assert "docked: -44" in chart.words.alt
    assert list(chart.data.columns) == ["group", "label", "value", "low", "high"]


def test_the_chapter_runs_for_other_ports_and_counts_none_of_the_papers_claims(tmp_path):
    wishes = {"region": "oakland", "followed": "oakland", "direction": "total"}
    flags = [part for name, value in wishes.items() for part in ("-p", name, value)]
    done = cityresearch("run", "03-ports", *flags, "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "0 claims counted" in done.stdout
    titles = {p.stem: json.loads(p.read_text(encoding="utf-8"))["title"] for p in (tmp_path / "figures").glob("*.json")}
    assert "Oakland" in titles["figure-3-teu-by-port"]
    assert "port of Oakland" in titles["figure-3-share-by-base"]
    assert PROJECT.joinpath("notebooks", "03-ports.ipynb").is_file()


def test_the_table_of_estimates_prints_percent_to_two_digits_and_the_rest_to_four():
    fits = {
        "step": cr.trends.interruption(made_up(), "2022-07"),
        "none": cr.trends.interruption(made_up(), "2024-05"),
    }
    table = cr.trends.tabulated(fits)
    for column, digits in {
        "percent": 2, "low": 2, "high": 2, "log_points": 4, "standard_error": 4, "p_value": 4,
    }.items():  # fmt: skip
        assert table.at["step", column] == round(getattr(fits["step"], column), digits) != getattr(fits["step"], column)
    assert table.at["none", "missing"] == fits["none"].reason
    assert pd.isna(table.at["step", "missing"])
    assert "missing" not in cr.trends.tabulated({"step": fits["step"]}).columns


def test_an_effect_of_one_month_is_told_from_a_lasting_one():
    # July 2022 alone is a fifth lower; a step from there on would be a thirtieth of it
    series = made_up(step=0, trend=0)
    series[pd.Period("2022-07", "M")] *= 0.8
    alone = cr.trends.interruption(series, "2022-07", effect="one month")
    assert alone.percent == pytest.approx(-20, abs=2.5)
    assert alone.low < alone.percent < alone.high < 0
    assert abs(cr.trends.interruption(series, "2022-07").percent) < 3


def test_five_degrees_of_freedom_and_three_months_before_are_just_enough():
    series = made_up()
    # 18 months from January on see all twelve calendar months: 18 less 12 of the season and one of the step
    fit = cr.trends.interruption(series[:18], "2022-03")
    assert fit.degrees_of_freedom == 5
    few = cr.trends.interruption(series[:17], "2022-03")
    assert isinstance(few, Missing)
    assert "17 months leave 4 degrees of freedom" in few.reason
    assert not isinstance(cr.trends.interruption(series, "2021-04"), Missing)
    early = cr.trends.interruption(series, "2021-03")
    assert isinstance(early, Missing)
    assert "fewer than three months before it" in early.reason
    assert not isinstance(cr.trends.interruption(series, "2023-12"), Missing)


def test_placebo_dates_leave_the_asked_number_of_months_on_either_side():
    series = made_up(n=30)
    table = cr.trends.placebos(series, "2023-05", least=8)
    assert (table["date"].iloc[0], table["date"].iloc[-1]) == ("2021-09", "2022-09")
    assert (table["n"] == 28).all()


def test_the_sources_of_a_series_are_those_of_its_ports_direction_and_kind_of_period():
    rows = [
        (LA, "2024-01", "month", "total", "yes"),
        (LA, "2023-01", "month", "total", "early"),
        (LA, "2024", "year", "total", "another kind"),
        (LA, "2024-01", "month", "empties", "another direction"),
        (OAK, "2024-01", "month", "total", "another port"),
    ]
    counts = pd.DataFrame(rows, columns=["port", "period", "period_kind", "direction", "sources"])
    counts["sources"] = [(source,) for source in counts["sources"]]
    counts = counts.set_index(["port", "period", "period_kind", "direction"])
    assert cr.port_series.sources_of(counts, "los-angeles", "total", kind="month", since="2024") == ("yes",)
    assert cr.port_series.sources_of(counts, "los-angeles", "total", kind="month") == ("yes", "early")


def test_what_a_total_leaves_out_is_said_however_its_name_was_written(own):
    partial = own[own["note"].str.contains("not in this table")].xs(US_TRACKED, level="port").reset_index()
    row = partial[partial["period_kind"] == "month"].iloc[0]
    found = cr.containers.teu(own, "".join(list(US_TRACKED)), row["direction"], row["period"])
    assert f"coverage: {row['note']}" in found.caveats


def test_a_derived_month_names_the_cumulative_figures_that_it_comes_from(own):
    derived = own.at[(LB, "2023-12", "month", "total"), "derived"]
    assert derived == "year 8,018,668 - first 11 months 7,308,848"
