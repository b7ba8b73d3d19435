"""The tables that have a name, and how one is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from cityresearch.claims.ledger import claims
from cityresearch.datasets.catalog import datasets
from cityresearch.datasets.ledger_tables import lacking
from cityresearch.errors import ParameterError
from cityresearch.phrases import many
from cityresearch.runs.notebooks import chapters
from cityresearch.suggestions import hint
from cityresearch.tables import cases, judged, metros, trips
from cityresearch.tables.table import Table

__all__ = ["NAMED", "available", "listing", "made"]

NAMED: Mapping[str, Callable[[], Table]] = MappingProxyType(
    {
        "table-1": trips.table_1,
        "verdicts": judged.all_verdicts,
        "verdicts-by-basis": judged.by_basis,
        "differences": judged.differing,
        "missions": trips.missions,
        "outcomes": trips.outcomes,
        "annexes": cases.annex_table,
        "case-studies": cases.case_studies,
        "practices": cases.practice_table,
        "city-profile": metros.city_profile,
        "inventory": cases.inventory_table,
        "metro-exports": metros.metro_exports,
    }
)


def available() -> dict[str, Callable[[], Table]]:
    """Return the named tables for which this project has the datasets and the notebook."""
    have = {*datasets(), *(f"notebook {notebook.stem}" for notebook in chapters())}
    return {name: table for name, table in NAMED.items() if not lacking(table, have)}


def made(names: Sequence[str] = ()) -> list[Table]:
    """Return the tables of these names, each once; every one that is available if there are none.

    Parameters
    ----------
    names : sequence of str
        Of `available`, or "readings-" and a claim, such as "readings-C027".

    Raises
    ------
    ParameterError
        If no table has that name, or a claim has no readings.
    """
    there = available()
    wanted = list(dict.fromkeys(names)) or list(there)
    of_claims = [judged.READINGS + key for key in claims()]
    for name in wanted:
        if name not in there and name not in of_claims:
            known = f"there are {', '.join(there)}" + f", and {of_claims[0]} and so on" * bool(of_claims)
            raise ParameterError(f"No table is called {name!r}{hint(name, [*there, *of_claims], known)}")
    return [there[name]() if name in there else judged.readings(name) for name in wanted]


def listing() -> str:
    """Return a line for each named table, with its title, and one for the tables of readings."""
    there, with_readings = available(), judged.with_readings()
    width = max(map(len, NAMED)) + 2
    lines = [f"{name:<{width}}{table.title}" for name, table in zip(there, made(), strict=True)]
    such = f", such as {with_readings[0].removeprefix(judged.READINGS)}" if with_readings else ""
    return "\n".join(
        [
            *lines,
            f"{judged.READINGS + 'ID':<{width}}Readings of a claim{such}: {many(len(with_readings), 'claim')} {'has' if len(with_readings) == 1 else 'have'} some",
        ]
    )
