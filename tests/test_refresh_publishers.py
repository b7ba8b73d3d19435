"""Refreshing from each publisher's interface, on a server of this machine that speaks its documented form, into a copy of the real data."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from conftest import PROJECT, cityresearch, mostly_long
from imported import raw_bytes
from publishers_online import KEY, Asked, Online, Reply, bea, bls, census, online, socrata

from cityresearch.datasets import refresh as refreshing
from cityresearch.datasets.catalog import sources
from cityresearch.datasets.refreshers import transport
from cityresearch.geography import STATE_NAMES

RAW = PROJECT / "data" / "raw"
CODES = {name: code for code, name in STATE_NAMES.items()}
NOW = str(datetime.now(UTC).year)


def table(name: str, project: Path = PROJECT) -> list[dict[str, str]]:
    with (project / "data" / "raw" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def server() -> Iterator[Online]:
    with online() as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, server: Online, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the real data whose publishers are all on this machine, and keys for them."""
    shutil.copytree(RAW, tmp_path / "data" / "raw")
    for name, value in {
        "CITYRESEARCH_ROOT": str(tmp_path),
        transport.STAND_IN: server.url,
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("CENSUS_API_KEY", "BLS_API_KEY", "BEA_API_KEY"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(transport, "FIRST_WAIT", 0.01)
    return tmp_path


def narrowed(project: Path, name: str, **parameters: object) -> None:
    """Let a dataset's entry ask for less, so that a test is quick."""
    path = project / "data" / "raw" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    entry = next(r["refresh"] for r in package["resources"] if r["name"] == name)
    entry["parameters"].update(parameters)
    path.write_text(json.dumps(package), encoding="utf-8")


@cache
def _published() -> tuple[dict[str, str], ...]:
    """The last vintage of exports by state and industry, which many tests ask for."""
    rows = table("state_exports_naics3")
    return tuple(r for r in rows if r["source_id"] == "census-api-state-2016-2025")


def industries(years: tuple[str, ...] = ("2024", "2025")) -> dict[tuple[str, str, str], str]:
    """Return the last vintage of exports by state and industry, as the interface has it."""
    rows = [r for r in _published() if r["year"] in years]
    return {(CODES[r["state"]], r["naics3"], r["year"]): r["value_usd"] for r in rows}


def by_country(kept: Callable[[dict[str, str]], bool] = bool, more: int = 0) -> Callable[[Asked], Reply]:
    """Answer with California's exports by country, those rows that are kept and each more by some dollars."""
    rows = [r for r in table("california_exports_by_country") if kept(r)]

    def answer(asked: Asked) -> Reply:
        given = [r for r in rows if r["year"] == asked.query["YEAR"]]
        header = [*asked.query["get"].split(","), "YEAR", "MONTH"]
        body = [
            ["CA", "111", "X", f"{1000 + n}", r["country"].upper(), str(int(r["value_usd"]) + more), r["year"], "12"]
            for n, r in enumerate(given)
        ]
        return Reply([header, *body]) if given else Reply(status=204)

    return answer


def one(name: str, **options: bool) -> refreshing.Refresh:
    (done,) = refreshing.refresh([name], **options)
    assert not done.error, done.error
    return done


@pytest.mark.long
def test_a_new_vintage_of_the_census_bureau_stands_beside_the_old_one_and_says_what_it_revised(here, server):
    narrowed(here, "state_exports_naics3", first=2024)
    values = industries()
    key, other = ("CA", "334", "2025"), ("TX", "324", "2024")
    values[key], values[other] = str(int(values[key]) + 9_000_000_000), str(int(values[other]) - 1_000_000)
    values |= {(state, naics, NOW): value for (state, naics, year), value in industries(("2025",)).items()}
    server.publishers["api.census.gov"] = census(values)
    before, old = raw_bytes(here), table("state_exports_naics3", here)
    text = "\n".join(one("state_exports_naics3").lines)
    assert "against the last vintage (census-api-state-2016-2025)" in text and "2 revised, 0 gone" in text
    assert text.index("revised: California, 2025, 334") < text.index("revised: Texas, 2024, 324")
    assert raw_bytes(here) == before
    one("state_exports_naics3", write=True)
    rows = table("state_exports_naics3", here)
    new = [r for r in rows if r["source_id"] == f"census-api-state-exports-naics3-{datetime.now(UTC).date()}"]
    assert len(rows) == len(old) + len(values) and len(new) == len(values)
    assert [r for r in rows if r["source_id"] != new[0]["source_id"]] == old
    assert (
        "stand-in server" in sources()[new[0]["source_id"]].seen_in and not sources()[new[0]["source_id"]].is_official
    )


@pytest.mark.long
def test_a_vintage_that_equals_the_last_one_is_not_added(here, server):
    narrowed(here, "state_exports_naics3", first=2025)
    server.publishers["api.census.gov"] = census(industries(("2025",)))
    before = raw_bytes(here)
    done = one("state_exports_naics3", write=True)
    assert not done.changed and "row by row" in done.lines[0] and raw_bytes(here) == before


def test_totals_of_states_are_sums_over_industries_and_one_with_a_suppressed_part_is_left_out(here, server):
    narrowed(here, "state_exports", first=2025)
    values = industries(("2025",))
    values["WY", "111", "2025"], values["TX", "111", "2025"] = None, "(D)"
    server.publishers["api.census.gov"] = census(values)
    text = "\n".join(one("state_exports", write=True).lines)
    assert "2 totals with a suppressed part were left out" in text
    assert "1 marked null" in text and "1 marked (D)" in text
    new = {
        r["state"]: r["value_usd"]
        for r in table("state_exports", here)
        if r["source_id"].startswith("census-api-state-exports-")
    }
    old = {
        r["state"]: r["value_usd"]
        for r in table("state_exports")
        if r["year"] == "2025" and r["source_id"] == "census-api-state-2016-2025"
    }
    assert new == {state: value for state, value in old.items() if state not in ("Wyoming", "Texas")}


def test_imports_are_asked_for_as_imports_and_exports_are_refused_in_their_place(here, server):
    narrowed(here, "state_imports_naics3", first=2025)
    rows = [r for r in table("state_imports_naics3") if r["year"] == "2025"]
    server.publishers["api.census.gov"] = census(
        {("CA", r["naics3"], "2025"): str(int(r["value_usd"]) + 1) for r in rows}, "GEN_VAL_YR"
    )
    text = "\n".join(one("state_imports_naics3").lines)
    assert f"{len(rows)} revised" in text and server.asked[0].path == "/data/timeseries/intltrade/imports/statenaics"


@pytest.mark.long
def test_a_table_that_keeps_one_vintage_is_replaced_whole(here, server):
    rows = table("california_exports_by_country")
    server.publishers["api.census.gov"] = by_country(more=5)
    text = "\n".join(one("california_exports_by_country", write=True).lines)
    new = table("california_exports_by_country", here)
    assert f"{len(rows):,} revised, 0 gone" in text and len(new) == len(rows)
    assert {r["source_id"] for r in new} == {f"census-api-ca-exports-country-{datetime.now(UTC).date()}"}


@pytest.mark.parametrize(
    ("lost", "first", "says"),
    mostly_long(
        [(("Mexico",), 2016, "gone: Mexico, 2025"), ((), 2025, "rows of the last vintage")],
        ((), 2025, "rows of the last vintage"),
    ),
)
def test_what_a_replaced_table_would_lose_is_named_and_much_of_it_stops(lost, first, says, here, server):
    narrowed(here, "california_exports_by_country", first=first)
    server.publishers["api.census.gov"] = by_country(lambda r: r["year"] != "2025" or r["country"] not in lost)
    before = raw_bytes(here)
    (done,) = refreshing.refresh(["california_exports_by_country"])
    assert says in "\n".join((*done.lines, done.error)) and raw_bytes(here) == before
    if done.error:
        assert "repeat with --accept-drop" in done.error and "\n" not in done.error
        assert one("california_exports_by_country", accept_drop=True).changed


def test_the_labor_bureau_is_asked_in_batches_and_preliminary_months_are_marked(here, server):
    entry = next(
        r["refresh"]
        for r in json.loads((RAW / "datapackage.json").read_text())["resources"]
        if r["name"] == "bls_employment"
    )
    series = entry["parameters"]["series"]
    many = [
        *series,
        *(
            f"SMU06{area}{kind}00000001"
            for area in ("12540", "17020", "20940")
            for kind in ("00", "05", "06", "07", "08", "10", "20")
        ),
    ]
    names = entry["parameters"]["names"] | {"12540": "Bakersfield, CA", "17020": "Chico, CA", "20940": "El Centro, CA"}
    narrowed(here, "bls_employment", series=many, names=names, first=2004)
    months = {"2025-11": "1600.1", "2025-12": "-", f"{NOW}-01": "1,601.5p"}
    server.publishers["api.bls.gov"] = bls({name: months for name in many})
    done = one("bls_employment", write=True, new_titles=True, accept_drop=True)
    assert [len(asked.body["seriesid"]) for asked in server.asked] == [50, 50, 1, 1]
    assert {(a.body["startyear"], a.body["endyear"]) for a in server.asked} == {("2004", "2023"), ("2024", NOW)}
    rows = [r for r in table("bls_employment", here) if r["source_id"].startswith("bls-api-sm-")]
    assert len(rows) == 2 * len(many) and {r["note"] for r in rows if r["month"] > "2026"} == {"preliminary"}
    assert {r["vintage"] for r in rows if r["month"] == f"{NOW}-01"} == {"newest_month"}
    assert "51 marked null" in "\n".join(done.lines)


def test_the_price_index_of_exports_comes_as_a_series_of_its_own(here, server):
    rows = table("export_price_index")
    values = {r["month"]: r["index"] for r in rows} | {"2025-10": "-", "2026-03": "160.9", "2026-04": "161.5"}
    server.publishers["api.bls.gov"] = bls({"EIUIQ": values})
    text = "\n".join(one("export_price_index", write=True).lines)
    assert "rows 1 new, 1 revised, 0 gone" in text and "revised: all_commodities, 2026-03: 161.0 to 160.9" in text
    assert len(table("export_price_index", here)) == 2 * len(rows) + 1


@pytest.mark.long
def test_gdp_of_metros_replaces_the_series_in_dollars_and_leaves_that_in_chained_dollars(here, server):
    old = table("metro_gdp")
    dollars = [r for r in old if r["unit"] == "USD" and r["kind"] == "metro"]
    values = {
        (f"{r['cbsa_title']} (Metropolitan Statistical Area)", "2023"): f"{int(r['value']) // 1000:,}" for r in dollars
    }
    values |= {(area, "2024"): value for (area, _), value in values.items()}
    values["Abilene, TX (Metropolitan Statistical Area)", "2024"] = "(NA)"
    server.publishers["apps.bea.gov"] = bea(values)
    text = "\n".join(one("metro_gdp", write=True).lines)
    new = table("metro_gdp", here)
    assert "1 marked (NA)" in text and [r for r in new if r["unit"] != "USD"] == [r for r in old if r["unit"] != "USD"]
    assert len({r["source_id"] for r in new if r["unit"] == "USD" and r["kind"] == "metro"}) == 1
    assert {r["year"] for r in new if r["unit"] == "USD"} == {"2023", "2024"}
    assert [r for r in new if r["kind"] == "nation"] == [r for r in old if r["kind"] == "nation"]


def test_entries_at_the_border_come_in_pages_and_are_summed_to_years(here, server):
    rows = [
        {"port_name": "Otay Mesa", "state": "California", "border": "US-Mexico Border", "date": f"{year}-{month:02}-01T00:00:00.000", "measure": measure, "value": str(value)}
        for year, last in (("2024", 12), ("2025", 12), ("2026", 3)) for month in range(1, last + 1)
        for measure, value in (("Trucks", 90_000 + month), ("Pedestrians", 200_000), ("Trains", 3))
        if (year, month, measure) != ("2025", 4, "Pedestrians")
    ]  # fmt: skip
    narrowed(here, "border_entries", page=25, first=2024)
    server.publishers["data.bts.gov"] = socrata(rows)
    done = one("border_entries", write=True, accept_drop=True)
    new = [
        r for r in table("border_entries", here) if r["source_id"] == f"bts-border-crossing-{datetime.now(UTC).date()}"
    ]
    assert {(r["period"], r["kind"]): (r["count"], r["note"]) for r in new} == {
        ("2024", "trucks"): ("1080078", "northbound"), ("2025", "trucks"): ("1080078", "northbound"),
        ("2024", "pedestrians"): ("2400000", "northbound"),
        ("2025", "pedestrians"): ("2200000", "northbound; only 11 of 12 months (Apr missing)"),
    }  # fmt: skip
    assert "sums of 2026, which ends in Mar, left out" in "\n".join(done.lines) and len(server.asked) == 5


@pytest.mark.long
def test_the_newest_edition_of_the_population_estimates_is_found_and_not_fetched_twice(here, server):
    metros = [r for r in table("metro_population") if r["source_id"] == "census-pep-v2024-pawebsite"]
    lines = ["CBSA,MDIV,STCOU,NAME,LSAD,POPESTIMATE2023,POPESTIMATE2024"]
    lines += [
        f'1{n:04},,,"{r["cbsa_title"]}",Metropolitan Statistical Area,{r["value"]},{r["value"]}'
        for n, r in enumerate(metros)
    ]
    file = ("\n".join(lines) + "\n").encode("latin-1")

    def answer(asked):
        if "cbsa-est2024" not in asked.path:
            return Reply(b"<html>Not here</html>", 404, "text/html")
        if asked.headers.get("if-none-match") == '"v24"':
            return Reply(b"", 304)
        return Reply(file, kind="text/csv", headers={"ETag": '"v24"'})

    server.publishers["www2.census.gov"] = answer
    text = "\n".join(one("metro_population", write=True).lines)
    assert "15 new, 0 revised, 0 gone, 15 the same" in text
    before = raw_bytes(here)
    assert "has not changed" in one("metro_population", write=True).lines[0] and raw_bytes(here) == before


def test_without_names_only_what_needs_no_key_or_has_one_is_asked(here, server, monkeypatch):
    for name in ("CENSUS_API_KEY", "BLS_API_KEY", "BEA_API_KEY"):
        monkeypatch.delenv(name)
    server.publishers |= {name: lambda asked: Reply(b"", 404) for name in ("www2.census.gov", "data.bts.gov")}
    done = {item.name: item for item in refreshing.refresh()}
    assert "CENSUS_API_KEY is not set" in done["state_exports"].lines[0] and done["border_entries"].error
    assert {asked.path.split("/")[1] for asked in server.asked} == {"programs-surveys", "resource"}
    (alone,) = refreshing.refresh(["metro_gdp"])
    assert "get one at https://apps.bea.gov/api/signup/ and set BEA_API_KEY" in alone.error


def test_the_list_says_each_way_and_whether_a_key_is_set_and_never_the_key(here, server, monkeypatch):
    monkeypatch.delenv("BEA_API_KEY")
    said = cityresearch("data", "refresh", "--list", cwd=here)
    assert said.returncode == 0 and not server.asked and KEY not in said.stdout + said.stderr
    assert "metro_exports: by hand, from U.S. International Trade Administration" in said.stdout
    assert "1. Open https://www.trade.gov/" in said.stdout
    assert "state_exports: with a key, from U.S. Census Bureau; CENSUS_API_KEY is set" in said.stdout
    assert "BEA_API_KEY is not set: get one at https://apps.bea.gov/api/signup/" in said.stdout
    assert "border_entries: automatic" in said.stdout
