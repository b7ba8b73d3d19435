"""The readings of the claims of this chapter: each is a way to compute a claim that a careful writer could mean."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.chapters.state_exports import economy, farm, resilience
from cityresearch.claims.reading import as_printed
from cityresearch.measures.published import observed
from cityresearch.numbers.quantity import Missing, Quantity, fact

__all__ = ["farm_losses", "gross_product", "held", "rank", "small_exporters"]

_SHARES = {
    "sme_share_of_goods_export_value": "share of export value",
    "sme_share_of_exporting_companies": "share of exporting companies",
}


def gross_product(observations: pd.DataFrame) -> dict[str, object]:
    """Return readings of C006 and C023, the size of California's economy, in USD.

    The paper gives no year. The release of April 2025 is the one that announced the rank, so it takes the paper at its
    word; the revision of that year and the next year's rate are what a later reader finds.
    """
    product = economy.gross_product(observations)
    return {
        "2024, release of April 2025": as_printed(product["released"]),
        "2024, as revised by BEA": product["revised"],
        "2025, third quarter, annual rate": product["latest"],
    }


def rank(observations: pd.DataFrame) -> dict[str, object]:
    """Return readings of C171, California's rank among the economies of countries.

    A rank can be that of the release in which it was announced, or of the revised product.
    """
    product, others = economy.gross_product(observations), economy.countries(observations)
    return {
        "2024, release of April 2025": as_printed(economy.place_among(product["released"], others)),
        "2024, California as revised by BEA": economy.place_among(product["revised"], others),
    }


@checked_arguments
def held(
    cargo: Mapping[str, Quantity | Missing],
    loaded: Mapping[str, Quantity | Missing],
    value: Quantity | Missing,
    *,
    steady: float,
    base: int,
) -> dict[str, object]:
    """Return readings of C142: cargo steadied and exports held.

    The sentence is about ports, so exports are their loaded export boxes if it is taken at its word. A writer who looks
    at trade statistics would mean exports by value.

    Parameters
    ----------
    cargo, loaded : mapping of port to Quantity or Missing
        Changes of all boxes and of loaded export boxes, in percent.
    value : Quantity or Missing
        The change of exports by value, in percent.
    steady : float
        Percent by which a port's boxes may differ and still be steady.
    base : int
        The year that is compared with.
    """
    steadied = resilience.within(cargo.values(), steady)
    by_boxes = resilience.both(steadied, resilience.not_below(loaded.values()))
    by_value = resilience.both(steadied, resilience.not_below([value]))
    each = f"boxes within {steady:g} percent at each port"
    return {
        f"{each} and loaded export boxes not below {base} at any": as_printed(
            fact(by_boxes, *cargo.values(), *loaded.values())
        ),
        f"{each} and exports by value not below {base}": fact(by_value, *cargo.values(), value),
    }


def farm_losses(naics3: pd.DataFrame, observations: pd.DataFrame) -> dict[str, object]:
    """Return readings of C143, losses of wine and tree nuts of up to 30 percent.

    The goods that the paper names are in none of our tables alone. The readings are the nearest goods that have a
    number; a writer could have had any of them in mind.
    """
    found: dict[str, object] = dict(farm.falls(naics3, observations))
    return found | {farm.NUTS_AND_WINE: as_printed(found[farm.NUTS_AND_WINE])}


def small_exporters(observations: pd.DataFrame) -> dict[str, object]:
    """Return readings of C150: small firms make 95 percent of California's exports.

    What is exported is a value, so the latest share of value takes the paper at its word. The same sources print the
    share of firms that export, which is easily taken for it.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `export_observations`.
    """
    found: dict[str, object] = {}
    for series, words in _SHARES.items():
        for period in observations.loc[(series, "California")].index.get_level_values("period").unique():
            found[f"{words}, {period}"] = observed(observations, series, "California", period)
    latest = max(name for name in found if name.startswith(_SHARES["sme_share_of_goods_export_value"]))
    return found | {latest: as_printed(found[latest])}
