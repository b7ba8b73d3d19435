"""Run a piece of Python that uses the pool in a process of its own, which has one thread, unlike a test runner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import nbformat
import warm
from torture import notebook

HERE = Path(__file__).parent
PREAMBLE = """
import dataclasses, json, logging, os, sys
from pathlib import Path
from cityresearch.execution import engine, fork, job, pool
from cityresearch.execution.job import Job
from cityresearch.execution.limits import NO_LIMITS, Limits
logging.basicConfig(format="%(message)s")

def plain(outcomes):
    rows = []
    for one in outcomes:
        row = {f.name: getattr(one, f.name) for f in dataclasses.fields(one) if f.name != "job"}
        row["error"] = one.error and dataclasses.asdict(one.error)
        row["used"] = one.used and one.used.as_json()
        rows.append(row)
    return rows

def tell(value):
    print("TOLD " + json.dumps(value, default=str), flush=True)
"""


def start(code: str, folder: Path, **environment: str) -> subprocess.Popen:
    """Start Python in a folder with the pool's names at hand; what it passes to `tell` is read by `told`."""
    variables = {**os.environ, "PYTHONPATH": str(HERE.parent), "OPENBLAS_NUM_THREADS": "1", **environment}
    return subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + textwrap.dedent(code)],
        cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def told(process: subprocess.Popen, timeout: float = 60) -> list:
    """Return what the process told, when it has ended; its error output is in `process.said`."""
    out, process.said = process.communicate(timeout=timeout)
    return _told(out, process.said)


def _told(out: str, said: str) -> list:
    lines = [json.loads(line.removeprefix("TOLD ")) for line in out.splitlines() if line.startswith("TOLD ")]
    assert lines, said
    return lines


def run(code: str, folder: Path, **environment: str):
    """Return the last thing that a piece of Python tells."""
    done = warm.run(PREAMBLE + textwrap.dedent(code), [], folder, {**os.environ, **environment}, timeout=300)
    return _told(done.stdout, done.stderr)[-1]


def write(folder: Path, name: str, *cells):
    nbformat.write(notebook(*cells), folder / f"{name}.ipynb")


def run_one(folder, extra="", prepare=""):
    code = f"{prepare}\ntell(plain(pool.run_all([Job(Path('n.ipynb'), Path('out/n.ipynb'){extra})])))"
    return run(code, folder)[0]


def run_each(folder, sources, extra=""):
    """Run notebooks of one cell in one process, as many as there are sources, and return their outcomes in that order."""
    names = [f"n{number}" for number in range(len(sources))]
    for name, source in zip(names, sources, strict=True):
        write(folder, name, *([source] if isinstance(source, str) else source))
    jobs = ", ".join(f"Job(Path('{name}.ipynb'), Path('out/{name}.ipynb'){extra})" for name in names)
    return run(f"tell(plain(pool.run_all([{jobs}])))", folder)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(path: Path, seconds: float = 30) -> str:
    deadline = time.monotonic() + seconds
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.05)
    return path.read_text()
