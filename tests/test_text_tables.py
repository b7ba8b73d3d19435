"""Text tables: a damaged file is one sentence wherever it is read, and the quick rules agree with the schema's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publishers import small_project

from cityresearch.datasets import catalog, dataset, datasets, load, schema_faults
from cityresearch.datasets.load import text_rows
from cityresearch.datasets.text_tables import cell_faults, rows_of
from cityresearch.errors import DataError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(small_project(tmp_path)))
    return tmp_path


def store(project: Path, name: str, content: bytes) -> None:
    """Replace a table and record its checksum, as someone does who means the change."""
    raw = project / "data" / "raw"
    (raw / f"{name}.csv").write_bytes(content)
    package = json.loads((raw / "datapackage.json").read_text(encoding="utf-8"))
    record = next(r for r in package["resources"] if r["name"] == name)
    record["hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
    (raw / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")


def published(project: Path, name: str) -> bytes:
    return (project / "data" / "raw" / f"{name}.csv").read_bytes()


def test_every_published_table_keeps_to_its_schema():
    assert schema_faults() == []


def extra_cell(content: bytes) -> bytes:
    """One cell too many in every row, which pandas would take for an index."""
    head, *rows = content.splitlines()
    return b"\n".join([head, *(b"x," + row for row in rows)]) + b"\n"


DAMAGE = {
    "an empty file": (lambda c: b"", "found an empty file, expected a header and rows"),
    "blanks only": (lambda c: b" \n\n", "found an empty file"),
    "another header": (lambda c: c.replace(b"source_id", b"source", 1), "row 1: the columns are "),
    "columns in another order": (lambda c: b",".join(c.split(b"\n")[0].split(b",")[::-1]) + b"\n" + c.split(b"\n", 1)[1], "row 1: the columns are "),
    "no header": (lambda c: c.split(b"\n", 1)[1], "row 1: the columns are "),
    "a column twice": (lambda c: c.replace(b"publisher", b"source_id", 1).replace(b"cbsa_title", b"year", 1), "row 1: the columns are "),
    "a cell too many": (lambda c: c.replace(b"\n", b",x\n", 2).replace(b",x\n", b"\n", 1), "row 2: found [0-9]+ cells, expected [0-9]+ cells as in the header"),
    "a cell too many in every row": (extra_cell, "row 2: found [0-9]+ cells, expected [0-9]+"),
    "a cell too few": (lambda c: c[: c.rstrip().rindex(b",")] + b"\n", "row [0-9]+: found [0-9]+ cells, expected"),
    "a row that breaks off": (lambda c: c[: c.rstrip().rindex(b"\n") + 5], "row [0-9]+: found "),
    "a byte order mark": (lambda c: b"\xef\xbb\xbf" + c, "row 1: found a byte order mark"),
    "UTF-16": (lambda c: c.decode().encode("utf-16"), "found a byte order mark"),
    "UTF-16 without a mark": (lambda c: c.decode().encode("utf-16-le"), "line 1: found a NUL byte"),
    "a NUL byte": (lambda c: c[:-5] + b"\0" + c[-5:], "line [0-9]+: found a NUL byte"),
    "Windows-1252": (lambda c: c[:-1] + b"\xe9\n", "line [0-9]+: found the byte 0xe9, expected text in UTF-8"),
    "a merge left half done": (lambda c: c.replace(b"\n", b"\n<<<<<<< HEAD\n", 1) + b"=======\n>>>>>>> other\n", "line 2: found the merge marker <<<<<<<"),
    "the end of a merge": (lambda c: c + b">>>>>>> other\n", "found the merge marker >>>>>>>"),
    "a blank row": (lambda c: c.replace(b"\n", b"\n\n", 1), "row 2: found a blank row"),
    "open quotation marks": (lambda c: c + b'"open', "found quotation marks that do not close"),
    "a web page": (lambda c: b"<!doctype html>", "row 1: the columns are <!doctype html>"),
    "an escape in the header": (lambda c: b"\x1b[31m" + c, "row 1: the columns are .x1b"),
}  # fmt: skip


@pytest.mark.parametrize("name", ["metro_exports", "sources"])
@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_table_is_one_sentence_however_it_is_read(case, name, here):
    harm, sentence = DAMAGE[case]
    store(here, name, harm(published(here, name)))
    readers = [lambda: text_rows(name), lambda: load(name)] + ([catalog.sources] if name == "sources" else [])
    for read in readers:
        with pytest.raises(DataError, match=sentence) as error:
            read()
        assert "\n" not in str(error.value) and f"{name}.csv" in str(error.value) and "\x1b" not in str(error.value)
    (fault,) = [fault for fault in schema_faults() if fault.row == 0]
    assert fault.dataset == name and str(fault) == str(error.value)


BAD_CELLS = {
    "text in a number": ("value_usd", "28 million", "found '28 million', expected a whole number"),
    "a fraction": ("value_usd", "1.5", "expected a whole number"),
    "full-width digits": ("year", "２０２２", "found '２０２２', expected a whole number"),
    "an infinity": ("value_usd", "inf", "expected a whole number"),
    "a number of two hundred digits": ("value_usd", "9" * 200, "expected a whole number"),
    "a blank": ("value_usd", " 5", "expected a whole number"),
    "a number below the bound": ("year", "1066", "found '1066', expected at least 2,005"),
    "a word that is not on the list": ("kind", "city", "found 'city', expected one of metro, nonmetro, unallocated"),
    "an empty cell": ("cbsa_title", "", "found an empty cell, expected a value"),
    "a source without record": ("source_id", "nobody", "found 'nobody', expected a source_id of sources"),
}


@pytest.mark.parametrize("case", BAD_CELLS)
def test_a_cell_that_breaks_the_schema_is_named_with_row_and_column(case, here):
    column, cell, sentence = BAD_CELLS[case]
    record = dataset("metro_exports")
    rows = rows_of(published(here, "metro_exports"), record.path, [f.name for f in record.fields])
    rows[3][column] = cell
    text = (
        ",".join(rows[0])
        + "\n"
        + "".join(",".join(f'"{c}"' if "," in c else c for c in row.values()) + "\n" for row in rows)
    )
    store(here, "metro_exports", text.encode())
    (fault,) = schema_faults()
    assert (fault.dataset, fault.row, fault.column) == ("metro_exports", 5, column)
    assert sentence in str(fault) and "metro_exports.csv, row 5" in str(fault)
    if "source" not in case:
        with pytest.raises(DataError, match="row 5"):
            text_rows("metro_exports")


def test_a_key_that_occurs_twice_is_named_with_both_rows(here):
    content = published(here, "metro_exports")
    store(here, "metro_exports", content + content.splitlines()[1] + b"\n")
    (fault,) = schema_faults()
    assert "as in row 2, expected a key that occurs once" in str(fault) and fault.row > 2


def test_a_date_that_does_not_exist_is_a_fault(here):
    store(here, "state_exports", published(here, "state_exports").replace(b"-03-30", b"-02-30"))
    assert {f.expected for f in schema_faults()} == {"a date such as 2025-01-31"}
    with pytest.raises(DataError, match="expected a date such as 2025-01-31"):
        load("state_exports")


CELLS = st.one_of(
    st.sampled_from(["", "0", "-0", "+5", "2023", "1e400", "1e5", "inf", "nan", "NaN", "1_000", "0x10", " 1", "1 ", "1.", ".5", "true", "True",
                     "２", "\u0662", "1,000", "2025-01-31", "2025-02-30", "metro", "CA", "CA\n", "ZZ"]),
    st.text(alphabet="0123456789.eE+-", max_size=6), st.text(max_size=4),
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_quick_rules_and_the_schema_refuse_the_same_cells(data):
    from cityresearch.datasets.schema import validated

    record = datasets()[
        data.draw(st.sampled_from(["metro_exports", "trade_with_partners", "surveys", "claims", "metro_counties"]))
    ]
    field = data.draw(st.sampled_from(record.fields))
    cell = data.draw(CELLS)
    row = dict(ROWS[record.name], **{field.name: cell})
    quick = list(cell_faults([row], record))
    import pandas as pd

    try:
        validated(pd.DataFrame([row], dtype=str), record)
        assert not quick
    except DataError:
        assert [fault.column for fault in quick] == [field.name]


ROWS = {
    name: text_rows(name)[0] for name in ("metro_exports", "trade_with_partners", "surveys", "claims", "metro_counties")
}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("[]", "lists no resources"), ('{"resources": 5}', "lists no resources"), ('{"resources": [{}]}', "lists no resources"),
     ('{"resources": [{"name": "a", "schema": {}}]}', "dataset a: the record is not whole"), ("[" * 100_000, "not readable JSON"),
     ("<<<<<<< HEAD", "not readable JSON"), ("", "not readable JSON")],
)  # fmt: skip
def test_a_damaged_data_package_is_one_sentence(text, sentence, here):
    (here / "data" / "raw" / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=sentence):
        datasets()
