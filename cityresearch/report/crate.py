"""What an archive says of itself: RO-Crate metadata, in which each verdict is tied to the notebook, the datasets and sources, and the figures behind it.

An action `#check-C027` has the chapter as its instrument, the claim, datasets and sources as its objects, and the verdict as its result.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch import paths
from cityresearch.claims.curve_names import curve_name
from cityresearch.claims.reading import printed_words
from cityresearch.datasets.catalog import Dataset, Source, source, sources
from cityresearch.datasets.load import text_rows
from cityresearch.errors import ParameterError
from cityresearch.phrases import capitalized
from cityresearch.report.citing import citation_of
from cityresearch.report.content import Content, Row
from cityresearch.runs.plan import read_lock

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

__all__ = ["METADATA", "metadata"]

METADATA = "ro-crate-metadata.json"
VERSION = "1.2"
OURS = "https://creativecommons.org/licenses/by/4.0/"
# the words for licenses in sources.csv; facts of a publisher are cited, which is no license
LICENSES = {
    "cc-by": OURS,
    "cc-by-sa": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "public-domain": "https://creativecommons.org/publicdomain/mark/1.0/",
    "us-government-work": "https://www.usa.gov/government-works",
}
TYPES = {".md": "text/markdown", ".csv": "text/csv", ".ipynb": "application/x-ipynb+json", ".geojson": "application/geo+json",
         ".cff": "text/yaml", ".toml": "application/toml", ".lock": "text/plain", "": "text/plain"}  # fmt: skip


def metadata(files: Mapping[str, Path]) -> bytes:
    """Return ro-crate-metadata.json for a package of files, with the same bytes for the same files and results.

    Parameters
    ----------
    files : mapping of path in the package to file

    Raises
    ------
    ParameterError
        If the library rocrate is not installed, or CITATION.cff gives no day of release.
    ClaimError
        If there are no results.
    """
    try:
        from rocrate.rocrate import ROCrate
    except ImportError:
        raise ParameterError(
            "An archive needs the library rocrate, which is not installed: pip install '.[archive]'."
        ) from None
    return _Crate(ROCrate(version=VERSION), files).bytes()


class _Crate:
    """The entities of one package, each added once."""

    def __init__(self, crate: ROCrate, files: Mapping[str, Path]) -> None:
        self.crate, self.files = crate, files
        self.added: dict[str, Any] = {}
        self.mentions: list[dict[str, str]] = []
        self.content = Content()
        self.citation = citation_of(paths.root())
        if not self.citation.released:
            raise ParameterError(
                "CITATION.cff has no date-released, which the metadata of an archive must have: add it."
            )
        self.rests_on = {name: _sources_of(item) for name, item in self.content.datasets.items()}
        self.used = _used_by_notebook(self.content.datasets)

    def bytes(self) -> bytes:
        """Add everything and return the metadata as JSON."""
        self._root()
        for name in self.files:
            self._file(name)
        for name, item in self.content.datasets.items():
            self._dataset(name, item)
        for key in dict.fromkeys(key for found in self.rests_on.values() for key in found):
            self._source(source(key))
        for chapter in sorted({row.data["notebook"] for row in self.content.rows.values()} - {""}):
            self._chapter(chapter)
        for row in self.content.rows.values():
            self._claim(row)
        self.crate.root_dataset["hasPart"] = [{"@id": name} for name in self.files]
        self.crate.root_dataset["mentions"] = self.mentions
        graph = self.crate.metadata.generate()
        return (json.dumps(graph, indent=1, ensure_ascii=False) + "\n").encode("utf-8")

    def _add(self, key: str, kind: str | list[str], **properties: Any) -> dict[str, str]:
        """Add an entity that is not there yet, and return a reference to it."""
        if key not in self.added:
            from rocrate.model import ContextEntity

            told = {name: value for name, value in properties.items() if value not in ("", [], None)}
            # asked of the crate itself, whether an entity is there takes as long as all of them together
            self.added[key] = self.crate.add(ContextEntity(self.crate, key, {"@type": kind, **told}))
            if kind == "CreateAction":
                self.mentions.append({"@id": key})
        return {"@id": key}

    def _root(self) -> None:
        root = self.crate.root_dataset
        authors = [
            self._add(f"#author-{n}", "Organization" if name.startswith("{") else "Person", name=name.strip("{}"))
            for n, name in enumerate(self.citation.authors, 1)
        ]
        root["name"] = self.citation.title
        root["description"] = (
            f"{len(self.content.rows)} checkable statements of {len(self.content.documents)} documents, each with a verdict, and the data, "
            "notebooks and figures behind it."
        )
        root["version"] = self.citation.version
        root["datePublished"] = self.citation.released
        root["author"] = authors
        root["license"] = {"@id": "LICENSE"} if "LICENSE" in self.files else self._license("cc-by")

    def _license(self, word: str) -> dict[str, str]:
        address = LICENSES.get(word)
        return self._add(address or f"#license-{word}", "CreativeWork", name=word)

    def _file(self, name: str) -> None:
        content = self.files[name].read_bytes()
        suffix = self.files[name].suffix
        properties = {
            "name": Path(name).name,
            "contentSize": str(len(content)),
            "sha256": hashlib.sha256(content).hexdigest(),
            "encodingFormat": TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream",
        }
        drawn = self.content.figures.get(Path(name).stem) if name.startswith("figures/") else None
        if drawn and suffix == ".svg":
            properties |= {
                "name": drawn.title,
                "description": drawn.caption,
                "abstract": drawn.alt,
                "license": self._license("cc-by"),
            }
            properties |= {"isBasedOn": [self._source(source(key)) for key in drawn.sources]}
        kind = ["File", "SoftwareSourceCode"] if suffix == ".ipynb" else "File"
        self._add(name, kind, **properties)

    def _dataset(self, name: str, item: Dataset) -> None:
        entity = self.added.get(_path(item))
        if entity is None:
            return
        entity["name"] = item.title
        entity["description"] = f"{item.description} {item.rows:,} rows."
        entity["license"] = [self._license(word) for word in item.licenses] or self._license("cc-by")
        entity["isBasedOn"] = [self._source(source(key)) for key in self.rests_on[name]]
        entity["variableMeasured"] = [field.name for field in item.fields]

    def _source(self, item: Source) -> dict[str, str]:
        return self._add(
            f"#source-{item.source_id}",
            "CreativeWork",
            name=item.title,
            publisher=item.publisher,
            datePublished=item.published,
            url=item.url,
            license=[self._license(item.license)] if item.license else [],
            usageInfo=f"Seen in: {item.seen_in}" + (f", {item.retrieved}" if item.retrieved else "")
            if item.seen_in
            else "",
        )

    def _chapter(self, chapter: str) -> None:
        if self._notebook(chapter) is None:
            return
        drawn = [f"figures/{d.name}.svg" for d in self.content.figures.values() if d.notebook == chapter]
        tables = [_path(item) for name, item in self.content.datasets.items() if name in self.used.get(chapter, ())]
        executed = [f"executed/{chapter}.ipynb"]
        self._add(
            f"#run-{chapter}",
            "CreateAction",
            name=f"Run of {chapter}",
            instrument=self._notebook(chapter),
            object=_references(tables, self.files),
            result=_references(
                [*drawn, *executed, "data/processed/verdicts.csv", "data/processed/readings.csv"], self.files
            ),
        )

    def _notebook(self, chapter: str) -> dict[str, str] | None:
        name = f"notebooks/{chapter}.ipynb"
        return {"@id": name} if name in self.files else None

    def _claim(self, row: Row) -> None:
        key, item = row.claim_id, row.item
        document = source(self.content.documents[item.document].source_id)
        claim = self._add(
            f"#claim-{key}", "Claim", identifier=key, name=f"Claim {key}", text=item.statement, appearance=self._source(document),
            description=f"Printed: {printed_words(item)}." if item.printed is not None else "",
        )  # fmt: skip
        verdict = self._add(
            f"#verdict-{key}",
            "PropertyValue",
            name=f"Verdict on {key}",
            propertyID="verdict",
            value=row.verdict,
            description=row.data["reason"],
            measurementTechnique=row.data["basis"],
            about=claim,
        )
        if not row.check:
            return
        figure = f"figures/{curve_name(key)}.svg"
        self._add(
            f"#check-{key}",
            "CreateAction",
            name=f"Check of {key}",
            description=capitalized(f"cell {row.data['cell']}") if row.data["cell"] else "",
            actionStatus="http://schema.org/CompletedActionStatus",
            instrument=self._notebook(row.data["notebook"]),
            object=[
                claim,
                *_references([_path(self.content.datasets[name]) for name in self._datasets_of(row)], self.files),
                *(self._source(record) for record in row.sources),
            ],
            result=[verdict, *_references([figure], self.files)],
        )

    def _datasets_of(self, row: Row) -> list[str]:
        """Return the tables behind a claim: those with rows from the sources of its readings that its chapter used, and those with rows on it."""
        assert row.check
        own = [r for r in row.check.readings if r["kind"] != "source"]
        keys = {key for r in own if r["kind"] != "text" for key in r["sources"].split(";") if key}
        used = self.used.get(row.data["notebook"])
        found = [
            name
            for name, item in self.content.datasets.items()
            if item.group != "claims" and keys & set(self.rests_on[name]) and (used is None or name in used)
        ]
        found += ["document_readings"] * any(r["kind"] == "text" for r in own)
        found += ["claim_sources"] * (len(own) < len(row.check.readings))
        return [name for name in found if name in self.content.datasets]


def _references(names: Iterable[str], files: Mapping[str, Path]) -> list[dict[str, str]]:
    return [{"@id": name} for name in names if name in files]


def _path(item: Dataset) -> str:
    return f"data/raw/{item.path.relative_to(paths.raw()).as_posix()}"


def _sources_of(item: Dataset) -> list[str]:
    """Return the sources that the rows of a table name, sorted."""
    columns = [column for column, table, _ in item.foreign_keys if table == "sources"]
    if not columns:
        return []
    cells = {(column, row[column]) for row in text_rows(item.name) for column in columns}
    keys = {
        key.strip()
        for column, cell in cells
        for key in (cell.split(item.field(column).separator) if item.field(column).separator else [cell])
    }
    return sorted(key for key in keys if key in sources())


def _used_by_notebook(datasets: Mapping[str, Dataset]) -> dict[str, set[str]]:
    """Return the datasets that the last run of each chapter read; no entry for a chapter of whose run nothing is known."""
    by_path = {_path(item): name for name, item in datasets.items()}
    found: dict[str, set[str]] = {}
    for key, entry in read_lock(paths.root() / "build").items():
        found.setdefault(key.partition(" ")[0], set()).update(by_path[used] for used in entry.used if used in by_path)
    return found
