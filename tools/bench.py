"""Compare ways to execute the chapters, interleaved, and write docs/benchmarks.md.

Run with `make bench`. Ways (a) to (c) start a Jupyter kernel per notebook; (d) to (h), (l) and (m) are this project's commands; (i) is the
floor: the same cells in one warm process without any notebook machinery. Memory is looked at in a round of its own, since looking takes time.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
from bench_page import Facts, page
from bench_ways import PROJECT, RUNNER, Way, environment, ways

NO_NBMAKE = (
    "(a3) is left out, for nbmake is not installed: pip install --no-deps --target FOLDER nbmake, "
    "then PYTHONPATH=FOLDER make bench."
)


def measure(way: Way, copy: Path) -> str:
    """Run a way once, note its wall seconds, and return them in words."""
    way.prepare()
    if way.parts:
        took = way.parts()
        for name, seconds in took.items():
            way.by_part.setdefault(name, []).append(seconds)
        way.seconds.append(statistics.median(took.values()))
        longest = max(took, key=took.__getitem__)
        return f"{way.seconds[-1]:.2f} s, longest {longest} {took[longest]:.2f} s"
    start = time.perf_counter()
    said = _run(way, copy, weighed=way.once and way.watched)
    seconds = time.perf_counter() - start
    way.seconds.append(float(said) if way.own_time else seconds)
    return f"{way.seconds[-1]:.2f} s"


def weigh(way: Way, copy: Path) -> None:
    """Run a way once, and note the largest memory of all its processes together (proportional set size)."""
    way.prepare()
    _run(way, copy, weighed=True)


def _run(way: Way, copy: Path, *, weighed: bool = False) -> str:
    """Run the commands of a way, some at the same time, and return what the last one printed.

    Raises
    ------
    SystemExit
        If one fails.
    """
    root = way.code or copy
    variables = environment(root, way.code or PROJECT)
    waiting = list(enumerate(way.commands))[::-1]
    running: list[tuple[subprocess.Popen[str], Path]] = []
    said = ""
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < way.at_once:
                number, command = waiting.pop()
                log = Path(folder) / str(number)
                with log.open("w") as out, log.with_suffix(".wrong").open("w") as wrong:
                    process = subprocess.Popen(command, cwd=root, env=variables, stdout=out, stderr=wrong)
                running.append((process, log))
            if weighed:
                way.peak_mb = max(way.peak_mb, sum(_memory(process.pid) for process, _ in running) / 1e6)
                time.sleep(way.look_seconds)
            elif len(running) == 1:
                running[0][0].wait()
            else:
                time.sleep(0.02)
            for process, log in [pair for pair in running if pair[0].poll() is not None]:
                running.remove((process, log))
                said = log.read_text(errors="replace")
                if process.returncode:
                    _stop(running)
                    wrong = log.with_suffix(".wrong").read_text(errors="replace")
                    last = "\n".join([*said.splitlines()[-3:], *wrong.splitlines()[-3:]])
                    raise SystemExit(f"({way.key}) {' '.join(process.args)} ended with {process.returncode}:\n{last}")
    return said


def _stop(running: list[tuple[subprocess.Popen[str], Path]]) -> None:
    for process, _ in running:
        process.terminate()
        process.wait()


def _memory(pid: int) -> float:
    total = 0.0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_full_info().pss
    except psutil.Error:
        pass
    return total


def unpacked(commit: str, folder: Path) -> Path:
    """Unpack an earlier commit with its notebooks and its package.

    Raises
    ------
    SystemExit
        If there is no such commit.
    """
    folder.mkdir()
    packed = subprocess.run(["git", "archive", commit], cwd=PROJECT, capture_output=True)
    if packed.returncode:
        raise SystemExit(
            f"--before takes a commit of this repository, found {commit!r}: {packed.stderr.decode().strip()}"
        )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    return folder


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="How many rounds.")
    parser.add_argument("--only", default="", help="Ways to run, such as a,d2,i; then no page is written.")
    parser.add_argument("--large", action="store_true", help="Sweep 3,120 notebooks too, once.")
    parser.add_argument(
        "--before", default="", metavar="COMMIT", help="Compare the cells with those of this earlier commit."
    )
    parser.add_argument("--output", type=Path, default=PROJECT / "docs" / "benchmarks.md", help="Where the page goes.")
    arguments = parser.parse_args()
    wanted = {key for key in arguments.only.split(",") if key}
    with tempfile.TemporaryDirectory(prefix="cityresearch-bench-") as scratch:
        copy = Path(scratch) / "project"
        for name in ("data", "notebooks", "figures", "docs"):
            shutil.copytree(PROJECT / name, copy / name)
        for name in ("requirements.lock", "README.md"):
            shutil.copy(PROJECT / name, copy)
        earlier = unpacked(arguments.before, Path(scratch) / "before") if arguments.before else None
        print("first run of the copy ...", flush=True)
        subprocess.run([*RUNNER, "run"], cwd=copy, env=environment(copy), check=True, capture_output=True)
        known = ways(copy, earlier)
        unknown = sorted(wanted - {way.key for way in known})
        if unknown:
            raise SystemExit(f"--only takes {', '.join(way.key for way in known)}, found {', '.join(unknown)}.")
        chosen = [way for way in known if not wanted or way.key in wanted]
        if not arguments.large:
            chosen = [way for way in chosen if way.key != "h3000"]
        if importlib.util.find_spec("nbmake") is None and any(way.key == "a3" for way in chosen):
            print(NO_NBMAKE, flush=True)
            chosen = [way for way in chosen if way.key != "a3"]
        for number in range(1, arguments.repeat + 1):
            for way in chosen:
                if number == 1 or not way.once:
                    print(f"round {number}: ({way.key}) {way.label}: {measure(way, copy)}", flush=True)
        for way in chosen:
            if way.watched and not way.once:
                weigh(way, copy)
                print(f"memory: ({way.key}) {way.label}: {way.peak_mb:.0f} MB", flush=True)
    if not wanted:
        arguments.output.write_text(page(chosen, _facts(arguments)), encoding="utf-8")


def _facts(arguments: argparse.Namespace) -> Facts:
    machine = (
        f"{os.cpu_count()} processors, {psutil.virtual_memory().total / 2**30:.0f} GiB; {platform.platform()}; "
        f"Python {platform.python_version()}"
    )
    notebooks = len(list((PROJECT / "notebooks").glob("[0-9]*.ipynb")))
    return Facts(machine, os.cpu_count() or 1, notebooks, arguments.repeat, arguments.before)


if __name__ == "__main__":
    main()
