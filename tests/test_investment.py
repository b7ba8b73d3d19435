"""Foreign-owned firms: figures of the published summaries, and no comparison across a change of method or
definition."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.chapters.foreign_investment import firms as measure
from cityresearch.chapters.foreign_investment import local
from cityresearch.errors import DataError, MixedBasisError
from cityresearch.measures import employment
from cityresearch.measures.comparisons import growth
from cityresearch.numbers.quantity import Missing

BREAK = 2023


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    return cr.load("foreign_owned_firms")


@pytest.fixture(scope="module")
def california(firms) -> pd.DataFrame:
    return measure.by_year(firms, geography="California", last_old_edition=BREAK)


def level(firms, series, year):
    return measure.level(firms, series, geography="California", year=year, last_old_edition=BREAK)


def test_the_editions_are_as_the_chamber_of_commerce_prints_them(california):
    # editions of 2020, 2021, 2023 and 2025: 731,000; 703,187; 635,532; 814,102 jobs
    jobs = california[(california["measure"] == "jobs") & ~california["derived"]].set_index("year")["value"]
    assert jobs.to_dict() == {2019: 731_000, 2020: 703_187, 2022: 635_532, 2025: 814_102}
    firms = california[(california["measure"] == "firms") & ~california["derived"]].set_index("year")["value"]
    assert firms.to_dict() == {2019: 19_000, 2020: 18_451, 2022: 18_237, 2025: 18_963}


def test_a_change_printed_with_an_edition_gives_the_year_before_and_is_marked_as_derived(california):
    # 814,102 less the printed rise of 14,018; 18,237 less the printed gain of 271
    derived = california[california["derived"]].set_index(["measure", "year"])["value"]
    assert derived.to_dict() == {("firms", 2021): 17_966, ("jobs", 2024): 800_084}


def test_no_change_is_taken_across_the_break_unless_asked_for(firms):
    before, after = level(firms, measure.JOBS, 2022), level(firms, measure.JOBS, 2025)
    with pytest.raises(MixedBasisError, match="vintage"):
        growth(after, before)
    jump = growth(after, before, across=["vintage"])
    assert round(float(jump.value), 1) == 28.1
    assert any("vintage differs" in caveat for caveat in jump.caveats)
    assert round(float(growth(before, level(firms, measure.JOBS, 2020)).value), 1) == -9.6


def test_moving_the_break_moves_the_sides(firms):
    table = measure.by_year(firms, geography="California", last_old_edition=2021)
    jobs = table[table["measure"] == "jobs"].set_index("year")["method"]
    assert jobs[2020] == "editions to 2021"
    assert jobs[2022] == "editions after 2021"


def test_jobs_per_firm_jump_at_the_break_and_wages_per_job_do_not(california):
    table = measure.per_firm(california)
    assert table["jobs_per_firm"].to_dict() == {2019: 38.5, 2020: 38.1, 2022: 34.8, 2025: 42.9}
    # 69.5 bn over 635,532 and 89 bn over 814,102
    assert (table.at[2022, "wages_per_job_usd"], table.at[2025, "wages_per_job_usd"]) == (109_357, 109_323)


def test_a_count_of_another_definition_is_not_compared_with_the_series(firms):
    federal = cr.observed(firms, "us_affiliates_employment_10pct", "California", period="2018")
    assert int(federal) == 845_400
    with pytest.raises(MixedBasisError, match="basis"):
        growth(level(firms, measure.JOBS, 2025), federal, across=["vintage"])


def test_the_share_of_private_jobs_is_5_point_3_percent_across_two_kinds_of_count(firms):
    private = employment.private_jobs(cr.load("bls_employment"), geography="California", month="2025-12")
    assert int(private) == 15_400_200
    ours = level(firms, measure.JOBS, 2025)
    with pytest.raises(MixedBasisError):
        cr.share(ours, private)
    share = cr.share(ours, private, across=["basis", "period", "vintage"])
    assert round(float(share.value), 2) == 5.29
    assert any("foreign-owned enterprises" in caveat and "payroll survey" in caveat for caveat in share.caveats)


def test_foreign_owned_jobs_lean_to_large_metros_by_a_third(firms):
    # Brookings 2014: 74 percent of such jobs, 68 percent of all private jobs, 2011; (74/68) / (26/32)
    part = cr.observed(firms, "foreign_owned_establishment_jobs_share_top100_metros", "United States", period="2011")
    whole = cr.observed(firms, "private_employment_share_top100_metros", "United States", period="2011")
    times = measure.times_as_frequent(part, whole)
    assert round(float(times.value), 2) == 1.34
    # 73.5 of 68.5 percent over 26.5 of 31.5 at least, 74.5 of 67.5 over 25.5 of 32.5 at most
    assert (round(float(times.interval.low), 4), round(float(times.interval.high), 4)) == (1.2754, 1.4067)
    later = cr.Quantity(68, "percent", period="2012")
    with pytest.raises(DataError, match="different years"):
        measure.times_as_frequent(part, later)


def test_two_figures_of_one_page_that_disagree_are_not_chosen_from_silently(firms):
    # a page of June 2014 prints 48,370 and 48,730 for San Diego
    with pytest.raises(DataError, match="48370"):
        cr.observed(firms, "foreign_owned_establishment_jobs", "San Diego metropolitan area", period="2011")


def test_a_rounded_figure_stands_for_a_range_and_keeps_its_note(firms):
    wages = cr.observed(firms, measure.WAGES, "California", period="2025")
    assert (float(wages.interval.low), float(wages.interval.high)) == (88.5e9, 89.5e9)
    assert wages.caveats == ("estimate",)


def test_a_place_without_a_figure_is_missing_and_its_table_empty(firms):
    assert isinstance(cr.observed(firms, measure.JOBS, "Central Valley"), Missing)
    assert measure.by_year(firms, geography="Texas", last_old_edition=BREAK).empty


def test_the_table_of_gaps_names_the_last_figure_and_what_would_settle_the_claim(firms):
    table = local.gaps(firms, {"C048": (measure.JOBS, "Los Angeles County, CA"), "C043": ("none", "x")})
    assert (table.at["C048", "last figure"], table.at["C048", "its period"]) == ("177,427 jobs", "2015")
    assert table.at["C043", "last figure"] == "none found"
    assert all(table["what we would need to settle it"].str.len() > 20)


def test_an_earlier_edition_is_the_figure_less_the_change_printed_with_it():
    rows = [
        ("firms", "Here", "2024", 120, "count", 10, "as in the edition", "2024", "wtca-2024", None),
        ("firms_change", "Here", "2024", 20, "count", 10, "as in the edition", "2024", "wtca-2024", None),
    ]
    columns = [
        "series",
        "geography",
        "period",
        "value",
        "unit",
        "precision",
        "definition",
        "edition",
        "source_id",
        "note",
    ]
    table = pd.DataFrame(rows, columns=columns).set_index(["series", "geography", "period", "edition", "source_id"])
    found = measure.earlier_edition(table, "firms", geography="Here", year=2024, last_old_edition=2023)
    assert (found.value, found.period) == (100, "2023")
    # each printed to the ten: 115 less 25 at least, 125 less 15 at most
    assert (found.interval.low, found.interval.high) == (90, 110)
    assert "derived" in found.caveats[0]
    none = measure.earlier_edition(table[:1], "firms", geography="Here", year=2024, last_old_edition=2023)
    assert isinstance(none, Missing)


def test_every_count_of_jobs_is_listed_by_period_and_says_where_none_is_printed(firms):
    place = "San Diego metropolitan area"
    found = measure.job_counts(firms, geography=place)
    assert found["period"].is_monotonic_increasing
    rows = firms.reset_index()
    rows = rows[(rows["geography"] == place) & rows["series"].isin(measure.JOB_COUNTS)]
    assert sorted(found["jobs"]) == sorted(rows["value"].astype(int))
    assert set(found["period"]) == set(rows["period"].fillna("not printed").replace("", "not printed"))
    assert measure.job_counts(firms, geography="Nowhere").empty


def test_of_several_prints_of_a_year_the_most_precise_is_kept_with_what_its_rounding_allows():
    rows = [
        (measure.JOBS, "Here", "2020", 1300, "jobs", 100, "own", "2020", "a", None),
        (measure.JOBS, "Here", "2020", 1310, "jobs", 10, "own", "2020", "b", None),
        (measure.JOBS, "There", "2020", 5, "jobs", 1, "own", "2020", "c", None),
    ]
    columns = [
        "series",
        "geography",
        "period",
        "value",
        "unit",
        "precision",
        "definition",
        "edition",
        "source_id",
        "note",
    ]
    for some in (rows, [rows[1], rows[0], rows[2]]):
        table = pd.DataFrame(some, columns=columns).set_index(["series", "geography", "period", "edition", "source_id"])
        found = measure.by_year(table, geography="Here", last_old_edition=2023)
        assert found[["year", "value", "low", "high", "source_id"]].to_numpy().tolist() == [
            [2020, 1310, 1305, 1315, "b"]
        ]
        assert found["method"].tolist() == ["editions to 2023"]
