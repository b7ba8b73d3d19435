"""Write docs/data.md, the catalog of datasets as a page, from the data package: `make docs`."""

from __future__ import annotations

from pathlib import Path

from cityresearch.datasets.catalog import Dataset, datasets

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data.md"
HEAD = """# The datasets

Made from `data/raw/datapackage.json` by `make docs`. Every row names its source; `cityresearch data show NAME --where "..." --sources` prints the records. Usage warnings come from a closed list; known errors
of the sources are in `corrections`.
"""


def page() -> str:
    """Return the catalog as Markdown: a section per group, a part per dataset with its columns."""
    parts = [HEAD]
    group = None
    for record in sorted(datasets().values(), key=lambda r: (r.group, r.name)):
        if record.group != group:
            group = record.group
            parts.append(f"## {group.capitalize()}\n")
        parts.append(_section(record))
    return "\n".join(parts)


def _section(record: Dataset) -> str:
    lines = [f"### `{record.name}`\n", f"{record.title}. {record.rows:,} rows. {record.description}\n"]
    if record.warnings:
        lines.append(f"Warnings: {'; '.join(record.warnings)}.\n")
    if record.licenses:
        lines.append(f"Licenses of its sources: {', '.join(record.licenses)}.\n")
    lines += ["| column | type | unit | meaning |", "|---|---|---|---|"]
    for field in record.fields:
        key = " (key)" if field.name in record.primary_key else ""
        lines.append(f"| `{field.name}`{key} | {field.type} | {field.unit} | {field.description.replace('|', '/')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
