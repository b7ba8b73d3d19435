"""Make a release: `python tools/release.py`, or `make release`.

One zip under `build/release` has all that git has at this commit (data, committed results, lock files, notebooks, code), the report of
those results, and a description of the whole (RO-Crate) where `cityresearch archive` can make one; next to it are the notes, from
CHANGELOG.md, and the checksum. The same commit gives the same bytes. Afterwards the zip is unpacked into another folder and everything in
it is made again and compared, without network. `--no-rebuild` leaves that out.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[1]
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can say: the same for all
# semver.org, without build metadata
SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?")
NOWHERE = "http://127.0.0.1:9"  # whatever asks the network is refused at once


def version_of(project: Path) -> str:
    """Return the version that pyproject.toml, the package and CITATION.cff agree on.

    Raises
    ------
    SystemExit
        If they differ, or it is not a semantic version.
    """
    package = ast.parse((project / "cityresearch" / "__init__.py").read_text(encoding="utf-8"))
    said = {
        "pyproject.toml": tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
        "cityresearch/__init__.py": next(
            ast.literal_eval(node.value)
            for node in package.body
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__version__"
        ),
        "CITATION.cff": str(yaml.safe_load((project / "CITATION.cff").read_text(encoding="utf-8"))["version"]),
    }
    if len(set(said.values())) > 1:
        listed = ", ".join(f"{file} says {version}" for file, version in said.items())
        raise SystemExit(f"The files name different versions ({listed}): give all of them one.")
    version = said["pyproject.toml"]
    if not SEMANTIC.fullmatch(version):
        raise SystemExit(f"{version!r} is not a semantic version: write one such as 1.4.0 or 1.4.0-rc.1.")
    return version


def notes_of(project: Path, version: str) -> str:
    """Return the section of CHANGELOG.md on a version.

    Raises
    ------
    SystemExit
        If there is none, or it is empty.
    """
    text = (project / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(version)}\b[^\n]*\n(.*?)(?=^## |\Z)", text, flags=re.DOTALL | re.MULTILINE)
    if not found or not found[1].strip():
        raise SystemExit(f"CHANGELOG.md has nothing under '## {version}': give what is unreleased that heading.")
    return f"# cityresearch {version}\n\n{found[1].strip()}\n"


def tracked(project: Path) -> dict[str, bytes]:
    """Return every file of the commit by its path.

    Raises
    ------
    SystemExit
        If files differ from the commit, so that nobody could tell what was released.
    """
    changed = _git(project, "status", "--porcelain").strip()
    if changed:
        raise SystemExit(f"These files are not as committed: commit or remove them first.\n{changed}")
    names = [name for name in _git(project, "ls-files", "-z").split("\0") if name]
    return {name: (project / name).read_bytes() for name in names}


def report_of(project: Path) -> dict[str, bytes]:
    """Return the files of the report, made anew of the last run."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "report"
        _command(project, "run")
        _command(project, "report", "--output", str(site))
        return {
            f"report/{p.relative_to(site).as_posix()}": p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()
        }


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """Return a zip of files below one folder: sorted, without dates, with the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{folder}/{name}", EARLIEST)
            executable = files[name].startswith(b"#!")
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = (0o755 if executable else 0o644) << 16
            archive.writestr(info, files[name])
    return made.getvalue()


def rebuilt(archive: Path) -> str:
    """Unpack a release, make everything in it again without network, compare, and return the last line of what was said.

    Raises
    ------
    SystemExit
        If it does not verify.
    """
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(archive, folder)
        (unpacked,) = Path(folder).iterdir()
        without = {name: NOWHERE for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
        done = _call(unpacked, "verify", "--all", "--other-packages", **without, PIP_NO_INDEX="1")
        if done.returncode:
            raise SystemExit(
                f"The release does not verify when it is unpacked:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
            )
        return done.stdout.strip().splitlines()[-1]


def main(arguments: list[str] | None = None) -> None:
    """Make the release of this commit, and say what it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--output", type=Path, default=PROJECT / "build" / "release")
    parser.add_argument("--no-rebuild", action="store_true", help="do not unpack the zip and make everything again")
    given = parser.parse_args(arguments)
    version = version_of(PROJECT)
    notes, files = notes_of(PROJECT, version), tracked(PROJECT)
    files |= report_of(PROJECT) | dict(_crate())
    given.output.mkdir(parents=True, exist_ok=True)
    archive = given.output / f"cityresearch-{version}.zip"
    archive.write_bytes(zipped(files, archive.stem))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    (given.output / f"{archive.stem}.sha256").write_text(f"{digest}  {archive.name}\n", encoding="utf-8")
    (given.output / f"{archive.stem}-notes.md").write_text(notes, encoding="utf-8")
    print(f"{archive}: {len(files):,} files, {archive.stat().st_size / 1e6:.1f} MB, SHA-256 {digest}")
    if not given.no_rebuild:
        print(f"Unpacked and made again without network. {rebuilt(archive)}")
    print(f"Next: git tag v{version}, publish the three files, then python tools/record_release.py v{version}.")


def _crate() -> Iterator[tuple[str, bytes]]:
    """Yield the description of the whole as an RO-Crate, where the command line can make one."""
    if "archive" not in _call(PROJECT, "--help").stdout.split():
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "ro-crate-metadata.json"
        _command(PROJECT, "archive", "--output", str(made))
        yield made.name, made.read_bytes()


def _call(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CITYRESEARCH_ROOT": str(project), "PYTHONPATH": str(project), **variables}
    command = [sys.executable, "-m", "cityresearch", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def _command(project: Path, *arguments: str) -> None:
    done = _call(project, *arguments)
    if done.returncode:
        raise SystemExit(f"cityresearch {' '.join(arguments)} failed:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")


def _git(project: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=project, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
