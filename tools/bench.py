"""Compare ways to execute the chapters, interleaved, and write docs/benchmarks.md.

Run with `make bench`. Ways (a) to (c) start a Jupyter kernel per notebook; (d) to (h) are this project's runner; (i) is the floor: the same
cells in one warm process without any notebook machinery. Memory is looked at in a round of its own, since looking takes time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
MIDDLE, LONGEST = "05-trade-and-work", "01-metro-exports"
TEN = "CA,TX,NY,FL,WA,IL,OH,PA,GA,MI"
SWEEPS = ("h10", "h52", "h208")
WATCHED = ("a", "d1", "d2", "h52", "i", "k")
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


@dataclass
class Way:
    """One way to execute, with what it needs before each timing and what was measured."""

    label: str
    command: list[list[str]]
    notebooks: int = 0
    prepare: Callable[[Path], None] = lambda copy: None
    own_time: bool = False
    seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0

    @property
    def key(self) -> str:
        """The letters in brackets."""
        return self.label[1 : self.label.index(")")]


def measured(way: Way, copy: Path, *, memory: bool) -> None:
    """Run a way once and note its wall seconds or the largest memory of all its processes (proportional set size)."""
    way.prepare(copy)
    environment = {
        **os.environ,
        "CITYRESEARCH_ROOT": str(copy),
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(PROJECT),
    }
    peak = 0.0
    start = time.perf_counter()
    told = 0.0
    for command in way.command:
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen(command, cwd=copy, env=environment, stdout=said, stderr=subprocess.DEVNULL)
            root = psutil.Process(process.pid)
            while memory and process.poll() is None:
                peak = max(peak, _memory(root))
                time.sleep(0.1)
            process.wait()
            said.seek(0)
            output = said.read()
        if process.returncode:
            raise SystemExit(f"{way.label}: {' '.join(command)} ended with {process.returncode}")
        told = float(output) if way.own_time else 0.0
    if memory:
        way.peak_mb = peak / 1e6
    else:
        way.seconds.append(told if way.own_time else time.perf_counter() - start)


def _memory(root: psutil.Process) -> float:
    total = 0.0
    try:
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_full_info().pss
    except psutil.Error:
        pass
    return total


def ways(copy: Path, names: list[str]) -> list[Way]:
    """Return the ways to compare, for a copy of the project."""
    runner = [sys.executable, "-c", "from cityresearch.cli import main; main()"]
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar"]
    out = copy / "build" / "bench"
    out.mkdir(parents=True, exist_ok=True)

    def cold(copy: Path) -> None:
        shutil.rmtree(copy / "build" / "notebooks", ignore_errors=True)
        (copy / "build" / "runs.lock").unlink(missing_ok=True)

    def warm(copy: Path) -> None:
        subprocess.run(
            [*runner, "run"],
            cwd=copy,
            env={**os.environ, "CITYRESEARCH_ROOT": str(copy)},
            check=True,
            capture_output=True,
        )

    def edited(name: str) -> Callable[[Path], None]:
        def prepare(copy: Path) -> None:
            warm(copy)
            path = copy / "notebooks" / f"{name}.ipynb"
            content = json.loads(path.read_text())
            cell = [c for c in content["cells"] if c["cell_type"] == "code"][-1]
            cell["source"] = [f"# {time.time_ns()}\n", *cell["source"]]
            path.write_text(json.dumps(content))

        return prepare

    def touched(copy: Path) -> None:
        warm(copy)
        path = copy / "data" / "raw" / "metro_sets.csv"
        before = path.read_bytes()
        changed = (
            before.replace(b"carnegie-2026\n", b"meridian-2025\n", 1)
            if b"meridian-2025" not in before
            else before.replace(b"meridian-2025", b"carnegie-2026")
        )
        script = "import sys; from cityresearch.datasets import store; store.store_table('metro_sets', sys.stdin.buffer.read())"
        subprocess.run(
            [sys.executable, "-c", script],
            input=changed,
            env={**os.environ, "CITYRESEARCH_ROOT": str(copy)},
            check=True,
        )

    def sweep(*over: str) -> list[list[str]]:
        wishes = [part for wish in over for part in ("--over", wish)]
        return [[*runner, "sweep", "01-metro-exports", *wishes, "--output", str(out / "sweep")]]

    def no_sweep(copy: Path) -> None:
        shutil.rmtree(out / "sweep", ignore_errors=True)

    notebooks = [str(copy / "notebooks" / name) for name in names]
    return [
        Way("(a) papermill command, one after another", [[*papermill, n, str(out / Path(n).name), "--cwd", str(copy / "notebooks")] for n in notebooks]),
        Way("(b) jupyter nbconvert --execute, one after another", [[sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", n, "--output-dir", str(out)] for n in notebooks]),
        Way("(c) jupyter execute, one after another", [[str(BIN / "jupyter-execute"), n, "--output", str(out / Path(n).stem)] for n in notebooks]),
        Way("(d1) cityresearch run, cold, jobs 1", [[*runner, "run", "--jobs", "1"]], prepare=cold),
        Way("(d2) cityresearch run, cold, jobs 2", [[*runner, "run", "--jobs", "2"]], prepare=cold),
        Way("(e) cityresearch run, nothing changed", [[*runner, "run"]], prepare=warm),
        Way("(f1) cityresearch run, a chapter of middle length edited", [[*runner, "run"]], prepare=edited(MIDDLE)),
        Way("(f2) cityresearch run, the longest chapter edited", [[*runner, "run"]], prepare=edited(LONGEST)),
        Way("(g) cityresearch run, one data file changed", [[*runner, "run"]], prepare=touched),
        Way("(h10) cityresearch sweep of chapter 01, 10 states", sweep(f"state={TEN}"), 10, no_sweep),
        Way("(h52) the same, all 52 states and territories", sweep("state=all"), 52, no_sweep),
        Way("(h208) the same, four years of each", sweep("state=all", "year=2020:2023"), 208, no_sweep),
        Way("(i) floor: the cells in one warm process", [[sys.executable, "-c", FLOOR, *names]], own_time=True),
        Way("(j) library load alone", [[sys.executable, "-c", LOAD]]),
        Way("(k) a small notebook, 00-findings, under papermill", [[*papermill, notebooks[0], str(out / names[0]), "--cwd", str(copy / "notebooks")]]),
    ]  # fmt: skip


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", default="", help="Ways to run, such as a,d2,i.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cityresearch-bench-") as scratch:
        copy = Path(scratch) / "project"
        for name in ("data", "notebooks", "figures"):
            shutil.copytree(PROJECT / name, copy / name)
        shutil.copy(PROJECT / "requirements.lock", copy)
        names = sorted(p.name for p in (copy / "notebooks").glob("[0-9]*.ipynb"))
        chosen = [w for w in ways(copy, names) if not arguments.only or w.key in arguments.only.split(",")]
        for number in range(1, arguments.repeat + 1):
            for way in chosen:
                measured(way, copy, memory=False)
                print(f"round {number}: {way.label}: {way.seconds[-1]:.2f} s", flush=True)
        for way in (w for w in chosen if w.key in WATCHED):
            measured(way, copy, memory=True)
            print(f"memory: {way.label}: {way.peak_mb:.0f} MB", flush=True)
    if not arguments.only:
        (PROJECT / "docs" / "benchmarks.md").write_text(report(chosen, names, arguments.repeat), encoding="utf-8")


def report(chosen: list[Way], names: list[str], repeat: int) -> str:
    """Return the Markdown page: machine, medians with range, ratios to (a), peak memory, and what the project aims at."""
    by_key = {way.key: way for way in chosen}

    def middle(key: str) -> float:
        return statistics.median(by_key[key].seconds)

    def ratio(key: str) -> float:
        # within a round, for the machine's speed changes from round to round
        return statistics.median(x / y for x, y in zip(by_key[key].seconds, by_key["a"].seconds, strict=True))

    def memory(key: str) -> float:
        return by_key[key].peak_mb

    cores = os.cpu_count() or 1
    lines = [
        "# Benchmarks",
        "",
        f"Made by `make bench`: {len(names)} notebooks, {repeat} interleaved rounds; median (lowest to highest) wall seconds; peak memory is the largest sum of",
        "proportional set sizes over all processes in a round of its own. The load of other programs on the machine was not controlled;",
        "ratios are medians of the rounds' own ratios, since the machine's speed changed from round to round.",
        "",
        f"Machine: {cores} processors, {psutil.virtual_memory().total / 2**30:.0f} GiB; {platform.platform()}; Python {platform.python_version()}.",
        "",
        "| way | seconds | of (a) | peak MB |",
        "|---|---:|---:|---:|",
    ]
    for way in chosen:
        seconds = statistics.median(way.seconds)
        span = f"{seconds:.2f} ({min(way.seconds):.2f} to {max(way.seconds):.2f})"
        lines.append(f"| {way.label} | {span} | {ratio(way.key):.3f} | {f'{way.peak_mb:.0f}' if way.peak_mb else ''} |")
    sweeps = "; ".join(
        f"{by_key[key].notebooks} notebooks {middle(key) / by_key[key].notebooks * cores:.2f}" for key in SWEEPS
    )
    lines += [
        "",
        "| aim | measured |",
        "|---|---|",
        f"| all notebooks cold with two jobs: at most 0.15 of papermill's command | {ratio('d2'):.3f} |",
        f"| the same: at most the floor (twice it over two jobs) and the library load, {middle('i') + middle('j'):.1f} s | {middle('d2'):.1f} s |",
        f"| nothing changed: at most 1.0 s | {middle('e'):.2f} s |",
        f"| one notebook edited: at most 2.5 s | {middle('f1'):.2f} s for a chapter of middle length, {middle('f2'):.2f} s for the longest |",
        f"| sweep: at most 0.4 s per notebook and core, start included; linear | {sweeps} |",
        f"| peak memory: at most 1.5 of one notebook under papermill, per job | of the largest notebook (a) {memory('d1') / memory('a'):.2f} with one job, {memory('d2') / memory('a') / 2:.2f} with two; of a small one (k) {memory('d1') / memory('k'):.2f} and {memory('d2') / memory('k') / 2:.2f} |",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
