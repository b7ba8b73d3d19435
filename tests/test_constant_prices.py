"""Changes at constant prices, without single partners, and three counts of one state's exports."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.chapters.state_exports import counts, months, notes, parts, tables, totals
from cityresearch.measures import export_prices
from cityresearch.numbers.quantity import Missing


def index_of(**years: list[float | None]) -> pd.DataFrame:
    """Return an index with the given values from January on; None is a month that was never published."""
    rows = [
        ("all_commodities", f"{year[1:]}-{month:02d}", "made-up", value, 2000)
        for year, values in years.items()
        for month, value in enumerate(values, 1)
        if value is not None
    ]
    return pd.DataFrame(rows, columns=["series", "month", "source_id", "index", "base"]).set_index(
        ["series", "month", "source_id"]
    )


@pytest.fixture(scope="module")
def prices() -> pd.DataFrame:
    return cr.load("export_price_index")


@pytest.fixture(scope="module")
def years(prices) -> pd.DataFrame:
    return totals.with_prices(totals.by_year(cr.load("state_exports"), state="CA"), prices)


def test_prices_are_compared_in_the_months_that_both_years_have():
    # October was never published; with it the first year's mean would be higher and the rise too small
    rising = index_of(y2024=[100.0] * 9 + [220.0, 100.0, 100.0], y2025=[110.0] * 9 + [None, 110.0, 110.0])
    assert export_prices.price_change(rising, year=2025, base=2024) == (pytest.approx(10), 11)
    missing_before = index_of(y2024=[100.0] * 9 + [None, 100.0, 100.0], y2025=[110.0] * 9 + [220.0, 110.0, 110.0])
    assert export_prices.price_change(missing_before, year=2025, base=2024) == (pytest.approx(10), 11)
    assert export_prices.price_change(index_of(y2024=[100.0] * 12, y2025=[110.0] * 9), year=2025, base=2024) is None


def test_a_yearly_rise_is_the_rate_that_makes_the_whole_one():
    prices = index_of(y2020=[100.0] * 12, y2022=[121.0] * 12)
    assert export_prices.yearly_rise(prices, first=2020, last=2022) == pytest.approx(10)


def test_what_rose_with_prices_alone_did_not_change_at_constant_prices():
    prices = index_of(y2023=[100.0] * 12, y2024=[125.0] * 12)
    table = pd.DataFrame({"change_percent": [None, 25.0]}, index=[2023, 2024], dtype=float)
    found = totals.with_prices(table, prices)
    assert found.at[2024, "constant_percent"] == pytest.approx(0)
    assert pd.isna(found.at[2023, "constant_percent"])
    doubled = totals.with_prices(table.assign(change_percent=[None, 150.0]), prices)
    assert doubled.at[2024, "constant_percent"] == pytest.approx(100)


def test_nominal_and_constant_changes_of_california(years, prices):
    # 2025: 188.404 over 183.934; the means of eleven months of the index are 152.75 and 148.62
    assert years.at[2025, "change_percent"] == pytest.approx(2.43, abs=0.005)
    assert years.at[2025, "prices_percent"] == pytest.approx(2.78, abs=0.005)
    assert years.at[2025, "constant_percent"] == pytest.approx(-0.34, abs=0.005)
    assert list(years.loc[2024:, "price_months"]) == [12, 11]
    words = notes.constant_prices(years, prices, "CA")
    assert "+2.4 percent in dollars" in words
    assert "Since 2016 it is +15.4 in dollars, +27.4 in prices and -9.5 at constant prices." in words
    assert "It is not an index of California" in words
    # of two years the change since the first is the one already told, and without prices there is none to tell
    assert "Since" not in notes.constant_prices(years.loc[2024:], prices, "CA")
    later = prices[prices.index.get_level_values("month") >= "2024"]
    assert "Since" not in notes.constant_prices(years, later, "CA")
    lacking = totals.constant_change(years, year=2012)
    assert isinstance(lacking, Missing)
    assert lacking.reason == "2011 to 2012: no change in one download, or no prices of both years"


def test_without_the_partner_that_rose_most_and_the_one_that_fell_most():
    partners = parts.partners(cr.load("california_exports_by_country"), state="CA", year=2025, base=2024)
    apart = parts.without_extremes(partners)
    assert list(apart["without"]) == [(), ("Taiwan",), ("China",), ("Taiwan", "China")]
    whole, rise, fall, both = apart["change_usd"]
    assert (whole, rise) == (4_469_996_791, 4_469_996_791 - 4_743_938_655)
    # the parts left out add up, whichever is left out first
    assert (whole - rise) + (whole - fall) == whole - both
    shown = tables.without_extremes(apart, year=2025, base=2024)
    assert shown.at["all but Taiwan", "change, percent"] == "-0.16"
    words = notes.without_extremes(apart, pd.DataFrame(), "CA", year=2025)
    assert "Without Taiwan, which rose most, it is -$273.9 million (-0.2 percent)" in words
    assert "without China, which fell most, +$9.223 billion (+5.5 percent)" in words


def test_domestic_goods_and_reexports_are_shares_of_the_same_months():
    compared = months.against_year_before(cr.load("state_exports_monthly"), state="CA")
    together = months.together(compared, 2025)
    words = notes.kinds(together, "CA", year=2025)
    assert "in these 11 months of 2025, 74.0 percent are domestic goods and 26.0 percent re-exports" in words
    assert notes.kinds(months.together(compared, 2019), "CA", year=2019) == (
        "Our data have no re-exports of California in 2019."
    )


@pytest.fixture(scope="module")
def tables_of_counts() -> tuple[pd.DataFrame, ...]:
    return tuple(
        cr.load(name) for name in ("metro_exports", "state_exports", "state_exports_monthly", "san_diego_observations")
    )


def test_three_counts_are_of_one_year_and_the_missing_one_names_its_table(tables_of_counts):
    found = counts.three_counts(*tables_of_counts, state="CA", year=2025)
    assert {value.period for value in found.values() if not isinstance(value, Missing)} == {"2023"}
    assert found[counts.ZIP].value > found[counts.ORIGIN].value
    assert "in 2024 they were 25.9 percent" in found[f"{counts.ORIGIN}: re-exports"].reason
    exit_ = found[counts.EXIT].reason
    assert "customs district and port" in exit_
    assert "San Diego, with $19.9 billion in 2012" in exit_
    assert "100.7 percent" in counts.told(found, "CA")
    table = counts.as_table(found)
    assert list(table["billion USD"]) == ["180.258", "179.033", "", ""]
    assert (table["what it counts"].str.len() > 20).all()


def test_another_state_has_its_own_counts_and_no_district_of_california(tables_of_counts):
    found = counts.three_counts(*tables_of_counts, state="TX", year=2020)
    assert "San Diego" not in found[counts.EXIT].reason
    assert "In 2020 the metropolitan areas of Texas" in counts.told(found, "TX")


def test_a_year_without_all_months_is_told_with_the_newest_that_has_them(tables_of_counts):
    exports, states, monthly, districts = tables_of_counts
    months_of = monthly.reset_index()
    older = months_of[months_of["month"].str.startswith("2024")]
    older = older.assign(month=older["month"].str.replace("2024", "2022"))
    both = pd.concat([older, months_of]).set_index(monthly.index.names)
    found = counts.three_counts(exports, states, both, districts, state="CA", year=2023)[f"{counts.ORIGIN}: re-exports"]
    assert found.reason == "our data do not have all twelve months of 2023; in 2024 they were 25.9 percent"


def test_reexports_of_a_year_with_all_months_are_a_part_of_its_total(tables_of_counts):
    exports, *rest = tables_of_counts
    later = exports.reset_index()
    later = pd.concat([later, later[later["year"] == 2023].assign(year=2024)]).set_index(exports.index.names)
    found = counts.three_counts(later, *rest, state="CA", year=2024)
    part = float(found[f"{counts.ORIGIN}: re-exports"].value / found[counts.ORIGIN].value)
    assert part == pytest.approx(0.259, abs=0.0005)
