"""States: postal codes and names, and the states that a metro's title names."""

from __future__ import annotations

from cityresearch.errors import ParameterError
from cityresearch.suggestions import nearest

__all__ = ["STATE_CODES", "STATE_NAMES", "short_metro", "state_in_words", "state_name", "states_in_title"]

STATE_NAMES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VI": "US Virgin Islands", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
STATE_CODES = {name: code for code, name in STATE_NAMES.items()}


def state_name(code: str) -> str:
    """Return the name of a state from its postal code.

    Raises
    ------
    ParameterError
        If no state has that code.

    Examples
    --------
    >>> state_name("CA")
    'California'
    """
    try:
        return STATE_NAMES[code]
    except (KeyError, TypeError):
        meant = STATE_CODES.get(nearest(code, STATE_CODES), "") if len(str(code)) > 2 else str(code).upper()
        hint = f"did you mean {meant}?" if meant in STATE_NAMES else "use two capital letters such as CA or TX."
        raise ParameterError(f"No state has the postal code {code!r}: {hint}") from None


def state_in_words(code: str) -> str:
    """Return a state's name as it is written inside a sentence.

    Raises
    ------
    ParameterError
        As `state_name`.

    Examples
    --------
    >>> state_in_words("TX"), state_in_words("DC")
    ('Texas', 'the District of Columbia')
    """
    return f"the {state_name(code)}" if code in ("DC", "VI") else state_name(code)


def states_in_title(title: str) -> tuple[str, ...]:
    """Return the postal codes at the end of a metro's title, in the title's order.

    Examples
    --------
    >>> states_in_title("Kansas City, MO-KS"), states_in_title("Z-Unknown")
    (('MO', 'KS'), ())
    """
    _, comma, codes = title.rpartition(", ")
    return tuple(codes.split("-")) if comma else ()


def short_metro(title: str) -> str:
    """Return the part of a metro's title before the states.

    Examples
    --------
    >>> short_metro("Los Angeles-Long Beach-Anaheim, CA")
    'Los Angeles-Long Beach-Anaheim'
    """
    return title.rpartition(", ")[0] or title
