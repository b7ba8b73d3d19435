"""Refreshing: what a publisher's interface may do wrong, from requests to errors; each is one sentence, and nothing is written."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from conftest import PROJECT, mostly_long
from imported import raw_bytes
from publishers_online import KEY, MISSING_KEY, Asked, Reply, bea, bls, census, socrata
from test_refresh_publishers import NOW, here, industries, narrowed, one, server, table  # noqa: F401 (fixtures)

from cityresearch.datasets import refresh as refreshing
from cityresearch.datasets.refreshers import transport
from cityresearch.datasets.refreshers.keys import key_of
from cityresearch.errors import DataError

GOOD = census(industries(("2025",)))
HOSTS = {
    "state_exports": "api.census.gov",
    "export_price_index": "api.bls.gov",
    "metro_gdp": "apps.bea.gov",
    "border_entries": "data.bts.gov",
}
INDEX = {r["month"]: r["index"] for r in table("export_price_index")}
BORDER = [
    {"port_name": "Tecate", "state": "California", "date": "2024-01-01T00:00:00.000", "measure": "Trucks", "value": "1"}
] * 5
AREA = {("Abilene, TX (Metropolitan Statistical Area)", "2023"): "10,584,673"}


def changed(answer, change):
    """Return an answer with its JSON changed."""

    def give(asked: Asked) -> Reply:
        reply = answer(asked)
        return Reply(change(reply.body)) if reply.status == 200 else reply

    return give


def renamed(old: str, new: str, answer=GOOD):
    return changed(answer, lambda body: [[new if cell == old else cell for cell in body[0]], *body[1:]])


# name of the case: dataset, what answers, what the sentence says
CASES = {
    "no key": ("state_exports", lambda asked: MISSING_KEY, "web page that says 'Missing Key A valid key must be included"),
    "plain text with status 200": ("state_exports", lambda a: Reply(b"error: unknown variable 'ALL_VAL_YR'", kind="text/plain"), "answered with the text \"error: unknown variable"),
    "plain text with status 400": ("state_exports", lambda a: Reply(b"error: unknown variable 'X'", 400, "text/plain"), "answered 400 Bad Request and said \"error: unknown variable 'X'\""),
    "a renamed column": ("state_exports", renamed("ALL_VAL_YR", "ALL_VALUE_YR"), "found no column ALL_VAL_YR and the new 'ALL_VALUE_YR'"),
    "a short row": ("state_exports", changed(GOOD, lambda b: [*b[:3], b[3][:-2], *b[4:]]), "row 4: found 8 cells, expected 10"),
    "JSON that is cut": ("state_exports", lambda a: Reply(GOOD(a).content()[:400]) if a.query["YEAR"] == "2025" else GOOD(a), "JSON that is not whole"),
    "an object": ("state_exports", lambda a: Reply({"error": "no"}), "an object with 'error'"),
    "another year": ("state_exports", changed(GOOD, lambda b: [b[0], *[[*r[:-4], *("2019" if c == "2025" else c for c in r[-4:])] for r in b[1:]]]), "found the year '2019', expected 2025"),
    "text for a number": ("state_exports", changed(GOOD, lambda b: [b[0], *[["much" if n == 5 else c for n, c in enumerate(r)] for r in b[1:]]]), "found 'much', expected a number"),
    "nothing at all": ("state_exports", lambda a: Reply(status=204), "gave nothing for 2025"),
    "many states gone": ("state_exports", census({k: v for k, v in industries(("2025",)).items() if k[0] > "D"}), "of 53 rows of the last vintage"),
    "thousands for dollars": ("state_exports", census({k: str(int(v) // 1000) for k, v in industries(("2025",)).items()}), "looks like thousands where USD are expected"),
    "values a third of the old ones": ("state_exports", census({k: str(int(v) // 3) for k, v in industries(("2025",)).items()}), "sum up to 0.333 times those of the last vintage"),
    "503 every time": ("state_exports", lambda a: Reply(b"", 503), "answered 503 Service Unavailable 4 times"),
    "a daily limit": ("export_price_index", lambda a: Reply({"status": "REQUEST_NOT_PROCESSED", "message": ["Request could not be serviced, as the daily threshold for total number of requests allocated to the user has been reached."], "Results": {}}), "daily threshold for total number of requests allocated to the user has been reached.'), expected REQUEST_SUCCEEDED: try again tomorrow"),
    "a series that does not exist": ("export_price_index", bls({}), "gave no value of EIUIQ for 2005"),
    "a series that is left out": ("export_price_index", lambda a: Reply({"status": "REQUEST_SUCCEEDED", "message": [], "Results": {"series": []}}), "was asked for 1 series and gave 0, without EIUIQ"),
    "a value without its year": ("export_price_index", lambda a: Reply({"status": "REQUEST_SUCCEEDED", "message": [], "Results": {"series": [{"seriesID": "EIUIQ", "data": [{"yr": "2025"}]}]}}), "found no year, period and value"),
    "results of another form": ("export_price_index", lambda a: Reply({"status": "REQUEST_SUCCEEDED", "message": ["x"], "Results": []}), "without Results and series"),
    "an Error object in the results": ("metro_gdp", lambda a: Reply({"BEAAPI": {"Results": {"Error": {"APIErrorCode": "201", "APIErrorDescription": "Error retrieving data.", "ErrorDetail": {"Description": "Data are not currently available."}}}}}), "'Error retrieving data. Data are not currently available.' (code 201)"),
    "an Error object above them": ("metro_gdp", lambda a: Reply({"BEAAPI": {"Error": {"APIErrorCode": "1", "APIErrorDescription": "No such method."}}}), "'No such method.' (code 1)"),
    "another unit": ("metro_gdp", bea(AREA, UNIT_MULT="6"), "found UNIT_MULT '6', expected 3 for thousands"),
    "another line": ("metro_gdp", bea(AREA, Code="CAGDP2-2"), "found the line 'CAGDP2-2', expected line 1"),
    "a column gone": ("metro_gdp", changed(bea(AREA), lambda b: {"BEAAPI": {"Results": {"Data": [{k: v for k, v in r.items() if k != "CL_UNIT"} | {"Unit": "x"} for r in b["BEAAPI"]["Results"]["Data"]]}}}), "found no column CL_UNIT and the new 'Unit'"),
    "fewer rows than counted": ("border_entries", socrata(BORDER, counts=9), "counts 9 rows and gave 5, expected all of them"),
    "more rows than counted": ("border_entries", socrata(BORDER, counts=3), "counts 3 rows and gave 5"),
    "an error of the platform": ("border_entries", lambda a: Reply({"message": "Query coordinator error: no-such-column", "errorCode": "x"}), "'Query coordinator error: no-such-column'"),
    "a month twice": ("border_entries", socrata(BORDER), "Tecate, Trucks, 2024-01-01T00:00:00.000 again"),
}  # fmt: skip


SHORT = (
    "nothing at all",
    "many states gone",
    "thousands for dollars",
    "503 every time",
    "another unit",
    "a month twice",
)


@pytest.mark.parametrize("case", mostly_long(CASES, *SHORT))
def test_a_failure_is_one_sentence_without_the_key_and_changes_nothing(case, here, server):  # noqa: F811
    name, answer, says = CASES[case]
    if name == "state_exports":
        narrowed(here, name, first=2025)
    server.publishers[HOSTS[name]] = answer
    before = raw_bytes(here)
    (done,) = refreshing.refresh([name], write=True)
    assert says in done.error, done
    assert "\n" not in done.error and KEY not in repr(done) and len(done.error) < 700
    assert raw_bytes(here) == before


def test_a_key_that_is_refused_is_not_repeated_where_the_publisher_repeats_it(here, server, monkeypatch, caplog):  # noqa: F811
    other = "an0ther-key-9876"
    for name in ("BLS_API_KEY", "BEA_API_KEY", "CENSUS_API_KEY"):
        monkeypatch.setenv(name, other)
    server.publishers |= {"api.bls.gov": bls({"EIUIQ": INDEX}), "apps.bea.gov": bea(AREA)}
    server.publishers["api.census.gov"] = lambda asked: Reply(
        f"error: the key {asked.query['key']} is not valid".encode(), 403, "text/plain"
    )
    with caplog.at_level(logging.DEBUG):
        done = refreshing.refresh(["export_price_index", "metro_gdp", "state_exports"])
    assert (
        "provided by the User is invalid" in done[0].error
        and "UserID *** is not valid" in done[1].error
        and "check the key" in done[2].error
    )
    assert other not in repr(done) + caplog.text and "***" in caplog.text
    assert {
        asked.body["registrationkey"] if asked.body else asked.query.get("UserID", asked.query.get("key"))
        for asked in server.asked
    } == {other}


@pytest.mark.parametrize("before", mostly_long(range(80, 205, 5), 130, 180))
@pytest.mark.parametrize("status", [200, pytest.param(400, marks=pytest.mark.long)])
def test_no_part_of_a_key_is_left_where_a_message_is_cut(before, status, here, server):  # noqa: F811
    server.publishers["api.census.gov"] = lambda asked: Reply(b"e" * before + KEY.encode() * 3, status, "text/plain")
    (done,) = refreshing.refresh(["state_exports"])
    assert KEY[:6] not in done.error and "e" * 80 in done.error


def test_a_key_is_in_no_file_after_a_refresh(here, server):  # noqa: F811
    server.publishers["api.bls.gov"] = bls({"EIUIQ": INDEX | {"2026-04": "161.5"}})
    assert one("export_price_index", write=True).changed
    for name, content in raw_bytes(here).items():
        assert KEY.encode() not in content, name


@pytest.mark.long
def test_what_the_server_asks_to_wait_is_waited_if_the_time_allows(here, server, monkeypatch):  # noqa: F811
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    server.publishers["api.bls.gov"] = bls({"EIUIQ": INDEX | {"2026-04": "161.5"}})
    server.first = [Reply(b"", 429, headers={"Retry-After": "7"})]
    assert one("export_price_index").changed and waited and waited[0] == 7
    server.first = [Reply(b"", 429, headers={"Retry-After": "86400"})]
    (done,) = refreshing.refresh(["export_price_index"])
    assert "asks to wait 86,400 seconds, longer than the 600 seconds" in done.error


def test_all_requests_of_a_dataset_share_one_bound_of_time(here, server, monkeypatch):  # noqa: F811
    monkeypatch.setattr(transport, "LONGEST", 0.0)
    server.publishers["api.census.gov"] = GOOD
    (done,) = refreshing.refresh(["state_exports"])
    assert "took more than 0 seconds" in done.error and not server.asked


@pytest.mark.long
def test_a_year_between_others_that_gives_nothing_stops(here, server):  # noqa: F811
    narrowed(here, "state_exports", first=2023)
    server.publishers["api.census.gov"] = census(industries(("2023", "2025")))
    (done,) = refreshing.refresh(["state_exports"])
    assert "gave nothing for 2024, and values for 2025" in done.error


def test_a_new_column_is_said_and_left_out(here, server):  # noqa: F811
    narrowed(here, "state_exports", first=2025)
    values = industries(("2025",))
    values["CA", "111", "2025"] = str(int(values["CA", "111", "2025"]) + 1)
    server.publishers["api.census.gov"] = changed(
        census(values), lambda body: [[*row, "x" if n else "NEW"] for n, row in enumerate(body)]
    )
    text = "\n".join(one("state_exports").lines)
    assert "columns that are new were left out: 'NEW'" in text and "1 revised" in text


@cache
def population(rows: int = 4_000) -> bytes:
    metros = [r for r in table("metro_population") if r["source_id"] == "census-pep-v2024-pawebsite"]
    lines = ["CBSA,MDIV,STCOU,NAME,LSAD,POPESTIMATE2024"]
    lines += [f'1{n:04},,,"{r["cbsa_title"]}",Metropolitan Statistical Area,{r["value"]}' for n, r in enumerate(metros)]
    lines += [f'9{n:04},,,"Somewhere, TX",Micropolitan Statistical Area,{n}' for n in range(rows)]
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize(
    "version",
    mostly_long(
        [{"ETag": '"v1"'}, {"Last-Modified": "Fri, 29 May 2026 10:00:00 GMT"}, {}, {"ETag": 'W/"v1"'}],
        {"ETag": '"v1"'},
    ),
)
def test_a_transfer_that_breaks_off_goes_on_where_it_stopped_if_the_version_is_known(version, here, server):  # noqa: F811
    file, ranges = population(), []

    def answer(asked: Asked) -> Reply:
        if f"cbsa-est{NOW}" not in asked.path:
            return Reply(b"", 404)
        ranges.append(asked.headers.get("range", ""))
        headers = {"ETag": version.get("ETag", ""), "Last-Modified": version.get("Last-Modified", "")}
        if asked.headers.get("range"):
            start = int(asked.headers["range"].removeprefix("bytes=").rstrip("-"))
            assert asked.headers["if-range"] == next(iter(version.values()))
            return Reply(
                file[start:], 206, "text/csv", headers | {"Content-Range": f"bytes {start}-{len(file) - 1}/{len(file)}"}
            )
        return Reply(file, kind="text/csv", headers=headers, cut=60_000 if len(ranges) == 1 else 0)

    server.publishers["www2.census.gov"] = answer
    assert "row by row" in one("metro_population").lines[0]
    known = bool(version) and not version.get("ETag", "").startswith("W/")
    assert len(ranges) == 2 and bool(ranges[1]) == known


@pytest.mark.long
def test_a_file_that_changed_in_between_is_fetched_from_its_start(here, server):  # noqa: F811
    file, asked_for = population(), []

    def answer(asked: Asked) -> Reply:
        asked_for.append(asked.headers.get("range", ""))
        # If-Range names a version that is no longer there, so the whole new file comes with status 200
        return Reply(
            file, kind="text/csv", headers={"ETag": f'"v{len(asked_for)}"'}, cut=50_000 if len(asked_for) == 1 else 0
        )

    server.publishers["www2.census.gov"] = answer
    assert "row by row" in one("metro_population").lines[0] and asked_for[0] == "" and asked_for[1].startswith("bytes=")


def test_a_server_killed_midway_is_said_and_leaves_nothing(here, server):  # noqa: F811
    server.publishers["www2.census.gov"] = lambda asked: Reply(population(), kind="text/csv", cut=50_000, killed=True)
    before = raw_bytes(here)
    (done,) = refreshing.refresh(["metro_population"], write=True)
    assert "cannot be fetched" in done.error or "breaks off" in done.error
    assert "\n" not in done.error and raw_bytes(here) == before


@pytest.mark.long
def test_a_server_killed_between_two_years_leaves_nothing(here, server):  # noqa: F811
    narrowed(here, "state_exports", first=2024)
    answers = census(industries())

    def answer(asked: Asked) -> Reply:
        reply = answers(asked)
        reply.killed = asked.query["YEAR"] == "2024"
        return reply

    server.publishers["api.census.gov"] = answer
    before = raw_bytes(here)
    (done,) = refreshing.refresh(["state_exports"], write=True)
    assert "cannot be fetched" in done.error and raw_bytes(here) == before


def test_one_publisher_that_fails_does_not_stop_the_others(here, server):  # noqa: F811
    server.publishers |= {
        "api.bls.gov": bls({"EIUIQ": INDEX | {"2026-04": "161.5"}}),
        "apps.bea.gov": lambda asked: Reply(b"", 500),
    }
    done = refreshing.refresh(["metro_gdp", "export_price_index"], write=True)
    assert done[0].error and done[1].changed and len(table("export_price_index", here)) > len(INDEX)


# keys in a file, and the stand-in server


def keys(tmp_path: Path, text: str, mode: int = 0o600, folder: str = "config/cityresearch") -> Path:
    path = tmp_path / folder / "keys.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.fixture
def no_key(monkeypatch, tmp_path):
    monkeypatch.delenv("CENSUS_API_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_a_key_is_read_from_a_file_that_only_its_owner_may_read(no_key, tmp_path):
    assert key_of("CENSUS_API_KEY") == ""
    keys(tmp_path, f'CENSUS_API_KEY = "{KEY}"\n')
    assert key_of("CENSUS_API_KEY") == KEY


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [(f'CENSUS_API_KEY = "{KEY}"', 0o644, "can be read by others (permissions 644), expected 600"), (f"CENSUS_API_KEY = {KEY}", 0o600, "is not TOML"),
     (f'CENSUS_API_KEY = "{KEY} and more"', 0o600, "is not a key")],
)  # fmt: skip
def test_a_file_of_keys_that_is_not_safe_or_not_one_is_refused_without_saying_the_key(
    text, mode, says, no_key, tmp_path
):
    keys(tmp_path, text, mode)
    with pytest.raises(DataError) as found:
        key_of("CENSUS_API_KEY")
    assert says in str(found.value) and KEY not in str(found.value)


def test_a_file_of_keys_inside_the_repository_is_refused(no_key, here, monkeypatch):  # noqa: F811
    monkeypatch.delenv("CENSUS_API_KEY", raising=False)
    monkeypatch.setenv("CITYRESEARCH_KEYS", str(keys(here, f'CENSUS_API_KEY = "{KEY}"', folder="data")))
    with pytest.raises(DataError, match="inside the repository"):
        key_of("CENSUS_API_KEY")


@pytest.mark.parametrize(
    "url", ["http://example.org", "http://127.0.0.1.example.org", "ftp://127.0.0.1", "http://10.0.0.1"]
)
def test_a_stand_in_that_is_not_on_this_machine_is_refused(url, here, server, monkeypatch):  # noqa: F811
    monkeypatch.setenv(transport.STAND_IN, url)
    (done,) = refreshing.refresh(["border_entries"])
    assert "expected a server of this machine" in done.error and not server.asked


# offline


def without_network(*arguments: str, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Call the command line where there is no network interface, not even that of the machine itself."""
    command = ["unshare", "-rn", sys.executable, "-m", "cityresearch", *arguments]
    path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "CITYRESEARCH_ROOT": str(cwd), "PYTHONPATH": path}
    environment.pop(transport.STAND_IN, None)
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd, timeout=300, check=False)


@pytest.fixture
def namespace() -> None:
    found = (
        shutil.which("unshare")
        and subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
    )
    if not found:
        pytest.skip("this machine does not allow a network namespace (unshare -rn)")


@pytest.mark.parametrize(
    "line", mostly_long(["data list", "data refresh --list", "claims C015", "run --explain"], "data refresh --list")
)
def test_nothing_but_a_refresh_needs_a_network(line, namespace):
    done = without_network(*line.split())
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_everything_is_verified_without_a_network(namespace, project):
    done = without_network("verify", "--all", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
def test_a_refresh_without_a_network_is_one_sentence_and_writes_nothing(namespace, here, monkeypatch):  # noqa: F811
    before = raw_bytes(here)
    done = without_network("data", "refresh", "border_entries", "--yes", cwd=here)
    assert done.returncode == 2 and "data.bts.gov" in done.stdout and "cannot be fetched" in done.stdout
    assert done.stdout.count("\n") == 2 and not done.stderr and raw_bytes(here) == before
