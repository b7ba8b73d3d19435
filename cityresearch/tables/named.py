"""The tables that have a name, and how one is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from cityresearch.claims.ledger import claims
from cityresearch.errors import ParameterError
from cityresearch.suggestions import hint
from cityresearch.tables import cases, judged, metros, trips
from cityresearch.tables.table import Table

__all__ = ["NAMED", "listing", "made"]

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


def made(names: Sequence[str] = ()) -> list[Table]:
    """Return the tables of these names, each once; every one of `NAMED` if there are none.

    Parameters
    ----------
    names : sequence of str
        Of `NAMED`, or "readings-" and a claim, such as "readings-C027".

    Raises
    ------
    ParameterError
        If no table has that name, or a claim has no readings.
    """
    wanted = list(dict.fromkeys(names)) or list(NAMED)
    of_claims = [judged.READINGS + key for key in claims()]
    for name in wanted:
        if name not in NAMED and name not in of_claims:
            known = f"there are {', '.join(NAMED)}, and {judged.READINGS}C027 and so on"
            raise ParameterError(f"No table is called {name!r}{hint(name, [*NAMED, *of_claims], known)}")
    return [NAMED[name]() if name in NAMED else judged.readings(name) for name in wanted]


def listing() -> str:
    """Return a line for each named table, with its title, and one for the tables of readings."""
    width = max(map(len, NAMED)) + 2
    lines = [f"{name:<{width}}{table.title}" for name, table in zip(NAMED, made(), strict=True)]
    count = len(judged.with_readings())
    return "\n".join(
        [
            *lines,
            f"{judged.READINGS + 'ID':<{width}}Readings of a claim, such as C027: {count} claims have some",
        ]
    )
