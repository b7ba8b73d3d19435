"""Record the verdicts of a release, so that later ones can be compared with it: `python tools/record_release.py REF`.

REF is the commit or tag of the release. Its version and date are those of its CITATION.cff, its verdicts those of its data/processed. A
release that is recorded already is recorded anew.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys

import yaml

from cityresearch import paths
from cityresearch.claims.judged import fingerprint
from cityresearch.claims.ledger import from_row
from cityresearch.datasets.catalog import dataset
from cityresearch.datasets.load import text_rows
from cityresearch.datasets.store import store_table
from cityresearch.errors import CityResearchError, DataError

TABLE = "released_verdicts"


def rows_of(ref: str) -> list[dict[str, str]]:
    """Return the rows of a release: its version and date, and each claim's verdict, basis and fingerprint.

    Raises
    ------
    DataError
        If git has no such commit, or the commit lacks one of the files.
    """
    citation = yaml.safe_load(_file(ref, "CITATION.cff"))
    ledger = {row["claim_id"]: row for row in _table(ref, "data/raw/claims/claims.csv")}
    columns = [field.name for field in dataset("claims").fields]
    return [
        {
            "release": str(citation["version"]),
            "released": str(citation["date-released"]),
            "claim_id": row["claim_id"],
            "verdict": row["verdict"],
            "basis": row["basis"],
            # a column that the release did not have yet says nothing
            "claim_hash": fingerprint(from_row({name: ledger[row["claim_id"]].get(name, "") for name in columns})),
        }
        for row in _table(ref, "data/processed/verdicts.csv")
    ]


def record(ref: str) -> int:
    """Add a release to the table of released verdicts, and return how many verdicts it has."""
    new = rows_of(ref)
    kept = [row for row in text_rows(TABLE) if row["release"] != new[0]["release"]]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(new[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted([*kept, *new], key=lambda row: (row["released"], row["release"], row["claim_id"])))
    store_table(TABLE, text.getvalue().encode("utf-8"))
    return len(new)


def _table(ref: str, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_file(ref, name))))


def _file(ref: str, name: str) -> str:
    found = subprocess.run(["git", "show", f"{ref}:{name}"], cwd=paths.root(), capture_output=True, check=False)
    if found.returncode:
        raise DataError(f"git has no {name} in {ref}: name the commit or tag of a release.")
    return found.stdout.decode("utf-8")


if __name__ == "__main__":
    try:
        for ref in sys.argv[1:] or sys.exit(__doc__):
            print(f"{ref}: {record(ref)} verdicts recorded")
    except CityResearchError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
