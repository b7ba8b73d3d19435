"""Outcomes: planned ones are never results, intervals are date arithmetic, and who says so stays visible."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from conftest import cityresearch, mostly_long
from test_figures import faults_of_layout

import cityresearch as cr
from cityresearch.chapters.mission_outcomes import counting, figures, notes, readings
from cityresearch.chapters.mission_outcomes import results as outcome
from cityresearch.chapters.mission_outcomes.drawings import outcome_delays, outcome_evidence
from cityresearch.charts import style
from cityresearch.charts.words import Words
from cityresearch.claims.reading import unmarked
from cityresearch.errors import DataError
from cityresearch.numbers.intervals import Interval

GROUPS = {"la-2025-08-africa": "Annex 1", "sd-2022-09-netherlands": "Annex 2", "fre-2022-04-guadalajara": "Annex 4"}


@pytest.fixture
def outcomes():
    return cr.load("mission_outcomes")


@pytest.fixture
def records(outcomes):
    return outcome.structured(outcomes, cr.load("missions"), cr.load("sources"))


def test_levels_are_those_of_the_evidence(records):
    assert records["status"].value_counts().to_dict() == {"reported": 45, "planned": 16, "confirmed": 9}
    assert set(outcome.results(records)["status"]) == {"reported", "confirmed"}
    assert set(outcome.results(records, least="confirmed")["status"]) == {"confirmed"}


def test_planned_is_no_level_of_a_result(records):
    with pytest.raises(DataError, match="planned outcomes are not results"):
        outcome.results(records, least="planned")


@pytest.mark.parametrize(
    "use",
    [
        lambda records: outcome.delays(records, cr.load("missions")),
        lambda records: outcome.claimed_and_found(records, list(GROUPS)),
        lambda records: outcome_delays(records, Words("")),
    ],
    ids=["delays", "claimed and found", "chart"],
)
def test_a_planned_outcome_among_results_is_refused(records, use):
    with pytest.raises(DataError, match="must not be shown as results"):
        use(records)


def test_the_days_from_agreement_to_flight_are_date_arithmetic(outcomes):
    day, sources = outcome.date_of(outcomes, "fre-2022-04-guadalajara", "agreement_date")
    assert (day, sources[0]) == ("2022-04-22", "carnegie-2026-fn49")
    announced, _ = outcome.date_of(outcomes, "fre-2022-04-guadalajara", "announcement")
    first, _ = outcome.date_of(outcomes, "fre-2022-04-guadalajara", "first_flight", statuses=("planned",))
    cited = cr.claim("C224").period
    launched = cr.load("sources").at["ourvalley-2024-12", "published"]
    ends = [announced, first, cited, launched]
    assert ends == ["2024-07-10", "2024-12-03", "2024-12-04", "2024-12-05"]
    found = [int(outcome.days_between(day, end).low) for end in ends]
    assert found == [810, 956, 957, 958]
    assert found[0] == (date(2024, 7, 10) - date(2022, 4, 22)).days


def test_no_end_of_the_interval_lies_under_two_years(outcomes):
    agreement = outcome.date_of(outcomes, "fre-2022-04-guadalajara", "agreement_date")
    for metric in ("announcement", "first_flight"):
        years = outcome.interval(agreement, outcome.date_of(outcomes, "fre-2022-04-guadalajara", metric), unit="year")
        assert years.value > 2
        assert years.caveats[0].startswith("derived")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2025-12", (date(2025, 12, 1), date(2025, 12, 31))),
        ("2019", (date(2019, 1, 1), date(2019, 12, 31))),
        ("2024-07-10", (date(2024, 7, 10), date(2024, 7, 10))),
    ],
)
def test_a_cut_date_stands_for_all_its_days(text, days):
    assert outcome.span(text) == days


def test_an_interval_from_a_month_is_a_range():
    assert outcome.days_between("2022-04", "2024-07-10") == Interval(802, 831)
    days = outcome.interval(("2022-04", ("lao-4618",)), ("2024-07-10", ("lao-4618",)))
    assert days.period == "2022-04/2024-07-10"
    assert (days.value, days.interval) == (Fraction(802 + 831, 2), Interval(802, 831))
    years = outcome.interval(("2022-04", ("lao-4618",)), ("2024-07-10", ("lao-4618",)), unit="year")
    assert (years.interval.low, years.interval.high) == (Fraction(802 * 4, 1461), Fraction(831 * 4, 1461))
    assert years.value == days.value * 4 / 1461


def test_a_date_given_only_as_planned_is_not_taken_for_a_result(outcomes):
    with pytest.raises(DataError, match="season_end"):
        outcome.date_of(outcomes, "fre-2022-04-guadalajara", "season_end")
    assert outcome.date_of(outcomes, "fre-2022-04-guadalajara", "season_end", statuses=("planned",))[0] == "2025-02-12"


def test_an_outcome_outside_the_printed_period_is_missing(outcomes):
    assert int(outcome.year_of(outcomes, "sd-2022-09-netherlands", "first_flight", within="2025-05").value) == 2025
    assert "not 2025-04" in outcome.year_of(outcomes, "sd-2022-09-netherlands", "first_flight", within="2025-04").reason


def test_results_by_who_says_so(records):
    counts = counting.by_evidence(records, GROUPS)
    confirmed, elsewhere, alone = outcome.EVIDENCE
    assert tuple(counts.loc["Annex 1", [confirmed, elsewhere, alone, "planned"]]) == (0, 0, 3, 1)
    assert tuple(counts.loc["Annex 2", [confirmed, elsewhere, alone, "planned"]]) == (2, 2, 1, 4)
    assert tuple(counts.loc["Annex 4", [confirmed, elsewhere, alone, "planned"]]) == (2, 0, 1, 2)


def test_delays_count_one_event_once(records):
    found = outcome.delays(outcome.results(records), cr.load("missions"))
    # 26 September 2022 to 8 May 2025
    assert found[found["metric"] == "first_flight"].loc["sd-2022-09-netherlands", "days_low"].tolist() == [955]
    # a pause that was only scheduled is no result
    assert "last_flight_before_pause" not in set(found["metric"])
    assert (found["days_low"] >= 0).all()


@pytest.mark.parametrize("width", mostly_long(style.WIDTHS.values(), 3.5))
def test_no_text_of_the_outcome_charts_is_clipped_or_overlaps(records, width, monkeypatch):
    monkeypatch.setenv(style.WIDTH_VARIABLE, str(width))
    words = Words("Results by trip", "Planned ones are left out.", sources=("carnegie-2026",))
    delays = outcome.delays(outcome.results(records), cr.load("missions"))
    for chart in (
        outcome_delays(delays, words),
        outcome_evidence(counting.by_evidence(records, GROUPS), words),
    ):
        assert faults_of_layout(chart.figure) == []
        assert "planned" not in chart.data.astype(str).to_csv()


@pytest.mark.long
def test_a_run_for_one_city_at_one_level_draws_what_there_is_and_counts_no_claim(tmp_path):
    result = cityresearch(
        "run", "07-mission-outcomes", "-p", "city", "Sacramento", "-p", "least", "confirmed", "--output", tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert "No claim was counted" in result.stdout
    assert not (tmp_path / "figures" / "outcome-delays.svg").exists()
    assert "Annex 3" in (tmp_path / "figures" / "outcomes-by-evidence.csv").read_text(encoding="utf-8")


def test_planned_outcomes_are_not_shown_as_results(records):
    outcome.refuse_planned(outcome.results(records))
    with pytest.raises(DataError, match="16 outcomes are only planned"):
        outcome.refuse_planned(records)


def test_days_are_one_number_only_where_both_ends_are():
    assert outcome.words_of(Interval.point(1200)) == "1,200 days"
    assert outcome.words_of(Interval(1200, 1230)) == "1,200 to 1,230 days"


def test_a_count_less_one_says_of_what():
    count = cr.Quantity(5, "count", bounds=Interval(4, 6))
    less = outcome.without_one(count, "the host")
    assert (less.value, less.bounds, less.caveats) == (4, None, ("derived: 5 less the host",))
    gone = cr.missing("none")
    assert outcome.without_one(gone, "the host") is gone


def test_the_public_record_is_the_note_else_the_pages_else_that_none_was_found(records):
    some = outcome.results(records).iloc[:3].assign(note=["a note", "", ""], found_in=["p1", "p1;p2", ""])
    ids = list(some.index.get_level_values("mission_id"))
    found = outcome.claimed_and_found(some, ids)
    assert found["public_record"].tolist() == ["a note", "in p1, p2", "none found"]
    assert found["claimed"].tolist() == list(some.index.get_level_values("outcome"))


def test_describing_an_outcome_in_more_detail_does_not_make_more_of_them(records):
    counted = counting.outcomes_among(outcome.results(records)).loc["sd-2022-09-netherlands"]
    assert counted["metric"].tolist().count("first_flight") == 1
    assert not {"seats_per_flight", "flights_per_week", "last_flight_before_pause"} & set(counted["metric"])
    assert set(counting.DETAILS) <= set(records["metric"])


def test_a_route_announced_and_flown_is_one_outcome_with_its_best_evidence(records):
    counted = counting.outcomes_among(outcome.results(records)).loc["fre-2022-04-guadalajara"]
    route = counted[counted["metric"].isin(["announcement", "first_flight"])]
    assert route["evidence"].tolist() == [outcome.EVIDENCE[0]]


def test_sentences_count_one_in_the_singular(records):
    one = records.loc[["fre-2023-08-munster"]].iloc[:1]
    said = counting.in_words(one, outcome.results(one), "Fresno")
    assert said.startswith("1 record for Fresno describes 1 outcome: ")


def test_a_city_without_an_annex_has_no_chart_by_annex_and_the_reason_is_shown(records):
    here = counting.annexes_in(GROUPS, cr.load("missions"), "Oakland")
    assert here == {}
    assert (
        figures.evidence(records, here, "Oakland").reason == "no annex is about Oakland, so there is no chart by annex"
    )


def test_the_note_on_the_annexes_adds_up(outcomes, records):
    counted = counting.by_evidence(records, GROUPS)
    said = notes.on_annexes(counted, readings.days_to_flight(outcomes, cr.load("sources")))
    assert said.startswith(f"Of {counted[list(outcome.EVIDENCE)].to_numpy().sum()} outcomes on record")
    assert "announced 810 days after the agreement and began later still, not in under two years" in said
    soon = {"announcement": cr.Quantity(400, "days"), "flight": cr.Quantity(700, "days")}
    assert "announced 400 days after the agreement and began later. " in notes.on_annexes(counted, soon)


def test_flights_to_chongqing_are_two_only_with_a_stop_and_in_the_year_of_the_mission():
    found = readings.direct_flights(cr.load("other_observations"))
    today, *others = (unmarked(value) for value in found.values())
    assert today.reason.startswith("no schedule of 2024 to 2026 was seen")
    assert [(int(q.value), q.period) for q in others] == [(2, "2014-04"), (1, "2017-03")]
