"""A trial in words: a few lines first, everything if asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from cityresearch.phrases import many
from cityresearch.runs.consequences import Consequences, Figure, MovedReading, MovedVerdict
from cityresearch.runs.whatif import Trial

__all__ = ["lines"]

FEW = 6  # of each kind, unless everything is asked for
WIDE = 260  # characters of a reason


def lines(trial: Trial, everything: bool = False) -> list[str]:
    """Return what was tried and what would move, the most important first."""
    found, built = trial.found, trial.built
    out = [*(f"Staged: {line}" for line in trial.tried)] or ["Nothing is staged: data/raw as it is was tried."]
    out.append(_summary(found))
    out += [f"Failed: {failure.message}" for failure in built.failures]
    out += [f"Gone: {name}, which is no longer made." for name in built.lost]
    few = None if everything else FEW
    out += _some("Verdicts that would move", [_verdict(v, everything) for v in found.verdicts], few)
    moved = [r for r in found.readings if r.kind != "renamed"]
    out += _some("Readings that would change", _grouped(moved, everything), few)
    with_readings = {v.claim_id for v in found.verdicts} | {r.claim_id for r in moved}
    others = [
        f"{claim}: {_short(why, everything)}" for claim, why in found.reasons.items() if claim not in with_readings
    ]
    out += _some("Same verdict, other reason", others, few)
    out += _some("Figures that would change", [_figure(figure) for figure in found.figures], few)
    out += _some("Other files", found.files, few)
    left_out = any(line.startswith("  and ") for line in out)
    out.append(
        f"{many(built.ran, 'chapter')} ran; nothing in data/raw, data/processed or figures was changed."
        + " --all shows everything." * left_out
    )
    return out


def _summary(found: Consequences) -> str:
    if not (found.claims or found.figures or found.files):
        return "Nothing would move: every verdict, reading and figure is as committed."
    kinds = [(kind, sum(r.kind == kind for r in found.readings)) for kind in ("available", "changed", "gone")]
    words = {"available": "become available", "changed": "change their value", "gone": "go"}
    parts = [
        f"{many(len(found.verdicts), 'verdict')} would move",
        *(f"{many(count, 'reading')} {words[kind]}" for kind, count in kinds if count),
        f"{many(len(found.figures), 'figure')} would change",
    ]
    claims = ", ".join(found.claims)
    return f"{'; '.join(parts)}. Claims: {claims or 'none'}."


def _some(title: str, items: Iterable[str], most: int | None) -> list[str]:
    items = list(items)
    if not items:
        return []
    shown = items[:most]
    more = [f"  and {len(items) - len(shown):,} more"] if len(items) > len(shown) else []
    return [f"{title}:", *(f"  {item}" for item in shown), *more]


def _verdict(moved: MovedVerdict, everything: bool) -> str:
    change = f"{moved.claim_id}: {moved.before or 'nothing'} -> {moved.after or 'nothing'}"
    if not everything:
        return f"{change}, because: {_short(moved.reason, False)}" if moved.reason else change
    return f"{change}\n    before: {moved.reason_before}\n    now: {moved.reason}"


def _grouped(readings: list[MovedReading], everything: bool) -> list[str]:
    """Return a line for each claim, or, if everything is asked for, for each reading."""
    verbs = {"available": "becomes available", "changed": "changes", "gone": "goes"}
    if everything:
        return [f"{r.claim_id}, {r.reading} {verbs[r.kind]}: {r.words}" for r in readings]
    claims: dict[str, list[MovedReading]] = {}
    for reading in readings:
        claims.setdefault(reading.claim_id, []).append(reading)
    return [
        f"{claim}: {_short(f'{group[0].reading} {verbs[group[0].kind]}: {group[0].words}', False)}"
        + f" (and {len(group) - 1} more)" * (len(group) > 1)
        for claim, group in claims.items()
    ]


def _figure(figure: Figure) -> str:
    parts = [
        f"{many(figure.cells, 'plotted value')}" * bool(figure.cells),
        many(figure.words, "text") * bool(figure.words),
    ]
    what = " and ".join(filter(None, parts)) or "its drawing"
    return f"{figure.name}: {what}" + f"; title: {figure.title}" * bool(figure.title)


def _short(text: str, everything: bool) -> str:
    return text if everything else textwrap.shorten(text, WIDE, placeholder=" ...")
