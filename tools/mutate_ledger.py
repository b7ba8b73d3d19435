"""Change the ledger one digit or one "not" at a time and report what notices it: `python tools/mutate_ledger.py [--all-positions]`.

For every settled claim one digit of its printed number is changed (with --all-positions each digit in turn), and its statement is negated. All
happens in memory. Two guards are asked: whether `cityresearch data check` names a row judged on the claim, and whether the tables of a run
would differ from the committed ones. No notebook runs: a claim judged by rule is judged again, and for one judged by computation the committed
readings are held against the changed number, which is what its notebook would do with values that have not changed. A third column counts
what the tables would still show if every judgment on the claim had been recorded anew without reading: that is what the numbers guard alone.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cityresearch.claims import document, guards, judged, ledger, records, sources
from cityresearch.claims.ledger import Claim, claims
from cityresearch.claims.reading import UNSOURCED, AsPrinted, Unlikely, read
from cityresearch.claims.records import Check, committed
from cityresearch.claims.rules import verdict_on
from cityresearch.claims.verdict import Verdict
from cityresearch.datasets.load import text_rows
from cityresearch.numbers.intervals import Interval, exact
from cityresearch.numbers.quantity import Fact, Missing, Quantity

SEED = 12
FACTS = {"true": True, "false": False}
COMPARED = ("verdict", "basis", "decided_by", "reason")
# which row of which table judges which claim, by fingerprint: the table, the row's key, the claim, the fingerprint
Judgment = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A claim with one thing changed, and what that is."""

    kind: str
    original: Claim
    changed: Claim
    change: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What notices a mutant: rows that `data check` names, and fields of the tables that a run would write otherwise.

    `by_number` are the fields that would differ even if all judgments had been recorded anew.
    """

    mutant: Mutant
    basis: str
    named: tuple[str, ...]
    differing: tuple[str, ...]
    by_number: tuple[str, ...]

    @property
    def noticed(self) -> bool:
        """Whether either guard reports something."""
        return bool(self.named or self.differing)

    @property
    def reason(self) -> str:
        """Why nothing notices it."""
        item = self.mutant.original
        if self.mutant.kind == "negation":
            return f"judged by {self.basis}: no row on it was judged by hand, and verdicts.csv holds no hash of the statement"
        return f"judged by {self.basis}: no row on it was judged by hand, and its readings ({item.unit}) say the same of both numbers"


def digit_mutants(item: Claim, *, rng: random.Random, all_positions: bool = False) -> list[Mutant]:
    """Return the claim with one digit of its number in the ledger changed: one at random, or each in turn."""
    text = judged.printed_value(item)
    places = [i for i, sign in enumerate(text) if sign.isdigit()]
    found = []
    for place in places if all_positions else [rng.choice(places)]:
        new = text[:place] + rng.choice([d for d in "0123456789" if d != text[place]]) + text[place + 1 :]
        changed = replace(item, printed=replace(item.printed, value=exact(new)))
        found.append(Mutant("digit", item, changed, f"{text} to {new}"))
    return found


def negated(item: Claim) -> Mutant:
    """Return the claim with a "not" put into its statement, or taken out where it has one."""
    text = item.statement
    if re.search(r"\bnot ", text):
        new = re.sub(r"\bnot ", "", text, count=1)
    elif found := re.search(r"\b(is|are|was|were|has|have|had|will|can)\b", text):
        new = f"{text[: found.end()]} not{text[found.end() :]}"
    else:
        new = f"Not so: {text}"
    return Mutant("negation", item, replace(item, statement=new), f"{text!r} to {new!r}")


def judgments() -> dict[str, list[Judgment]]:
    """Return every judgment that a person made, by claim, as the tables record it."""
    found: dict[str, list[Judgment]] = {}
    for name in (*guards.ONE_CLAIM, *guards.SEVERAL_CLAIMS):
        for row in text_rows(name):
            key = "|".join(row[column] for column in guards.KEYS[name])
            ids, marks = ("claim_id", "claim_hash") if name in guards.ONE_CLAIM else ("claims", "claim_hashes")
            for claim_id, mark in zip(row[ids].split(";"), row[marks].split(";"), strict=True):
                found.setdefault(claim_id, []).append((name, key, claim_id, mark))
    return found


def outcome(mutant: Mutant, check: Check, known: dict[str, list[Judgment]]) -> Outcome:
    """Ask both guards about a mutant."""
    item = mutant.changed
    mark = judged.fingerprint(item)
    named = tuple(f"{name} {key}" for name, key, _, recorded in known.get(item.claim_id, []) if recorded != mark)
    before = _rows(mutant.original, check)
    with _in_ledger(item):
        after = _rows(item, check)
        with _recorded_anew():
            anew = _rows(item, check)
    by_number = tuple(name for name in _differing(before, anew) if name not in records.LEDGER_COLUMNS)
    return Outcome(mutant, check.basis, named, _differing(before, after), by_number)


def outcomes(mutants: Iterable[Mutant]) -> Iterator[Outcome]:
    """Ask both guards about each mutant."""
    checks, known = committed(), judgments()
    for mutant in mutants:
        yield outcome(mutant, checks[mutant.original.claim_id], known)


def mutants(*, seed: int = SEED, all_positions: bool = False) -> list[Mutant]:
    """Return the mutants of every settled claim, the same ones for the same seed."""
    rng = random.Random(seed)
    checks = committed()
    settled = [item for item in claims().values() if checks[item.claim_id].verdict != "open"]
    found = [
        m for item in settled if item.is_numeric for m in digit_mutants(item, rng=rng, all_positions=all_positions)
    ]
    return found + [negated(item) for item in settled]


def _rows(item: Claim, check: Check) -> dict[str, str]:
    """Return what the tables of a run would hold of a claim: its verdict, what they repeat of the ledger, and its readings."""
    verdict = _by_computation(item, check) if check.readings and _is_computed(check) else verdict_on(item)
    row = records.as_mime(verdict)
    found = {key: row[key] for key in COMPARED}
    found |= records.ledger_row(item)
    for reading in row["readings"]:
        for key in ("value", "agrees", "bound", "rounds_to", "words"):
            found[f"{reading['reading']}: {key}"] = reading[key]
    return found


def _differing(before: dict[str, str], after: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key)))


def _is_computed(check: Check) -> bool:
    """Whether a cell of a notebook holds values against the claim; other claims are judged by rule."""
    by_rule = records.as_mime(verdict_on(claims()[check.claim_id]))
    return [r["reading"] for r in by_rule["readings"]] != [r["reading"] for r in check.readings]


def _marked(row: dict[str, str]) -> object:
    value = _value(row)
    if row["as_printed"] == "true":
        return AsPrinted(value)
    return value if row["meant"] == "true" else Unlikely(value)


def _by_computation(item: Claim, check: Check) -> Verdict:
    values = {r["reading"]: _marked(r) for r in check.readings if r["kind"] != "source"}
    # the basis follows from the readings, unless the notebook said another
    found = verdict_on(item, read(item, values))
    return found if found.basis in (check.basis, "none") else verdict_on(item, read(item, values), check.basis)


def _value(row: dict[str, str]) -> Quantity | Fact | Missing:
    """Return the value that a notebook passed, from the row that it left."""
    sources = tuple(filter(None, row["sources"].split(";")))
    if not row["value"]:
        return Missing(row["words"], sources)
    caveats = tuple(c for c in row["caveats"].split(";") if c and c != UNSOURCED)
    if row["value"] in FACTS:
        return Fact(FACTS[row["value"]], sources, caveats, read=row["kind"] == "read")
    bounds = Interval(row["low"], row["high"]) if row["low"] else None
    return Quantity(row["value"], sources=sources, caveats=caveats, bounds=bounds, read=row["kind"] == "read")


@contextmanager
def _in_ledger(item: Claim) -> Iterator[None]:
    """Put a claim into the ledger that every rule reads, for the time of the block."""
    read_anew, held = ledger._claims, {**claims(), item.claim_id: item}
    ledger._claims = lambda _key: held
    try:
        yield
    finally:
        ledger._claims = read_anew


@contextmanager
def _recorded_anew() -> Iterator[None]:
    """Take every judgment as current, for the time of the block."""
    try:
        for module in (sources, document):
            module.why_stale = lambda *_: ""
        yield
    finally:
        for module in (sources, document):
            module.why_stale = judged.why_stale


def report(found: list[Outcome]) -> str:
    """Return the summary as Markdown, survivors last."""
    lines = [
        "| change | judged by | mutants | data check names a row | the tables differ | noticed | by the numbers alone |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in found:
        for basis in (one.basis, "all"):
            key = (one.mutant.kind, basis)
            counts[*key, "all"] += 1
            counts[*key, "named"] += bool(one.named)
            counts[*key, "differing"] += bool(one.differing)
            counts[*key, "noticed"] += one.noticed
            counts[*key, "by_number"] += bool(one.by_number)
    for kind in ("digit", "negation"):
        for basis in ("data", "source", "arithmetic", "all"):
            n, noticed = counts[kind, basis, "all"], counts[kind, basis, "noticed"]
            share = f"{noticed} ({100 * noticed / n:.1f} %)" if n else ""
            named, differing, by_number = (counts[kind, basis, c] for c in ("named", "differing", "by_number"))
            if n:
                lines.append(f"| {kind} | {basis} | {n} | {named} | {differing} | {share} | {by_number} |")
    left = [one for one in found if not one.noticed]
    lines += ["", f"{len(left)} of {len(found)} survive."]
    lines += [
        f"- {one.mutant.original.claim_id} ({one.mutant.kind}, {one.mutant.change}): {one.reason}." for one in left
    ]
    return "\n".join(lines)


def _record(one: Outcome) -> dict[str, str]:
    """Return an outcome as the other tools record theirs."""
    by = [how for how, seen in (("data check", one.named), ("verify", one.differing)) if seen]
    return {
        "where": one.mutant.original.claim_id,
        "change": one.mutant.change,
        "outcome": " and ".join(by) or "survived",
    }


def main() -> None:
    """Print the summary; fail if a changed digit is not noticed."""
    import scratch  # next to this file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all-positions", action="store_true", help="change each printed digit in turn, not one of them"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", type=Path, help="write the totals to this file")
    options = parser.parse_args()
    found = list(outcomes(mutants(seed=options.seed, all_positions=options.all_positions)))
    print(report(found))
    scratch.write_summary(options.json, "ledger", [_record(one) for one in found])
    raise SystemExit(any(not one.noticed for one in found))


if __name__ == "__main__":
    main()
