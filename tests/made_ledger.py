"""A small project with a made ledger: two documents, three claims, one notebook, and the tables that name claims."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

from conftest import PROJECT
from study import notebook, write

REAL = json.loads((PROJECT / "data" / "raw" / "datapackage.json").read_text(encoding="utf-8"))
RECORDS = {resource["name"]: resource for resource in REAL["resources"]}
SOURCE = {"source_id": "brief-2025", "publisher": "City of Fresno", "title": "A brief", "url": "https://fresno.example/brief", "published": "2025-05-01", "retrieved": "2025-06-01", "kind": "official", "seen_in": "web page", "license": "facts-cited", "official": "true", "note": ""}  # fmt: skip
DOCUMENTS = [
    {"document": "brief", "letter": "B", "title": "A brief", "source_id": "brief-2025"},
    {"document": "annex", "letter": "X", "title": "Its annex", "source_id": "brief-2025"},
]
CLAIM = {"claim_id": "B001", "document": "brief", "section": "Summary", "line": "3", "kind": "statistic", "statement": "Fresno has over 20 firms that export", "subject": "Fresno", "metric": "firms", "relation": "gt", "value": "20", "unit": "companies", "period": "2024", "precision": "1", "places": "Fresno", "chapter": "01-brief", "settle_status": "data", "settle": "A count of firms."}  # fmt: skip
CLAIMS = [
    CLAIM,
    {
        **CLAIM,
        "claim_id": "B002",
        "line": "5",
        "statement": "Its exports are $59.6 billion",
        "value": "59600000000",
        "precision": "100000000",
        "unit": "USD",
        "relation": "eq",
    },
    {
        **CLAIM,
        "claim_id": "X001",
        "document": "annex",
        "line": "1",
        "statement": "A third of its jobs depend on trade",
        "value": "33.33",
        "precision": "10",
        "unit": "percent",
        "relation": "eq",
        "kind": "share",
    },
]
WORDING = {"wording": "thousands", "relation": "ge", "claims": "", "value": "1000", "unit": "claim", "low": "2000", "high": "100000", "low_included": "true", "high_included": "false", "why": "A plural."}  # fmt: skip
TABLES = ("sources", "documents", "claims", "wordings", "claim_sources", "claim_parts", "claim_relations", "differences", "document_readings")  # fmt: skip


def columns(name: str) -> list[str]:
    return [field["name"] for field in RECORDS[name]["schema"]["fields"]]


def put(project: Path, name: str, rows: list[dict[str, str]]) -> Path:
    """Write a table and record it, as a careful user does."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns(name), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode("utf-8")
    path = project / "data" / "raw" / RECORDS[name]["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    package = project / "data" / "raw" / "datapackage.json"
    found = json.loads(package.read_text(encoding="utf-8"))
    for resource in found["resources"]:
        if resource["name"] == name:
            resource |= {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content), "rows": len(rows), "expected": {"rows": len(rows)}}  # fmt: skip
    package.write_text(json.dumps(found, indent=2), encoding="utf-8")
    return path


def make(project: Path, **tables: list[dict[str, str]]) -> Path:
    """Make the project; a table by its name replaces that of the sound project."""
    rows = {"sources": [SOURCE], "documents": DOCUMENTS, "claims": CLAIMS} | tables
    raw = project / "data" / "raw"
    raw.mkdir(parents=True)
    resources = [RECORDS[name] for name in TABLES]
    package = {"profile": "data-package", "name": "made", "resources": resources}
    (raw / "datapackage.json").write_text(json.dumps(package, indent=2), encoding="utf-8")
    for name in TABLES:
        put(project, name, rows.get(name, []))
    (project / "notebooks").mkdir()
    write(
        project, "01-brief", notebook('import cityresearch as cr\ncr.check("B001", {})\ncr.check_the_rest("01-brief")')
    )
    return project
