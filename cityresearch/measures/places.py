"""Which metropolitan area a person means: by its title, a city in it, a part of its name, or its CBSA code.

Whatever is not a metropolitan area of our lists is told so in one true sentence: a county (with its area), a state, a micropolitan area.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cityresearch.datasets.load import load, reading_key
from cityresearch.errors import ParameterError
from cityresearch.geography import STATE_CODES, STATE_NAMES, short_metro, state_in_words, states_in_title
from cityresearch.phrases import listed
from cityresearch.suggestions import hint, nearest

__all__ = ["Place", "find_place"]

_COUNTY = re.compile(
    r"^(?P<name>.+?)\s+(?:county|parish|borough|municipio|census area)\b,?\s*(?P<state>.*)$", re.IGNORECASE
)
_SMALLER = re.compile(r"\bmicro(politan)?\b", re.IGNORECASE)
_ENDING = re.compile(r"\s*\b(?:metro(?:politan)?(?:\s+(?:statistical\s+)?area)?|msa|cbsa)\s*$", re.IGNORECASE)
_MOST = 6  # areas that an error names
_SERIES = "the export series has metropolitan areas only"


@dataclass(frozen=True, slots=True)
class Place:
    """A metropolitan area: its CBSA code, its latest title in the export series, and all its titles in our tables."""

    code: str
    title: str
    titles: tuple[str, ...]


def find_place(text: str) -> Place:
    """Return the metropolitan area that a text means.

    Parameters
    ----------
    text : str
        A title of any year, a city in a title with or without its state, whole words of a title, or a code of five digits. Capital
        letters, accents, and hyphens do not matter.

    Raises
    ------
    ParameterError
        With one sentence, if no metropolitan area is meant or several are.

    Examples
    --------
    >>> find_place("Houston").title, find_place("honolulu").code, find_place("Portland, ME").title
    ('Houston-Pasadena-The Woodlands, TX', '46520', 'Portland-South Portland, ME')
    """
    if not isinstance(text, str) or not text.strip():
        raise ParameterError(f"A place is a name or a code of five digits, such as Houston or 26420, found {text!r}.")
    known = _places(*reading_key("metro_titles"), *reading_key("metro_exports"))
    asked = _ENDING.sub("", " ".join(text.split())) or text
    codes = _codes(asked, known)
    if len(codes) == 1:
        return known[codes[0]]
    if codes:
        shown = "; ".join(known[code].title for code in codes[:_MOST]) + "; ..." * (len(codes) > _MOST)
        raise ParameterError(
            f"{text!r} fits {len(codes)} metropolitan areas ({shown}): add the state, or give the CBSA code."
        )
    raise ParameterError(_not_a_metro(text, asked, known))


@lru_cache(maxsize=2)
def _places(*_key: object) -> dict[str, Place]:
    """Return every area of the export series by its code, the largest exporter of its latest year first."""
    codes = load("metro_titles")["cbsa_code"].dropna()
    rows = load("metro_exports").reset_index()
    rows = rows[rows["kind"] == "metro"].sort_values(["year", "value_usd"], ascending=False, kind="stable")
    latest = rows.assign(code=rows["cbsa_title"].map(codes)).dropna(subset=["code"]).drop_duplicates("code")
    titles: dict[str, list[str]] = {}
    for title, code in codes.items():
        titles.setdefault(str(code), []).append(str(title))
    return {row.code: Place(row.code, row.cbsa_title, tuple(titles[row.code])) for row in latest.itertuples()}


def _codes(asked: str, known: dict[str, Place]) -> list[str]:
    """Return the codes of the areas that a text fits, by the first rule that any area fits."""
    if re.fullmatch(r"\d{5}", asked):
        return [asked] if asked in known else []
    wanted, states = _split(asked)
    if not wanted:
        return []
    exact = [code for code, place in known.items() if _plain(asked) in {_plain(title) for title in place.titles}]
    if exact:
        return exact
    for every in (False, True):  # the latest title of an area first
        for fits in (_names_city, _begins, _holds_words):
            found = [
                code
                for code, place in known.items()
                for titles in [place.titles if every else (place.title,)]
                if any(fits(wanted, t) and states <= set(states_in_title(t)) for t in titles)
            ]
            if found:
                return found
    return []


def _names_city(wanted: str, title: str) -> bool:
    return any(_plain(city) == wanted for city in re.split(r"-+|/", short_metro(title)))


def _begins(wanted: str, title: str) -> bool:
    return f"{_plain(short_metro(title))} ".startswith(f"{wanted} ")


def _holds_words(wanted: str, title: str) -> bool:
    return f" {wanted} " in f" {_plain(short_metro(title))} "


def _split(asked: str) -> tuple[str, set[str]]:
    """Return a name in plain letters and the postal codes after its comma or at its end."""
    name, comma, rest = asked.rpartition(",")
    codes = {_state(part) for part in re.split(r"[-/]", rest)} if comma else set()
    if codes and "" not in codes:
        return _plain(name), codes
    head, _, last = asked.rpartition(" ")
    if head and last in STATE_NAMES:
        return _plain(head), {last}
    return _plain(asked), set()


def _state(text: str) -> str:
    """Return the postal code of a state by its code or name; empty if it is neither."""
    text = text.strip()
    by_name = {_plain(name): code for name, code in STATE_CODES.items()}
    letters = text.upper().replace(".", "")
    return letters if letters in STATE_NAMES else by_name.get(_plain(text), "")


def _plain(text: str) -> str:
    """Return a text in lower case without accents, with one space between words."""
    letters = unicodedata.normalize("NFKD", text)
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in letters if not unicodedata.combining(c)).casefold()))


def _not_a_metro(text: str, asked: str, known: dict[str, Place]) -> str:
    if re.fullmatch(r"\d{5}", asked):
        return (
            f"No metropolitan area in our lists has the CBSA code {asked}; micropolitan areas and counties have codes of "
            f"five digits too, and {_SERIES}."
        )
    if state := _state(asked):
        own = [place.title for place in known.values() if state in states_in_title(place.title)]
        whole = f"{text!r} is the whole of {state_in_words(state)}"
        if len(own) == 1:
            return f"{whole}: its metropolitan area is {own[0]}."
        return f"{whole}: choose one of its {len(own)} metropolitan areas, such as {'; '.join(own[:3])}."
    if _SMALLER.search(asked):
        return f"{text!r} is a micropolitan area, and {_SERIES}: its goods exports are only in the remainder of the series."
    if county := _county(asked, known):
        return county
    _, states = _split(asked)
    titles = [place.title for place in known.values() if states <= set(states_in_title(place.title))]
    otherwise = f"if it is a micropolitan area or lies outside of any area, our tables do not cover it, since {_SERIES}"
    return f"No metropolitan area in our lists is called {text!r}{hint(asked, titles, otherwise)}"


def _county(asked: str, known: dict[str, Place]) -> str:
    """Return a sentence on the county of that name, and the area that it is in; empty if there is none."""
    from cityresearch.datasets.county_outlines import county_outlines

    named = _COUNTY.match(asked)
    wanted, states = _split(
        f"{named['name']}, {named['state']}" if named and named["state"] else named["name"] if named else asked
    )
    names = {STATE_NAMES[code] for code in states}
    found = [c for c in county_outlines().values() if _plain(c.name) == wanted and (not names or c.state in names)]
    if not found:
        return ""
    word = asked if named else f"{asked} County"
    if len(found) > 1:
        of = listed(sorted(county.state for county in found)[:_MOST])
        more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
        return f"{word!r} is the name of {len(found)} counties ({of}{more}), and our tables are by metropolitan area: name the area."
    county, rows = found[0], load("metro_counties").reset_index()
    said = f"{county.name}, {county.state} is a county or its equivalent, and our tables are by metropolitan area"
    for year in sorted(set(rows["delineation"]), reverse=True):
        inside = rows[(rows["delineation"] == year) & (rows["county_fips"] == county.fips)]["cbsa_code"]
        areas = [known[code].title for code in inside if code in known]
        if areas:
            return f"{said}: in the list of {year} it is in {listed(areas)}."
    said = f"{said}; no list in our data has it in a metropolitan area, so no table in our data covers it"
    if named:
        return f"{said}."
    near = nearest(asked, [place.title for place in known.values()])
    return (
        f"{said}: did you mean {near}?"
        if near
        else f"{said}, nor a city of that name outside of the metropolitan areas."
    )
