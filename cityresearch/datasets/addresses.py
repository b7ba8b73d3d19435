"""Addresses: shown without their secrets, and redirects followed only where the publisher may lead.

An address may hold a password (`user:password@`) or a key (`?key=...`). Neither is printed, not even where a server repeats it. A
redirect that leaves https, or leads from a public host to a private one, would let a publisher's server read what is behind a
firewall, so the name is looked up once and the connection made to the very address that was judged.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from cityresearch.datasets.printable import one_line
from cityresearch.errors import DataError

__all__ = ["SHORTEST", "Hop", "hop", "is_loopback", "shown", "without_secrets"]

HIDDEN = "***"
SECRET = re.compile(
    r"key|token|secret|passw|pwd|^pass$|auth|sig(nature)?$|credential|userid|username|^user$|login|session|^sid$|registration|^code$|^hmac$"
)
SHORTEST = 3  # characters; hiding every "a" of a message would hide nothing else better
USERINFO = re.compile(r"//[^/?#\s]*@")
PARAMETER = re.compile(r"([?&;#])([^=&;#\s]+)=([^&;#\s]*)")
LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "lan", "home", "intranet", "corp", "private")


def shown(url: str) -> str:
    """Return an address without user, password and keys.

    Examples
    --------
    >>> shown("https://me:pw@example.org/t.csv?year=2023&api_key=abc#x")
    'https://***@example.org/t.csv?year=2023&api_key=***#x'
    """

    def hide(found: re.Match[str]) -> str:
        if not _is_secret(found[2]):
            return found[0]
        # the comma or colon that follows an address in a sentence stays
        return f"{found[1]}{found[2]}={HIDDEN}{found[3][len(found[3].rstrip(',.:)')) :]}"

    return one_line(PARAMETER.sub(hide, USERINFO.sub(f"//{HIDDEN}@", url)))


def secrets(url: str) -> tuple[str, ...]:
    """Return the secret texts of an address in every spelling that a server may repeat, the longest first."""
    found: set[str] = set()
    if userinfo := USERINFO.search(url):
        whole = userinfo[0][2:-1]
        found |= {whole, *whole.split(":", 1)}
    for _, name, value in PARAMETER.findall(url):
        if _is_secret(name):
            found.add(value)
    plain = {unquote(text.replace("+", " ")) for text in found} | {unquote(text) for text in found}
    spelled = found | plain | {quote(text, safe="") for text in plain} | {quote_plus(text) for text in plain}
    return tuple(sorted((text for text in spelled if len(text) >= SHORTEST), key=lambda text: (-len(text), text)))


def without_secrets(text: str, *urls: str) -> str:
    """Return text as it may be printed: no secret of these addresses, nor of any other address in it."""
    for secret in sorted({secret for url in urls for secret in secrets(url)}, key=lambda s: (-len(s), s)):
        text = text.replace(secret, HIDDEN)
    return "\n".join(shown(line) for line in text.split("\n"))


def _is_secret(name: str) -> bool:
    return bool(SECRET.search(re.sub(r"[^a-z0-9]", "", unquote(name).casefold())))


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that may be followed, and the IP address to connect to; empty where a proxy connects, or the host was trusted."""

    url: str
    ip: str = ""


def hop(start: str, here: str, target: str) -> Hop:
    """Judge a redirect.

    Parameters
    ----------
    start : str
        The address that the data package states.
    here, target : str
        The address that answered, and the one that it leads to.

    Raises
    ------
    DataError
        If the target is not http or https, leaves https, or is private while the stated host is another one.
    """
    at = shown(here)
    try:
        parts, port = urlsplit(target), urlsplit(target).port
    except ValueError:
        raise DataError(
            f"{at} leads to an address that cannot be read: give the final address in datapackage.json."
        ) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise DataError(
            f"{at} leads to {shown(target)}, expected http or https: give the final address in datapackage.json."
        )
    if urlsplit(here).scheme == "https" and parts.scheme == "http":
        raise DataError(
            f"{at} leads from https to {shown(target)}, where anyone on the way could change the file: give an https address."
        )
    if _plain(parts.hostname) == _plain(urlsplit(start).hostname or ""):
        return Hop(target)
    ips = _looked_up(parts.hostname, port or (443 if parts.scheme == "https" else 80), parts.scheme)
    if _is_local_name(parts.hostname) or not all(map(is_public, ips)):
        raise DataError(
            f"{at} leads to {shown(target)}, which is on a private network, expected a public host: check the address in "
            "datapackage.json."
        )
    return Hop(target, ips[0] if ips else "")


def is_public(ip: str) -> bool:
    """Say whether an IP address is one of the open internet, also where IPv6 wraps an IPv4 address.

    Examples
    --------
    >>> [is_public(ip) for ip in ("8.8.8.8", "10.0.0.1", "::1", "::ffff:127.0.0.1", "fd00::1", "169.254.169.254", "64:ff9b::7f00:1")]
    [True, False, False, False, False, False, False]
    """
    found = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in ipaddress.ip_network("64:ff9b::/96") or int(found) >> 32 == 0:
            wrapped = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped)) and found.is_global
    return found.is_global and not found.is_multicast


def is_loopback(url: str) -> bool:
    """Say whether an http address is one of this machine by its number, or by the name localhost.

    Examples
    --------
    >>> [is_loopback(url) for url in ("http://127.0.0.1:8000", "http://[::1]:1", "http://localhost", "http://127.0.0.1.example.org")]
    [True, True, True, False]
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (
            host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
        )
    except ValueError:
        return False


def _plain(host: str) -> str:
    return host.casefold().rstrip(".")


def _is_local_name(host: str) -> bool:
    """Say whether a name is one of a local network by its spelling, for a proxy may look it up where we cannot."""
    plain = _plain(host)
    return plain.rpartition(".")[2] in LOCAL_NAMES or (
        "." not in plain and ":" not in plain and not plain[:1].isdigit()
    )


def _looked_up(host: str, port: int, scheme: str) -> list[str]:
    """Return the IP addresses of a host; none where a proxy looks it up, unless the host is a number in any spelling."""
    proxied = scheme in getproxies() and not proxy_bypass(host)
    number = re.fullmatch(r"[0-9a-fx.:%]+", _plain(host)) and not re.search(r"[g-wyz]", _plain(host))
    if proxied and not number:
        return []
    try:
        found = socket.getaddrinfo(host.rstrip("."), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []  # the connection will say so
    return [str(item[4][0]) for item in found]
