"""Verdicts for machines: JSON with all of them, and a ClaimReview for each page of a claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cityresearch import __version__
from cityresearch.datasets.catalog import source
from cityresearch.report.content import Content, Row
from cityresearch.tables.table import AUTHORS

__all__ = ["SCHEMA", "claim_as_review", "verdicts_as_json"]

SCHEMA = Path(__file__).with_name("verdicts.schema.json")
# the vocabulary of schema.org has a scale from worst to best; ours has words, which stay beside it
RATING = {"differs": 1, "differs-unless": 2, "open": 3, "agrees-if": 4, "agrees": 5}


def claim_as_review(row: Row, content: Content) -> dict[str, Any]:
    """Return a claim with its verdict in the vocabulary of schema.org (ClaimReview), without a rating where the verdict is open."""
    document = content.documents[row.item.document]
    record = source(document.source_id)
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "name": f"{row.claim_id}: {row.verdict}",
        "claimReviewed": row.item.statement,
        "reviewBody": row.data["reason"],
        "author": {"@type": "Organization", "name": AUTHORS},
        "softwareVersion": __version__,
        "itemReviewed": {
            "@type": "Claim",
            "appearance": {"@type": "CreativeWork", "name": document.title, "url": record.url},
            "author": {"@type": "Organization", "name": record.publisher},
        },
        "citation": [item.citation for item in row.sources],
    }
    if row.verdict != "open":
        review["reviewRating"] = {
            "@type": "Rating",
            "ratingValue": RATING[row.verdict],
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": row.verdict,
        }
    return review


def verdicts_as_json(content: Content) -> bytes:
    """Return all claims with their verdicts as `cityresearch claims --json` prints them, with the name of the schema beside it."""
    claims = [row.data for row in content.rows.values()]
    return (
        json.dumps({"$schema": SCHEMA.name, "version": __version__, "claims": claims}, ensure_ascii=False, indent=1)
        + "\n"
    ).encode("utf-8")
