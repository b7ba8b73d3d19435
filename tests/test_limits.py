"""What a notebook may take, and what becomes of what it started."""

from pathlib import Path

import nbformat
import pytest
from runner import is_alive, run_one, start, told, write
from test_streams import run_all

from cityresearch.execution import limits
from cityresearch.execution.limits import KEPT_CHARACTERS, Limits


def test_options_replace_defaults_and_zero_takes_a_limit_away(monkeypatch):
    monkeypatch.setattr(limits, "default_memory_mb", lambda: 1.0)
    assert Limits.of() == Limits()
    changed = Limits.of(cell_timeout=5, timeout=0, memory=100, output_size=2)
    assert changed == Limits(5, None, 100, 2, 10)


def test_memory_is_limited_by_the_machine_when_that_has_less(monkeypatch, tmp_path):
    (tmp_path / "max").write_text("1000000000\n")
    monkeypatch.setattr(limits, "CGROUP_LIMIT", tmp_path / "max")
    assert limits.default_memory_mb() == 800
    (tmp_path / "max").write_text("max\n")
    assert 800 < limits.default_memory_mb() <= limits.MEMORY_MB


TOO_MUCH = {
    "prints": ("x = 1\nwhile True: print('x' * 100_000)", "cell_output_mb=1", "--output-size", 2),
    "process": ("import subprocess\n\nsubprocess.run(['yes'])", "cell_output_mb=1", "--output-size", 3),
    "once": ("print('x' * 3_000_000)", "cell_output_mb=1", "--output-size", None),
    "display": ("from IPython.display import HTML\nHTML('x' * 3_000_000)", "cell_output_mb=1", "--output-size", None),
    "memory": ("kept = []\nwhile True:\n    kept.append(bytes(10**6))", "memory_mb=600", "--memory", 3),
}


@pytest.mark.long
@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_cell_that_takes_too_much_fails_with_a_sentence_that_says_how_to_allow_it(tmp_path, name):
    source, limit, option, line = TOO_MUCH[name]
    write(tmp_path, "n", "1", source, "print('never')")
    outcome = run_one(tmp_path, f", limits=Limits({limit}, cell_seconds=50)")
    assert outcome["status"] == "failed"
    assert outcome["message"].startswith("n.ipynb failed in code cell 2") and option in outcome["message"]
    assert "than " in outcome["message"] and " MB" in outcome["message"]
    if line:
        assert outcome["error"]["line"] == line
    cell = nbformat.read(outcome["failed_notebook"], 4).cells[1]
    assert cell.outputs[-1].output_type == "error"
    assert Path(outcome["failed_notebook"]).stat().st_size < 20 * KEPT_CHARACTERS
    if name != "memory":
        assert "left out" in str(cell.outputs)


def test_the_outputs_of_all_cells_together_are_limited_and_what_is_replaced_does_not_count(tmp_path):
    show = "from IPython.display import *\nfor i in range(5): clear_output(wait=True); display(HTML('x' * 900_000))"
    update = "h = display(HTML('x'), display_id=True)\nfor i in range(9): h.update(HTML('x' * 900_000))"
    outcomes, _ = run_all(
        tmp_path,
        {"few": [show, update], "many": ["print('x' * 900_000)"] * 9},
        "cell_output_mb=1, notebook_output_mb=6",
    )
    assert outcomes["few"]["status"] == "done"
    assert outcomes["many"]["error"]["cell"] == 7 and "limit of 6 MB for a notebook" in outcomes["many"]["message"]


DAEMON = (
    "import os, pathlib, subprocess, sys, time\n"
    "subprocess.run([sys.executable, '-c', '''\nimport os, pathlib, time\nif os.fork(): os._exit(0)\nos.setsid()\n"
    "if os.fork(): os._exit(0)\npathlib.Path('{0}.part').write_text(str(os.getpid()))\n"
    "os.rename('{0}.part', '{0}')\ntime.sleep(600)'''])\n"
    "while not pathlib.Path('{0}').exists(): time.sleep(0.01)\n"
)


@pytest.mark.long
def test_what_a_notebook_started_ends_with_it_however_it_hid_and_however_the_notebook_ended(tmp_path):
    endings = {
        "end": "",
        "exit": "os._exit(0)",
        "raise": "1 / 0",
        "hang": "time.sleep(600)",
        "worker": "os.kill(os.getppid(), 9)",
    }
    cells = {name: [DAEMON.format(f"{name}.pid") + ending] for name, ending in endings.items()}
    cells["workers"] = [
        "import multiprocessing, pathlib, time\n"
        "p = multiprocessing.get_context('fork').Process(target=time.sleep, args=(600,)); p.start()\n"
        "pathlib.Path('workers.pid').write_text(str(p.pid))"
    ]
    for name, sources in cells.items():
        write(tmp_path, name, *sources)
    code = (
        "limits = Limits(cell_seconds=10)\n"
        f"done = pool.run_all([Job(Path(f'{{n}}.ipynb'), Path(f'out/{{n}}.ipynb'), limits=limits) for n in {list(cells)}], 2)\n"
        "tell([one.status for one in done])"
    )
    statuses = dict(zip(cells, told(start(code, tmp_path), timeout=200)[-1], strict=True))
    assert statuses == dict.fromkeys(cells, "failed") | {"end": "done", "workers": "done"}
    for name in cells:
        assert not is_alive(int((tmp_path / f"{name}.pid").read_text())), name
