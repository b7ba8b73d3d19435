"""Write docs/reliability.md from the outcomes of the tools that break things, which they write with `--json tools/outcomes/NAME.json`, and of the matrix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reliability.md"
OUTCOMES = Path(__file__).resolve().parent / "outcomes"
ABOUT = {
    "tamper": (
        "Published files, inputs and surroundings",
        "`tools/tamper.py` changes, deletes or adds one thing at a time in a copy of the project and asks `verify`. *Not verified* and *refused* end with "
        "an exit code that is not 0; *ran again* means that the chapters that use the thing ran again and gave the committed results.",
    ),
    "ledger": (
        "The ledger",
        "`tools/mutate_ledger.py` changes one digit of each settled claim's printed number, and negates each settled statement.",
    ),
    "data": (
        "The data",
        "`tools/mutate_data.py` changes a digit, a period or a unit in a sample of cells that settled claims or figures rest on, records the checksum anew as an "
        "editor would, and asks `data check` and then `verify`.",
    ),
    "code": (
        "The code",
        "`tools/mutate_code.py` changes one place at a time in a sample of places in `cityresearch/numbers`, `claims`, the measures and the calculations of chapters, and asks the "
        "tests of the module, then `verify`, and since seed 2035 then all of `make test`. Each survivor was read: some change nothing that a program could notice.",
    ),
}

NOTHING = ("equal in effect", "changes nothing")


MATRIX = (
    "## Every allowed value",
    "",
    "`make matrix` runs each chapter, figures drawn, with each value that its parameters allow, in combinations that hold every value at least once. "
    "*Refused* are combinations that the chapter refuses in a sentence, such as a first year after the last; a value that met only these was "
    "run once more with the stored values of the others.",
    "",
)


def page(outcomes: list[dict[str, Any]], matrix: str = "") -> str:
    """Return the page, with the outcomes of one tool together in the order given, and what `tools/matrix.py --output` wrote."""
    lines = [
        "# How reliable it is",
        "",
        "Written by `tools/reliability.py` from runs of the tools named below: faults that were put in on purpose, and whether they were noticed.",
        "",
        "| what was changed | tried | noticed | not noticed | of these, change nothing |",
        "|---|---:|---:|---:|---:|",
    ]
    found = [(what, record) for what in ABOUT for record in outcomes if record["what"] == what]
    for what, record in found:
        left, same = len(record["survivors"]), sum(s["reason"].startswith(NOTHING) for s in record["survivors"])
        name = f"{ABOUT[what][0].lower()}{', ' * ('title' in record)}{record.get('title', '')}"
        lines.append(f"| {name} | {record['tried']} | {record['tried'] - left} | {left} | {same} |")
    for what in dict.fromkeys(what for what, _ in found):
        title, words = ABOUT[what]
        lines += ["", f"## {title}", "", words]
        for record in (record for kind, record in found if kind == what):
            lines += _outcome(record)
    if matrix:
        told = [line for line in matrix.splitlines() if line and ": refused: " not in line]
        lines += ["", *MATRIX, *told]
    return "\n".join(lines) + "\n"


def _outcome(record: dict[str, Any]) -> list[str]:
    """Return what one run of a tool found."""
    by = ", ".join(f"{how} {count}" for how, count in sorted(record["noticed"].items()))
    heading = f"{record['title'][:1].upper()}{record['title'][1:]}: t" if "title" in record else "T"
    lines = ["", f"{heading}ried {record['tried']} on {record['when']}, noticed by {by or 'nothing'}."]
    if record["survivors"]:
        lines += ["", "Not noticed:", ""]
        lines += [
            f"- {_line(s['where'], s['change'])}{': ' * bool(s['reason'])}{s['reason']}" for s in record["survivors"]
        ]
    if "outcomes" in record:
        lines += ["", "| change | outcome | what `verify` says |", "|---|---|---|"]
        lines += [f"| {o['change']} | {o['outcome']} | {o['sign']} |" for o in record["outcomes"]]
    return lines


def _line(where: str, change: str) -> str:
    """Return where a change was made and the lines or cells of it, on one line."""
    changed = [line.strip() for line in change.splitlines() if line.strip(" +-")]
    return where if where == change else f"`{where}`, " + " -> ".join(f"`{line[:120]}`" for line in changed)


def main() -> None:
    """Read the outcomes and write the page."""
    records = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(OUTCOMES.glob("*.json"))]
    matrix = OUTCOMES / "matrix.md"
    text = page(records, matrix.read_text(encoding="utf-8") if matrix.is_file() else "")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
