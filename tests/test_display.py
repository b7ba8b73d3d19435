"""How numbers show themselves: rounded to what a reader takes in, with their range, and never as a fraction of Python."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.claims.ledger import claims
from cityresearch.numbers.display import with_range
from cityresearch.numbers.intervals import Interval

ABOUT_141 = cr.Quantity(
    "141e9", "USD", "2023", "all metros of California", sources=("ita_metro",), bounds=Interval("140.95e9", "141.05e9")
)
TO_THE_DOLLAR = cr.Quantity(141_004_904_245, "USD", "2023", "five <metros>", basis="zip_based", caveats=("a & b",))


def test_a_rounded_number_says_what_it_stands_for_and_what_it_is_of():
    assert repr(ABOUT_141) == ("$141 billion (140.95 to 141.05), 2023, all metros of California; source: ita_metro")


def test_a_number_known_to_its_last_digit_is_rounded_for_the_eye_and_keeps_its_digits():
    assert str(TO_THE_DOLLAR) == "$141 billion"
    assert repr(TO_THE_DOLLAR) == "$141 billion [141,004,904,245], 2023, five <metros>, zip based"
    assert repr(TO_THE_DOLLAR) != repr(cr.Quantity(141_004_904_246, "USD", "2023", "five <metros>", basis="zip_based"))
    assert TO_THE_DOLLAR.value == 141_004_904_245


def test_a_notebook_shows_caveats_and_sources_under_the_number_and_all_digits_at_the_pointer():
    shown = TO_THE_DOLLAR._repr_html_()
    assert "five &lt;metros&gt;, zip based<br><small>a &amp; b</small>" in shown
    assert 'title="141,004,904,245"' in shown
    assert "<small>source: ita_metro</small>" in ABOUT_141._repr_html_()


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (11, "count", "11"),
        (2024, "year", "2024"),
        (1, "rank", "rank 1"),
        ("38.9", "percent", "38.9%"),
        ("54.078", "percent", "54.08%"),
        (247_898, "people", "247,898 people"),
        (999_999_999, "USD", "$1 billion"),
        (-1_234_567, "USD", "-$1.235 million"),
        (0, "USD", "$0"),
        ("0.00012345", "ratio", "0.0001234"),
    ],
)
def test_at_most_four_digits_are_shown(value, unit, words):
    assert str(cr.Quantity(value, unit)) == words


def test_a_range_inside_the_last_of_four_digits_is_not_shown():
    assert with_range(141_004_904_245, "USD", Interval(141_004_904_244, 141_004_904_246)) == "$141 billion"
    assert with_range(100, "percent", Interval("99.9", "100.1")) == "100% (99.9 to 100.1)"
    assert with_range(2024, "year", Interval(2023, 2025)) == "2024 (2023 to 2025)"


def test_printed_numbers_keep_the_digits_that_their_documents_print():
    for item in claims().values():
        if item.printed is None:
            continue
        number = item.printed.worded(item.relation).split(" (")[0].replace(",", "").replace("%", "").replace("$", "")
        sizes = [
            size for word, size in (("trillion", 10**12), ("billion", 10**9), ("million", 10**6)) if word in number
        ]
        digits = next(part for part in number.split() if part.lstrip("-")[:1].isdigit())
        assert cr.Quantity(digits).value * (sizes or [1])[0] == item.printed.value, item.claim_id


def test_the_wording_of_a_printed_number_sets_its_range():
    printed = cr.PrintedNumber("141e9", "1e9", "USD", "2023")
    assert repr(printed) == "$141 billion (140.5 to 141.5), 2023"
    assert printed.worded("gt") == "more than $141 billion (141 to 142)"
    assert cr.PrintedNumber(7, 1, "count").worded("eq") == "7"
    assert cr.PrintedNumber(25, 1, "count").worded("approx") == "about 25 (22.5 to 27.5)"
    assert cr.PrintedNumber(25, 1, "count").worded("gt") == "more than 25 (25 to 27.5)"
    assert cr.PrintedNumber(25, 5, "count").worded("eq") == "25 (22.5 to 27.5)"
    assert cr.PrintedNumber(25, 1, "percent").worded("eq") == "25% (24.5 to 25.5)"
    assert "141,000,000,000" in printed._repr_html_()


def test_missing_says_why_and_a_fact_says_whether():
    found = cr.Missing("no metro values of California for 2024", ("ita_metro",))
    assert repr(found) == str(found) == "missing: no metro values of California for 2024"
    assert found._repr_html_() == (
        "<p>missing: no metro values of California for 2024<br><small>source: ita_metro</small></p>"
    )
    assert repr(cr.Fact(False, ("a", "b"))) == "false; sources: a, b"


def test_a_table_of_quantities_reads_as_a_table():
    frame = pd.DataFrame({"exports": [ABOUT_141, TO_THE_DOLLAR, cr.missing("none in the data")]})
    assert [" ".join(line.split()[1:]) for line in frame.to_string().splitlines()[1:]] == [
        "$141 billion (140.95 to 141.05)",
        "$141 billion",
        "missing: none in the data",
    ]


def test_nothing_shows_a_fraction_of_python():
    shown = [ABOUT_141, TO_THE_DOLLAR, cr.PrintedNumber("0.1", "0.1"), Interval(1, "2.5"), cr.share(TO_THE_DOLLAR, ABOUT_141, across=["basis"])]  # fmt: skip
    assert not any("Fraction" in repr(item) + str(item) for item in shown)
