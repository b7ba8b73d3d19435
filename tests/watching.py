"""A watch in a process of its own, on a copy of the small study and with a copy of the package to edit."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from conftest import PROJECT

STUCK_SECONDS = 90  # a watch that says nothing for so long is ended, so that a test fails and does not hang
STANDS = "Everything is as committed."


class Watch:
    """A running watch: what it says line by line, and the study that it looks at."""

    def __init__(self, study: Path, package: Path, *arguments: str) -> None:
        self.study, self.package = study, package
        variables = {
            **os.environ,
            "CITYRESEARCH_ROOT": "",
            "PYTHONPATH": str(package.parent),
            "COLUMNS": "200",
            "CI": "",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "cityresearch", "run", "--watch", "--jobs", "2", *arguments],
            cwd=study, env=variables, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.said: list[str] = []

    def until(self, text: str) -> list[str]:
        """Wait for a line that contains a text, and return the lines up to it."""
        lines: list[str] = []
        timer = threading.Timer(STUCK_SECONDS, self.process.kill)
        timer.start()
        try:
            for line in self.process.stdout:
                self.said.append(line.rstrip("\n"))
                lines.append(self.said[-1])
                if text in line:
                    return lines
        finally:
            timer.cancel()
        raise AssertionError(f"{text!r} was not said:\n" + "\n".join(self.said))

    def chapter(self, name: str) -> Path:
        return self.study / "notebooks" / f"{name}.ipynb"

    def stop(self) -> str:
        """Press Ctrl-C, as a terminal does for all its processes, and return what was said from then on."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        timer = threading.Timer(STUCK_SECONDS, self.process.kill)
        timer.start()
        rest = self.process.stdout.read()
        self.process.wait()
        timer.cancel()
        return rest


@contextlib.contextmanager
def watching(study: Path, folder: Path, *arguments: str) -> Iterator[Watch]:
    """Watch a study until the end of the block; the package that runs is a copy."""
    package = folder / "package" / "cityresearch"
    shutil.copytree(PROJECT / "cityresearch", package)
    watch = Watch(study, package, *arguments)
    try:
        watch.until("notebooks run")
        yield watch
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(watch.process.pid, signal.SIGKILL)
        watch.process.wait()
        watch.process.stdout.close()
