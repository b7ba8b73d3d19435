"""Checks and imports see a year that cannot be, and a value that leaps away from its neighbors."""

from __future__ import annotations

import publishers as p
import pytest
from conftest import a_few
from imported import LA, added, plan

from cityresearch.datasets import checks, plausible
from cityresearch.datasets.neighbors import NOT_SERIES, TABLES, leaps, series_of


@pytest.fixture(scope="module")
def sound():
    return checks.tables()


def changed(tables, name, column, wrong, row=0):
    """Return the tables with one cell replaced."""
    frame = tables[name].copy()
    frame[column] = frame[column].astype(object)
    frame.iloc[row, frame.columns.get_loc(column)] = wrong
    return {**tables, name: frame}


@pytest.mark.long
def test_todays_tables_raise_no_false_alarm(sound):
    assert not list(plausible.years_are_possible(sound))
    assert not list(plausible.values_are_near_their_neighbors(sound))


YEARS = (
    ("release_dates", "year", 8020), ("release_dates", "released", "2923-11"), ("export_price_index", "edition", "2923-11"),
    ("export_observations", "period", "8020"), ("foreign_owned_firms", "edition", "0202"), ("bls_employment", "edition", "2923-11"),
    ("port_containers", "period", "FY8020"), ("port_containers", "period", "2923-Q1"), ("missions", "start_date", "0218-05-01"),
    ("mission_table1", "date", "8020"), ("sister_city_counts", "as_of", "2923-11"), ("survey_answers", "period", "8020"),
    ("other_observations", "period", "2923-11"), ("san_diego_observations", "period", "2098"), ("claims", "period", "8020"),
    ("claim_sources", "period", "2923-11"), ("footnotes", "cited_date", "2923-11-02"), ("sources", "published", "8020"),
    ("sources", "retrieved", "2923-11-01"), ("metro_exports", "year", 2098),
)  # fmt: skip


@pytest.mark.parametrize(("name", "column", "wrong"), a_few(YEARS, 5))
def test_a_year_that_cannot_be_is_named_whatever_the_source_says_of_itself(sound, name, column, wrong):
    for row in (0, len(sound[name]) // 2, len(sound[name]) - 1):
        every = changed(sound, name, column, wrong, row)
        found = list(plausible.years_are_possible({each: every[each] for each in {name, "sources"}}))
        assert len(found) == 1 and found[0].startswith(f"{name}, {column} {wrong}: found the year "), (row, found)


def test_a_first_year_before_the_first_one_is_named(sound):
    found = list(checks.coverage_does_not_shrink(changed(sound, "metro_exports", "year", 1905)))
    assert any(line.startswith("metro_exports.year: starts with 1905, expected 2005") for line in found)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_one_value_with_a_point_or_a_unit_wrong_is_named(sound, name):
    how, key = TABLES[name], list(checks.dataset(name).primary_key)
    frame = sound[name].reset_index(drop=True)
    series = series_of(frame.to_dict("records"), key, how)
    # the middle of five steady values, of the largest such series
    steady = []
    for subject, values in series.items():
        periods = sorted(values)
        for place in range(2, len(periods) - 2):
            window = [values[period] for period in periods[place - 2 : place + 3]]
            if max(window) < 1.7 * min(window):
                steady.append((min(window), subject, periods[place]))
    _, subject, period = max(steady)
    columns = [c for c in key if c not in NOT_SERIES and c != how.time]
    rows = frame[(frame[columns].astype(str) == list(subject)).all(axis=1)]
    mine = rows[how.time].astype(str) == period
    for factor in (1000, 0.001, 10, 0.1):
        wrong = rows.astype({how.value: float})
        wrong.loc[mine, how.value] *= factor
        found = list(plausible.values_are_near_their_neighbors({name: wrong}))
        assert any(f"{how.time} {period}: {how.value} " in line for line in found), (factor, found)


def test_a_series_that_grows_or_swings_is_no_leap():
    grows = {str(2000 + n): 10.0 * 1.9**n for n in range(12)}
    swings = {str(2000 + n): 5.0 if n % 2 else 100.0 for n in range(12)}
    assert not list(leaps({("grows",): grows, ("swings",): swings}))
    assert not list(leaps({("short",): {"2020": 1.0, "2021": 1000.0}}))


def test_an_accepted_value_that_is_gone_must_leave_the_list(sound):
    frame = sound["metro_exports"]
    row = next(
        n
        for n, (t, y) in enumerate(zip(frame["cbsa_title"], frame["year"], strict=True))
        if (t, y) == ("Mayaguez, PR", 2006)
    )
    found = list(
        plausible.values_are_near_their_neighbors(changed(sound, "metro_exports", "value_usd", 9_000_000, row))
    )
    assert found == [
        "accepted_values, metro_exports Mayaguez, PR|2006: this value no longer leaps away from its neighbors: take it off accepted_values.csv"
    ]


def test_an_import_names_new_values_far_from_their_neighbors(own_project):
    values = {title: {2024: years[2023]} for title, years in p.published_metros().items()}
    values[LA][2024] *= 10
    found = plan(p.as_csv(p.ita(values)))
    assert len(added(found, "year")) == 5
    (said,) = [line for line in found.decisions if line.startswith("look at ")]
    assert said.startswith(f"look at {LA}, 2024: 595,615,946,130 is 9.9 times its neighbors (60,")
    values[LA][2024] //= 10
    assert not any(line.startswith("look at ") for line in plan(p.as_csv(p.ita(values))).decisions)
