"""Building: run chapters and publish their results, or compare them with the committed ones."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.claims.records import RUN, Check, committed
from cityresearch.datasets.text_tables import joined
from cityresearch.datasets.validation import schema_faults
from cityresearch.errors import DataError, NotebookError, ParameterError
from cityresearch.files import write_whole
from cityresearch.outputs import check_folder
from cityresearch.runs import chapter_texts, compare, locked, plan, publish, results, settled
from cityresearch.runs.combining import slug
from cityresearch.runs.execute import EngineName, Execution, Failure, Request, execute, planned, runnable
from cityresearch.runs.guarded import refuse_changes, states_of
from cityresearch.runs.notebooks import chapters, is_summary

__all__ = ["Built", "Options", "alone", "explain", "run", "trial", "verify"]

if TYPE_CHECKING:
    from cityresearch.execution.limits import Limits


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: how many notebooks at once, in which engine, whether to ignore what ran before, and the limits of each notebook."""

    jobs: int = 1
    engine: EngineName = "fork"
    force: bool = False
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What a run left.

    `checks` are the verdicts that count, `unjudged` those of failed notebooks, which stay as committed; `lost` names what is committed
    and no longer made, `moved` what is not as it was committed. `ran` and `stood` count notebooks that ran now and whose earlier run is
    still valid.
    """

    folder: Path
    checks: tuple[Check, ...]
    unjudged: tuple[Check, ...]
    figure_count: int
    failures: tuple[Failure, ...]
    lost: tuple[str, ...]
    remarks: tuple[str, ...]
    ran: int
    stood: int
    moved: tuple[compare.Difference, ...] = ()

    @property
    def as_committed(self) -> bool:
        """Whether nothing failed and nothing moved."""
        return not (self.failures or self.moved)


@dataclass(slots=True)
class _Made:
    """What notebooks made: their executions, and the files of their results by path."""

    parts: list[Execution] = field(default_factory=list)
    checks: tuple[Check, ...] = ()
    unjudged: tuple[Check, ...] = ()
    figures: dict[str, str] = field(default_factory=dict)  # name to notebook
    files: dict[str, bytes] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)  # name to notebook
    moved: list[compare.Difference] = field(default_factory=list)

    def built(self, folder: Path) -> Built:
        outcomes = [o for part in self.parts for o in part.outcomes]
        failures = tuple(dict.fromkeys(f for part in self.parts for f in part.failures))
        return Built(
            folder,
            self.checks,
            self.unjudged,
            len(self.figures),
            failures,
            tuple(f"{name}, committed from {notebook}" for name, notebook in self.lost.items()),
            tuple(remark for part in self.parts for remark in part.remarks),
            len(outcomes),
            sum(len(part.executed) for part in self.parts) - sum(o.status == "done" for o in outcomes),
            tuple(self.moved),
        )


def run(
    names: Sequence[str],
    given: Mapping[str, Any],
    output: Path | None,
    options: Options,
    accept_removed: Sequence[str] = (),
) -> Built:
    """Execute chapters and publish what they recorded.

    Without `output` and without parameters, results go where the committed ones are. With parameters they go to
    `build/runs/` unless `output` names another folder, so that a run for another state never overwrites the paper's.

    Nothing is published where a committed claim or figure is no longer made, unless `accept_removed` names it.

    Raises
    ------
    ParameterError
        If a parameter does not suit a notebook, `accept_removed` names what is not committed, or `output` lies among the project's own files.
    NotebookError
        If another run holds the folder, the data changed while notebooks ran, or a result cannot be written.
    """
    notebooks = chapters(names)
    root = paths.root()
    folder = output or (root if not given else root / "build" / "runs" / _folder_name(notebooks, given))
    at_home = folder.resolve() == root.resolve()
    if output is not None:
        check_folder(output)
    if given:
        runnable(Request(tuple(notebooks), given, folder))  # what does not suit is refused before any folder is made
    if at_home:
        publish.finish(root)
        _check_accepted(accept_removed)
    whole = at_home and not (names or accept_removed or options.force)
    with alone(folder / "build" if at_home else folder):
        if whole and (last := settled.recall(root / "build", root)):
            return Built(root, tuple(committed().values()), (), last.figures, (), (), (), 0, last.stood)
        before, now = (settled.states(root), plan.moment(root / "build")) if whole else ({}, 0)
        made = _make(notebooks, given, folder, options)
        removed: list[str] = []
        if at_home:
            dropped = {name for name in made.lost if name in accept_removed}
            removed = [f"figures/{name}{ending}" for name in dropped for ending in results.ENDINGS]
            # of chapters that are gone, or say nothing more
            removed += chapter_texts.committed_texts(root).keys() - made.files.keys()
            made.lost = {name: notebook for name, notebook in made.lost.items() if name not in dropped}
            made.files = compare.as_committed_where_equal(made.files, root, locked.is_home())
            made.moved = compare.compare(root, made.files, exact=locked.is_home())
        if not made.lost:
            publish.publish(made.files, removed, folder)
        built = made.built(folder)
        if whole and not (built.failures or built.lost):
            entries = [
                entry
                for key, entry in made.parts[-1].entries.items()
                if key.split(" ")[0] in {n.stem for n in notebooks}
            ]
            settled.note(
                root / "build", root, before, now, entries, settled.Settled(built.figure_count, built.ran + built.stood)
            )
    return built


def verify(options: Options) -> Built:
    """Rebuild every chapter in another folder and compare all that is published with what is committed: `moved` has what differs.

    Raises
    ------
    DataError
        If a table is not as its schema says, whether or not a chapter has read it.
    NotebookError, ClaimError
        As `run`; also if committed results are damaged.
    """
    root = paths.root()
    publish.finish(root)
    faults = schema_faults()
    if faults:
        raise DataError(joined(faults))
    with alone(root / "build"):
        made = _make(chapters(), {}, root, options)
    made.moved = compare.compare(root, made.files, exact=locked.is_home())
    return made.built(root)


def trial(names: Sequence[str], options: Options, base: Path, earlier: Path) -> tuple[Built, dict[str, bytes]]:
    """Run chapters in a folder of their own and return what they make, by path, without publishing it.

    Parameters
    ----------
    base : Path
        Gets the executed notebooks and the lock.
    earlier : Path
        Folder of the results that count for chapters that fail or were not asked for, laid out as the project is.
    """
    made = _make(chapters(names), {}, paths.root(), options, base, earlier)
    return made.built(base), made.files


def explain(names: Sequence[str], given: Mapping[str, Any], output: Path | None) -> dict[str, list[str]]:
    """Return why each chapter would run now; an empty list where its last run is still valid."""
    base = output or paths.root() / "build"
    return {notebook.stem: why for notebook, why in planned(Request(tuple(chapters(names)), given, base)).items()}


def _make(
    notebooks: Sequence[Path],
    given: Mapping[str, Any],
    folder: Path,
    options: Options,
    base: Path | None = None,
    earlier: Path | None = None,
) -> _Made:
    """Run chapters; with `earlier`, other results than the committed ones are kept, and pages are not written anew."""
    root = paths.root()
    at_home = folder.resolve() == root.resolve()
    base = base or (folder / "build" if at_home else folder)
    staged = base / "results" if at_home else folder
    old = earlier or root
    before, made = states_of(root), _Made()

    def executed(some: Sequence[Path]) -> Execution:
        return execute(Request(tuple(some), given, base, options.jobs, options.engine, options.force, options.limits))

    made.parts.append(executed([n for n in notebooks if not is_summary(n)]))
    found = results.recorded(made.parts[0].executed)
    last = [n for n in notebooks if is_summary(n)]
    if last:
        so_far = (*_kept(made, notebooks, found.checks, old), *found.checks) if at_home else found.checks
        out = results.tables(so_far)
        if at_home:
            ran = sorted({n.stem for n in notebooks} - _failed(made))
            out[f"data/processed/{RUN}"] = "\n".join(ran).encode("utf-8")
        results.write(out, staged)
        with _results_in(staged):
            made.parts.append(executed(last))
        summary = results.recorded(made.parts[1].executed)
        found = results.joined(found, summary)
    made.figures = {figure.name: figure.notebook for figure in found.figures}
    made.checks = (*_kept(made, notebooks, found.checks, old), *found.checks) if at_home else found.checks
    made.files = results.files(replace(found, checks=made.checks))
    if at_home:
        _note_lost(made, notebooks, old)
    if at_home and earlier is None:
        from cityresearch.runs import findings_page, readme  # not needed where nothing changed

        made.files |= readme.with_counts(root, made.checks)
        made.files |= findings_page.findings_page(root, made.checks, made.files)
    _write_record(made, base)
    if earlier is None:
        refuse_changes(before, states_of(root))
    return made


def _failed(made: _Made) -> set[str]:
    return {f.notebook.stem for part in made.parts for f in part.failures}


def _elsewhere(notebooks: Sequence[Path]) -> set[str]:
    """Return the names of the chapters that a run was not asked for: what is committed of them stays."""
    return {n.stem for n in chapters()} - {n.stem for n in notebooks}


def _kept(made: _Made, notebooks: Sequence[Path], new: Sequence[Check], old: Path) -> tuple[Check, ...]:
    """Return the earlier verdicts that stay: those of chapters that failed or were not asked for, unless another one has them now."""
    stay, now = _failed(made) | _elsewhere(notebooks), {check.claim_id for check in new}
    return tuple(
        c for c in committed(old / "data" / "processed").values() if c.notebook in stay and c.claim_id not in now
    )


def _note_lost(made: _Made, notebooks: Sequence[Path], old: Path) -> None:
    """Note what was there and is no longer made, and keep figures and texts of chapters that failed or were not asked for."""
    failed = _failed(made)
    stay = failed | _elsewhere(notebooks)
    have = {check.claim_id for check in made.checks}
    made.unjudged = tuple(check for check in made.checks if check.notebook in failed)
    made.lost = {
        check.claim_id: check.notebook
        for check in committed(old / "data" / "processed").values()
        if check.claim_id not in have
    }
    for name, notebook in results.committed_figures(old).items():
        if name in made.figures:
            continue
        if notebook in stay:
            made.files |= results.figure_files(old, [name])
        else:
            made.lost[name] = notebook
    made.files |= {name: text for name, text in chapter_texts.committed_texts(old).items() if Path(name).stem in stay}


def _check_accepted(names: Sequence[str]) -> None:
    known = {*committed(), *results.committed_figures(paths.root())} if names else set()
    for name in names:
        if name not in known:
            raise ParameterError(
                f"--accept-removed takes a committed claim or figure, such as C027 or curve-metro-total, found {name!r}."
            )


def _write_record(made: _Made, base: Path) -> None:
    outcomes = [o for part in made.parts for o in part.outcomes]
    if outcomes:
        from cityresearch.runs.record import record

        why = {name: reasons for part in made.parts for name, reasons in part.why.items()}
        entries = {key: entry for part in made.parts for key, entry in part.entries.items()}
        write_whole(base / "record.json", record(outcomes, entries, made.checks, why))


@contextmanager
def alone(base: Path) -> Iterator[None]:
    """Hold the folder for one run at a time.

    Raises
    ------
    NotebookError
        If another run holds it.
    """
    from filelock import FileLock, Timeout

    try:
        base.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotebookError(f"{base} cannot be made ({error.strerror}): name a folder with --output.") from None
    try:
        with FileLock(base / ".running", timeout=0):
            yield
    except Timeout:
        raise NotebookError(
            f"Another run is using {base}: wait until it ends; cityresearch run --output FOLDER works in a folder of its own."
        ) from None


@contextmanager
def _results_in(folder: Path) -> Iterator[None]:
    before = os.environ.get(paths.RESULTS)
    os.environ[paths.RESULTS] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[paths.RESULTS]
        else:
            os.environ[paths.RESULTS] = before


def _folder_name(notebooks: Sequence[Path], given: Mapping[str, Any]) -> str:
    return f"{notebooks[0].stem if len(notebooks) == 1 else 'chapters'}-{slug(given)}"
