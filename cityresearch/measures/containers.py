"""Container counts: one number for each port, period and direction, as published or as it follows from published ones.

Ports count their own boxes (`port_authority`), customs-based lists count loaded boxes in foreign trade (`piers`). They
are never added up. Where sources disagree, one count is chosen by stated rules, which all chapters share. A month that
is missing but follows exactly from published figures is computed here, marked as derived and never stored as a fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from cityresearch.arguments import checked_arguments
from cityresearch.errors import MixedBasisError
from cityresearch.measures.rounding import bounds, stands_for
from cityresearch.numbers.intervals import exact, plain
from cityresearch.numbers.quantity import Missing, Quantity, unique

__all__ = [
    "IDENTITIES", "KEY", "LA", "LB", "OAK", "REPLACED", "US_TRACKED", "as_published", "set_aside", "settled", "teu",
]  # fmt: skip

LA, LB, OAK = "Port of Los Angeles", "Port of Long Beach", "Port of Oakland"
US_TRACKED = "U.S. mainland ports (PMSA)"
KEY = ["port", "period", "period_kind", "direction"]

# printed counts that a later or fuller one replaces, besides those listed as misprints in `corrections`:
# port|period|period_kind|direction|source_id, as there -> why the count is not used
REPLACED: Mapping[str, str] = {
    f"{LA}|2023|year|total|pn-la-2023-12": "first figure, later revised",
    f"{LA}|2023|year|total|vykhang-lb-2023": "first figure, later revised",
    f"{LA}|2023|year|loaded_imports|pmsa-wctr-2024-01": "first figure, later revised",
    f"{LA}|2023-12|month|loaded_imports|pn-la-2023-12": "first figure, later revised",
    f"{LA}|2023-12|month|total|pn-la-2023-12": "first figure; its imports were later revised",
    f"{LA}|2024-10|month|total|pola-stats-2024-10": "the port's release rounds the same count to whole TEU",
    f"{LA}|2024-10|ytd|total|pola-stats-2024-10": "the port's release rounds the same count to whole TEU",
    f"{LA}|2025-07|month|loaded_imports|unilog-2025-09": "two digits exchanged",
    f"{LB}|2024-06|month|loaded_imports|pn-lb-2024-06": "first figure, later revised",
    f"{LB}|2024-06|month|loaded_exports|pn-lb-2024-06": "first figure, later revised",
    f"{OAK}|2010|year|loaded_imports|pmm-oak-2010": "another source has another last digit; its exports are misprinted",
    f"{OAK}|2023-07|month|loaded_exports|pmsa-2024-07": "the port's later release has another figure",
    f"{OAK}|2024-03|month|loaded_imports|ffp-oak-2024-03": "one box too many for the total printed beside it",
    f"{OAK}|2024-06|month|loaded_exports|pn-oak-2024-06": "first figure, later revised",
    f"{OAK}|2024-06|month|empty_imports|pn-oak-2024-06": "first figure, later revised",
    f"{OAK}|2024-06|month|empty_exports|pn-oak-2024-06": "first figure, later revised",
    f"{US_TRACKED}|2024-08|month|loaded_imports|pmsa-2024-08": "leaves out New York and New Jersey, and Miami",
    f"{US_TRACKED}|2025-06|month|loaded_imports|pmsa-2025-06": "leaves out the whole East Coast",
}

# a whole and its parts, all counted by the same port in the same period
IDENTITIES = (
    ("empties", ("empty_imports", "empty_exports")),
    ("total", ("loaded_imports", "loaded_exports", "empties")),
)


def set_aside(containers: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Return the printed counts that are not used, and why.

    Parameters
    ----------
    containers : pandas.DataFrame
        The dataset `port_containers` or `port_containers_piers`.
    corrections : pandas.DataFrame
        The dataset `corrections`: misprints with the count that is expected instead.

    Returns
    -------
    pandas.DataFrame
        One row per count: port, period, period_kind, direction, teu, why, source_id. A misprint without an expected
        count stays in use; `settled` marks it as in doubt.
    """
    rows = containers.reset_index()
    reasons = _reasons(corrections)
    rows = rows.assign(why=[reasons.get(key, "") for key in _keys(rows)])
    return rows.loc[rows["why"] != "", [*KEY, "teu", "why", "source_id"]].reset_index(drop=True)


def settled(containers: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Choose one count for each port, period and direction, and add those that follow exactly from published ones.

    Counts that `set_aside` lists are left out. Of the rest the most exact is taken (to the box, if any is), then the
    one that most sources print. Derived counts come from three rules, applied until nothing new follows: a whole and
    its parts; the one missing month between two cumulative figures; a year from its months. None is kept that lies
    outside a rounded figure published for the same count.

    Parameters
    ----------
    containers : pandas.DataFrame
        The dataset `port_containers` or `port_containers_piers`.
    corrections : pandas.DataFrame
        The dataset `corrections`.

    Returns
    -------
    pandas.DataFrame
        Indexed by port, period, period_kind and direction, sorted: teu, precision, count_kind, sources (tuple of ids),
        note, derived (how the count follows; empty if published), doubt (why a count that is used may be a misprint;
        empty where there is no doubt).

    Raises
    ------
    MixedBasisError
        If the rows are of more than one kind of count.
    """
    rows = containers.reset_index()
    kinds = sorted(rows["count_kind"].unique())
    if len(kinds) != 1:
        raise MixedBasisError(f"Will not settle counts of {' and '.join(kinds)} in one table: pass one kind at a time.")
    reasons, doubts = _reasons(corrections), _doubts(corrections)
    rows = rows[[key not in reasons for key in _keys(rows)]].copy()
    rows["doubt"] = [
        doubts.get((key, exact(count)), "") for key, count in zip(_count_keys(rows), rows["teu"], strict=True)
    ]
    rows["exactness"] = rows["precision"].clip(lower=1)
    rows["printed_by"] = rows.groupby([*KEY, "teu"])["source_id"].transform("size")
    rows = rows.sort_values([*KEY, "exactness", "printed_by", "source_id"], ascending=[True] * 5 + [False, True])
    chosen = rows.drop_duplicates(KEY).copy()
    chosen["note"] = chosen["note"].fillna("")
    chosen["sources"] = [(s,) for s in chosen["source_id"]]
    chosen["derived"] = ""
    chosen = pd.concat([chosen, _derived(chosen, kinds[0])], ignore_index=True)
    # a derived count is exact, so it goes before a rounded one
    chosen["exactness"] = chosen["precision"].clip(lower=1)
    chosen = chosen.sort_values([*KEY, "exactness"], kind="stable").drop_duplicates(KEY)
    columns = ["teu", "precision", "count_kind", "sources", "note", "derived", "doubt"]
    return chosen.set_index(KEY)[columns].sort_index()


@checked_arguments
def teu(counts: pd.DataFrame, port: str, direction: str, period: str) -> Quantity | Missing:
    """Return one count.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `settled`.
    period : str
        A year (2023) or month (2023-07).

    Returns
    -------
    Quantity or Missing
        TEU; its basis names the kind of count and the direction; bounds where the source rounds; a caveat where it is
        derived or in doubt.
    """
    key = (port, period, "year" if len(period) == 4 else "month", direction)
    if key not in counts.index:
        return Missing(f"{port}, {direction.replace('_', ' ')}, {period}: no count in the data")
    row = counts.loc[key]
    count = _quantity(row, port, direction, period, row["sources"], row["derived"])
    return count.with_caveat(f"{port} {period}: {row['doubt']}") if row["doubt"] else count


@checked_arguments
def as_published(
    containers: pd.DataFrame, port: str, direction: str, period: str, source_id: str
) -> Quantity | Missing:
    """Return one count as one source prints it, even if `settled` leaves it out."""
    rows = containers.reset_index()
    rows = rows[(rows["port"] == port) & (rows["period"] == period) & (rows["direction"] == direction)]
    rows = rows[(rows["source_id"] == source_id) & (rows["period_kind"] != "ytd")]
    if rows.empty:
        return Missing(f"{port}, {direction.replace('_', ' ')}, {period}: not in {source_id}")
    return _quantity(rows.iloc[0], port, direction, period, (source_id,), "").with_caveat(f"as {source_id} prints it")


def _reasons(corrections: pd.DataFrame) -> dict[str, str]:
    rows = corrections.reset_index()
    rows = rows[
        rows["dataset"].str.startswith("port_containers") & rows["expect"].notna() & (rows["expect"].astype(str) != "")
    ]
    return {**dict(zip(rows["key"], rows["wrong"], strict=True)), **REPLACED}


def _doubts(corrections: pd.DataFrame) -> dict[tuple[str, Fraction], str]:
    """Return why a count may be a misprint where nothing says what it should be, whoever prints it.

    A paper that repeats the count is not a second witness.
    """
    rows = corrections.reset_index()
    rows = rows[rows["dataset"].str.startswith("port_containers")]
    rows = rows[rows["expect"].isna() | (rows["expect"].astype(str) == "")]
    cells = zip(rows["key"], rows["printed"], rows["wrong"], strict=True)
    return {(key.rpartition("|")[0], exact(printed)): wrong for key, printed, wrong in cells}


def _count_keys(rows: pd.DataFrame) -> list[str]:
    return ["|".join(key) for key in rows[KEY].itertuples(index=False, name=None)]


def _keys(rows: pd.DataFrame) -> list[str]:
    return [f"{key}|{source}" for key, source in zip(_count_keys(rows), rows["source_id"], strict=True)]


def _quantity(
    row: pd.Series, port: str, direction: str, period: str, sources: tuple[str, ...], derived: str
) -> Quantity:
    coverage = [row["note"]] if port == US_TRACKED and "not in this table" in row["note"] else []
    return Quantity(
        value=row["teu"],
        unit="TEU",
        period=period,
        geography=port,
        basis=f"{row['count_kind']}: {direction}",
        sources=tuple(sources),
        bounds=bounds(row["teu"], row["precision"], "TEU", row["note"]),
        caveats=(
            *(f"coverage: {note}" for note in coverage),
            *([f"{port} {period} derived: {derived}"] if derived else []),
        ),
        read=not derived,
    )


def _derived(chosen: pd.DataFrame, count_kind: str) -> pd.DataFrame:
    exact_rows = chosen[(chosen["precision"] <= 1) & chosen["area"].eq("port")]
    book = {
        (r.port, r.direction, "ytd" if r.period_kind == "ytd" else "", r.period): (exact(r.teu), r.sources)
        for r in exact_rows[exact_rows["period_kind"].isin(["month", "year", "ytd"])].itertuples()
    }
    rounded = {
        (r.port, r.direction, "", r.period): stands_for(r.teu, r.precision, r.note)
        for r in chosen[chosen["precision"] > 1].itertuples()
    }
    found: dict[tuple[str, str, str, str], tuple[Fraction, tuple[str, ...], str]] = {}
    while True:
        new = {}
        for key, entry in (*_from_parts(book), *_from_cumulative(book), *_from_months(book)):
            if key not in book and (key not in rounded or entry[0] in rounded[key]):
                new.setdefault(key, entry)
        if not new:
            break
        found |= new
        book |= {key: entry[:2] for key, entry in new.items()}
    rows = [
        {
            "port": port,
            "period": period,
            "period_kind": "year" if len(period) == 4 else "month",
            "direction": direction,
            "teu": float(value),
            "precision": 1.0,
            "count_kind": count_kind,
            "sources": sources,
            "note": "",
            "derived": how,
            "doubt": "",
        }
        for (port, direction, _, period), (value, sources, how) in found.items()
    ]
    return pd.DataFrame(rows, columns=[*KEY, "teu", "precision", "count_kind", "sources", "note", "derived", "doubt"])


def _from_parts(book):
    """Yield what a whole and its parts leave open, if only one of them is missing."""
    for port, period in sorted({(k[0], k[3]) for k in book if k[2] == ""}):
        for whole, parts in IDENTITIES:
            names = (whole, *parts)
            known = {n: book[(port, n, "", period)] for n in names if (port, n, "", period) in book}
            missing = [n for n in names if n not in known]
            if len(missing) != 1:
                continue
            sources = unique(s for _, ids in known.values() for s in ids)
            if missing[0] == whole:
                value = sum(v for v, _ in known.values())
                how = " + ".join(f"{n.replace('_', ' ')} {plain(known[n][0])}" for n in parts)
            else:
                rest = [n for n in parts if n != missing[0]]
                value = known[whole][0] - sum(known[n][0] for n in rest)
                how = f"{whole} {plain(known[whole][0])}" + "".join(
                    f" - {n.replace('_', ' ')} {plain(known[n][0])}" for n in rest
                )
            yield (port, missing[0], "", period), (value, sources, how)


def _from_cumulative(book):
    """Yield the one missing month between two neighboring cumulative figures of a year."""
    ends_of: dict[tuple[str, str, str], dict[int, tuple]] = {}
    for (port, direction, kind, period), entry in book.items():
        if kind == "ytd" or len(period) == 4:
            month = int(period[5:]) if kind == "ytd" else 12
            ends_of.setdefault((port, direction, period[:4]), {0: (Fraction(0), ())})[month] = entry
    for (port, direction, year), cumulative in sorted(ends_of.items()):
        ends = sorted(cumulative)
        for start, end in pairwise(ends):
            months = {m: (port, direction, "", f"{year}-{m:02d}") for m in range(start + 1, end + 1)}
            missing = [key for key in months.values() if key not in book]
            if len(missing) != 1:
                continue
            others = [book[key] for key in months.values() if key in book]
            value = cumulative[end][0] - cumulative[start][0] - sum(v for v, _ in others)
            how = f"{_to(end)} {plain(cumulative[end][0])}" + (
                f" - {_to(start)} {plain(cumulative[start][0])}" if start else ""
            )
            if len(others) > 3:
                how += f" - the other {len(others)} months {plain(sum(v for v, _ in others))}"
            elif others:
                how += f" - {' - '.join(plain(v) for v, _ in others)}"
            ids = unique(s for _, i in (cumulative[end], cumulative[start], *others) for s in i)
            yield missing[0], (value, ids, how)


def _from_months(book):
    """Yield a year from eleven months together and December, or from its twelve months."""
    for port, direction, year in sorted({(k[0], k[1], k[3][:4]) for k in book if len(k[3]) == 7}):
        months = [book.get((port, direction, "", f"{year}-{m:02d}")) for m in range(1, 13)]
        eleven = book.get((port, direction, "ytd", f"{year}-11"))
        key = (port, direction, "", year)
        if eleven and months[11]:
            how = f"January to November {plain(eleven[0])} + December {plain(months[11][0])}"
            yield key, (eleven[0] + months[11][0], unique([*eleven[1], *months[11][1]]), how)
        elif all(months):
            yield key, (sum(v for v, _ in months), unique(s for _, ids in months for s in ids), "sum of twelve months")


def _to(month: int) -> str:
    return "year" if month == 12 else f"first {month} months" if month > 1 else "January"
