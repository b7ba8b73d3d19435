"""Transport: asking a publisher's server over HTTP, patiently and within a bound of time.

Connection errors and answers such as 503 are tried again, with exponential waits, jitter, and what Retry-After asks for. A body that
breaks off is resumed where the server can (Range with If-Range), else fetched again. Redirects are followed only where `addresses.hop`
allows. CITYRESEARCH_PUBLISHERS puts a stand-in server of this machine in place of every publisher, for tests and trials; an e-mail address
in CITYRESEARCH_CONTACT is sent with every request.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import tenacity

from cityresearch.datasets.addresses import Hop, hop, is_loopback, shown, without_secrets
from cityresearch.datasets.importers.limits import LARGEST
from cityresearch.datasets.printable import one_line
from cityresearch.errors import DataError

__all__ = ["CONTACT", "STAND_IN", "Answer", "Client", "stand_in"]

ATTEMPTS = 4
FIRST_WAIT = 1.0  # seconds; doubled after every attempt
TIMEOUT = 30.0  # seconds without a byte
LONGEST = 600.0  # seconds for everything that one dataset asks
MOST_HOPS = 5
REDIRECTS = {301, 302, 303, 307, 308}
AGAIN = {429, 500, 502, 503, 504}
UNMISTAKABLE = 12  # characters of a key that no number or name in a table can be
STAND_IN = "CITYRESEARCH_PUBLISHERS"
CONTACT = "CITYRESEARCH_CONTACT"  # an e-mail address: some publishers block programs that do not say whom to write to


class _Again(Exception):
    """An answer that may be better next time, and how many seconds the server asks to wait."""

    def __init__(self, says: str, wait: float = 0.0) -> None:
        super().__init__(says)
        self.wait = wait


class _Hidden(logging.Filter):
    """Take keys out of the addresses that httpx logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), ()
        return True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: 200 with a body, 204 for nothing, or 304 for a file that has not changed."""

    content: bytes
    url: str
    status: int = 200
    is_page: bool = False
    etag: str = ""
    last_modified: str = ""


@dataclass(slots=True)
class _Part:
    """What arrived of a body before it broke off, and the version that it is a part of."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    version: str = ""


def stand_in() -> str:
    """Return the address of the server that stands in for every publisher; empty if there is none.

    Raises
    ------
    DataError
        If it is not on this machine.
    """
    given = os.environ.get(STAND_IN, "").rstrip("/")
    if given and not is_loopback(given):
        raise DataError(
            f"{STAND_IN} is {shown(given)}, expected a server of this machine such as http://127.0.0.1:8000: unset it."
        )
    return given


@dataclass(slots=True)
class Client:
    """Asks servers for one dataset; `secrets` are keys that are taken out of what comes back."""

    secrets: Sequence[str] = ()
    end: float = field(default_factory=lambda: time.monotonic() + LONGEST)

    def get(
        self,
        address: str,
        parameters: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        etag: str = "",
        last_modified: str = "",
    ) -> Answer:
        """Get an address with parameters, or the answer that the version we have is still the newest.

        Raises
        ------
        DataError
            If the address cannot be reached, leads where it must not, answers with an error, breaks off, sends more than the bound
            of bytes or takes more than the bound of time. The sentence has no secret in it.
        """
        url = _with(_asked(address), parameters or {})
        version = {"If-None-Match": etag} if etag else {}
        version |= {"If-Modified-Since": last_modified} if last_modified else {}
        return self._patiently("GET", url, {**(headers or {}), **version}, b"")

    def post(self, address: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        """Post an object as JSON; raises as `get`."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self._patiently("POST", _asked(address), sent, json.dumps(body).encode("utf-8"))

    def say(self, text: str, url: str = "") -> str:
        """Return text without the secrets of an address, on one line."""
        return one_line(without_secrets(text, url))

    def _without_keys(self, content: bytes) -> bytes:
        """Return a body without the keys that a server repeats in it, so that no part of one is left where a message quotes its beginning."""
        for secret in self.secrets:
            if len(secret) >= UNMISTAKABLE:
                content = content.replace(secret.encode("utf-8"), b"***")
        return content

    def _words(self, answer: httpx.Response, most: int = 200) -> str:
        """Return the beginning of an error's text: interfaces say there what was wrong."""
        try:
            text = b"".join(piece for piece, _ in zip(answer.iter_bytes(1_000), range(2), strict=False))
        except httpx.HTTPError:
            return ""
        return one_line(self._without_keys(text).decode("utf-8", errors="replace"))[:most]

    def _patiently(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        at, part = shown(url), _Part()
        try:
            scheme = urlsplit(url).scheme
        except ValueError:
            scheme = ""
        if scheme not in ("http", "https"):
            raise DataError(
                self.say(
                    f"{at} is not an address that can be fetched, expected http or https: fix refresh in datapackage.json.",
                    url,
                )
            )
        contact = one_line(os.environ.get(CONTACT, ""))
        sent = {
            "User-Agent": f"cityresearch ({contact})" if contact.isascii() and contact else "cityresearch",
            "Accept": "*/*",
            **headers,
        }
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type((_Again, httpx.TransportError)),
            reraise=True,
        )
        try:
            return retrying(self._once, method, url, sent, body, part)
        except _Again as error:
            said = f"{at} answered {error} {ATTEMPTS} times: try again later."
        except httpx.TimeoutException:
            said = f"{at} sent nothing for {TIMEOUT:g} seconds, {ATTEMPTS} times: try again later."
        except httpx.RemoteProtocolError:
            said = f"{at} breaks off before the end, {ATTEMPTS} times: try again later."
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            said = f"{at} cannot be fetched ({one_line(str(error))}): check the address and the connection."
        except DataError as error:
            said = str(error)
        raise DataError(self.say(said, url))

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """Return the seconds to the next attempt: exponential with jitter, at least what the server asks for."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, _Again) else 0.0
        steps = tenacity.wait_exponential(multiplier=FIRST_WAIT, max=30) + tenacity.wait_random(0, FIRST_WAIT)
        wait = max(asked, steps(state))
        if time.monotonic() + wait > self.end:
            why = f"asks to wait {asked:,.0f} seconds" if asked else "is not ready"
            raise DataError(
                f"{shown(state.args[1])} {why}, longer than the {LONGEST:g} seconds that a refresh may take: try again later."
            )
        return wait

    def _once(self, method: str, url: str, headers: dict[str, str], body: bytes, part: _Part) -> Answer:
        place = Hop(url)
        with httpx.Client(follow_redirects=False) as client:
            for _ in range(MOST_HOPS + 1):
                left = self.end - time.monotonic()
                if left <= 0:
                    raise DataError(f"{shown(url)} took more than {LONGEST:g} seconds: try again later.")
                asked = _request(place, headers | _range(part, place.url == url))
                try:
                    with client.stream(method, **asked, content=body or None, timeout=min(TIMEOUT, left)) as answer:
                        if answer.status_code not in REDIRECTS or "location" not in answer.headers:
                            return self._read(answer, place.url, part)
                        target = str(httpx.URL(place.url).join(answer.headers["location"]))
                except httpx.RemoteProtocolError as error:
                    if "location header" not in str(error):
                        raise
                    # asking again would not fix it
                    raise DataError(
                        f"{shown(place.url)} leads to an address that cannot be read: give the final address in datapackage.json."
                    ) from None
                if method != "GET":
                    raise DataError(
                        f"{shown(url)} leads to {shown(target)}, expected an answer: give the final address in datapackage.json."
                    )
                place = hop(url, place.url, target)
                client.cookies.clear()  # what one host set is not for the next
        raise DataError(f"{shown(url)} cannot be fetched (more than {MOST_HOPS} redirects): give the final address.")

    def _read(self, answer: httpx.Response, url: str, part: _Part) -> Answer:
        """Return an answer's body, added to what arrived before where the server goes on from there."""
        at, says, status = shown(url), one_line(f"{answer.status_code} {answer.reason_phrase}"), answer.status_code
        if status == 304:
            return Answer(b"", url, 304)
        if status in AGAIN or status == 416:
            if status == 416:
                _forget(part)
            raise _Again(says, _retry_after(answer.headers.get("retry-after", "")))
        get = answer.headers.get
        is_page = get("content-type", "").startswith("text/html")
        if status not in (200, 204, 206):
            words = "" if is_page else self._words(answer)
            why = " and said " + repr(words) if words else ""
            remedy = (
                "check the key" if status in (401, 403) else "check the address and the parameters in datapackage.json"
            )
            raise DataError(f"{at} answered {says}{why}, expected the file: {remedy}.")
        goes_on = status == 206 and get("content-range", "").startswith(f"bytes {part.size}-") and part.size > 0
        if not goes_on:
            if status == 206:
                raise _Again("another part of the file than was asked for")
            _forget(part)
            part.version = "" if get("content-encoding") else (_strong(get("etag", "")) or get("last-modified", ""))
        for piece in answer.iter_bytes():
            part.parts.append(piece)
            part.size += len(piece)
            if part.size > LARGEST:
                raise DataError(
                    f"{at} sends more than {LARGEST:,} bytes, expected a table: check the address in datapackage.json."
                )
            if time.monotonic() > self.end:
                raise DataError(f"{at} took more than {LONGEST:g} seconds: try again later.")
        return Answer(
            self._without_keys(b"".join(part.parts)),
            url,
            204 if status == 204 else 200,
            is_page,
            get("etag", ""),
            get("last-modified", ""),
        )


def _forget(part: _Part) -> None:
    part.parts, part.size, part.version = [], 0, ""


def _range(part: _Part, is_first: bool) -> dict[str, str]:
    """Return the headers that ask for the rest of a body, if it is known which version the beginning is of."""
    if not (part.size and part.version and is_first):
        return {}
    return {"Range": f"bytes={part.size}-", "If-Range": part.version}


def _strong(etag: str) -> str:
    return "" if etag.startswith("W/") else etag


def _retry_after(text: str) -> float:
    """Return the seconds that a Retry-After header asks for, given as seconds or as a date; 0 if it is neither."""
    if text.strip().isdecimal():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _asked(address: str) -> str:
    """Return the address to ask: the publisher's, or the same one at the stand-in server, host first in its path."""
    base = stand_in()
    if not base:
        return address
    parts = urlsplit(address)
    return f"{base}/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _with(url: str, parameters: Mapping[str, str]) -> str:
    return str(httpx.URL(url).copy_merge_params(parameters)) if parameters else url


def _request(place: Hop, headers: dict[str, str]) -> dict[str, Any]:
    """Return the request for an address: to the IP that was judged, in the name of the host."""
    url = httpx.URL(place.url)
    if not place.ip:
        return {"url": url, "headers": headers}
    return {
        "url": url.copy_with(host=place.ip),
        "headers": headers | {"Host": url.netloc.decode("ascii")},
        "extensions": {"sni_hostname": url.host},
    }


logging.getLogger("httpx").addFilter(_Hidden())
