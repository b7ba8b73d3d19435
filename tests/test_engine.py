"""The engine as papermill's own users meet it: by its name, on the command line, with a progress bar."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import mostly_long
from torture import notebook

HERE = Path(__file__).parent


@pytest.fixture
def python(tmp_path):
    """Run Python with the package installed as far as entry points are concerned."""
    info = tmp_path / "site/cityresearch-0.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cityresearch\nVersion: 0.0\n")
    (info / "entry_points.txt").write_text("[papermill.engine]\nfork = cityresearch.execution.engine:ForkEngine\n")

    def run(*arguments: str) -> subprocess.CompletedProcess:
        path = f"{tmp_path / 'site'}{os.pathsep}{HERE.parent}"
        return subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path},
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


@pytest.mark.parametrize(
    "first",
    mostly_long(
        ["papermill", "cityresearch.execution.engine", "cityresearch.execution.pool", "cityresearch"],
        "papermill",
        "cityresearch.execution.engine",
    ),
)
def test_papermill_finds_the_engine_whichever_is_imported_first(python, first):
    done = python("-c", f"import {first}\nfrom papermill.engines import papermill_engines as e\n"
                  "print(e.get_engine('fork').__name__)")  # fmt: skip
    assert done.stdout == "ForkEngine\n", done.stderr


def test_papermills_command_line_runs_notebooks_without_a_kernel(python, tmp_path):
    source = "import os, sys\nprint(year, os.getppid(), 'ipykernel.kernelapp' in sys.modules)"
    nbformat.write(notebook(("year = 1", "parameters"), source), tmp_path / "n.ipynb")
    done = python("-m", "papermill", "--engine", "fork", "-p", "year", "2023", "n.ipynb", "out.ipynb")
    assert done.returncode == 0, done.stderr
    out = nbformat.read(tmp_path / "out.ipynb", 4)
    year, _, kernel = out.cells[2].outputs[0].text.split()
    assert (year, kernel) == ("2023", "False")
    assert "Executing: 100%" in done.stderr and "Jupyter kernel" not in done.stderr


@pytest.mark.long
def test_stopping_papermill_ends_the_notebooks_process(python, tmp_path):
    source = "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)"
    nbformat.write(notebook(source), tmp_path / "n.ipynb")
    code = (
        "import os, papermill, pathlib, signal, subprocess, sys, time\n"
        # a test run in the background of a shell ignores Ctrl-C, and what it starts would inherit that
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "p = subprocess.Popen([sys.executable, '-m', 'papermill', '--engine', 'fork', 'n.ipynb', 'out.ipynb'])\n"
        "while not pathlib.Path('pid').exists(): time.sleep(0.05)\n"
        "time.sleep(0.1); p.send_signal(signal.SIGINT); p.wait(20)\n"
        "pid = int(pathlib.Path('pid').read_text())\n"
        "print(pathlib.Path(f'/proc/{pid}').exists())"
    )
    assert python("-c", code).stdout == "False\n"


@pytest.mark.long
def test_papermills_command_line_fails_when_a_cell_or_its_process_does(python, tmp_path):
    killed = "import os; os.kill(os.getpid(), 9)"
    for source, said, code in [("1/0", "ZeroDivisionError", 1), (killed, "SIGKILL", 138)]:
        nbformat.write(notebook(source), tmp_path / "n.ipynb")
        done = python("-m", "papermill", "--engine", "fork", "n.ipynb", "out.ipynb")
        assert done.returncode == code and said in done.stderr
    nbformat.write(notebook("import time; time.sleep(60)"), tmp_path / "n.ipynb")
    done = python("-m", "papermill", "--engine", "fork", "--execution-timeout", "1", "n.ipynb", "out.ipynb")
    assert done.returncode == 1 and "A cell timed out while it was being executed, after 1 seconds" in done.stderr
