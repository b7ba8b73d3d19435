"""What the data package says about refreshing: whole, of one form, and without a claim on a publisher that nobody read."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from conftest import PROJECT

from cityresearch.datasets.importers import FORMATS
from cityresearch.datasets.refreshers import READERS
from cityresearch.datasets.refreshers.entries import NOT_CONFIRMED, entries, faults

PACKAGE = json.loads((PROJECT / "data" / "raw" / "datapackage.json").read_text(encoding="utf-8"))
STATED = {r["name"]: r["refresh"] for r in PACKAGE["resources"] if "refresh" in r}
FETCHED = {name: given for name, given in STATED.items() if given["way"] != "by-hand"}
SECRETS = ("key=", "userid=", "token=", "registrationkey=")


@pytest.mark.parametrize("name", STATED)
def test_an_entry_is_whole(name):
    assert faults(name, STATED[name]) == []
    assert entries()[name].way == STATED[name]["way"]


@pytest.mark.parametrize("change", [{"way": "sometimes"}, {"adress": "x"}, {"limits": ""}, {"keeps": "all"}, {"key": {"variable": "X"}}, {"documentation": [{"address": "", "read": "2026-11-29", "says": "x"}]}])  # fmt: skip
def test_an_entry_that_is_not_whole_is_named(change):
    given = {**STATED["state_exports"], **change}
    assert faults("state_exports", given) != []


@pytest.mark.parametrize("name", FETCHED)
def test_what_is_fetched_has_a_reader_and_a_format_that_fills_the_dataset(name):
    given = FETCHED[name]
    assert given["reader"] in READERS and name in FORMATS[given["format"]].targets
    parts = urlsplit(given["address"])
    assert (
        parts.scheme == "https" and not parts.username and not any(word in given["address"].lower() for word in SECRETS)
    )


@pytest.mark.parametrize("name", STATED)
def test_what_no_stored_page_shows_is_marked_as_not_confirmed(name):
    for page in STATED[name]["documentation"]:
        assert page["read"] == NOT_CONFIRMED or page["address"].startswith("http")


def test_the_issue_s_publishers_all_have_a_way():
    said = json.dumps(STATED)
    for word in ("statenaics", "porths", "api.bls.gov", "download.bls.gov", "apps.bea.gov", "CAGDP2", "popest", "cbp", "keg4-3bc2", "T-100", "EIUIQ", "trade.gov"):  # fmt: skip
        assert word in said, word
