"""What a person relies on when many notebooks run: results are safe, failures are named, nothing is shared."""

import signal

import nbformat
import pytest
from runner import is_alive, run, run_one, start, told, wait_for, write


@pytest.mark.long
def test_one_worker_runs_notebook_after_notebook_and_a_killed_one_is_replaced(tmp_path):
    for name in "abz":
        write(tmp_path, name, f"import os, pathlib\npathlib.Path('{name}').write_text(str(os.getppid()))")
    write(tmp_path, "k", "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL); time.sleep(9)")
    found = run(
        "tell(plain(pool.run_all([Job(Path(f'{n}.ipynb'), Path(f'out/{n}.ipynb')) for n in 'abkz'])))", tmp_path
    )
    assert [one["status"] for one in found] == ["done", "done", "failed", "done"]
    workers = [(tmp_path / name).read_text() for name in "abz"]
    assert workers[0] == workers[1] != workers[2]


@pytest.mark.long
def test_a_worker_killed_between_two_notebooks_costs_neither(tmp_path):
    write(tmp_path, "a", "1")
    write(tmp_path, "b", "2")
    found = run(
        "import os, signal, time\n"
        "def kill(event):\n"
        "    if event.kind == 'finished' and event.job.notebook.stem == 'a':\n"
        "        (worker,) = __import__('multiprocessing').active_children()\n"
        "        os.kill(worker.pid, signal.SIGKILL); worker.join(5)\n"
        "tell(plain(pool.run_all([Job(Path(f'{n}.ipynb'), Path(f'out/{n}.ipynb')) for n in 'ab'], 1, kill)))",
        tmp_path,
    )
    assert [one["status"] for one in found] == ["done", "done"]


def test_what_is_loaded_meanwhile_reaches_the_notebooks_that_waited(tmp_path):
    for name in "abc":
        write(tmp_path, name, f"import sys, pathlib\npathlib.Path('{name}').write_text(str('wave' in sys.modules))")
    run(
        "import importlib\n"
        "jobs = [Job(Path(f'{n}.ipynb'), Path(f'out/{n}.ipynb')) for n in 'abc']\n"
        "pool.run_all(jobs, 2, meanwhile=lambda: importlib.import_module('wave'))\ntell([])",
        tmp_path,
    )
    assert [(tmp_path / name).read_text() for name in "abc"] == ["False", "False", "True"]


def test_variables_of_a_job_are_set_for_that_job_only(tmp_path):
    write(
        tmp_path,
        "n",
        "import os, pathlib\nwith pathlib.Path('said').open('a') as f: print(os.environ.get('ONCE'), file=f)",
    )
    run(
        "one = Job(Path('n.ipynb'), Path('out/1.ipynb'), environment={'ONCE': 'yes'})\n"
        "tell(plain(pool.run_all([one, Job(Path('n.ipynb'), Path('out/2.ipynb'))])))",
        tmp_path,
    )
    assert (tmp_path / "said").read_text().split() == ["yes", "None"]


@pytest.mark.parametrize("victim", ["os.getpid()", "os.getppid()"])
def test_a_killed_process_is_a_failure_and_spares_the_old_output(tmp_path, victim):
    write(
        tmp_path,
        "n",
        ("a = 1", "parameters"),
        f"import os, signal, time\nos.kill({victim}, signal.SIGKILL); time.sleep(9)",
    )
    (tmp_path / "out").mkdir()
    (tmp_path / "out/n.ipynb").write_text("good")
    outcome = run_one(tmp_path, ", parameters={'a': 2}")
    assert outcome["status"] == "failed"
    assert "SIGKILL" in outcome["message"] and "code cell 2" in outcome["message"]
    assert (tmp_path / "out/n.ipynb").read_text() == "good"
    assert not list((tmp_path / "out").glob("*.tmp")) and not list((tmp_path / "out").glob(".*"))


def test_a_notebook_after_a_failed_one_still_runs_and_outcomes_keep_the_order_of_the_jobs(tmp_path):
    write(tmp_path, "a", "1/0")
    write(tmp_path, "b", "import os; os.kill(os.getppid(), 9)")
    write(tmp_path, "c", "3")
    (tmp_path / "d.ipynb").write_text("not a notebook")
    outcomes = run(
        "events = []\n"
        "jobs = [Job(Path(f'{n}.ipynb'), Path(f'out/{n}.ipynb')) for n in 'abcde']\n"
        "done = pool.run_all(jobs, 2, lambda e: events.append((e.kind, e.job.notebook.stem, e.cell, e.cells)))\n"
        "tell([[one.status for one in done], [one.message for one in done], events])",
        tmp_path,
    )
    assert outcomes[0] == ["failed", "failed", "done", "failed", "failed"]
    assert "d.ipynb cannot be read as a notebook" in outcomes[1][3] and "e.ipynb" in outcomes[1][4]
    ours = [event for event in outcomes[2] if event[1] == "c"]
    assert ours == [["started", "c", 0, 0], ["cell", "c", 1, 1], ["finished", "c", 1, 1]]


def test_two_notebooks_run_at_the_same_time_but_no_more_than_asked(tmp_path):
    meet = (
        "import time, pathlib\nme, other = {!r}, {!r}\npathlib.Path(me).write_text('here')\n"
        "for _ in range({}):\n    if pathlib.Path(other).exists(): break\n    time.sleep(0.05)\nelse:\n    1/0"
    )
    write(tmp_path, "a", meet.format("1", "2", 200))
    write(tmp_path, "b", meet.format("2", "1", 200))
    code = "tell([o.status for o in pool.run_all([Job(Path(f'{n}.ipynb'), Path(f'out/{n}')) for n in 'ab'], %d)])"
    assert run(code % 2, tmp_path) == ["done", "done"]
    write(tmp_path, "a", meet.format("3", "4", 10))
    write(tmp_path, "b", meet.format("4", "3", 10))
    assert run(code % 1, tmp_path) == ["failed", "done"]


def test_notebooks_share_no_state_with_each_other_or_with_the_parent(tmp_path):
    change = (
        "import os, sys, random, json, warnings, decimal\nimport numpy as np\nimport matplotlib as mpl\nimport pandas as pd\n"
        "print(os.environ.get('LEAK'), mpl.rcParams['lines.linewidth'], pd.get_option('display.precision'),"
        " getattr(json, 'leak', None), 'later' in globals(), len(In), os.path.basename(os.getcwd()))\n"
        "print(random.random(), np.random.rand(), os.getpid())\n"
        "os.environ['LEAK'] = json.leak = 'x'; mpl.rcParams['lines.linewidth'] = 9; pd.set_option('display.precision', 2)\n"
        "later = 1"
    )
    write(tmp_path, "a", change)
    write(tmp_path, "b", change)
    (tmp_path / "here").mkdir()
    told_back = run(
        "fork.warm_up(('numpy', 'pandas', 'matplotlib.pyplot'))\n"
        "jobs = [Job(Path(f'{n}.ipynb'), Path(f'out/{n}.ipynb'), cwd=Path('here')) for n in 'abab']\n"
        "jobs[2:] = [dataclasses.replace(j, output=Path(f'out/2{j.output.name}')) for j in jobs[2:]]\n"
        "statuses = [one.status for one in pool.run_all(jobs, 2)]\n"
        "import json as j, matplotlib as m\n"
        "tell([statuses, 'LEAK' in os.environ, hasattr(j, 'leak'), m.rcParams['lines.linewidth'], os.getcwd()])",
        tmp_path,
    )
    assert told_back == [["done"] * 4, False, False, 1.5, str(tmp_path)]
    texts = [nbformat.read(path, 4).cells[0].outputs[0].text for path in sorted((tmp_path / "out").iterdir())]
    assert {text.splitlines()[0] for text in texts} == {"None 1.5 6 None False 2 here"}
    draws = [text.splitlines()[1].split() for text in texts]
    assert all(len(set(column)) == 4 for column in zip(*draws, strict=True))


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_run_ends_every_process_and_says_what_was_done(tmp_path, number):
    write(tmp_path, "a", "1")
    write(
        tmp_path, "b",
        "import os, subprocess, pathlib, time\nchild = subprocess.Popen(['sleep', '600'])\n"
        "pathlib.Path('pids').write_text(f'{os.getpid()} {os.getppid()} {child.pid}')\ntime.sleep(600)",
    )  # fmt: skip
    write(tmp_path, "c", "1")
    process = start(
        "jobs = [Job(Path(f'{n}.ipynb'), Path(f'out/{n}.ipynb')) for n in 'abc']\n"
        "try:\n    pool.run_all(jobs, 1)\n"
        "except pool.RunStopped as stop:\n    tell([str(stop), [one.message for one in stop.outcomes]])",
        tmp_path,
        TMPDIR=str(tmp_path),
    )
    pids = [int(pid) for pid in wait_for(tmp_path / "pids").split()]
    assert all(is_alive(pid) for pid in pids)
    process.send_signal(number)
    text, messages = told(process, timeout=20)[-1]
    assert text == f"The run was stopped by {number.name}: 1 done, 1 stopped, 1 not started."
    assert messages[1] == "b.ipynb was stopped in code cell 1."
    assert not any(is_alive(pid) for pid in pids)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.ipynb"]
    assert not list(tmp_path.glob("ipython-*"))


def test_a_parent_with_threads_is_refused_and_says_which(tmp_path):
    write(tmp_path, "n", "1")
    text = run(
        "import threading\nthreading.Thread(target=threading.Event().wait, name='watcher', daemon=True).start()\n"
        "try:\n    pool.run_all([Job(Path('n.ipynb'), Path('out/n.ipynb'))])\n"
        "except fork.UnsafeForkError as error:\n    tell(str(error))",
        tmp_path,
    )
    assert "watcher" in text and not (tmp_path / "out").exists()


@pytest.mark.long
def test_without_fork_notebooks_run_in_kernels_and_that_is_said_once(tmp_path):
    write(tmp_path, "a", "print(1)")
    write(tmp_path, "b", "1/0")
    write(tmp_path, "c", "1", "import os; os.kill(os.getpid(), 9)", "2")
    write(tmp_path, "d", "1", "import time; time.sleep(60)", "2")
    process = start(
        "pool.can_fork = engine.can_fork = lambda: False\n"
        "for name in 'abcd':\n"
        "    one = job.execute(Job(Path(f'{name}.ipynb'), Path(f'out/{name}.ipynb'), limits=Limits(cell_seconds=2)))\n    tell(plain([one])[0])",
        tmp_path,
    )
    first, second, *ended = told(process)
    assert (first["status"], first["used"]) == ("done", None)
    assert (second["error"]["name"], second["error"]["cell"]) == ("ZeroDivisionError", 1)
    assert [(one["status"], one["error"]["name"], one["error"]["cell"]) for one in ended] == [
        ("failed", "DeadKernelError", 2),
        ("failed", "CellTimeoutError", 2),
    ]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "a.ipynb",
        "b.failed.ipynb",
        "c.failed.ipynb",
        "d.failed.ipynb",
    }
    assert process.said.count("no safe fork") == 1


@pytest.mark.long
def test_the_pool_also_works_with_spawned_processes(tmp_path):
    write(tmp_path, "a", "print(1)")
    code = (
        "pool.can_fork = lambda: False\ntell([o.status for o in pool.run_all([Job(Path('a.ipynb'), Path('o.ipynb'))])])"
    )
    (tmp_path / "main.py").write_text("")
    assert run(code, tmp_path) == ["done"]


def test_two_jobs_may_not_write_the_same_file(tmp_path):
    text = run(
        "try:\n    pool.run_all([Job(Path('a.ipynb'), Path('o')), Job(Path('b.ipynb'), Path('./o'))])\n"
        "except ValueError as error:\n    tell(str(error))",
        tmp_path,
    )
    assert text.startswith("Several jobs would write")


def test_warming_up_refuses_a_module_that_changes_the_look_of_figures(tmp_path):
    (tmp_path / "styled.py").write_text("import matplotlib; matplotlib.rcParams['lines.linewidth'] = 4\n")
    text = run("try:\n    fork.warm_up(['matplotlib', 'styled'])\nexcept RuntimeError as e:\n    tell(str(e))", tmp_path,
               MPLBACKEND="agg")  # fmt: skip
    assert "lines.linewidth" in text
