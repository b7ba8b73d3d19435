"""Rules for counting trips: what counts as a mission, as predicates on `missions` and `mission_classification`.

The text of each rule as `mission_definitions` records it is next to its predicate; `same_text` keeps the two in step,
so a definition whose text changes in the data without its predicate is an error and not a silent change of a count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from cityresearch.errors import DataError

__all__ = [
    "RULES", "Predicate", "Rule", "by_governor", "dated", "for_trade", "led", "nine_cities", "partly_for_trade",
    "same_text", "sure", "undated",
]  # fmt: skip

Predicate = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True, slots=True)
class Rule:
    """A counting rule.

    Its id, a short name, the text that the data package records, the predicate, what to know with it, and what it counts in full where the
    name refers to another rule.
    """

    count_id: str
    name: str
    text: str
    holds: Predicate
    caveat: str = ""
    in_full: str = ""

    @property
    def words(self) -> str:
        """Return what the rule counts, without the ids of other rules."""
        return self.in_full or self.name


def nine_cities(trips: pd.DataFrame) -> pd.Series:
    """Mark trips of the nine cities of the paper."""
    return trips["scope"] == "nine"


def dated(trips: pd.DataFrame) -> pd.Series:
    """Mark trips with a date inside 2019 to 2025."""
    return trips["window"] == "in"


def undated(trips: pd.DataFrame) -> pd.Series:
    """Mark trips whose date is unknown."""
    return trips["window"] == "undated"


def led(trips: pd.DataFrame) -> pd.Series:
    """Mark trips that an official headed, as against trips joined as a guest."""
    return trips["role"] == "led"


def sure(trips: pd.DataFrame) -> pd.Series:
    """Mark trips that are dated, took place as far as known, and have a known head."""
    return trips["sure"] == "yes"


def for_trade(trips: pd.DataFrame) -> pd.Series:
    """Mark trips with a clear trade purpose."""
    return trips["trade_focus"] == "yes"


def partly_for_trade(trips: pd.DataFrame) -> pd.Series:
    """Mark trips with a clear or a partial trade purpose."""
    return trips["trade_focus"].isin(["yes", "partly"])


def by_governor(trips: pd.DataFrame) -> pd.Series:
    """Mark trips of a governor or lieutenant governor."""
    return trips["scope"] == "state"


def _c1(t: pd.DataFrame) -> pd.Series:
    return _c2(t) & led(t)


def _c2(t: pd.DataFrame) -> pd.Series:
    return nine_cities(t) & dated(t) & for_trade(t) & sure(t)


def _c3(t: pd.DataFrame) -> pd.Series:
    return _c2(t) | _undated_for_trade(t)


def _c4(t: pd.DataFrame) -> pd.Series:
    return _c5(t) & led(t)


def _c5(t: pd.DataFrame) -> pd.Series:
    return nine_cities(t) & dated(t) & partly_for_trade(t) & sure(t)


def _c6(t: pd.DataFrame) -> pd.Series:
    return _c5(t) & (t["kind"] != "chamber delegation")


def _c7(t: pd.DataFrame) -> pd.Series:
    return _c6(t) | _undated_for_trade(t)


def _c8(t: pd.DataFrame) -> pd.Series:
    return _c11(t) & led(t) & ~t["kind"].isin(["summit", "ceremony"])


def _c9(t: pd.DataFrame) -> pd.Series:
    return _c11(t) & (t["in_documents"] != "no")


def _c10(t: pd.DataFrame) -> pd.Series:
    added = t["jurisdiction"].isin(["San Francisco", "Long Beach", "Oakland"]) & for_trade(t)
    return _c9(t) | (added & (dated(t) | undated(t)))


def _c11(t: pd.DataFrame) -> pd.Series:
    return nine_cities(t) & dated(t) & sure(t)


def _c12(t: pd.DataFrame) -> pd.Series:
    return nine_cities(t) & (dated(t) | undated(t))


def _c13(t: pd.DataFrame) -> pd.Series:
    return t["scope"].isin(["nine", "other"]) & (dated(t) | undated(t))


def _s2(t: pd.DataFrame) -> pd.Series:
    return by_governor(t) & led(t) & for_trade(t)


def _s3(t: pd.DataFrame) -> pd.Series:
    return _s4(t) & led(t)


def _s4(t: pd.DataFrame) -> pd.Series:
    return by_governor(t) & partly_for_trade(t)


def _s6(t: pd.DataFrame) -> pd.Series:
    return t["scope"].isin(["state", "state-agency"])


def _undated_for_trade(t: pd.DataFrame) -> pd.Series:
    return nine_cities(t) & undated(t) & for_trade(t)


RULES = {
    rule.count_id: rule
    for rule in (
        Rule("city-1", "led, trade purpose clear", "scope=nine, window=in, role=led, trade_focus=yes, sure=yes", _c1),
        Rule("city-2", "led or joined, trade purpose clear", "city-1 with any role", _c2),
        Rule(
            "city-3",
            "city-2 and the undated Long Beach row",
            "city-2, or scope=nine, window=undated, trade_focus=yes",
            _c3,
            in_full="led or joined, trade purpose clear, with the undated Long Beach row",
        ),
        Rule(
            "city-4",
            "led, trade purpose clear or partial",
            "scope=nine, window=in, role=led, trade_focus=yes or partly, sure=yes",
            _c4,
        ),
        Rule("city-5", "led or joined, purpose clear or partial", "city-4 with any role", _c5),
        Rule(
            "city-6",
            "city-5 without the chamber's Mexico City trips",
            "city-5, kind not chamber delegation",
            _c6,
            in_full="led or joined, purpose clear or partial, without the chamber's Mexico City trips",
        ),
        Rule(
            "city-7",
            "city-6 and the undated Long Beach row",
            "city-6, or scope=nine, window=undated, trade_focus=yes",
            _c7,
            in_full="led or joined, purpose clear or partial, without the chamber's Mexico City trips, with the undated Long Beach row",
        ),
        Rule(
            "city-8",
            "led, any subject, no summits or ceremonies",
            "scope=nine, window=in, role=led, kind not summit or ceremony, sure=yes",
            _c8,
        ),
        Rule("city-9", "named in the documents", "scope=nine, window=in, sure=yes, in_documents not no", _c9),
        Rule(
            "city-10",
            "city-9 and trade trips of three more cities",
            "city-9, or jurisdiction=San Francisco, Long Beach or Oakland with trade_focus=yes, window=in or undated",
            _c10,
            "put together with the printed numbers in view, and leans on an undated page of Long Beach",
            "named in the documents, and trade trips of three more cities",
        ),
        Rule("city-11", "every confirmed official trip", "scope=nine, window=in, sure=yes", _c11),
        Rule(
            "city-12",
            "city-11, undated and unconfirmed too",
            "scope=nine, window=in or undated, any sure",
            _c12,
            in_full="every official trip of the nine cities, undated and unconfirmed too",
        ),
        Rule(
            "city-13",
            "city-12 and other cities",
            "scope=nine or other, window=in or undated, any sure",
            _c13,
            in_full="every official trip of these and other cities, undated and unconfirmed too",
        ),
        Rule("state-2", "led, trade purpose clear", "scope=state, role=led, trade_focus=yes", _s2),
        Rule("state-3", "led, purpose clear or partial", "scope=state, role=led, trade_focus=yes or partly", _s3),
        Rule("state-4", "led or joined, purpose clear or partial", "state-3 with any role", _s4),
        Rule(
            "state-5",
            "every official trip of the two",
            "scope=state",
            by_governor,
            in_full="every official trip of the governor and lieutenant governor",
        ),
        Rule(
            "state-6",
            "state-5 and trips of state secretaries",
            "scope=state or state-agency",
            _s6,
            in_full="every official trip of the two and of state secretaries",
        ),
    )
}


def same_text(count_id: str, rule_id: str, text: str) -> None:
    """Make sure that a definition in the data has a rule here, and says the same.

    Raises
    ------
    DataError
        If it has none, or another text.
    """
    if rule_id not in RULES:
        raise DataError(
            f"mission_definitions, {count_id}: there is no counting rule {rule_id}; "
            "add its predicate to trade_missions/rules.py."
        )
    if RULES[rule_id].text != text:
        raise DataError(
            f"mission_definitions, {count_id}: the rule reads {text!r}, "
            f"the predicate was written for {RULES[rule_id].text!r}; change both together."
        )
