"""The jobs that studies credit to ports: what each prints, for which area, and by which definition."""

from __future__ import annotations

import pandas as pd

from cityresearch.chapters.ports.shares import ports_of
from cityresearch.datasets.catalog import source
from cityresearch.measures.containers import LA, LB
from cityresearch.measures.rounding import stands_for

__all__ = ["as_rows", "as_table", "by_study"]

_BAY = "San Pedro Bay ports"
_ALL_PORTS = ("public ports", "California ports")  # what studies call the ports of the state together
_COLUMNS = ["area", "ports", "year", "kind", "jobs", "low", "high", "definition", "source_id"]


def by_study(observations: pd.DataFrame, region: str) -> pd.DataFrame:
    """List the jobs that studies credit to a region's ports, one by one or together.

    Parameters
    ----------
    observations : pandas.DataFrame
        The dataset `port_observations`.
    region : str
        A key of `shares.REGIONS`.

    Returns
    -------
    pandas.DataFrame
        One row per printed figure, by area and number: area, ports, year (empty if none is printed), kind, jobs, low,
        high, definition (what the source says of it), source_id.
    """
    ports = ports_of(region)
    names = [port.removeprefix("Port of ") for port in ports]
    names += [_BAY] * ({LA, LB} <= set(ports)) + [*_ALL_PORTS] * (region == "california")
    rows = observations.reset_index().fillna({"note": ""})
    rows = rows[rows["series"].isin(["jobs_supported", "jobs_direct"])]
    rows = rows[[any(name in place for name in names) for place in rows["geography"]]]
    found = []
    for row in rows.itertuples():
        area, _, counted = row.geography.rstrip(")").partition(" (")
        if not counted or area.startswith("Port of"):
            area, counted = "Area not stated", area
        reach = stands_for(row.value, row.precision, row.note)
        found.append(
            {
                "area": area,
                "ports": counted.removeprefix("Port of "),
                "year": row.period.replace("n.d.", ""),
                "kind": "direct only" if row.series == "jobs_direct" else "supported",
                "jobs": int(row.value),
                "low": int(reach.low),
                "high": int(reach.high),
                "definition": row.note,
                "source_id": row.source_id,
            }
        )
    table = pd.DataFrame(found, columns=_COLUMNS)
    return table.sort_values(["area", "jobs", "source_id"], kind="stable", ignore_index=True)


def as_rows(jobs: pd.DataFrame) -> pd.DataFrame:
    """Return the jobs as rows for a dot plot: one group per area, each line with ports, year and publisher."""
    labels = [
        f"{r.ports}{f' ({r.year})' if r.year else ''}{', direct only' if r.kind == 'direct only' else ''}: "
        f"{_publisher(r.source_id)}"
        for r in jobs.itertuples()
    ]
    return pd.DataFrame(
        {
            "group": jobs["area"],
            "label": labels,
            "value": jobs["jobs"],
            "low": jobs["low"],
            "high": jobs["high"],
            "source_id": jobs["source_id"],
        }
    )


def as_table(jobs: pd.DataFrame) -> pd.DataFrame:
    """Return the jobs for readers, with what each source says of its number."""
    shown = jobs.assign(
        jobs=[f"{n:,}" for n in jobs["jobs"]],
        publisher=[_publisher(s) for s in jobs["source_id"]],
        year=jobs["year"].replace("", "not printed"),
    )
    shown = shown[["area", "ports", "year", "kind", "jobs", "definition", "publisher"]]
    return shown.rename(columns={"kind": "direct or supported", "definition": "words of the source"}).set_index("ports")


def _publisher(source_id: str) -> str:
    return source(source_id).publisher.partition(" (")[0]
