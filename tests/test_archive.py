"""The archive: one file with everything, the same bytes each time, and metadata that lead from each verdict to what it rests on."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT

from cityresearch.claims.curve_names import curve_name
from cityresearch.claims.ledger import claims
from cityresearch.claims.records import committed
from cityresearch.datasets.catalog import sources
from cityresearch.errors import ParameterError
from cityresearch.report import crate, package
from cityresearch.report.crate import METADATA, metadata
from cityresearch.report.package import archive, package_files

library = pytest.importorskip("rocrate.rocrate", reason="rocrate is not installed (extra archive)")
FILES = package_files(PROJECT)


@pytest.fixture(scope="module")
def described() -> bytes:
    return metadata(FILES)


@pytest.fixture(scope="module")
def graph(described) -> dict[str, dict]:
    return {entity["@id"]: entity for entity in json.loads(described)["@graph"]}


def references(value: object) -> list[str]:
    """Every id that a value refers to."""
    if isinstance(value, dict):
        return [value["@id"]] if set(value) == {"@id"} else [i for v in value.values() for i in references(v)]
    return [i for v in value for i in references(v)] if isinstance(value, list) else []


def ids(entity: dict, name: str) -> set[str]:
    return set(references(entity.get(name, [])))


def test_every_reference_leads_to_an_entity_or_an_address(graph):
    lost = [
        (key, other)
        for key, entity in graph.items()
        for name, value in entity.items()
        if name != "conformsTo"
        for other in references(value)
        if other not in graph
    ]
    assert lost == []


def test_each_verdict_is_the_result_of_a_check_by_its_notebook_of_its_claim_with_its_sources(graph):
    for key, check in committed().items():
        action = graph[f"#check-{key}"]
        assert ids(action, "instrument") == {f"notebooks/{check.notebook}.ipynb"}
        assert f"#claim-{key}" in ids(action, "object")
        named = {f"#source-{s}" for row in check.readings for s in row["sources"].split(";") if s}
        assert named <= ids(action, "object")
        assert f"#verdict-{key}" in ids(action, "result")
        verdict = graph[f"#verdict-{key}"]
        assert (verdict["value"], verdict["description"], verdict["measurementTechnique"]) == (
            check.verdict,
            check.reason,
            check.basis,
        )
        assert graph[f"#claim-{key}"]["text"] == claims()[key].statement
        drawn = f"figures/{curve_name(key)}.svg"
        assert (drawn in ids(action, "result")) == (drawn in FILES)


def test_a_reader_gets_from_a_verdict_to_the_table_its_license_and_its_publisher(graph):
    table = "data/raw/metro_exports.csv"
    assert table in ids(graph["#check-C027"], "object")
    assert ids(graph[table], "license") == {"https://www.usa.gov/government-works"}
    (key,) = ids(graph[table], "isBasedOn")
    record = sources()[key.removeprefix("#source-")]
    assert (graph[key]["publisher"], graph[key]["url"]) == (record.publisher, record.url)
    assert graph[table]["sha256"] == hashlib.sha256((PROJECT / table).read_bytes()).hexdigest()
    assert "#source-ita-metro-2005-2023" in ids(graph["figures/curve-metro-total.svg"], "isBasedOn")


def test_only_tables_with_the_sources_of_a_claim_are_tied_to_it(graph):
    tables = {i for i in ids(graph["#check-C027"], "object") if i.startswith("data/")}
    assert tables == {"data/raw/metro_exports.csv", "data/raw/claim_sources.csv"}
    assert "data/raw/claims/document_readings.csv" in ids(graph["#check-C061"], "object")


def test_every_dataset_has_a_license_and_every_file_is_part_of_the_whole(graph):
    assert ids(graph["./"], "hasPart") == set(FILES)
    assert graph["./"]["datePublished"] and ids(graph["./"], "license") == {"LICENSE"}
    data = [entity for key, entity in graph.items() if key.startswith("data/raw/") and "variableMeasured" in entity]
    assert len(data) > 40
    assert all(ids(entity, "license") for entity in data)


@pytest.mark.long
def test_the_same_package_has_the_same_metadata(described):
    assert metadata(FILES) == described


def test_a_package_has_the_same_bytes_each_time_and_the_library_reads_it(described, tmp_path, monkeypatch):
    # what is packed is tried on few files
    few = {
        name: path
        for name, path in FILES.items()
        if name.startswith(("README", "LICENSE", "notebooks/", "data/raw/metro_exports"))
    }
    monkeypatch.setattr(package, "package_files", lambda _root: few)
    monkeypatch.setattr(package, "metadata", lambda files: described)
    one, count = archive(tmp_path / "one.zip")
    two, _ = archive(tmp_path / "two.zip")
    assert one.read_bytes() == two.read_bytes()
    assert count == len(few)
    with zipfile.ZipFile(one) as packed:
        assert set(packed.namelist()) == {METADATA, *few}
        packed.extractall(tmp_path / "out")
    read = library.ROCrate(tmp_path / "out")
    assert read.get("#verdict-C027")["value"] == committed()["C027"].verdict
    assert read.get("#check-C027")["instrument"].id == "notebooks/01-metro-exports.ipynb"


def test_nothing_that_only_a_machine_has_is_packed():
    names = set(FILES)
    assert {"README.md", "data/processed/verdicts.csv", "cityresearch/report/templates/base.html.j2"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith((".", "build")) or "/." in name]


def test_what_is_missing_is_said(monkeypatch, tmp_path):
    with pytest.raises(ParameterError, match=r"takes a \.zip, or a \.json"):
        archive(tmp_path / "archive.tar")
    monkeypatch.setattr(crate, "citation_of", lambda _root: type("", (), {"released": ""}))
    with pytest.raises(ParameterError, match="no date-released"):
        metadata({})
    monkeypatch.setitem(sys.modules, "rocrate.rocrate", None)
    with pytest.raises(ParameterError, match=r"pip install '\.\[archive\]'"):
        metadata({})
    assert list(Path(tmp_path).iterdir()) == []
