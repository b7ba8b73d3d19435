"""`sources`: which sources tables, quantities and lists of them rest on."""

import pandas as pd
import pytest

import cityresearch as cr
from cityresearch.errors import ParameterError
from cityresearch.measures.cited import sources


def test_sources_come_once_each_in_the_order_of_their_first_appearance():
    table = pd.DataFrame({"value": [1, 2, 3], "source_id": ["b", "a;c", None]})
    quantity = cr.Quantity(1, "USD", sources=("c", "d"))
    assert sources(table, quantity, "e;a") == ("b", "a", "c", "d", "e")


@pytest.mark.parametrize(
    "thing",
    [
        pd.DataFrame({"value": [1, 2], "source_id": ["a", "b"]}).set_index("source_id"),
        pd.DataFrame({"sources": [("a",), ("b", "a")]}),
        pd.Series(["a", "b", "a"]),
        {"one": cr.Quantity(1, sources=("a",)), "two": cr.Missing("not published", ("b",))},
        (source for source in ("a", "b")),
        [["a"], None, cr.Fact(True, ("b",))],
    ],
    ids=["index", "lists in cells", "column", "mapping", "generator", "nested"],
)
def test_sources_are_found_wherever_a_notebook_keeps_them(thing):
    assert sources(thing) == ("a", "b")


def test_nothing_has_no_sources():
    assert sources() == sources([], cr.Missing("not published")) == ()


def test_what_cannot_have_sources_is_refused():
    with pytest.raises(ParameterError, match=r"141 has no sources: give quantities, tables with a column source_id"):
        sources(141)
    with pytest.raises(
        ParameterError, match="The table has no column source_id or sources, only value: keep one of them"
    ):
        sources(pd.DataFrame({"value": [1]}))
