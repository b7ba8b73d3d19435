"""Storing: several files of `data/raw` replaced in one step, so that the package is always the old one or the new one.

New contents and links to the old files are staged in a folder next to the data; a manifest, renamed into place last, is the moment of
commitment. A process that dies before it leaves the old package; one that dies after it leaves a manifest, and whoever opens the package
next finishes the move. If a file cannot be moved (a folder that may not be written, a disk that failed), the manifest is renamed to say
so, and the files that were moved already are put back. Two imports at once wait for each other.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.datasets import ledger_tables
from cityresearch.errors import DataError

__all__ = ["MANIFEST", "STAGING", "UNDO", "finish", "recover", "replace_together", "store_table", "table_files"]

if TYPE_CHECKING:
    import pandas as pd

STAGING = ".incoming"
MANIFEST = "manifest.json"
UNDO = "undo.json"  # the manifest of a replacement that is being put back


def as_csv(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of our CSV layout: UTF-8, comma, one header row, newline ends, index left out."""
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


def store_table(
    name: str,
    content: bytes,
    *,
    more: dict[str, bytes] | None = None,
    describe: dict[str, object] | None = None,
    new: dict[str, Any] | None = None,
    folder: Path | None = None,
) -> None:
    """Replace a dataset's file and its record in the data package in one step.

    Parameters
    ----------
    name : str
        A dataset of the data package, or a table of the ledger that it does not have yet, which is added.
    content : bytes
        The CSV.
    more : dict of file name to bytes, optional
        Further files of the folder to replace in the same step, for instance sources.csv.
    describe : dict, optional
        Properties of the dataset's record to set in the same step.
    new : dict, optional
        The record of a dataset that the data package does not have yet, with its path and schema.
    folder : Path, optional
        The data folder; `data/raw` if left out.

    Raises
    ------
    DataError
        If the data package has no such dataset, or the folder cannot be written.
    """
    folder = folder or paths.raw()
    recover(folder)
    replace_together(table_files(name, content, more=more, describe=describe, new=new, folder=folder), folder)


def table_files(
    name: str,
    content: bytes,
    *,
    more: dict[str, bytes] | None = None,
    describe: dict[str, object] | None = None,
    new: dict[str, Any] | None = None,
    folder: Path,
) -> dict[str, bytes]:
    """Return what `store_table` puts in place, by name: the table, further files and the data package with their records.

    Raises
    ------
    DataError
        If the data package has no such dataset.
    """
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    if new is not None:
        package["resources"].append(new)
    records = {resource["name"]: resource for resource in package["resources"]}
    files = dict(more or {})
    for table in ledger_tables.ledger_tables():
        described = ledger_tables.resource(table)
        if table not in records and (table == name or described["path"] in files):
            records[table] = described
            package["resources"].append(described)
    if name not in records:
        raise DataError(f"The data package has no dataset {name!r}: describe it in datapackage.json first.")
    files[records[name]["path"]] = content
    records[name].update(describe or {})
    for resource in package["resources"]:
        if resource["path"] in files:
            data = files[resource["path"]]
            resource["hash"] = "sha256:" + hashlib.sha256(data).hexdigest()
            resource["bytes"] = len(data)
            resource["rows"] = _rows(data)
    files["datapackage.json"] = (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    return files


def replace_together(files: dict[str, bytes], folder: Path) -> None:
    """Replace files of a folder so that all of them change or none does.

    Raises
    ------
    DataError
        If the folder cannot be written; nothing has changed then.
    """
    with _alone(folder):
        staging = folder / STAGING
        try:
            _settle(folder)
            staging.mkdir()
            for number, (name, data) in enumerate(files.items()):
                _write(staging / str(number), data)
                if (folder / name).exists():
                    _link(folder / name, staging / f"old-{number}")
            _write(staging / "manifest.tmp", json.dumps(list(files)).encode("utf-8"))
            (staging / "manifest.tmp").replace(staging / MANIFEST)
        except OSError as error:
            shutil.rmtree(staging, ignore_errors=True)
            raise DataError(
                f"{folder} cannot be written ({error.strerror}): nothing was changed; check its permissions and the room on the disk."
            ) from None
        _settle(folder)


def finish(folder: Path) -> None:
    """Finish a committed replacement that was interrupted; leave one alone that another process is still staging.

    Raises
    ------
    DataError
        If it can be neither finished nor put back.
    """
    staging = f"{folder}/{STAGING}"
    # asked at every reading, when there hardly ever is such a folder
    if os.path.isdir(staging) and any(os.path.isfile(f"{staging}/{name}") for name in (MANIFEST, UNDO)):  # noqa: PTH112, PTH113
        recover(folder)


def recover(folder: Path) -> None:
    """Finish a committed replacement that was interrupted, or drop one that never was committed.

    Raises
    ------
    DataError
        As `finish`.
    """
    if (folder / STAGING).is_dir():
        with _alone(folder):
            _settle(folder)


def _settle(folder: Path) -> None:
    """Bring the folder to the old state or the new one, whatever an earlier replacement left; the caller is alone in it."""
    staging = folder / STAGING
    manifest, undo = staging / MANIFEST, staging / UNDO
    failed = ""
    try:
        if manifest.is_file():
            try:
                _move(folder, manifest, "")
            except OSError as error:
                failed = error.strerror or type(error).__name__
                manifest.replace(undo)
        if undo.is_file():
            _move(folder, undo, "old-")
    except OSError as error:
        raise DataError(
            f"{folder} holds an import that can be neither finished nor put back ({error.strerror}): make the folder writable and repeat, "
            "or restore it with git checkout."
        ) from None
    shutil.rmtree(staging, ignore_errors=True)
    if failed:
        raise DataError(f"{folder} cannot be written ({failed}): the old files were put back; check its permissions.")


def _move(folder: Path, manifest: Path, prefix: str) -> None:
    """Move the staged files of a manifest into place, then the manifest out of the way."""
    for number, name in enumerate(json.loads(manifest.read_text(encoding="utf-8"))):
        # a file that is gone from the staging folder was moved before the interruption
        with contextlib.suppress(FileNotFoundError):
            staged = manifest.parent / f"{prefix}{number}"
            if staged.exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
            staged.replace(folder / name)
    manifest.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process stores into the folder; without a lock file, which a checkout would show."""
    try:
        import fcntl

        held = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _link(old: Path, kept: Path) -> None:
    """Keep the old file under another name, by a link where the file system has them."""
    try:
        os.link(old, kept)
    except OSError:
        shutil.copy2(old, kept)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _rows(data: bytes) -> int:
    import csv
    import io

    return sum(1 for _ in csv.reader(io.StringIO(data.decode("utf-8")))) - 1
