"""The command line's part for refreshing: fetch what publishers have, and the list of how each dataset is refreshed."""

from __future__ import annotations

from typing import Annotated

import typer

from cityresearch.cli_data import Datasets

__all__ = ["data_refresh"]


def data_refresh(
    names: Datasets = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Show how each dataset is refreshed; nothing is fetched.")
    ] = False,
    new_titles: Annotated[bool, typer.Option("--new-titles", help="Accept places that were never seen.")] = False,
    accept_drop: Annotated[
        bool,
        typer.Option("--accept-drop", help="Accept a vintage that lost many rows or whose values moved by a factor."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes/--dry-run", help="Write, or only show what would change.")] = False,
) -> None:
    """Fetch datasets from their publishers and import what changed."""
    from cityresearch.datasets import refresh

    if listed:
        from cityresearch.datasets.refreshers import listing

        print("\n".join(listing.lines(names or ())))
        return
    done = refresh.refresh(names or (), write=yes, new_titles=new_titles, accept_drop=accept_drop)
    print("\n".join(refresh.summary(done, written=yes)))
    if any(item.error for item in done):
        raise typer.Exit(2)
