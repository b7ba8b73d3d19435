"""Archives: the one table of a zip, unpacked within bounds; a workbook, which is a zip too, goes to its own reader."""

from __future__ import annotations

import io
import zipfile
import zlib

from cityresearch.datasets.importers import limits
from cityresearch.datasets.importers.limits import Spent
from cityresearch.datasets.importers.reading import Grid, grids
from cityresearch.datasets.importers.workbook import sheets
from cityresearch.datasets.importers.workbook_parts import book_part
from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError

__all__ = ["unpacked"]

ENTRY = b"PK\x01\x02"  # begins each entry of a zip's list of members
OTHER_ZIPS = {
    "xl/workbook.bin": "a binary workbook (XLSB)",
    "word/document.xml": "a Word document",
    "content.xml": "an OpenDocument file",
    "Index/Document.iwa": "a Numbers document",
}
TABLES = (".csv", ".json", ".txt", ".tsv", ".xlsx")


def unpacked(content: bytes, name: str, sheet: str = "", *, packed: bool = False) -> list[Grid]:
    """Return the tables of a workbook or the one table of a zip.

    Raises
    ------
    DataError
        If it is damaged, protected, nested, or larger than a bound once unpacked, whatever its headers say.
    """
    # counted before the list is read, which takes some five hundred bytes for each member
    if content.count(ENTRY) > limits.MOST_MEMBERS:
        raise DataError(
            f"{name} has more than {limits.MOST_MEMBERS:,} members, expected at most that: unpack the table."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse(archive, name)
            if part := book_part(archive, name):
                return sheets(archive, part, name, sheet)
            if packed:
                raise DataError(f"{name} is a zip in a zip, expected a table: unpack it and name the table.")
            member = _table_member(archive, name)
            table = _read(archive, member, name)
            return grids(table, f"{name}/{member}", sheet, packed=True)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise DataError(f"{name} is a zip or workbook that breaks off or is damaged: download it again.") from None


def _refuse(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise DataError(f"{name} is protected by a password: unpack the table and name it.")
    for member in members:
        if member.file_size > limits.LARGEST:
            raise DataError(
                f"{name}, member {quoted(member.filename)[1:-1]}: found {member.file_size:,} bytes once unpacked, expected at most "
                f"{limits.LARGEST:,}; take an extract of it."
            )
    for part, kind in OTHER_ZIPS.items():
        if part in archive.NameToInfo:
            raise DataError(f"{name} is {kind}, expected CSV, XLSX, JSON or zip: save or export it as one of these.")


def _read(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    spent = Spent(f"{name}/{quoted(member)[1:-1]}")
    parts = []
    with archive.open(member) as file:
        while part := file.read(1_000_000):
            spent.take_bytes(len(part))
            parts.append(part)
    return b"".join(parts)


def _table_member(archive: zipfile.ZipFile, name: str) -> str:
    """Return the one table of a zip; of BEA's many, the one of all areas or of metropolitan areas."""
    tables = [n for n in archive.namelist() if n.lower().endswith(TABLES) and not n.startswith("__")]
    for mark in ("__ALL_AREAS", "__MSA"):
        chosen = [n for n in tables if mark in n]
        if len(chosen) == 1:
            return chosen[0]
    if len(tables) != 1:
        found = ", ".join(quoted(n)[1:-1] for n in (tables or archive.namelist())[:5]) or "none"
        raise DataError(f"{name}: found the members {found}, expected one table; unpack it and name the table.")
    return tables[0]
