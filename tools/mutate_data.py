"""Change one digit, period or unit of the data at a time, record its checksum anew, and count what `data check` and `verify` notice.

    .venv/bin/python tools/mutate_data.py --sample 2 --seed 12

A cell is drawn if a verdict from data or a figure may rest on it: a chapter opened its dataset (build/runs.lock of the copy's run), and a
source of its row is a source of a reading behind a settled verdict of basis data, or of a figure, of that chapter. A cell that nothing
notices is changed once more, to a value far away: if that passes too, no claim and no figure uses the cell, and the next one is drawn in its place;
if that is noticed, the small change was a survivor. Tables of the ledger and of sources are left out: they are no data.
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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import scratch

LEFT_OUT = {"claims", "claim_sources", "document_readings", "claim_relations", "footnotes", "corrections", "sources"}
PACKAGE = Path("data") / "raw" / "datapackage.json"
VALUES = {"value", "value_usd", "teu", "jobs", "count", "n", "margin_of_error_pp", "confidence", "lat", "lon"}
PERIODS = {
    "year",
    "period",
    "month",
    "start_date",
    "end_date",
    "date",
    "as_of",
    "snapshot",
    "delineation",
    "field_start",
    "field_end",
}
UNITS = {"unit"}
SOURCES = {"source_id", "checked_source_id"}
YEAR = re.compile(r"(19|20)\d\d")
DRAWS = 4  # how many cells that nothing uses are drawn at most for each one asked for


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a dataset: file, row (the header is row 1), column, what stands there, and what kind of cell it is."""

    dataset: str
    path: str
    row: int
    column: str
    text: str
    kind: str

    @property
    def where(self) -> str:
        """File, row and column."""
        return f"{self.path}, row {self.row}, {self.column}"


def rested_on(root: Path) -> dict[str, set[str]]:
    """Return, for each file of data/raw that a chapter opened, the sources on which verdicts from data and figures of such chapters rest."""
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
        elif match := re.fullmatch(r"  \w+ (data/raw/\S+\.csv)", line):
            opened[match[1]] |= sources[chapter]
    return opened


def cells(root: Path) -> dict[tuple[str, str], list[Cell]]:
    """Return the cells that something may rest on, by dataset and kind."""
    found: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    opened = rested_on(root)
    for resource in json.loads((root / PACKAGE).read_text(encoding="utf-8"))["resources"]:
        path = f"data/raw/{resource['path']}"
        if resource["name"] in LEFT_OUT or path not in opened:
            continue
        columns = [f["name"] for f in resource["schema"]["fields"]]
        named = SOURCES.intersection(columns)
        for number, row in enumerate(_rows(root / path), start=2):
            of_row = {source for column in named for source in row[column].split(";")}
            if named and not of_row & opened[path]:
                continue
            for kind, wanted in (("digit", VALUES), ("period", PERIODS), ("unit", UNITS)):
                for column in columns:
                    if column in wanted and changed(row[column], kind, [], random.Random(0)) != row[column]:
                        found[resource["name"], kind].append(
                            Cell(resource["name"], path, number, column, row[column], kind)
                        )
    return found


def changed(text: str, kind: str, others: Sequence[str], chance: random.Random, *, far: bool = False) -> str:
    """Return another content for a cell: one significant digit, the year after, or another unit; `far` is a change that no rounding hides."""
    if kind == "period":
        return YEAR.sub(lambda match: str(int(match[0]) + (7 if far else 1)), text) if text else text
    if kind == "unit":
        return chance.choice([o for o in others if o != text] or [f"thousand {text}"]) if text else text
    number = re.fullmatch(r"(-?)(\d+)(\.\d+)?", text)
    if number is None or not text.strip("-0."):
        return text
    if far:
        return f"{number[1]}{int(number[2]) * 3 + 7}{number[3] or ''}"
    first = re.search("[1-9]", text).start()
    last = max(text.rfind(digit) for digit in "123456789")
    place = chance.choice([i for i in range(first, last + 1) if text[i].isdigit()])
    low = "1" if place == first else "0"  # a leading zero would be another number of digits
    return text[:place] + chance.choice([d for d in "0123456789" if d != text[place] and d >= low]) + text[place + 1 :]


def edited(root: Path, cell: Cell, text: str) -> dict[Path, bytes]:
    """Return the new contents of the file with the cell and of the data package, which records the new checksum as an editor would."""
    path = root / cell.path
    table = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"))))
    table[cell.row - 1][table[0].index(cell.column)] = text
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(table)
    content = stream.getvalue().encode("utf-8")
    package = json.loads((root / PACKAGE).read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] == cell.dataset:
            resource["hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
    return {path: content, root / PACKAGE: json.dumps(package, indent=2, ensure_ascii=False).encode("utf-8")}


def judged(copy: scratch.Scratch, cell: Cell, text: str) -> dict[str, str]:
    """Return what noticed another content of a cell, and by what sign."""
    with copy.changed(edited(copy.root, cell, text)):
        call = copy.command("data", "check")
        if call.code:
            return {"outcome": "data check", "sign": _sign(call, "       ", "  ", "Error")}
        call = copy.verify()
    copy.rewarm()
    if call.code:
        return {"outcome": "verify", "sign": _sign(call, "Moved", "Failed", "Error")}
    return {"outcome": "survived", "sign": ""}


def tried(copy: scratch.Scratch, cell: Cell, others: Sequence[str], chance: random.Random) -> dict[str, Any]:
    """Change a cell, and far more if nothing noticed it; return the record."""
    text = changed(cell.text, cell.kind, others, chance)
    record = {"where": cell.where, "kind": cell.kind, "dataset": cell.dataset, "change": f"{cell.text} -> {text}"}
    record |= judged(copy, cell, text)
    if record["outcome"] == "survived":
        # a unit has no further change; what becomes of a far value in its row says whether the row is used
        far = judged(copy, *_far(copy.root, cell, chance))
        record["outcome"] = "survived" if far["outcome"] == "verify" else "not used"
        record["reason"] = (
            f"the cell is used (far away: {far['sign']}), and this change does not show"
            if far["outcome"] == "verify"
            else "no claim and no figure uses the row: a value far away passes too"
            if far["outcome"] == "survived"
            else f"only data check looks at it, beyond a limit ({far['sign']})"
        )
    return record


def _far(root: Path, cell: Cell, chance: random.Random) -> tuple[Cell, str]:
    if cell.kind == "unit":
        row = _rows(root / cell.path)[cell.row - 2]
        column = next(c for c in row if c in VALUES)
        cell = Cell(cell.dataset, cell.path, cell.row, column, row[column], "digit")
    return cell, changed(cell.text, cell.kind, [], chance, far=True)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sign(call: scratch.Call, *starts: str) -> str:
    if call.code == scratch.TIMED_OUT:
        return "timed out"
    return " ".join(call.line(*starts).split())


def drawn(found: dict[tuple[str, str], list[Cell]], seed: int) -> Iterator[tuple[tuple[str, str], list[Cell]]]:
    """Yield the cells of each dataset and kind in the order in which they are tried."""
    for key in sorted(found):
        mixed = list(found[key])
        random.Random(f"{seed} {key}").shuffle(mixed)
        yield key, mixed


def markdown(records: Sequence[dict[str, Any]], seed: int) -> str:
    """Return the summary: a row for each dataset and kind, then the survivors and the cells that nothing uses, with reasons."""
    used = [r for r in records if r["outcome"] != "not used"]
    survivors = [r for r in used if r["outcome"] == "survived"]
    lines = [
        "# Changed cells",
        "",
        f"Seed {seed}; {len(used)} changes tried, {len(used) - len(survivors)} noticed, {len(survivors)} survived.",
        "",
    ]
    lines += [
        "| dataset | kind | tried | data check | verify | survived | not used |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for key in sorted({(r["dataset"], r["kind"]) for r in records}):
        count = Counter(r["outcome"] for r in records if (r["dataset"], r["kind"]) == key)
        numbers = [
            sum(count.values()) - count["not used"],
            *(count[o] for o in ("data check", "verify", "survived", "not used")),
        ]
        lines.append(f"| {' | '.join([*key, *map(str, numbers)])} |")
    for title, some in (("Survivors", survivors), ("Not used", [r for r in records if r["outcome"] == "not used"])):
        lines += ["", f"## {title}", "", *(f"- {r['where']}: {r['change']}: {r['reason']}" for r in some)]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Draw, judge and report; exit with 1 if anything that is used survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=2, help="Cells for each dataset and kind of change.")
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
    outcomes_file = work / "outcomes.jsonl"
    known = scratch.outcomes(outcomes_file)
    copy = scratch.Scratch(work)
    copy.prepare()
    records = []
    for key, some in drawn(cells(copy.root), arguments.seed):
        if arguments.datasets and key[0] not in arguments.datasets:
            continue
        others = sorted({cell.text for cell in some if cell.text})
        done = 0
        for cell in some[: arguments.sample * DRAWS]:
            name = f"{arguments.seed} {cell.where}"
            if name not in known or (arguments.again and known[name]["outcome"] == "survived"):
                record = {"name": name, **tried(copy, cell, others, random.Random(name))}
                scratch.append(outcomes_file, record)
                known[name] = record
                print(
                    f"{cell.where}: {record['change']}: {record['outcome']} {record.get('reason') or record['sign']}",
                    flush=True,
                )
            records.append(known[name])
            done += known[name]["outcome"] != "not used"
            if done == arguments.sample:
                break
    (work / "summary.md").write_text(markdown(records, arguments.seed), encoding="utf-8")
    used = [r for r in records if r["outcome"] != "not used"]
    scratch.write_summary(arguments.json, "data", used)
    survived = sum(r["outcome"] == "survived" for r in used)
    print(f"{len(used)} changes of cells that are used, {survived} survived: {work / 'summary.md'}")
    sys.exit(survived > 0)


if __name__ == "__main__":
    main()
