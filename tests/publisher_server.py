"""A publisher's server on this machine, which answers as a test scripts it, and a project that refreshes from it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import publishers as p
import pytest

from cityresearch.datasets.refreshers import transport

FILE = p.as_csv(p.ita()).encode()
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """A server that gives scripted answers in turn, the last one forever, and remembers what it was asked."""

    daemon_threads = True
    answers: list[Answer]
    asked: list[dict[str, str]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/metro.csv"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


def answer(
    status: int = 200, body: bytes = FILE, kind: str = "text/csv", reason: str | None = None, **headers: str
) -> Answer:
    """Return a scripted answer; an underscore in a header's name stands for a hyphen."""

    def give(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status, reason)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return give


@contextmanager
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Run a server for the time of a test, which gives the file until it is told otherwise."""
    monkeypatch.setattr(transport, "FIRST_WAIT", 0.01)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    found = Server(("127.0.0.1", 0), Handler)
    found.answers, found.asked = [answer()], []
    threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


def project_that_asks(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a small project whose metro exports state an address."""
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(p.small_project(folder)))
    state_address(folder, url)
    return folder


def state_address(project: Path, url: str) -> None:
    """Let the metro exports of a project state another address."""
    package = project / "data" / "raw" / "datapackage.json"
    content = json.loads(package.read_text(encoding="utf-8"))
    metro = next(r for r in content["resources"] if r["name"] == "metro_exports")
    metro["refresh"] = {"address": url, "format": "ita-metro", "source": {"id": "ita-metro-2005-2023"}}
    package.write_text(json.dumps(content), encoding="utf-8")
