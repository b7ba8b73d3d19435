"""Round trips: rows that are written in a publisher's layout come back as they were."""

from __future__ import annotations

import publishers as p
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imported import METRO, added, plan

TITLES = st.from_regex(r"[A-Z][a-z]{2,8}(-[A-Z][a-z]{2,8})?, (CA|TX|NY-NJ)", fullmatch=True)
AMOUNTS = st.integers(1_000_000, 999_999_999_999)
ROUND = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ROUND
@given(
    st.dictionaries(
        TITLES, st.dictionaries(st.integers(2005, 2035), AMOUNTS, min_size=1, max_size=4), min_size=1, max_size=5
    ),
    st.sampled_from(["comma", "tab", "xlsx"]),
)
def test_metro_rows_survive_the_crosstab(in_shared, values, layout):
    grid = p.ita(values)
    files = {"comma": p.as_csv(grid), "tab": p.as_csv(grid, delimiter="\t", newline="\r\n").encode("utf-16")}
    found = plan(files.get(layout) or p.as_xlsx({"Sheet 1": grid}), new_titles=True)
    wanted = {(title, str(year), str(value)) for title, years in values.items() for year, value in years.items()}
    assert set(added(found, "cbsa_title", "year", "value_usd")) == wanted


@ROUND
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["Ohio", "Utah", "Maine"]), st.integers(2012, 2035)), AMOUNTS, min_size=1
    ),
    st.booleans(),
)
def test_state_rows_survive_both_census_layouts(in_shared, values, api):
    codes = {"Ohio": "OH", "Utah": "UT", "Maine": "ME"}
    if api:
        file = p.census_api(
            [(codes[s], "-", "TOTAL", "-", "TOTAL FOR ALL COUNTRIES", v, y, 12) for (s, y), v in values.items()]
        )
    else:
        file = p.usa_trade([("All Commodities", s, "World Total", str(y), v) for (s, y), v in values.items()])
    found = plan(file, "state_exports", "census", vintage="revised")
    assert set(added(found, "state", "year", "value_usd")) == {(s, str(y), str(v)) for (s, y), v in values.items()}


@pytest.mark.long
@ROUND
@given(
    st.dictionaries(
        st.integers(2000, 2030), st.lists(st.integers(1, 99_999), min_size=12, max_size=12), min_size=1, max_size=3
    )
)
def test_jobs_survive_the_series_report(in_shared, values):
    tenths = {year: [f"{v // 10}.{v % 10}" for v in months] for year, months in values.items()}
    found = plan(p.as_csv(p.bls_report(tenths, area="Elsewhere, TX")), "bls_employment", "bls", new_titles=True)
    wanted = {(f"{y}-{m:02}", str(v * 100)) for y, months in values.items() for m, v in enumerate(months, 1)}
    assert set(added(found, "month", "jobs")) == wanted


@pytest.mark.long
@ROUND
@given(st.dictionaries(TITLES, st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=5))
def test_gdp_and_population_survive_their_layouts(in_shared, values):
    gdp = plan(
        p.bea([(f"{t} ({METRO})", 1, "All industry total", "Thousands of dollars", *v) for t, v in values.items()]),
        "metro_gdp",
        "bea",
        new_titles=True,
    )
    people = plan(
        p.population([("", "", t, METRO, *v) for t, v in values.items()]), "metro_population", "pep", new_titles=True
    )
    assert set(added(gdp, "cbsa_title", "year", "value")) == {
        (t, str(y), f"{v}000") for t, pair in values.items() for y, v in zip((2022, 2023), pair, strict=True)
    }
    assert set(added(people, "cbsa_title", "year", "value")) == {
        (t, str(y), str(v)) for t, pair in values.items() for y, v in zip((2022, 2023), pair, strict=True)
    }
