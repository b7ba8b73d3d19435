"""Refreshing: what a publisher's server may do, against a real one on this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from conftest import cityresearch, mostly_long
from imported import raw_bytes
from publisher_server import FILE, Answer, Server, answer, project_that_asks, running

from cityresearch.datasets import load
from cityresearch.datasets import refresh as refreshing
from cityresearch.datasets.refreshers import transport
from cityresearch.errors import DataError


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.6)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with running(monkeypatch) as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project whose metro exports state the server's address."""
    return project_that_asks(server.url, tmp_path, monkeypatch)


def stated(project: Path) -> dict[str, str]:
    content = json.loads((project / "data" / "raw" / "datapackage.json").read_text(encoding="utf-8"))
    return next(r["refresh"] for r in content["resources"] if r["name"] == "metro_exports")


def test_a_refresh_says_what_would_change_and_writes_only_when_asked(here, server):
    before = raw_bytes(here)
    done = refreshing.refresh()
    text = "\n".join(refreshing.summary(done, written=False))
    assert "rows 4 added" in text and "2021 to 2023" in text and "2021 to 2024" in text
    assert "size: " in text and "checks passed: encoding and layout, schema, keys, unit" in text
    assert "1 would change, 0 unchanged, 0 failed" in text and "Nothing was written" in text
    assert raw_bytes(here) == before
    done = refreshing.refresh(["metro_exports"], write=True)
    assert "1 changed, 0 unchanged, 0 failed" in refreshing.summary(done, written=True)
    assert 2024 in load("metro_exports").index.get_level_values("year")


def test_a_second_refresh_asks_for_changes_only_and_is_told_that_there_are_none(here, server):
    server.answers = [answer(ETag='"v1"', Last_Modified="Fri, 29 May 2026 10:00:00 GMT"), answer(304, b"")]
    refreshing.refresh(write=True)
    assert stated(here)["etag"] == '"v1"'
    before = raw_bytes(here)
    done = refreshing.refresh(write=True)
    assert server.asked[-1]["if-none-match"] == '"v1"'
    assert server.asked[-1]["if-modified-since"] == "Fri, 29 May 2026 10:00:00 GMT"
    assert "has not changed since the last import" in done[0].lines[0] and not done[0].changed
    assert raw_bytes(here) == before


def test_an_answer_of_500_is_tried_again(here, server):
    server.answers = [answer(500, b"busy"), answer(503, b"busy"), answer()]
    assert refreshing.refresh()[0].changed
    assert len(server.asked) == 3


def test_a_redirect_is_followed_and_the_final_address_is_said(here, server):
    server.answers = [answer(302, b"", Location="/moved/metro.csv"), answer()]
    assert "/moved/metro.csv" in refreshing.refresh()[0].lines[-1]


FAILURES: dict[str, tuple[list[Answer], str, int]] = {
    "404": ([answer(404, b"gone")], "answered 404 Not Found and said 'gone', expected the file", 1),
    "500 every time": ([answer(500, b"")], "answered 500 Internal Server Error 4 times", 4),
    "slow": ([slow], "sent nothing for 0.2 seconds, 4 times", 4),
    "a body that breaks off": ([answer(Content_Length=str(len(FILE) + 10))], "breaks off before the end, 4 times", 4),
    "a web page": ([answer(body=b"<html>Log in</html>", kind="text/html; charset=utf-8")], "answered with a web page", 1),
    "a web page that says it is CSV": ([answer(body=b"<!doctype html><title>Log in</title>")], "web page titled 'Log in'", 1),
    "too many redirects": ([answer(302, b"", Location="/again")], "cannot be fetched", 6),
    "a file that is too large": ([answer(body=FILE + b"x" * 5000)], "sends more than 5,000 bytes", 1),
    "another table": ([answer(body=b"a,b\n1,2\n")], "expected a column of metro titles", 1),
}  # fmt: skip


@pytest.mark.parametrize("case", mostly_long(FAILURES, "a web page", "another table", "500 every time"))
def test_a_failure_is_one_sentence_and_changes_nothing(case, here, server, monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", 0.2)
    monkeypatch.setattr(transport, "LARGEST", 5_000)
    server.answers, sentence, asked = [*FAILURES[case][0]], *FAILURES[case][1:]
    before = raw_bytes(here)
    done = refreshing.refresh(write=True)
    assert sentence in done[0].error
    assert "\n" not in done[0].error
    assert len(server.asked) == asked
    assert raw_bytes(here) == before
    assert "0 changed, 0 unchanged, 1 failed" in refreshing.summary(done, written=True)


def test_a_server_that_is_not_there_is_said(here, server):
    address = stated(here)["address"]
    server.shutdown()
    server.server_close()
    assert f"{address} cannot be fetched" in refreshing.refresh()[0].error


def test_a_dataset_without_an_address_is_refused(here, server):
    with pytest.raises(DataError, match="state_exports states no publisher's address"):
        refreshing.refresh(["state_exports"])


def test_the_command_ends_in_a_summary_and_its_exit_code_says_whether_it_failed(here, server):
    good = cityresearch("data", "refresh", "metro_exports", cwd=here)
    assert good.returncode == 0 and "1 would change" in good.stdout
    server.answers = [answer(404, b"")]
    bad = cityresearch("data", "refresh", cwd=here)
    assert bad.returncode == 2 and "1 failed" in bad.stdout
