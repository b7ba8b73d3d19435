"""Tables as a reader of a notebook needs them: whole, and grouped where they are long."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from cityresearch.errors import ParameterError
from cityresearch.suggestions import hint

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["whole"]
# pandas cuts long cells and leaves out rows and columns, often the very reason that a reader needs
WHOLE = ("display.max_colwidth", None, "display.max_rows", None, "display.max_columns", None, "display.width", None)


def whole(frame: pd.DataFrame, by: str | None = None) -> dict[str, Any]:
    """Return a table with nothing cut, as text and as HTML, ready to display; its columns are named in words, and what is missing is blank.

    Parameters
    ----------
    frame : pandas.DataFrame
    by : str, optional
        A column: its values become headings in the order of their first appearance, each with the number of its rows.

    Raises
    ------
    ParameterError
        If the table has no such column.

    Examples
    --------
    >>> import pandas as pd
    >>> trips = pd.DataFrame({"led_by": ["mayor", "port"], "days_away": [7, None], "city": ["Oakland", "Fresno"]})
    >>> print(whole(trips, by="led_by")["text/plain"])
    mayor (1)
       days away     city
    0        7.0  Oakland
    <BLANKLINE>
    port (1)
       days away    city
    1             Fresno
    """
    import pandas as pd

    if by is not None and by not in frame.columns:
        columns = [str(column) for column in frame.columns]
        raise ParameterError(f"The table has no column {by!r}{hint(by, columns, 'it has ' + ', '.join(columns))}")
    if frame.empty:
        return {"text/plain": "No rows.", "text/html": "<p>No rows.</p>"}
    with pd.option_context(*WHOLE):
        if by is None:
            plain, html = _written(frame)
            return {"text/plain": plain, "text/html": html}
        groups = [
            (f"{name} ({len(rows)})", *_written(rows.drop(columns=by))) for name, rows in frame.groupby(by, sort=False)
        ]
        return {
            "text/plain": "\n\n".join(f"{heading}\n{plain}" for heading, plain, _ in groups),
            "text/html": "".join(f"<h4>{escape(heading)}</h4>{html}" for heading, _, html in groups),
        }


def _written(frame: pd.DataFrame) -> tuple[str, str]:
    """Return a table as text and as HTML."""
    named = _in_words(frame)
    return named.to_string(na_rep=""), named.to_html(border=0, na_rep="")


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns and index are named with spaces in place of underscores, ready to have what is missing left blank."""
    import numpy as np

    def words(name: Any) -> Any:
        return name.replace("_", " ") if isinstance(name, str) else name

    named = frame.rename(columns=words)
    for place, kind in enumerate(frame.dtypes):
        column = frame.iloc[:, place]
        if column.isna().any() and not isinstance(kind, np.dtype):  # of which na_rep passes over some
            named.isetitem(place, column.astype(float) if kind.kind == "f" else column.astype(object).fillna(""))
    named.index.names = [words(name) for name in named.index.names]
    named.columns.names = [words(name) for name in named.columns.names]
    return named
