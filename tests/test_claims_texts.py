"""Reading documents: their lines, sentences and numbers, each with its place, in text, Markdown, HTML and PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityresearch.claims.coverage import numbers_in
from cityresearch.errors import DataError
from cityresearch.texts.copying import copied, words_of
from cityresearch.texts.documents import Line, read_lines
from cityresearch.texts.mentions import mentions
from cityresearch.texts.sentences import cleaned, sentences


def found(text: str) -> list[tuple]:
    """Every mention of a text: as printed, relation, value, precision, unit, period."""
    rows = []
    for m in mentions(cleaned(text)):
        value, precision = (float(n) if n is not None else None for n in (m.value, m.precision))
        rows.append((m.text, m.relation, value, precision, m.unit, m.period))
    return rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exports of $59.6 billion", ("$59.6 billion", "eq", 59.6e9, 1e8, "USD", "")),
        ("a $4.3B cluster", ("$4.3B", "eq", 4.3e9, 1e8, "USD", "")),
        ("some 1.2m visitors", ("1.2m", "approx", 1.2e6, 1e5, "people", "")),
        ("about 4,200 jobs", ("4,200", "approx", 4200, 100, "jobs", "")),
        ("nearly 600,000 jobs", ("600,000", "nearly", 600_000, 100_000, "jobs", "")),
        ("more than 814,000 Californians", ("814,000", "gt", 814_000, 1000, "people", "")),
        ("2.5 million truck trips a year", ("2.5 million", "eq", 2.5e6, 1e5, "count", "")),
        ("30 firms every year", ("30", "eq", 30, 1, "companies", "")),
        ("14,875 jobs", ("14,875", "eq", 14_875, 1, "jobs", "")),
        ("3\u202f200\u00a0500 people", ("3,200,500", "eq", 3_200_500, 100, "people", "")),
        ("a change of \u22125.5 percent", ("-5.5 percent", "eq", -5.5, 0.1, "percent", "")),
        ("at least 8% of firms", ("8%", "ge", 8, 1, "percent", "")),
        ("200 or more firms", ("200", "ge", 200, 1, "companies", "")),
        ("100+ firms", ("100+", "ge", 100, 1, "companies", "")),
        ("up to $30,000 in grants", ("$30,000", "le", 30_000, 10_000, "USD", "")),
        ("fewer than 50 workers", ("50", "lt", 50, 1, "people", "")),
        ("nearly twenty similar missions", ("twenty", "nearly", 20, 1, "count", "")),
        ("the one hundred largest metros", ("one hundred", "eq", 100, 100, "count", "")),
        ("nearly three dozen delegates", ("three dozen", "nearly", 36, 12, "people", "")),
        ("nearly three decades of trade", ("three", "nearly", 30, 10, "year", "")),
        ("half a million jobs", ("half a million", "eq", 500_000, 500_000, "jobs", "")),
        ("over a third of all firms", ("a third", "gt", 33.333, 10, "percent", "")),
        ("three in ten firms", ("three in ten", "eq", 30, 10, "percent", "")),
        ("nearly nine of ten residents", ("nine of ten", "nearly", 90, 10, "percent", "")),
        ("about half of them", ("half", "approx", 50, 10, "percent", "")),
        ("exports doubled", ("doubled", "eq", 2, 1, "ratio", "")),
        ("most Californians agree", ("most Californians", "gt", 50, 50, "percent", "")),
        ("for more than a decade", ("a decade", "gt", 10, 10, "year", "")),
        ("a month-long program", ("month-long", "eq", 1, 1, "count", "")),
        ("a one cent tax", ("one", "eq", 1, 1, "count", "")),
        ("a 150nm process", ("150", "eq", 150, 1, "count", "")),
        ("thousands of jobs", ("thousands", "ge", 1000, 1000, "jobs", "")),
        ("It is No. 1 in trade", ("No. 1", "eq", 1, 1, "rank", "")),
        ("the 42nd market", ("42nd", "eq", 42, 1, "rank", "")),
        ("the third-largest port", ("third", "eq", 3, 1, "rank", "")),
        ("the nation's busiest port", ("busiest", "eq", 1, 1, "rank", "")),
        ("a top-three team", ("top-three", "le", 3, 1, "rank", "")),
        ("since mid-2025", ("mid-2025", "eq", 2025, 1, "year", "2025")),
        ("in FY2024-25", ("FY2024-25", "eq", 2024, 1, "year", "2024/2025")),
        ("on May 20, 2025", ("May 20, 2025", "eq", 2025, 1, "year", "2025-05-20")),
        ("in December 2025", ("December 2025", "eq", 2025, 1, "year", "2025-12")),
        ("the second quarter of 2024", ("second quarter of 2024", "eq", 2024, 1, "year", "2024-Q2")),
        ("between 2013 and 2020", ("2013 and 2020", "eq", 2013, 1, "year", "2013/2020")),
        ("unveiled November 12", ("November 12", "eq", 0, 1, "year", "--11-12")),
    ],
)  # fmt: skip
def test_a_number_is_read_with_its_wording_digits_unit_and_period(text, expected):
    (mention,) = found(text)
    assert mention[:2] + mention[4:] == expected[:2] + expected[4:]
    assert mention[2:4] == pytest.approx(expected[2:4], rel=1e-4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5–7 percent of jobs", [("5", "ge", 5), ("7 percent", "le", 7)]),
        ("$2 to $3 billion", [("$2", "ge", 2e9), ("$3 billion", "le", 3e9)]),
        ("between 40 and 50 firms", [("40", "ge", 40), ("50", "le", 50)]),
        ("from 2019 to 2023", [("2019 to 2023", "eq", 2019)]),
        ("in 2022 and 2024", [("2022", "eq", 2022), ("2024", "eq", 2024)]),
        ("between $48 billion and $125 billion", [("$48 billion", "ge", 48e9), ("$125 billion", "le", 125e9)]),
        ("over the five-day trip", [("five", "eq", 5)]),
        ("40 firms and 50 ports", [("40", "eq", 40), ("50", "eq", 50)]),
    ],
)
def test_a_range_has_two_ends_and_a_span_of_years_is_one_date(text, expected):
    assert [(name, relation, value) for name, relation, value, *_ in found(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "as figure 2 and Table 3 show (see note 12, section 2.1, BRIEF 1.2.)",
        "the G20, COVID-19, LA28, Route 66 and Section 301",
        "one of them",
        "The economy.¹² It grew.12 And [3] more[^4]",
        "Summary\t14",
        "Washington, DC 20036, 1779 Massachusetts Avenue",
        "P: + 1 202 483 7600",
        "see https://lao.ca.gov/Publications/Report/4618 or a2@b3.org",
        "2.",
        "doubling down on best practices",
    ],
)
def test_what_only_looks_like_a_number_of_the_text_is_not_counted(text):
    assert found(text) == []


def of(*texts: str) -> list[Line]:
    return [Line(number, 0, text) for number, text in enumerate(texts, start=1)]


def test_sentences_are_told_apart_and_keep_the_line_of_each_number():
    given = of("The U.S. has 50 states. In Calif. firms e.g. grew.", "", "A sentence that", "wraps over 12 lines is one.", "- A list of 3", "- has items.")  # fmt: skip
    made = list(sentences(given))
    assert [s.text for s in made] == [
        "The U.S. has 50 states.", "In Calif. firms e.g. grew.", "A sentence that wraps over 12 lines is one.", "- A list of 3", "- has items.",
    ]  # fmt: skip
    assert [(s.first.number, s.last.number, s.order) for s in made][:3] == [(1, 1, 1), (1, 1, 2), (3, 4, 1)]
    assert made[2].line_of(made[2].text.index("12")).number == 4


def test_a_reference_to_pages_stays_in_its_sentence_and_is_no_number_of_it():
    lines = of("As the plan says (pp. 12–15; vol. 2, p. 9), there are 3 ports.")
    assert [number.mention.text for number, _ in numbers_in("brief", lines)] == ["3"]


def test_a_word_divided_at_the_end_of_a_line_is_whole_again():
    (sentence,) = sentences(of("Exports of $59.6 bil-", "lion went to Mex-", "ico."))
    assert sentence.text == "Exports of $59.6 billion went to Mexico."
    assert [m.text for m in mentions(sentence.text)] == ["$59.6 billion"]


def test_notes_at_the_end_are_known_as_such():
    made = sentences(of("It has 3 ports.", "", "Notes", "", "A. Author, May 3, 2024.", "", "# Annex", "", "It has 4."))
    assert [s.text for s in made if not s.in_notes] == ["It has 3 ports.", "# Annex", "It has 4."]


@pytest.mark.parametrize(("notes", "found"), [(False, ["3"]), (True, ["3", "May 3, 2024"])])
def test_numbers_of_the_notes_are_counted_only_on_request(notes, found):
    lines = of("It has 3 ports.", "", "Notes", "", "A. Author, May 3, 2024.")
    assert [number.mention.text for number, _ in numbers_in("brief", lines, notes=notes)] == found


def test_a_page_of_html_is_read_by_its_blocks_without_scripts_menus_and_note_marks(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><style>p{width:9}</style><script>x=5</script></head><body><nav>Menu 12</nav><h1>Fresno&nbsp;trade</h1>\n"
        "<p>It sold <b>$2.3&nbsp;billion</b> to\n1&#8239;200 firms.<sup>1</sup> More.<a href='#fn2'>2</a></p>"
        "<table><tr><td>Jobs</td><td>&minus;1.2m</td></tr></table><ul><li>twenty trips<li>40 firms</ul></body></html>",
        encoding="utf-8",
    )
    texts = [sentence.text for sentence in sentences(read_lines(path))]
    assert texts == [
        "Fresno trade",
        "It sold $2.3 billion to 1,200 firms.",
        "More.",
        "Jobs",
        "-1.2m",
        "twenty trips",
        "40 firms",
    ]


def pdf(path: Path, pages: list[list[str]]) -> Path:
    """Make a PDF with a running head and page numbers."""
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_pdf import PdfPages

    with PdfPages(path) as book:
        for number, lines in enumerate(pages, start=1):
            figure = plt.figure(figsize=(8, 11))
            for place, line in enumerate(["City of Fresno, Trade Brief 2025", "", *lines]):
                figure.text(0.1, 0.95 - 0.02 * place, line)
            figure.text(0.5, 0.03, str(number))
            book.savefig(figure)
            plt.close(figure)
    return path


def test_a_pdf_is_read_by_pages_without_running_heads_and_page_numbers(tmp_path):
    pytest.importorskip("pypdf")
    pages = [
        ["In 2024 exports reached $59.6 bil-", "lion. Nearly twenty firms", "and"],
        ["12,500 jobs depend on it."],
        ["It has 3 ports."],
    ]
    made = list(sentences(read_lines(pdf(tmp_path / "a.pdf", pages))))
    assert [s.text for s in made] == [
        "In 2024 exports reached $59.6 billion.",
        "Nearly twenty firms and 12,500 jobs depend on it.",
        "It has 3 ports.",
    ]
    jobs = made[1]
    assert [(jobs.line_of(m.start).page, m.text) for m in mentions(jobs.text)] == [(1, "twenty"), (2, "12,500")]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"caf\xe9 5", "line 1: found the byte 0xe9: save the text in UTF-8"),
        ("a.txt", b" \n", "holds no text: if its pages are pictures, recognize their text first"),
        ("a.docx", b"PK", "is in no format that is read here (.txt, .md"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_lines(path)
    assert says in str(error.value)


def test_a_broken_pdf_is_refused_in_a_sentence(tmp_path):
    pytest.importorskip("pypdf")
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4 broken")
    with pytest.raises(DataError, match="cannot be read as PDF"):
        read_lines(path)


def test_a_statement_copies_when_it_shares_more_than_eight_words_in_a_row():
    text = words_of("The region’s exports, mostly machines, rose to $2.3 billion in the year 2024 alone.")
    assert (
        copied("The region's exports mostly machines rose to $2.3 billion, we say", text)
        == "the regions exports mostly machines rose to 2.3 billion"
    )
    assert copied("Its exports mostly machines rose to $2.3 billion in it", text) == ""
