"""Change the code of numbers/, claims/, measures/ and chapters/ in one place at a time, and count what the tests and `verify` notice.

    python -m venv /tmp/mutants && /tmp/mutants/bin/pip install cosmic-ray
    .venv/bin/python tools/mutate_code.py --generator /tmp/mutants/bin/python --sample 200 --seed 12

Mutants are made by cosmic-ray (tools/code_mutants.py). For each, in a scratch copy, up to the first that notices it: the quick tests that
import the mutated module and its doctests; `cityresearch verify`, which runs the chapters that load the module; all that `make test` runs in
addition. Outcomes are added to a file line by line, so a stopped run goes on where it was.
Survivors that are listed in tools/equivalent_mutants.csv, each read and found to change nothing, do not count.
"""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import scratch

FOLDERS = ("cityresearch/numbers", "cityresearch/claims", "cityresearch/measures", "cityresearch/chapters")
# modules that draw: what they draw is compared by `verify`, and their words are not a rule
DRAWN = re.compile(r"charts\.(chart|style)|import charts")
EQUIVALENT = scratch.PROJECT / "tools" / "equivalent_mutants.csv"
# files of tests whose subject is another one, and which are slow: they come last
NOT_RUN = {
    "checks",
    "datasets",
    "figures",
    "importers",
    "parameters",
    "plan",
    "pool",
    "project",
    "refresh",
    "runs",
    "sweep",
}
# files of tests about every module
EVERYWHERE = ("arguments",)
# modules that are tested through commands, or through those that they serve, by the files that do
SERVING = {
    "adding": ("claims_add",),
    "asking": ("claims_add",),
    "chance": ("verdicts", "differences"),
    "document_numbers": ("claims_coverage",),
    "drafting": ("claims_coverage",),
    "evidence": ("scorecard",),
    "faults": ("claims_add",),
    "guards": ("claims_check",),
    "strength": ("verdicts", "rules"),
}
# tests that run chapters, which verify does as well, or that draw each figure at several widths
SLOW = re.compile(r"chapter_runs|sweep|legible|hidden|reaches_the_map|every_width")
RUNS_CHAPTERS = "chapters_run"  # the fixture of tests that run everything
NEEDS_HISTORY = "project"  # the copy is no repository
LIKELY = "elsewhere"  # of the others it is the one that runs most of what is mutated, so it comes first
TEST_SECONDS, VERIFY_SECONDS, BASELINE_SECONDS, OTHERS_SECONDS = 150, 300, 600, 900


def modules_of(test: Path) -> set[str]:
    """Return the names of the package's modules that a file of tests imports or uses as `cr.name`; call it after `Scratch.prepare`."""
    import cityresearch

    found: set[str] = set()
    for node in ast.walk(ast.parse(test.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cityresearch"):
            found |= {str(node.module).split(".")[-1], *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cr":
            found.add(cityresearch._PARTS.get(node.attr, node.attr).rpartition(".")[2])
    return found


def tests_of(module: Path, tests: dict[str, set[str]]) -> list[str]:
    """Return the files of tests that belong to a module, its namesake first."""
    also = (*SERVING.get(module.stem, ()), *EVERYWHERE)
    named = [name for name, found in tests.items() if (module.stem in found or name in also) and name not in NOT_RUN]
    return [f"tests/test_{name}.py" for name in sorted(named, key=lambda name: (name != module.stem, name))]


class LeaveOut:
    """A plugin of pytest that leaves out the slow tests."""

    @staticmethod
    def pytest_collection_modifyitems(items: list[Any]) -> None:
        """Drop them from what was collected."""
        slow = [i for i in items if SLOW.search(i.name) or RUNS_CHAPTERS in getattr(i, "fixturenames", ())]
        items[:] = [item for item in items if item not in slow]


def run_tests(copy: scratch.Scratch, module: str, files: Sequence[str], seconds: float = TEST_SECONDS) -> scratch.Call:
    """Run a module's doctests and tests in the copy, up to the first failure."""

    def called() -> int:
        import pytest

        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--doctest-modules", module, *files], [LeaveOut()])
        return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else int(code)

    return copy.forked(called, seconds)


def run_others(copy: scratch.Scratch, done: Sequence[str]) -> scratch.Call:
    """Run in the copy what `make test` runs in addition to some files of tests, up to the first failure."""
    names = sorted(f"tests/{path.name}" for path in (copy.root / "tests").glob("test_*.py"))
    # a file that was asked already has tests that were left out, but a slow one is as slow twice
    others = [name for name in names if name not in done and name != f"tests/test_{NEEDS_HISTORY}.py"]
    others.sort(key=lambda name: name != f"tests/test_{LIKELY}.py")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "auto", "--dist", "loadfile", "-p", "no:cacheprovider"]

    def called() -> int:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("CITYRESEARCH_")}
        return subprocess.run([*command, *others], cwd=copy.root, env=variables, check=False).returncode

    return copy.forked(called, OTHERS_SECONDS)


def judged(copy: scratch.Scratch, mutant: dict[str, Any], files: Sequence[str]) -> dict[str, str]:
    """Return what noticed a mutant, and by what sign."""
    with copy.changed({copy.root / mutant["file"]: mutant["code"].encode("utf-8")}):
        call = run_tests(copy, mutant["file"], files)
        if call.code:
            outcome = "time-out of tests" if call.code == scratch.TIMED_OUT else "tests"
            return {"outcome": outcome, "sign": call.line("FAILED", "ERROR", "E  ")}
        call = copy.verify(VERIFY_SECONDS)
        copy.rewarm()
        if call.code:
            outcome = "time-out of verify" if call.code == scratch.TIMED_OUT else "verify"
            return {"outcome": outcome, "sign": call.line("Moved", "Failed", "Error")}
        call = run_others(copy, files)
    if call.code:
        outcome = "time-out of other tests" if call.code == scratch.TIMED_OUT else "other tests"
        return {"outcome": outcome, "sign": call.line("FAILED", "ERROR", "E  ")}
    return {"outcome": "survived", "sign": ""}


def equivalents() -> dict[tuple[str, str], str]:
    """Return why a change is none, by file and changed line."""
    if not EQUIVALENT.is_file():
        return {}
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        return {(row["file"], row["mutant"]): row["why"] for row in csv.DictReader(file)}


def changed_line(change: str) -> str:
    """Return the mutated line of a diff, which names a mutant however lines above it move."""
    return " ".join(line[1:].strip() for line in change.splitlines() if line.startswith("+"))


def markdown(records: Sequence[dict[str, Any]], same: Sequence[dict[str, Any]], drawing: dict[str, Any]) -> str:
    """Return the summary: totals, then every survivor with its change."""
    total = len(records)
    survivors = [r for r in records if r["outcome"] == "survived"]
    share = 100 * (total - len(survivors)) / total if total else 0
    lines = [
        "# Mutants of numbers/, claims/, measures/ and chapters/",
        "",
        f"{drawing['places']} places, seed {drawing['seed']}; {total} mutants judged, {total - len(survivors)} noticed ({share:.1f} percent).",
        f"Left out: {drawing['neutral']} draws that were no mutants, {len(same)} that were read and change nothing.",
        "",
    ]
    for outcome in sorted({r["outcome"] for r in records}):
        lines.append(f"- {outcome}: {sum(r['outcome'] == outcome for r in records)}")
    lines += ["", "## Survivors", ""]
    for r in survivors:
        lines += [f"{r['where']}, {r['operator']}", "", "```diff", r["change"], "```", ""]
    lines += ["## Read, and equal in effect", ""]
    lines += [f"- {r['where']}: `{changed_line(r['change'])}`: {r['reason']}" for r in same]
    return "\n".join(lines).rstrip() + "\n"


def sound(copy: scratch.Scratch, files: Sequence[str]) -> None:
    """Run all tests once without a mutant.

    Raises
    ------
    SystemExit
        If one fails: it would be taken for a mutant that was noticed.
    """
    call = run_tests(copy, "cityresearch/claims", files, BASELINE_SECONDS)
    call = call if call.code else run_others(copy, [])
    if call.code:
        raise SystemExit(f"The tests fail without any mutant: {call.line('FAILED', 'ERROR', 'E  ')}")


def drawing_of(arguments: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Ask the generator for mutants, unless it gave them before for the same code."""
    asked = hashlib.sha256(f"{arguments.sample} {arguments.seed}".encode())
    for name in [*arguments.files, "tools/code_mutants.py"]:
        asked.update(name.encode() + (scratch.PROJECT / name).read_bytes())
    kept = work / f"drawing-{asked.hexdigest()[:12]}.json"
    if not kept.is_file():
        kept.write_text(json.dumps(_generated(arguments)), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


def _generated(arguments: argparse.Namespace) -> dict[str, Any]:
    script = Path(__file__).with_name("code_mutants.py")
    command = [arguments.generator, script, *arguments.files, "--sample", arguments.sample, "--seed", arguments.seed]
    call = subprocess.run(list(map(str, command)), cwd=scratch.PROJECT, capture_output=True, text=True, check=False)
    if call.returncode:
        raise SystemExit(f"{script.name} failed; --generator must name a Python with cosmic-ray:\n{call.stderr[-500:]}")
    return {**json.loads(call.stdout), "seed": arguments.seed}


def main() -> None:
    """Draw, judge and report; exit with 1 if fewer were noticed than asked for."""
    every = [
        str(p.relative_to(scratch.PROJECT))
        for folder in FOLDERS
        for p in sorted((scratch.PROJECT / folder).rglob("[!_]*.py"))
        if not DRAWN.search(p.read_text(encoding="utf-8"))
    ]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200, help="How many mutants.")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument(
        "--files",
        nargs="+",
        default=every,
        help="Modules; by default all of numbers/, claims/, measures/ and what chapters calculate.",
    )
    parser.add_argument("--generator", default=sys.executable, help="A Python that has cosmic-ray.")
    parser.add_argument(
        "--work", type=Path, default=scratch.PROJECT / "build" / "mutants-code", help="Folder for copy and outcomes."
    )
    parser.add_argument(
        "--again", action="store_true", help="Judge survivors of an earlier run once more, and only them."
    )
    parser.add_argument("--trust", action="store_true", help="Do not run the tests without a mutant first.")
    parser.add_argument("--least", type=float, default=90, help="Percent that must be noticed.")
    parser.add_argument("--json", type=Path, help="Write the totals for another script.")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    drawing = drawing_of(arguments, work)
    outcomes_file = work / "outcomes.jsonl"
    known = {
        name: r
        for name, r in scratch.outcomes(outcomes_file).items()
        if not (arguments.again and r["outcome"] == "survived")
    }
    copy = scratch.Scratch(work)
    copy.prepare()
    tests = {p.stem.removeprefix("test_"): modules_of(p) for p in sorted((scratch.PROJECT / "tests").glob("test_*.py"))}
    if not arguments.trust:
        sound(copy, [f"tests/test_{name}.py" for name in tests if name not in NOT_RUN and tests[name]])
    none = equivalents()
    for number, mutant in enumerate(drawing["mutants"], start=1):
        name = f"{mutant['name']} {changed_line(mutant['change'])}"
        if name in known or (mutant["file"], changed_line(mutant["change"])) in none:
            continue
        found = judged(copy, mutant, tests_of(Path(mutant["file"]), tests))
        record = {
            "name": name,
            "where": f"{mutant['file']}:{mutant['line']}",
            "operator": mutant["operator"],
            "change": mutant["change"],
            **found,
        }
        scratch.append(outcomes_file, record)
        print(f"{number}/{len(drawing['mutants'])} {record['where']}: {record['outcome']} {record['sign']}", flush=True)
    known = scratch.outcomes(outcomes_file)
    records, same = [], []
    for mutant in drawing["mutants"]:
        line = changed_line(mutant["change"])
        if (mutant["file"], line) in none:
            where = f"{mutant['file']}:{mutant['line']}"
            same.append({"where": where, "change": mutant["change"], "reason": none[mutant["file"], line]})
        else:
            records.append(known[f"{mutant['name']} {line}"])
    (work / "summary.md").write_text(markdown(records, same, drawing), encoding="utf-8")
    scratch.write_summary(arguments.json, "code", records)
    survived = sum(r["outcome"] == "survived" for r in records)
    print(f"{len(records)} mutants, {survived} survived, {len(same)} equal in effect: {work / 'summary.md'}")
    sys.exit(100 * (len(records) - survived) < arguments.least * len(records))


if __name__ == "__main__":
    main()
