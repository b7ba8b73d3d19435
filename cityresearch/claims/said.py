"""A claim in an author's text: our number, the printed one, the verdict and its reason as words, each under a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cityresearch.claims.ledger import Claim, claim, documents
from cityresearch.claims.records import Check, committed
from cityresearch.claims.wordings import reach, wording
from cityresearch.datasets.catalog import source, sources
from cityresearch.errors import ClaimError
from cityresearch.numbers.display import exactly, in_time, in_words
from cityresearch.numbers.intervals import exact
from cityresearch.numbers.printed import WORDING
from cityresearch.phrases import capitalized
from cityresearch.suggestions import hint

__all__ = ["PARTS", "deciding_reading", "keep", "part_of", "say"]

# of this process: what its cells have checked is newer than what is committed
_checked: dict[str, Check] = {}
UNTESTED = ", without the untested part"
SUBJECT = {
    "data": "what we computed",
    "source": "what sources print",
    "arithmetic": "what other printed numbers imply",
    "text": "what the document itself says",
}


def say(claim_id: str, part: str = "sentence") -> str:
    """Return a claim's result as words for a text: a sentence, or one part of it.

    What a cell of this notebook has checked is used as it was checked; any other claim as it is committed.

    Parameters
    ----------
    claim_id : str
        For example "C027".
    part : str
        Of `PARTS`: sentence, value (the number of ours that the verdict rests on, with its unit), exact (the same with all digits), reading
        (how it was computed), literal (our number where the document is taken at its word), printed (the printed number with its wording),
        period, covers (what the wording covers), verdict, basis, reason, statement (in our words), document, sources, notebook.

    Raises
    ------
    ClaimError
        If the ledger has no such claim, there is no such part, or the claim has none, such as a value where the verdict is open.

    Examples
    --------
    >>> say("C027", "value"), say("C027", "printed"), say("C027", "verdict")
    ('$141 billion', 'more than $141 billion', 'agrees-if')
    """
    item = claim(claim_id)
    check = _checked.get(claim_id) or committed().get(claim_id)
    return part_of(item, check, part)


def keep(check: Check) -> None:
    """Keep a verdict of this process, so that `say` has it before it is published."""
    _checked[check.claim_id] = check


def part_of(item: Claim, check: Check | None, part: str) -> str:
    """Return one part of a claim's result, see `say`; without a check the claim counts as open, and its sentence says that none was made.

    Raises
    ------
    ClaimError
        If there is no such part, or the claim has none.
    """
    if part not in PARTS:
        raise ClaimError(f"Claim {item.claim_id} has no part {part!r}{hint(part, PARTS, 'use ' + ', '.join(PARTS))}")
    found = PARTS[part](item, check)
    if not found:
        have = [name for name, words in PARTS.items() if words(item, check)]
        raise ClaimError(f"Claim {item.claim_id} ({_verdict(item, check)}) has no {part}: it has {', '.join(have)}.")
    return found


def deciding_reading(check: Check) -> dict[str, str] | None:
    """Return the row of the reading that a verdict rests on, None for an open claim or where no single reading decides.

    That is the reading that the verdict names; where it names a condition on the sources instead, the reading as printed that agrees.
    """
    if check.verdict == "open":
        return None
    by = check.decided_by.removesuffix(UNTESTED)
    own = [row for row in check.readings if row["kind"] != "source"]
    named = [row for row in own if by == row["reading"] or check.decided_by.startswith(f"{row['reading']}, ")]
    if named:
        return max(named, key=lambda row: len(row["reading"]))
    cited = [row for row in check.readings if row["kind"] == "source" and row["reading"].startswith(f"{by}: ")]
    if cited:
        return cited[0]
    agreeing = [row for row in check.readings if row["agrees"] == "true" and row["as_printed"] == "true"]
    return agreeing[0] if check.verdict.startswith("agrees") and agreeing else None


def _number(item: Claim, check: Check | None) -> dict[str, str] | None:
    """Return the reading that a verdict rests on, if it has a number; of a date only the year is one, which would mislead."""
    row = deciding_reading(check) if check and item.kind != "date" else None
    return row if row and row["value"] not in ("", "true", "false") else None


def _value(item: Claim, check: Check | None) -> str:
    row = _number(item, check)
    return in_words(row["value"], item.unit) if row else ""


def _exact(item: Claim, check: Check | None) -> str:
    row = _number(item, check)
    if not row:
        return ""
    number = exact(row["value"])
    if item.unit == "year":
        return in_words(number, "year")
    digits = f"{number.numerator:,}" if number.denominator == 1 else f"{float(number):,.12g}"
    return digits if item.unit in ("", "count", "rank", "ratio") else f"{digits} {item.unit}"


def _literal(item: Claim, check: Check | None) -> str:
    """Return our number under the first reading that takes the document at its word and has one."""
    rows = check.readings if check and item.kind != "date" else ()
    values = [row["value"] for row in rows if row["as_printed"] == "true" and row["value"] not in ("", "true", "false")]
    return in_words(values[0], item.unit) if values else ""


def _reading(item: Claim, check: Check | None) -> str:
    row = deciding_reading(check) if check else None
    if row is None:
        return ""
    key, _, said = row["reading"].partition(": ")
    return f"{source(key).publisher}: {said}" if row["kind"] == "source" and key in sources() else row["reading"]


def _printed(item: Claim, check: Check | None = None) -> str:
    if item.printed is None:
        return ""
    if item.kind == "date" and item.period:
        return in_time(item.period)
    return wording(item) or WORDING[item.relation] + exactly(item.printed.value, item.unit)


def _covers(item: Claim, check: Check | None) -> str:
    if item.printed is None:
        return ""
    covered = reach(item)
    low, high = exactly(covered.low, item.unit), exactly(covered.high, item.unit)
    return f"{low} to {high}" if covered.has_high else f"{low} up to, not including, {high}"


def _verdict(item: Claim, check: Check | None) -> str:
    return check.verdict if check else "open"


def _condition(item: Claim, check: Check) -> str:
    """Return how far a conditional verdict agrees, as the end of a sentence: "agrees if the word of the EDC is taken"."""
    row, by = deciding_reading(check), check.decided_by
    if by.endswith(UNTESTED):
        return f"agrees, as far as it could be tested (not tested: {item.untested or 'a part of it'})"
    if row is None or not by.startswith(row["reading"]):
        return f"agrees if {by}"
    kind, _, rest = by.removeprefix(row["reading"]).removeprefix(", ").partition(" ")
    if kind == "against":
        return f"agrees, while {rest} has something else"
    return f"agrees {kind} {rest}" if kind else "agrees if this is what is meant"


def _sentence(item: Claim, check: Check | None) -> str:
    """Return the claim in our words and the result, saying no more than the verdict does."""
    printed = f" (printed: {_printed(item)})" if item.printed is not None else ""
    said = f"{documents()[item.document].title} says, in our words: {item.statement.rstrip('.')}{printed}."
    if check is None:
        return f"{said} No chapter has checked this yet."
    if check.verdict == "open":
        return f"{said} We found no public source that decides this, which does not make it wrong."
    row, found = _number(item, check), capitalized(SUBJECT[check.basis])
    if row:
        who = "A source has" if row["kind"] == "source" else "We find"
        found = f"{who} {_value(item, check)} ({_reading(item, check)}), which"
    match check.verdict:
        case "agrees":
            return f"{said} {found} agrees."
        case "agrees-if":
            return f"{said} {found} {_condition(item, check)}."
        case "differs-unless":
            return f"{said} {found} agrees only if {'this is what is meant' if row else check.decided_by}; as printed, it does not agree."
    return f"{said} {found} does not agree."


def _sources(item: Claim, check: Check | None) -> str:
    row = deciding_reading(check) if check else None
    keys = [key for key in row["sources"].split(";") if key] if row else []
    return "; ".join(source(key).citation.rstrip(".") for key in keys)


# name of a part to what returns it, empty where a claim has none
PARTS: Mapping[str, Callable[[Claim, Check | None], str]] = MappingProxyType(
    {
        "sentence": _sentence,
        "value": _value,
        "exact": _exact,
        "reading": _reading,
        "literal": _literal,
        "printed": _printed,
        "period": lambda item, _: in_time(item.period),
        "covers": _covers,
        "verdict": _verdict,
        "basis": lambda _, check: check.basis if check else "none",
        "reason": lambda item, check: check.reason if check else item.settle or "Not checked yet.",
        "statement": lambda item, _: item.statement,
        "document": lambda item, _: documents()[item.document].title,
        "sources": _sources,
        "notebook": lambda _, check: check.notebook if check else "",
    }
)
