"""The command line's part for claims: show, add, check, coverage, draft."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from cityresearch import completion

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
    from cityresearch.phrases import many

    found = ledger_faults()
    for fault in found:
        print(fault)
    if found:
        print(f"Not sound: {many(len(found), 'fault')}.")
        raise typer.Exit(1)
    print(f"Sound: {many(len(claims()), 'claim')} of {many(len(documents()), 'document')}.")
