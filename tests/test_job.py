"""One notebook in the pool: its outputs, its errors, its time limits, and what is recorded of it."""

from pathlib import Path

import nbformat
import pytest
from runner import is_alive, run, run_each, run_one, write
from torture import notebook


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
    prepare = (
        "from papermill.parameterize import parameterize_notebook\n"
        "parameterize_notebook.__globals__['translate_parameters'] = lambda *a, **k: 'raise ValueError(3)'"
    )
    outcome = run_one(tmp_path, ", parameters={'year': 2023}", prepare)
    assert outcome["error"]["cell"] is None and "failed in the injected parameters" in outcome["message"]


@pytest.mark.long
def test_the_line_is_the_one_a_person_would_look_at(tmp_path):
    lines = {
        "x = 1\nif True print(x)": 2,
        "def f():\n    return 1/0\n\n\nf()": 2,
        "await g(\n  1)": 1,
        "!true\n\n1/0": 3,
    }
    assert [outcome["error"]["line"] for outcome in run_each(tmp_path, [*lines])] == [*lines.values()]


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


@pytest.mark.long
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


def test_a_notebook_leaves_no_process_behind(tmp_path):
    write(tmp_path, "n", "import subprocess, pathlib\n"
          "pathlib.Path('pid').write_text(str(subprocess.Popen(['sleep', '600']).pid))")  # fmt: skip
    assert run_one(tmp_path)["status"] == "done"
    assert not is_alive(int((tmp_path / "pid").read_text()))


@pytest.mark.long
@pytest.mark.parametrize(
    ("limits", "name", "option"),
    [("cell_seconds=1.5", "CellTimeoutError", "--cell-timeout"), ("notebook_seconds=1.5", "LimitError", "--timeout")],
)
def test_a_notebook_that_takes_too_long_is_ended_and_its_words_and_the_line_are_kept(tmp_path, limits, name, option):
    source = "print('begun')\ntry:\n    import time; time.sleep(60)\nexcept BaseException:\n    time.sleep(60)"
    write(tmp_path, "n", "1", source, "print('never')")
    outcome = run_one(tmp_path, f", limits=Limits({limits})")
    assert outcome["status"] == "failed" and outcome["seconds"] < 50
    assert (outcome["error"]["name"], outcome["error"]["cell"], outcome["error"]["line"]) == (name, 2, 3)
    assert "took longer than 1.5 s" in outcome["message"] and option in outcome["message"]
    said, error = nbformat.read(outcome["failed_notebook"], 4).cells[1].outputs
    assert said.text == "begun\n" and "line 3" in error.traceback[1]


@pytest.mark.long
def test_start_up_files_of_the_user_are_not_read(tmp_path):
    startup = tmp_path / "ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("leaked = 1\n")
    write(tmp_path, "n", "print('leaked' in globals())")
    code = "tell([o.status for o in pool.run_all([Job(Path('n.ipynb'), Path('out/n.ipynb'))])])"
    for prepare in ("", "engine.can_fork = lambda: False\n"):
        run(prepare + code, tmp_path, IPYTHONDIR=str(tmp_path / "ipython"))
        assert nbformat.read(tmp_path / "out/n.ipynb", 4).cells[0].outputs[0].text == "False\n"


def test_frames_print_as_in_a_kernel_even_when_the_parent_had_loaded_pandas(tmp_path):
    write(tmp_path, "n", "import pandas as pd; print(pd.get_option('display.max_columns'))")
    assert run_one(tmp_path, prepare="import pandas")["status"] == "done"
    assert nbformat.read(tmp_path / "out/n.ipynb", 4).cells[0].outputs[0].text == "20\n"


def test_a_notebook_without_kernel_metadata_runs_with_parameters(tmp_path):
    nb = notebook(("year = 1", "parameters"), "print(year)")
    nb.metadata.clear()
    nbformat.write(nb, tmp_path / "n.ipynb")
    assert run_one(tmp_path, ", parameters={'year': 2}")["status"] == "done"


def test_an_exit_is_a_success_that_says_how_many_code_cells_did_not_run(tmp_path):
    endings = [f"print(1); {ending}" for ending in ("exit()", "import sys; sys.exit(0)", "raise SystemExit")]
    for outcome in run_each(tmp_path, endings, ", root=Path('.')"):
        assert (outcome["status"], outcome["used"]["files"], outcome["ended_early"]) == ("done", [], 0)
    for outcome in run_each(tmp_path, [(ending, "", "import time; time.sleep(60)", "2") for ending in endings]):
        assert (outcome["status"], outcome["ended_early"], outcome["cells"]) == ("done", 2, 1)
        assert ".ipynb ended itself with an exit before its last 2 code cells" in outcome["message"]


@pytest.mark.long
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


@pytest.mark.long
def test_figures_appear_even_when_the_parent_has_drawn(tmp_path):
    write(tmp_path, "n", "import matplotlib.pyplot as plt\nplt.plot([1]);")
    prepare = (
        "fork.warm_up(('matplotlib.pyplot', 'matplotlib_inline.backend_inline'))\n"
        "import matplotlib.pyplot as plt\nplt.plot([1]); plt.close()"
    )
    assert run_one(tmp_path, prepare=prepare)["status"] == "done"
    outputs = nbformat.read(tmp_path / "out/n.ipynb", 4).cells[0].outputs
    assert [set(output.data) for output in outputs] == [{"image/png", "text/plain"}]


def test_a_forgotten_breakpoint_passes_and_the_state_of_old_widgets_leaves(tmp_path):
    nb = notebook("breakpoint()\nprint('passed')")
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    nbformat.write(nb, tmp_path / "n.ipynb")
    assert run_one(tmp_path)["status"] == "done"
    ran = nbformat.read(tmp_path / "out/n.ipynb", 4)
    assert ran.cells[0].outputs[0].text == "passed\n" and "widgets" not in ran.metadata
