"""Answers of a watch: the chapters run in `build/watch`, and what moved since the last answer and since the results were committed.

Nothing is published: the committed results stay as they are until `cityresearch run`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing import connection
from pathlib import Path

from cityresearch import paths
from cityresearch.claims.records import Check
from cityresearch.errors import CityResearchError
from cityresearch.phrases import many
from cityresearch.runs import build, compare, ending, locked, plan, results
from cityresearch.runs.watch import Settings, what_broke

__all__ = ["folder", "prepare", "respond", "standing"]

LAST = "last"
MOST_NAMED = 8
OLD = {"committed drawing": "earlier drawing", "committed text": "earlier text", "committed": "made earlier"}


def folder() -> Path:
    """Return where a watch works: executed notebooks, their lock, and in `last` the results of its last answer."""
    return paths.root() / "build" / "watch"


def prepare() -> None:
    """Begin with the newest runs of the chapters, and with no earlier answer."""
    base, home = folder(), paths.root() / "build"
    for name in compare.FOLDERS:
        shutil.rmtree(base / LAST / name, ignore_errors=True)
    if _age(home) > _age(base):
        shutil.rmtree(base / "notebooks", ignore_errors=True)
        base.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            shutil.copytree(home / "notebooks", base / "notebooks")
        for name in ("seconds.json", plan.LOCK_NAME):
            with suppress(FileNotFoundError):
                shutil.copyfile(home / name, base / name)


def _age(base: Path) -> int:
    with suppress(OSError):
        return (base / plan.LOCK_NAME).stat().st_mtime_ns
    return 0


def respond(
    pipe: connection.Connection, settings: Settings, after: Callable[[Path], Sequence[str]] = lambda folder: ()
) -> None:
    """Answer each word of the pipe: run what must run, print what moved, and send which files the chapters used.

    Parameters
    ----------
    after : callable
        Called when the results lie in a folder, laid out as in a project; returns further lines.
    """
    while True:
        try:
            pipe.recv()
            print("\n".join(_answer(settings, after)), flush=True)
            pipe.send(_used())
        except (EOFError, OSError, KeyboardInterrupt):
            return
        _get_ready(pipe, settings)


def _answer(settings: Settings, after: Callable[[Path], Sequence[str]]) -> list[str]:
    """Run what must run and return what moved, in the words of a run."""
    started = time.monotonic()
    root, last = paths.root(), folder() / LAST
    earlier = last if (last / compare.FOLDERS[0]).is_dir() else root
    exact = locked.is_home()
    try:
        built, files = build.trial(
            settings.chapters, build.Options(settings.jobs, limits=settings.limits), folder(), earlier
        )
        against = moved = compare.compare(root, files, exact)
        if earlier is last:
            found = compare.compare(last, files, exact)
            moved = [replace(d, committed=OLD.get(d.committed, d.committed)) for d in found]
        _keep(files, last)
        words = ending.moved(moved, built.checks, settings.everything, "judged before")
        more = after(last)
    except CityResearchError as error:
        return [f"Failed: {error}"]
    except Exception as error:
        return [f"Failed: {what_broke(error)}"]
    return [
        *(f"Note: {remark}" for remark in built.remarks),
        *ending.failed(built, settings.everything),
        *(line if line.startswith("and ") else f"Moved: {line}" for line in words),
        *more,
        f"{many(built.ran, 'notebook')} run{'' if moved else ', nothing moved'} ({time.monotonic() - started:.1f} s). "
        f"{standing(against, built.checks)}",
    ]


def _keep(files: Mapping[str, bytes], last: Path) -> None:
    results.write(dict(files), last)
    for name in compare.published(last):
        if name not in files:
            (last / name).unlink()


def standing(against: Sequence[compare.Difference], checks: Sequence[Check]) -> str:
    """Return a sentence on how the results of a watch differ from the committed ones."""
    if not against:
        return "Everything is as committed."
    verdicts = [f"{v.claim_id} {v.committed} -> {v.rebuilt}" for v in ending.moved_verdicts(against, checks)]
    readings = {d.row for d in against if d.file.endswith("/readings.csv")}
    figures = {Path(d.file).stem for d in against if d.file.startswith("figures/")}
    shown = f" ({', '.join(verdicts[:MOST_NAMED])}{' and others' * (len(verdicts) > MOST_NAMED)})" if verdicts else ""
    parts = [f"{many(len(verdicts), 'verdict')}{shown}", many(len(readings), "reading"), many(len(figures), "figure")]
    return f"Not as committed: {', '.join(parts)}; cityresearch run publishes them."


def _used() -> frozenset[str]:
    """Return the files that the last runs used."""
    names = {name for entry in plan.read_lock(folder()).values() for name in entry.used}
    return frozenset(n for n in names if "." in n and " " not in n and not n.startswith("build/"))


def _get_ready(pipe: connection.Connection, settings: Settings) -> None:
    """Load what the next run needs, one thing after another, until there is something to do."""
    from cityresearch.runs import forked

    with suppress(Exception):  # the chapter that needs it says what is wrong
        for load in forked.in_advance(build.chapters(settings.chapters)):
            if pipe.poll():
                return
            load()
