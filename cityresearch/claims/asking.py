"""The questions whose answers are a claim, in the order in which a person with the document open can answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cityresearch.claims.adding import UNSOUGHT, notebook_names, printed_cells
from cityresearch.claims.faults import needs_a_wording
from cityresearch.claims.ledger import documents, from_row
from cityresearch.datasets.catalog import dataset
from cityresearch.datasets.load import text_rows
from cityresearch.datasets.text_tables import Row
from cityresearch.errors import ClaimError
from cityresearch.numbers.printed import RELATIONS, WORDING

__all__ = ["Ask", "answers"]

Ask = Callable[
    [str, str | None, list[str]], str
]  # question, answer for none (None: one is needed), allowed answers (none: any)


def answers(said: Mapping[str, str], ask: Ask) -> Row:
    """Return the cells of a claim, asking for what was not said.

    Parameters
    ----------
    said : mapping of str to str
        Cells that are known.
    ask : callable
        Puts a question, with its default and the allowed answers, and returns the answer.
    """
    cells = dict(said)

    def wanted(name: str, question: str, default: str | None = "", choices: list[str] | None = None) -> None:
        if not cells.get(name):
            cells[name] = ask(question, default, choices or [])

    names = list(documents())
    wanted("document", "Document", names[0] if len(names) == 1 else None, names)
    if not cells.get("page"):
        wanted("line", "Line of the document's text (empty if you have the page only)")
    if not cells.get("line"):
        wanted("page", "Page", None)
    wanted("section", "Heading under which it is printed")
    _number(cells, wanted, ask)
    wanted("statement", "The claim in your own words", None)
    kinds = list(dataset("claims").field("kind").constraints["enum"])
    wanted("kind", "Kind", cells.pop("guessed", "event"), kinds)
    _wording(cells, ask)
    wanted("places", "Places, separated by semicolons")
    chapters = [name for name in notebook_names() if not name.startswith("00-")]
    wanted("chapter", "Notebook that checks it", chapters[0] if len(chapters) == 1 else None, chapters)
    states = list(dataset("claims").field("settle_status").constraints["enum"])
    wanted("settle_status", "What can decide it", "open", states)
    wanted("settle", "What settles it, or what you would need", UNSOUGHT)
    return {name: cell for name, cell in cells.items() if cell}


def _number(cells: Row, wanted: Callable[..., None], ask: Ask) -> None:
    """Ask for the printed number until it can be read, then let relation, unit and period be corrected."""
    while not cells.get("value"):
        printed = cells.pop("printed", "") or ask(
            'The number as printed, with its wording, such as "more than $141 billion" (empty for none)', "", []
        )
        if not printed:
            return
        try:
            read = printed_cells(printed)
        except ClaimError as error:
            print(error)
            continue
        cells["guessed"] = read["kind"]
        cells |= {name: read[name] for name in ("value", "precision")}
        meanings = ", ".join(f"{word}: {WORDING[word].strip() or 'exactly'}" for word in RELATIONS)
        print(f"Read as {read['value']} {read['unit']}, printed to {read['precision']}. Wordings: {meanings}.")
        wanted("relation", "Wording", read["relation"], list(RELATIONS))
        wanted("unit", "Unit", read["unit"])
        wanted("period", "Period (2024, 2025-05, 2019/2025)", read["period"])


def _wording(cells: Row, ask: Ask) -> None:
    """Ask for a row of the table of wordings where the statement has a word whose reach no digit tells."""
    if not cells.get("value") or cells.get("wording"):
        return
    row = {field.name: "" for field in dataset("claims").fields} | {"claim_id": "new", **cells}
    word = needs_a_wording(from_row(row))
    fits = [r["wording"] for r in text_rows("wordings") if r["claims"] and r["relation"] == cells["relation"]]
    if word and fits:
        print(f"No digit tells how far {word!r} reaches.")
        cells["wording"] = ask("Row of wordings.csv that says it (empty if none does)", "", fits)
