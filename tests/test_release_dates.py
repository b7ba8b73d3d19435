"""Release dates: no reading takes a value that came out after the text was written."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cityresearch as cr
from cityresearch.errors import DataError, ParameterError
from cityresearch.measures.release_dates import last_year_seen, months_until_release


def test_a_year_is_seen_from_the_month_on_in_which_it_comes_out():
    # ITA's values of 2024 came in November 2025, eleven months after the year
    releases = cr.load("release_dates")
    assert months_until_release(releases, "metro_exports") == 11
    months = ("2017-10", "2017-11", "2018-02", "2018-10", "2018-11", "2018-12", "2019-01")
    assert [last_year_seen(releases, "metro_exports", m) for m in months] == [2015, 2016, 2016, 2016, 2017, 2017, 2017]


@given(st.integers(0, 40), st.integers(2000, 2030), st.integers(1, 12))
def test_the_year_seen_was_out_and_the_next_was_not(lag, year, month):
    released = divmod(2010 * 12 + 12 + lag - 1, 12)
    row = {"series": "some", "year": 2010, "released": f"{released[0]}-{released[1] + 1:02d}"}
    seen = last_year_seen(pd.DataFrame([row]), "some", f"{year}-{month:02d}")
    since_its_end = (year * 12 + month) - (seen * 12 + 12)
    assert lag <= since_its_end < lag + 12


def test_an_unknown_series_and_no_month_are_refused_by_name():
    releases = cr.load("release_dates")
    with pytest.raises(DataError, match="No release of 'metro' is on record: expected one of metro_exports, "):
        months_until_release(releases, "metro")
    with pytest.raises(ParameterError, match="Expected a month such as 2018-02, found 'spring'"):
        last_year_seen(releases, "metro_exports", "spring")
