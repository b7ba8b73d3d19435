"""Tables of claims from the committed results: all verdicts, their counts, those that differ, the readings of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cityresearch.chapters.findings import counts
from cityresearch.claims import differences, listing
from cityresearch.claims.ledger import Claim, claim, claims, documents
from cityresearch.claims.reading import covered_in_words, mark, printed_words
from cityresearch.claims.records import Check, committed
from cityresearch.claims.sources import source_checks
from cityresearch.claims.verdict import WORDS
from cityresearch.errors import ParameterError
from cityresearch.numbers.agreement import bound_in_words
from cityresearch.phrases import capitalized, many
from cityresearch.tables.table import Column, Table
from cityresearch.verdict_display import SIGNS

__all__ = ["MEANING", "READINGS", "all_verdicts", "by_basis", "differing", "readings", "with_readings"]

READINGS = "readings-"
MEANING = (
    "Agrees: a reading that takes the document at its word gives the printed number, or an independent source prints it, "
    "and nothing independent contradicts. Agrees-if: with a named condition, such as another reading, a source that is "
    "the organization itself, sources that disagree, or a part that is not tested. Differs-unless: as printed it fails, "
    "and only the named other reading gives it. Differs: no reading gives it, or an independent source gives another "
    "number and only the organization itself gives this one. Open: we found no public source that decides the claim, "
    "which does not make it wrong."
)
BASIS = (
    "Basis: data (computed from at least two figures), source (one published figure or statement), arithmetic "
    "(follows from other printed numbers), text (the document’s own words or counts), none."
)
STRENGTH = (
    "Strength: independent publishers whose figures agree under some reading, and those whose figures do not; then "
    "the readings that agree, of those with a value."
)
OUR_WORDS = "Statements are in our words; what is printed is given with its wording and its period."
KINDS = {"computed": "computed", "read": "one published figure", "text": "the document itself", "source": "a source"}
BILLION = 10**9
UNSAID = ("", "count", "year", "rank", "ratio")  # units that a number does without


def all_verdicts() -> Table:
    """Return every claim of the ledger with its verdict; the source of a printed number is its document."""
    columns = (
        Column("claim_id", "claim", width=0.55),
        Column("document", "document", width=1.4),
        Column("section", "section", width=1.35),
        Column("statement", "statement", width=2.6),
        Column("printed", "printed", width=1.25),
        Column("relation", "relation", only="sheet"),
        Column("value", "printed value", "number", unit_in="unit", only="sheet"),
        Column("unit", "unit", only="sheet"),
        Column("period", "period", only="sheet"),
        Column("verdict", "verdict", width=0.8),
        Column("basis", "basis", width=0.65),
        Column("strength", "strength", width=1.75, only="page"),
        *_strength_columns(),
        Column("source_id", "source of the printed number", "sources", only="sheet"),
    )
    checks = committed()
    rows = [_verdict_row(item, checks[item.claim_id]) for item in claims().values() if item.claim_id in checks]
    shown = with_readings()
    return Table.of(
        "verdicts",
        f"Verdicts on {len(rows)} claims of {many(len(documents()), 'document')}",
        columns,
        rows,
        notes=(
            MEANING,
            f"{BASIS} {STRENGTH}",
            f"{OUR_WORDS} All readings of a claim, with their sources, are in a table of its own, such as {shown[0]}."
            if shown
            else OUR_WORDS,
        ),
        head="claim_id",
        by="document",
    )


def by_basis() -> Table:
    """Return how many claims have which verdict, what only the documents' own words decide apart from all else."""
    counted = counts.counts()
    numbers = [*WORDS, "all"]
    columns = (
        Column("rests_on", "rests on", width=1.6),
        Column("basis", "basis", width=0.9),
        Column("document", "document", width=1.7),
        *(Column(word.replace("-", "_"), word, "number", width=0.7) for word in numbers),
        Column("source_id", "source", "sources", only="sheet"),
    )
    rows = [
        {
            "rests_on": capitalized(row["rests on"]),
            "basis": basis,
            "document": documents()[document].title,
            **{word.replace("-", "_"): int(row[word]) for word in numbers},
            "source_id": (documents()[document].source_id,),
        }
        for (document, basis), row in counted.iterrows()
    ]
    return Table.of(
        "verdicts-by-basis",
        "How many claims have which verdict, by what the verdict rests on",
        columns,
        rows,
        notes=(counts.headline(counted), MEANING, BASIS),
        head="basis",
        by="rests_on",
    )


def differing() -> Table:
    """Return each claim that differs, with what was found on both sides and what would change the verdict.

    A claim on which nothing is written has the reason of its verdict, and what the ledger says we would need.

    Raises
    ------
    ClaimError
        If the texts do not fit the claims as they were judged.
    """
    columns = (
        Column("claim_id", "claim", width=0.55),
        Column("document", "document", width=1.4),
        Column("section", "section", width=1.0),
        Column("statement", "statement", width=1.6),
        Column("printed", "printed", width=0.9),
        Column("verdict", "verdict", width=0.8),
        Column("basis", "basis", only="sheet"),
        Column("found", "what we found", width=2.9),
        Column("settles", "what would change our verdict", width=1.7),
        *_strength_columns(),
        Column("sources", "sources", "sources", width=0.6),
    )
    written, rows = differences.letters(), []
    for key, check in committed().items():
        if check.verdict in differences.DIFFERING:
            row = _verdict_row(claim(key), check)
            letter = written.get(key)
            texts = (letter.found, letter.settles) if letter else (check.reason, claim(key).settle)
            row["found"], row["settles"] = (differences.filled(t, check) if letter else t for t in texts)
            row["sources"] = differences.sources_of(check) or row["source_id"]
            rows.append({column.name: row[column.name] for column in columns})
    return Table.of(
        "differences",
        f"{many(len(rows), 'claim')} for which we found something else",
        columns,
        rows,
        notes=(
            "A difference is not always a mistake of the authors: their source may count otherwise, or know what we "
            "do not. Whoever can show us more is asked to.",
            MEANING,
            OUR_WORDS,
        ),
        head="claim_id",
        by="document",
    )


def with_readings() -> list[str]:
    """Return the names of the tables of readings that there are."""
    return [READINGS + key for key, check in committed().items() if check.readings]


def readings(name: str) -> Table:
    """Return the readings of a claim, by a name such as "readings-C027".

    Raises
    ------
    ParameterError
        If the claim has no readings.
    """
    item = claim(name.removeprefix(READINGS))
    found, checks = listing.one(item.claim_id), committed()
    if not found["readings"]:
        raise ParameterError(f"Claim {item.claim_id} has no readings to tabulate: {found['reason']}")
    units = {f"{c.source_id}: {c.says}": c.unit for c in source_checks(item.claim_id)}
    kinds = [row["kind"] for row in checks[item.claim_id].readings]
    rows = [_reading_row(item, r, kind, units) for r, kind in zip(found["readings"], kinds, strict=True)]
    columns = (
        Column("shown", "reading", width=2.3, only="page"),
        Column("reading", "reading", width=2.3, only="sheet"),
        Column("mark", "as printed, or hardly meant", only="sheet"),
        Column("kind", "how it came about", width=0.95),
        *_value_columns(item, rows),
        Column("agrees", "compared with the printed number", width=1.0),
        Column("words", "in words", width=2.4),
        Column("caveats", "caveats", width=1.6),
        Column("sources", "sources", "sources", width=0.65),
    )
    kept = [c for c in columns if c.kind == "sources" or any(row[c.name] not in ("", None) for row in rows)]
    return Table.of(
        READINGS + item.claim_id,
        f"Readings of claim {item.claim_id}: {item.statement.rstrip('.')}",
        kept,
        [{c.name: row[c.name] for c in kept} for row in rows],
        notes=(*_about(item), f"Verdict: {found['verdict']} (basis: {found['basis']}). {found['reason']}", MEANING),
        head="shown",
    )


def _verdict_row(item: Claim, check: Check) -> dict[str, Any]:
    strength, document = check.strength, documents()[item.document]
    return {
        "claim_id": item.claim_id,
        "document": document.title,
        "section": item.section,
        "statement": item.statement,
        "printed": printed_words(item) if item.printed and item.kind != "date" else item.period if item.printed else "",
        "relation": item.relation,
        "value": None if item.printed is None else _plain(item.printed.value),
        "unit": item.unit,
        "period": item.period,
        "verdict": check.verdict,
        "basis": check.basis,
        "strength": f"{strength.bodies_for} for, {strength.bodies_against} against"
        + f"; {strength.readings_for} of {many(strength.readings_known, 'reading')}" * (strength.readings_known > 0),
        "bodies_for": strength.bodies_for,
        "bodies_against": strength.bodies_against,
        "readings_for": strength.readings_for,
        "readings_known": strength.readings_known,
        "source_id": (document.source_id,),
    }


def _strength_columns() -> tuple[Column, ...]:
    return (
        Column("bodies_for", "independent publishers for it", "number", only="sheet"),
        Column("bodies_against", "independent publishers against it", "number", only="sheet"),
        Column("readings_for", "readings that agree", "number", only="sheet"),
        Column("readings_known", "readings with a value", "number", only="sheet"),
    )


def _value_columns(item: Claim, rows: list[dict[str, Any]]) -> Iterator[Column]:
    """Yield the columns of a value and of its range.

    They are in the claim's unit, on pages in billions where they are that large, or each row has a unit of its own.
    """
    units = {row["unit"] for row in rows if row["value"] is not None}
    numbers = [abs(row["value"]) for row in rows if row["value"] is not None]
    look: dict[str, Any] = {"unit_in": "unit"}
    if units <= {item.unit}:
        unit = "" if item.unit in UNSAID else item.unit
        whole = all(number == int(number) for number in numbers)
        look = {"unit": unit, "decimals": 0 if whole else 2, "grouped": item.unit != "year"}
        if max(numbers, default=0) >= BILLION:
            look |= {"decimals": 3, "scale": BILLION, "scaled_unit": f"billion {unit}".strip()}
    for name, heading, width in (("value", "value", 0.95), ("low", "at least", 0.8), ("high", "at most", 0.8)):
        yield Column(name, heading, "number", width=width, **look)
    yield Column("unit", "unit", only="sheet")


def _reading_row(item: Claim, reading: dict[str, Any], kind: str, units: dict[str, str]) -> dict[str, Any]:
    value, name = reading["value"], reading["name"]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    ranged = is_number and (reading["low"], reading["high"]) != (value, value)
    bound = f", agrees only as {bound_in_words(reading['bound'])}" if reading["bound"] else ""
    # a source is named in the column of sources already
    called = name.partition(": ")[2] if kind == "source" else name
    return {
        "shown": called + mark(reading["as_printed"], reading["meant"]),
        "reading": called,
        "mark": "as printed" if reading["as_printed"] else "" if reading["meant"] else "hardly meant",
        "kind": KINDS[kind],
        "value": value if is_number else None,
        "low": reading["low"] if ranged else None,
        "high": reading["high"] if ranged else None,
        "unit": units.get(name, item.unit) if kind == "source" else item.unit,
        "agrees": (SIGNS[reading["agrees"]] if kind != "source" or reading["agrees"] is not None else "not compared")
        + bound,
        "words": reading["words"],
        "caveats": "; ".join(caveat.strip() for caveat in reading["caveats"]),
        "sources": tuple(reading["sources"]),
    }


def _about(item: Claim) -> Iterator[str]:
    if item.printed is None:
        return
    yield f"Printed: {printed_words(item)}. The wording covers {covered_in_words(item)}."


def _plain(value: Any) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)
