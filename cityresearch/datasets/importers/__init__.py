"""Importers: from a publisher's own file format to the rows of a dataset, one module per format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cityresearch.datasets.importers import (
    bea,
    bls,
    bls_prices,
    bts_border,
    census_population,
    census_trade,
    ita,
    ports,
)  # fmt: skip
from cityresearch.datasets.importers.parsed import Header, Parsed, Request
from cityresearch.datasets.importers.reading import Grid
from cityresearch.errors import DataError

__all__ = ["Format", "format_for"]


@dataclass(frozen=True, slots=True)
class Format:
    """A publisher's format: its name, the datasets that it fills, how to find its header, how to read it, and whether
    the file itself tells the vintage of each row."""

    name: str
    title: str
    targets: tuple[str, ...]
    header_of: Callable[[Grid], Header]
    parse: Callable[[Grid, Request], Parsed]
    tells_vintage: bool = False


FORMATS = {
    form.name: form
    for form in (
        Format("ita-metro", "ITA metro crosstab", ("metro_exports",), ita.header_of, ita.parse),
        Format(
            "census-trade",
            "Census state exports and imports, USA Trade Online or API",
            (
                "state_exports",
                "state_exports_naics3",
                "california_exports_by_country",
                "state_imports",
                "state_imports_naics3",
                "california_imports_by_country",
            ),
            census_trade.header_of,
            census_trade.parse,
        ),
        Format(
            "bls-series",
            "BLS series report or flat file",
            ("bls_employment",),
            bls.header_of,
            bls.parse,
            tells_vintage=True,
        ),
        Format("bea-gdp", "BEA CAGDP", ("metro_gdp",), bea.header_of, bea.parse),
        Format(
            "census-population",
            "Census population estimates",
            ("metro_population",),
            census_population.header_of,
            census_population.parse,
        ),
        Format(
            "bls-prices",
            "BLS export price index, flat file",
            ("export_price_index",),
            bls_prices.header_of,
            bls_prices.parse,
        ),
        Format(
            "bts-border", "BTS border crossing entry data", ("border_entries",), bts_border.header_of, bts_border.parse
        ),
        Format("port-teu", "port containers by month", ("port_containers",), ports.header_of, ports.parse),
    )
}


def format_for(dataset: str, name: str = "") -> Format:
    """Return the format that fills a dataset.

    Raises
    ------
    DataError
        If there is none, or the named one fills another dataset.
    """
    fitting = [form for form in FORMATS.values() if dataset in form.targets]
    if name and name not in FORMATS:
        raise DataError(f"No format is called {name!r}: there are {', '.join(FORMATS)}.")
    if name and FORMATS[name] not in fitting:
        raise DataError(
            f"The format {name} fills {', '.join(FORMATS[name].targets)}, not {dataset}: choose one of these."
        )
    if not fitting:
        filled = ", ".join(target for form in FORMATS.values() for target in form.targets)
        raise DataError(f"No importer fills {dataset}: there are importers for {filled}.")
    return FORMATS[name] if name else fitting[0]
