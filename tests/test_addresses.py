"""Addresses: no refresh says a password or a key, and none follows a redirect to where it must not read."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import publishers as p
import pytest
from conftest import cityresearch, mostly_long
from hypothesis import given
from hypothesis import strategies as st
from imported import raw_bytes
from publisher_server import FILE, Server, answer, project_that_asks, running, state_address

from cityresearch.datasets import addresses
from cityresearch.datasets import refresh as refreshing
from cityresearch.datasets.printable import printable
from cityresearch.errors import DataError


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with running(monkeypatch) as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project whose metro exports state the server's address."""
    return project_that_asks(server.url, tmp_path, monkeypatch)


KEYED = (
    "?year=2023&api_key=kEy%2F1234&UserID=me-5678&registrationkey=r3g9&access_token=t0k&sig=s1gn&X-Amz-Credential=cr3d"
)
HIDDEN = ("kEy%2F1234", "kEy/1234", "me-5678", "r3g9", "t0k", "s1gn", "cr3d", "pa55", "w:rd", "w%3Ard", "auser")
ECHOED = "kEy/1234 kEy%2F1234 me-5678 pa55w:rd auser"
CASES = {
    "a new year": [answer()],
    "not found, the key in the reason": [answer(404, b"", reason=f"No {ECHOED}")],
    "errors that end": [answer(500, b"", reason=f"Busy {ECHOED}")],
    "a web page titled with the key": [answer(body=f"<!doctype html><title>Bad {ECHOED}</title>".encode())],
    "a table that is none": [answer(body=f"{ECHOED},b\n1,2\n".encode())],
    "a title never seen": [answer(body=FILE.replace(b"Yuma, AZ", f"Yuma {ECHOED}, AZ".encode()))],
    "a redirect with the key": [answer(302, b"", Location=f"/final.csv{KEYED}"), answer()],
    "a redirect to nowhere with a password": [answer(302, b"", Location="ftp://auser:pa55w%3Ard@example.org/x?api_key=kEy%2F1234")],
    "no end of redirects": [answer(302, b"", Location=f"/again{KEYED}")],
    "a redirect that cannot be read": [answer(302, b"", Location="http://auser:pa55w%3Ard@[::1/x")],
    "a body that breaks off": [answer(Content_Length=str(len(FILE) + 10))],
}  # fmt: skip


@pytest.mark.parametrize("case", mostly_long(CASES, "a web page titled with the key", "a redirect with the key"))
def test_no_password_and_no_key_of_an_address_is_said(case, here, server):
    server.answers = [*CASES[case]]
    state_address(here, server.url.replace("http://", "http://auser:pa55w%3Ard@") + KEYED)
    done = refreshing.refresh()
    text = "\n".join(refreshing.summary(done, written=False)) + repr(done)
    assert server.asked
    for secret in HIDDEN:
        assert secret not in text, secret


@pytest.mark.parametrize(
    "url",
    [f"http://auser:pa55w%3Ard@127.0.0.1:1/x{KEYED}", "ftp://auser:pa55w:rd@example.org/t", f"http://auser:pa55w:rd@[bad/x{KEYED}",
     "http://auser:pa55w:rd@exa mple.org/", f"http://auser:pa55w:rd@127.0.0.1:99999/{KEYED}", f"//auser:pa55w:rd@x/{KEYED}"],
)  # fmt: skip
def test_an_address_that_cannot_be_fetched_is_said_without_its_secrets(url, here, server):
    state_address(here, url)
    (done,) = refreshing.refresh()
    assert done.error and "\n" not in done.error
    for secret in HIDDEN:
        assert secret not in done.error, secret


def test_the_command_prints_no_key(here, server):
    server.answers = [answer(403, b"", reason="kEy/1234 is not valid")]
    state_address(here, server.url + KEYED)
    result = cityresearch("--debug", "data", "refresh", cwd=here)
    assert result.returncode == 2 and "answered 403 *** is not valid" in result.stdout
    assert not any(secret in result.stdout + result.stderr for secret in HIDDEN)


def test_what_is_no_secret_is_said_as_it_is(here, server):
    state_address(here, server.url + "?year=2023&series=abc&api_key=k1234")
    assert "metro.csv?year=2023&series=abc&api_key=***, not a web page" in refreshing.refresh()[0].lines[-1]
    assert server.asked[0]["path"] == "/metro.csv?year=2023&series=abc&api_key=k1234"


@given(st.text(alphabet="abcXYZ019%+/:@ &=?#é", min_size=3, max_size=12))
def test_a_key_is_hidden_however_a_server_spells_it(key):
    from urllib.parse import quote, quote_plus

    url = f"https://example.org/t?a=1&key={quote(key, safe='')}"
    for spelled in (key, quote(key, safe=""), quote_plus(key)):
        assert spelled not in addresses.without_secrets(f"<{spelled}>", url) or len(spelled) < addresses.SHORTEST


# redirects

PRIVATE = (
    "127.0.0.2", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "2130706433", "0x7f.1", "0177.0.0.2", "127.1",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "localhost", "localhost.", "LOCALHOST", "printer.local", "db.internal", "intranet", "100.64.0.1", "224.0.0.1",
)  # fmt: skip


@pytest.mark.parametrize(
    "host",
    mostly_long(PRIVATE, "127.0.0.2", "2130706433", "[::ffff:127.0.0.1]", "[fe80::1]", "localhost.", "db.internal"),
)
def test_a_redirect_to_a_private_host_is_refused_in_every_spelling(host, here, server):
    server.answers = [answer(302, b"", Location=f"http://{host}:{server.server_port}/metro.csv"), answer()]
    before = raw_bytes(here)
    error = refreshing.refresh(write=True)[0].error
    assert "which is on a private network, expected a public host" in error or "cannot be read" in error
    assert len(server.asked) == 1
    assert raw_bytes(here) == before


def test_a_name_that_resolves_to_a_private_address_is_refused(here, server, monkeypatch):
    looked_up = {"files.example.org": ["93.184.216.34", "10.0.0.7"]}
    real = socket.getaddrinfo

    def look_up(host, port, *rest, **more):
        if host in looked_up:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in looked_up[host]]
        return real(host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    server.answers = [answer(302, b"", Location=f"http://files.example.org:{server.server_port}/metro.csv"), answer()]
    error = refreshing.refresh()[0].error
    assert "leads to http://files.example.org" in error and "private network" in error
    assert len(server.asked) == 1


def test_the_connection_goes_to_the_address_that_was_judged_and_the_host_is_named(here, server, monkeypatch):
    real, asked = socket.getaddrinfo, []

    def look_up(host, port, *rest, **more):
        if host == "files.example.org":
            asked.append(host)
            ip = "127.0.0.1" if len(asked) == 1 else "127.0.0.9"  # a name that changes between two questions
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]
        return real(host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(addresses, "is_public", lambda ip: ip == "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,files.example.org")
    server.answers = [answer(302, b"", Location=f"http://files.example.org:{server.server_port}/moved.csv"), answer()]
    done = refreshing.refresh()[0]
    assert done.changed and "files.example.org" in done.lines[-1]
    assert server.asked[1]["host"] == f"files.example.org:{server.server_port}" and asked == ["files.example.org"]


def test_a_redirect_within_the_stated_host_is_followed_with_its_password(here, server):
    server.answers = [answer(301, b"", Location="/a.csv"), answer(307, b"", Location=f"{server.url}?x=1"), answer()]
    state_address(here, server.url.replace("http://", "http://me:pw@"))
    assert refreshing.refresh()[0].changed
    assert [asked["path"] for asked in server.asked] == ["/metro.csv", "/a.csv", "/metro.csv?x=1"]


def test_a_redirect_that_leaves_https_or_the_web_is_refused():
    start = "https://example.org/t.csv"
    for target, sentence in (
        ("http://example.org/t.csv", "leads from https to http://example.org/t.csv"),
        ("file:///etc/passwd", "expected http or https"),
        ("ftp://example.org/t", "expected http or https"),
        ("https:///t", "expected http or https"),
        ("https://example.org:port/", "cannot be read"),
    ):
        with pytest.raises(DataError, match=sentence):
            addresses.hop(start, start, target)
    assert addresses.hop(start, start, "https://example.org/u.csv").url == "https://example.org/u.csv"


def test_a_file_behind_a_redirect_may_be_local_only_if_the_stated_host_is_it(here, server):
    server.answers = [answer(302, b"", Location="file:///etc/hostname")]
    assert "expected http or https" in refreshing.refresh()[0].error


# what a terminal would act on

EVIL = "\x1b[31mred\x1b]0;title\x07\x9b2J\x08\u202egnp\u200b\u2028end"


def test_nothing_that_a_terminal_acts_on_is_said(here, server):
    answers = (
        answer(404, b"", reason="No \x1b[2J\x9b31mway"),
        answer(body=f"<!doctype html><title>Log {EVIL}</title>".encode()),
        answer(body=f"{EVIL},b\n1,2\n".encode()),
        answer(body=FILE.replace(b"Yuma", f"Yuma{EVIL}".encode())),
        answer(body=p.as_zip({f"{EVIL}.csv": b"1", "b.csv": b"2"})),
        answer(body=p.as_xlsx({"A\u202eB": [["x"]], "C\u200bD": [["y"]]})),
        answer(302, b"", Location="http://10.0.0.1/\x9b31m"),
    )
    for one in answers:
        server.answers = [one]
        text = refreshing.refresh()[0].error
        assert text and all(c.isprintable() for c in text), repr(text)


@given(st.text(max_size=60))
def test_printable_text_has_no_control_and_keeps_every_word(text):
    shown = printable(text)
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in shown)
    plain = "".join(c for c in text if c.isalnum() or c == " ")
    assert printable(plain) == plain
