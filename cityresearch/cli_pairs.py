"""Options that name something and say what it is: -p year 2022, --name 12420=Austin."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["pairs"]


def pairs(option: str, given: Iterable[str] | None) -> dict[str, str]:
    """Return what an option that may be repeated says of each name.

    Parameters
    ----------
    option : str
        As it is written, for the message: "-p".
    given : iterable of str, optional
        Texts of the form NAME=VALUE; a name alone has an empty value.

    Raises
    ------
    ParameterError
        If a name has two values, of which the first would be lost in silence.

    Examples
    --------
    >>> pairs("-p", ["year=2022", "state=CA"])
    {'year': '2022', 'state': 'CA'}
    """
    found: dict[str, str] = {}
    for text in given or ():
        name, _, value = text.partition("=")
        if found.setdefault(name, value) != value:
            from cityresearch.errors import ParameterError

            more = "; for several runs use cityresearch sweep --over" if option == "-p" else ""
            raise ParameterError(f"{option} gives {name} twice, {found[name]!r} and {value!r}: give it once{more}.")
    return found
