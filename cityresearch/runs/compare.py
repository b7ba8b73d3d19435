"""Comparing rebuilt results with committed ones: everything that is published, in every file.

Text must be equal, character by character, and whole numbers too. Other numbers of tables and of chapters' texts may differ by one part
in a thousand million (1e-9), which covers the last bits that differ between processors and linear-algebra libraries. Drawings must be
equal byte for byte on the Python and the packages that are locked; elsewhere they are compared as drawings (`same_drawing`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

__all__ = ["FOLDERS", "Difference", "as_committed_where_equal", "compare", "equal", "same", "same_drawing"]

RELATIVE_TOLERANCE = 1e-9
DRAWING_TOLERANCE = 0.02  # points: less than a fortieth of a thin line
FOLDERS = ("data/processed", "figures")
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what file managers leave
GIVEN = {"figures/style.toml"}  # what a person writes there
KEYS = {"verdicts.csv": ("claim_id",), "readings.csv": ("claim_id", "reading")}
_NUMBER = re.compile(r"[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?")
_TOKEN = re.compile(r"(#[0-9a-fA-F]{3,8}\b|(?<![\w.])[+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?![\w.]))")
_ID = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that moved: file, row (its key), column, committed value, rebuilt value."""

    file: str
    row: str
    column: str
    committed: str
    rebuilt: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.row, self.column)))
        return f"{self.file}: {place}: {self.committed or 'nothing'} -> {self.rebuilt or 'nothing'}"


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


def same_drawing(committed: str, rebuilt: str) -> bool:
    """Return whether two SVG texts draw the same: equal but for names of ids and places that differ by less than the tolerance.

    Examples
    --------
    >>> same_drawing('<g id="a1"><path d="M 1.001 2"/></g>', '<g id="b2"><path d="M 1.002 2"/></g>')
    True
    >>> same_drawing('<text style="fill: #1f77b4">5</text>', '<text style="fill: #1f77b5">5</text>')
    False
    """
    pieces = [_TOKEN.split(_with_plain_ids(text)) for text in (committed, rebuilt)]
    if len(pieces[0]) != len(pieces[1]):
        return False
    return all(a == b or (i % 2 and _close(a, b)) for i, (a, b) in enumerate(zip(*pieces, strict=True)))


def _with_plain_ids(text: str) -> str:
    """Rename ids in the order in which they are given."""
    plain = {name: f"id{number}" for number, name in enumerate(dict.fromkeys(_ID.findall(text)))}
    if not plain:
        return text
    # an id is in id="...", url(#...) and href="#..."
    return re.sub(r'(id="|#)([\w.:-]+)', lambda m: m[1] + plain.get(m[2], m[2]), text)


def _close(a: str, b: str) -> bool:
    if a.startswith("#") or b.startswith("#") or not (_NUMBER.fullmatch(a) or _NUMBER.fullmatch(b)):
        return False
    return abs(float(a) - float(b)) <= DRAWING_TOLERANCE


def equal(name: str, committed: bytes, rebuilt: bytes, exact: bool) -> bool:
    """Return whether a published file is as committed.

    Parameters
    ----------
    exact : bool
        Whether drawings must be equal byte for byte.
    """
    if committed == rebuilt:
        return True
    try:
        before, after = committed.decode("utf-8"), rebuilt.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if name.endswith(".svg"):
        return not exact and same_drawing(before, after)
    if not name.endswith((".csv", ".txt")):
        return False
    pieces = [re.split(r"([,\n])" if name.endswith(".csv") else r"(\s+)", text) for text in (before, after)]
    return len(pieces[0]) == len(pieces[1]) and all(same(a, b) for a, b in zip(*pieces, strict=True))


def as_committed_where_equal(files: Mapping[str, bytes], root: Path, exact: bool) -> dict[str, bytes]:
    """Keep a committed file's bytes where its content is equal, see `equal`: a run on another processor leaves the work tree clean."""
    kept = {}
    for name, content in files.items():
        path = root / name
        old = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        kept[name] = old if old is not None and equal(name, old, content, exact) else content
    return kept


def compare(committed: Path, rebuilt: Mapping[str, bytes], exact: bool = False) -> list[Difference]:
    """Compare everything that is published with what a run makes of it.

    Parameters
    ----------
    committed : Path
        Folder that holds data/processed and figures.
    rebuilt : mapping of path to bytes
        From `results.files`.
    exact : bool
        Whether drawings must be equal byte for byte.

    Returns
    -------
    list of Difference
        In the order of files and rows; empty if nothing moved.
    """
    found: list[Difference] = []
    old = set(published(committed)) | {name for name in rebuilt if (committed / name).is_file()}
    for name in sorted({*rebuilt, *old}):
        path = committed / name
        if path.is_symlink():
            found.append(Difference(name, "file", "", "a link", "a file: replace it"))
        elif name not in old:
            found.append(Difference(name, "file", "", "", "made by this run"))
        elif name not in rebuilt:
            found.append(Difference(name, "file", "", "committed", "made by no chapter"))
        else:
            content = path.read_bytes()
            if not equal(name, content, rebuilt[name], exact):
                found += _details(name, content, rebuilt[name])
    return found


def published(folder: Path) -> list[str]:
    """Return the paths of all published files that lie in a folder, relative to it."""
    found = [p for part in FOLDERS for p in sorted((folder / part).rglob("*")) if p.is_symlink() or not p.is_dir()]
    names = [p.relative_to(folder).as_posix() for p in found if p.name not in LITTER]
    return [name for name in names if name not in GIVEN]


def _details(name: str, before: bytes, after: bytes) -> list[Difference]:
    """Return what differs in a file that is not as committed, as far down as can be said."""
    whole = [Difference(name, "file", "", "committed text", "other text")]
    try:
        old, new = before.decode("utf-8"), after.decode("utf-8")
        if name.endswith(".csv"):
            return _rows(name, old, new) or whole
        if name.endswith(".json"):
            return _fields(name, json.loads(old), json.loads(new)) or whole
    except (ValueError, csv.Error, KeyError, AttributeError):
        return [Difference(name, "file", "", "damaged", "readable")]
    if name.endswith(".svg"):
        drawn = "the same drawing in other bytes" if same_drawing(old, new) else "another drawing"
        return [Difference(name, "file", "", "committed drawing", drawn)]
    return list(_lines(name, old, new)) or whole


def _lines(name: str, before: str, after: str) -> Iterator[Difference]:
    """Yield each line that has changed, come or gone; how far its words stand apart does not count."""
    old, new = ([" ".join(line.split()) for line in text.splitlines()] for text in (before, after))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            for was, now in zip_longest(old[a:b], new[c:d], fillvalue=""):
                yield Difference(name, "line", "", was, now)


def _fields(name: str, old: dict, new: dict) -> list[Difference]:
    def text(value: object) -> str:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    keys = dict.fromkeys([*old, *new])
    return [
        Difference(name, key, "", text(old.get(key, "")), text(new.get(key, "")))
        for key in keys
        if old.get(key) != new.get(key)
    ]


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
    for number, row in enumerate(csv.DictReader(io.StringIO(text), restkey="further cells", restval=""), start=2):
        cells = {column: value if isinstance(value, str) else ",".join(value) for column, value in row.items()}
        table[" / ".join(cells[k] for k in keys) if keys else f"row {number}"] = cells
    return table
