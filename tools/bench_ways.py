"""The ways to execute the chapters that `tools/bench.py` compares: what each needs before a timing, and what is timed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench_watch import answers

__all__ = ["PROJECT", "RUNNER", "Command", "Way", "environment", "ways"]

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
RUNNER = (sys.executable, "-c", "from cityresearch.cli import main; main()")
PAPERMILL = (sys.executable, "-m", "papermill", "--no-progress-bar")
MIDDLE, LONGEST = "05-trade-and-work", "01-metro-exports"
TEN = "CA,TX,NY,FL,WA,IL,OH,PA,GA,MI"
LOAD = "import pandas, seaborn, statsmodels.regression.linear_model, matplotlib.pyplot, pandera.pandas"
FLOOR = f"""
import io, json, os, sys, time
from contextlib import redirect_stdout
{LOAD}
names = sys.argv[1:]
os.chdir("notebooks")
start = time.perf_counter()
with redirect_stdout(io.StringIO()):
    for name in names:
        scope = {{"__name__": "__main__", "display": print}}
        for cell in json.load(open(name))["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), scope)
print(time.perf_counter() - start)
"""
Command = Sequence[str]


@dataclass
class Way:
    """One way to execute, what it needs before each timing, and what was measured.

    `at_once` is how many of its commands run at the same time; `once` leaves it out of all rounds but the first; `watched` has its memory
    looked at every `look_seconds`, of a way that runs once in the same run; `parts` times things by name in place of commands, and the median of them counts; `own_time` takes the seconds that the
    command prints. `code` is the project whose package and notebooks are used, if not this one and the copy.
    """

    key: str
    label: str
    commands: Sequence[Command] = ()
    notebooks: int = 0
    prepare: Callable[[], None] = lambda: None
    at_once: int = 1
    once: bool = False
    watched: bool = False
    look_seconds: float = 0.1
    own_time: bool = False
    parts: Callable[[], dict[str, float]] | None = None
    code: Path | None = None
    seconds: list[float] = field(default_factory=list)
    by_part: dict[str, list[float]] = field(default_factory=dict)
    peak_mb: float = 0.0


def environment(copy: Path, code: Path = PROJECT) -> dict[str, str]:
    """Return the variables of a command that works on a copy of the project with the package of `code`."""
    path = os.pathsep.join(filter(None, (str(code), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "CITYRESEARCH_ROOT": str(copy), "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": path}


def ways(copy: Path, earlier: Path | None) -> list[Way]:
    """Return the ways to compare, for a copy of the project that has been run once.

    Parameters
    ----------
    earlier : Path or None
        An earlier commit's project, for its cells.
    """
    state = _State(copy)
    out = copy / "build" / "bench"
    out.mkdir(parents=True, exist_ok=True)
    names = sorted(path.name for path in (copy / "notebooks").glob("[0-9]*.ipynb"))
    notebooks = [str(copy / "notebooks" / name) for name in names]
    took = json.loads((copy / "build" / "seconds.json").read_text(encoding="utf-8"))
    longest_first = sorted(notebooks, key=lambda path: -took[Path(path).stem])

    def milled(path: str) -> Command:
        return [*PAPERMILL, path, str(out / Path(path).name), "--cwd", str(copy / "notebooks")]

    def swept(key: str, label: str, count: int, *over: str, **more: Any) -> Way:
        wishes = [part for wish in over for part in ("--over", wish)]
        command = [*RUNNER, "sweep", LONGEST, *wishes, "--output", str(out / "sweep")]
        return Way(
            key, label, [command], count, lambda: shutil.rmtree(out / "sweep", ignore_errors=True), watched=True, **more
        )

    converted = [
        [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", n, "--output-dir", str(out)]
        for n in notebooks
    ]
    by_jupyter = [[str(BIN / "jupyter-execute"), n, "--output", str(out / Path(n).stem)] for n in notebooks]
    tested = [sys.executable, "-m", "pytest", "--nbmake", "-n", "2", "-q", "-p", "no:cacheprovider", *notebooks]
    run, edit = [*RUNNER, "run"], state.edited
    found = [
        Way("a", "papermill command, one after another", [milled(n) for n in notebooks], watched=True),
        Way("a2", "papermill command, two at a time, longest first", [milled(n) for n in longest_first], at_once=2),
        Way("a3", "pytest --nbmake -n 2", [tested]),
        Way("b", "jupyter nbconvert --execute, one after another", converted, once=True),
        Way("c", "jupyter execute, one after another", by_jupyter, once=True),
        Way("d1", "cityresearch run, cold, jobs 1", [[*run, "--jobs", "1"]], prepare=state.cold, watched=True),
        Way("d2", "cityresearch run, cold, jobs 2", [[*run, "--jobs", "2"]], prepare=state.cold, watched=True),
        Way("e", "cityresearch run, nothing changed", [run], prepare=state.warm),
        Way("f1", "cityresearch run, a chapter of middle length edited", [run], prepare=lambda: edit(MIDDLE)),
        Way("f2", "cityresearch run, the longest chapter edited", [run], prepare=lambda: edit(LONGEST)),
        Way("g", "cityresearch run, one data file changed", [run], prepare=state.touched),
        swept("h10", "cityresearch sweep of chapter 01, 10 states", 10, f"state={TEN}"),
        swept("h52", "the same, all 52 states and territories", 52, "state=all"),
        swept("h208", "the same, four years of each", 208, "state=all", "year=2020:2023"),
        swept("h3000", "the same, 15 numbers of metros of each", 3120, "state=all", "year=2020:2023", "top=1:15", once=True, look_seconds=2.0),
        Way("i", "floor: the cells in one warm process", [[sys.executable, "-c", FLOOR, *names]], own_time=True, watched=True),
        Way("j", "library load alone", [[sys.executable, "-c", LOAD]]),
        Way("k", "a small notebook, 00-findings, under papermill", [milled(notebooks[0])], watched=True),
        Way("l", "cityresearch run --watch, from save to answer", parts=lambda: answers(copy, environment(copy), [*run, "--watch"]), prepare=state.warm),
        Way("m", "cityresearch report, after a run with a chapter of middle length edited", [[*RUNNER, "report"]], prepare=state.reported),
    ]  # fmt: skip
    if earlier is not None:
        before = sorted(path.name for path in (earlier / "notebooks").glob("[0-9]*.ipynb"))
        found.append(
            Way(
                "i0",
                f"floor of the earlier commit: its {len(before)} notebooks with its package",
                [[sys.executable, "-c", FLOOR, *before]],
                own_time=True,
                code=earlier,
            )
        )
    return found


@dataclass(frozen=True)
class _State:
    """Brings the copy into the state in which a way begins."""

    copy: Path

    def called(self, *arguments: str) -> None:
        subprocess.run(
            [*RUNNER, *arguments], cwd=self.copy, env=environment(self.copy), check=True, capture_output=True
        )

    def cold(self) -> None:
        shutil.rmtree(self.copy / "build" / "notebooks", ignore_errors=True)
        (self.copy / "build" / "runs.lock").unlink(missing_ok=True)

    def warm(self) -> None:
        self.called("run")

    def edited(self, name: str) -> None:
        self.warm()
        path = self.copy / "notebooks" / f"{name}.ipynb"
        content = json.loads(path.read_text(encoding="utf-8"))
        cell = [c for c in content["cells"] if c["cell_type"] == "code"][-1]
        cell["source"] = [f"# {time.time_ns()}\n", *cell["source"]]
        path.write_text(json.dumps(content), encoding="utf-8")

    def reported(self) -> None:
        self.warm()
        self.called("report")
        self.edited(MIDDLE)
        self.warm()

    def touched(self) -> None:
        self.warm()
        old, new = b"meridian-2025", b"carnegie-2026"
        before = (self.copy / "data" / "raw" / "metro_sets.csv").read_bytes()
        changed = before.replace(old, new) if old in before else before.replace(new + b"\n", old + b"\n", 1)
        script = "import sys; from cityresearch.datasets import store; store.store_table('metro_sets', sys.stdin.buffer.read())"
        subprocess.run([sys.executable, "-c", script], input=changed, env=environment(self.copy), check=True)
