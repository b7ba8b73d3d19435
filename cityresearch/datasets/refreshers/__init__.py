"""Refreshers: how each publisher's server is asked and what its answers mean, one module per publisher's interface."""

from __future__ import annotations

from collections.abc import Callable

from cityresearch.datasets.refreshers import bea, bls, census, files, socrata
from cityresearch.datasets.refreshers.entries import Entry
from cityresearch.datasets.refreshers.fetched import Fetched
from cityresearch.datasets.refreshers.transport import Client

__all__ = ["READERS"]

READERS: dict[str, Callable[[Entry, Client, str], Fetched]] = {
    "file": files.read,
    "census": census.read,
    "bls": bls.read,
    "bea": bea.read,
    "socrata": socrata.read,
}
