"""The project as a whole: the tables are as described, and everything that is published can be made again."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def cityresearch(*arguments):
    """Call the command line in this project."""
    command = [sys.executable, "-m", "cityresearch", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_the_tables_are_as_described_and_agree_with_one_another():
    done = cityresearch("data", "check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_committed_results_are_what_the_notebooks_make():
    done = cityresearch("verify", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
