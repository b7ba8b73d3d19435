"""The words and figures of the chapter on trade and work, for its places and for others."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from conftest import cityresearch

import cityresearch as cr
from cityresearch.chapters.trade_and_work import editions, figures, inland, readings, seasons, supported
from cityresearch.numbers.quantity import Missing

SF = "San Francisco-Oakland-Fremont, CA MSA"
MODESTO = "Modesto, CA MSA"


@pytest.fixture(scope="module")
def bls() -> pd.DataFrame:
    return cr.load("bls_employment")


@pytest.fixture(scope="module")
def economy() -> pd.DataFrame:
    return cr.load("economy_observations")


@pytest.fixture(scope="module")
def exports() -> pd.DataFrame:
    return cr.load("export_observations")


def test_editions_near_a_month_are_columns_with_gaps_where_they_print_nothing(bls):
    table = editions.readable(editions.near(bls, geography=SF, month="2025-12"))
    assert list(table.columns) == [
        f"edition of {name}" for name in ("May 2025", "August 2025", "January 2026", "March 2026")
    ]
    assert table.loc["2026-01"].tolist() == ["", "", "341,700", "339,800"]


def test_a_place_without_a_figure_near_the_month_says_which_editions_there_are(bls):
    assert editions.near(bls, geography=MODESTO, month="2011-12").empty
    told = editions.nothing_near(bls, MODESTO, "2011-12")
    assert told == (
        "Modesto has no figure of this sector within 18 months of December 2011. "
        "The editions in our data end in January 2026."
    )


def test_the_size_of_revisions_is_told_where_two_editions_show_it(bls, economy):
    # 350,800 over 0.995 is 352,563; the edition of May 2025 prints 359,100
    told = editions.revision_in_words(bls, economy, geography=SF, month="2025-12")
    assert "edition of May 2025 prints 359,100 jobs for December 2024" in told
    assert "about 352,563 (352,336 to 352,790 with rounding; derived)" in told
    assert "no pair of editions" in editions.revision_in_words(bls, economy, geography=MODESTO, month="2025-12")


def test_the_printed_number_is_drawn_for_its_own_place_and_month_only(bls):
    def drawn(metro, month):
        chart = figures.by_edition(editions.near(bls, geography=metro, month=month), metro, month, "2025-09-03")
        return " ".join(text.get_text() for ax in chart.figure.axes for text in ax.texts)

    assert "printed: more than 350,000" in drawn(SF, "2025-12")
    assert "page read" in drawn(SF, "2025-12")
    for metro, month in ((SF, "2026-01"), (MODESTO, "2025-12")):
        assert not any(word in drawn(metro, month) for word in ("printed", "page read"))


def test_a_place_without_figures_has_a_reason_and_no_drawing(bls):
    nothing = figures.by_edition(editions.near(bls, geography=MODESTO, month="2011-12"), MODESTO, "2011-12")
    assert isinstance(nothing, Missing)
    empty = figures.seasonal_peak(seasons.seasonal_position(bls, month="1990-01"), MODESTO, "1990-01")
    assert "January 1990" in empty.reason


@pytest.mark.parametrize(
    ("month", "title"),
    [
        ("2025-12", "December 2025 is the highest month of its edition in 9 of 10 metro areas and divisions"),
        ("2025-03", "March 2025 is the highest month of its edition in none of 8 metro areas and divisions"),
        ("2008-11", "November 2008 is the highest month of its edition in San Diego-Carlsbad-San Marcos"),
    ],
)
def test_the_title_of_the_season_counts_the_places_of_the_month(bls, month, title):
    assert figures.seasonal_peak(seasons.seasonal_position(bls, month=month), SF, month).words.title == title


def test_a_title_of_one_level_names_no_lowest_month(bls):
    near = editions.near(bls, geography=MODESTO, month="2025-12")
    assert figures.by_edition(near[:1], MODESTO, "2025-12").words.title == "Modesto: 38,300 jobs in August 2025"


def test_the_losses_of_the_inland_empire_are_told_against_the_season(bls, economy):
    found = inland.changes(economy)
    told = inland.against_the_season(economy, found)
    # -39,700 -6,200 -1,600 against -30,000 +10,500 +2,600
    assert "changed by -47,500 against a usual -16,900, which is 30,600 fewer than usual" in told
    assert "lost 1,400 of its 27,100 jobs; before May 2025 it had lost 26,100" in told
    assert "29,100 jobs from December 2025 to March 2026, and about 30,117" in inland.next_winter(bls, economy)
    assert "5,000 jobs lost since January, 18 percent of their sum" in inland.other_figures(economy, found)
    table = inland.table(found)
    assert table.loc[table["sector"] == "transportation and warehousing", "usual"].tolist() == [""] * 6


def test_a_missing_month_is_said_and_not_drawn(economy):
    gone = economy[economy.index.get_level_values("period") != "2025-04"]
    assert "missing" in inland.against_the_season(gone, inland.changes(gone))
    assert isinstance(figures.against_the_season(gone, inland.changes(gone)), Missing)


def test_the_title_of_the_losses_follows_the_data(economy):
    title = figures.against_the_season(economy, inland.changes(economy)).words.title
    assert title == ("Inland Empire: of 27,100 transport and warehouse jobs lost, 25,700 went before April 2025")


def test_estimates_of_supported_jobs_are_listed_and_their_direction_told(exports):
    assert len(supported.printed(exports, "California")) == 7
    found = supported.estimates(exports, "California")
    # of two prints of 2013, 802,000 and 802,274, the more precise one
    assert int(found["2013"]) == 802_274
    told = supported.steps_in_words(found)
    assert told.startswith("The estimates went from 821,000 for 2008 to about 706,000 for 2016. A lower number")
    texas = supported.steps_in_words(supported.estimates(exports, "Texas"))
    assert texas == "The estimates went from 1,100,000 for 2013 to about 1,200,000 for 2022."
    assert supported.printed(exports, "Albany, GA").empty
    assert "no direction" in supported.steps_in_words({})


def test_titles_of_curves_are_counted_and_not_written_by_hand(bls, exports):
    sector = figures.trade_jobs_curve(readings.trade_jobs(bls)).words.title
    assert sector == "San Francisco trade sector, more than 350,000 jobs (December 2025): 2 of 5 readings agree"
    estimates = figures.exports_curve(readings.supported_jobs(exports)).words.title
    assert estimates == "Jobs supported by exports, nearly 600,000 jobs: none of 6 readings agrees; lowest 700,000"


@pytest.mark.long
def test_the_chapter_runs_for_another_metro_and_state_and_counts_no_claim(tmp_path):
    result = cityresearch(
        "run", "05-trade-and-work", "-p", "metro", "Modesto, CA MSA", "-p", "state", "Texas", "--output", tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert "No claim was counted" in result.stdout
    executed = json.dumps(json.loads((tmp_path / "notebooks" / "05-trade-and-work.ipynb").read_text(encoding="utf-8")))
    assert "Modesto: 39,800 jobs in December 2025" in executed
    assert not any(word in executed for word in ("The paper", "C045", "Inland Empire", "printed: more"))
