"""Record that what was judged on claims is still true of the claims as they read now: `python tools/record_judgments.py C027 [...]`.

Run it after `cityresearch data check` named rows and you have read each of them again. Without a claim it does nothing, so that no judgment
is renewed by accident.
"""

from __future__ import annotations

import csv
import io
import sys

from cityresearch.claims.guards import ONE_CLAIM, SEVERAL_CLAIMS
from cityresearch.claims.judged import fingerprint, printed_value
from cityresearch.claims.ledger import claim
from cityresearch.datasets.load import text_rows
from cityresearch.datasets.store import store_table
from cityresearch.errors import CityResearchError


def renewed(rows: list[dict[str, str]], claim_ids: set[str]) -> int:
    """Set the fingerprints of these claims in the rows of one table, and return how many rows changed."""
    changed = 0
    for row in rows:
        before = dict(row)
        if "claim_id" in row and row["claim_id"] in claim_ids:
            item = claim(row["claim_id"])
            row |= {"claim_value": printed_value(item), "claim_hash": fingerprint(item)}
        elif "claims" in row:
            ids = [part.strip() for part in row["claims"].split(";") if part.strip()]
            marks = dict(zip(ids, row["claim_hashes"].split(";"), strict=False))
            new = [fingerprint(claim(i)) if i in claim_ids else marks.get(i, "") for i in ids]
            row["claim_hashes"] = ";".join(new)
        changed += row != before
    return changed


def main(claim_ids: list[str]) -> None:
    """Renew the rows of every table that judges one of the claims, and say how many those were."""
    if not claim_ids:
        raise SystemExit(
            "Name the claims whose rows were read again, for example: python tools/record_judgments.py C027"
        )
    try:
        wanted = {claim(claim_id).claim_id for claim_id in claim_ids}
        for name in (*ONE_CLAIM, *SEVERAL_CLAIMS):
            rows = text_rows(name)
            changed = renewed(rows, wanted)
            if changed:
                text = io.StringIO(newline="")
                writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
                store_table(name, text.getvalue().encode("utf-8"))
            print(f"{name}: {changed} rows recorded")
    except CityResearchError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main(sys.argv[1:])
