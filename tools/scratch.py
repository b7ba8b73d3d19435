"""What the mutation tools share: a scratch copy that was run once, calls in forks of a warm process, and the report.

A mutant costs seconds, most of them imports and the reading of tables. So this process imports the libraries and reads the tables of the
copy once, never what is mutated, and each test or verification runs in a fork of it.
"""

from __future__ import annotations

import compileall
import importlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "build", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"
)
LIBRARIES = (
    "matplotlib.pyplot",
    "nbformat",
    "pandera.pandas",
    "pytest",
    "scipy.stats",
    "statsmodels.regression.linear_model",
)
MUTATED = ("cityresearch.numbers", "cityresearch.claims", "cityresearch.measures", "cityresearch.chapters")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")  # threads would make a fork unsafe
TIMED_OUT = 124  # as of timeout(1)


@dataclass(frozen=True, slots=True)
class Call:
    """The outcome of a call: its exit code (`TIMED_OUT` if it was ended), what it printed, and its seconds."""

    code: int
    text: str
    seconds: float

    def line(self, *starts: str) -> str:
        """Return the last line that starts with one of some words, or the last line at all, cut for a table."""
        lines = [line for line in self.text.splitlines() if line.strip()]
        named = [line for line in lines if line.startswith(starts)]
        return (named or lines or [""])[-1][:200]


class Scratch:
    """A copy of the checkout to break, with the results of one run, to which it is brought back after each mutant."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self._warm = folder / "build"
        self._log = folder / "log"

    def prepare(self) -> None:
        """Copy the checkout, verify it once, so that later only what a mutant touches runs again, and read its tables.

        Raises
        ------
        SystemExit
            If the checkout does not verify, since nothing could be said about mutants then, or if what is mutated was imported.
        """
        if "cityresearch" in sys.modules:
            raise SystemExit(
                "cityresearch was imported before the copy was made, so no mutant in the copy would be loaded."
            )
        for name in THREADS:
            os.environ.setdefault(name, "1")
        for name in LIBRARIES:
            importlib.import_module(name)
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(PROJECT, self.root, ignore=LEFT_OUT)
        # the time of change in seconds tells a mutant from the compiled original, so that only the mutant is compiled again
        compileall.compile_dir(self.root / "cityresearch", quiet=1)
        if self._warm.is_dir():
            shutil.copytree(
                self._warm, self.root / "build"
            )  # from an earlier run: what has not changed since is still valid
        call = self.verify(timeout=900)
        if call.code:
            raise SystemExit(
                f"The checkout does not verify, so no mutant can be judged: {call.line('Moved', 'Failed', 'Error')}"
            )
        shutil.rmtree(self._warm, ignore_errors=True)
        shutil.copytree(self.root / "build", self._warm)
        self._enter()
        datasets = importlib.import_module("cityresearch.datasets")
        for name in datasets.datasets():
            datasets.load(name)
        early = [name for name in sys.modules if name.startswith(MUTATED)]
        if early:
            raise SystemExit(f"{', '.join(early)} was imported before the forks, which would hide its mutants.")

    def verify(self, timeout: float = 240) -> Call:
        """Run `cityresearch verify` in the copy."""
        return self.command("verify", timeout=timeout)

    def command(self, *arguments: str, timeout: float = 240) -> Call:
        """Run the command line in the copy."""

        def called() -> int:
            from cityresearch.cli import main

            sys.argv = ["cityresearch", *arguments]
            main()
            return 0

        return self.forked(called, timeout)

    def rewarm(self) -> None:
        """Bring back the results of the run without a mutant."""
        shutil.rmtree(self.root / "build")
        shutil.copytree(self._warm, self.root / "build")

    @contextmanager
    def changed(self, files: Mapping[Path, bytes]) -> Iterator[None]:
        """Change files of the copy for a while; after that their time of change is the old one too, so cached readings stay valid."""
        before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
        try:
            for path, content in files.items():
                path.write_bytes(content)
            yield
        finally:
            for path, (content, changed) in before.items():
                path.write_bytes(content)
                os.utime(path, ns=(changed, changed))

    def forked(self, function: Callable[[], int], timeout: float) -> Call:
        """Call a function in a fork whose `cityresearch` is the copy's; end it and its children after some seconds."""
        start = time.monotonic()
        child = os.fork()
        if child == 0:
            os._exit(self._in_child(function))
        while time.monotonic() - start < timeout:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                break
            time.sleep(0.05)
        else:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            code = TIMED_OUT
        return Call(code, self._log.read_text(encoding="utf-8", errors="replace"), time.monotonic() - start)

    def _in_child(self, function: Callable[[], int]) -> int:
        os.setsid()
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        self._enter()
        code = 1
        try:
            code = int(function())
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}")
        sys.stdout.flush()
        sys.stderr.flush()
        return code

    def _enter(self) -> None:
        os.chdir(self.root)
        if sys.path[0] != str(self.root):
            sys.path.insert(0, str(self.root))
        os.environ.update(CITYRESEARCH_ROOT=str(self.root), PYTHONPATH=str(self.root), PYTHONDONTWRITEBYTECODE="1")
        os.environ.pop("CI", None)  # with it, everything would run for each mutant
        sys.dont_write_bytecode = True  # a mutant's bytecode must not outlive it


def append(path: Path, record: Mapping[str, Any]) -> None:
    """Add a line to the file of outcomes, so that a run that is stopped can go on later."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def outcomes(path: Path) -> dict[str, dict[str, Any]]:
    """Return the outcomes so far by the mutant's name; the last one counts."""
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {record["name"]: record for record in map(json.loads, lines)}


def write_summary(path: Path | None, what: str, records: Sequence[Mapping[str, Any]], *, listed: bool = False) -> None:
    """Write what was tried, what noticed it and what nothing noticed (and, where asked, each outcome), for `tools/reliability.py`."""
    if path is None:
        return
    noticed: dict[str, int] = {}
    for record in records:
        if record["outcome"] != "survived":
            noticed[record["outcome"]] = noticed.get(record["outcome"], 0) + 1
    survivors = [
        {"where": r["where"], "change": r["change"], "reason": r.get("reason", "")}
        for r in records
        if r["outcome"] == "survived"
    ]
    today = datetime.now(tz=UTC).date().isoformat()
    content = {"what": what, "when": today, "tried": len(records), "noticed": noticed, "survivors": survivors}
    if listed:
        content["outcomes"] = [{key: r[key] for key in ("change", "outcome", "sign")} for r in records]
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
