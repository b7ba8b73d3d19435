"""The inventory of a place from public data, in the columns of the inventory sheet."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from cityresearch.errors import ParameterError
from cityresearch.suggestions import hint
from cityresearch.toolkit.layout import BY_OFFICE, BY_PUBLIC, CHOICES

__all__ = ["Inventory", "public_inventory"]

Inventory = list[dict[str, Any]]
CONTRACT = ("row", "item", "value", "unit", "period", "source_id", "note", "gap")
MEASURED = "cityresearch.measures.inventory"


def public_inventory(place: str) -> tuple[str, Inventory]:
    """Return a place's full name and its inventory, each row by the names of the columns of the sheet.

    A row that has a value is marked as public data; a row that has only a gap is left to the office.

    Parameters
    ----------
    place : str
        A metropolitan area by its title, a part of it, or its code.

    Raises
    ------
    ParameterError
        If no area or several have that name.
    """
    if importlib.util.find_spec(MEASURED):
        from cityresearch.measures.inventory import inventory

        found = inventory(place)
        named = str(found.attrs.get("place", "")) or place
    else:
        named = metro_named(place)
        found = _from_profile(named)
    return named, [_row(row) for row in found.reindex(columns=CONTRACT).to_dict("records")]
