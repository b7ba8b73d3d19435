"""Which table of a file is meant, and what of it was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cityresearch.datasets.importers import Format
from cityresearch.datasets.importers.cells import footers
from cityresearch.datasets.importers.parsed import Parsed
from cityresearch.datasets.importers.reading import Grid
from cityresearch.datasets.printable import quoted
from cityresearch.errors import DataError
from cityresearch.phrases import so_many

__all__ = ["chosen", "words_left_out"]


def chosen(found: Sequence[Grid], form: Format) -> tuple[Grid, list[str]]:
    """Return the only table, or the only sheet with the format's header, and what to say about hidden sheets.

    A sheet that fits and can be seen is meant before one that is hidden.
    """
    if len(found) == 1:
        form.header_of(found[0])
        return found[0], []
    fitting, names = [], ", ".join(quoted(grid.sheet)[1:-1] for grid in found)
    for grid in found:
        try:
            form.header_of(grid)
            fitting.append(grid)
        except DataError:
            if grid.without_value and grid.rows and _would_fit(grid, form):
                raise
    seen = [grid for grid in fitting if not grid.hidden]
    if len(seen) == 1:
        hidden = [grid.sheet for grid in fitting if grid.hidden]
        return seen[0], [
            f"the hidden sheet {quoted(sheet)[1:-1]} is such a table too and was left out" for sheet in hidden
        ]
    if len(fitting) != 1:
        file = found[0].name.rpartition(", sheet ")[0] if found else "the workbook"
        how = "none is" if not fitting else f"{', '.join(quoted(grid.sheet)[1:-1] for grid in fitting)} all are"
        raise DataError(
            f"{file}: found the sheets {names}, {how} a table of the format {form.name}, expected one; name it with --sheet."
        )
    return fitting[0], []


def _would_fit(grid: Grid, form: Format) -> bool:
    """Say whether a sheet is refused only because its header has cells without a value."""
    try:
        form.header_of(replace(grid, without_value={}))
    except DataError:
        return False
    return True


def words_left_out(grid: Grid, parsed: Parsed, most: int = 5) -> list[str]:
    """Name the lines of words under the table, so that a row of data taken for one is seen."""
    words = footers(grid, parsed.header) if parsed.header else []
    if not words:
        return []
    shown = "; ".join(f"row {line} {quoted(text)}" for line, text in words[:most])
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return [f"{so_many(len(words), 'lines of words under the table left out')}: {shown}{more}"]
