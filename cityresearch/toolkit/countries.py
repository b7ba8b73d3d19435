"""Countries by the names that people write: those of Unicode's list, the usual other names, and what was probably meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import lru_cache

__all__ = ["known", "meant", "named"]

# other names in use, and the code of Unicode's list that they mean
OTHER_NAMES = {
    "america": "US", "u s": "US", "u s a": "US", "usa": "US", "united states of america": "US", "the netherlands": "NL", "holland": "NL",
    "uk": "GB", "u k": "GB", "great britain": "GB", "hong kong": "HK", "macao": "MO", "macau": "MO", "turkey": "TR", "czech republic": "CZ",
    "burma": "MM", "myanmar": "MM", "ivory coast": "CI", "republic of korea": "KR", "korea south": "KR", "viet nam": "VN",
    "russian federation": "RU", "people s republic of china": "CN", "pr china": "CN", "mainland china": "CN", "swaziland": "SZ",
    "macedonia": "MK", "cabo verde": "CV", "east timor": "TL", "dr congo": "CD", "democratic republic of the congo": "CD",
    "republic of the congo": "CG", "palestine": "PS", "vatican": "VA", "holy see": "VA", "uae": "AE", "the philippines": "PH",
    "the bahamas": "BS", "the gambia": "GM", "republic of ireland": "IE", "s korea": "KR", "n korea": "KP", "brasil": "BR", "deutschland": "DE", "espana": "ES",
}  # fmt: skip
# names of a part or of several countries, and what to write
PARTS = {
    "england": "United Kingdom", "scotland": "United Kingdom", "wales": "United Kingdom", "northern ireland": "United Kingdom",
    "korea": "South Korea", "congo": "DR Congo or Republic of the Congo", "bavaria": "Germany", "catalonia": "Spain",
    "quebec": "Canada", "ontario": "Canada",
}  # fmt: skip
NO_COUNTRY = ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")
ALIKE = 0.78  # below this, Wakanda would be taken for Rwanda
SHORT = {"HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar"}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return the name of each country by every plain form that means it."""
    from babel import Locale

    listed = {
        code: SHORT.get(code, str(name))
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
    }
    found = {_plain(name): name for name in listed.values()}
    return found | {plain: listed[code] for plain, code in OTHER_NAMES.items()}


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("St.", "Saint "))
    letters = "".join(c for c in bare if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"[^\W\d_]+", letters.replace("saint", "st")))


def known() -> tuple[str, ...]:
    """Return the names of all countries, in the order of the alphabet."""
    return tuple(sorted(set(_names().values())))


def named(text: str) -> str:
    """Return a country's name as our list has it, whatever its case, accents and marks; nothing if the text means none.

    Examples
    --------
    >>> named("cote d'ivoire"), named("UK"), named("Atlantis")
    ('Côte d’Ivoire', 'United Kingdom', '')
    """
    return _names().get(_plain(text), "")


def meant(text: str) -> str:
    """Return the country that an unknown name most probably means, or nothing.

    Examples
    --------
    >>> meant("Germny"), meant("Scotland"), meant("Atlantis")
    ('Germany', 'United Kingdom', '')
    """
    plain = _plain(text)
    close = difflib.get_close_matches(plain, _names(), n=1, cutoff=ALIKE)
    return PARTS.get(plain, "") or (_names()[close[0]] if close else "")
