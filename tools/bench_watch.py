"""How long `cityresearch run --watch` takes from the save of a chapter to its answer, for `tools/bench.py`."""

from __future__ import annotations

import json
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["answers"]

# the last line of an answer
ANSWER = re.compile(r"^[\d,]+ notebooks? run\b")
PATIENCE, END_SECONDS = 600.0, 30.0
# after an answer the watch loads what the next one needs, while a person goes on reading
LOADING_SECONDS, PAUSE_SECONDS = 8.0, 1.0


def answers(copy: Path, environment: Mapping[str, str], command: Sequence[str]) -> dict[str, float]:
    """Save each chapter with another comment in its last code cell, and return the seconds until its answer, by chapter.

    The chapters are put back as they were.

    Raises
    ------
    SystemExit
        If the watch ends, or says that a chapter failed.
    """
    chapters = sorted((copy / "notebooks").glob("[0-9]*.ipynb"))
    before = {path: path.read_bytes() for path in chapters}
    took = {}
    with subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _answered(process, "the start")
            time.sleep(LOADING_SECONDS)
            for path in chapters:
                content = json.loads(before[path])
                cell = [c for c in content["cells"] if c["cell_type"] == "code"][-1]
                cell["source"] = [*cell["source"], f"\n# {time.time_ns()}"]
                changed = json.dumps(content)
                start = time.perf_counter()
                path.write_text(changed, encoding="utf-8")
                _answered(process, path.stem)
                took[path.stem] = time.perf_counter() - start
                time.sleep(PAUSE_SECONDS)
        finally:
            for path, content in before.items():
                path.write_bytes(content)
            process.send_signal(signal.SIGINT)
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
    return took


def _answered(process: subprocess.Popen[bytes], what: str) -> None:
    """Read lines up to the last one of an answer."""
    deadline = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        rest = b""
        while time.monotonic() < deadline:
            if not waiting.select(1.0):
                continue
            read = process.stdout.read1()
            if not read:
                raise SystemExit(f"(l) cityresearch run --watch: it ended while {what} was to be answered.")
            *lines, rest = (rest + read).split(b"\n")
            for line in (one.decode("utf-8", "replace") for one in lines):
                if line.startswith("Failed:"):
                    raise SystemExit(f"(l) cityresearch run --watch: {what}: {line}")
                if ANSWER.match(line):
                    return
    raise SystemExit(f"(l) cityresearch run --watch: no answer to {what} within {PATIENCE:.0f} s.")
