"""Publishers' interfaces on this machine: servers that answer in the documented forms, from values that a test makes up, and break as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "k3y-of-a-test-0123456789"


@dataclass
class Asked:
    """One request, as the server saw it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any = None


@dataclass
class Reply:
    """What the server answers; `cut` bytes of the body arrive and then the connection closes, `killed` closes the server too."""

    body: Any = b""
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    killed: bool = False

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Online(ThreadingHTTPServer):
    """A server of every publisher: `publishers` maps a host to what answers for it; `first` answers come before any of them."""

    daemon_threads = True
    publishers: dict[str, Callable[[Asked], Reply]]
    first: list[Reply]
    asked: list[Asked]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        _, host, path = parts.path.split("/", 2)
        size = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(size)) if size else None
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        asked = Asked(self.command, f"/{path}", query, {k.lower(): v for k, v in self.headers.items()}, sent)
        self.server.asked.append(asked)
        reply = self.server.first.pop(0) if self.server.first else self.server.publishers[host](asked)
        content = reply.content()
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, "Content-Length": str(len(content)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: reply.cut] if reply.cut else content)
        if reply.cut:
            self.close_connection = True
        if reply.killed:
            self.wfile.flush()
            self.server.socket.close()  # whoever asks again finds nobody

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@contextmanager
def online(**publishers: Callable[[Asked], Reply]) -> Iterator[Online]:
    """Run a server; `api_census_gov=...` answers for api.census.gov."""
    server = Online(("127.0.0.1", 0), Handler)
    server.publishers = {name.replace("_", "."): answers for name, answers in publishers.items()}
    server.first, server.asked = [], []
    threading.Thread(target=_serve, args=(server,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _serve(server: Online) -> None:
    try:
        server.serve_forever(poll_interval=0.05)
    except (OSError, ValueError):
        server.shutdown = lambda: None  # the test closed its socket


MISSING_KEY = Reply(
    b"<html><head><title>Missing Key</title></head><body><p>A valid <em>key</em> must be included with each data API request.</p></body></html>",
    kind="text/html;charset=utf-8",
)


def census(
    values: Mapping[tuple[str, str, str], Any], value: str = "ALL_VAL_YR", *, country: str = "-"
) -> Callable[[Asked], Reply]:
    """Answer as the international trade interface, from values by (state, NAICS code, year); the columns of predicates are repeated."""

    def answer(asked: Asked) -> Reply:
        if not asked.query.get("key"):
            return MISSING_KEY
        get = asked.query["get"].split(",")
        predicates = [name for name in asked.query if name not in ("get", "key")]
        rows = [
            [_cell(name, state, naics, number, value, asked, country) for name in (*get, *predicates)]
            for (state, naics, year), number in values.items()
            if year == asked.query["YEAR"] and asked.query.get("STATE", state) == state
        ]
        return Reply([[*get, *predicates], *rows]) if rows else Reply(status=204)

    return answer


def _cell(name: str, state: str, naics: str, number: Any, value: str, asked: Asked, country: str) -> Any:
    known = {
        "STATE": state,
        "NAICS": naics,
        "NAICS_LDESC": f"INDUSTRY {naics}",
        "CTY_CODE": country,
        "CTY_NAME": "TOTAL FOR ALL COUNTRIES",
    }
    if name == value:
        return number if number is None else str(number)
    return known.get(name, asked.query.get(name, ""))


def bls(series: Mapping[str, Mapping[str, str]]) -> Callable[[Asked], Reply]:
    """Answer as the public data interface, from values by month (2024-01) of each series."""

    def answer(asked: Asked) -> Reply:
        if asked.body.get("registrationkey") != KEY:
            said = f"The key:{asked.body.get('registrationkey')} provided by the User is invalid."
            return Reply({"status": "REQUEST_NOT_PROCESSED", "responseTime": 1, "message": [said], "Results": {}})
        found = []
        for name in asked.body["seriesid"]:
            months = {
                m: v
                for m, v in series.get(name, {}).items()
                if asked.body["startyear"] <= m[:4] <= asked.body["endyear"]
            }
            data = [
                {"year": m[:4], "period": f"M{m[5:]}", "periodName": m, "value": v.rstrip("p"), "footnotes": [{"code": "P", "text": "Preliminary."}] if v.endswith("p") else [{}]}
                for m, v in sorted(months.items(), reverse=True)
            ]  # fmt: skip
            found.append({"seriesID": name, "data": data})
        said = [f"Series does not exist for Series {name}" for name in asked.body["seriesid"] if name not in series]
        return Reply({"status": "REQUEST_SUCCEEDED", "responseTime": 37, "message": said, "Results": {"series": found}})

    return answer


def bea(values: Mapping[tuple[str, str], str], **changed: str) -> Callable[[Asked], Reply]:
    """Answer as the data interface with a regional line, from values by (area, year); it repeats the request, as the publisher does."""

    def answer(asked: Asked) -> Reply:
        request = {
            "RequestParam": [
                {"ParameterName": name.upper(), "ParameterValue": text} for name, text in asked.query.items()
            ]
        }
        if asked.query.get("UserID") != KEY:
            error = {
                "APIErrorCode": "3",
                "APIErrorDescription": f"The BEA API UserID {asked.query.get('UserID')} is not valid.",
            }
            return Reply({"BEAAPI": {"Request": request, "Results": {"Error": error}}})
        data = [
            {"Code": f"{asked.query['TableName']}-{asked.query['LineCode']}", "GeoFips": str(number), "GeoName": area, "TimePeriod": year, "CL_UNIT": "Thousands of dollars", "UNIT_MULT": "3", "DataValue": value, **changed}
            for number, ((area, year), value) in enumerate(values.items(), 10180)
        ]  # fmt: skip
        for row in data:
            row["GeoFips"] = next(other["GeoFips"] for other in data if other["GeoName"] == row["GeoName"])
        return Reply({"BEAAPI": {"Request": request, "Results": {"Statistic": "Gross domestic product", "Data": data}}})

    return answer


def socrata(rows: list[dict[str, str]], *, counts: int | None = None) -> Callable[[Asked], Reply]:
    """Answer as the platform of data.bts.gov: a count, and pages in the order asked for."""

    def answer(asked: Asked) -> Reply:
        if "count(" in asked.query["$select"]:
            return Reply([{"count": str(len(rows) if counts is None else counts)}])
        if asked.query.get("$order") != ":id":
            return Reply({"message": "a page needs an order", "error": True}, 400)
        start, size = int(asked.query["$offset"]), int(asked.query["$limit"])
        columns = asked.query["$select"].split(",")
        return Reply(
            [{name: row[name] for name in columns if row.get(name) is not None} for row in rows[start : start + size]]
        )

    return answer


def slowly(reply: Reply, held: threading.Event) -> Callable[[Asked], Reply]:
    """Answer only after an event, which a test may never set."""

    def answer(asked: Asked) -> Reply:
        held.wait(5)
        return reply

    return answer
