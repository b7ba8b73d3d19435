"""Comparing rebuilt results with committed ones: numbers with a stated tolerance, text exactly.

Whole numbers must be equal. Other numbers may differ by one part in a thousand million (1e-9), which covers the last bits that differ
between processors and linear-algebra libraries. SVG is not compared: its bytes are equal on one machine only, and its content is the CSV.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

RELATIVE_TOLERANCE = 1e-9
KEYS = {"verdicts.csv": ("claim_id",), "readings.csv": ("claim_id", "reading")}
_NUMBER = re.compile(r"[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that moved: file, row (its key), column, committed value, rebuilt value."""

    file: str
    row: str
    column: str
    committed: str
    rebuilt: str

    def __str__(self) -> str:
        return f"{self.file}: {self.row}, {self.column}: {self.committed or 'nothing'} -> {self.rebuilt or 'nothing'}"


def same(committed: str, rebuilt: str) -> bool:
    """Return whether two cells are equal: as text, or as non-integer numbers within the tolerance.

    Examples
    --------
    >>> same("141004904245", "141004904246"), same("0.333333333333", "0.333333333334"), same("agrees", "differs")
    (False, True, False)
    """
    if committed == rebuilt:
        return True
    if not (_NUMBER.fullmatch(committed) and _NUMBER.fullmatch(rebuilt)):
        return False
    a, b = float(committed), float(rebuilt)
    return abs(a - b) <= RELATIVE_TOLERANCE * max(abs(a), abs(b))


def compare(committed: Path, rebuilt: dict[str, bytes]) -> list[Difference]:
    """Compare rebuilt CSV files with the committed ones.

    Parameters
    ----------
    committed : Path
        Folder that holds data/processed and figures.
    rebuilt : dict of path to bytes
        From `results.files`.

    Returns
    -------
    list of Difference
        In the order of files and rows; empty if nothing moved.
    """
    found: list[Difference] = []
    new = {name for name in rebuilt if name.endswith(".csv")}
    old = {f"figures/{p.name}" for p in (committed / "figures").glob("*.csv")}
    old |= {f"data/processed/{name}" for name in KEYS if (committed / "data" / "processed" / name).is_file()}
    for name in sorted(new | old):
        if name not in old:
            found.append(Difference(name, "file", "", "", "new"))
        elif name not in new:
            found.append(Difference(name, "file", "", "committed", "no longer made"))
        else:
            before = (committed / name).read_bytes().decode("utf-8")
            found += _rows(name, before, rebuilt[name].decode("utf-8"))
    return found


def _rows(name: str, before: str, after: str) -> list[Difference]:
    keys = KEYS.get(Path(name).name)
    old, new = _table(before, keys), _table(after, keys)
    found = []
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            found.append(Difference(name, key, "row", "present", ""))
        elif key not in old:
            found.append(Difference(name, key, "row", "", "present"))
        else:
            columns = dict.fromkeys([*old[key], *new[key]])
            found += [
                Difference(name, key, column, old[key].get(column, ""), new[key].get(column, ""))
                for column in columns
                if not same(old[key].get(column, ""), new[key].get(column, ""))
            ]
    return found


def _table(text: str, keys: tuple[str, ...] | None) -> dict[str, dict[str, str]]:
    table = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        table[" / ".join(row[k] for k in keys) if keys else f"row {number}"] = row
    return table
