"""Tables of a profile as a reader sees them: columns with words and units, and empty cells where there is no value."""

from __future__ import annotations

import pandas as pd

from cityresearch.numbers.display import in_time, in_words
from cityresearch.phrases import capitalized

__all__ = ["assets", "firms", "jobs", "outcomes", "stretches", "ties", "trips", "years"]


def years(by_year: pd.DataFrame) -> pd.DataFrame:
    """Return the table of exports by year, from `goods.main_years`."""
    return pd.DataFrame(
        {
            "title in that year": by_year["title"],
            "exports, USD": by_year["value_usd"].map("{:,}".format),
            "percent of the country": by_year["share_of_us"].map("{:.3g}".format),
            "rank in the country": _of(by_year["rank_us"], by_year["metros_us"]),
            "rank in the state": _of(by_year["rank_state"], by_year["metros_state"]),
        }
    )


def _of(rank: pd.Series, number: pd.Series) -> list[str]:
    return [f"{place} of {whole}" for place, whole in zip(rank, number, strict=True)]


def stretches(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of changes within stretches of years, from `goods.stretches`; one year alone has no change."""
    return pd.DataFrame(
        {
            "first year": found["first"],
            "last year": found["last"],
            "first, USD": found["from_usd"].map("{:,}".format),
            "last, USD": found["to_usd"].map("{:,}".format),
            "change, percent": _written(found["change_percent"], "+.2f"),
            "percent per year": _written(found["percent_per_year"], "+.2f"),
            "change of the share of the country, points": _written(found["share_change_points"], "+z.3f"),
        }
    )


def assets(found: pd.DataFrame) -> pd.DataFrame:
    """Return the inventory, from `inventory.inventory`: part, item, value with unit, period, what to know, source, or the gap."""
    filled = found["gap"] == ""
    return pd.DataFrame(
        {
            "part": found["row"].map(capitalized),
            "item": found["item"],
            "value": [
                "" if value is None else f"rank {value}" if unit == "rank" else in_words(value, unit)
                for value, unit in zip(found["value"], found["unit"], strict=True)
            ],
            "period": found["period"].map(in_time),
            "what to know": found["note"].where(filled, "gap"),
            "source": found["source_id"].str.replace(";", "; "),
            "table that would fill it": found["gap"],
        }
    ).set_index("item")


def jobs(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of payroll jobs, from `work.employment`."""
    return pd.DataFrame(
        {
            "series": found["series"].str.replace("_", " "),
            "month": found["month"],
            "jobs": _written(found["jobs"], ",.0f"),
            "edition": found["edition"],
            "seasonally adjusted": found["seasonally_adjusted"],
            "note": _text(found["note"]),
            "source": found["source_id"],
        }
    )


def firms(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of foreign-owned firms, from `work.foreign_firms`."""
    return pd.DataFrame(
        {
            "series": found["series"].str.replace("_", " "),
            "period": _text(found["period"]),
            "value": _written(found["value"], ",.10g"),
            "unit": found["unit"],
            "definition": _text(found["definition"]),
            "note": _text(found["note"]),
            "source": found["source_id"],
        }
    )


def trips(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of trips abroad, from `cities.trips`."""
    return pd.DataFrame(
        {
            "from": found["jurisdiction"].str.replace(";", ", "),
            "start": _text(found["start_date"]).replace("", "undated"),
            "countries": _text(found["countries"]).str.replace(";", ", "),
            "purpose": _text(found["purpose"]),
            "kind": found["kind"],
            "official's part": found["role"],
            "about trade": found["trade_focus"],
            "classification is sure": found["sure"],
        }
    ).rename_axis("trip")


def outcomes(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of what is said to have come of trips, from `cities.outcomes`."""
    return pd.DataFrame(
        {
            "trip": found["mission_id"],
            "outcome": found["outcome"],
            "kind": found["kind"],
            "value": (_text(found["value"]) + " " + _text(found["unit"]).replace("date", "")).str.strip(),
            "status": found["status"],
            "note": _text(found["note"]),
        }
    )


def ties(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of sister cities, one row for each city, from `cities.sister_cities`."""
    named = found["sister_city"] + " (" + found["country"] + ")"
    return named.groupby(found["city"], sort=False).agg(", ".join).rename("sister cities").to_frame()


def _text(cells: pd.Series) -> pd.Series:
    return cells.astype(object).where(cells.notna(), "").astype(str)


def _written(values: pd.Series, form: str) -> pd.Series:
    return values.map(lambda value: "" if pd.isna(value) else format(value, form))
