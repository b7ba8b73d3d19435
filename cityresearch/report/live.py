"""The report of a watch: made of results that are not published, served on this machine alone, and reloaded when it changed."""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import connection
from pathlib import Path
from urllib.parse import urlsplit

from cityresearch import paths
from cityresearch.execution.fork import die_with_parent
from cityresearch.files import write_whole
from cityresearch.phrases import many

__all__ = ["page_of", "served"]

STATE = "state"
# what the report says besides the results: the same as in the project itself
LINKED = ("data/raw", "docs", "notebooks", "CHANGELOG.md", "CITATION.cff", "README.md")
SCRIPT = b"""<script>
(() => { let first; setInterval(async () => {
  try { const now = await (await fetch("/.state", { cache: "no-store" })).text();
        if (first !== undefined && now !== first) location.reload(); first = now; } catch {}
}, 400); })();
</script>"""


def page_of(results: Path, executed: Path, output: Path) -> str:
    """Make the report of results that lie in a folder, laid out as in a project, and return a line on it.

    Parameters
    ----------
    results : Path
        The rest of a project is linked there.
    executed : Path
        Folder of the executed notebooks.
    output : Path
        Folder of the site.
    """
    from cityresearch.report.build import build

    for name in LINKED:
        _link(results / name, paths.root() / name)
    _link(results / "build" / "notebooks", executed)
    with paths.at(results):
        built = build(output)
    if built.written:
        _count(output)
    return f"Report: {many(built.written, 'file')} made anew."


def _link(link: Path, target: Path) -> None:
    if target.exists() and not link.is_symlink():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)


def _count(output: Path) -> None:
    state = output.with_name(f"{output.name}.{STATE}")
    before = int(state.read_text()) if state.is_file() else 0
    write_whole(state, str(before + 1).encode())


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder in a process of its own for a while, and give its address on this machine."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(str(folder), theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/index.html"
    finally:
        process.terminate()
        process.join()


def _serve(folder: str, pipe: connection.Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Pages, directory=folder)) as server:
        pipe.send(server.server_address[1])
        server.serve_forever()


class _Pages(SimpleHTTPRequestHandler):
    """Files of the site, each page with the script that reloads it."""

    def do_GET(self) -> None:
        """Answer a request of a browser."""
        path = urlsplit(self.path).path
        if path == "/.state":
            content = b""
            with suppress(OSError):
                content = Path(f"{self.directory}.{STATE}").read_bytes()
            self._send(content, "text/plain")
        elif path.endswith(("/", ".html")):
            file = self.translate_path(path + "index.html" * path.endswith("/"))
            if not os.path.isfile(file):  # noqa: PTH113
                self.send_error(404)
                return
            self._send(Path(file).read_bytes().replace(b"</body>", SCRIPT + b"</body>"), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a watch says what moved."""
