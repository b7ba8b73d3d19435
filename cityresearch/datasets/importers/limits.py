"""Limits: how much of a file is read at the most, and what kind of file is read at all.

Bytes alone say little: a small zip holds a large table, a small workbook a cell in the last column. So cells, columns and the length of
a row are bounded as well, and each bound is checked while reading, never by what a header claims.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cityresearch.errors import DataError

__all__ = [
    "LARGEST", "LONGEST_CELL", "LONGEST_ROW", "MOST_CELLS", "MOST_COLUMNS", "MOST_MEMBERS", "MOST_STRINGS", "Spent",
    "read_bytes",
]  # fmt: skip

LARGEST = 100_000_000  # bytes of a file, packed and unpacked
MOST_CELLS = 4_000_000  # the largest table that importers know, BEA's of all areas and industries, has 3.4 million
MOST_COLUMNS = 2_000
MOST_STRINGS = 1_000_000  # distinct texts of a workbook
LONGEST_ROW = 1_000_000  # characters, over all lines that a quoted cell spans
LONGEST_CELL = 131_072  # characters, as the csv module has it
MOST_MEMBERS = 2_000  # of a zip
KINDS = {
    stat.S_IFDIR: ("a folder", "name the file in it"),
    stat.S_IFIFO: ("a pipe", "save what it gives as a file"),
    stat.S_IFSOCK: ("a socket", "name a file"),
    stat.S_IFCHR: ("a device", "name a file"),
    stat.S_IFBLK: ("a device", "name a file"),
}


@dataclass(slots=True)
class Spent:
    """What reading a file has used so far: bytes once unpacked, and cells."""

    name: str
    bytes: int = 0
    cells: int = 0

    def take_bytes(self, count: int) -> None:
        """Count bytes.

        Raises
        ------
        DataError
            If they are more than the bound.
        """
        self.bytes += count
        if self.bytes > LARGEST:
            raise DataError(
                f"{self.name}: found more than {LARGEST:,} bytes once unpacked, expected at most that; take an extract of it."
            )

    def take_row(self, line: int, width: int) -> None:
        """Count the cells of one row.

        Raises
        ------
        DataError
            If the row has more columns, or the table more cells, than the bound.
        """
        if width > MOST_COLUMNS:
            raise DataError(
                f"{self.name}, row {line}: found {width:,} columns, expected at most {MOST_COLUMNS:,}; take an extract of it."
            )
        self.cells += width
        if self.cells > MOST_CELLS:
            raise DataError(
                f"{self.name}, row {line}: found more than {MOST_CELLS:,} cells up to here, expected at most that; take an extract of it."
            )


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    DataError
        If it is missing, no ordinary file, unreadable, larger than the bound, or changed while it was read.
    """
    try:
        _refuse_kind(path, path.stat().st_mode)
        # a pipe put in the file's place since then must not stop us
        with os.fdopen(
            os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb"
        ) as file:
            before = os.fstat(file.fileno())
            _refuse_kind(path, before.st_mode)
            if before.st_size > LARGEST:
                raise DataError(
                    f"{path} has {before.st_size:,} bytes, expected at most {LARGEST:,}: take an extract of it."
                )
            content = file.read(LARGEST + 1) or b""
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        raise DataError(f"{path} is not there: check the path.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
    except ValueError as error:
        raise DataError(f"{str(path)!r} is not a path ({error}): check the path.") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) > LARGEST:
        raise DataError(f"{path} changed while it was read: wait until it is whole and import it again.")
    return content


def _refuse_kind(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind, remedy = KINDS.get(stat.S_IFMT(mode), ("no ordinary file", "name a file"))
        raise DataError(f"{path} is {kind}, expected a file: {remedy}.")
