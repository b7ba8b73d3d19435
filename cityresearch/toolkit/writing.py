"""Files that the toolkit writes for an office: none over another one unless asked, none into the project's own folders."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cityresearch import paths
from cityresearch.errors import ParameterError
from cityresearch.files import write_whole

__all__ = ["checked_folder", "checked_target", "day_as_of", "write_file"]


def day_as_of(text: str) -> date:
    """Return the day that a person gave as year-month-day, or today.

    Raises
    ------
    ParameterError
        If it is no such day.
    """
    if not text:
        return date.today()  # noqa: DTZ011 (the day where the office is)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(f"--as-of takes a day such as 2026-03-31, found {text!r}.") from None


def checked_target(path: Path, overwrite: bool) -> None:
    """Refuse to write where something is.

    Raises
    ------
    ParameterError
        If the file is there and may not be replaced, it is no ordinary file, or it would lie in the project's own folders.
    """
    paths.refuse_own(path)
    if path.is_dir():
        raise ParameterError(f"{path} is a folder: name a file in it, such as {path / 'office.xlsx'}.")
    if path.exists() and not path.is_file():
        raise ParameterError(f"{path} is no ordinary file: choose another name.")
    if path.exists() and not overwrite:
        raise ParameterError(
            f"{path} is there already and may hold your rows: choose another name, or replace it with --overwrite."
        )


def checked_folder(path: Path) -> None:
    """Refuse a folder that is a file, or that is one of the project's own.

    Raises
    ------
    ParameterError
        With what to do.
    """
    paths.refuse_own(path)
    if path.exists() and not path.is_dir():
        raise ParameterError(f"{path} is a file: name a folder with --output.")


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole, under a temporary name that is then moved.

    Raises
    ------
    ParameterError
        If it cannot be written, as in a folder without permission, or on a full disk.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        path.with_name(f".{path.name}.part").unlink(missing_ok=True)
        raise ParameterError(
            f"{path} cannot be written ({error.strerror}): choose another folder, or close the program that has it open."
        ) from None
