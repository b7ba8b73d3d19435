"""How to cite: the project by its CITATION.cff, and each claim, in words and as BibTeX."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from pathlib import Path

from cityresearch import __version__
from cityresearch.claims.ledger import Claim
from cityresearch.errors import DataError
from cityresearch.tables.table import AUTHORS
from cityresearch.tables.to_latex import escaped

__all__ = ["Citation", "citation_of"]

FILE = "CITATION.cff"


@dataclass(frozen=True, slots=True)
class Citation:
    """What CITATION.cff says: title, authors as BibTeX takes them, version, and the ISO date of the release, empty if it has none."""

    title: str
    authors: tuple[str, ...]
    version: str
    released: str = ""

    def in_words(self, item: Claim, verdict: str) -> str:
        """Return how to cite the verdict on a claim."""
        year = f" ({self.released[:4]})" if self.released else ""
        return (
            f"{' and '.join(self._plain())}{year}. {self._named(item, verdict)}. {self.title}, version {self.version}."
        )

    def bibtex(self) -> str:
        """Return the project as a BibTeX entry."""
        return self._entry("cityresearch", "software", self.title, "")

    def bibtex_of(self, item: Claim, verdict: str) -> str:
        """Return the verdict on a claim as a BibTeX entry of its own."""
        return self._entry(f"cityresearch-{item.claim_id}", "misc", self._named(item, verdict), f"In: {self.title}")

    def _named(self, item: Claim, verdict: str) -> str:
        return f"Claim {item.claim_id}, verdict {verdict}: {item.statement.rstrip('.')}"

    def _plain(self) -> list[str]:
        return [name.strip("{}") for name in self.authors]

    def _entry(self, key: str, kind: str, title: str, within: str) -> str:
        month = calendar.month_abbr[int(self.released[5:7])].lower() if len(self.released) >= 7 else ""
        fields = {
            "author": f"{{{' and '.join(self.authors)}}}",
            "title": f"{{{{{escaped(title)}}}}}",
            "howpublished": f"{{{escaped(within)}}}" if within else "",
            "version": f"{{{escaped(self.version)}}}",
            "year": f"{{{self.released[:4]}}}" if self.released else "",
            "month": month,
        }
        lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items() if value)
        return f"@{kind}{{{key},\n{lines}\n}}\n"


def citation_of(root: Path) -> Citation:
    """Return what a project's CITATION.cff says; without one, that of cityresearch.

    Raises
    ------
    DataError
        If the file is not as the Citation File Format asks: the message says what is missing.
    """
    import yaml

    path = root / FILE
    if not path.is_file():
        return Citation("cityresearch", (f"{{{AUTHORS}}}",), __version__)
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not YAML: {' '.join(str(error).split())}.") from None
    named = found if isinstance(found, dict) else {}
    lacking = [key for key in ("title", "authors", "version") if not named.get(key)]
    if lacking:
        raise DataError(f"{path} has no {', no '.join(lacking)}: add it.")
    authors = tuple(
        escaped(_name(author)) if "name" not in author else f"{{{escaped(author['name'])}}}"
        for author in named["authors"]
    )
    return Citation(str(named["title"]), authors, str(named["version"]), str(named.get("date-released", "")))


def _name(author: dict[str, str]) -> str:
    return ", ".join(filter(None, (author.get("family-names", ""), author.get("given-names", ""))))
