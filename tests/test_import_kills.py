"""An import that is killed leaves the old data or the new, never a mixture."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import publishers as p
import pytest
from conftest import PROJECT

KILLS = """
import os, random, signal, sys, time
from pathlib import Path
from cityresearch import datasets
from cityresearch.datasets import schema, store
from cityresearch.datasets.importers import importing
files = [Path(f).read_bytes() for f in sys.argv[1:]]
given = importing.NewSource("P", "T", license="cc0")

n, outcomes = 0, {"old": 0, "new": 0}

def run(n):
    found = importing.plan_content(files[outcomes["new"] % 2], "f.csv", "metro_exports", f"kill-{n}", given, importing.Options())
    importing.write(found)

def state():
    frame = datasets.load("metro_exports")
    sources = set(datasets.load("sources").index)
    assert set(frame["source_id"]) <= sources, "a row without its source"
    assert len(frame) == datasets.dataset("metro_exports").rows
    return datasets.dataset("metro_exports").sha256, len(sources)

def child(n, at_step=None):
    pid = os.fork()
    if pid == 0:
        if at_step is not None:
            steps = [0]
            def watch(event, args):
                if event in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir") and ".incoming" in str(args[0]):
                    steps[0] += 1
                    if steps[0] == at_step:
                        os.kill(os.getpid(), signal.SIGKILL)
            sys.addaudithook(watch)
        run(n)
        os._exit(0)
    return pid

def settle(before, pid):
    killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    after = state()
    same = after == before
    assert same or (after[0] != before[0] and after[1] == before[1] + 1), "neither old nor new"
    outcomes["old" if same else "new"] += 1
    return killed

step = 0
while True:
    step += 1; n += 1
    before = state()
    if not settle(before, child(n, step)):
        break
    assert step < 200
random.seed(7)
start = time.monotonic(); before = state(); n += 1; settle(before, child(n)); took = time.monotonic() - start
for _ in range(100):
    n += 1
    before = state()
    pid = child(n)
    time.sleep(random.uniform(0, took))
    os.kill(pid, signal.SIGKILL)
    settle(before, pid)
print(step, outcomes)
"""


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_an_import_killed_at_every_step_and_at_random_leaves_the_old_package_or_the_new_one(own_project):
    # two files that disagree, so that every import changes rows and adds a source
    for name, factor in (("a.csv", 2), ("b.csv", 3)):
        values = {t: {y: v * factor for y, v in years.items()} for t, years in p.published_metros().items()}
        (own_project / name).write_text(p.as_csv(p.ita(values, "USD")), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLS, own_project / "a.csv", own_project / "b.csv"],
        env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    steps, outcomes = result.stdout.split(" ", 1)
    assert int(steps) > 8
    assert all(count > 5 for count in ast.literal_eval(outcomes).values())
