"""Imports of hostile files: each is one sentence, soon and within a bounded memory, whatever its headers claim."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import publishers as p
import pytest
from conftest import PROJECT, mostly_long
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityresearch.datasets.importers import importing, limits
from cityresearch.errors import DataError

USD, WHOLE = "Thousands of dollars", "All industry total"
FILES: dict[str, tuple[bytes, dict]] = {
    "metro_exports": (p.as_csv(p.ita()).encode(), {}),
    "state_exports": (p.usa_trade([("All Commodities", "California", "World Total", "2025", 180_000_000_001)]).encode(), {"vintage": "revised"}),
    "california_exports_by_country": (p.census_api([("CA", "-", "TOTAL", "5800", "KOREA, SOUTH", 9_500_000_000, 2025, 12)]).encode(), {"vintage": "revised"}),
    "bls_employment": (p.bls_flat([("SMU06417400000000001", 2025, "M09", "1581.2", "P")]).encode(), {"names": {"41740": "San Diego-Chula Vista-Carlsbad, CA"}}),
    "metro_gdp": (p.bea([(f"Fresno, CA ({p.METROPOLITAN})", 1, WHOLE, USD, 61_000_000, 64_000_000)]).encode(), {}),
    "metro_population": (p.population([("", "", "Fresno, CA", p.METROPOLITAN, 1_170_000, 1_180_000)]).encode(), {}),
    "port_containers": (p.as_csv([p.PORT_COLUMNS, ["Los Angeles", "2025-02", 400_000, 110_000, 290_000, 800_000]]).encode(), {}),
}  # fmt: skip
REPORT = p.as_csv(p.bls_report({2025: ["1,580.5"] * 9})).encode()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return p.small_project(tmp_path_factory.mktemp("small"))


@pytest.fixture
def here(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(project))
    return project


def tried(content: bytes, name: str, options: dict) -> importing.Plan | str:
    """Plan an import; return the plan or the sentence that refuses it."""
    given_source = importing.NewSource("P", "T", license="cc0")
    try:
        return importing.plan_content(content, "file", name, "new-source", given_source, importing.Options(**options))
    except DataError as error:
        message = str(error)
        assert message and len(message) <= 4_100 and all(c.isprintable() or c == "\n" for c in message), message
        return message


def test_every_publishers_file_is_good_as_it_is(here):
    for name, (content, options) in FILES.items():
        assert tried(content, name, options).any, name
    assert tried(REPORT, "bls_employment", {}).any


MUTATIONS = {
    "a byte order mark": lambda c: b"\xef\xbb\xbf" + c,
    "CRLF": lambda c: c.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "CR": lambda c: c.replace(b"\r\n", b"\n").replace(b"\n", b"\r"),
    "semicolons": lambda c: c.replace(b",", b";").replace(b"\t", b";"),
    "pipes": lambda c: c.replace(b",", b"|").replace(b"\t", b"|"),
    "UTF-16": lambda c: c.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda c: c.decode().encode("utf-16-le"),
    "UTF-32": lambda c: c.decode().encode("utf-32"),
    "Windows-1252": lambda c: c + "§ é\n".encode("cp1252"),
    "EBCDIC": lambda c: c.decode().encode("cp500"),
    "columns twice": lambda c: b"".join(line.rstrip(b"\r\n") + b"," + line for line in c.splitlines(keepends=True)),
    "rows twice": lambda c: c + b"".join(c.splitlines(keepends=True)[-2:]),
    "footnote marks": lambda c: c.replace(b"0,", b"0*,").replace(b'0"', b'0 (1)"'),
    "negative zero": lambda c: c.replace(b"00", b"-0"),
    "1e400": lambda c: c.replace(b"000", b"1e400"),
    "NaN": lambda c: c.replace(b"00", b"NaN"),
    "inf": lambda c: c.replace(b"00", b"inf"),
    "full-width digits": lambda c: c.replace(b"2", "２".encode()),
    "Arabic digits": lambda c: c.replace(b"2", "٢".encode()),
    "superscripts": lambda c: c.replace(b"2", "²".encode()),
    "non-breaking spaces": lambda c: c.replace(b" ", "\xa0".encode()),
    "zero-width spaces": lambda c: c.replace(b" ", "\u200b".encode()),
    "trailing commas": lambda c: c.replace(b"\r\n", b"\n").replace(b"\n", b",,\n"),
    "no last newline": lambda c: c.rstrip(),
    "only the header": lambda c: c.splitlines()[0] + b"\n",
    "only blanks": lambda c: b" \t\r\n" * 50,
    "half of it": lambda c: c[: len(c) // 2],
    "the second half": lambda c: c[len(c) // 2 :],
    "a NUL byte": lambda c: c[:60] + b"\0" + c[60:],
    "a NUL byte at the end": lambda c: c + b"\0" * 5,
    "escapes": lambda c: c.replace(b"A", b"\x1b[31mA"),
    "a web page": lambda c: b"<!DOCTYPE html><title>x</title>" + c,
    "a comment before a page": lambda c: b"\n\n<!-- x --><html>" + c,
    "a gzip": lambda c: b"\x1f\x8b\x08" + c,
    "zipped twice": lambda c: p.as_zip({"a.zip": p.as_zip({"a.csv": c})}),
    "zipped twice under the name of a table": lambda c: p.as_zip({"a.csv": p.as_zip({"a.csv": c})}),
    "zipped under a path": lambda c: p.as_zip({"../../etc/a.csv": c}),
    "zipped": lambda c: p.as_zip({"a.csv": c}),
    "quotation marks": lambda c: c.replace(b",", b'","'),
    "open quotation marks": lambda c: c + b'"',
    "merge markers": lambda c: b"<<<<<<< HEAD\n" + c + b"=======\n" + c + b">>>>>>> x\n",
    "long numbers": lambda c: c.replace(b"00", b"9" * 5000),
    "deep lists": lambda c: b"[" * 100_000,
    "lists in cells": lambda c: b'[["STATE","ALL_VAL_YR","YEAR"],[["CA"],{},"2025"]]',
    "JSON of nothing": lambda c: b"[[]]",
    "JSON of escapes": lambda c: b'[["\\u001b[2J","ALL_VAL_YR"],["\\ud800","1"]]',
    "JSON not a number": lambda c: b'[["STATE","ALL_VAL_YR","YEAR","MONTH"],["CA",NaN,"2025","12"]]',
}


@pytest.mark.parametrize(
    "mutation",
    mostly_long(
        MUTATIONS, "a byte order mark", "CR", "UTF-16 without a mark", "columns twice", "rows twice", "1e400", "NaN", "Arabic digits", "only the header",
        "half of it", "a NUL byte", "escapes", "a web page", "zipped twice", "open quotation marks", "merge markers", "long numbers", "deep lists",
    ),
)  # fmt: skip
def test_a_hostile_kind_of_file_is_a_plan_or_one_sentence_for_every_publisher(mutation, here):
    for name, (content, options) in [*FILES.items(), ("bls_employment", (REPORT, {}))]:
        found = tried(MUTATIONS[mutation](content), name, options)
        if not isinstance(found, str):
            values = {row["source_id"]: row for row in found.changes.added}
            assert all(
                cell.isascii() for row in values.values() for cell in (row.get("year", ""), row.get("month", ""))
            )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*FILES, "report"]), st.booleans(), st.data())
def test_a_file_with_any_bytes_changed_is_a_plan_or_one_sentence(here, name, new_titles, data):
    content, options = FILES.get(name, (REPORT, {}))
    options, name = {**options, "new_titles": new_titles}, name.replace("report", "bls_employment")
    at = data.draw(st.integers(0, len(content)))
    count = data.draw(st.integers(0, 20))
    tried(content[:at] + data.draw(st.binary(max_size=6)) + content[at + count :], name, options)


# what is no ordinary file


def test_what_is_no_ordinary_file_is_named_and_never_read(here, tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "link.csv").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path)  # a socket's path has to be short
        listening.bind("socket")
        (tmp_path / "\x1b[31m").mkdir()
        cases = (
            (tmp_path / "\x1b[31m", "is a folder"),
            (tmp_path / "pipe", "is a pipe, expected a file"), (tmp_path / "socket", "is a socket, expected a file"),
            (Path("/dev/zero"), "is a device, expected a file"), (tmp_path / "link.csv", "is a device, expected a file"),
            (tmp_path, "is a folder, expected a file"), (tmp_path / "loop", "cannot be read"), (tmp_path / "none.csv", "is not there"),
            (tmp_path / ("x" * 300), "cannot be read"), (Path("a\0b"), "is not a path"), (tmp_path / "pipe" / "x", "cannot be read"),
        )  # fmt: skip
        for path, sentence in cases:
            with pytest.raises(DataError, match=sentence) as error:
                importing.plan_file(path, "metro_exports", "x", importing.NewSource(), importing.Options())
            assert "\n" not in str(error.value)


def test_a_pipe_that_takes_the_place_of_a_file_does_not_stop_the_import(here, tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("a,b\n")
    real = os.open

    def swap(path, *rest):
        if str(path).endswith("a.csv"):
            Path(path).unlink()
            os.mkfifo(path)
        return real(path, *rest)

    monkeypatch.setattr(limits.os, "open", swap)
    with pytest.raises(DataError, match="is a pipe"):
        limits.read_bytes(tmp_path / "a.csv")


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n")
    real, asked = os.fstat, []

    def grow(number):
        asked.append(number)
        if len(asked) == 2:
            with path.open("ab") as file:
                file.write(b"3,4\n")
        return real(number)

    monkeypatch.setattr(limits.os, "fstat", grow)
    with pytest.raises(DataError, match="changed while it was read: wait until it is whole"):
        limits.read_bytes(path)


def test_a_file_larger_than_the_bound_is_refused_unread(tmp_path):
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(limits.LARGEST + 1)
    with pytest.raises(DataError, match="has 100,000,001 bytes, expected at most 100,000,000"):
        limits.read_bytes(tmp_path / "a.csv")


# bombs, in a process that may use 900 MB of addresses, Python and its libraries included

BOMBS = r'''
import io, resource, sys, zipfile
sys.path[:0] = sys.argv[1:3]
import openpyxl
from cityresearch.datasets.importers import limits, reading
from cityresearch.errors import DataError

def packed(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in members.items():
            with archive.open(name.replace("__", "/").replace("_dot_", "."), "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
    return content.getvalue()

def book(sheet=b"<worksheet><sheetData/></worksheet>", strings=b"<sst/>"):
    rel = '<Relationships><Relationship Id="a" Type="t/{}" Target="{}"/>{}</Relationships>'.format
    extra = '<Relationship Id="b" Type="t/sharedStrings" Target="t.xml"/>'
    pieces = lambda part: part if isinstance(part, list) else [part]
    parts = {
        "[Content_Types].xml": [b"<Types/>"], "_rels/.rels": [rel("officeDocument", "xl/w.xml", "").encode()],
        "xl/w.xml": [b'<w xmlns:r="q"><sheet name="S" r:id="a"/></w>'],
        "xl/_rels/w.xml.rels": [rel("worksheet", "s.xml", extra).encode()], "xl/s.xml": pieces(sheet), "xl/t.xml": pieces(strings),
    }
    return packed(**{name.replace("/", "__"): part for name, part in parts.items()})

def lying(content):
    """Let the headers of a zip claim ten bytes."""
    data = bytearray(content)
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)

def row(n, cell): return b'<row r="%d"><c r="%s%d"><v>1</v></c></row>' % (n, cell, n)
start, end = b"<worksheet><sheetData>", b"</sheetData></worksheet>"
plain = b"a,b\n" * 250_000
cells = [b"1,2,3,4,5,6,7,8,9,0\n" * 50_000] * 12

bombs = {
    "a table of 120 MB in a small zip": (lambda: packed(a_dot_csv=[plain] * 120), "100,000,000"),
    "a zip that lies about its size": (lambda: lying(packed(a_dot_csv=[plain] * 120)), "damaged"),
    "twelve million cells in 24 MB": (lambda: b"".join(cells), "more than 4,000,000 cells"),
    "one line of 90 MB": (lambda: b"a," * 45_000_000, "more than 1,000,000 characters in one row"),
    "one cell of 90 MB": (lambda: b"a,b\n1," + b"x" * 90_000_000, "more than 1,000,000 characters in one row"),
    "a quoted cell of many lines": (lambda: b'a,b\n1,"' + b"x\n" * 20_000_000, "more than 131,072 characters"),
    "a row of quoted line ends": (lambda: b'a,b\n' + b'"\n",' * 20_000_000, "more than 1,000,000 characters in one row"),
    "3,000 columns": (lambda: b"a," * 3_000 + b"\n", "2,000"),
    "JSON of eight million values": (lambda: b"[[" + b"1," * 8_000_000 + b"1]]", "more than 4,000,000 values"),
    "JSON of lists in lists": (lambda: b"[" * 3_000_000, "nests"),
    "100,000 members": (lambda: b"PK\x03\x04" + b"PK\x01\x02" * 100_000, "more than 2,000 members"),
    "200,000 shared texts": (lambda: book(strings=[b"<sst>", *[b"<si><t>ab</t></si>" * 10_000] * 20, b"</sst>"]), "more than 100,000 texts"),
    "a shared text of 90 MB": (lambda: book(strings=[b"<sst><si><t>", *[b"a" * 1_000_000] * 90, b"</t></si></sst>"]), "more than 131,072 characters"),
    "an attribute of 20 MB": (lambda: book(strings=[b'<sst x="', *[b"a" * 1_000_000] * 20, b'"/>']), "a tag of more than 1,000,000 bytes"),
    "a billion laughs": (lambda: book(strings=b'<!DOCTYPE s [<!ENTITY a "' + b"a" * 99 + b'">' + b"".join(b'<!ENTITY %s "%s">' % (bytes([98 + i]), (b"&" + bytes([97 + i]) + b";") * 99) for i in range(9)) + b"]><sst><si><t>&j;</t></si></sst>"), "document type"),
    "a sheet of 150 MB": (lambda: book(sheet=[start, *[b"<row/>" * 200_000] * 125, end]), "150,000,0.. bytes once unpacked"),
    "41,000 cells": (lambda: book(sheet=[start, *[b"<row>" + b"<c><v>1</v></c>" * 1_000 + b"</row>"] * 41, end]), "more than 40,000 cells"),
    "a cell in the last column": (lambda: book(sheet=start + row(1_048_576, b"XFD") + end), "column 16,384"),
    "cells far to the right": (lambda: book(sheet=start + b"".join(row(n, b"BXX") for n in range(1, 40)) + end), "39 rows by 2,000 columns, expected at most 40,000 cells"),
    "a dimension that lies": (lambda: book(sheet=b'<worksheet><dimension ref="A1:XFD1048576"/><sheetData>' + row(1, b"A") + end), ""),
    "merged ranges over everything": (lambda: book(sheet=start + b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c><c r="BX%d"><v>1</v></c></row>' % (n, n, n) for n in range(1, 2_000)) + b"</sheetData>" + b'<mergeCell ref="A1:BW1048576"/>' * 50_000 + b"</worksheet>"), "more than 40,000 cells"),
    "a zip in a zip in a zip": (lambda: packed(a_dot_csv=[packed(a_dot_csv=[packed(a_dot_csv=[b"a,b"])])]), "zip in a zip"),
}
import re
resource.setrlimit(resource.RLIMIT_AS, (900_000_000, 900_000_000))
for name, (make, sentence) in bombs.items():
    if "200,000 shared texts" in name:  # the same with smaller bounds, to be quick
        limits.MOST_STRINGS, limits.MOST_CELLS = 100_000, 40_000
    content = make()
    try:
        found = f"{len(reading.grids(content, 'file'))} tables"
    except DataError as error:
        found = str(error)
        assert sentence, (name, found)
    except MemoryError:
        found = "no memory"
    del content
    assert re.search(sentence or "tables", found), (name, found[:300])
    assert "\n" not in found
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000)
'''


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="needs a bound on addresses")
def test_bombs_are_refused_within_a_bounded_memory():
    result = subprocess.run(
        [sys.executable, "-c", BOMBS, str(PROJECT), str(PROJECT / "tests")], capture_output=True, text=True, check=False, cwd=PROJECT
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert int(result.stdout.split()[1]) < 700
