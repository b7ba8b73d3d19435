"""Mentions: every number, date, rank and share that a sentence prints, found by rule, with what its digits and its wording say.

The rules are for English. They lean to the side of finding too much: what is no claim a person marks once. Not counted are the word "one"
alone, numbers in names (G20, Route 66, Section 301, COVID-19), of figures, tables, notes and pages, list numbers, telephone numbers, postal
addresses and codes, times of day, and addresses of the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cityresearch.numbers.intervals import exact
from cityresearch.texts.dates import DATE, date_of
from cityresearch.texts.number_words import CARDINAL, FRACTIONS, ORDINAL, ORDINALS, SCALES, VAGUE, cardinal

__all__ = ["KINDS", "Mention", "mentions"]

KINDS = ("number", "date", "rank", "share", "vague")


@dataclass(frozen=True, slots=True)
class Mention:
    """One number of a sentence: as printed, where, and what a claim on it would have; value and precision are None where no digit tells.

    `kind` is number, date, rank (ordinals and superlatives), share (parts and multiples in words) or vague (thousands).
    """

    kind: str
    text: str
    start: int
    value: Fraction | None = None
    precision: Fraction | None = None
    unit: str = ""
    relation: str = "eq"
    period: str = ""


DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
SHORT = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12, "t": 10**12}
SCALE = r"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|dozen)\b|\s?(?P<short>k|K|m|mn|M|bn|b|B|tn|T)(?![\w]))"
CURRENCY = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "NZ$": "NZD",
}
SIGN = r"(?P<sign>US\$|CA\$|NZ\$|C\$|A\$|\$|€|£|¥)\s?"
PERCENT = r"(?P<percent>\s?%|[\s-]?per\s?cent(?:age)?(?:[\s-]points?)?\b)"
NUMBER = re.compile(
    rf"(?<![\w.,/$€£¥])(?P<minus>-)?(?:{SIGN})?(?P<digits>{DIGITS}|\b{CARDINAL}\b)(?:{SCALE})?(?P<more>\+)?"
    rf"(?:{PERCENT}|\s(?P<money>dollars|euros|pounds)\b)?(?![\d]|\.\d|,\d{{3}}|/\d)",
    re.IGNORECASE,
)
RANGE = re.compile(
    rf"(?<![\w.,/])(?P<low>(?:{SIGN})?{DIGITS}(?:\s(?:thousand|million|billion|trillion))?%?)(?P<between>\s?[–—-]\s?|\s(?:to|and)\s)(?P<high>(?:US\$|CA\$|C\$|\$|€|£|¥)?{DIGITS}(?:{SCALE})?{PERCENT}?)"
    r"(?![\d]|\.\d|,\d{3}|-\d)",
    re.IGNORECASE,
)
RANK = re.compile(
    rf"\b(?:no\.\s?|number\s|#)(?P<number>\d{{1,3}}|one|two|three)\b|\b(?P<digits>\d{{1,3}})(?:st|nd|rd|th)\b|\btop[\s-](?P<top>\d+|{CARDINAL})\b"
    rf"|\b(?P<word>{ORDINAL})\b(?!\s+(?:quarter|half)\b)",
    re.IGNORECASE,
)
BEST = (
    "largest|biggest|smallest|highest|lowest|fastest|slowest|busiest|richest|poorest|oldest|youngest|newest|longest|shortest|greatest|strongest|"
    "weakest|cheapest|closest|deepest|widest|tallest|heaviest|hottest|hardest"
)
SUPERLATIVE = re.compile(
    rf"(?<!-)\b(?:{BEST})\b|(?:\bthe|\bits|\btheir|'s|’s)\s(?P<most>(?:most|least)\s[a-z]+|(?:best|worst|newest|latest|earliest)\b(?![-\s]practices?))|\b(?:the|its)\s(?P<only>only|sole)\s"
    r"|\b(?P<record>all-time|record[- ](?:high|low|breaking|setting)|number[- ]one)\b",
    re.IGNORECASE,
)
SHARE = re.compile(
    rf"\b(?P<n>{CARDINAL}|one|\d+)\s(?:in|of|out\sof)\s(?:every\s)?(?P<of>\d+|two|three|four|five|six|eight|ten|twenty)\b(?=\s[a-z])"
    r"|\b(?:(?P<parts>an?|one|two|three|four|five|nine)[\s-](?P<part>third|quarter|fourth|fifth|sixth|eighth|tenth)s?)\b(?!\s+(?:of\s+)?(?:19|20)\d\d)"
    r"|\b(?P<half>half)\b(?!\s+an?\s)|\b(?P<times>twice|thrice)\b|\b(?P<fold>doubl|tripl|quadrupl|halv)(?:e|es|ed|ing)\b(?!\s+down\b)|\b(?P<word>two|three|four|five|ten|\d+)-?fold\b"
    r"|\b(?P<most>majority)\b|\b(?P<mostof>most)\s(?:of\b|[a-z]+s\b)",
    re.IGNORECASE,
)
LENGTH = re.compile(
    r"\ba\s(?P<years>decade|century)\b|\b(?P<long>day|week|month|year|decade|century)-?long\b", re.IGNORECASE
)
VAGUE_WORD = re.compile(rf"\b(?:tens\sof\s|hundreds\sof\s)?(?P<vague>{'|'.join(VAGUE)})\b", re.IGNORECASE)

# what holds a number and is a name, a place in a text, or an address
NO_NUMBER = re.compile(
    r"\b(?:(?i:figures?|fig\.|tables?|annex|appendix|notes?|chapters?|sections?|briefs?|pages?|pp?\.|box|volume|vol\.)|Part|Issue|Article|Title|Route|Highway|"
    r"Interstate|Phase|Tier|Level|Version|Room|Suite|Pier|Terminal|Unit|ISO|Form|Rule|Bill|Resolution|Proposition)\s+[\dIVX]+(?:\.\d+)*(?:[–-]\d+)?(?:(?:,\s|\sand\s)\d+(?:\.\d+)?)*\b"
    r"|\b(?=\w*\d)(?=\w*[A-Za-z])(?!(?:FY|Q)\d|\d+(?:st|nd|rd|th|nm|km|kg|[kmg]wh?|mph|s|k|m|mn|bn|b|tn|t|M|B|K|T|pm|am)\b)\w+(?:-\d+)*\b|\b[A-Z][A-Za-z]*-\d+\b(?!\s?percent)"
    r"|\b(?:[A-Z]{2})\s\d{5}(?:-\d{4})?\b|\+\s?\d[\d\s()-]{7,}|\(\d{3}\)\s?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b"
    r"|\b\d{1,6}\s(?:[A-Z]\w+\s){1,3}(?:Avenue|Ave|Street|St|Road|Rd|Boulevard|Blvd|Drive|Way|Lane|Place|Plaza)\b|\b\d{1,2}(?::\d\d)?\s?(?:a\.?m|p\.?m)\b\.?|\b24/7\b|^\s*(?:[-*•]\s*)?\(?\d{1,3}[.)](?:\s|$)"
    r"|\b(?:Group|Big|Fortune)\s(?:of\s)?(?:\d+|Seven|Twenty|Four|Five)\b|\b(?:DOI|ISBN|doi)\S*\s?\S+",
)
RELATIONS = (
    ("ge", r"at least|no (?:fewer|less) than|a minimum of|minimum of"),
    ("le", r"at most|up to|no more than|a maximum of|as (?:much|many) as"),
    ("gt", r"more than|over|above|exceed(?:s|ed|ing)?|upwards? of|greater than|surpass(?:es|ed|ing)?|in excess of|higher than|well over|older than|beyond"),
    ("lt", r"less than|fewer than|under|below|lower than|within"),
    ("nearly", r"nearly|almost|close to|just under|just below|approaching|not quite"),
    ("approx", r"about|around|roughly|approximately|some|an estimated|estimated(?: at)?|circa|ca\.|~|≈|in the order of"),
)  # fmt: skip
BEFORE = re.compile("|".join(f"(?P<{name}>\\b(?:{words})|[~≈])" if name == "approx" else f"(?P<{name}>\\b(?:{words}))" for name, words in RELATIONS), re.IGNORECASE)  # fmt: skip
AFTER = re.compile(r"\s(?:or|and)\s(?P<word>more|above|over|less|fewer|under|below)\b", re.IGNORECASE)
COUNTED = {"people": r"people|residents|workers|employees|visitors|students|members|delegates|respondents|participants|passengers|scholars|Californians|Americans|adults|children|staff|leaders|executives|inhabitants|experts|alumni|interns|officials", "jobs": r"jobs|positions", "companies": r"companies|firms|businesses|enterprises|startups|manufacturers|employers|establishments|exporters", "days": r"days?", "year": r"years?", "tons": r"tons|tonnes"}  # fmt: skip
NOUN = re.compile("|".join(f"(?P<{unit}>\\b(?:{words})\\b)" for unit, words in COUNTED.items()), re.IGNORECASE)


def mentions(sentence: str) -> Iterator[Mention]:
    """Give the numbers of a cleaned sentence in its order.

    Examples
    --------
    >>> found = mentions("In mid-2025, over $59.6 billion of goods, nearly twenty trips and three in ten jobs were No. 1 of 5-7 percent.")
    >>> [(m.text, m.kind, m.relation, m.unit) for m in found][:3]
    [('mid-2025', 'date', 'eq', 'year'), ('$59.6 billion', 'number', 'gt', 'USD'), ('twenty', 'number', 'nearly', 'count')]
    """
    taken = [False] * len(sentence)
    for found in NO_NUMBER.finditer(sentence):
        _take(taken, found.start(), found.end())
    everything: list[Mention] = []
    for rule in (_dates, _shares, _ranks, _ranges, _numbers, _vague, _lengths, _superlatives):
        for mention in rule(sentence):
            if not any(taken[mention.start : mention.start + len(mention.text)]):
                _take(taken, mention.start, mention.start + len(mention.text))
                everything.append(mention)
    yield from sorted(everything, key=lambda mention: mention.start)


def _take(taken: list[bool], start: int, end: int) -> None:
    taken[start:end] = [True] * (end - start)


def _dates(sentence: str) -> Iterator[Mention]:
    for found in DATE.finditer(sentence):
        if date := date_of(found):
            year, period = date
            yield Mention("date", found[0], found.start(), Fraction(year), Fraction(1), "year", period=period)


def _shares(sentence: str) -> Iterator[Mention]:
    for found in SHARE.finditer(sentence):
        value, precision, unit = None, None, "percent"
        if found["n"]:
            part, whole = (_small(found[name]) for name in ("n", "of"))
            if part is None or whole is None or part >= whole:
                continue
            value = Fraction(100 * part, whole)
            precision = Fraction(100, whole)
        elif found["part"]:
            parts, of = (_small(found["parts"]) or 1), FRACTIONS[found["part"].lower()]
            value, precision = Fraction(100 * parts, of), Fraction(10)
        elif found["half"]:
            value, precision = Fraction(50), Fraction(10)
        elif found["times"] or found["fold"] or found["word"]:
            words = {"twice": 2, "thrice": 3, "doubl": 2, "tripl": 3, "quadrupl": 4, "halv": Fraction(1, 2)}
            value = words.get((found["times"] or found["fold"] or "").lower()) or _small(found["word"])
            precision, unit = Fraction(1), "ratio"
        elif found["most"] or found["mostof"]:
            value = precision = Fraction(50)
        relation = "gt" if found["most"] or found["mostof"] else _relation(sentence, found.start(), found.end())
        yield Mention("share", found[0].rstrip(), found.start(), value and Fraction(value), precision, unit, relation)


def _ranks(sentence: str) -> Iterator[Mention]:
    for found in RANK.finditer(sentence):
        if found["top"]:
            yield Mention("rank", found[0], found.start(), _small(found["top"]), Fraction(1), "rank", "le")
            continue
        word = (found["word"] or "").lower()
        tens, _, last = word.rpartition("-")
        value = (
            (cardinal(tens)[0] if tens else 0) + ORDINALS[last] if word else _small(found["number"] or found["digits"])
        )
        yield Mention("rank", found[0], found.start(), Fraction(value), Fraction(1), "rank")


def _superlatives(sentence: str) -> Iterator[Mention]:
    for found in SUPERLATIVE.finditer(sentence):
        if re.search(rf"\b(?:{ORDINAL}|{CARDINAL}|\d+)\s$", sentence[: found.start()], re.IGNORECASE):
            continue  # the third largest is one rank
        name = next((n for n in ("most", "only") if found[n]), 0)
        yield Mention("rank", found[name].strip(), found.start(name), Fraction(1), Fraction(1), "rank")


def _ranges(sentence: str) -> Iterator[Mention]:
    """Give the two ends of a range; the second says the unit and the size of both."""
    for found in RANGE.finditer(sentence):
        if "and" in found["between"] and not re.search(r"\bbetween\s$", sentence[: found.start()], re.IGNORECASE):
            continue
        high = _parsed(NUMBER.match(found["high"]))
        low = _parsed(NUMBER.match(found["low"]))
        if not high or not low or low[0] >= high[0]:
            continue
        scale = Fraction(1) if low[0] >= 1000 or low[3] != 1 else high[3]
        unit = low[2] or high[2]
        unit = unit or _counted(sentence, found.end())
        yield Mention("number", found["low"], found.start("low"), low[0] * scale, low[1] * scale, unit, "ge")
        yield Mention("number", found["high"], found.start("high"), high[0], high[1], unit, "le")


def _numbers(sentence: str) -> Iterator[Mention]:
    for found in NUMBER.finditer(sentence):
        value, precision, unit, _ = _parsed(found)
        if not unit and re.match(r"[\s-]decades?\b", sentence[found.end() :]):
            value, precision, unit = 10 * value, 10 * precision, "year"
        relation = "ge" if found["more"] else _relation(sentence, found.start(), found.end())
        yield Mention(
            "number",
            found[0].strip(),
            found.start(),
            value,
            precision,
            unit or _counted(sentence, found.end()),
            relation,
        )


def _parsed(found: re.Match[str]) -> tuple[Fraction, Fraction, str, Fraction]:
    """Return value, precision, unit and scale of a printed number."""
    digits = found["digits"].replace(",", "")
    if digits[0].isdigit() or digits[0] == ".":
        value, size = exact(digits), Fraction(1, 10 ** len(digits.partition(".")[2]))
        # 800,000 is rounded to what its zeros say; a round number below a thousand is taken as counted
        if value >= 1000 and "," in found["digits"] and digits.endswith("0") and "." not in digits:
            size = Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))
    else:
        value, size = (Fraction(number) for number in cardinal(digits))
    scale = Fraction(SCALES.get((found["scale"] or "").lower()) or SHORT.get((found["short"] or "").lower()) or 1)
    unit = CURRENCY.get((found["sign"] or "").upper(), "") or ("percent" if found["percent"] else "")
    unit = unit or {"dollars": "USD", "euros": "EUR", "pounds": "GBP"}.get((found["money"] or "").lower(), "")
    return value * scale * (-1 if found["minus"] else 1), size * scale, unit, scale


def _vague(sentence: str) -> Iterator[Mention]:
    for found in VAGUE_WORD.finditer(sentence):
        if re.search(rf"\b(?:\d+|{CARDINAL})[\s-]$", sentence[: found.start()], re.IGNORECASE):
            continue  # three decades are a number of years
        value = Fraction(VAGUE[found["vague"].lower()])
        yield Mention("vague", found[0], found.start(), value, value, _counted(sentence, found.end()), "ge")


def _lengths(sentence: str) -> Iterator[Mention]:
    """Give lengths of time that have no number: a decade, month-long."""
    for found in LENGTH.finditer(sentence):
        value = Fraction({"decade": 10, "century": 100}.get((found["years"] or found["long"]).lower(), 1))
        unit = "days" if found["long"] == "day" else "count" if found["long"] in ("week", "month") else "year"
        yield Mention(
            "vague", found[0], found.start(), value, value, unit, _relation(sentence, found.start(), found.end())
        )


def _relation(sentence: str, start: int, end: int) -> str:
    """Return the relation that the words before or after a number give it."""
    if after := AFTER.match(sentence, end):
        return "ge" if after["word"].lower() in ("more", "above", "over") else "le"
    before = sentence[max(0, start - 30) : start]
    for found in BEFORE.finditer(before):
        rest = before[found.end() :]
        if re.fullmatch(r"\s*(?:(?:a|an|US)\s*)?", rest):
            return found.lastgroup or "eq"
    return "eq"


def _counted(sentence: str, end: int) -> str:
    """Return the unit that the words after a number name, else count."""
    after = re.split(r"[.;:()]|,\s|\b(?:an?|per|each|every)\s", sentence[end : end + 60])[0]
    words = " ".join(after.replace("-", " ").split()[:4])
    found = NOUN.search(words)
    return found.lastgroup or "count" if found else "count"


def _small(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    try:
        value = cardinal(text)[0]
    except (KeyError, ValueError):
        return None
    return int(value) or (1 if text.lower() in ("a", "an", "one") else None)
