"""Kill runs at random moments, parent or child, and check that no file is truncated and that the next run is right.

Run with `python tools/kills.py 200`. It works on a copy of the project with three of its chapters.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import psutil

from cityresearch.runs.compare import published

PROJECT = Path(__file__).resolve().parents[1]
CHAPTERS = ("05-trade-and-work", "07-mission-outcomes", "11-city-profile")
CHECK_EVERY = 5
SPAN = (0.3, 3.5)  # seconds after the start; a run takes about as long as the later end


def run(copy: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a run of the copy."""
    command = [sys.executable, "-c", "from cityresearch.cli import main; main()", "run", "--jobs", "2", *arguments]
    environment = {**os.environ, "CITYRESEARCH_ROOT": str(copy), "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def results(copy: Path) -> dict[str, bytes]:
    """Return what a run leaves for readers."""
    return {name: (copy / name).read_bytes() for name in published(copy)}


def truncated(copy: Path) -> list[str]:
    """Return the files that cannot be read to their end, and temporary ones in the way of a reader."""
    found = []
    made = [copy / name for name in published(copy)]
    for path in [*(copy / "build").rglob("*.ipynb"), *made, *(copy / "data" / "raw").rglob("*.csv")]:
        try:
            match path.suffix:
                case ".ipynb" | ".json":
                    json.loads(path.read_text(encoding="utf-8"))
                case ".svg":
                    ET.fromstring(path.read_bytes())
                case ".csv":
                    with path.open(encoding="utf-8", newline="") as file:
                        widths = {len(row) for row in csv.reader(file)}
                    if len(widths) > 1 or not path.read_bytes().endswith(b"\n"):
                        found.append(path.name)
                case ".txt":
                    if not path.read_bytes().endswith(b"\n"):
                        found.append(path.name)
        except (ValueError, ET.ParseError):
            found.append(path.name)
    return found


def kill_one(parent: subprocess.Popen[bytes], chance: random.Random) -> str:
    """Kill the parent or one of the processes that it has started; return which."""
    try:
        children = psutil.Process(parent.pid).children(recursive=True)
        if children and chance.random() < 0.6:
            chance.choice(children).kill()
            parent.wait()
            return "child"
    except psutil.Error:
        pass
    if parent.poll() is not None:
        return "none: it had ended"
    parent.kill()
    parent.wait()
    return "parent"


def main() -> None:
    """Kill, check, and say what was found; exit with 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    victims: Counter[str] = Counter()
    wrong: list[str] = []
    start, checked = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="cityresearch-kills-") as scratch:
        copy = Path(scratch) / "project"
        # without the committed results, for a run refuses to publish where some of them are no longer made
        shutil.copytree(PROJECT / "data" / "raw", copy / "data" / "raw")
        for name in ("notebooks", "figures"):
            (copy / name).mkdir()
        shutil.copy(PROJECT / "figures" / "style.toml", copy / "figures")
        for name in CHAPTERS:
            shutil.copy(PROJECT / "notebooks" / f"{name}.ipynb", copy / "notebooks")
        assert run(copy).wait() == 0
        expected = results(copy)
        while victims["parent"] + victims["child"] < arguments.kills:
            parent = run(copy, "--force")
            time.sleep(chance.uniform(*SPAN))
            victims[kill_one(parent, chance)] += 1
            wrong += truncated(copy)
            if sum(victims.values()) % CHECK_EVERY == 0:
                checked += 1
                if run(copy).wait() != 0:
                    wrong.append("the next run failed")
                elif results(copy) != expected:
                    wrong.append("the next run gave other results")
    print(
        f"{dict(victims)}; {checked} next runs checked; wrong: {wrong or 'nothing'}; {time.monotonic() - start:.0f} s"
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
