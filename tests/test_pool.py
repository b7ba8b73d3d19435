"""What a person relies on when many notebooks run: results are safe, failures are named, nothing is shared."""

import os
import signal
import time
from pathlib import Path

import nbformat
import pytest
from runner import run, start, told
from torture import notebook


def write(folder: Path, name: str, *cells):
    nbformat.write(notebook(*cells), folder / f"{name}.ipynb")


def run_one(folder, extra="", prepare=""):
    code = f"{prepare}\ntell(plain(pool.run_all([Job(Path('n.ipynb'), Path('out/n.ipynb'){extra})])))"
    return run(code, folder)[0]


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


def test_a_finished_notebook_holds_outputs_parameters_and_costs(tmp_path):
    write(
        tmp_path, "n", ("year = 1", "parameters"), "print(year)", "import time; time.sleep(0.2); b = bytearray(10**8)"
    )
    outcome = run_one(tmp_path, ", parameters={'year': 2023}")
    nb = nbformat.read(tmp_path / "out/n.ipynb", 4)
    assert outcome["status"] == "done" and outcome["error"] is None and outcome["cells"] == 4
    assert nb.cells[2].outputs[0].text == "2023\n"
    assert nb.metadata.papermill.parameters == {"year": 2023} and nb.metadata.papermill.duration > 0.2
    assert [cell.metadata.papermill.status for cell in nb.cells] == ["completed"] * 4
    costs = [cell.metadata.cityresearch for cell in nb.cells]
    assert costs[3].seconds >= 0.2 > costs[2].seconds
    assert costs[3].peak_rss_mb > costs[2].peak_rss_mb + 90
    assert outcome["peak_rss_mb"] == costs[3].peak_rss_mb
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["n.ipynb"]


def test_an_error_names_the_cell_and_line_of_the_stored_notebook_and_spares_the_old_output(tmp_path):
    write(tmp_path, "n", ("year = 1", "parameters"), "print('fine')", "x = 1\n\ny = x / 0", "print('never')")
    nb = nbformat.read(tmp_path / "n.ipynb", 4)
    nb.cells.insert(1, nbformat.v4.new_markdown_cell("prose"))
    nbformat.write(nb, tmp_path / "n.ipynb")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/n.ipynb").write_text("good")
    outcome = run_one(tmp_path, ", parameters={'year': 2023}")
    assert outcome["status"] == "failed"
    assert outcome["error"] == {
        "cell": 3, "index": 3, "line": 3, "name": "ZeroDivisionError", "message": "division by zero",
    }  # fmt: skip
    assert outcome["message"] == "n.ipynb failed in code cell 3, line 3: ZeroDivisionError: division by zero"
    assert (tmp_path / "out/n.ipynb").read_text() == "good"
    failed = nbformat.read(outcome["failed_notebook"], 4)
    assert Path(outcome["failed_notebook"]).name == "n.failed.ipynb"
    assert failed.cells[4].outputs[0].ename == "ZeroDivisionError" and not failed.cells[5].outputs


def test_a_bad_injected_parameter_is_not_blamed_on_a_cell_of_the_notebook(tmp_path):
    write(tmp_path, "n", ("year = 1", "parameters"), "1/0")
    prepare = "job.parameterize_notebook.__globals__['translate_parameters'] = lambda *a, **k: 'raise ValueError(3)'"
    outcome = run_one(tmp_path, ", parameters={'year': 2023}", prepare)
    assert outcome["error"]["cell"] is None and "failed in the injected parameters" in outcome["message"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\nif True print(x)", 2),
        ("def f():\n    return 1/0\n\n\nf()", 2),
        ("await g(\n  1)", 1),
        ("!true\n\n1/0", 3),
    ],
)
def test_the_line_is_the_one_a_person_would_look_at(tmp_path, source, line):
    write(tmp_path, "n", source)
    assert run_one(tmp_path)["error"]["line"] == line


def test_a_success_removes_the_notebook_of_an_earlier_failure(tmp_path):
    write(tmp_path, "n", "1/0")
    assert run_one(tmp_path)["status"] == "failed"
    write(tmp_path, "n", "1")
    assert run_one(tmp_path)["status"] == "done"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["n.ipynb"]


def test_allowed_errors_and_a_clean_exit_do_not_fail_a_run(tmp_path):
    write(tmp_path, "n", ("1/0", "raises-exception"), "import sys; sys.exit(0)")
    assert run_one(tmp_path)["status"] == "done"
    write(tmp_path, "n", "import sys; sys.exit('no data')")
    outcome = run_one(tmp_path)
    assert (outcome["status"], outcome["error"]["message"]) == ("failed", "no data")


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


def test_what_a_notebook_leaves_for_its_end_is_done_and_no_folder_stays_behind(tmp_path):
    (tmp_path / "tmp").mkdir()
    write(
        tmp_path,
        "n",
        "import atexit, tempfile, pathlib, threading, time\nkept = tempfile.TemporaryDirectory()\n"
        "atexit.register(pathlib.Path('at exit').write_text, 'x')\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), pathlib.Path('by thread').write_text('x'))).start()",
    )
    write(tmp_path, "k", "import os; os.kill(os.getppid(), 9)")
    code = "tell([o.status for o in pool.run_all([Job(Path(f'{n}.ipynb'), Path(f'o/{n}')) for n in 'nk'])])"
    prepare = "import atexit\natexit.register(lambda: open('parent', 'a').write('x'))\n"
    assert run(prepare + code, tmp_path, TMPDIR=str(tmp_path / "tmp")) == ["done", "failed"]
    assert (tmp_path / "at exit").exists() and (tmp_path / "by thread").exists()
    assert (tmp_path / "parent").read_text() == "x"
    assert not list((tmp_path / "tmp").iterdir())


def test_a_killed_cell_leaves_the_outputs_before_it(tmp_path):
    write(tmp_path, "n", "print('kept')", "import os; os.abort()")
    outcome = run_one(tmp_path)
    assert "SIGABRT" in outcome["error"]["message"] and outcome["error"]["cell"] == 2
    assert nbformat.read(outcome["failed_notebook"], 4).cells[0].outputs[0].text == "kept\n"


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


def test_a_notebook_leaves_no_process_behind(tmp_path):
    write(tmp_path, "n", "import subprocess, pathlib\n"
          "pathlib.Path('pid').write_text(str(subprocess.Popen(['sleep', '600']).pid))")  # fmt: skip
    assert run_one(tmp_path)["status"] == "done"
    assert not is_alive(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(("limit", "name"), [("cell_timeout", "CellTimeoutError"), ("timeout", None)])
def test_a_notebook_that_takes_too_long_is_ended(tmp_path, limit, name):
    write(tmp_path, "n", "1", "try:\n    import time; time.sleep(60)\nexcept BaseException:\n    time.sleep(60)")
    outcome = run_one(tmp_path, f", {limit}=1.5")
    assert outcome["status"] == "failed" and outcome["seconds"] < 10
    assert (outcome["error"] and outcome["error"]["name"]) == name
    assert "took longer than 1.5 s" in outcome["message"] and "code cell 2" in outcome["message"]


def test_the_outcome_lists_the_data_files_read_and_the_modules_loaded(tmp_path):
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    for name in ("read.csv", "deep/read.txt", "unread.csv"):
        (data / name).write_text("a\n1\n")
    (tmp_path / "elsewhere.csv").write_text("a\n1\n")
    (tmp_path / "work").mkdir()
    write(
        tmp_path, "n",
        "import pandas as pd, os\nfrom pathlib import Path\npd.read_csv('../data/read.csv'); os.chdir('../data/deep')\n"
        "Path('read.txt').read_text(); Path('../written.csv').write_text('a'); open('../../elsewhere.csv').close()\n"
        "try: open('../missing.csv')\nexcept FileNotFoundError: pass\nimport cityresearch.execution.pool",
    )  # fmt: skip
    outcome = run_one(tmp_path, ", data_root=Path('data'), cwd=Path('work')")
    assert outcome["opened"] == ["deep/read.txt", "read.csv"]
    assert {"cityresearch", "cityresearch.execution.pool"} <= set(outcome["modules"])
    assert all(module.split(".")[0] == "cityresearch" for module in outcome["modules"])


def test_a_cached_reading_counts_as_read(tmp_path):
    (tmp_path / "data").mkdir()
    for name in ("cached.csv", "unused.csv"):
        (tmp_path / "data" / name).write_text("a\n1\n")
    write(
        tmp_path,
        "n",
        "from cityresearch.files import version\nfrom pathlib import Path\nversion(Path('data/cached.csv').absolute())",
    )
    assert run_one(tmp_path, ", data_root=Path('data')")["opened"] == ["cached.csv"]


def test_start_up_files_of_the_user_are_not_read(tmp_path):
    startup = tmp_path / "ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("leaked = 1\n")
    write(tmp_path, "n", "print('leaked' in globals())")
    code = "tell([o.status for o in pool.run_all([Job(Path('n.ipynb'), Path('out/n.ipynb'))])])"
    for prepare in ("", "engine.can_fork = lambda: False\n"):
        run(prepare + code, tmp_path, IPYTHONDIR=str(tmp_path / "ipython"))
        assert nbformat.read(tmp_path / "out/n.ipynb", 4).cells[0].outputs[0].text == "False\n"


def test_a_parent_with_threads_is_refused_and_says_which(tmp_path):
    write(tmp_path, "n", "1")
    text = run(
        "import threading\nthreading.Thread(target=threading.Event().wait, name='watcher', daemon=True).start()\n"
        "try:\n    pool.run_all([Job(Path('n.ipynb'), Path('out/n.ipynb'))])\n"
        "except fork.UnsafeForkError as error:\n    tell(str(error))",
        tmp_path,
    )
    assert "watcher" in text and not (tmp_path / "out").exists()


def test_without_fork_notebooks_run_in_kernels_and_that_is_said_once(tmp_path):
    write(tmp_path, "a", "print(1)")
    write(tmp_path, "b", "1/0")
    write(tmp_path, "c", "1", "import os; os.kill(os.getpid(), 9)", "2")
    write(tmp_path, "d", "1", "import time; time.sleep(60)", "2")
    process = start(
        "pool.can_fork = engine.can_fork = lambda: False\n"
        "for name in 'abcd':\n"
        "    one = job.execute(Job(Path(f'{name}.ipynb'), Path(f'out/{name}.ipynb'), cell_timeout=2))\n    tell(plain([one])[0])",
        tmp_path,
    )
    first, second, *ended = told(process)
    assert (first["status"], first["opened"]) == ("done", None)
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


def test_frames_print_as_in_a_kernel_even_when_the_parent_had_loaded_pandas(tmp_path):
    write(tmp_path, "n", "import pandas as pd; print(pd.get_option('display.max_columns'))")
    assert run_one(tmp_path, prepare="import pandas")["status"] == "done"
    assert nbformat.read(tmp_path / "out/n.ipynb", 4).cells[0].outputs[0].text == "20\n"


def test_a_notebook_without_kernel_metadata_runs_with_parameters(tmp_path):
    nb = notebook(("year = 1", "parameters"), "print(year)")
    nb.metadata.clear()
    nbformat.write(nb, tmp_path / "n.ipynb")
    assert run_one(tmp_path, ", parameters={'year': 2}")["status"] == "done"


def test_exit_ends_the_run_and_fails_it_when_cells_follow(tmp_path):
    write(tmp_path, "n", "print(1); exit()")
    outcome = run_one(tmp_path, ", data_root=Path('.')")
    assert (outcome["status"], outcome["opened"]) == ("done", [])
    write(tmp_path, "n", "print(1); exit()", "import time; time.sleep(60)")
    outcome = run_one(tmp_path)
    assert outcome["error"]["cell"] == 2 and "exit()" in outcome["message"]


def test_text_that_is_not_unicode_does_not_end_the_run(tmp_path):
    write(tmp_path, "n", "print('a\\ud800b é')")
    assert run_one(tmp_path)["status"] == "done"
    assert nbformat.read(tmp_path / "out/n.ipynb", 4).cells[0].outputs[0].text == "a?b é\n"


def test_a_death_is_noticed_although_a_process_of_the_notebook_lives_on(tmp_path):
    write(
        tmp_path,
        "n",
        "import multiprocessing, os, time\n"
        "multiprocessing.get_context('fork').Process(target=time.sleep, args=(600,)).start()\n"
        "os.kill(os.getpid(), 9)",
    )
    outcome = run_one(tmp_path)
    assert outcome["seconds"] < 20 and "SIGKILL" in outcome["message"]


def test_figures_appear_even_when_the_parent_has_drawn(tmp_path):
    write(tmp_path, "n", "import matplotlib.pyplot as plt\nplt.plot([1]);")
    prepare = (
        "fork.warm_up(('matplotlib.pyplot', 'matplotlib_inline.backend_inline'))\n"
        "import matplotlib.pyplot as plt\nplt.plot([1]); plt.close()"
    )
    assert run_one(tmp_path, prepare=prepare)["status"] == "done"
    outputs = nbformat.read(tmp_path / "out/n.ipynb", 4).cells[0].outputs
    assert [set(output.data) for output in outputs] == [{"image/png", "text/plain"}]


def test_warming_up_refuses_a_module_that_changes_the_look_of_figures(tmp_path):
    (tmp_path / "styled.py").write_text("import matplotlib; matplotlib.rcParams['lines.linewidth'] = 4\n")
    text = run("try:\n    fork.warm_up(['matplotlib', 'styled'])\nexcept RuntimeError as e:\n    tell(str(e))", tmp_path,
               MPLBACKEND="agg")  # fmt: skip
    assert "lines.linewidth" in text
