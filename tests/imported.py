"""What tests of importers share: the plan of an import, what it adds, and the bytes of a project's data."""

from __future__ import annotations

from pathlib import Path

from cityresearch.datasets.importers import importing

NEW = importing.NewSource("ITA", "Crosstab of 2026", "https://example.org/t", "2026-05-29", "us-government-work")
LA, YUMA = "Los Angeles-Long Beach-Anaheim, CA", "Yuma, AZ"
METRO = "Metropolitan Statistical Area"


def raw_bytes(project: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in sorted((project / "data" / "raw").rglob("*")) if f.is_file()}


def plan(content: str | bytes, name: str = "metro_exports", source: str = "", **options) -> importing.Plan:
    data = content.encode() if isinstance(content, str) else content
    given = NEW if not source else importing.NewSource()
    return importing.plan_content(data, "file.csv", name, source or "ita-2026", given, importing.Options(**options))


def added(found: importing.Plan, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[c] for c in columns) for row in found.changes.added]
