"""Building: run notebooks into a folder, verify against the committed results, export figures."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch import paths
from cityresearch.claims.records import Check, committed
from cityresearch.errors import ParameterError
from cityresearch.runs import compare, execute, results


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run left: its folder, the checks that counted, how many figures, and what failed."""

    folder: Path
    checks: tuple[Check, ...]
    figure_count: int
    failures: tuple[execute.Failure, ...]


def run(names: Sequence[str], given: Mapping[str, Any], output: Path | None, say: Callable[[str], None]) -> Outcome:
    """Execute notebooks and write what they recorded.

    Without `output` and without parameters, results go where the committed ones are. With parameters they go to
    `build/runs/` unless `output` names another folder, so that a run for another state never overwrites the paper's.
    """
    notebooks = execute.chapters(names)
    root = paths.root()
    folder = output or (root if not given else root / "build" / "runs" / _slug(notebooks, given))
    at_home = folder.resolve() == root.resolve()
    executed, failures = execute.execute(notebooks, given, (root / "build" if at_home else folder) / "notebooks", say)
    found = results.recorded(executed)
    checks = found.checks
    ran = {notebook.stem for notebook in notebooks}
    if at_home:
        # a run of some chapters replaces their verdicts and keeps those of the others
        checks = (
            *(c for c in committed().values() if c.notebook not in ran or c.notebook in _failed(failures)),
            *checks,
        )
        results.remove_stale_figures((f.name for f in found.figures), folder, ran - _failed(failures))
    results.write(results.files(results.Recorded(checks, found.figures)), folder)
    return Outcome(folder, checks, len(found.figures), tuple(failures))


def verify(say: Callable[[str], None]) -> tuple[Outcome, list[compare.Difference]]:
    """Rebuild every chapter in a folder of its own and compare with the committed results."""
    with tempfile.TemporaryDirectory(prefix="cityresearch-verify-") as scratch:
        executed, failures = execute.execute(execute.chapters(), {}, Path(scratch), say)
        kept = paths.root() / "build" / "failed"
        failures = [_keep(failure, kept) for failure in failures]
        found = results.recorded(executed)
        # what a failed notebook would have recorded is unknown, so its committed results are not said to have moved
        unknown = _failed(failures)
        kept_checks = tuple(c for c in committed().values() if c.notebook in unknown)
        rebuilt = results.files(results.Recorded((*found.checks, *kept_checks), found.figures))
        rebuilt |= results.committed_figures(paths.root(), unknown)
    outcome = Outcome(paths.root(), found.checks, len(found.figures), tuple(failures))
    return outcome, compare.compare(paths.root(), rebuilt)


def export_figures(
    names: Sequence[str],
    formats: Sequence[str],
    width: str,
    dpi: int,
    output: Path,
    say: Callable[[str], None],
) -> list[Path]:
    """Draw figures again in a width and in formats for publication.

    Raises
    ------
    ParameterError
        If a figure, format or width is unknown.
    """
    from cityresearch.figures.export import EXTRA_VARIABLE, FORMATS
    from cityresearch.figures.style import WIDTH_VARIABLE

    inches = _inches(width)
    for file_format in formats:
        if file_format not in FORMATS:
            raise ParameterError(f"Unknown figure format {file_format!r}: use {', '.join(FORMATS)}.")
    homes = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))["notebook"]
        for path in sorted(paths.figures().glob("*.json"))
    }
    for name in names:
        if name not in homes:
            raise ParameterError(
                f"No figure is called {name!r}: there are {', '.join(homes) or 'none yet; run the notebooks first'}."
            )
    wanted = list(names) or list(homes)
    output.mkdir(parents=True, exist_ok=True)
    wish = {"names": wanted, "formats": list(formats), "dpi": dpi, "folder": str(output.resolve())}
    os.environ[EXTRA_VARIABLE], os.environ[WIDTH_VARIABLE] = json.dumps(wish), str(inches)
    try:
        with tempfile.TemporaryDirectory(prefix="cityresearch-figures-") as scratch:
            _, failures = execute.execute(execute.chapters(sorted({homes[n] for n in wanted})), {}, Path(scratch), say)
    finally:
        del os.environ[EXTRA_VARIABLE], os.environ[WIDTH_VARIABLE]
    if failures:
        raise ParameterError(f"The figures could not be drawn: {failures[0].sentence}.")
    return [output / f"{name}.{file_format}" for name in wanted for file_format in formats]


def _inches(width: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(in|mm|cm)", width)
    inches = float(match[1]) / {"in": 1, "mm": 25.4, "cm": 2.54}[match[2]] if match else 0
    if not 2.5 <= inches <= 20:
        raise ParameterError(f"A figure's width is 2.5in to 20in, such as 3.5in or 89mm, found {width!r}.")
    return inches


def _slug(notebooks: Sequence[Path], given: Mapping[str, Any]) -> str:
    words = [notebook.stem for notebook in notebooks] if len(notebooks) == 1 else ["chapters"]
    words += [f"{name}-{value}" for name, value in given.items()]
    return re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(words))


def _failed(failures: Sequence[execute.Failure]) -> set[str]:
    return {failure.notebook for failure in failures}


def _keep(failure: execute.Failure, folder: Path) -> execute.Failure:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / failure.executed.name
    shutil.copyfile(failure.executed, target)
    return execute.Failure(failure.notebook, failure.sentence, target)
