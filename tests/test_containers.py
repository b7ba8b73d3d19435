"""Container counts: one for each port, period and direction, the same one in every chapter."""

from __future__ import annotations

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.errors import MixedBasisError
from cityresearch.measures import containers
from cityresearch.measures.containers import KEY, LA, LB, OAK, REPLACED, US_TRACKED
from cityresearch.numbers.quantity import Missing, together

SUSPECTED = "The same number as in the release for July 2024; one of the two is probably a copy."


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return cr.load("port_containers")


@pytest.fixture(scope="module")
def corrections() -> pd.DataFrame:
    return cr.load("corrections")


@pytest.fixture(scope="module")
def own(published, corrections) -> pd.DataFrame:
    return containers.settled(published, corrections)


@pytest.fixture(scope="module")
def customs(corrections) -> pd.DataFrame:
    return containers.settled(cr.load("port_containers_piers"), corrections)


def printed(*rows: tuple) -> pd.DataFrame:
    """Return counts as papers print them: direction, period, teu, precision, source_id."""
    columns = ["direction", "period", "teu", "precision", "source_id"]
    table = pd.DataFrame(rows, columns=columns).assign(port=LA, area="port", count_kind="port_authority", note="")
    table["period_kind"] = ["year" if len(period) == 4 else "month" for period in table["period"]]
    return table.set_index([*KEY, "source_id"])


def corrected(*rows: tuple) -> pd.DataFrame:
    """Return misprints: key, printed, wrong, expect."""
    table = pd.DataFrame(rows, columns=["key", "printed", "wrong", "expect"])
    return table.assign(dataset="port_containers", column="teu").set_index(["dataset", "key", "column"])


def test_a_misprinted_count_gives_way_to_what_another_paper_prints(own):
    # Long Beach's 95,960 stood for Los Angeles too; another paper has 127,379
    assert own.at[(LA, "2025-08", "month", "loaded_exports"), "teu"] == 127_379


def test_a_first_figure_gives_way_to_the_later_one(own):
    # 66,540 in the first release, 66,424 a year later
    assert own.at[(OAK, "2024-06", "month", "loaded_exports"), "teu"] == 66_424


def test_a_count_to_the_box_goes_before_a_rounded_one(own):
    # printed as 1.21 million for the year; the twelve months add up to 1,207,038
    row = own.loc[(LB, "2024", "year", "loaded_exports")]
    assert (row["teu"], row["derived"]) == (1_207_038, "sum of twelve months")


def test_a_count_that_may_be_a_misprint_is_in_doubt_whoever_prints_it(own):
    key = (OAK, "2024-08", "month", "loaded_exports")
    assert own.at[key, "sources"] == ("pmsa-2024-08",)  # the correction names another paper with the same number
    assert own.at[key, "doubt"] == SUSPECTED
    assert containers.teu(own, OAK, "loaded_exports", "2024-08").caveats == (f"{OAK} 2024-08: {SUSPECTED}",)
    assert containers.teu(own, OAK, "loaded_exports", "2024-07").caveats == ()


def test_doubt_is_about_the_number_and_not_about_another_count_of_the_month():
    rows = printed(
        ("total", "2024-01", 900, 1, "a"), ("total", "2024-01", 700, 1, "b"), ("total", "2024-01", 700, 1, "c")
    )
    suspected = corrected((f"{LA}|2024-01|month|total|a", "900", "looks like a copy", ""))
    found = containers.settled(rows, suspected).loc[(LA, "2024-01", "month", "total")]
    assert (found["teu"], found["doubt"]) == (700, "")


def test_a_misprint_whose_right_number_is_known_is_set_aside_with_its_reason():
    rows = printed(("total", "2024-01", 900, 1, "a"), ("total", "2024-01", 700, 1, "b"))
    known = corrected((f"{LA}|2024-01|month|total|a", "900", "digits exchanged", "700"))
    assert containers.set_aside(rows, known)[["teu", "why", "source_id"]].values.tolist() == [
        [900, "digits exchanged", "a"]
    ]
    assert containers.settled(rows, known)["teu"].tolist() == [700]


def test_of_equally_exact_counts_the_one_that_most_sources_print_is_taken():
    rows = printed(("total", "2024", 9, 1, "a"), ("total", "2024", 8, 1, "b"), ("total", "2024", 8, 1, "c"))
    assert containers.settled(rows, corrected())["teu"].tolist() == [8]


@pytest.mark.parametrize(
    ("port", "direction", "period", "count"),
    [
        (LB, "total", "2024-01", 2_002_820 - 674_723 - 654_082),
        (LB, "total", "2024-12", 9_649_724 - 8_788_718),
        (LB, "total", "2025-12", 9_881_595 - 9_047_477),
        (LA, "total", "2025-12", 424_498 + 108_074 + 259_014),
        (LA, "total", "2025", 9_447_731 + 791_586),
        (LA, "loaded_exports", "2025", 1_429_263),
        (LA, "loaded_imports", "2025", 5_316_716),
        (OAK, "total", "2025-01", 81_453 + 64_735 + 12_625 + 34_363),
        (OAK, "total", "2025-02", 601_527 - 217_415 - 193_176),
        (OAK, "total", "2025-07", 1_346_022 - 974_417 - 168_460),
        (OAK, "total", "2025-08", 1_538_337 - 1_346_022),
        (OAK, "loaded_imports", "2024-12", 84_868),
    ],
)
def test_a_missing_month_that_follows_from_published_figures_is_derived_and_says_so(
    own, port, direction, period, count
):
    found = containers.teu(own, port, direction, period)
    assert int(found) == count
    assert found.bounds is None
    assert any("derived" in caveat for caveat in found.caveats)
    assert found.sources


def test_derived_counts_are_stored_nowhere(own, published):
    stored = set(published.reset_index()[["port", "period", "direction", "teu"]].itertuples(index=False, name=None))
    rows = own[own["derived"] != ""].reset_index()
    assert not stored & set(rows[["port", "period", "direction", "teu"]].itertuples(index=False, name=None))


def test_a_derived_count_outside_a_rounded_published_one_is_not_kept(own):
    # cumulative figures leave 702,970 for May 2024, because June was revised; the port printed 696 thousand
    found = containers.teu(own, LB, "total", "2024-05")
    assert int(found) == 696_000
    assert str(found.interval) == "[695,500, 696,500)"


def test_two_missing_months_between_cumulative_figures_are_not_guessed(published, corrections):
    without = published.drop((LB, "2024-02", "month", "total", "fw-lb-2025-02"))
    assert isinstance(containers.teu(containers.settled(without, corrections), LB, "total", "2024-01"), Missing)


def test_a_derived_month_names_the_cumulative_figures_that_it_comes_from(own):
    derived = own.at[(LB, "2023-12", "month", "total"), "derived"]
    assert derived == "year 8,018,668 - first 11 months 7,308,848"
    # computed here, where a published count was read
    assert not containers.teu(own, LB, "total", "2023-12").read
    assert containers.teu(own, LB, "total", "2024").read


@pytest.mark.parametrize(
    ("port", "direction", "period", "count"),
    [
        (LA, "loaded_imports", "2023-12", 364_661),  # revised, not 369,477
        (LB, "loaded_imports", "2024-06", 419_698),  # revised, not 415,677
        (LA, "loaded_exports", "2025-08", 127_379),  # not the Long Beach figure
        (LA, "loaded_imports", "2025-07", 543_728),  # not the misprint
        (OAK, "loaded_exports", "2010", 954_814),  # not the copy of the imports
        (OAK, "loaded_imports", "2023-12", 76_347),  # not the exports
        (LA, "total", "2023", 8_629_681),  # revised, not 8,634,497
        (LB, "total", "2024", 9_649_724),  # to the box, not 9.65 million
    ],
)
def test_misprints_and_first_figures_give_way(own, port, direction, period, count):
    assert int(containers.teu(own, port, direction, period)) == count


def test_every_count_that_is_replaced_is_in_the_data_and_has_another_of_its_kind(published, corrections, own):
    listed = {"|".join(key) for key in published.index}
    assert set(REPLACED) <= listed
    for key in REPLACED:
        port, period, kind, direction, source = key.split("|")
        if port == US_TRACKED:
            assert (port, period, kind, direction) not in own.index
        else:
            assert (
                source not in own.loc[(port, period, kind, direction), "sources"]
                or own.loc[(port, period, kind, direction), "derived"]
            )


def test_a_correction_with_an_expected_count_is_what_the_rules_give(own, corrections):
    rows = corrections.reset_index()
    rows = rows[(rows["dataset"] == "port_containers") & rows["key"].str.startswith("Port of") & rows["expect"].notna()]
    checked = 0
    for row in rows.itertuples():
        port, period, kind, direction, _ = row.key.split("|")
        if row.expect and kind != "ytd":
            assert int(containers.teu(own, port, direction, period)) == int(row.expect)
            checked += 1
    assert checked >= 5


def test_customs_based_and_port_counts_do_not_mix(published, corrections, own, customs):
    mixed = pd.concat([published.reset_index(), cr.load("port_containers_piers").reset_index()])
    with pytest.raises(MixedBasisError, match="piers and port_authority"):
        containers.settled(mixed.set_index(published.index.names), corrections)
    port_own, customs_based = (
        containers.teu(own, LB, "loaded_imports", "2005"),
        containers.teu(customs, LA, "loaded_imports", "2005"),
    )
    with pytest.raises(MixedBasisError, match="basis differs"):
        together(port_own, customs_based)
    with pytest.raises(MixedBasisError, match="basis differs"):
        cr.share(
            containers.teu(own, OAK, "loaded_imports", "2012"),
            containers.teu(customs, "United States", "loaded_imports", "2012"),
        )


def test_imports_and_exports_are_added_only_when_asked(own):
    sides = [containers.teu(own, LA, side, "2023") for side in ("loaded_imports", "loaded_exports")]
    with pytest.raises(MixedBasisError, match="basis differs"):
        together(*sides)
    assert int(together(*sides, direction="loaded_both_ways")) == 4_441_330 + 1_291_997


def test_what_a_total_leaves_out_is_said_however_its_name_was_written(own):
    partial = own[own["note"].str.contains("not in this table")].xs(US_TRACKED, level="port").reset_index()
    row = partial[partial["period_kind"] == "month"].iloc[0]
    found = containers.teu(own, "".join(list(US_TRACKED)), row["direction"], row["period"])
    assert f"coverage: {row['note']}" in found.caveats
