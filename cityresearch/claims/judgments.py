"""Recording judgments: each row that a person judged gets the fingerprint of its claims as they read now.

A row of a judgment without a fingerprint, or with that of an earlier wording, does not count (`judged`, `guards`). Whoever has read the
rows of a claim, for the first time or again, records it here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path

from cityresearch.claims.guards import ONE_CLAIM, SEVERAL_CLAIMS
from cityresearch.claims.judged import fingerprint, printed_value
from cityresearch.claims.ledger import Claim, claim, claims
from cityresearch.datasets.catalog import dataset, datasets
from cityresearch.datasets.ledger_tables import ledger_tables
from cityresearch.datasets.store import store_table
from cityresearch.datasets.text_tables import rows_of
from cityresearch.errors import DataError

__all__ = ["JUDGMENTS", "mark", "record"]

JUDGMENTS = (*ONE_CLAIM, *SEVERAL_CLAIMS)


def record(claim_ids: Iterable[str]) -> dict[str, int]:
    """Record that the rows about these claims are true of the claims as they read now, and store the tables that change.

    The tables are read as they lie there, so that rows that were typed a moment ago are among them; their checksums are recorded too.

    Returns
    -------
    dict of str to int
        For each table of judgments that the project has, how many rows were marked anew.

    Raises
    ------
    ClaimError
        If the ledger has no such claim.
    DataError
        If a table cannot be read or stored.
    """
    wanted = {claim(claim_id).claim_id for claim_id in claim_ids}
    changed, contents = {}, {}
    for name, path in _there():
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DataError(f"{path} cannot be read ({error.strerror}): restore it with git checkout.") from None
        columns = [field.name for field in dataset(name).fields]
        rows = rows_of(content, path, columns)
        changed[name] = mark(rows, claims(), wanted)
        if changed[name]:
            contents[name] = _as_csv(rows, columns)
    for name, content in contents.items():
        store_table(name, content)
    return changed


def mark(rows: Iterable[MutableMapping[str, str]], ledger: Mapping[str, Claim], wanted: Iterable[str]) -> int:
    """Set the fingerprints of some claims in the rows of one table of judgments, and return how many rows changed.

    A row on several claims that has no fingerprint of one of them is new, and gets all that it lacks.

    Raises
    ------
    ClaimError
        If a row names a claim that the ledger does not have.
    """
    wanted, changed = set(wanted), 0
    for row in rows:
        before = dict(row)
        if "claim_id" in row:
            if row["claim_id"] in wanted:
                item = ledger[row["claim_id"]]
                row |= {"claim_value": printed_value(item), "claim_hash": fingerprint(item)}
        else:
            ids = [part.strip() for part in row["claims"].split(";") if part.strip()]
            if wanted.intersection(ids):
                marks = dict(zip(ids, row["claim_hashes"].split(";"), strict=False))
                row["claim_hashes"] = ";".join(
                    fingerprint(ledger[i] if i in ledger else claim(i)) if i in wanted or not marks.get(i) else marks[i]
                    for i in ids
                )
        changed += row != before
    return changed


def _there() -> Iterable[tuple[str, Path]]:
    """Yield the tables of judgments that the project has, described already or only lying there."""
    for name in JUDGMENTS:
        if name in datasets() or (name in ledger_tables() and dataset(name).path.is_file()):
            yield name, dataset(name).path


def _as_csv(rows: Iterable[Mapping[str, str]], columns: list[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
