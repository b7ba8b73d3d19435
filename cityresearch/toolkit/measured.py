"""The toolkit's 22 measures: their order, horizon and label from the dataset, what a figure of each counts, and its units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["ACTIVITIES", "HORIZONS", "HORIZON_WORDS", "MONEY", "Measure", "labels", "measures", "months_due"]

# the toolkit's horizons, in the words of the drop-down list
HORIZONS: Mapping[str, str] = MappingProxyType(
    {"activity": "activity", "immediate": "3-12 months", "medium_term": "1-3 years", "long_term": "3+ years"}
)
HORIZON_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "activity": "Activity",
        "immediate": "Results within 3 to 12 months",
        "medium_term": "Impacts within 1 to 3 years",
        "long_term": "Outcomes after 3 years",
    }
)
# measures of which the rows of sheets are counted
ACTIVITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "delegations": ("delegations in", "delegations out"),
        "events_hosted": ("events",),
        "agreements": ("agreements",),
    }
)
MONEY = "money"  # stands for every currency
# what one figure counts, in our words, and its usual units; the toolkit's table names the measures and does not define them
COUNTED: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "delegations": ("visits: one row of the sheets delegations in and delegations out; the two are counted apart", ("meetings",)),
        "events_hosted": ("events: one row of the sheet events", ()),
        "agreements": ("agreements: one row of the sheet agreements", ()),
        "grants": ("grants received, or their amount", ("grants", MONEY)),
        "media": ("the worth of coverage as the office estimated it, or the number of articles", (MONEY, "articles")),
        "inquiries": ("inquiries by investors from abroad", ("inquiries",)),
        "matchmaking": ("meetings between firms that the office arranged", ("meetings",)),
        "policy_exchanges": ("exchanges between governments on a policy that took place", ("exchanges",)),
        "people_exchanges": ("people, or exchanges, that the office helped along", ("people", "students", "exchanges")),
        "foreign_investment": ("projects of investors from abroad, or their amount", ("projects", MONEY)),
        "tourism": ("visitors, their spending, or growth in percent", ("visitors", "percent", MONEY)),
        "students": ("students from abroad who are enrolled", ("students", "percent")),
        "export_deals": ("deals that the office helped along, or their worth", ("deals", "firms", MONEY)),
        "jobs": ("jobs made or kept", ("jobs",)),
        "air_routes": ("new routes and links", ("routes", "visitors")),
        "policy_adopted": ("policies taken over from partners, or costs saved", ("policies", MONEY)),
        "trade_ties": ("trade that lasts: partnerships, firms, or its yearly worth", ("partnerships", "firms", MONEY, "percent")),
        "reputation": ("a place in a ranking or the result of a survey", ("rank", "index points", "percent", "percentage points")),
        "sister_ties": ("results of a sister city or sister state tie, as the row says", ("projects", "people", "partnerships", "exchanges", MONEY)),
        "climate": ("pledges met, as the row says", ("tons CO2", "projects", "policies", "percent")),
        "resilience": ("projects or policies that came from knowledge from abroad", ("projects", "policies", "people", MONEY)),
        "pride": ("people reached, or the result of a survey", ("people", "percent", "visitors", "index points")),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the toolkit's table: its id, horizon (a key of `HORIZONS`), label, what a figure counts, and its usual units.

    `units` has "money" where any currency will do; it is empty where only rows of a sheet are counted.
    """

    metric_id: str
    horizon: str
    label: str
    counts: str
    units: tuple[str, ...]


def measures() -> tuple[Measure, ...]:
    """Return the measures in the toolkit's order, from the dataset `scorecard_metrics`."""
    from cityresearch.datasets.load import load

    return tuple(
        Measure(str(row.metric_id), str(row.horizon), str(row.metric), *COUNTED[str(row.metric_id)])
        for row in load("scorecard_metrics").reset_index().itertuples()
    )


def months_due(horizon: str) -> int:
    """Return the months from the beginning of the work to the end of a horizon; what has no end is due from its beginning on.

    Examples
    --------
    >>> months_due("immediate"), months_due("long_term")
    (12, 36)
    """
    from cityresearch.datasets.load import load

    rows = load("scorecard_metrics")
    row = rows[rows["horizon"] == horizon].iloc[0]
    return int(row["to_months"] if rows["to_months"].notna()[row.name] else row["from_months"])


def labels() -> dict[str, str]:
    """Return the label of each measure by its id."""
    return {measure.metric_id: measure.label for measure in measures()}
