"""What a profile lacks, why, and who publishes it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.numbers.quantity import Missing

__all__ = ["PUBLISHERS", "gaps"]

# Who publishes what a profile needs, for the table of gaps
PUBLISHERS = {
    "goods exports": "International Trade Administration, Metropolitan Export Series",
    "residents": "Census Bureau, population estimates of 1 July",
    "gross domestic product": "Bureau of Economic Analysis, GDP by county and metropolitan area",
    "jobs on payrolls": "Bureau of Labor Statistics, payroll survey by area",
    "foreign-owned firms": "Brookings (2011, once); Bureau of Economic Analysis for states; "
    "we found no yearly table by area",
    "trips abroad": "the cities themselves; no register was found",
    "reported outcomes of trips": "the cities and their partners",
    "sister cities": "the cities, Sister Cities International",
}


def gaps(found: Mapping[str, object]) -> pd.DataFrame:
    """Tabulate what a profile lacks, why, and who publishes it.

    Parameters
    ----------
    found : mapping of item of `PUBLISHERS` to Quantity, Missing or pandas.DataFrame
        What the profile has; an empty frame counts as missing.

    Returns
    -------
    pandas.DataFrame
        Indexed by item: why, publisher. Re-exports are always listed, as nobody publishes
        them by area.
    """
    rows = []
    for item, value in found.items():
        if isinstance(value, Missing):
            rows.append((item, value.reason, PUBLISHERS[item]))
        elif isinstance(value, pd.DataFrame) and value.empty:
            rows.append((item, "our data have nothing for this area", PUBLISHERS[item]))
    rows.append(("re-exports (foreign goods that only pass through)", "published for states, not for areas", "nobody"))
    return pd.DataFrame(rows, columns=["item", "why", "publisher"]).set_index("item")
