"""Datasets: what is loaded is what was published, and every fault is named with file, row and column."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cityresearch import datasets
from cityresearch.datasets import describe, store
from cityresearch.errors import DataError


@pytest.fixture
def here(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(project))
    return project


def edit(project: Path, name: str, old: str, new: str, *, record: bool = True) -> None:
    """Change a raw file and, if asked, its recorded checksum."""
    package = project / "data" / "raw" / "datapackage.json"
    content = json.loads(package.read_text(encoding="utf-8"))
    (resource,) = (r for r in content["resources"] if r["name"] == name)
    path = package.parent / resource["path"]
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())
    if record:
        resource["hash"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
        package.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("name", list(datasets.datasets()))
def test_every_dataset_is_valid_and_has_the_recorded_number_of_rows(name):
    assert len(datasets.load(name)) == datasets.dataset(name).rows


@pytest.mark.parametrize("name", list(datasets.datasets()))
def test_every_row_names_a_source_that_has_a_record(name):
    record = datasets.dataset(name)
    frame = datasets.load(name).reset_index()
    for column, target, key in record.foreign_keys:
        known = set(datasets.load(target).reset_index()[key])
        cells = frame[column].dropna()
        if separator := record.field(column).separator:
            cells = cells.str.split(separator).explode()
        assert set(cells) <= known


def test_metro_exports_hold_the_published_rows_with_their_kinds_apart():
    frame = datasets.load("metro_exports")
    assert len(frame) == 7242
    assert frame.index.names == ["cbsa_title", "year"]
    assert frame["value_usd"].dtype == "int64"
    assert set(frame["kind"]) == {"metro", "nonmetro", "unallocated"}
    # all rows of a year add up to the national total: 2,019,159,665,204 USD in 2023 (ITA)
    assert frame.xs(2023, level="year")["value_usd"].sum() == 2_019_159_665_204


def test_state_exports_keep_every_vintage_in_a_row_of_its_own():
    frame = datasets.load("state_exports")
    california = frame.loc[("California", 2024)].set_index("vintage")["value_usd"]
    assert california.to_dict() == {"first_release": 183_343_000_000, "revised": 183_933_700_133}


def test_a_changed_byte_is_noticed_and_the_file_named(here):
    edit(here, "metro_exports", "28155182", "28155183", record=False)
    with pytest.raises(DataError, match=r"metro_exports\.csv is not the file that .*datapackage\.json records"):
        datasets.load("metro_exports")


def test_all_faults_are_reported_at_once_with_row_and_column(here):
    edit(here, "metro_exports", '"Abilene, TX",2005,28155182,metro', '"Abilene, TX",2005,-5,metro')
    edit(here, "metro_exports", '"Abilene, TX",2006,45615190,metro', '"Abilene, TX",1066,45615190,city')
    with pytest.raises(DataError) as error:
        datasets.load("metro_exports")
    message = str(error.value)
    assert "row 2, column value_usd: found -5, expected at least 0" in message
    assert "row 3, column year: found 1066, expected at least 2,005" in message
    assert "row 3, column kind: found 'city', expected one of metro, nonmetro, unallocated" in message


def test_text_in_a_number_is_reported_with_its_row(here):
    edit(here, "metro_exports", "28155182", "28 million")
    with pytest.raises(DataError, match=r"row 2, column value_usd: found '28 million', expected a whole number"):
        datasets.load("metro_exports")


def test_a_key_that_occurs_twice_is_reported(here):
    edit(here, "metro_exports", '"Abilene, TX",2006', '"Abilene, TX",2005')
    with pytest.raises(DataError, match="a key that occurs once"):
        datasets.load("metro_exports")


def test_an_unknown_dataset_suggests_the_nearest_name():
    with pytest.raises(DataError, match="did you mean metro_exports"):
        datasets.load("metro_export")


def test_storing_updates_file_and_record_together(here):
    raw = here / "data" / "raw"
    content = (raw / "metro_sets.csv").read_bytes() + b'one,"Fresno, CA",carnegie-2026\n'
    store.store_table("metro_sets", content)
    assert len(datasets.load("metro_sets")) == 26
    assert not (raw / store.STAGING).exists()


def test_a_replacement_interrupted_after_its_commitment_is_finished_by_the_next_reader(here):
    raw = here / "data" / "raw"
    staging = raw / store.STAGING
    staging.mkdir()
    (staging / "0").write_bytes(b"new")
    (staging / store.MANIFEST).write_text('["extra.txt"]', encoding="utf-8")
    store.recover(raw)
    assert (raw / "extra.txt").read_bytes() == b"new"
    assert not staging.exists()


def test_loading_finishes_a_replacement_that_was_interrupted_after_its_commitment(here):
    raw = here / "data" / "raw"
    old = (raw / "metro_sets.csv").read_bytes()
    staging = raw / store.STAGING
    staging.mkdir()
    (staging / "0").write_bytes((raw / "datapackage.json").read_bytes())
    (staging / store.MANIFEST).write_text('["datapackage.json"]', encoding="utf-8")
    (raw / "datapackage.json").write_text("{", encoding="utf-8")
    assert len(datasets.load("metro_sets")) == old.count(b"\n") - 1
    assert not staging.exists()


def test_outlines_are_given_by_name_and_only_unchanged(here):
    path = datasets.boundary("us_states")
    assert path.name == "us_states.geojson"
    assert "us_states" not in datasets.datasets()
    path.write_bytes(path.read_bytes().replace(b"Ohio", b"Oh"))
    with pytest.raises(DataError, match=r"us_states\.geojson is not the file"):
        datasets.boundary("us_states")


def test_unknown_outlines_are_refused_with_the_known_names():
    with pytest.raises(DataError, match="there are us_states, us_counties, countries"):
        datasets.boundary("states")


def test_a_warning_outside_the_closed_list_is_refused(here):
    package = here / "data" / "raw" / "datapackage.json"
    package.write_text(
        package.read_text(encoding="utf-8").replace('"never revised"', '"seldom revised"'), encoding="utf-8"
    )
    with pytest.raises(DataError, match="metro_exports has the unknown warning 'seldom revised'"):
        datasets.datasets()


def test_the_listing_fits_every_name():
    assert all(f"{name} " in describe.listing() for name in datasets.datasets())


def test_only_public_bodies_count_as_official_sources():
    found = datasets.sources()
    assert found["census-api-state-2016-2025"].is_official
    assert found["pola-2018"].is_official
    assert not found["pmsa-2024-12"].is_official
