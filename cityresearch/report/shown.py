"""The same number everywhere: each place in texts, figures and notebooks that shows a number of a claim, and whether the results have it.

A text shows a claim's number where it names the claim: in the sentence or the row of a table with its id, or in the part under its
heading. Words of a specification curve (and its data) are about the claims that the curve is named for. An amount in README.md or in the
prose of a notebook that names no claim must be told of some claim (printed, agreeing or in its reason), or said by a figure.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from cityresearch import paths
from cityresearch.charts.spoken import percent_in_words
from cityresearch.claims import differences
from cityresearch.claims.curve_names import curve_name
from cityresearch.claims.ledger import Claim, claims
from cityresearch.claims.reading import printed_words
from cityresearch.claims.records import Check, committed
from cityresearch.claims.said import deciding_reading
from cityresearch.claims.wordings import reach
from cityresearch.datasets.catalog import source
from cityresearch.measures.rounding import SCALES
from cityresearch.numbers.intervals import exact
from cityresearch.runs.notebooks import chapters
from cityresearch.runs.parameters import read_notebook

__all__ = ["Amount", "Shown", "amounts", "conflicts", "shown"]

AMOUNT = re.compile(
    r"(?<![\w.,-])(?P<sign>[-\N{MINUS SIGN}])?(?P<dollar>\$)?(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?"
    r"(?:(?P<percent>%|[ -]percent\b)|[ -](?P<scale>thousand|million|billion|trillion)\b)?(?![\w%]|[.,]\d)"
)
LARGE = 10_000
ID = re.compile(r"(?<![\w-])([A-Z]\d{3})(?![\w-])")
HEADING = re.compile(r"^(?:#{2,4} |\*\*)([A-Z]\d{3})\b")
OTHER_HEADING = re.compile(r"^#{1,4} ")
SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z$\d`*])")
# what is kept of an earlier time has the numbers of that time
HISTORY = {"docs/verdict-changes.md", "docs/api.md", "docs/benchmarks.md"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a text shows it: its words, its value, the size of its last digit, and whether it is in dollars or in percent."""

    words: str
    value: Fraction
    grain: Fraction
    unit: str

    @property
    def is_plain(self) -> bool:
        """Whether it is an amount for sure, and neither the version of a program nor a count of cases."""
        return bool(self.unit) or self.value >= LARGE

    def fits(self, value: Fraction) -> bool:
        """Return whether a value, rounded as this number is, reads the same."""
        return abs(abs(value) - abs(self.value)) <= self.grain / 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A number shown for a claim: the place (file and line, or part of a figure), the number, and whether the results have it."""

    claim_id: str
    place: str
    said: str
    fits: bool


def amounts(text: str) -> Iterator[Amount]:
    """Yield the amounts of a text: in dollars, in percent, with a word for their size, with thousands set apart, or with decimals.

    Years and other bare whole numbers are left out, since they may be days, notes or counts of something else.

    Examples
    --------
    >>> [(a.words, float(a.value), a.unit) for a in amounts("In 2024, $59.6 billion, or 12 percent of 14,874,500; see note 6")]
    [('$59.6 billion', 59600000000.0, 'USD'), ('12 percent', 12.0, 'percent'), ('14,874,500', 14874500.0, '')]
    """
    for found in AMOUNT.finditer(text):
        unit = "USD" if found["dollar"] else "percent" if found["percent"] else ""
        if not (unit or found["scale"] or "," in found["number"] or found["rest"]):
            continue
        size = SCALES.get(found["scale"] or "", 1)
        rest = found["rest"] or ""
        value = Fraction(found["number"].replace(",", "") + rest) * size
        yield Amount(found[0].strip(), value, Fraction(size, 10 ** max(0, len(rest) - 1)), unit)


def shown(root: Path | None = None) -> list[Shown]:
    """Return every place where README, pages, notebooks and figures show a number of a claim.

    Parameters
    ----------
    root : Path, optional
        The project, the present one if left out. Results and ledger are those of the present one.
    """
    folder = root or paths.root()
    checks = committed()
    known = {key: _Known(item, checks.get(key)) for key, item in claims().items()}
    found = []
    anyone = None
    for place, claim_id, text in _texts(folder):
        for amount in amounts(text):
            if not claim_id and not amount.is_plain:
                continue
            if not claim_id and anyone is None:
                anyone = _Anyone(known.values(), folder)
            owner = known[claim_id] if claim_id else anyone
            found.append(Shown(claim_id, place, amount.words, bool(owner and owner.has(amount))))
    return [*found, *_printed_in_figures(folder, known)]


def conflicts(root: Path | None = None) -> list[str]:
    """Return a sentence for each number shown for a claim that its results do not have: it is stale, or of another claim."""
    return [
        f"{one.place} shows {one.said} for {one.claim_id}, which is not among its numbers: see cityresearch claims {one.claim_id}."
        if one.claim_id
        else f"{one.place} shows {one.said}, which is a number of no claim and of no figure: take it from the results, or name the claim."
        for one in shown(root)
        if not one.fits
    ]


class _Known:
    """The numbers of a claim: printed and what its wording covers, every reading, and what the words of its results name."""

    def __init__(self, item: Claim, check: Check | None) -> None:
        self.item, self.check = item, check

    def has(self, amount: Amount) -> bool:
        """Return whether one of the claim's numbers reads as this amount does."""
        return any(amount.fits(value) for value in self.values) or any(
            amount.fits(other.value) and amount.unit in ("", other.unit) for other in self.told
        )

    def is_told(self, amount: Amount) -> bool:
        """Return whether this amount is the printed number, or in the statement or the reason: what a text says without naming the claim."""
        printed = self.item.printed
        if printed is not None and amount.unit in ("", printed.unit) and amount.fits(printed.value):
            return True
        texts = [self.item.statement, *([self.check.reason] if self.check else [])]
        own = [row for row in self.check.readings if row["agrees"] == "true"] if self.check else []
        own += [deciding_reading(self.check)] if self.check else []
        values = [exact(row["value"]) for row in own if row and row["value"] not in ("", "true", "false")]
        return any(map(amount.fits, values)) or any(
            amount.fits(other.value) and amount.unit in ("", other.unit) for text in texts for other in amounts(text)
        )

    @cached_property
    def values(self) -> list[Fraction]:
        """Every number of the claim's results, in full units."""
        item, found = self.item, []
        if item.printed is not None:
            covered, around = reach(item), item.printed.interval
            found += [item.printed.value, covered.low, covered.high, around.low, around.high]
        cells = [row[key] for row in self.check.readings for key in ("value", "low", "high")] if self.check else []
        return found + [exact(cell) for cell in cells if cell not in ("", "true", "false")]

    @cached_property
    def told(self) -> list[Amount]:
        """Every amount that the words of the claim and of its results name."""
        texts = [self.item.statement, self.item.settle]
        if self.check:
            texts += [self.check.reason, self.check.decided_by, differences.found_in_words(self.check)]
            texts += [f"{row['reading']} {row['words']} {row['caveats']}" for row in self.check.readings]
            texts += [source(key).citation for key in differences.sources_of(self.check)]
        return [amount for text in texts for amount in amounts(text)]


class _Anyone:
    """The numbers of all claims and of what figures say, for texts that name no claim."""

    def __init__(self, known: Iterable[_Known], root: Path) -> None:
        self.known = list(known)
        self.said = [
            amount
            for _, words in _figures(root)
            for part, text in words.items()
            # a description lists every mark, and among so many numbers a wrong one would be found
            if isinstance(text, str) and part != "description"
            for amount in amounts(text)
        ]

    def has(self, amount: Amount) -> bool:
        """Return whether some claim or figure has this amount, in the same unit."""
        if any(amount.fits(other.value) and amount.unit in ("", other.unit) for other in self.said):
            return True
        unit = {"USD": "USD", "percent": "percent"}.get(amount.unit, "")
        return any(one.is_told(amount) for one in self.known if not unit or one.item.unit == unit)


def _texts(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield place, claim and text for each text that names a claim."""
    files = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    for file in files:
        name = file.relative_to(root).as_posix()
        if file.is_file() and name not in HISTORY:
            yield from _lines(name, file.read_text(encoding="utf-8").splitlines(), every=name == "README.md")
    for notebook in chapters() if root == paths.root() else sorted((root / "notebooks").glob("*.ipynb")):
        for number, cell in enumerate(read_notebook(notebook)["cells"], start=1):
            if cell["cell_type"] == "markdown":
                yield from _lines(
                    f"notebooks/{notebook.name}, cell {number}", "".join(cell["source"]).splitlines(), every=True
                )
    for file, words in _figures(root):
        for part in ("title", "subtitle", "alt", "caption", "note"):
            yield from _lines(f"figures/{file.stem}, {part}", [words[part]], numbered=False)


def _lines(
    name: str, lines: Iterable[str], numbered: bool = True, every: bool = False
) -> Iterator[tuple[str, str, str]]:
    known, under = claims(), ""
    for number, line in enumerate(lines, start=1):
        place = f"{name}, line {number}" if numbered else name
        heading = HEADING.match(line)
        under = heading[1] if heading and heading[1] in known else "" if OTHER_HEADING.match(line) else under
        if under:
            yield place, under, line
            continue
        for piece in [line] if line.startswith("|") else SENTENCE.split(line):
            named = [key for key in dict.fromkeys(ID.findall(piece)) if key in known]
            if len(named) == 1:  # of several claims, none is known to own a number
                yield place, named[0], piece
            elif every:
                yield place, "", piece


def _figures(root: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    for path in sorted((root / "figures").glob("*.json")):
        yield path, json.loads(path.read_text(encoding="utf-8"))


def _printed_in_figures(root: Path, known: dict[str, _Known]) -> Iterator[Shown]:
    """Yield the printed number in the words and the data of each curve, which must be that of a claim which it is named for."""
    of_curve: dict[str, list[str]] = {}
    for key, item in claims().items():
        if item.printed is not None:
            of_curve.setdefault(curve_name(key), []).append(key)
    for path, words in _figures(root):
        keys = of_curve.get(path.stem, [])
        if not keys:
            continue
        said = {percent_in_words(printed_words(claims()[key])) for key in keys}
        for part in ("subtitle", "alt", "caption", "note"):
            for found in re.finditer(r"\b[Pp]rinted: ([^;]*?\))?", words[part]):
                if found[1]:
                    yield Shown(keys[0], f"figures/{path.stem}, {part}", found[1], found[1] in said)
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
            cells = {row["printed"] for row in csv.DictReader(file) if row.get("printed")}
        for cell in sorted(cells):
            fits = any(_same_up_to_size(exact(cell), known[key].item.printed.value) for key in keys)
            yield Shown(keys[0], f"figures/{path.stem}.csv, printed", cell, fits)


def _same_up_to_size(drawn: Fraction, printed: Fraction) -> bool:
    """Return whether a number is the printed one in full units, or in thousands, millions or billions."""
    return any(drawn * size == printed for size in (1, *SCALES.values()))
