"""Another list of missions: read as a person writes it, compared trip by trip, and counted under every definition."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from openpyxl import Workbook

import cityresearch as cr
from cityresearch.chapters.trade_missions import counts, list_differences, mission_lists
from cityresearch.errors import DataError, ParameterError

HEADER = "City,Date,Country,Mayor\n"


@pytest.fixture(scope="module")
def data() -> dict[str, pd.DataFrame]:
    return {name: cr.load(name) for name in ("missions", "mission_classification", "mission_definitions")}


def written(tmp_path, text: str, name: str = "list.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_dates_and_countries_are_read_as_a_person_writes_them(tmp_path):
    text = HEADER + (
        "San Diego,9/26/2022,The Netherlands,Todd Gloria\n"
        'Los Angeles,May 2024,"Japan and South Korea",\n'
        "San Francisco,2024,CHN,\n"
        'Fresno,"April 22, 2022",Mexico,\n'
    )
    found = mission_lists.read_list(written(tmp_path, text))
    assert found["start_date"].tolist() == ["2022-09-26", "2024-05", "2024", "2022-04-22"]
    assert found["countries"].tolist() == ["NLD", "JPN;KOR", "CHN", "MEX"]
    assert list(found.index) == ["row 2", "row 3", "row 4", "row 5"]


def test_a_workbook_with_a_title_above_the_columns_and_dates_as_dates_is_read(tmp_path):
    book = Workbook()
    book.active.title = "about"
    sheet = book.create_sheet("missions")
    for row in (
        ["Missions since 2019"],
        ["State or city", "Start date", "Countries"],
        [],
        ["California", date(2023, 10, 23), "China"],
    ):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    found = mission_lists.read_list(tmp_path / "list.xlsx")
    assert found.index.tolist() == ["sheet missions, row 4"]
    assert found.iloc[0][["level", "start_date", "countries"]].tolist() == ["state", "2023-10-23", "CHN"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEADER + "Fresno,soon,Mexico,\n", "row 2: the date 'soon' cannot be read: write 2024-05-19"),
        (HEADER + "Fresno,2024-13,Mexico,\n", "the date '2024-13' cannot be read"),
        (HEADER + "Fresno,2024,Mexiko,\n", "row 2: 'Mexiko' is not a country in our list: did you mean Mexico\\?"),
        (HEADER + "Fresno,2024,,\n", "row 2 has no country"),
        (HEADER + ",2024,Mexico,\n", "row 2 has no city or state"),
        ("City,Country\nFresno,Mexico\n", r"lacks start date \(or start\)"),
        (HEADER, "has no row under its columns"),
        ("City,Date,Start,Country\nFresno,2024,2024,Mexico\n", "two columns mean start_date"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_row_and_what_to_do(tmp_path, text, sentence):
    with pytest.raises(DataError, match=sentence):
        mission_lists.read_list(written(tmp_path, text))


def test_a_file_that_is_missing_or_of_another_kind_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="There is no list of missions at"):
        mission_lists.read_list(tmp_path / "none.csv")
    with pytest.raises(ParameterError, match="neither a CSV nor an XLSX"):
        mission_lists.read_list(written(tmp_path, HEADER, "list.txt"))
    with pytest.raises(DataError, match="cannot be opened as an XLSX workbook"):
        mission_lists.read_list(written(tmp_path, "no workbook", "list.xlsx"))


def test_our_own_list_given_as_another_one_has_no_difference_and_the_same_counts(tmp_path, data):
    missions = data["missions"].dropna(subset=["start_date"]).reset_index()
    given = missions[["jurisdiction", "start_date", "countries", "lead_name"]]
    path = tmp_path / "list.csv"
    given.to_csv(path, index=False)
    listed = mission_lists.read_list(path)
    compared = list_differences.differences(listed, data["missions"], since=2019, until=2025)
    assert set(compared["in"]) == {"both lists"} and set(compared["what differs"]) == {""}
    table = list_differences.counts_under_both(
        listed, data["missions"], data["mission_classification"], data["mission_definitions"]
    )
    own = counts.counts(data["mission_definitions"], data["missions"], data["mission_classification"])
    assert (table["trips, ours"] == own.loc[table.index, "missions"]).all()
    undated = table["rule"].str.contains("undated") | table.index.str.startswith(
        ("city-10", "city-13")
    )  # a list has no undated rows
    assert (table.loc[~undated, ["difference of trips", "difference of countries"]] == 0).all(axis=None)


@pytest.mark.parametrize(
    ("start", "same"),
    [("2022-09", True), ("2022-10", True), ("2022-08", True), ("2022", True), ("2022-11", False), ("2021", False), ("2023", False)],
)  # fmt: skip
def test_a_trip_is_the_same_in_the_next_month_or_the_year_but_only_to_the_same_country(tmp_path, data, start, same):
    rows = f"San Diego,{start},Netherlands,\nSan Diego,{start},Brazil,\nFresno,{start},Netherlands,\n"
    listed = mission_lists.read_list(written(tmp_path, HEADER + rows))
    trip = data["missions"].loc[["sd-2022-09-netherlands"]]
    found = list_differences.matched(listed, trip)
    assert list(found.values()) == ["sd-2022-09-netherlands"] * same
    assert not same or list(found) == [listed.index[0]]


def test_a_trip_of_which_only_the_year_is_known_is_the_same_in_all_its_months(tmp_path, data):
    listed = mission_lists.read_list(written(tmp_path, HEADER + "San Diego,2022-03,Netherlands,\n"))
    trip = data["missions"].loc[["sd-2022-09-netherlands"]]
    assert not list_differences.matched(listed, trip)
    assert list_differences.matched(listed, trip.assign(start_date="2022"))


def test_a_trip_more_one_less_and_one_with_another_country_are_shown_and_counted(tmp_path, data):
    text = HEADER + (
        "San Diego,2022-09,Netherlands; Germany,Todd Gloria\n"
        "Oakland,2023-07-29,Vietnam,Sheng Thao\n"
        "Fresno,2025-02,Italy,Jerry Dyer\n"
        "Bakersfield,2025-03,Italy,\n"
    )
    listed = mission_lists.read_list(written(tmp_path, text))
    compared = list_differences.differences(listed, data["missions"], since=2019, until=2025).set_index("other list")
    assert (
        compared.at["row 2", "ours"] == "sd-2022-09-netherlands" and compared.at["row 2", "what differs"] == "also DEU"
    )
    assert compared.at["row 3", "what differs"] == ""
    assert compared.at["row 4", "in"] == compared.at["row 5", "in"] == "the other list only"
    assert "la-2024-03-paris" in set(compared.loc[[""], "ours"]) and compared.loc[[""], "in"].eq("ours only").all()
    table = list_differences.counts_under_both(
        listed, data["missions"], data["mission_classification"], data["mission_definitions"]
    )
    # San Diego, Oakland and Fresno by the strictest rule; Bakersfield is none of the nine cities
    assert table.loc["city-1", ["trips, other list", "countries, other list"]].tolist() == [3, 4]
    assert table.at["city-13", "trips, other list"] == 4
    assert table.at["state-2", "trips, other list"] == 0
