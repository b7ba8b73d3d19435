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
    """Return a table with nothing cut, as text and as HTML, ready to display.

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
    >>> print(whole(pd.DataFrame({"city": ["Oakland", "Fresno"], "led by": ["mayor", "port"]}), by="led by")["text/plain"])
    mayor (1)
          city
    0  Oakland
    <BLANKLINE>
    port (1)
         city
    1  Fresno
    """
    import pandas as pd

    if by is not None and by not in frame.columns:
        columns = [str(column) for column in frame.columns]
        raise ParameterError(f"The table has no column {by!r}{hint(by, columns, 'it has ' + ', '.join(columns))}")
    if frame.empty:
        return {"text/plain": "No rows.", "text/html": "<p>No rows.</p>"}
    with pd.option_context(*WHOLE):
        if by is None:
            return {"text/plain": frame.to_string(), "text/html": frame.to_html(border=0)}
        groups = [(f"{name} ({len(rows)})", rows.drop(columns=by)) for name, rows in frame.groupby(by, sort=False)]
        return {
            "text/plain": "\n\n".join(f"{heading}\n{rows.to_string()}" for heading, rows in groups),
            "text/html": "".join(f"<h4>{escape(heading)}</h4>{rows.to_html(border=0)}" for heading, rows in groups),
        }
