"""Files and folders that a person names for what is made: none among the project's own, none in place of something that would be lost."""

from __future__ import annotations

from pathlib import Path

from cityresearch import paths
from cityresearch.errors import ParameterError
from cityresearch.files import write_whole

__all__ = ["check_file", "check_folder", "check_new_file", "write_file"]

OWN = ("cityresearch", "data", "figures", "notebooks", "tests", "build/notebooks", "build/results")


def check_folder(path: Path) -> None:
    """Refuse a folder that is the project itself or lies among its own files, or that is no folder.

    Raises
    ------
    ParameterError
        With what to do.
    """
    if path.resolve() == paths.root():
        raise ParameterError(f"{path} is the project's own folder: choose a place elsewhere, such as under build/.")
    _refuse_own(path)
    if path.exists() and not path.is_dir():
        raise ParameterError(f"{path} is a file: name a folder with --output.")


def check_file(path: Path, begins: tuple[bytes, ...] = (), source: Path | None = None) -> None:
    """Refuse a file whose writing would lose something, before the work for it is done.

    Parameters
    ----------
    path : Path
        Its folder is made.
    begins : tuple of bytes, optional
        How files of this kind begin: one that begins otherwise is something else, and is kept. Any file is replaced if left out.
    source : Path, optional
        The file that it is made from.

    Raises
    ------
    ParameterError
        If it is such a file, lies among the project's own, is no ordinary file, or cannot be written.
    """
    _check_kind(path)
    if source is not None and path.exists() and path.samefile(source):
        raise ParameterError(f"{path} is the file that is read, and would be lost: name another file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        with path.open("ab+") as file:
            file.seek(0)
            start = file.read(64).lstrip()
        if not existed:
            path.unlink()
    except OSError as error:
        raise ParameterError(f"{path} cannot be written ({error.strerror}): name another file.") from None
    if begins and start and not start.startswith(begins):
        raise ParameterError(f"{path} is there already and holds something else: name another file, or delete it.")


def check_new_file(path: Path, overwrite: bool) -> None:
    """Refuse a file that is there and may hold what somebody filled in.

    Raises
    ------
    ParameterError
        If it is there and may not be replaced, lies among the project's own, or is no ordinary file.
    """
    _check_kind(path)
    if path.exists() and not overwrite:
        raise ParameterError(
            f"{path} is there already and may hold your rows: choose another name, or replace it with --overwrite."
        )


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole, under a temporary name that is then moved; a link is followed.

    Raises
    ------
    ParameterError
        If it cannot be written, as in a folder without permission, or on a full disk.
    """
    target = path.resolve()
    try:
        write_whole(target, content)
    except OSError as error:
        if target.parent.is_dir():
            target.with_name(f".{target.name}.part").unlink(missing_ok=True)
        raise ParameterError(
            f"{path} cannot be written ({error.strerror}): choose another folder, or close the program that has it open."
        ) from None


def _check_kind(path: Path) -> None:
    _refuse_own(path)
    if path.name in ("", "-"):
        raise ParameterError(f"A file's name is needed, found {str(path)!r}: name one, such as build/out.")
    if path.is_dir():
        raise ParameterError(f"{path} is a folder: name a file in it.")
    if path.exists() and not path.is_file():
        raise ParameterError(f"{path} is no ordinary file: choose another name.")


def _refuse_own(path: Path) -> None:
    project, wanted = paths.root(), path.resolve()
    for name in OWN:
        if wanted.is_relative_to(project / name):
            raise ParameterError(
                f"{path} is in {project / name}, which holds the project's own files: choose a place elsewhere, such as under build/."
            )
