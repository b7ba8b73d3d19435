"""Container counts: one for each port, period and direction, the same one in every chapter."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.measures import containers
from cityresearch.measures.containers import KEY, LA, LB, OAK

SUSPECTED = "The same number as in the release for July 2024; one of the two is probably a copy."


@pytest.fixture(scope="module")
def own() -> pd.DataFrame:
    return containers.settled(cr.load("port_containers"), cr.load("corrections"))


def printed(*rows: tuple) -> pd.DataFrame:
    """Return counts as papers print them: direction, period, teu, precision, source_id."""
    columns = ["direction", "period", "teu", "precision", "source_id"]
    table = pd.DataFrame(rows, columns=columns).assign(port=LA, area="port", count_kind="port_authority", note="")
    table["period_kind"] = ["year" if len(period) == 4 else "month" for period in table["period"]]
    return table.set_index([*KEY, "source_id"])


def corrected(*rows: tuple) -> pd.DataFrame:
    """Return misprints: key, printed, wrong, expect."""
    table = pd.DataFrame(rows, columns=["key", "printed", "wrong", "expect"])
    return table.assign(dataset="port_containers", column="teu").set_index(["dataset", "key", "column"])


def test_a_misprinted_count_gives_way_to_what_another_paper_prints(own):
    # Long Beach's 95,960 stood for Los Angeles too; another paper has 127,379
    assert own.at[(LA, "2025-08", "month", "loaded_exports"), "teu"] == 127_379


def test_a_first_figure_gives_way_to_the_later_one(own):
    # 66,540 in the first release, 66,424 a year later
    assert own.at[(OAK, "2024-06", "month", "loaded_exports"), "teu"] == 66_424


def test_a_count_to_the_box_goes_before_a_rounded_one(own):
    # printed as 1.21 million for the year; the twelve months add up to 1,207,038
    row = own.loc[(LB, "2024", "year", "loaded_exports")]
    assert (row["teu"], row["derived"]) == (1_207_038, "sum of twelve months")


def test_a_count_that_may_be_a_misprint_is_in_doubt_whoever_prints_it(own):
    key = (OAK, "2024-08", "month", "loaded_exports")
    assert own.at[key, "sources"] == ("pmsa-2024-08",)  # the correction names another paper with the same number
    assert own.at[key, "doubt"] == SUSPECTED
    assert containers.teu(own, OAK, "loaded_exports", "2024-08").caveats == (f"{OAK} 2024-08: {SUSPECTED}",)
    assert containers.teu(own, OAK, "loaded_exports", "2024-07").caveats == ()


def test_doubt_is_about_the_number_and_not_about_another_count_of_the_month():
    rows = printed(
        ("total", "2024-01", 900, 1, "a"), ("total", "2024-01", 700, 1, "b"), ("total", "2024-01", 700, 1, "c")
    )
    suspected = corrected((f"{LA}|2024-01|month|total|a", "900", "looks like a copy", ""))
    found = containers.settled(rows, suspected).loc[(LA, "2024-01", "month", "total")]
    assert (found["teu"], found["doubt"]) == (700, "")


def test_a_misprint_whose_right_number_is_known_is_set_aside_with_its_reason():
    rows = printed(("total", "2024-01", 900, 1, "a"), ("total", "2024-01", 700, 1, "b"))
    known = corrected((f"{LA}|2024-01|month|total|a", "900", "digits exchanged", "700"))
    assert containers.set_aside(rows, known)[["teu", "why", "source_id"]].values.tolist() == [
        [900, "digits exchanged", "a"]
    ]
    assert containers.settled(rows, known)["teu"].tolist() == [700]


def test_of_equally_exact_counts_the_one_that_most_sources_print_is_taken():
    rows = printed(("total", "2024", 9, 1, "a"), ("total", "2024", 8, 1, "b"), ("total", "2024", 8, 1, "c"))
    assert containers.settled(rows, corrected())["teu"].tolist() == [8]
