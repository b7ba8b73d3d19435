"""Checks on the tables together: each break of a copy of the data is named by the check that exists for it."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import cityresearch
from test_datasets import edit

from cityresearch import datasets
from cityresearch.claims import guards
from cityresearch.datasets import checks, sums


class Watched(dict):
    """Tables that note which of them were asked for."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        super().__init__(tables)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.asked.add(name)
        return super().__getitem__(name)

    def __iter__(self):
        self.asked.update(self.keys())
        return super().__iter__()

    def items(self):
        self.asked.update(self.keys())
        return super().items()


class Copied(dict):
    """Tables free to be changed: each is copied when a test asks for it, and `changed` are those that it asked for or put."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        super().__init__(tables)
        self.changed: set[str] = set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.changed:
            self[name] = super().__getitem__(name).copy()
        return super().__getitem__(name)

    def __setitem__(self, name: str, frame: pd.DataFrame) -> None:
        self.changed.add(name)
        super().__setitem__(name, frame)


@pytest.fixture(scope="module")
def sound() -> dict[str, pd.DataFrame]:
    return checks.tables()


@pytest.fixture(scope="module")
def outcomes(sound) -> list[checks.Outcome]:
    return checks.run(sound, guards.CHECKS)


@pytest.fixture(scope="module")
def readers(sound) -> dict[checks.Check, set[str]]:
    """The tables that each check reads."""
    found = {}
    for check in (*checks.CHECKS, *guards.CHECKS):
        watched = Watched(sound)
        list(check(watched))
        found[check] = watched.asked
    return found


@pytest.fixture
def tables(sound) -> Copied:
    return Copied(sound)


class Found(dict):
    """The faults by the names of the checks, of which each runs when a test asks for it."""

    def __init__(self, tables: Copied, run) -> None:
        super().__init__()
        self.tables, self.run = tables, run

    def __missing__(self, name: str) -> tuple[str, ...]:
        (outcome,) = self.run(self.tables, lambda check: check.__name__.replace("_", " ") == name)
        self[name] = outcome.faults
        return outcome.faults


@pytest.fixture
def ran(monkeypatch):
    """Run those checks that are chosen."""

    def run(tables: Copied, chosen) -> list[checks.Outcome]:
        with monkeypatch.context() as patched:
            patched.setattr(checks, "CHECKS", tuple(filter(chosen, checks.CHECKS)))
            return checks.run(dict(tables), [*filter(chosen, guards.CHECKS)])

    return run


@pytest.fixture
def faults(ran):
    """The faults that a check finds, by its name."""
    return lambda tables: Found(tables, ran)


@pytest.fixture
def every_fault(ran, readers):
    """Every fault by the name of its check; a check that reads no changed table has none, as on the published tables."""
    return lambda tables: {
        outcome.name: outcome.faults
        for outcome in ran(tables, lambda check: readers[check] & tables.changed)
        if outcome.faults
    }


def put(frame: pd.DataFrame, value: object, column: str, **where: object) -> None:
    """Set one cell of the only row that matches."""
    rows = frame.index[(frame[list(where)] == pd.Series(where)).all(axis=1)]
    assert len(rows) == 1, where
    frame.loc[rows[0], column] = value


@pytest.mark.long
def test_the_published_tables_pass_every_check(outcomes):
    assert [outcome for outcome in outcomes if outcome.faults] == []


@pytest.mark.long
def test_every_check_says_why_it_exists(outcomes):
    assert all(outcome.asks.endswith(".") and len(outcome.asks) > 40 for outcome in outcomes)


def test_a_key_that_occurs_twice_is_named(tables, faults):
    tables["places"] = pd.concat([tables["places"], tables["places"].tail(1)])
    assert "places: the key" in faults(tables)["keys are unique"][0]


def test_a_unit_that_is_changed_in_one_row_is_named(tables, faults):
    frame = tables["other_observations"]
    series = frame["series"].value_counts().index[0]
    frame.loc[frame.index[frame["series"] == series][0], "unit"] = "pounds"
    assert f"other_observations, series {series}: found the units" in faults(tables)["a series has one unit"][0]


def test_a_trip_that_ends_before_it_starts_or_lasts_for_years_is_named(tables, faults):
    frame = tables["missions"]
    both = frame.dropna(subset=["start_date", "end_date"]).index[:2]
    frame.loc[both[0], "end_date"] = "1999-01-01"
    frame.loc[both[1], "end_date"] = "2099-01-01"
    assert len(faults(tables)["ends come after starts"]) == 2


@pytest.mark.parametrize(
    ("name", "column", "wrong"),
    [
        ("bls_employment", "month", "2027-02"),
        ("border_entries", "period", "8020"),
        ("port_containers", "period", "2923-11"),
        ("metro_exports", "year", 1023),
        ("surveys", "field_start", "2062-05-01"),
    ],
)
def test_a_period_that_its_source_could_not_know_is_named(tables, faults, name, column, wrong):
    frame = tables[name]
    dated = frame["source_id"].map(tables["sources"].set_index("source_id")["published"]).notna()
    frame.loc[frame.index[dated & frame[column].notna()][0], column] = wrong
    (found,) = faults(tables)["periods come before their sources"]
    assert found.startswith(f"{name}, {column} {wrong}: ")


def test_an_unknown_source_inside_a_list_of_sources_is_named(tables, every_fault):
    frame = tables["missions"]
    frame.loc[frame.index[0], "source_id"] += ";no-such-source"
    assert every_fault(tables) == {
        "references resolve": ("missions.source_id: no-such-source has no record in sources",)
    }


def test_a_claim_that_points_to_no_claim_is_named(tables, faults):
    put(tables["claims"], "C999", "related", claim_id="C027")
    assert faults(tables)["references resolve"] == ("claims.related: C999 has no record in claims",)


def test_a_lost_year_is_named_with_what_was_expected(tables, faults):
    tables["metro_gdp"] = tables["metro_gdp"].query("year != 2023")
    found = faults(tables)["coverage does not shrink"]
    assert "metro_gdp: 2,304 rows, 2,697 expected" in found
    assert "metro_gdp.year: 6 values from 2012 to 2017, expected 7 from 2012 to 2023" in found


def test_checks_of_sums_report_a_lost_year_and_do_not_stumble_over_it(tables, faults):
    tables["metro_exports"] = tables["metro_exports"].query("year != 2023")
    tables["port_containers"] = tables["port_containers"].query("direction != 'empties'")
    found = faults(tables)
    assert "metro_exports 2023: 0 USD" in found["metro rows add up to the nation"][0]
    assert "port_containers: " in " ".join(found["coverage does not shrink"])


def test_a_doubled_metro_breaks_the_national_total(tables, faults):
    frame = tables["metro_exports"]
    row = frame[(frame["cbsa_title"] == "Houston-Pasadena-The Woodlands, TX") & (frame["year"] == 2016)]
    tables["metro_exports"] = pd.concat([frame, row])
    assert "metro_exports 2016" in faults(tables)["metro rows add up to the nation"][0]


def test_a_dollar_too_many_for_mexico_is_noticed(tables, faults):
    frame = tables["california_exports_by_country"]
    frame.loc[(frame["country"] == "Mexico") & (frame["year"] == 2024), "value_usd"] += 1
    assert faults(tables)["countries add up to industries"][0].startswith(
        "California 2024: countries give 183933700134"
    )


def test_a_state_total_that_misses_its_industries_is_named(tables, faults):
    frame = tables["state_exports"]
    frame.loc[(frame["state"] == "Ohio") & (frame["year"] == 2019), "value_usd"] += 1
    assert faults(tables)["industries add up to states"][0].startswith("Ohio 2019 (census-api-state-2016-2025)")


def test_imports_are_added_up_as_exports_are(tables, faults):
    frame = tables["state_imports"]
    frame.loc[(frame["state"] == "California") & (frame["year"] == 2019), "value_usd"] += 1
    put(tables["california_imports_by_country"], 1, "value_usd", country="Mexico", year=2024)
    found = faults(tables)
    assert found["industries add up to states"][0].startswith("California 2019 (r2-census-stimp-2026)")
    assert found["countries add up to industries"][0].endswith("(imports)")


def test_a_month_that_its_year_before_2012_does_not_hold_is_noticed(tables, faults):
    put(tables["california_trade_monthly"], 1, "value_usd", month="2008-03", flow="exports")
    assert faults(tables)["months of trade add up to years"] == (
        "state_exports_earlier California 2008: 12 months give 132,367,300,001 USD, the year 144,813,300,000",
    )


def test_a_vintage_overwritten_by_the_other_is_noticed(tables, faults):
    frame = tables["state_exports_naics3"]
    later = frame[(frame["year"] == 2018) & (frame["source_id"] == sums.EXPORTS_NEW)]
    earlier = later.assign(source_id=checks.EXPORTS_OLD)
    kept = frame[~((frame["year"] == 2018) & (frame["source_id"] == checks.EXPORTS_OLD))]
    tables["state_exports_naics3"] = pd.concat([kept, earlier])
    assert "state_exports_naics3 2018: 0 cells moved" in faults(tables)["vintages differ as reported"][0]


def test_a_month_under_the_wrong_kind_of_goods_is_named(tables, faults):
    frame = tables["state_exports_monthly"]
    put(frame, 1, "value_usd", month="2025-01", series="reexports")
    assert "California|2025-01|total" in faults(tables)["kinds of goods add up"][0]


def test_a_misread_month_breaks_the_year_of_its_port(tables, faults):
    frame = tables["port_containers"]
    rows = frame.index[
        (frame["port"] == "Port of Los Angeles")
        & (frame["period"] == "2018-03")
        & (frame["direction"] == "loaded_imports")
    ]
    frame.loc[rows, "teu"] *= 2
    found = faults(tables)
    assert any("Port of Los Angeles|2018|year|loaded_imports" in fault for fault in found["months add up to years"])
    assert found["container parts add up"]


def test_neighbouring_ports_must_make_their_printed_total(tables, faults):
    frame = tables["port_containers"]
    put(
        frame, 1, "teu", port="Port of Long Beach", period="2024-10", direction="loaded_imports", source_id="pmsa-2024-10"
    )  # fmt: skip
    assert "San Pedro Bay" in faults(tables)["groups of ports add up"][0]


def test_customs_port_totals_must_be_their_directions(tables, faults):
    frame = tables["port_containers_piers"]
    put(frame, 1, "teu", port="Port of Oakland", period="2012", direction="loaded_imports", source_id="bts-sts-2014")
    assert "Port of Oakland|2012|bts-sts-2014" in faults(tables)["customs port parts add up"][0]


@pytest.mark.long
def test_an_error_mended_in_the_table_must_leave_the_list(tables, every_fault):
    frame = tables["port_containers"]
    put(frame, 76347, "teu", port="Port of Oakland", period="2023-12", direction="loaded_imports", source_id="pmsa-2024-12")  # fmt: skip
    found = every_fault(tables)
    assert list(found) == ["corrections still apply"]
    assert "found 76347" in found["corrections still apply"][0]


@pytest.mark.long
def test_an_error_that_no_longer_shows_in_its_sum_must_leave_the_list(tables, every_fault):
    frame = tables["port_containers"]
    put(frame, 220362, "teu", port="Port of Los Angeles", period="2024-04", direction="empties", source_id="pn-la-2024-04")  # fmt: skip
    assert every_fault(tables) == {
        "container parts add up": (
            "port_containers Port of Los Angeles|2024-04|month|total|pn-la-2024-04: the listed error no longer shows: "
            "take it off corrections.csv",
        )
    }


def test_a_trip_without_judgements_is_named(tables, faults):
    tables["mission_classification"] = tables["mission_classification"].iloc[1:]
    missing = tables["missions"]["mission_id"].iloc[0]
    assert missing in faults(tables)["trips and judgments match"][0]


def test_a_county_moved_between_metros_must_be_listed(tables, faults):
    frame = tables["metro_counties"]
    put(frame, "11111", "county_fips", cbsa_code="41740", delineation=2023)
    assert faults(tables)["delineation changes follow from counties"] == (
        "41740: the counties differ but it is not listed",
    )


def test_a_claim_under_the_letter_of_another_document_is_named(tables, faults):
    put(tables["claims"], "edc", "document", claim_id="C001")
    assert faults(tables)["ids begin with the letter of their document"] == (
        "claims C001: the claims of edc have ids that begin with E, found C001: correct the id or the document",
    )


def test_two_documents_with_one_letter_are_named(tables, faults):
    put(tables["documents"], "C", "letter", document="edc")
    assert faults(tables)["ids begin with the letter of their document"][0] == (
        "documents edc: it has the letter C, as carnegie has: give each document its own"
    )


def test_a_claim_of_a_document_that_is_not_listed_is_named(tables, faults):
    tables["documents"] = tables["documents"].query("document != 'edc'")
    assert any("edc" in fault for fault in faults(tables)["references resolve"])


def test_a_first_release_overwritten_by_the_revision_is_noticed(tables, faults):
    frame = tables["state_exports"]
    where = (frame["state"] == "California") & (frame["year"] == 2024)
    frame.loc[where, "value_usd"] = frame.loc[where, "value_usd"].iloc[0]
    assert faults(tables)["vintages differ as reported"] == (
        "state_exports California 2024: the first release equals the revised value",
    )


def test_a_first_release_that_its_months_do_not_make_is_noticed(tables, faults):
    put(tables["state_exports"], 190_000_000_000, "value_usd", state="California", year=2024, vintage="first_release")
    assert faults(tables)["months add up to years"][0].startswith("California 2024: the months give 183,")


def test_the_command_line_counts_tables_and_checks_and_names_each_when_asked():
    result = cityresearch("data", "check", "--all")
    assert result.returncode == 0, result.stdout
    lines = result.stdout.splitlines()
    assert len(lines) == len(datasets.datasets()) + len(checks.CHECKS) + len(guards.CHECKS) + 1
    assert f"port_containers: {datasets.dataset('port_containers').rows:,} rows valid" in lines
    assert "ok     corrections still apply" in lines
    assert lines[-1].startswith(f"{len(datasets.datasets())} tables with ")


@pytest.mark.long
def test_the_command_line_says_in_one_line_that_all_is_well():
    result = cityresearch("data", "check")
    assert result.returncode == 0, result.stdout
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{len(datasets.datasets())} tables with ")


@pytest.mark.long
def test_the_command_line_fails_when_a_check_does(project):
    edit(project, "mission_classification", "la-2011-12-asia,", "la-2011-12-asien,")
    result = cityresearch("data", "check", cwd=project)
    assert result.returncode == 1
    assert "failed trips and judgments match" in result.stdout
