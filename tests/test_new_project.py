"""`cityresearch new`: a project for another paper runs at once, with none of this paper's data."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import PROJECT, a_few, mostly_long
from conftest import cityresearch as called

from cityresearch.datasets.ledger_tables import ledger_tables, resource
from cityresearch.project.documents import documents_of
from cityresearch.project.new import create, files_of


def cityresearch(*arguments: object, cwd: Path = PROJECT):
    """Call the command line as one who stands in a project and names no other."""
    return called(*arguments, cwd=cwd, CITYRESEARCH_ROOT="")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project with its example, run once: read it, and change nothing."""
    folder = tmp_path_factory.mktemp("new") / "project"
    text = folder.with_name("Harbor plan.txt")
    text.write_text("# A plan for the harbor\n\nIt has 12 piers.\n", encoding="utf-8")
    done = cityresearch("new", folder, "--title", 'Trees & "piers"', "--documents", f"{text},housing")
    assert done.returncode == 0, done.stderr
    done = cityresearch("run", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "project"))


def verdicts(folder: Path) -> dict[str, tuple[str, str]]:
    with (folder / "data" / "processed" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        return {row["claim_id"]: (row["verdict"], row["basis"]) for row in csv.DictReader(file)}


def test_its_example_has_a_claim_of_each_basis(made):
    assert verdicts(made) == {
        "X001": ("agrees", "data"),
        "X002": ("agrees", "source"),
        "X003": ("agrees-if", "source"),
        "X004": ("agrees", "arithmetic"),
        "X005": ("agrees", "text"),
        "X006": ("open", "none"),
    }


def test_it_has_the_documents_that_were_named(made):
    rows = list(csv.reader((made / "data/raw/claims/documents.csv").open(encoding="utf-8")))
    assert rows[2:] == [["harbor-plan", "H", "A plan for the harbor", "harbor-plan"], ["housing", "O", "housing", "housing"]]  # fmt: skip
    assert (made / "documents" / "Harbor plan.txt").read_text(encoding="utf-8").startswith("# A plan")
    assert json.loads((made / "data/raw/datapackage.json").read_text(encoding="utf-8"))["title"] == 'Trees & "piers"'


COMMANDS = (
    "data check", "data list", "data show footnotes", "data refresh", "verify", "claims X004", "claims --summary",
    "claims --chapter 1 --verdict agrees-if", "figures --list", "tables --list", "tables --format csv,html", "run --explain",
    "judged X001 X004",
)  # fmt: skip


@pytest.mark.parametrize(
    "line",
    mostly_long(
        COMMANDS,
        "data check",
        "verify",
        "claims X004",
        "figures --list",
    ),
)
def test_every_command_does_without_the_tables_of_this_paper(copy, line):
    done = cityresearch(*line.split(), cwd=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "outside the project" not in done.stderr


@pytest.mark.long
def test_a_chapter_on_findings_does_without_releases_notes_and_clashes(copy):
    content = (PROJECT / "notebooks" / "00-findings.ipynb").read_text(encoding="utf-8")
    content = re.sub(r"one of: all[\w, ]*", "one of: all, example", content)
    (copy / "notebooks" / "00-findings.ipynb").write_text(content, encoding="utf-8")
    done = cityresearch("run", "0", cwd=copy)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_no_link_of_its_report_leads_nowhere(copy):
    done = cityresearch("report", cwd=copy)
    assert done.returncode == 0, done.stderr
    site = copy / "build" / "report"
    for page in site.rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"#?]+)', page.read_text(encoding="utf-8")):
            if "://" not in address and not address.startswith(("data:", "mailto:")):
                assert (page.parent / address).exists(), (page.name, address)


def test_a_changed_number_of_the_ledger_moves_its_verdict(copy):
    file = copy / "data/raw/claims/claims.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("approx,4200", "approx,4600"), encoding="utf-8")
    describe(copy, "claims", file)
    done = cityresearch("verify", cwd=copy)
    assert done.returncode == 1
    assert "X001   differs" in done.stdout


def describe(folder: Path, name: str, file: Path) -> None:
    """Record a file's checksum by hand."""
    import hashlib

    package = json.loads((folder / "data/raw/datapackage.json").read_text(encoding="utf-8"))
    for found in package["resources"]:
        if found["name"] == name:
            found["hash"] = "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "data/raw/datapackage.json").write_text(json.dumps(package), encoding="utf-8")


@pytest.mark.long
def test_a_table_of_the_ledger_that_comes_later_is_noticed(copy):
    assert "up to date" in cityresearch("run", "--explain", cwd=copy).stdout
    fields = [field["name"] for field in resource("wordings")["schema"]["fields"]]
    row = ["about 4,200 trees", "approx", "X001", "4200", "claim", "4190", "4210", "true", "true", "a wording of ours"]
    file = copy / "data/raw/claims/wordings.csv"
    file.write_text(",".join(fields) + "\n" + ",".join(f'"{cell}"' for cell in row) + "\n", encoding="utf-8")
    package = json.loads((copy / "data/raw/datapackage.json").read_text(encoding="utf-8"))
    package["resources"].append({**resource("wordings"), "rows": 1})
    (copy / "data/raw/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(KeyError):
        resource("no such table")
    package["resources"][-1]["hash"] = ""
    (copy / "data/raw/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    describe(copy, "wordings", file)
    done = cityresearch("verify", cwd=copy)
    assert done.returncode == 1
    assert "X001   differs" in done.stdout


@pytest.mark.long
def test_a_row_that_was_typed_counts_once_it_is_recorded_as_read(copy):
    file = copy / "data/raw/claim_sources.csv"
    row = "X006,rivertown-herald,1,A survey found nine of ten,90,percent,,agrees,independent,,,,,,,typed\n"
    file.write_text(file.read_text(encoding="utf-8") + row, encoding="utf-8")
    done = cityresearch("judged", "X006", cwd=copy)
    assert done.returncode == 0, done.stderr
    assert "claim_sources: 1 row recorded" in done.stdout
    assert cityresearch("data", "check", cwd=copy).returncode == 0


def test_without_the_example_it_is_empty_and_green(tmp_path):
    folder = tmp_path / "bare"
    assert create(folder, "Bare", example=False) == ()
    for command in (["data", "check"], ["run"], ["verify"], ["report"], ["tables", "--list"]):
        done = cityresearch(*command, cwd=folder)
        assert done.returncode == 0, (command, done.stdout + done.stderr)
    assert "X001" not in "".join(p.read_text(encoding="utf-8") for p in (folder / "data").rglob("*.csv"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    a_few(
        [
            (["full", "--title", "T"], "is there and not empty: name a new folder"),
            (["new", "--title", " "], "--title takes one line of text"),
            (["new", "--title", "T", "--documents", "a.pdf"], "There is no document a.pdf: give a file"),
            (["new", "--title", "T", "--documents", "12"], "has no letter in its name"),
            (["new", "--title", "T", "--documents", "plan,Plan"], "Two documents are called 'plan'"),
            (["new", "--title", "T", "--documents", "example"], "Two documents are called 'example'"),
            (["file/new", "--title", "T"], "cannot be made"),
        ]
    ),
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(tmp_path, arguments, words):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    (tmp_path / "file").touch()
    done = cityresearch("new", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]


@pytest.mark.long
def test_a_claim_that_no_cell_checks_yet_is_in_the_report_as_such(tmp_path):
    (tmp_path / "brief.txt").write_text("It has 40 ports.\n", encoding="utf-8")
    made = cityresearch("new", "own", "--title", "T", "--documents", "brief.txt", "--no-example", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    own = tmp_path / "own"
    claim = ("--document", "brief", "--line", "1", "--statement", "It has 40 ports", "--printed", "40 ports")
    assert cityresearch("claims", "add", *claim, cwd=own).returncode == 0
    assert cityresearch("run", cwd=own).returncode == 0
    done = cityresearch("report", cwd=own)
    assert done.returncode == 0, done.stderr
    page = (own / "build" / "report" / "index.html").read_text(encoding="utf-8")
    assert "of which no chapter checks one yet" in page
    assert "Where we found something else" not in page
    assert "How the verdicts fall" not in page


def test_each_document_has_a_letter_of_its_own():
    letters = [document.letter for document in documents_of([f"harbor {name}" for name in "abcdefgh"], ("X",))]
    assert len(set(letters)) == 8
    assert letters[:2] == ["H", "A"]


def test_the_same_project_has_the_same_bytes():
    assert files_of("T", ()) == files_of("T", ())


def test_this_paper_describes_the_tables_of_the_ledger_as_the_library_does():
    package = json.loads((PROJECT / "data/raw/datapackage.json").read_text(encoding="utf-8"))
    here = {found["name"]: found for found in package["resources"]}
    for name in ledger_tables():
        ours = resource(name)
        assert {key: here[name][key] for key in ours} == ours, f"make {name} equal in ledger_tables.json"
