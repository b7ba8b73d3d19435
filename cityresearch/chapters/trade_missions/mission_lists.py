"""Another list of missions, such as the authors' own: read from a file, as a person would write it.

A list needs a city or state, a first day, and countries; everything else is optional. Dates may be cut to a month or a year, countries may
be names or codes. What cannot be read is an error that names the sheet, the row and the column; nothing is dropped in silence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from cityresearch import paths
from cityresearch.datasets.catalog import boundary
from cityresearch.errors import DataError, ParameterError
from cityresearch.files import version
from cityresearch.suggestions import hint, nearest

__all__ = ["COLUMNS", "STATE", "read_list"]

# column of the list -> names that a person may give it, in plain letters
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "jurisdiction": ("jurisdiction", "city", "cities from", "from", "state or city", "city or state", "origin"),
    "start_date": ("start date", "start", "date", "first day", "began", "month", "year", "dates"),
    "countries": ("countries", "country", "destination", "destination country", "to"),
    "lead_name": ("lead name", "leader", "lead", "mayor", "led by", "official"),
    "role": ("role", "led or joined", "part"),
    "trade_focus": ("trade focus", "trade", "about trade"),
    "cities": ("cities", "cities visited", "stops"),
    "purpose": ("purpose", "description", "notes", "note"),
}
_NEEDED = ("jurisdiction", "start_date", "countries")
STATE = "California"
_ALIASES = {
    "uk": "GBR", "u k": "GBR", "england": "GBR", "scotland": "GBR", "great britain": "GBR", "korea": "KOR", "republic of korea": "KOR",
    "hong kong": "CHN", "vietnam": "VNM", "viet nam": "VNM", "the netherlands": "NLD", "holland": "NLD", "czech republic": "CZE",
    "the philippines": "PHL", "uae": "ARE", "usa": "USA", "vatican": "VAT", "vatican city": "VAT", "holy see": "VAT", "palestine": "PSE",
    "singapore": "SGP", "taiwan": "TWN",
}  # fmt: skip
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_Row = tuple[int, dict[str, Any]]


def read_list(file: str | Path) -> pd.DataFrame:
    """Return a list of missions from a CSV or an XLSX file (its first sheet with the columns needed).

    Parameters
    ----------
    file : str or Path
        A relative path counts from the project's folder.

    Returns
    -------
    pandas.DataFrame
        Indexed by where the row is ("row 7"): jurisdiction, level (state or city), start_date (ISO, may be cut), countries (ISO codes
        separated by semicolons), lead_name, role (led or joined), trade_focus (yes, partly, no), cities, purpose; optional columns are empty
        where the list lacks them.

    Raises
    ------
    ParameterError
        If there is no such file, or it is neither a CSV nor an XLSX.
    DataError
        If a column needed is missing, or a cell cannot be read; every such cell is named with what to do.
    """
    path = Path(file).expanduser()
    path = path if path.is_absolute() else paths.root() / path
    if not path.is_file():
        raise ParameterError(f"There is no list of missions at {path}: give the path of a CSV or XLSX file.")
    readers = {".csv": _csv_rows, ".xlsx": _sheet_rows}
    if path.suffix.lower() not in readers:
        raise ParameterError(f"{path.name} is neither a CSV nor an XLSX file: save the list as one of them.")
    where, rows = readers[path.suffix.lower()](path)
    faults: list[str] = []
    found = [
        _mission(f"{where}row {number}", cells, faults) for number, cells in rows if any(map(_text, cells.values()))
    ]
    if not found:
        raise DataError(f"{path.name} has no row under its columns: write one mission in each row.")
    if faults:
        shown = faults[:10] + [f"and {len(faults) - 10} more"] * (len(faults) > 10)
        raise DataError(f"{path.name}: " + "; ".join(shown) + ".")
    return pd.DataFrame(found).set_index("row")


def _csv_rows(path: Path) -> tuple[str, list[_Row]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252")
    first = text.partition("\n")[0]
    lines = csv.reader(StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    return "", _under_header(list(lines), path.name)


def _sheet_rows(path: Path) -> tuple[str, list[_Row]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, data_only=True, read_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError):
        raise DataError(f"{path.name} cannot be opened as an XLSX workbook: save it again as XLSX or CSV.") from None
    errors = []
    for sheet in book.worksheets:
        try:
            rows = _under_header(
                [list(row) for row in sheet.iter_rows(values_only=True)], f"{path.name}, sheet {sheet.title}"
            )
        except DataError as error:
            errors.append(str(error))
            continue
        return f"sheet {sheet.title}, ", rows
    raise DataError(errors[0])


def _under_header(lines: list[list[Any]], where: str) -> list[_Row]:
    """Return the rows under the first line that has the columns needed, with their numbers in the file."""
    most: set[str] = set()
    for number, line in enumerate(lines[:20]):
        names = [_column(cell) for cell in line]
        if set(_NEEDED) <= set(names):
            twice = {name for name in names if name and names.count(name) > 1}
            if twice:
                raise DataError(f"{where}: two columns mean {', '.join(sorted(twice))}: rename or delete one of them.")
            return [
                (n, {name: cell for name, cell in zip(names, cells, strict=False) if name})
                for n, cells in enumerate(lines[number + 1 :], start=number + 2)
            ]
        most = max(most, {name for name in names if name}, key=len)
    lacks = ", ".join(f"{name.replace('_', ' ')} (or {COLUMNS[name][1]})" for name in _NEEDED if name not in most)
    raise DataError(
        f"{where} has no line with the columns needed; it lacks {lacks}: name them in one line above the missions."
    )


def _column(cell: Any) -> str:
    plain = _plain(_text(cell))
    return next((name for name, names in COLUMNS.items() if plain in names or plain == name.replace("_", " ")), "")


def _mission(row: str, cells: Mapping[str, Any], faults: list[str]) -> dict[str, str]:
    texts = {name: _text(cells.get(name)) for name in COLUMNS}
    jurisdiction = ";".join(part.strip() for part in re.split(r"[;/]", texts["jurisdiction"]) if part.strip())
    if not jurisdiction:
        faults.append(f"{row} has no city or state: write one")
    start = _date(cells.get("start_date"))
    if start is None:
        faults.append(
            f"{row}: the date {texts['start_date']!r} cannot be read: write 2024-05-19, 2024-05, 2024, or May 2024"
        )
    codes, by_name = [], {_plain(name): code for name, code in _countries().items()}
    for name in filter(None, (part.strip() for part in re.split(r"[;,/&\n]|\band\b", texts["countries"]))):
        code = by_name.get(_plain(name)) or _ALIASES.get(_plain(name))
        if not code and re.fullmatch(r"[A-Z]{3}", name):
            code = name
        if not code:
            faults.append(f"{row}: {name!r} is not a country in our list{_meant(name, _countries())}")
        elif code not in codes:
            codes.append(code)
    if not texts["countries"]:
        faults.append(f"{row} has no country: write its name or its code of three letters")
    return {
        "row": row, "jurisdiction": jurisdiction, "level": "state" if jurisdiction.casefold().endswith(STATE.casefold()) else "city",
        "start_date": start or "", "countries": ";".join(codes), "lead_name": texts["lead_name"],
        "role": _role(texts["role"]), "trade_focus": _answer(texts["trade_focus"]), "cities": texts["cities"],
        "purpose": texts["purpose"],
    }  # fmt: skip


def _meant(name: str, known: Mapping[str, str]) -> str:
    near = nearest(name, known)
    return hint(name, known).rstrip("?.") + "?" if near else ": write its name or its code of three letters"


def _role(text: str) -> str:
    return "joined" if _plain(text) in ("joined", "join", "guest", "member") else "led" if text else ""


def _answer(text: str) -> str:
    plain = _plain(text)
    return {"y": "yes", "true": "yes", "x": "yes", "n": "no", "false": "no", "partial": "partly"}.get(plain, plain)


def _date(cell: Any) -> str | None:
    """Return an ISO date that may be cut, or None for what cannot be read as one day, month or year."""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    text = re.sub(r"\.0$", "", _text(cell))
    if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?", text):
        return _iso(match[1], match[2], match[3])
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return _iso(match[3], match[1], match[2])
    if match := re.fullmatch(r"([A-Za-z]{3})[a-z]*\.?\s+(?:(\d{1,2})(?:\s*[-–]\s*\d{1,2})?,\s*)?(\d{4})", text):
        month = match[1].casefold()
        return _iso(match[3], str(_MONTHS.index(month) + 1), match[2]) if month in _MONTHS else None
    return None


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    try:
        whole = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole[: 10 if day else 7 if month else 4]


@lru_cache(maxsize=1)
def _countries_at(_path: Path, _version: int) -> dict[str, str]:
    text = _path.read_text(encoding="utf-8")
    return dict(re.findall(r'"name":"([^"]+)","iso3":"([A-Z]{3})"', text))


def _countries() -> dict[str, str]:
    """Return the ISO codes of countries by their names."""
    path = boundary("countries")
    return _countries_at(path, version(path))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _text(cell: Any) -> str:
    return "" if cell is None else " ".join(str(cell).split())
