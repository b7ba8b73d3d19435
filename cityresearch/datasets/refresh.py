"""Refreshing: fetch a dataset's file from its publisher and hand it to the import flow.

The address is in the data package, as property `refresh` of the dataset: `url`, `format`, `source_id`, and where needed
`vintage`. What the publisher says about the version (`etag`, `last_modified`) is kept there too, so that nothing is fetched twice.
What a refresh says has no password and no key of an address in it, and nothing that a terminal would act on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import tenacity

from cityresearch import paths
from cityresearch.datasets.addresses import Hop, hop, shown, without_secrets
from cityresearch.datasets.catalog import dataset, datasets
from cityresearch.datasets.importers import importing
from cityresearch.datasets.importers.limits import LARGEST
from cityresearch.datasets.printable import one_line, printable
from cityresearch.errors import DataError

__all__ = ["Fetched", "Refresh", "refresh", "summary"]

ATTEMPTS = 4
FIRST_WAIT = 1.0  # seconds; doubled after every attempt
TIMEOUT = 30.0  # seconds without a byte
LONGEST = 600.0  # seconds for a whole file
MOST_HOPS = 5
REDIRECTS = {301, 302, 303, 307, 308}
AGAIN = {429, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A publisher's file, or the answer that it has not changed."""

    content: bytes
    url: str
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Refresh:
    """One dataset's refresh: what it would change, or why there is nothing to do."""

    name: str
    lines: tuple[str, ...]
    changed: bool = False
    error: str = ""


class _Again(Exception):
    """An answer that may be better next time."""


def refresh(names: Sequence[str] = (), *, write: bool = False, new_titles: bool = False) -> list[Refresh]:
    """Fetch datasets from their publishers and import what they give.

    Parameters
    ----------
    names : sequence of str
        Datasets; all that state an address if left out.
    write : bool
        Write what changes; otherwise only say it.
    new_titles : bool
        Accept places that the dataset does not have yet.

    Returns
    -------
    list of Refresh
        One per dataset; a failure of one does not stop the others.

    Raises
    ------
    DataError
        If a named dataset states no address.
    """
    known = _addresses()
    for name in names:
        dataset(name)
        if name not in known:
            raise DataError(
                f"{name} states no publisher's address: add refresh with url, format and source_id to it in datapackage.json."
            )
    done = []
    for name in names or known:
        try:
            done.append(_refreshed(name, known[name], write, new_titles))
        except DataError as error:
            done.append(Refresh(name, (), error=_safe(str(error), known[name])))
    return done


def _safe(text: str, address: dict[str, Any]) -> str:
    """Return a line as it may be printed, whatever a server or a file put into it."""
    return printable(without_secrets(text, str(address.get("url", ""))))


def summary(done: Sequence[Refresh], *, written: bool) -> list[str]:
    """Return the lines that end a refresh."""
    if not done:
        return [
            "No dataset states a publisher's address: add refresh with url, format and source_id in datapackage.json."
        ]
    lines = [line for item in done for line in (item.lines or (f"{item.name}: failed: {item.error}",))]
    changed = [item.name for item in done if item.changed]
    failed = [item.name for item in done if item.error]
    same = len(done) - len(changed) - len(failed)
    lines.append(f"{len(changed)} {'changed' if written else 'would change'}, {same} unchanged, {len(failed)} failed")
    if changed and not written:
        lines.append("Nothing was written: repeat with --yes to write.")
    return lines


def _addresses() -> dict[str, dict[str, Any]]:
    datasets()
    package = json.loads((paths.raw() / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: resource["refresh"] for resource in package["resources"] if resource.get("refresh")}


def _refreshed(name: str, address: dict[str, Any], write: bool, new_titles: bool) -> Refresh:
    for part in ("url", "source_id"):
        if not address.get(part):
            raise DataError(
                f"datapackage.json, {name}, refresh: found no {part}, expected url, format and source_id; add it."
            )
    fetched = fetch(address["url"], etag=address.get("etag", ""), last_modified=address.get("last_modified", ""))
    if fetched.unchanged:
        return Refresh(name, (f"{name}: the publisher's file has not changed since the last import",))
    options = importing.Options(
        address.get("vintage", ""), address.get("format", ""), address.get("sheet", ""), new_titles=new_titles
    )
    file = urlsplit(fetched.url).path.rpartition("/")[2] or urlsplit(fetched.url).hostname or "file"
    plan = importing.plan_content(fetched.content, file, name, address["source_id"], importing.NewSource(), options)
    if write:
        version = {"etag": fetched.etag, "last_modified": fetched.last_modified}
        kept = {key: value for key, value in address.items() if key not in version} | {
            k: v for k, v in version.items() if v
        }
        if plan.any or kept != address:
            importing.write(plan, describe={"refresh": kept})
    lines = (*plan.lines(), f"fetched: {len(fetched.content):,} bytes from {shown(fetched.url)}, not a web page")
    return Refresh(name, tuple(_safe(line, address) for line in lines), changed=plan.any)


def fetch(url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
    """Fetch a file, trying again after connection errors and answers such as 500.

    Parameters
    ----------
    url : str
    etag, last_modified : str, optional
        The version that we have; the publisher may answer that it is still the newest.

    Raises
    ------
    DataError
        If the address cannot be reached, leads where it must not, answers with an error or a web page, breaks off, or sends more than
        the bound. The sentence contains no secret of the address.
    """
    at = shown(url)
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https"):
        raise DataError(
            f"{at} is not an address that can be fetched, expected http or https: fix refresh in datapackage.json."
        )
    headers = {"User-Agent": "cityresearch", "Accept": "*/*"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_exponential(multiplier=FIRST_WAIT, max=30),
        retry=tenacity.retry_if_exception_type((_Again, httpx.TransportError)),
        reraise=True,
    )
    try:
        return retrying(_fetch_once, url, headers)
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
    raise DataError(one_line(without_secrets(said, url)))


def _fetch_once(url: str, headers: dict[str, str]) -> Fetched:
    end = time.monotonic() + LONGEST
    place = Hop(url)
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client:
        for _ in range(MOST_HOPS + 1):
            try:
                with client.stream("GET", **_request(place, headers)) as answer:
                    if answer.status_code not in REDIRECTS or "location" not in answer.headers:
                        return _read(answer, place.url, end)
                    target = str(httpx.URL(place.url).join(answer.headers["location"]))
            except httpx.RemoteProtocolError as error:
                if "location header" not in str(error):
                    raise
                # asking again would not fix it
                raise DataError(
                    f"{shown(place.url)} leads to an address that cannot be read: give the final address in datapackage.json."
                ) from None
            place = hop(url, place.url, target)
            client.cookies.clear()  # what one host set is not for the next
    raise DataError(f"{shown(url)} cannot be fetched (more than {MOST_HOPS} redirects): give the final address.")


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


def _read(answer: httpx.Response, url: str, end: float) -> Fetched:
    """Return the body of an answer, unless it is not the file."""
    at, says = shown(url), one_line(f"{answer.status_code} {answer.reason_phrase}")
    if answer.status_code == 304:
        return Fetched(b"", url, unchanged=True)
    if answer.status_code in AGAIN:
        raise _Again(says)
    if answer.status_code != 200:
        raise DataError(f"{at} answered {says}, expected the file: check the address in datapackage.json.")
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise DataError(f"{at} answered with a web page, expected a table: give the address of the file itself.")
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > LARGEST:
            raise DataError(
                f"{at} sends more than {LARGEST:,} bytes, expected a table: check the address in datapackage.json."
            )
        if time.monotonic() > end:
            raise DataError(f"{at} took more than {LONGEST:g} seconds: try again later.")
        parts.append(part)
    get = answer.headers.get
    return Fetched(b"".join(parts), url, get("etag", ""), get("last-modified", ""))
