"""What the pages of the report say: claims with their verdicts, counts, figures and sources, as the results have them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cityresearch import paths
from cityresearch.claims import differences, footnotes
from cityresearch.claims.ledger import Claim, claims, documents
from cityresearch.claims.reading import covered_in_words, printed_words
from cityresearch.claims.records import Check, as_json, committed_for
from cityresearch.claims.strength import in_words
from cityresearch.claims.verdict import WORDS
from cityresearch.claims.wordings import reach
from cityresearch.datasets.catalog import Dataset, Source, datasets, source, sources
from cityresearch.runs.findings_page import headline_figures, lead
from cityresearch.verdict_display import ORDER

__all__ = ["Content", "Drawn", "Row", "Strip"]


@dataclass(frozen=True, slots=True)
class Strip:
    """Where a reading lies beside what the wording covers, in percent of the width of a small picture."""

    low: float
    high: float
    at: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A committed figure: its name, title, alt text, caption, sources and the notebook that draws it."""

    name: str
    title: str
    alt: str
    caption: str
    sources: tuple[str, ...]
    notebook: str


@dataclass(frozen=True)
class Row:
    """A claim as the report shows it."""

    item: Claim
    check: Check | None
    data: dict[str, Any] = field(repr=False)

    @property
    def claim_id(self) -> str:
        """Id of the claim, which names its page."""
        return self.item.claim_id

    @property
    def verdict(self) -> str:
        """Verdict, open where no chapter has judged it."""
        return self.data["verdict"]

    @cached_property
    def printed(self) -> str:
        """The printed number in words, empty for a claim without one."""
        return printed_words(self.item) if self.item.printed is not None else ""

    @cached_property
    def covers(self) -> str:
        """What the wording of the printed number covers."""
        return covered_in_words(self.item) if self.item.printed is not None else ""

    @cached_property
    def strength(self) -> str:
        """What stands behind the verdict, in a sentence."""
        return in_words(self.check.strength, self.verdict) if self.check else ""

    @property
    def readings(self) -> list[tuple[dict[str, Any], Strip | None]]:
        """Every reading with its place beside the printed number: computed ones first, then what sources say."""
        found = self.data["readings"]
        numbers = [r["value"] for r in found if _is_number(r["value"]) and r["agrees"] is not None]
        if self.item.printed is None or not numbers:
            return [(r, None) for r in found]
        covered = reach(self.item)
        low, high = min(*numbers, float(covered.low)), max(*numbers, float(covered.high))
        room = (high - low) * 0.06 or 1.0
        low, high = low - room, high + room

        def at(value: float) -> float:
            return round(100 * (float(value) - low) / (high - low), 1)

        return [
            (r, Strip(at(covered.low), at(covered.high), at(r["value"])))
            if _is_number(r["value"]) and r["agrees"] is not None
            else (r, None)
            for r in found
        ]

    @cached_property
    def sources(self) -> list[Source]:
        """Every source behind a reading, once, in their order."""
        keys = dict.fromkeys(key for reading in self.data["readings"] for key in reading["sources"])
        return [source(key) for key in keys]

    @cached_property
    def search_text(self) -> str:
        """What a search looks in, in lower case."""
        parts = (self.claim_id, self.item.statement, self.item.subject, " ".join(self.item.places), self.data["reason"])
        return " ".join(parts).lower()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Content:
    """The results of the last run and what belongs to them; read once, and the same for all pages.

    Raises
    ------
    ClaimError
        If there are no results yet.
    """

    def __init__(self) -> None:
        checks = committed_for("report")
        self.documents = documents()
        self.rows = {key: Row(item, checks.get(key), as_json(item, checks.get(key))) for key, item in claims().items()}

    @cached_property
    def figures(self) -> dict[str, Drawn]:
        """The committed figures by name."""
        found = {}
        for path in sorted(paths.figures().glob("*.json")):
            said = json.loads(path.read_text(encoding="utf-8"))
            words = (said["title"], said["alt"], said["caption"], tuple(said["sources"]), said["notebook"])
            found[path.stem] = Drawn(path.stem, *words)
        return found

    @cached_property
    def datasets(self) -> dict[str, Dataset]:
        """The datasets by name."""
        return datasets()

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every source that a reading or a figure names, by its id."""
        used = {key for row in self.rows.values() for r in row.data["readings"] for key in r["sources"]}
        used |= {key for drawn in self.figures.values() for key in drawn.sources}
        return {key: item for key, item in sorted(sources().items()) if key in used}

    def citation_of(self, key: str) -> str:
        """Return a source's line: publisher, title, date."""
        return source(key).citation

    def headline(self) -> list[Drawn]:
        """Return the figures to show first, see `findings_page.headline_figures`."""
        readme = paths.root() / "README.md"
        text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
        words = {name: {"notebook": drawn.notebook} for name, drawn in self.figures.items()}
        return [self.figures[name] for name in headline_figures(words, text)]

    def lead(self) -> str:
        """Return the counts of verdicts in three sentences."""
        return lead({key: row.check for key, row in self.rows.items() if row.check})

    def notes(self) -> dict[str, list[str]]:
        """Return what was found about the documents' notes, by what it is; nothing where no document has notes."""
        if not footnotes.footnotes():
            return {}
        bare = [f"Note {note.note_number} of {note.document}: {note.cited}." for note in footnotes.uncited()]
        return {
            "Cited without an entry": footnotes.without_entry(),
            "One source under two days": footnotes.under_two_dates(),
            "Notes that no claim of the ledger rests on": bare,
        }

    @cached_property
    def cited_by(self) -> dict[str, list[str]]:
        """The claims that each source is named for."""
        found: dict[str, list[str]] = {}
        for key, row in self.rows.items():
            for item in row.sources:
                found.setdefault(item.source_id, []).append(key)
        return found

    def counts(self, *bases: str) -> dict[str, int]:
        """Count the claims of these bases by verdict, without those that no chapter checks yet."""
        found = Counter(row.verdict for row in self.rows.values() if row.check and row.data["basis"] in bases)
        return {word: found[word] for word in WORDS}

    def differing(self) -> list[tuple[Row, str]]:
        """Return the claims that differ, first those under every reading, each with what we found in a paragraph."""
        rows = [row for word in ORDER[:2] for row in self.rows.values() if row.verdict == word]
        return [(row, differences.found_in_words(row.check) if row.check else row.data["reason"]) for row in rows]

    def places(self) -> list[str]:
        """Return every place that a claim names, by name."""
        return sorted({place for row in self.rows.values() for place in row.item.places})
