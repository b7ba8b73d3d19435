"""Jobs: figures of the payroll tables, editions kept apart, and the Inland Empire against its season."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import mostly_long
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch import charts
from cityresearch.chapters.trade_and_work import seasons
from cityresearch.charts import style
from cityresearch.charts.words import Words
from cityresearch.errors import MixedBasisError
from cityresearch.measures import employment
from cityresearch.numbers.quantity import Missing

SF = "San Francisco-Oakland-Fremont, CA MSA"
RIVERSIDE = "Riverside-San Bernardino-Ontario, CA MSA"
INLAND = "Inland Empire (Riverside and San Bernardino counties)"
TRANSPORT = "transportation_warehousing_monthly_job_change"
HALF = [f"2025-0{m}" for m in range(1, 7)]


@pytest.fixture(scope="module")
def bls() -> pd.DataFrame:
    return cr.load("bls_employment")


@pytest.fixture(scope="module")
def economy() -> pd.DataFrame:
    return cr.load("economy_observations")


@pytest.mark.parametrize(
    ("month", "jobs"), [("2025-09", 334_100), ("2025-12", 350_800), ("2026-03", 334_600), ("2025-07", 343_800)]
)  # BLS, Economy at a Glance and data series, San Francisco-Oakland-Fremont
def test_san_francisco_is_as_the_tables_print_it(bls, month, jobs):
    assert int(employment.jobs(bls, geography=SF, month=month)) == jobs


def test_a_month_has_one_value_per_edition_and_the_latest_is_the_default(bls):
    # January 2026: 341,700 in the edition of January, 339,800 two months later
    assert int(employment.jobs(bls, geography=SF, month="2026-01", edition="2026-01")) == 341_700
    assert int(employment.jobs(bls, geography=SF, month="2026-01")) == 339_800


def test_a_month_that_is_not_in_the_data_says_where_it_was_looked_for(bls):
    def reason(**where) -> str:
        return employment.jobs(bls, geography=SF, month="1950-01", **where).reason.partition("1950-01")[2]

    assert reason() == ": none in the data"
    assert reason(edition="2026-01") == " in the edition of 2026-01: none in the data"
    assert reason(source="nobody") == " from nobody: none in the data"


def test_changes_across_editions_are_refused_unless_asked_for_and_then_say_so(bls):
    september = employment.jobs(bls, geography=SF, month="2025-09")
    march = employment.jobs(bls, geography=SF, month="2026-03")
    with pytest.raises(MixedBasisError, match=r"vintage differs \(edition of 2026-01 and edition of 2026-03\)"):
        employment.change(september, march)
    change = employment.change(september, march, across=["vintage"])
    assert int(change) == 500
    assert change.caveats == ("vintage differs: edition of 2026-01 and edition of 2026-03",)


def test_changes_between_places_are_refused(bls):
    there = employment.jobs(bls, geography=RIVERSIDE, month="2026-03", edition="2026-05")
    with pytest.raises(MixedBasisError, match="geography"):
        employment.change(employment.jobs(bls, geography=SF, month="2025-12"), there, across=["vintage"])


def test_private_jobs_are_ten_sectors_of_one_edition_or_all_less_government(bls):
    state = employment.private_jobs(bls, geography="California", month="2026-01")
    assert "ten private sectors" in state.caveats[0]
    sectors = bls.reset_index()
    sectors = sectors[(sectors["geography"] == "California") & (sectors["month"] == "2026-01")]
    assert int(state) == sectors.loc[sectors["series"] != "total_nonfarm", "jobs"].sum()
    county = "Los Angeles-Long Beach-Glendale, CA Metropolitan Division"
    assert "less government" in employment.private_jobs(bls, geography=county, month="2025-03").caveats[0]


def test_private_jobs_are_missing_where_a_sector_is(bls):
    fewer = bls.drop(index="construction", level="series")
    assert isinstance(employment.private_jobs(fewer, geography="California", month="2026-01"), Missing)


def test_december_is_the_peak_of_nearly_every_metro_edition_but_not_of_the_adjusted_state(bls):
    table = seasons.seasonal_position(bls, month="2025-12")
    metros = table[table["seasonally_adjusted"] == "no"]
    assert (int(metros["is_highest"].sum()), len(metros)) == (9, 10)
    # San Francisco: 350,800 over 334,600 of March 2026
    assert table.at[SF, "above_lowest_percent"] == 4.84
    assert table.at["California", "above_lowest_percent"] < 0.5


def editions(*tables: tuple[str, dict[str, int]]) -> pd.DataFrame:
    """Payroll tables of one place, each with its newest month and the jobs by month."""
    rows = [
        {
            "geography": SF, "series": employment.TRADE, "month": month, "source_id": f"bls-{edition}", "jobs": jobs,
            "precision": 100, "edition": edition, "vintage": "earlier_month", "seasonally_adjusted": "no", "note": "",
        }
        for edition, months in tables
        for month, jobs in months.items()
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index(["geography", "series", "month", "source_id"])


MONTHS = ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01")


@pytest.mark.parametrize(
    ("tables", "edition"),
    [
        # the one with more months, though it is the older one
        ([("2025-12", dict.fromkeys(MONTHS, 300)), ("2026-03", dict.fromkeys(MONTHS[:4], 300))], "2025-12"),
        # of two with as many months the later one, in either order of the file
        ([("2025-12", dict.fromkeys(MONTHS[:4], 300)), ("2026-03", dict.fromkeys(MONTHS[:4], 300))], "2026-03"),
        ([("2026-03", dict.fromkeys(MONTHS[:4], 300)), ("2025-12", dict.fromkeys(MONTHS[:4], 300))], "2026-03"),
        # one without the month does not count, nor one with fewer than four
        (
            [
                ("2025-12", dict.fromkeys(MONTHS[:4], 300)),
                ("2026-03", dict.fromkeys(MONTHS[:3], 300) | {"2026-01": 300}),
            ],
            "2025-12",
        ),
        ([("2025-12", dict.fromkeys(MONTHS[:4], 300)), ("2026-03", dict.fromkeys(MONTHS[3:], 300))], "2025-12"),
    ],
)  # fmt: skip
def test_a_season_is_taken_from_the_edition_with_most_months_or_the_later_of_two_alike(tables, edition):
    table = seasons.seasonal_position(editions(*tables), month="2025-12")
    assert table.at[SF, "edition"] == edition
    assert table.at[SF, "source_id"] == f"bls-{edition}"
    assert table.at[SF, "months"] == max(len(months) for name, months in tables if name == edition)


def test_a_place_whose_editions_are_all_too_short_has_no_season():
    short = editions(("2025-12", dict.fromkeys(MONTHS[1:4], 300)))
    assert seasons.seasonal_position(short, month="2025-12").empty


def test_the_lowest_month_is_the_earliest_of_those_with_fewest_jobs():
    table = seasons.seasonal_position(
        editions(("2025-12", {"2025-09": 310, "2025-11": 300, "2025-10": 300, "2025-12": 330})), month="2025-12"
    )
    assert table.loc[SF, ["lowest_month", "lowest", "above_lowest_percent"]].tolist() == ["2025-10", 300, 10.0]
    assert table.at[SF, "is_highest"]


def test_a_12_month_change_gives_the_year_before_with_its_rounding(bls, economy):
    before = seasons.implied_year_before(bls, economy, geography=SF, month="2025-12")
    assert before.period == "2024-12"
    assert round(float(before.value)) == 352_563  # 350,800 / 0.995
    assert float(before.interval.low) < 352_400 < 352_700 < float(before.interval.high)
    # the edition of May 2025 had 359,100: outside what the later edition allows
    assert int(employment.jobs(bls, geography=SF, month="2024-12")) not in before.interval


def test_a_year_before_is_missing_where_its_month_or_its_change_is():
    level, growth, gone = cr.Quantity(100, "jobs", "2025-12"), cr.Quantity(1, "percent", "2025-12"), Missing("none")
    assert seasons.year_earlier(gone, growth) is gone
    assert seasons.year_earlier(level, gone) is gone


def test_a_level_and_a_change_of_two_editions_are_not_combined(bls, economy):
    growth = cr.observed(economy, "trade_transportation_utilities_employment_12_month_change", SF, period="2025-12")
    level = employment.jobs(bls, geography=SF, month="2025-12", edition="2026-03")
    with pytest.raises(MixedBasisError, match="one edition"):
        seasons.year_earlier(level, growth)


def test_the_inland_empire_lost_most_before_april(economy):
    # monthly pages: -15,300, -6,200, -4,200, -400, -100, -900
    def lost(months):
        return int(seasons.sum_of_changes(economy, TRANSPORT, INLAND, months, lost=True))

    assert (lost(HALF), lost(HALF[:3]), lost(HALF[3:])) == (27_100, 25_700, 1_400)
    whole = seasons.sum_of_changes(economy, TRANSPORT, INLAND, HALF)
    assert int(whole) == -27_100
    assert "first releases" in whole.caveats[0]


def test_a_missing_month_makes_the_sum_missing(economy):
    found = seasons.sum_of_changes(economy, TRANSPORT, INLAND, [*HALF, "2025-07"])
    assert isinstance(found, Missing)
    assert "2025-07" in found.reason


def test_usual_changes_are_given_with_the_printed_ones(economy):
    everything = seasons.monthly_changes(economy, "total_nonfarm_monthly_job_change", INLAND)
    # February 2025: 6,200 lost, more than 10,500 gained in the average of five years
    assert everything.loc["2025-02", ["change", "usual", "difference"]].tolist() == [-6_200, 10_500, -16_700]
    warehouses = seasons.monthly_changes(economy, "warehousing_storage_monthly_job_change", INLAND)
    assert warehouses.loc["2025-02", ["change", "usual"]].tolist() == [-6_400, -1_800]
    assert seasons.monthly_changes(economy, TRANSPORT, INLAND)["usual"].isna().all()


def test_the_next_winter_fell_as_much_in_the_wider_sector(bls, economy):
    months = ("2025-12", "2026-03")
    later = employment.change(*(employment.jobs(bls, geography=RIVERSIDE, month=m) for m in months))
    before = employment.change(
        *(seasons.implied_year_before(bls, economy, geography=RIVERSIDE, month=m) for m in months)
    )
    assert int(later) == -29_100  # 476,600 to 447,500
    assert -30_700 < float(before.interval.low) < float(before.value) < float(before.interval.high) < -29_500


def changes_chart():
    data = pd.DataFrame(
        {
            "panel": ["All jobs"] * 6 + ["Transportation and warehousing"] * 6,
            "period": [f"2025-{month:02d}" for month in range(1, 7)] * 2,
            "tick": ["Jan", "Feb", "Mar", "Apr", "May", "Jun"] * 2,
            "change": [-39_700, -6_200, -1_600, 6_400, 3_100, -100, -15_300, -6_200, -4_200, -400, -100, -900],
            "usual": [-30_000, 10_500, 2_600, 7_300, 4_400, -4_675, *[float("nan")] * 6],
        }
    )
    return charts.against_usual(
        data, Words("A title", "A subtitle.", alt="Alt.", caption="Caption.", sources=["iego-2025-03"]),
        unit="thousand jobs", scale=1000, events={"2025-05": "fall in vessels"},
    )  # fmt: skip


@pytest.mark.parametrize("width", mostly_long(style.WIDTHS.values(), 3.5))
def test_the_chart_of_changes_fits_and_draws_a_diamond_only_where_a_usual_change_is_known(width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    chart = changes_chart()
    assert faults_of_layout(chart.figure) == []
    diamonds = [sum(line.get_marker() == "D" for line in ax.get_lines()) for ax in chart.figure.axes]
    assert diamonds == [6, 0]
