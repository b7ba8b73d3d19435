"""Change, delete or add one thing at a time in a copy of the project, and report what `verify` notices: `python tools/tamper.py`.

A probe chapter is added, whose figure uses a module and a file next to it, a link, a listed folder and a variable. Noticed is what fails
verification or, for inputs, what makes the chapters that use them run again. The environment is a copy too, made of links, so that packages
can be changed in it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import scratch

PROBE = """
import os
from dataclasses import replace
from pathlib import Path

import assumptions
import cityresearch as cr
from cityresearch.measures import exports as measured
from cityresearch.chapters.metro_exports.figures import metro_exports

rows = measured.metros(cr.load("metro_exports"), state="CA", year=2023)
chart = metro_exports(rows, state="CA", top=5)
words = [assumptions.rate, Path("factors.csv").read_text(), Path("../data/raw/linked.csv").read_text()]
words += [os.environ.get("PROBE_RATE"), sorted(p.name for p in Path("tables").iterdir())]
cr.show(replace(chart, words=chart.words | {"caption": f"{chart.words.caption} {words}"}), "probe")
"""
SVG, DATA, WORDS = (f"figures/curve-metro-total.{ending}" for ending in ("svg", "csv", "json"))
VERDICTS, READINGS = (f"data/processed/{name}.csv" for name in ("verdicts", "readings"))
TEXT = "data/processed/chapters/01-metro-exports.txt"
PACKAGE = "data/raw/datapackage.json"


@dataclass
class Copy:
    """The copy of the project with its environment, and the variables of the next command."""

    root: Path
    python: Path
    variables: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call the command line of the copy."""
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PROBE_RATE": "1", **self.variables}
        for name in ("CI", "CITYRESEARCH_ROOT"):
            environment.pop(name, None)
        call = [str(self.python), "-m", "cityresearch", *arguments]
        return subprocess.run(call, cwd=self.root, env=environment, capture_output=True, text=True, check=False)

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace the first place of a text in a file."""
        path = self.root / name
        text = path.read_bytes().decode("utf-8")
        if old not in text:
            raise SystemExit(f"{name} has no {old!r} to change anymore.")
        path.write_bytes(text.replace(old, new, 1).encode("utf-8"))

    def rewrite(self, name: str, change: Callable[[str], str]) -> None:
        """Rewrite a file."""
        path = self.root / name
        path.write_bytes(change(path.read_bytes().decode("utf-8")).encode("utf-8"))

    def record(self, name: str) -> None:
        """Record the checksum of a table anew, as an editor of the data would."""
        content = json.loads((self.root / PACKAGE).read_text(encoding="utf-8"))
        for resource in content["resources"]:
            if f"data/raw/{resource['path']}" == name:
                resource["hash"] = "sha256:" + hashlib.sha256((self.root / name).read_bytes()).hexdigest()
        (self.root / PACKAGE).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def site(self) -> Path:
        """Return the site-packages of the copied environment."""
        (found,) = self.python.parents[1].glob("lib/python*/site-packages")
        return found


Change = Callable[[Copy], None]


def digit(name: str, *, recorded: bool = False) -> Change:
    """Change the last digit of the first long number of a file."""

    def change(copy: Copy) -> None:
        copy.rewrite(
            name, lambda text: re.sub(r"\d{4,}", lambda m: m[0][:-1] + str((int(m[0][-1]) + 1) % 10), text, count=1)
        )
        if recorded:
            copy.record(name)

    return change


def swapped(text: str) -> str:
    """Exchange the first two rows of a table."""
    head, first, second, *rest = text.splitlines(keepends=True)
    return "".join([head, second, first, *rest])


def statement_negated(copy: Copy) -> None:
    name = "data/raw/claims/claims.csv"
    rows = list(csv.reader(io.StringIO((copy.root / name).read_text(encoding="utf-8"))))
    place = rows[0].index("statement")
    row = next(r for r in rows if r[0] == "C028")
    row[place] = "It is not so that " + row[place]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    (copy.root / name).write_text(text.getvalue(), encoding="utf-8")
    copy.record(name)


def described_otherwise(copy: Copy) -> None:
    content = json.loads((copy.root / PACKAGE).read_text(encoding="utf-8"))
    next(r for r in content["resources"] if r["name"] == "metro_exports")["description"] += " Changed."
    (copy.root / PACKAGE).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def link_instead(copy: Copy) -> None:
    (copy.root / SVG).rename(copy.root / "aside.svg")
    (copy.root / SVG).symlink_to("../aside.svg")


def another_version(copy: Copy) -> None:
    (found,) = copy.site().glob("pandas-*.dist-info")
    found.rename(found.with_name("pandas-0.1.dist-info"))


def broken_package(copy: Copy) -> None:
    target = copy.site() / "seaborn"
    original = target.resolve()
    target.unlink()
    shutil.copytree(original, target)
    with (target / "__init__.py").open("a", encoding="utf-8") as file:
        file.write("\nraise ImportError('broken')\n")


def early_exit(copy: Copy) -> None:
    in_cell(copy, "01-metro-exports", 1, "import sys; sys.exit(0)\n")


def in_cell(copy: Copy, notebook: str, number: int, code: str) -> None:
    """Put code at the head of a notebook's code cell, counted from 0."""
    path = copy.root / "notebooks" / f"{notebook}.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    cell = [c for c in content["cells"] if c["cell_type"] == "code"][number]
    cell["source"] = code + "".join(cell["source"])
    path.write_text(json.dumps(content), encoding="utf-8")


def captured(copy: Copy) -> None:
    path = copy.root / "notebooks" / "01-metro-exports.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in content["cells"] if "cr.check(" in "".join(c["source"]))
    cell["source"] = "%%capture\n" + "".join(cell["source"])
    path.write_text(json.dumps(content), encoding="utf-8")


def variable(name: str, value: str) -> Change:
    """Set an environment variable."""
    return lambda copy: copy.variables.update({name: value})


def write(name: str, content: str) -> Change:
    """Write a file."""

    def change(copy: Copy) -> None:
        (copy.root / name).parent.mkdir(parents=True, exist_ok=True)
        (copy.root / name).write_text(content, encoding="utf-8")

    return change


def unlink(name: str) -> Change:
    """Delete a file."""
    return lambda copy: (copy.root / name).unlink()


def edit(name: str, old: str, new: str) -> Change:
    """Replace a text in a file."""
    return lambda copy: copy.replace(name, old, new)


def rewrite(name: str, how: Callable[[str], str]) -> Change:
    """Rewrite a file."""
    return lambda copy: copy.rewrite(name, how)


CHANGES: dict[str, Change] = {
    "a verdict": edit(VERDICTS, "agrees-if", "agrees"),
    "a reason": edit(VERDICTS, "It agrees if", "It agrees when"),
    "a printed number in the verdicts": edit(VERDICTS, "141000000000", "142000000000"),
    "a digit of a reading": digit(READINGS),
    "the sources of a reading": edit(READINGS, "ita-metro", "itb-metro"),
    "two rows of a result exchanged": rewrite(READINGS, swapped),
    "a row of a result twice": rewrite(READINGS, lambda t: t + t.splitlines()[-1] + "\n"),
    "line endings of a result": rewrite(VERDICTS, lambda t: t.replace("\n", "\r\n")),
    "a byte order mark": rewrite(VERDICTS, lambda t: "\ufeff" + t),
    "a merge marker": rewrite(VERDICTS, lambda t: t.replace("\n", "\n<<<<<<< HEAD\n", 1)),
    "a result cut off": rewrite(READINGS, lambda t: t[: len(t) // 2]),
    "a result emptied": rewrite(VERDICTS, lambda t: ""),
    "a result deleted": unlink(READINGS),
    "a sentence of a chapter": edit(TEXT, "Note: ", "Note: not "),
    "a digit of a chapter's table": digit(TEXT),
    "what a chapter says deleted": unlink(TEXT),
    "a further result": write("data/processed/more.csv", "a\n"),
    "a digit of a figure's data": digit(DATA),
    "a label of a drawing": edit(SVG, "billion", "million"),
    "a place in a drawing": rewrite(
        SVG, lambda t: re.sub(r"(\d+\.)(\d)", lambda m: m[1] + str((int(m[2]) + 5) % 10), t, count=1)
    ),
    "a color of a drawing": rewrite(SVG, lambda t: re.sub(r"#[0-9a-f]{6}", "#123456", t, count=1)),
    "space at the end of a drawing": rewrite(SVG, lambda t: t + "\n"),
    "a title": edit(WORDS, '"title": "', '"title": "Not: '),
    "an alt text": edit(WORDS, '"alt": "', '"alt": "Not: '),
    "an alt text deleted": rewrite(WORDS, lambda t: re.sub(r'"alt": ".*?",\n', '"alt": "",\n', t)),
    "a caption deleted": rewrite(WORDS, lambda t: re.sub(r'"caption": ".*?",\n', '"caption": "",\n', t)),
    "the sources of a figure": rewrite(WORDS, lambda t: re.sub(r'"sources": \[\s*"', '"sources": [\n    "other-', t)),
    "a drawing deleted": unlink(SVG),
    "a figure's data deleted": unlink(DATA),
    "a figure's words deleted": unlink(WORDS),
    "a further drawing": write("figures/more.svg", "<svg/>"),
    "a further file deep in the figures": write("figures/deep/more.csv", "a\n"),
    "a link instead of a drawing": link_instead,
    "a count in the README": edit("README.md", "| all | |", "| all | 1 |"),
    "the table of the README deleted": rewrite(
        "README.md", lambda t: re.sub(r"<!-- counts.*?end of counts -->", "", t, flags=re.DOTALL)
    ),
    "the README deleted": unlink("README.md"),
    "a digit of a table": digit("data/raw/metro_exports.csv"),
    "a digit of a table, recorded": digit("data/raw/metro_exports.csv", recorded=True),
    "a table deleted": unlink("data/raw/metro_sets.csv"),
    "a table's description": described_otherwise,
    "a statement of the ledger negated, recorded": statement_negated,
    "a source's record": edit("data/raw/sources.csv", "https", "http"),
    "a digit of an outline": digit("data/raw/boundaries/us_counties.geojson"),
    "a measure": edit("cityresearch/measures/exports.py", "ascending=False", "ascending=True"),
    "a rule of agreement": edit(
        "cityresearch/numbers/agreement.py", "if x.overlaps(reach)", "if not x.overlaps(reach)"
    ),
    "the style of figures": edit(
        "cityresearch/charts/style.py", 'DEFAULT_WIDTH = WIDTHS["double"]', 'DEFAULT_WIDTH = WIDTHS["medium"]'
    ),
    "a code cell": lambda copy: in_cell(copy, "03-ports", 2, "1 / 0\n"),
    "an early exit": early_exit,
    "a captured check": captured,
    "a chapter deleted": unlink("notebooks/05-trade-and-work.ipynb"),
    "a chapter twice": lambda copy: shutil.copy(
        copy.root / "notebooks/05-trade-and-work.ipynb", copy.root / "notebooks/05-copy.ipynb"
    ),
    "a module next to a chapter": edit("notebooks/assumptions.py", "1", "2"),
    "a file next to a chapter": edit("notebooks/factors.csv", "1", "2"),
    "a file more in a listed folder": write("notebooks/tables/b.csv", "a\n"),
    "the target of a link": edit("aside/target.csv", "1", "2"),
    "a variable that a cell reads": variable("PROBE_RATE", "2"),
    "a variable of the package": variable("CITYRESEARCH_FIGURES", "none"),
    "the time zone": variable("TZ", "Asia/Tokyo"),
    "a package's version": another_version,
    "a package's code": broken_package,
}


def copied(folder: Path) -> Copy:
    """Copy the project, with the probe, and its environment, and run everything once."""
    root = folder / "project"
    shutil.copytree(scratch.PROJECT, root, ignore=scratch.LEFT_OUT)
    (root / "aside").mkdir()
    (root / "aside" / "target.csv").write_text("1\n", encoding="utf-8")
    (root / "data" / "raw" / "linked.csv").symlink_to("../../aside/target.csv")
    (root / "notebooks" / "tables").mkdir()
    (root / "notebooks" / "tables" / "a.csv").write_text("a\n", encoding="utf-8")
    (root / "notebooks" / "assumptions.py").write_text("rate = 1\n", encoding="utf-8")
    (root / "notebooks" / "factors.csv").write_text("1\n", encoding="utf-8")
    cells = [("size = 1  # at least 1", ["parameters"]), (PROBE.strip(), [])]
    code = [
        {
            "cell_type": "code",
            "id": f"probe-{n}",
            "metadata": {"tags": tags},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for n, (source, tags) in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    probe = {"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (root / "notebooks" / "90-probe.ipynb").write_text(json.dumps(probe), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    copy = Copy(root, folder / "venv" / "bin" / "python")
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not (entry.suffix == ".pth" or entry.name.startswith(("_editable", "cityresearch-", "__pycache__"))):
            (copy.site() / entry.name).symlink_to(entry)
    # the engine is found by the entry point of an installed package
    shutil.copytree(
        next(Path(sysconfig.get_paths()["purelib"]).glob("cityresearch-*.dist-info")),
        copy.site() / "cityresearch-0.dist-info",
    )
    first = copy.command("run")
    if first.returncode:
        raise SystemExit(f"The copy does not run, so nothing can be said about changes: {first.stderr[-500:]}")
    return copy


@contextmanager
def kept(copy: Copy, aside: Path) -> Iterator[None]:
    """Bring the copy back to what it was, files, links and environment."""
    shutil.copytree(copy.root, aside, symlinks=True)
    links = {p.name: p.readlink() for p in copy.site().iterdir() if p.is_symlink()}
    try:
        yield
    finally:
        shutil.rmtree(copy.root)
        aside.rename(copy.root)
        copy.variables.clear()
        for path in copy.site().iterdir():
            if path.name not in links and not path.name.startswith("cityresearch-"):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        for name, target in links.items():
            path = copy.site() / name
            if not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
                path.symlink_to(target)


def judged(copy: Copy) -> tuple[str, str]:
    """Return how `verify` noticed a change, and the line that says so."""
    call = copy.command("verify")
    lines = [line for line in (call.stdout + call.stderr).splitlines() if line.strip()]
    if call.returncode == 1:
        said = next((line for line in lines if line.startswith(("Moved", "Failed"))), lines[-1])
        return "not verified", said
    if call.returncode:
        return "refused", next((line for line in lines if line.startswith("Error")), lines[-1])
    ran = re.search(r"(\d+) notebooks? ran", call.stdout)
    if ran and int(ran[1]):
        return "ran again", f"{ran[0]}; their results are as committed"
    return "survived", lines[-1]


def main() -> None:
    """Try all changes, or those named, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="changes to try; all if left out")
    parser.add_argument("--json", type=Path, help="write the outcomes to this file")
    arguments = parser.parse_args()
    records = []
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        print("| change | outcome | what verify says |\n|---|---|---|", flush=True)
        for name in arguments.names or CHANGES:
            with kept(copy, Path(folder) / "aside"):
                CHANGES[name](copy)
                outcome, said = judged(copy)
            said = said.replace(str(folder), "").replace("|", "/")[:160]
            records.append({"name": name, "where": name, "change": name, "outcome": outcome, "sign": said})
            print(f"| {name} | {outcome} | {said} |", flush=True)
    survived = [r["name"] for r in records if r["outcome"] == "survived"]
    print(f"\n{len(records)} changes, {len(survived)} not noticed{': ' if survived else ''}{', '.join(survived)}")
    scratch.write_summary(arguments.json, "tamper", records, listed=True)
    sys.exit(bool(survived))


if __name__ == "__main__":
    main()
