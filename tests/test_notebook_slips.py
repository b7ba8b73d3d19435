"""Slips of the pen in a notebook: each is one sentence that says what was found and what to write instead."""

from __future__ import annotations

import ast
import importlib
import inspect
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import PROJECT
from runner import run, write

import cityresearch as cr
from cityresearch import recording
from cityresearch.arguments import PERIODS, YEARS
from cityresearch.claims.reading import read
from cityresearch.errors import CityResearchError, ClaimError, DataError, MixedBasisError, ParameterError
from cityresearch.measures import containers
from cityresearch.measures import exports as measured
from cityresearch.notebook import _readings
from cityresearch.numbers.quantity import together
from cityresearch.suggestions import nearest

LOS_ANGELES = "Los Angeles-Long Beach-Anaheim, CA"
HOUSTON = "Houston-Pasadena-The Woodlands, TX"
PACKAGE = PROJECT / "cityresearch"
MEASURES = sorted(
    ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    for folder in ("measures", "chapters")
    for path in (PACKAGE / folder).rglob("[a-z]*.py")
    if "__all__" in path.read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def exports() -> pd.DataFrame:
    return cr.load("metro_exports")


def sentence(call, error=CityResearchError) -> str:
    with pytest.raises(error) as raised:
        call()
    text = str(raised.value)
    assert "\n" not in text
    return text


def usd(value: object, **more: str) -> cr.Quantity:
    return cr.Quantity(value, "USD", **more)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: cr.check("c027", {"a": usd(1)}), "no claim 'c027': did you mean C027?"),
        (lambda: cr.check("C27", {"a": usd(1)}), "did you mean C027?"),
        (lambda: cr.check(27, {"a": usd(1)}), "no claim 27: cityresearch claims lists them"),
        (lambda: cr.check("C027", 141e9), "readings as a mapping of names to values"),
        (lambda: cr.check("C027", [usd(141e9)]), "readings as a mapping"),
        (lambda: cr.check("C027", {}), "needs at least one reading"),
        (lambda: cr.check("C027", {2023: usd(1)}), "a reading needs a name"),
        (lambda: cr.check("C027", {"a": usd(1)}, basis="dta"), "basis 'dta': did you mean data?"),
        (lambda: cr.check("C027", {"a": usd(1)}, basis=None), "basis None: use data or source or arithmetic or text."),
        (lambda: cr.check("C027", {"a": cr.Quantity(141e9)}), "has no unit: write cr.Quantity(value, 'USD')"),
        (lambda: cr.check("C027", {"a": cr.as_printed(cr.Quantity(141e9))}), "has no unit"),
        (lambda: cr.check("C027", {"a": None}), "reading 'a': has no value (None): say why with cr.missing"),
        (lambda: cr.check("C027", {"a": math.nan}), "reading 'a': has no value (nan)"),
        (lambda: cr.check("C027", {"a": np.float64("nan")}), "has no value"),
        (lambda: cr.check("C027", {"a": pd.NA}), "has no value (<NA>)"),
        (lambda: cr.check("C027", {"a": cr.as_printed(None)}), "has no value"),
        (lambda: cr.check("C027", {"a": "141e9"}), "must be a number, a cr.Quantity or cr.missing(...), found '141e9'"),
        (lambda: cr.check("C027", {"a": pd.Series([1.0, 2.0])}), "must be a number"),
        (lambda: cr.check("C027", {"a": math.inf}), "must be a finite number, found inf"),
        (lambda: cr.check("C027", {"a": 1j}), "must be a finite number"),
        (lambda: cr.check_the_rest("3-ports"), "did you mean 03-ports?"),
        (lambda: cr.check_the_rest("03_ports"), "did you mean 03-ports?"),
        (lambda: cr.check_the_rest("zzz"), "the chapters are "),
        (lambda: cr.result("", 1), "A result needs a name"),
        (lambda: cr.result("x", None), "The result 'x' has no value (None)"),
        (lambda: cr.result("x", "12"), "The result 'x' must be a number"),
        (lambda: cr.result("x", True), "The result 'x' must be a number"),
        (lambda: cr.result("x", math.nan), "The result 'x' has no value (nan)"),
        (lambda: cr.show(None, "Figure 1"), "found 'Figure 1': use 'figure-1'."),
        (lambda: cr.show(None, 7), "lower case letters, digits and hyphens, found '7'"),
        (lambda: cr.show(pd.DataFrame(), "a"), "cr.show takes a chart and then its name"),
        (lambda: cr.show("a-name", None), "found 'a-name' as the chart"),
        (lambda: cr.load("metro exports"), "did you mean metro_exports?"),
        (lambda: cr.load("Metro_Exports.csv"), "did you mean metro_exports?"),
        (lambda: cr.load(["metro_exports"]), "No dataset is called ['metro_exports']: there are "),
        (lambda: cr.share(5, usd(1)), "share divides a Quantity by a Quantity, found 5 as the part"),
        (lambda: cr.share(usd(1), usd(0)), "the whole is zero"),
        (lambda: cr.share(usd(1), usd(2), across=["bases"]), "across names 'bases': did you mean basis?"),
        (lambda: together(usd(1), 5), "together adds up quantities, found 5"),
    ],
)  # fmt: skip
def test_a_slip_in_what_notebooks_call_is_one_sentence(call, said):
    assert said in sentence(call)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"year": "2023"}, ParameterError, "year must be a year as a number, such as 2023, found the text '2023'."),
        ({"year": None}, ParameterError, "year must be a year as a number, such as 2023, found None."),
        ({"year": math.nan}, ParameterError, "found nan"),
        ({"year": 2023.5}, ParameterError, "found 2023.5"),
        ({"year": -2023}, ParameterError, "found -2023"),
        ({"year": True}, ParameterError, "found True"),
        ({"state": "California"}, ParameterError, "postal code 'California': did you mean CA?"),
        ({"state": "ca"}, ParameterError, "postal code 'ca': did you mean CA?"),
        ({"state": "ZZ"}, ParameterError, "use two capital letters such as CA or TX"),
        ({"state": None}, ParameterError, "state must be a postal code such as 'CA', found None."),
        ({"n": "5"}, ParameterError, "n must be a whole number, found the text '5'."),
        ({"n": 2.5}, ParameterError, "n must be a whole number, found 2.5."),
        ({"n": 0}, ParameterError, "at least 1, found 0"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_refused_and_not_answered_with_none_in_the_data(exports, arguments, error, said):
    given = {"state": "CA", "year": 2023, "n": 5} | arguments
    assert said in sentence(lambda: measured.total_of_largest(exports, **given), error)


def test_a_name_in_place_of_a_table_says_how_to_load_it():
    text = sentence(lambda: measured.total_of_all("metro_exports", state="CA", year=2023), DataError)
    assert "pass cr.load('metro_exports')" in text


@pytest.mark.parametrize("year", [2023.0, np.int64(2023), np.float64(2023)])
def test_a_whole_year_of_any_kind_of_number_is_that_year(exports, year):
    found = measured.metro_value(exports, LOS_ANGELES, year)
    assert (int(found), found.period) == (59_561_594_613, "2023")


def test_a_year_as_number_finds_a_period_that_is_stored_as_text():
    counts = cr.load("port_containers")
    assert containers.teu(counts, "Los Angeles", "total", 2023) == containers.teu(
        counts, "Los Angeles", "total", "2023"
    )


def test_an_unknown_metro_gets_the_full_title_of_one_that_has_a_value(exports):
    assert f"did you mean {LOS_ANGELES}?" in measured.metro_value(exports, "Los Angeles", 2023).reason
    assert "did you mean" not in measured.metro_value(exports, LOS_ANGELES, 2024).reason
    gone = exports.drop((LOS_ANGELES, 2023))
    assert measured.metro_value(gone, LOS_ANGELES, 2023).reason.endswith("no value under this title")


def test_fewer_metros_than_asked_for_is_not_called_none(exports):
    reason = measured.total_of_largest(exports, state="WY", year=2022, n=5).reason
    assert reason == "metro values of Wyoming for 2022: 2 in the data, fewer than the 5 that are added up"


def test_numbers_of_numpy_and_its_truth_are_readings():
    item = cr.claim("C027")
    (one,) = read(item, _readings(item, {"a": np.float64(141e9)}))
    assert one.value == 141_000_000_000
    plain = next(c for c in (cr.claim(f"C{n:03d}") for n in range(1, 100)) if not c.is_numeric)
    (two,) = read(plain, _readings(plain, {"a": cr.as_printed(np.bool_(True))}))
    assert (two.value, two.as_printed) == (True, True)


def test_a_count_needs_no_unit():
    item = cr.claim("E043")
    assert item.unit == "count"
    assert set(_readings(item, {"a": cr.Quantity(5)})) == {"a"}


def test_a_share_names_every_difference_at_once_with_a_remedy_that_works():
    part = cr.Quantity(1, "USD", period="2023", basis="zip_based", vintage="revised")
    whole = cr.Quantity(4, "TEU", period="2024", basis="state_based", vintage="revised")
    text = sentence(lambda: cr.share(part, whole, across=["basis"]), MixedBasisError)
    assert "their unit differs (USD over TEU), their period differs (2023 over 2024)" in text
    assert "pass across=['basis', 'unit', 'period']" in text
    assert int(cr.share(part, whole, across=["basis", "unit", "period"])) == 25
    added = sentence(lambda: together(part, whole), MixedBasisError)
    assert all(word in added for word in ("basis", "unit", "period"))


@pytest.mark.parametrize(
    ("text", "known", "found"),
    [
        ("Los Angeles", ["Los Alamos, NM", LOS_ANGELES], LOS_ANGELES),
        ("c027", ["M027", "C027"], "C027"),
        ("yaer", ["state", "year"], "year"),
        ("Huston, TX", ["Hudson, NY", HOUSTON, "Tucson, AZ"], HOUSTON),
        ("Huston", ["Hudson City, NY", HOUSTON], HOUSTON),
        ("Pasadena, TX", [LOS_ANGELES, HOUSTON], HOUSTON),
        ("Austin, TX", ["Abilene, TX", "Austin-Round Rock-San Marcos, TX"], "Austin-Round Rock-San Marcos, TX"),
        ("Ukiah, CA", ["Utica-Rome, NY", "Yuba City, CA"], ""),
        ("", ["a"], ""),
        ("qqq", ["a", "b"], ""),
    ],
)
def test_the_nearest_name_is_what_a_person_meant(text, known, found):
    assert nearest(text, known) == found


@pytest.mark.parametrize("module", MEASURES)
def test_a_measure_lists_its_own_public_names(module):
    source = (PROJECT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    own = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            own |= {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    public = {name for name in own if not name.startswith("_")}
    assert set(importlib.import_module(module).__all__) == public


def test_a_cell_that_runs_again_replaces_its_record_and_another_cell_is_refused(monkeypatch):
    monkeypatch.setattr(recording, "_recorded", {"claim": {}, "figure": {}, "result": {}})
    running = iter(
        [recording._Cell("a", 1), recording._Cell("a", 2), recording._Cell("b", 3), recording._Cell("a", 4)]
        + [None] * 2
    )
    monkeypatch.setattr(recording, "_running", lambda: next(running))
    recording.record("result", "x")
    recording.record("result", "x")
    with pytest.raises(ClaimError, match=r"The result 'x' is recorded twice, in cells \[2\] and \[3\]: keep one"):
        recording.record("result", "x")
    recording.record("result", "x")
    # outside of a notebook nothing is kept that could collide
    recording.record("claim", "C027")
    recording.record("claim", "C027")
    assert (recording.recorded("result"), recording.recorded("claim")) == (("x",), ("C027",))


CELLS = (
    "import sys\nimport cityresearch as cr\nfrom cityresearch import recording\nheard = []\n"
    "sys.addaudithook(lambda event, said: heard.append(said) if event == 'cityresearch.recorded' else None)",
    "%%capture\ncr.check('C027', {'a': cr.Quantity(141e9, 'USD')})\ncr.result('one', 1)",
    "from IPython.display import clear_output\ncr.count_if(False)\ncr.check('C028', {'a': cr.missing('x')})\n"
    "cr.result('two', 2)\nclear_output()",
    "assert recording.recorded('claim') == ('C027',) and recording.recorded('figure') == ()\n"
    "assert recording.recorded('result') == ('one', 'two')\n"
    "assert heard == [('claim', 'C027'), ('result', 'one'), ('result', 'two')], heard",
    "cr.result('one', 3)",
)


def test_records_outlive_a_captured_or_cleared_output_and_a_second_cell_is_refused(tmp_path: Path):
    write(tmp_path, "n", *CELLS)
    code = "tell(plain(pool.run_all([Job(Path('n.ipynb'), Path('out/n.ipynb'))])))"
    (outcome,) = run(code, tmp_path, CITYRESEARCH_ROOT=str(PROJECT))
    assert (
        "failed in code cell 5, line 1: ClaimError: The result 'one' is recorded twice, in cells [2] and [5]"
        in (outcome["message"])
    )


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_that_takes_a_year_or_a_state_checks_it(name):
    module = importlib.import_module(name)
    unchecked = []
    for function in (getattr(module, public) for public in module.__all__):
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            parameters = inspect.signature(function).parameters.values()
            kinds = {p.name: str(p.annotation).partition(" | ")[0] for p in parameters}
            asks = any(kinds.get(n) == "int" for n in YEARS) or any(kinds.get(n) == "str" for n in (*PERIODS, "state"))
            asks = asks and function.__name__ != "month_name"  # takes a month as a word and as a number
            unchecked += [function.__name__] if asks and not hasattr(function, "__wrapped__") else []
    assert unchecked == []
