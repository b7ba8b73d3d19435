"""Run each chapter for other places, times and rules than the paper's, and write what it says of them to tests/elsewhere, or compare it.

    python tools/elsewhere.py            compare, and exit with 1 where something is not as it is stored
    python tools/elsewhere.py --store    store what the chapters say now; look at the difference in git before it is committed

The committed results pin what the chapters say of the paper's places. These texts pin the rest: a sentence that is told only of a state with
one metro, a break that only another edition has. Each has the notes, tables and results of a chapter, and the words and the data of its
figures, a row in a line.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import io
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cityresearch.runs import compare, results, sweep
from cityresearch.runs.combining import slug
from cityresearch.runs.notebooks import chapters
from cityresearch.runs.parameters import checked

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "elsewhere"
EL_PASO, HOUSTON, FRESNO = "El Paso, TX", "Houston-Pasadena-The Woodlands, TX", "Fresno, CA"
PLACES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "00": ({"count": 5, "document": "edc"},),
    "01": ({"state": "TX", "year": 2022, "top": 3}, {"state": "WY", "year": 2010}),
    "02": ({"state": "TX", "year": 2024, "named": 4, "steady": 5.0}, {"state": "PR", "year": 2019}),
    "03": (
        {"region": "los-angeles", "followed": "los-angeles", "direction": "total", "shock": "2020-03", "lags": 2},
        {"region": "oakland", "followed": "oakland", "direction": "loaded_exports", "lags": 0},
    ),
    "04": ({"place": EL_PASO, "month": "2011-12", "last_old_edition": 2021}, {"place": "Southern California"}),
    "05": ({"metro": "Fresno, CA MSA", "month": "2011-12", "state": "Atlanta-Sandy Springs-Roswell, GA"}, {"metro": "California"}),
    "06": (
        {"city": "Fresno", "city_rule": "city-11", "state_rule": "state-5", "coding": "council or chamber trips as joined"},
        {"city_rule": "city-1", "state_rule": "state-2"},
    ),
    "07": ({"city": "Fresno", "least": "confirmed"}, {"city": "Los Angeles"}),
    "08": (
        {"survey": "ccga-2023", "power": 0.9, "alpha": 0.1, "compared": 4, "snapshot": "2016-09"},
        {"survey": "ccgas-2023", "compared": 2},
    ),
    "09": ({"metro": EL_PASO, "beside": FRESNO, "country": "Canada", "year": 2022}, {"metro": FRESNO, "year": 2012}),
    "10": ({"since": 2015, "until": 2023, "least": "confirmed", "city": "Fresno", "metro": EL_PASO}, {"least": "planned"}),
    "11": ({"metro": HOUSTON, "year": 2022, "compare_with": EL_PASO}, {"metro": FRESNO, "year": 2010}),
    "12": ({"since": 2021, "until": 2024},),
}  # fmt: skip


def said(executed: Path) -> str:
    """Return what an executed chapter says: its notes, tables and results, then of each figure the words and the data."""
    found = results.recorded([executed])
    parts = [text.strip() for text in found.texts.values()]
    for figure in found.figures:
        words = (figure.title, figure.subtitle, figure.alt, figure.description, figure.caption, figure.note)
        rows = ["\t".join(row) for row in csv.reader(io.StringIO(figure.csv))]
        parts.append("\n".join([f"# Figure {figure.name}", *filter(None, words), *figure.sources, "", *rows]))
    return "\n\n".join(parts) + "\n"


def texts(names: Sequence[str], jobs: int, folder: Path) -> dict[str, str]:
    """Run chapters for their other places and return what they say, by file name.

    Raises
    ------
    SystemExit
        If one does not run.
    """
    found = {}
    for number in names or PLACES:
        (notebook,) = chapters([number])
        combos = [checked(notebook, given) for given in PLACES[number]]
        rows = sweep.run(notebook, combos, folder / number, sweep.locally(jobs), figures=True)
        failed = [row.reason for row in rows if row.failed]
        if failed:
            sys.exit(failed[0])
        for place, values in enumerate(combos, start=1):
            executed = folder / number / "notebooks" / f"{slug(values)}.ipynb"
            given = "".join(f"{name}: {value}\n" for name, value in values.items())
            found[f"{notebook.stem}-{place}.txt"] = f"{given}\n{said(executed)}"
    return found


def differing(name: str, text: str) -> list[str]:
    """Return the lines by which a text is not as it is stored; none if it is, but for the last digits of another processor."""
    path = FOLDER / name
    stored = path.read_text(encoding="utf-8") if path.is_file() else ""
    if compare.equal(name, stored.encode("utf-8"), text.encode("utf-8"), exact=False):
        return []
    lines = difflib.unified_diff(
        stored.splitlines(), text.splitlines(), f"stored {name}", f"made {name}", n=0, lineterm=""
    )
    return list(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare or store, and return the exit code."""
    # before anything imports numpy, whose threads would make a fork unsafe
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapters", nargs="*", help="numbers of chapters, all if left out")
    parser.add_argument("--store", action="store_true", help="store what they say now")
    parser.add_argument("--jobs", type=int, default=0, help="notebooks at once; as many as there are processors if 0")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cityresearch-elsewhere-") as scratch:
        made = texts(asked.chapters, asked.jobs or os.cpu_count() or 1, Path(scratch))
    moved = {name: lines for name, text in made.items() if (lines := differing(name, text))}
    for name, lines in moved.items():
        print("\n".join(line[:300] for line in lines[:20]))
        if asked.store:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / name).write_text(made[name], encoding="utf-8")
    print(f"{len(made)} texts, {len(moved)} not as stored{' before' * asked.store}.")
    return int(bool(moved) and not asked.store)


if __name__ == "__main__":
    sys.exit(main())
