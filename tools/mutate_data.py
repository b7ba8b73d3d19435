"""Change one digit, period or unit of the data at a time, record its checksum anew, and count what `data check` and `verify` notice.

    .venv/bin/python tools/mutate_data.py --sample 2 --seed 12

Which rows claims and figures rest on is recorded at run time, in two steps. A row may be one if a chapter opened its dataset
(build/runs.lock of the copy's run) and a source of the row is a source of a reading behind a settled verdict of basis data, or of a figure,
of that chapter. Of these, rows are drawn and their values are put far away: a row is rested on if `verify` then sees a result move.
Many rows are put away at once and halved, so rows that nothing uses cost little; they are counted. Then every value, period and unit cell
of a row that is rested on is changed by little: one significant digit, one year, another unit. What passes is a survivor; tools/unnoticed_cells.csv says why,
as far as survivors were read.
Tables of the ledger and of sources are left out: they are not data.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import scratch

LEFT_OUT = {
    "documents",
    "claims",
    "claim_sources",
    "document_readings",
    "claim_relations",
    "footnotes",
    "corrections",
    "sources",
}
READ = scratch.PROJECT / "tools" / "unnoticed_cells.csv"  # why a change of a column can pass, found by reading
PACKAGE = Path("data") / "raw" / "datapackage.json"
KINDS = {
    "digit": {"value", "value_usd", "teu", "jobs", "count", "n", "margin_of_error_pp", "confidence", "lat", "lon"},
    "period": {
        "year",
        "period",
        "month",
        "start_date",
        "end_date",
        "date",
        "as_of",
        "snapshot",
        "field_start",
        "field_end",
    },
    "unit": {"unit"},
}
SOURCES = {"source_id", "checked_source_id"}
DATE = re.compile(r"(19|20)\d\d-\d\d(-\d\d)?")
YEAR = re.compile(r"(19|20)\d\d")
FIRST_POOL, POOL = 2, 48  # rows put away at once: few at first, as most rows of small tables are used
POOLS = 6  # how many pools are tried before a dataset is said to have no row that is used


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that can be changed: its row (the header is row 1), column, content and kind."""

    row: int
    column: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """A dataset with the rows that something may rest on, each as its cells that can be changed."""

    name: str
    path: str
    rows: tuple[tuple[Cell, ...], ...]

    def where(self, cell: Cell) -> str:
        """Return file, row and column of a cell."""
        return f"{self.path}, row {cell.row}, {cell.column}"

    def others(self, column: str) -> list[str]:
        """Return the different contents of a column."""
        return sorted({cell.text for row in self.rows for cell in row if cell.column == column})


def rested_on(root: Path) -> dict[str, set[str]]:
    """Return, for each file of data/raw that a chapter opened, the sources of settled verdicts from data and of figures of such chapters."""
    sources: dict[str, set[str]] = defaultdict(set)  # by chapter
    verdicts = {row["claim_id"]: row for row in _rows(root / "data" / "processed" / "verdicts.csv")}
    for reading in _rows(root / "data" / "processed" / "readings.csv"):
        verdict = verdicts.get(reading["claim_id"])
        if verdict and verdict["basis"] == "data" and verdict["verdict"] != "open":
            sources[verdict["notebook"]] |= set(reading["sources"].split(";"))
    for sidecar in (root / "figures").glob("*.json"):
        record = json.loads(sidecar.read_text(encoding="utf-8"))
        sources[record["notebook"]] |= set(record["sources"])
    opened: dict[str, set[str]] = defaultdict(set)
    chapter = ""
    for line in (root / "build" / "runs.lock").read_text(encoding="utf-8").splitlines():
        if line.startswith("run "):
            chapter = line.split(" ")[1]
        elif match := re.fullmatch(r'  \w+  "(data/raw/\S+\.csv)"', line):
            opened[match[1]] |= sources[chapter]
    return opened


def tables(root: Path) -> list[Table]:
    """Return the datasets with the rows that something may rest on, small ones first."""
    found = []
    opened = rested_on(root)
    for resource in json.loads((root / PACKAGE).read_text(encoding="utf-8"))["resources"]:
        path = f"data/raw/{resource['path']}"
        if resource["name"] in LEFT_OUT or path not in opened:
            continue
        columns = [field["name"] for field in resource["schema"]["fields"]]
        kinds = {column: kind for kind, names in KINDS.items() for column in columns if column in names}
        named = SOURCES.intersection(columns)
        rows = []
        for number, row in enumerate(_rows(root / path), start=2):
            if named and not opened[path].intersection(*[[s for c in named for s in row[c].split(";")]]):
                continue
            cells = [Cell(number, c, row[c], "period" if DATE.fullmatch(row[c]) else k) for c, k in kinds.items()]
            cells = [cell for cell in cells if (cell.kind == "unit" and cell.text) or moved(cell, 1) != cell.text]
            if any(cell.kind != "unit" for cell in cells):
                rows.append(tuple(cells))
        found.append(Table(resource["name"], path, tuple(rows)))
    return sorted(found, key=lambda table: len(table.rows))


def moved(cell: Cell, years: int) -> str:
    """Return a content far away: 37 percent more, or for a period as many years later."""
    if cell.kind == "period":
        return YEAR.sub(lambda match: str(int(match[0]) + years), cell.text)
    number = re.fullmatch(r"(-?)(\d+)(\.\d+)?", cell.text)
    if number is None or not cell.text.strip("-0."):
        return cell.text
    return f"{number[1]}{int(number[2]) * 137 // 100 + 1}{number[3] or ''}"


def mutated(cell: Cell, others: Sequence[str], chance: random.Random) -> str:
    """Return a content with one significant digit changed, one year later, or another unit of the column."""
    if cell.kind == "period":
        return moved(cell, 1)
    if cell.kind == "unit":
        return chance.choice([unit for unit in others if unit != cell.text] or [f"thousand {cell.text}"])
    first = re.search("[1-9]", cell.text).start()
    last = max(cell.text.rfind(digit) for digit in "123456789")
    place = chance.choice([i for i in range(first, last + 1) if cell.text[i].isdigit()])
    allowed = "123456789" if place == first else "0123456789"  # a leading zero would be a number of fewer digits
    digit = chance.choice([d for d in allowed if d != cell.text[place]])
    return cell.text[:place] + digit + cell.text[place + 1 :]


def edited(root: Path, table: Table, contents: dict[Cell, str]) -> dict[Path, bytes]:
    """Return the files with other contents of cells: the table, and the data package with its new checksum, as an editor would record it."""
    path = root / table.path
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"))))
    for cell, text in contents.items():
        lines[cell.row - 1][lines[0].index(cell.column)] = text
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(lines)
    content = stream.getvalue().encode("utf-8")
    package = json.loads((root / PACKAGE).read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] == table.name:
            resource["hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
    return {path: content, root / PACKAGE: json.dumps(package, indent=2, ensure_ascii=False).encode("utf-8")}


def verified(copy: scratch.Scratch, table: Table, contents: dict[Cell, str]) -> scratch.Call:
    """Verify the copy with other contents of cells."""
    with copy.changed(edited(copy.root, table, contents)):
        call = copy.verify()
    copy.rewarm()
    return call


def far_away(rows: Iterable[Sequence[Cell]]) -> dict[Cell, str]:
    """Return contents that put rows far away: their values, or their periods where they have no value."""
    contents = {}
    for row in rows:
        values = [cell for cell in row if cell.kind == "digit"] or [cell for cell in row if cell.kind == "period"]
        contents |= {cell: moved(cell, 7) for cell in values}
    return contents


def used(
    rows: Sequence[Sequence[Cell]], number: int, moves: Callable[[Sequence[Sequence[Cell]]], bool]
) -> tuple[list[Sequence[Cell]], int]:
    """Return the first rows on which something rests, by halving, and how many were found to matter to nothing."""
    if not moves(rows):
        return [], len(rows)
    if len(rows) == 1:
        return list(rows), 0
    half = len(rows) // 2
    found, unused = used(rows[:half], number, moves)
    if len(found) < number:
        more, none = used(rows[half:], number - len(found), moves)
        found, unused = [*found, *more], unused + none
    return found, unused


def drawn(copy: scratch.Scratch, table: Table, number: int, seed: int) -> tuple[list[Sequence[Cell]], int]:
    """Draw rows of a table on which something rests; return them, and how many drawn rows nothing rests on."""
    rows: list[Sequence[Cell]] = list(table.rows)
    random.Random(f"{seed} {table.name}").shuffle(rows)

    def moves(some: Sequence[Sequence[Cell]]) -> bool:
        return bool(verified(copy, table, far_away(some)).code)

    found: list[Sequence[Cell]] = []
    unused = start = 0
    size = FIRST_POOL
    for _ in range(POOLS):
        if start >= len(rows) or len(found) >= number:
            break
        more, none = used(rows[start : start + size], number - len(found), moves)
        found, unused, start, size = [*found, *more], unused + none, start + size, POOL
    return found, unused


def judged(copy: scratch.Scratch, table: Table, cell: Cell, text: str) -> dict[str, str]:
    """Return what noticed another content of a cell, and by what sign."""
    with copy.changed(edited(copy.root, table, {cell: text})):
        call = copy.command("data", "check")
    if call.code:
        return {"outcome": "data check", "sign": call.line("       ", "  ", "Error").strip()}
    call = verified(copy, table, {cell: text})
    return {
        "outcome": "verify" if call.code else "survived",
        "sign": call.line("Moved", "Failed", "Error") if call.code else "",
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def markdown(records: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]], seed: int) -> str:
    """Return the summary: a line for each dataset and kind, the survivors with reasons, and what was found of rows."""
    survivors = [r for r in records if r["outcome"] == "survived"]
    lines = [
        "# Changed cells",
        "",
        f"Seed {seed}; {len(records)} changes, {len(records) - len(survivors)} noticed, {len(survivors)} survived.",
    ]
    lines += ["", "| dataset | kind | tried | data check | verify | survived |", "|---|---|---:|---:|---:|---:|"]
    for key in sorted({(r["dataset"], r["kind"]) for r in records}):
        count = Counter(r["outcome"] for r in records if (r["dataset"], r["kind"]) == key)
        numbers = [sum(count.values()), *(count[outcome] for outcome in ("data check", "verify", "survived"))]
        lines.append(f"| {' | '.join([*key, *map(str, numbers)])} |")
    lines += ["", "## Survivors", "", *(f"- {r['where']}: {r['change']}: {r['reason']}" for r in survivors)]
    lines += [
        "",
        "## Rows",
        "",
        "| dataset | rows whose source is used | drawn and used | drawn and used by nothing |",
        "|---|---:|---:|---:|",
    ]
    lines += [f"| {r['dataset']} | {r['of']:,} | {len(r['rows'])} | {r['unused']} |" for r in rows]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Draw, judge and report; exit with 1 if a change survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=2, help="Rows for each dataset.")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--datasets", nargs="+", help="Only these.")
    parser.add_argument(
        "--work", type=Path, default=scratch.PROJECT / "build" / "mutants-data", help="Folder for copy and outcomes."
    )
    parser.add_argument("--again", action="store_true", help="Judge survivors of an earlier run once more.")
    parser.add_argument("--json", type=Path, help="Write the totals for another script.")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    outcomes_file, rows_file = work / "outcomes.jsonl", work / "rows.jsonl"
    known, known_rows = scratch.outcomes(outcomes_file), scratch.outcomes(rows_file)
    copy = scratch.Scratch(work)
    copy.prepare()
    records, of_rows = [], []
    why = {(row["dataset"], row["column"]): row["why"] for row in _rows(READ)}
    for table in tables(copy.root):
        if not table.rows or (arguments.datasets and table.name not in arguments.datasets):
            continue
        name = f"{arguments.seed} {arguments.sample} {table.name}"
        if name not in known_rows:
            found, unused = drawn(copy, table, arguments.sample, arguments.seed)
            record = {
                "name": name,
                "dataset": table.name,
                "of": len(table.rows),
                "unused": unused,
                "rows": [row[0].row for row in found],
            }
            scratch.append(rows_file, record)
            known_rows[name] = record
            print(f"{table.name}: rows {record['rows']} are used, {unused} are not", flush=True)
        of_rows.append(known_rows[name])
        for cell in (cell for row in table.rows if row[0].row in known_rows[name]["rows"] for cell in row):
            text = mutated(cell, table.others(cell.column), random.Random(f"{arguments.seed} {table.where(cell)}"))
            change = f"{cell.text} -> {text}"
            name_of_change = f"{table.where(cell)}: {change}"
            if name_of_change not in known or (arguments.again and known[name_of_change]["outcome"] == "survived"):
                record = {
                    "name": name_of_change,
                    "where": table.where(cell),
                    "dataset": table.name,
                    "kind": cell.kind,
                    "change": change,
                }
                record |= judged(copy, table, cell, text)
                scratch.append(outcomes_file, record)
                known[name_of_change] = record
                print(f"{record['name']}: {record['outcome']} {record['sign']}", flush=True)
            reason = (
                why.get((table.name, cell.column), "not read yet")
                if known[name_of_change]["outcome"] == "survived"
                else ""
            )
            records.append({**known[name_of_change], "reason": reason})
    (work / "summary.md").write_text(markdown(records, of_rows, arguments.seed), encoding="utf-8")
    scratch.write_summary(arguments.json, "data", records)
    survived = sum(r["outcome"] == "survived" for r in records)
    print(f"{len(records)} changes of cells that are used, {survived} survived: {work / 'summary.md'}")
    sys.exit(survived > 0)


if __name__ == "__main__":
    main()
