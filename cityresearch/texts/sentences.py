"""Sentences with their places: lines joined to paragraphs, what is no prose blanked out, paragraphs cut into sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cityresearch.texts.documents import Line

__all__ = ["Sentence", "cleaned", "sentences"]

SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
BETWEEN_DIGITS = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")  # a separator of thousands that is a space
# what holds digits and is no prose: addresses of the web, references in brackets, footnote marks glued to a word
ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s>)\]]+>?|\b\S+@\S+\.\w+\b|\b[\w-]+(?:\.[\w-]+)+/\S+")
NOTE_MARK = re.compile(r"\[\^?\d{1,3}\]|(?<=[a-z][.,;:!?”’\"')])\d{1,3}(?=\s|$)|(?<=[a-z])\d{1,3}(?=[.,;:]?(?:\s|$))")
LEADERS = re.compile(r"(?:\t|\.{3,}|…|\s{4,})\s*\d{1,4}\s*$")  # a page number in a table of contents
NOTES = re.compile(r"\W*(?:foot|end)?(?:notes|references|bibliography|works cited)\W*", re.IGNORECASE)
HEADING = re.compile(r"\s*#{1,6}\s|.{0,80}$")
STARTS = re.compile(r"\s*(?:[-*•–]\s|#{1,6}\s|\||\d{1,2}[.)]\s|>)")
ABBREVIATIONS = re.compile(
    r"(?:\b(?:[A-Z]|pp?|[Vv]ol|Mr|Mrs|Ms|Dr|St|No|Nos|vs?|Inc|Co|Corp|Ltd|Gov|Sen|Rep|Prof|Jr|Sr|Fig|approx|est|ca|e\.g|i\.e|etc|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))\.$"
)
END = re.compile(r"[.!?][”’\"')\]*_]*\s+(?=[“\"‘'(\[*_]*[A-Z0-9$€£])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, cleaned, with the place where each of its characters is printed.

    `order` counts the sentences that begin on its line. `in_notes` says that it is in the notes or references at the end. `places` are the
    lines on which it is printed, each with the first of its characters there.
    """

    text: str
    order: int
    in_notes: bool
    places: tuple[tuple[int, Line], ...]

    @property
    def first(self) -> Line:
        """The line on which it begins."""
        return self.places[0][1]

    @property
    def last(self) -> Line:
        """The line on which it ends."""
        return self.places[-1][1]

    def line_of(self, place: int) -> Line:
        """Return the line on which a character is printed."""
        return [line for start, line in self.places if start <= place][-1]


def cleaned(text: str) -> str:
    """Return a line with one kind of space, minus and letter, and without what is no prose.

    Examples
    --------
    >>> cleaned("a\\u00a0\\u22125 °C drop, 1\\u202f200 jobs.¹² See https://a.example/2024")
    'a -5 °C drop, 1,200 jobs. See '
    """
    text = INVISIBLE.sub("", SUPERSCRIPTS.sub("", BETWEEN_DIGITS.sub(",", text)))
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\\$", "$")
    return NOTE_MARK.sub("", ADDRESS.sub("", LEADERS.sub("", text)))


def sentences(lines: Iterable[Line]) -> Iterator[Sentence]:
    """Give the sentences of a document in its order."""
    orders: dict[int, int] = {}
    in_notes = False
    for paragraph in _paragraphs(lines):
        if NOTES.fullmatch(paragraph[0].text):
            in_notes = True
        elif in_notes and paragraph[0].text.startswith("#"):
            in_notes = False
        text, starts = _joined(paragraph)
        for first, last in _cuts(text):
            while first < last and text[first].isspace():
                first += 1
            if not text[first:last].strip():
                continue
            places = [(max(start, first) - first, line) for start, line in starts if start < last]
            places = [place for n, place in enumerate(places) if n + 1 == len(places) or places[n + 1][0] > 0]
            number = places[0][1].number
            orders[number] = orders.get(number, 0) + 1
            yield Sentence(text[first:last].rstrip(), orders[number], in_notes, tuple(places))


def _paragraphs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Give lines that belong together; a blank line, a list's mark or a table's row begins anew, the end of a page does not."""
    found: list[Line] = []
    blank_page = 0
    for line in lines:
        if not line.text.strip():
            blank_page = line.page
            if found and not (line.page and _goes_on(found[-1].text)):
                yield found
                found = []
            continue
        fresh = STARTS.match(line.text) or (blank_page and found and line.page == found[-1].page)
        if found and fresh:
            yield found
            found = []
        blank_page = 0
        found.append(line)
    if found:
        yield found


def _goes_on(text: str) -> bool:
    """Say whether a sentence is cut off by the end of a page: it ends with a small letter, a comma or a hyphen."""
    return bool(re.search(r"[a-z,-]\s*$", text))


def _joined(paragraph: list[Line]) -> tuple[str, list[tuple[int, Line]]]:
    """Return a paragraph as one text, words that were divided at a line's end made whole, and where each line begins in it."""
    text, starts = "", []
    for line in paragraph:
        part = cleaned(line.text).strip()
        if re.search(r"[^\W\d_]-$", text) and part[:1].islower():
            text = text[:-1]
        elif text and not text.endswith(("-", "–", "$")):
            text += " "
        starts.append((len(text), line))
        text += part
    return text, starts


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in END.finditer(text):
        before = text[start : end.start() + 1]
        if not (
            ABBREVIATIONS.search(before)
            or (re.search(r"\b(?:[A-Z]\.){2,}$", before) and not _new_sentence(text[end.end() :]))
        ):
            yield start, end.end()
            start = end.end()
    yield start, len(text)


def _new_sentence(rest: str) -> bool:
    """Say whether what follows an abbreviation such as U.S. begins a sentence."""
    return bool(
        re.match(r"(?:The|This|These|That|In|It|Its|And|But|For|From|A|An|As|At|On|Over|More|Of|We|They)\b", rest)
    )
