"""What tests share: the command line as a user calls it, a copy of the project to break, and one real run of the chapters."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest
import warm
from filelock import FileLock
from hypothesis import HealthCheck, settings

gc.disable()  # modules and tests stay: looking through them for garbage again and again takes seconds and finds nothing

PROJECT = Path(__file__).resolve().parents[1]

# files that take long start first, so that no processor waits at the end for one that started last
SLOW = (
    "runs",
    "inputs",
    "mission_figures",
    "whatif",
    "figure_exports",
    "checks",
    "plan",
    "report",
    "adopted",
    "report_pages",
    "refresh_failures",
    "losses",
    "tables",
    "verify",
    "new_project",
    "table_export",
    "toolkit_documents",
    "refresh_publishers",
    "project",
    "figures",
    "plausible",
    "legible",
    "ending",
    "job",
    "style",
    "lab",
    "metro_trends",
    "claims_add",
    "toolkit_check",
    "sweep",
    "pool",
    "matrix",
    "trace",
    "streams",
)

# the same examples on every run, and nothing that a busy machine decides
settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=40,
)
# the long tests: five times as many
settings.register_profile("thorough", settings.get_profile("repeatable"), max_examples=200)
settings.load_profile("repeatable")


def cityresearch(
    *arguments: object, cwd: Path = PROJECT, timeout: float = 600, cold: bool = False, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Call the command line in a process of its own (see `warm.run`); where tests run in CI, it does not know."""
    environment = {**os.environ, "CITYRESEARCH_ROOT": str(cwd), "COLUMNS": "120", "CI": "", **variables}
    return warm.run(warm.COMMAND, [*map(str, arguments)], cwd, environment, timeout, cold)


def mostly_long(values: Iterable[object], *short: object) -> list[object]:
    """Return values of a parameter, of which the short tests take those that are named and the long ones the others."""
    return [
        value
        if value in short
        else pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.long)
        for value in values
    ]


def a_few(values: Iterable[object], count: int = 3) -> list[object]:
    """Return values of a parameter, of which the short tests take so many from all over the list and the long ones the others."""
    values = list(values)
    return mostly_long(values, *values[:: -(-len(values) // count)])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the data, notebooks and committed results that a test may break."""
    copy = tmp_path / "project"
    for name in ("data", "notebooks", "figures"):
        shutil.copytree(PROJECT / name, copy / name)
    (copy / "docs").mkdir()
    for name in ("README.md", "docs/findings.md", "docs/differences.md", "requirements.lock"):
        shutil.copy(PROJECT / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the tests share."""
    # with xdist each process has a folder of its own below one that they share
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def chapters_run(shared: Path) -> Path:
    """The folder of one real run of every chapter, which all processes of the tests share: read it, and change nothing."""
    folder = shared / "chapters"
    done = folder.with_suffix(".done")
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            # as a user starts it, and as one who stands in the project and names no other
            result = cityresearch("run", "--output", folder, cold=True, CITYRESEARCH_ROOT="")
            assert result.returncode == 0, result.stderr
            done.touch()
    return folder


@pytest.fixture(scope="session")
def site(chapters_run: Path) -> Path:
    """The report of the committed results and of the run that all tests share, made once for all processes: read it, and change nothing."""
    project = chapters_run.parent / "reported"
    done = project.with_suffix(".done")
    with FileLock(project.with_suffix(".lock")):
        if not done.exists():
            (project / "build").mkdir(parents=True)
            for name in ("data", "docs", "figures", "notebooks", "CHANGELOG.md", "CITATION.cff", "README.md"):
                (project / name).symlink_to(PROJECT / name)
            (project / "build" / "notebooks").symlink_to(chapters_run / "notebooks")
            result = cityresearch("report", cwd=project)
            assert result.returncode == 0, result.stderr
            done.touch()
    return project / "build" / "report"


@pytest.fixture
def ran(project: Path, chapters_run: Path) -> Path:
    """A copy of the project in which every chapter has run, so that only what a test breaks runs again."""
    (project / "build").mkdir()
    shutil.copytree(chapters_run / "notebooks", project / "build" / "notebooks")
    shutil.copy(chapters_run / "runs.lock", project / "build")
    return project


@pytest.fixture(scope="session")
def finished(shared: Path) -> Path:
    """The small study of `study.py`, made once for all processes: read it, and change nothing."""
    from study import make

    folder = shared / "study"
    done = folder.with_suffix(".done")
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            make(folder)
            done.touch()
    return folder


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Path:
    """A copy of the small study, with its earlier runs, to break."""
    return Path(shutil.copytree(finished, tmp_path / "study", symlinks=True))


@pytest.fixture(scope="session")
def importing_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project that importers fill, for tests that must not change it."""
    from publishers import small_project

    return small_project(tmp_path_factory.mktemp("small"))


@pytest.fixture
def in_shared(importing_project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shared project, found by the package."""
    monkeypatch.setenv("CITYRESEARCH_ROOT", str(importing_project))
    return importing_project


@pytest.fixture
def own_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of a test's own."""
    from publishers import small_project

    monkeypatch.setenv("CITYRESEARCH_ROOT", str(small_project(tmp_path)))
    return tmp_path


@pytest.fixture
def judged(monkeypatch):
    """Judge a claim by made rows; the publisher of a source is its id."""
    from made_claims import made

    from cityresearch.claims import sources

    monkeypatch.setattr(sources, "source", lambda key: SimpleNamespace(publisher=key.upper()))

    def by(*rows, of=None):
        monkeypatch.setattr(sources, "source_checks", lambda _: rows)
        item = of or made()
        return sources.judge_by_checks(item, sources.judged_checks(item))

    return by


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files of tests, the slow ones first; within a file nothing moves."""
    place = {f"test_{name}": number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: place.get(item.path.stem, len(SLOW)))


def pytest_collection_finish() -> None:
    """Look for garbage again, but not among what was loaded and collected."""
    gc.freeze()
    gc.enable()
