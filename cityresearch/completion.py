"""What the shell can complete: names of chapters, claims, datasets and figures of the project that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["chapters", "claims", "datasets", "documents", "figures"]


def _those(find: Callable[[], Iterable[str]], begun: str) -> list[str]:
    from cityresearch.errors import CityResearchError

    try:
        return [name for name in find() if name.startswith(begun)]
    except (CityResearchError, OSError):
        return []  # outside a project there is nothing to offer, and a shell shows no errors


def chapters(incomplete: str) -> list[str]:
    """Return the notebooks whose name begins so."""
    from cityresearch.runs.notebooks import chapters as every

    return _those(lambda: [path.stem for path in every()], incomplete)


def claims(incomplete: str) -> list[str]:
    """Return the ids of claims that begin so."""
    from cityresearch.claims.ledger import claims as every

    return _those(every, incomplete)


def datasets(incomplete: str) -> list[str]:
    """Return the datasets whose name begins so."""
    from cityresearch.datasets.catalog import datasets as every

    return _those(every, incomplete)


def documents(incomplete: str) -> list[str]:
    """Return the documents whose short name begins so."""
    from cityresearch.claims.ledger import documents as every

    return _those(every, incomplete)


def figures(incomplete: str) -> list[str]:
    """Return the committed figures whose name begins so."""
    from cityresearch import paths

    return _those(lambda: sorted(path.stem for path in paths.figures().glob("*.svg")), incomplete)
