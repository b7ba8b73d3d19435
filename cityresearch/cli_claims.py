"""The command line's part for claims: show, add, check, coverage, draft."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from cityresearch import completion
from cityresearch.phrases import many

__all__ = ["claims_app"]

SHOW = "show"


class _ShowsClaims(TyperGroup):
    """A group that shows claims unless the first word is one of its commands, so that `claims C027` needs no word more."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args if args and args[0] in self.commands else [SHOW, *args])


class _Show(TyperCommand):
    """Names the documents of the ledger in its help, and reads the ledger only for that; it stands for the whole group."""

    def format_usage(self, ctx: typer.Context, formatter: Any) -> None:
        formatter.write_usage(ctx.parent.command_path, " ".join(self.collect_usage_pieces(ctx)))

    def format_help(self, ctx: typer.Context, formatter: Any) -> None:
        from cityresearch.claims.ledger import documents
        from cityresearch.errors import CityResearchError

        with suppress(CityResearchError):  # help is given without data too
            option = next(param for param in self.params if param.name == "document")
            option.help = f"One of the ledger's documents: {', '.join(documents())}."
        super().format_help(ctx, formatter)
        ctx.parent.command.format_commands(ctx.parent, formatter)


claims_app = typer.Typer(cls=_ShowsClaims)


@claims_app.command(SHOW, cls=_Show, hidden=True)
def show(
    claim_id: Annotated[
        str | None,
        typer.Argument(help="One claim by its id; without one, all that pass.", autocompletion=completion.claims),
    ] = None,
    document: Annotated[str, typer.Option(help="One of the ledger's documents.")] = "",
    verdict: Annotated[str, typer.Option(help="agrees, agrees-if, differs-unless, differs or open.")] = "",
    basis: Annotated[str, typer.Option(help="data, source, arithmetic or none.")] = "",
    kind: Annotated[str, typer.Option(help="statistic, count, date, share ...")] = "",
    chapter: Annotated[str, typer.Option(help="Notebook, such as 03.")] = "",
    place: Annotated[str, typer.Option(help="Part of a place's name.")] = "",
    metric: Annotated[str, typer.Option(help="Part of a metric's name.")] = "",
    search: Annotated[str, typer.Option(help="Text anywhere in the claim or its reason.")] = "",
    summary: Annotated[bool, typer.Option("--summary", help="Counts by document, verdict and basis.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list, or one object for one claim.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Show claims with their committed verdicts."""
    from cityresearch.claims import listing
    from cityresearch.claims.records import committed

    if summary:
        print(listing.summary(committed()))
        return
    if claim_id:
        items = [listing.one(claim_id)]
    else:
        from cityresearch.runs.notebooks import chapters

        named = chapters([chapter])[0].stem if chapter else ""
        items = listing.select(listing.Filter(document, verdict, basis, kind, named, place, metric, search))
    if as_csv:
        print(listing.as_csv(items), end="")
    elif as_json:
        print(json.dumps(items[0] if claim_id else items, indent=2, ensure_ascii=False))
    else:
        print(listing.in_full(items[0]) if claim_id else listing.table(items))


@claims_app.command()
def check() -> None:
    """Check that the ledger and all that names its claims fit each other."""
    from cityresearch.claims.ledger import claims, documents
    from cityresearch.claims.soundness import ledger_faults

    found = ledger_faults()
    for fault in found:
        print(fault)
    if found:
        print(f"Not sound: {many(len(found), 'fault')}.")
        raise typer.Exit(1)
    print(f"Sound: {many(len(claims()), 'claim')} of {many(len(documents()), 'document')}.")


Document = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="A file (text, Markdown, HTML, PDF), or a document's short name.")
]
WhichDocument = Annotated[str, typer.Option("--document", help="Which document of the ledger a file is.")]


@claims_app.command()
def coverage(
    document: Document,
    which: WhichDocument = "",
    no_claim: Annotated[
        list[str] | None,
        typer.Option(metavar="LINE.NUMBER=REASON", help="Mark a number as no claim; see docs/claims.md."),
    ] = None,
    claim: Annotated[
        list[str] | None,
        typer.Option(metavar="LINE.NUMBER=ID", help="Say which claim has a number, where no rule can tell."),
    ] = None,
    record: Annotated[bool, typer.Option("--record", help="Keep the numbers and their places in the project.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="List the numbers in the ledger and the marked ones too.")
    ] = False,
    text: Annotated[Path | None, typer.Option(help="Write the numbered lines of the document to this file.")] = None,
) -> None:
    """Say for each number of a document whether it is in the ledger, marked as no claim, or neither."""
    from cityresearch.claims import coverage as counted
    from cityresearch.claims.document_files import named
    from cityresearch.claims.document_numbers import marks_of, record_numbers
    from cityresearch.errors import ClaimError
    from cityresearch.outputs import check_file, write_file
    from cityresearch.texts.documents import read_lines, text_edition

    name, path = named(document, which)
    marks = marks_of(no_claim or (), claim or ())
    if path is None and (marks or record or text):
        raise ClaimError(
            f"The text of {name} is not here: name its file, or put it into the folder documents as {name}.txt."
        )
    sentences: list[str] = []
    if path is None:
        numbers = counted.numbers_recorded(name)
        if not numbers:
            raise ClaimError(f"The text of {name} is not here and its numbers were never recorded: name its file.")
        print(f"The text of {name} is not here: counted by its recorded numbers.", file=sys.stderr)
    else:
        if text:
            check_file(text, source=path)
        lines = read_lines(path)
        if text:
            write_file(text, text_edition(lines).encode("utf-8"))
        if marks or record:
            record_numbers(name, path, marks)
        pairs = list(counted.numbers_in(name, lines))
        numbers = [number for number, _ in pairs]
        sentences = [_around(sentence.text, number.mention.start, number.mention.text) for number, sentence in pairs]
    judged = counted.status(numbers)
    for place, item in enumerate(judged):
        if everything or item.state == counted.OPEN:
            said = f" ({item.why})" if item.why else ""
            around = f": {sentences[place]}" if sentences else ""
            print(
                f"{item.number.place}, number {item.number.order}: {item.number.mention.text!r}, {item.state}{said}{around}"
            )
    states = {
        state: sum(item.state == state for item in judged)
        for state in (counted.IN_LEDGER, counted.MARKED, counted.OPEN)
    }
    print(f"{name}: {many(len(judged), 'number')}: {', '.join(f'{count} {state}' for state, count in states.items())}.")
    if states[counted.OPEN]:
        raise typer.Exit(1)


def _around(sentence: str, start: int, text: str, room: int = 40) -> str:
    first, last = max(0, start - room), start + len(text) + room
    return ("... " if first else "") + sentence[first:last].strip() + (" ..." if last < len(sentence) else "")


@claims_app.command()
def draft(
    document: Document,
    which: WhichDocument = "",
    output: Annotated[Path | None, typer.Option(help="The CSV to write; printed if left out.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of that name.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Rows for numbers that are judged already too.")] = False,
    sentences: Annotated[
        bool,
        typer.Option("--sentences", help="Add the document's sentences, for wording; keep them out of the repository."),
    ] = False,
    notes: Annotated[bool, typer.Option("--notes", help="Take the notes and references too.")] = False,
) -> None:
    """Write a CSV with a row for each number of a document that nobody has judged; a person fills in the statements."""
    from cityresearch.claims.coverage import numbers_in
    from cityresearch.claims.document_files import named
    from cityresearch.claims.drafting import COLUMNS, drafts
    from cityresearch.datasets.text_tables import csv_of
    from cityresearch.errors import ClaimError
    from cityresearch.outputs import check_new_file, write_file
    from cityresearch.texts.documents import read_lines

    name, path = named(document, which)
    if path is None:
        raise ClaimError(
            f"The text of {name} is not here: name its file, or put it into the folder documents as {name}.txt."
        )
    if output is not None:
        check_new_file(output, overwrite)
    pairs = numbers_in(name, read_lines(path), notes=notes)
    rows = drafts(pairs, everything=everything, sentences=sentences)
    content = csv_of(rows, [*COLUMNS, *(["sentence"] if sentences else [])])
    if output is None:
        print(content.decode("utf-8"), end="")
        return
    write_file(output, content)
    print(
        f"{many(len(rows), 'row')} in {output}: fill in statement, or no_claim with a reason, then cityresearch claims add --from {output}"
    )


@claims_app.command()
def add(
    file: Annotated[
        Path | None, typer.Option("--from", help="A CSV of claims, such as one that draft made: all or none.")
    ] = None,
    document: Annotated[str, typer.Option(help="Short name of the document.")] = "",
    line: Annotated[str, typer.Option(help="Line of the document's text edition.")] = "",
    page: Annotated[str, typer.Option(help="Page, where the document has pages.")] = "",
    section: Annotated[str, typer.Option(help="Heading under which it is printed.")] = "",
    statement: Annotated[str, typer.Option(help="The claim in your own words.")] = "",
    printed: Annotated[
        str, typer.Option(help='The number as printed, with its wording: "more than $141 billion".')
    ] = "",
    relation: Annotated[str, typer.Option(help="eq, approx, nearly, gt, ge, lt or le.")] = "",
    value: Annotated[str, typer.Option(help="The number in full units, instead of --printed.")] = "",
    unit: Annotated[str, typer.Option(help="USD, percent, people, jobs, companies, count, rank, year, ...")] = "",
    precision: Annotated[str, typer.Option(help="Size of the last printed digit, in full units.")] = "",
    period: Annotated[str, typer.Option(help="2024, 2025-05, 2019/2025.")] = "",
    wording: Annotated[str, typer.Option(help="A row of wordings.csv, where no digit tells the reach.")] = "",
    kind: Annotated[
        str, typer.Option(help="statistic, count, event, date, share, rank, growth, table-row or figure.")
    ] = "",
    places: Annotated[str, typer.Option(help="Places, separated by semicolons.")] = "",
    chapter: Annotated[str, typer.Option(help="The notebook that checks it.")] = "",
    settle: Annotated[str, typer.Option(help="What settles it, or what we would need.")] = "",
    settle_status: Annotated[str, typer.Option(help="data, source, internal or open.")] = "",
    text: Annotated[Path | None, typer.Option(help="The document's file, to refuse statements that copy it.")] = None,
) -> None:
    """Add claims: from a CSV, from options, or, without either, by answering questions."""
    from cityresearch.claims import adding, asking
    from cityresearch.errors import ClaimError

    given = {
        "document": document, "line": line, "page": page, "section": section, "statement": statement, "printed": printed, "relation": relation,
        "value": value, "unit": unit, "precision": precision, "period": period, "wording": wording, "kind": kind, "places": places,
        "chapter": chapter, "settle": settle, "settle_status": settle_status,
    }  # fmt: skip
    said = {name: cell for name, cell in given.items() if cell}
    if file and said:
        raise ClaimError(f"--from takes every cell from {file}: leave out --{next(iter(said)).replace('_', '-')}.")
    if file:
        entries = adding.entries_of(file)
    elif statement:
        entries = [adding.Entry("The new claim", said)]
    elif said and not sys.stdin.isatty():
        raise ClaimError("A claim needs --statement, in your own words.")
    else:
        entries = [adding.Entry("The new claim", asking.answers(said, _ask))]
    rows, left, marked = adding.added(entries, text)
    for row in rows:
        place = f"page {row['page']}" if row.get("page") and not row["line"] else f"line {row['line']}"
        print(f"Added {row['claim_id']} ({row['document']}, {place}): {row['statement']}")
    for remark in left:
        print(f"To do: {remark}")
    waiting = len(entries) - len(rows) - marked
    print(
        f"{many(len(rows), 'claim')} added, {many(marked, 'number')} marked as no claim, {many(waiting, 'row')} left without either."
    )


def _ask(question: str, default: str | None, choices: list[str]) -> str:
    """Ask a question until the answer is one of the choices, where there are any; an empty default allows no answer."""
    listed = f" ({', '.join(choices)})" if choices else ""
    while True:
        answer = str(typer.prompt(f"{question}{listed}", default=default, show_default=bool(default))).strip()
        if not choices or answer in choices or (answer == "" and default == ""):
            return answer
        print(f"{answer!r} is none of these.")
