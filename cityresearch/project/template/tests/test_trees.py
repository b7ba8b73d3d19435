"""The calculations of chapter 01."""

import trees

import cityresearch as cr


def test_a_total_adds_the_districts_of_one_year():
    assert int(trees.total(cr.load("street_trees"), 2024)) == 1461 + 1333 + 1391


def test_a_year_without_a_count_is_missing_and_not_zero():
    assert "1999" in trees.total(cr.load("street_trees"), 1999).reason
