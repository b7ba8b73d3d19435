"""Counting trips: every definition gives the recorded counts, which follow when a trip or a judgment changes."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from conftest import cityresearch
from test_datasets import edit

import cityresearch as cr
from cityresearch.chapters.trade_missions import counts, notes, readings, rules, stops, trips
from cityresearch.claims.reading import unmarked
from cityresearch.errors import DataError, ParameterError
from cityresearch.numbers.agreement import compare
from cityresearch.numbers.quantity import Missing

# trips, country visits (trip times country), countries: by the rules over the list as it stands
EVIDENCE = {
    "city-1": (11, 16, 12), "city-2": (13, 19, 15), "city-3": (14, 24, 17), "city-4": (17, 24, 16),
    "city-5": (24, 32, 19), "city-6": (19, 27, 19), "city-7": (20, 32, 20), "city-8": (18, 25, 16),
    "city-9": (13, 14, 12), "city-10": (19, 29, 17), "city-11": (42, 52, 25), "city-12": (47, 61, 26),
    "city-13": (53, 67, 28), "state-1": (2, 2, 2), "state-2": (3, 3, 3), "state-3": (6, 6, 6),
    "state-4": (8, 8, 7), "state-5": (12, 13, 11), "state-6": (14, 16, 13), "city-1a": (10, 15, 12),
    "city-2a": (13, 19, 15), "city-3a": (14, 24, 17), "city-4a": (16, 23, 16), "city-5a": (24, 32, 19),
    "city-6a": (19, 27, 19), "city-7a": (20, 32, 20), "city-8a": (17, 24, 16), "city-9a": (13, 14, 12),
    "city-10a": (19, 29, 17), "city-11a": (42, 52, 25), "city-12a": (47, 61, 26), "city-13a": (53, 67, 28),
    "state-1a": (2, 2, 2), "state-2a": (2, 2, 2), "state-3a": (5, 5, 5), "state-4a": (8, 8, 7),
    "state-5a": (12, 13, 11), "state-6a": (14, 16, 13),
}  # fmt: skip
STRICT_CITY = {
    "sd-2022-09-netherlands", "sd-2023-10-korea", "sd-2024-philippines", "sd-2024-09-singapore",
    "sd-2025-09-france", "sf-2022-03-europe", "sf-2024-04-china", "fre-2022-04-guadalajara", "lb-2019-01-asia",
    "oak-2019-china", "oak-2023-07-vietnam",
}  # fmt: skip


@pytest.fixture
def missions():
    return cr.load("missions")


@pytest.fixture
def judged():
    return cr.load("mission_classification")


@pytest.fixture
def definitions():
    return cr.load("mission_definitions")


@pytest.fixture
def counted(definitions, missions, judged):
    return counts.counts(definitions, missions, judged)


def test_every_definition_in_both_codings_gives_the_recorded_counts(counted):
    assert set(counted.index) == set(EVIDENCE)
    found = {i: (row["missions"], row["country_visits"], row["countries"]) for i, row in counted.iterrows()}
    assert found == EVIDENCE


def test_the_strict_rule_counts_these_eleven_trips(counted):
    assert set(counted.at["city-1", "mission_ids"].split(";")) == STRICT_CITY
    assert counted.at["city-1", "country_list"] == "BEL;CHN;DEU;FRA;GBR;KHM;KOR;MEX;NLD;PHL;SGP;VNM"


def test_changing_one_trip_moves_the_counts(definitions, missions, judged):
    changed = missions.copy()
    changed.loc["la-2024-03-paris", "trade_focus"] = "yes"  # was partly: now the strict rule counts it too
    changed.loc["la-2024-03-paris", "countries"] = "FRA;LUX"
    found = counts.counts(definitions, changed, judged)
    assert tuple(found.loc["city-1", ["missions", "country_visits", "countries"]]) == (12, 18, 13)
    assert tuple(found.loc["city-4", ["missions", "country_visits", "countries"]]) == (17, 25, 17)


def test_changing_one_judgment_moves_the_counts(definitions, missions, judged):
    changed = judged.copy()
    changed.loc["oak-2023-07-vietnam", "role"] = "joined"
    found = counts.counts(definitions, missions, changed)
    assert found.at["city-1", "missions"] == EVIDENCE["city-1"][0] - 1
    assert found.at["city-2", "missions"] == EVIDENCE["city-2"][0]


def test_a_trip_organised_jointly_keeps_its_role_and_no_count_depends_on_it(definitions, missions, judged, counted):
    joined = counts.trips(missions, judged, coding=counts.AS_JOINED)
    assert joined.at["st-2025-08-africa", "role"] == "led"
    assert joined.at["st-2020-01-india", "role"] == "joined"
    as_chamber = judged.copy()
    as_chamber.loc["st-2025-08-africa", "council_or_chamber_organised"] = "yes"
    assert counts.counts(definitions, missions, as_chamber)["missions"].equals(counted["missions"])


def test_a_hand_picked_list_is_no_reading(counted, missions):
    readings = counts.by_rule(counted, missions, level="state", measure="missions", period="2019/2025")
    # every rule of the level has a reading, two where the codings of the table differ
    rows = counted[(counted["level"] == "state") & ~counted["hand_picked"]]
    expected = {rule: both["missions"].nunique() for rule, both in rows.groupby("rule_id")}
    assert {rule: sum(name.startswith(f"{rule}: ") for name in readings) for rule in expected} == expected
    assert not any(name.startswith("state-1") for name in readings)
    assert [int(q) for q in readings.values()] == [3, 2, 6, 5, 8, 12, 14]
    with pytest.raises(ParameterError, match="hand-picked list"):
        counts.selected(counts.trips(missions, cr.load("mission_classification")), "state-1")


def test_a_definition_reworded_in_the_data_is_an_error_and_not_a_silent_count(definitions, missions, judged):
    changed = definitions.copy()
    changed.loc["city-4", "rule"] = "scope=nine, window=in, role=led, trade_focus=yes, sure=yes"
    with pytest.raises(DataError, match="city-4: the rule reads"):
        counts.counts(changed, missions, judged)


def test_a_trip_without_a_judgment_is_an_error(missions, judged):
    with pytest.raises(DataError, match="oak-2019-china"):
        counts.trips(missions, judged.drop(index="oak-2019-china"))


def test_counts_of_the_papers_years_say_so(counted, missions):
    of_rules = counts.by_rule(counted, missions, level="city", measure="missions", period=readings.PERIOD)
    assert {found.period for found in of_rules.values()} == {"2019/2025"}


def test_every_rule_has_a_definition_in_the_data(definitions):
    assert set(rules.RULES) == {i.removesuffix("a") for i in definitions.index} - {"state-1"}


def test_codings_that_agree_make_one_reading_and_those_that_differ_two(counted, missions):
    readings = counts.by_rule(counted, missions, level="city", measure="missions", period="2019/2025")
    assert len(readings) == 16
    assert sum(name.startswith("city-1:") for name in readings) == 2
    assert sum(name.startswith("city-11:") for name in readings) == 1


def test_nearly_twenty_and_seventeen_fit_together_only_under_the_rule_made_to_fit(counted):
    tests = {measure: counts.agrees_with(cr.claim(c)) for measure, c in (("missions", "C021"), ("countries", "C022"))}
    both = counts.fitting_both(counted, tests)
    assert list(both.index[both["all_fit"]]) == ["city-10", "city-10a"]
    assert set(both.loc[both["missions_fits"], "rule_id"]) == {"city-6", "city-8", "city-10"}
    assert set(both.loc[both["countries_fits"], "rule_id"]) == {"city-3", "city-10"}
    assert compare(17, cr.claim("C021").printed, "nearly").agrees is False


def test_membership_marks_trips_that_only_one_coding_counts(counted, missions):
    table = counts.membership(counted, missions, level="state")
    assert table.at["st-2020-01-india", "state-2"] == "one coding"
    assert table.at["st-2023-03-japan", "state-2"] == "yes"
    assert table.at["st-2023-10-israel", "state-2"] == "no"
    cities = counts.membership(counted, missions, level="city")
    assert (cities["city-1"] != "no").sum() == 11
    assert cities.at["lb-undated-richardson", "began"] == "undated"


def test_the_count_of_countries_says_what_it_would_be_without_palestine(counted, missions):
    readings = counts.by_rule(
        counted, missions, level="city", measure="countries", period="2019/2025", apart={"PSE": "Bethlehem"}
    )
    (c4,) = (q for name, q in readings.items() if name.startswith("city-4:"))
    assert "15 without Bethlehem" in c4.caveats


def test_the_map_places_every_country_and_counts_each_trip_once_per_country(missions, judged):
    placed = stops.stops(counts.selected(counts.trips(missions, judged), "city-4"), cr.load("places"))
    assert len(placed) == EVIDENCE["city-4"][2]
    assert placed["trips"].sum() == EVIDENCE["city-4"][1]
    assert placed.set_index("name")["trips"].to_dict()["France"] == 3


def test_the_trade_center_led_eight_missions_two_of_them_in_2017(missions, judged):
    rows = trips.organized_by(missions, judged, cr.load("sources"), publisher="San Diego Regional EDC")
    assert len(rows) == 8
    assert "sd-2024-philippines" not in rows.index
    per_year = trips.per_year(rows, first=2017, last=2025)
    assert per_year.to_dict() == {2017: 2, 2018: 1, 2019: 1, 2020: 0, 2021: 0, 2022: 1, 2023: 1, 2024: 1, 2025: 1}


def test_trip_lengths_count_the_first_and_the_last_day(missions):
    # 26 to 29 May 2013; 23 July to 2 August 2018
    assert int(trips.length_of(missions, "la-2013-05-china").value) == 4
    assert int(trips.length_of(missions, "la-2018-07-asia").value) == 11
    assert int(trips.length_of(missions, "la-2018-07-asia", counting="nights").value) == 10
    assert isinstance(trips.length_of(missions, "la-2014-11-asia"), Missing)


def test_a_right_year_in_a_wrong_month_is_no_agreement(missions):
    assert int(trips.year_of(missions, "la-2014-11-asia", within="2014-11").value) == 2014
    assert isinstance(trips.year_of(missions, "la-2014-11-asia", within="2014-03"), Missing)
    by_year = missions.copy()
    by_year.loc["la-2014-11-asia", "start_date"] = "2014"
    assert int(trips.year_of(by_year, "la-2014-11-asia", within="2014-03").value) == 2014
    assert isinstance(trips.year_of(by_year, "la-2014-11-asia", within="2015-03"), Missing)


def test_what_is_known_only_through_the_paper_is_no_evidence(missions):
    only_cited = frozenset(missions.at["la-2016-11-mexico", "source_id"].split(";"))
    assert isinstance(trips.year_of(missions, "la-2016-11-mexico", besides=only_cited), Missing)


def test_table_1_rebuilt_keeps_each_verdict_and_what_was_found(missions):
    table = trips.table1_rebuilt(cr.load("mission_table1"), missions)
    assert table["verdict"].value_counts().to_dict() == {
        "agrees": 7,
        "agrees in part": 5,
        "differs": 1,
        "not checked": 1,
    }
    assert table.at[1, "dates found"] == "2013-05-26 to 2013-05-29"
    assert "Sendai" in table.at[7, "cities found"]
    left_out = trips.trips_left_out(cr.load("mission_table1"), missions, city="Los Angeles")
    assert "la-2022-08-indonesia-japan" in left_out.index
    assert "la-2024-03-paris" not in left_out.index


@pytest.mark.parametrize("other", ["conference", "visit"])  # before and after "trade mission" in the alphabet
def test_only_trade_missions_count_as_organised_whatever_else_a_page_names(missions, judged, other):
    publisher = "San Diego Regional EDC"
    before = trips.organized_by(missions, judged, cr.load("sources"), publisher=publisher)
    changed = judged.copy()
    changed.loc[before.index[0], "kind"] = other
    after = trips.organized_by(missions, changed, cr.load("sources"), publisher=publisher)
    assert set(before.index) - set(after.index) == {before.index[0]}
    assert set(after["kind"]) == {"trade mission"}
    assert after["start_date"].is_monotonic_increasing


def test_trips_since_a_date_are_those_of_the_office_from_that_day_on(missions, judged):
    every = counts.trips(missions, judged)
    city = every["jurisdiction"] == "Los Angeles"
    mayors = every[city & (every["lead_office"] == "mayor") & every["start_date"].notna()].sort_values("start_date")
    first = mayors["start_date"].iloc[2]
    found = trips.since(every, city="Los Angeles", first=first)
    assert sorted(found.index) == sorted(mayors.index[mayors["start_date"] >= first])
    assert mayors.index[2] in found.index
    # a trip of another office is none of the mayor's
    assert set(every[city & (every["start_date"] >= first)].index) > set(found.index)
    assert set(trips.since(every, city="San Diego", first=first).index).isdisjoint(found.index)


def test_six_named_countries_are_reached_only_if_partial_trade_purpose_counts(missions, judged):
    named = stops.codes_of(cr.claim("C067").places, cr.load("places"))
    headed = trips.since(counts.trips(missions, judged), city="Los Angeles", first="2016-05")
    headed = headed[headed["role"] == "led"]
    assert int(trips.visited(headed[headed["trade_focus"] == "yes"], named).value) == 4
    assert int(trips.visited(headed[headed["trade_focus"].isin(["yes", "partly"])], named).value) == 6
    with pytest.raises(DataError, match="Atlantis"):
        stops.codes_of(["Atlantis"], cr.load("places"))


def test_six_mayors_led_trade_trips_only_if_partial_purpose_and_an_undated_page_count(missions, judged):
    every = counts.trips(missions, judged)
    strict, wide, guest, any_purpose = map(unmarked, readings.mayors_of_six_cities(every).values())
    assert "for Fresno, Long Beach, Los Angeles, and no delegations hosted at home" in strict.reason
    assert wide.holds and guest.holds
    assert "for Long Beach," in any_purpose.reason
    # without the undated page nothing shows Long Beach, and without Guadalajara only a guest trip shows Fresno
    dated = readings.mayors_of_six_cities(every.drop(index="lb-undated-richardson"))
    assert [isinstance(unmarked(found), Missing) for found in dated.values()] == [True] * 4
    _, wide, guest, _ = readings.mayors_of_six_cities(every.drop(index="fre-2022-04-guadalajara")).values()
    assert isinstance(wide, Missing) and guest.holds
    # a trip of six years ago is not one of the last five
    older = every.assign(start_date=every["start_date"].mask(every["jurisdiction"] == "Oakland", "2021-04"))
    assert (
        "Oakland" in readings.mayors_of_six_cities(older)["led by the mayor for any purpose, dated and reported"].reason
    )


def test_a_row_of_table_1_that_pages_contradict_fails_and_one_that_they_show_in_part_cannot_be_tested(missions):
    found = readings.table1_rows(cr.load("mission_table1"), missions, cr.load("sources"))
    assert unmarked(found["C073"]["the whole row"]).holds is False
    assert isinstance(unmarked(found["C077"]["the whole row"]), Missing)
    assert "the whole row" not in found["C075"]


@pytest.mark.long
def test_one_judgment_changed_in_the_data_reaches_the_map_and_the_readings_of_the_claim(project, tmp_path):
    # Oakland to Vietnam: from led to joined
    edit(project, "mission_classification", "oak-2023-07-vietnam,in,nine,led", "oak-2023-07-vietnam,in,nine,joined")
    result = cityresearch(
        "run", "06-trade-missions", "-p", "city_rule", "city-1", "--output", tmp_path / "out", cwd=project
    )
    assert result.returncode == 0, result.stderr
    words = json.loads((tmp_path / "out" / "figures" / "figure-2-trade-missions.json").read_text(encoding="utf-8"))
    assert "10 trips by California's cities" in words["title"]
    readings = pd.read_csv(tmp_path / "out" / "figures" / "curve-city-missions.csv").set_index("label")["value"]
    assert readings["led, trade purpose clear, as recorded"] == 10
    assert readings["led or joined, trade purpose clear"] == 13


def test_cities_between_two_counts_are_those_of_trips_that_only_one_holds(missions):
    ids = missions.index[missions["cities"].notna()][:4]
    counted = pd.DataFrame(
        {"mission_ids": [";".join(ids[:3]), ";".join(ids[1:])], "country_list": ["FRA;MEX", "FRA;JPN"]},
        index=["one", "other"],
    )
    expected = sorted({city for mission in (ids[0], ids[3]) for city in missions.at[mission, "cities"].split(";")})
    assert counts.cities_between(counted, missions, "one", "other") == expected
    assert counts.cities_between(counted, missions, "one", "one") == []
    assert stops.in_some_not_all(counted, cr.load("places")) == ["Japan", "Mexico"]
    assert stops.in_some_not_all(counted[:1], cr.load("places")) == []
    assert stops.in_some_not_all(counted[:0], cr.load("places")) == []


def test_stops_are_counted_once_over_all_trips(missions):
    trip = "la-2018-07-asia" if "la-2018-07-asia" in missions.index else missions.index[missions["cities"].notna()][0]
    once = trips.stops_of(missions, [trip], "cities")
    assert int(once) == len(set(missions.at[trip, "cities"].split(";")))
    assert int(trips.stops_of(missions, [trip, trip], "cities")) == int(once)
    with pytest.raises(DataError, match="no list of stops"):
        trips.stops_of(missions, [trip], "purpose")


def test_trips_are_counted_with_the_years_that_they_span(missions, judged):
    trade = trips.trade_missions(missions, judged, city="San Diego")
    assert set(trade["kind"]) == {"trade mission"}
    assert set(trade["jurisdiction"]) == {"San Diego"}
    assert trade["start_date"].is_monotonic_increasing
    found = trips.how_many(trade, "trade missions")
    assert int(found) == len(trade) > 0
    assert found.period == f"{trade['start_date'].min()[:4]}/{trade['start_date'].max()[:4]}"
    by_year = trips.per_year(trade, first=2014, last=2025)
    assert list(by_year.index) == list(range(2014, 2026))
    assert by_year.sum() == trade["start_date"].str[:4].astype(int).between(2014, 2025).sum()
    assert (by_year == 0).any()


def test_one_city_is_counted_by_the_definitions_for_cities_alone(definitions, missions, judged):
    found = counts.counts(definitions, missions, judged, city="Fresno")
    assert set(found["level"]) == {"city"}
    assert found.at["city-1", "mission_ids"] == "fre-2022-04-guadalajara"
    assert found.at["city-11", "missions"] == 5
    assert "state-1" not in counts.as_table(found).index


def test_the_state_is_shown_with_all_cities_and_never_with_one(missions, judged):
    every = counts.trips(missions, judged)
    rule = {"city_rule": "city-4", "state_rule": "state-3"}
    assert counts.counted_by(every, city="all", **rule)["level"].value_counts().to_dict() == {
        "city": EVIDENCE["city-4"][0],
        "state": 6,
    }
    assert counts.counted_by(every, city="Fresno", **rule).index.tolist() == ["fre-2022-04-guadalajara"]


def test_definitions_with_one_total_are_said_to_count_the_same_countries_only_if_they_do(counted):
    fits, places = notes.fits(counted), cr.load("places")
    assert "city-10" not in set(fits["rule_id"])
    same = fits.loc[["city-4", "city-8", "city-4a", "city-8a"]].assign(countries_fits=True)
    said = notes.same_countries(same, places)
    assert f"(city-4, city-8, city-4a, city-8a) all count the same {same.at['city-4', 'countries']} countries" in said
    other = same.copy()
    other.loc["city-8", "country_list"] = other.at["city-8", "country_list"].replace("BEL", "DNK")
    assert notes.same_countries(other, places).endswith("differ in Belgium, Denmark.")
    assert notes.same_countries(same.loc[["city-4"]], places).startswith("1 definition gives")
    assert "none both at once." in notes.which_fit(fits.loc[["city-1"]])


@pytest.mark.parametrize(
    ("rules", "ending"),
    [
        (["city-4"], "and 1 both at once (city-4)."),
        (["city-4a"], "and 1 both at once (city-4a; an a marks council and chamber trips as joined)."),
    ],
)
def test_rules_that_fit_both_are_named_and_the_mark_of_the_coding_is_explained_where_it_stands(counted, rules, ending):
    fitting = notes.fits(counted).loc[rules].assign(all_fit=True)
    assert notes.which_fit(fitting).endswith(ending)


def test_the_finding_names_the_lowest_and_the_highest_count_under_each_rule(counted):
    middle = counted.loc[[f"city-{n}{a}" for n in range(4, 9) for a in ("", "a")], "missions"]
    said = notes.finding(counted)
    assert middle.min() < middle.max() and f"{middle.min()} to {middle.max()} missions" in said
