"""The page of benchmarks, from made numbers: each aim stands beside what was measured, and says so where it is missed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from bench_page import Facts, page
from bench_ways import Way

SECONDS = {
    "a": [60.0, 80.0, 70.0],
    "a2": [35.0, 45.0, 40.0],
    "d1": [10.0, 12.0, 11.0],
    "d2": [6.0, 8.0, 7.0],
    "e": [0.5, 0.7, 0.6],
    "f2": [3.0, 3.5, 3.2],
    "h52": [5.2, 5.2, 5.2],
    "i": [8.0, 10.0, 9.0],
    "k": [3.0, 3.0, 3.0],
    "l": [1.2, 1.1, 1.0],
    "m": [1.0, 1.0, 1.0],
}


def _page(**without: object) -> str:
    ways = [Way(key, f"way {key}", seconds=list(took)) for key, took in SECONDS.items() if key not in without]
    for way in ways:
        way.notebooks = 52 if way.key == "h52" else 0
        way.peak_mb = {"a": 300.0, "d1": 330.0, "d2": 400.0, "k": 200.0, "h52": 350.0}.get(way.key, 0.0)
        way.by_part = {"01-long": [2.0, 2.0, 2.0], "02-short": [0.5, 0.5, 0.5]} if way.key == "l" else {}
    return page(ways, Facts("a machine", 2, 2, 3))


def _line(text: str, word: str) -> str:
    return next(line for line in text.splitlines() if word in line)


def test_an_aim_that_is_reached_says_so_with_the_time_of_the_floor():
    line = _line(_page(), "one after another (a)")
    assert "| 0.100 (7.00 s of 70.00 s; the floor took 9.00 s) | reached |" in line


def test_an_aim_that_is_missed_says_by_how_much():
    assert "| 3.20 s | not reached, 1.20 too much |" in _line(_page(), "longest chapter edited")
    assert "| 0.778 (7.00 s of 9.00 s; the floor took 9.00 s) | not reached, 0.128 too much |" in _line(
        _page(), "0.65 of the floor"
    )


def test_ratios_are_those_of_a_round():
    text = page(
        [Way("a", "", seconds=[10.0, 100.0, 10.0]), Way("d2", "", seconds=[1.0, 10.0, 2.0])], Facts("", 2, 2, 3)
    )
    assert "| 0.100 (2.00 s of 10.00 s)" in _line(text, "one after another (a)")


def test_a_way_that_was_not_measured_is_named():
    assert "(a3) not measured" in _line(_page(), "nbmake")
    assert "(m) not measured" in _line(_page(m=True), "report after")


def test_memory_is_compared_with_one_notebook_for_each_job():
    text = _page()
    assert "| 1.10 | reached |" in _line(text, "with one job (d1): at most 1.2 of the largest")
    assert "| 0.67 | reached |" in _line(text, "two jobs, for each (d2): at most 1.2 of the largest")
    assert "| 1.65 | not reached, 0.45 too much |" in _line(text, "with one job (d1): at most 1.2 of a small")


def test_sweeps_are_told_by_notebook_and_processor():
    assert "| 0.20 s | reached |" in _line(_page(), "sweep over 52 states")


def test_the_answers_of_a_watch_are_listed_by_chapter():
    assert "01-long 2.00, 02-short 0.50." in _line(_page(), "From save to answer (l)")
