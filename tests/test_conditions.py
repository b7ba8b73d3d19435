"""Conditions of `data show --where`: rows are chosen by comparisons, and nothing that a condition says is run."""

from __future__ import annotations

import pytest
from conftest import PROJECT, cityresearch
from hypothesis import given, settings
from hypothesis import strategies as st

from cityresearch.datasets import dataset, load
from cityresearch.datasets.conditions import chosen
from cityresearch.errors import ParameterError


@pytest.fixture(scope="module")
def metros():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CITYRESEARCH_ROOT", str(PROJECT))
        yield load("metro_exports").reset_index()


def choose(frame, where: str, name: str = "metro_exports"):
    return chosen(frame, dataset(name), where)


GOOD = {
    "state == 'CA' and year == 2023": lambda f: (f["state"] == "CA") & (f["year"] == 2023),
    "year in (2022, 2023)": lambda f: f["year"].isin([2022, 2023]),
    "year not in [2022]": lambda f: f["year"] != 2022,
    "not (year < 2020) or kind != 'metro'": lambda f: (f["year"] >= 2020) | (f["kind"] != "metro"),
    "2010 <= year < 2012": lambda f: f["year"].isin([2010, 2011]),
    "2020 > year": lambda f: f["year"] < 2020,
    "'CA' == state": lambda f: f["state"] == "CA",
    "state == ''": lambda f: f["state"].isna(),
    "state is not None": lambda f: f["state"].notna(),
    "state != 'CA'": lambda f: f["state"].fillna("") != "CA",
    "value_usd > 1e10": lambda f: f["value_usd"] > 1e10,
    "value_usd >= -5": lambda f: f["value_usd"] >= 0,
    "year in ()": lambda f: f["year"] < 0,
    "value_usd > 10 and\n year == 2023": lambda f: f["year"] == 2023,
    "not " * 400 + "year == 2023": lambda f: f["year"] == 2023,
    "year == " + "9" * 1900: lambda f: f["year"] < 0,
    f"value_usd < {10**30}": lambda f: f["value_usd"] >= 0,
}


@pytest.mark.parametrize("where", GOOD)
def test_a_condition_chooses_the_rows_that_it_says(where, metros):
    found = choose(metros, where)
    assert list(found.index) == list(metros[GOOD[where](metros)].index)


def test_a_boolean_column_is_compared_with_true_and_may_stand_alone():
    frame = load("sources").reset_index()
    for where in ("official", "official == True", "official == true", "official != False and official != ''"):
        assert len(choose(frame, where, "sources")) == (frame["official"] == True).sum(), where  # noqa: E712
    with pytest.raises(ParameterError, match="expected True or False"):
        choose(frame, "official == 'yes'", "sources")


CODE = (
    "__import__('os').system('touch PWNED')", "@open('PWNED', 'w')", "state.str.contains('C')", "state.__class__ == 'x'",
    "[x for x in (1, 2)] == 1", "(lambda: 1)() == 1", "f'{state}' == 'CA'", "(y := 2023) == year", "year == 9**9**9", "year + 1 == 2024",
    "`state` == 'CA'", "state[0] == 'C'", "year == len('abc')", "state == {'a': 1}", "year == (2022, 2023)", "print", "2023", "'x' == 'x'",
    "state == b'CA'", "year == 1j", "state == ...", "year == state", "year == 2023 if state == 'CA' else 1", "yield year", "await year",
    "*state", "state in 'CA'", "'A' in state", "state == 'CA'; import os", "import os", "(" * 500 + "1", "year == 1 and " * 400 + "year == 1", "state == 'CA' & year == 2023", "~(year == 1)", "year == '2023'", "state == 6",
    "stat == 'CA'", "state == CA", "year == True", "state > ''", "year is 2023", "year == 'x\0'", "state == 'CA", "year ==", "lookup", "== 2023",
)  # fmt: skip


@pytest.mark.parametrize("where", CODE)
def test_anything_else_is_one_sentence_that_names_the_columns_and_runs_nothing(where, metros, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParameterError) as error:
        choose(metros, where)
    message = str(error.value)
    assert "\n" not in message and len(message) < 800
    assert "the columns are cbsa_title, year, value_usd" in message
    assert not list(tmp_path.iterdir())


def test_a_number_for_text_is_refused_since_no_row_would_be_an_answer_too(metros):
    with pytest.raises(ParameterError, match="found 6 for state, expected text between quotation marks"):
        choose(metros, "state == 6")
    with pytest.raises(ParameterError, match="text needs quotation marks: 'CA'"):
        choose(metros, "state == CA")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("abyear =<>!'\"()[]{},.:@`0123456789&|~+-*/%^\\\n\tnotandorinis"), max_size=60))
def test_any_text_is_a_condition_or_one_sentence(text):
    frame = load("metro_sets").reset_index()
    try:
        choose(frame, text, "metro_sets")
    except ParameterError as error:
        assert "\n" not in str(error)


def test_the_command_refuses_code_with_exit_code_2(tmp_path):
    result = cityresearch("data", "show", "metro_sets", "--where", f"@pd.io.common.os.system('touch {tmp_path}/x')")
    assert result.returncode == 2 and result.stderr.startswith("Error: --where")
    assert not list(tmp_path.iterdir())
    good = cityresearch("data", "show", "metro_exports", "--where", "state == 'CA' and year == 2023")
    assert good.returncode == 0 and "Rows: " in good.stdout
