"""The parameters cell: its assignments, and the rules that their comments state."""

from __future__ import annotations

import ast
import builtins
import io
import math
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cityresearch.errors import NotebookError
from cityresearch.runs.notebook_files import MERGE_MARKER, Cell

__all__ = ["Bound", "Choices", "Column", "Parameter", "Rule", "as_literal", "parameters_in"]

NUMBER = r"[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
BOUND = re.compile(rf"(at least|at most) ({NUMBER})")
# a bound may also end a clause, as in "percent, at least 0"; a word in place of its number is refused
BOUNDS = re.compile(r"(?:^|,)\s*(at (?:least|most)\b[^,]*)")
ONLY = "only plain assignments of literals are allowed there"
TAKEN = {*dir(builtins), "cr", "display", "get_ipython", "In", "Out", "exit", "quit"}


@dataclass(frozen=True, slots=True)
class Bound:
    """The lowest or highest value that a comment allows, and its words."""

    text: str
    lowest: bool
    limit: float

    def holds(self, value: Any) -> bool:
        """Whether a number respects it."""
        return value >= self.limit if self.lowest else value <= self.limit


@dataclass(frozen=True, slots=True)
class Choices:
    """The values that a comment lists, in the type of the default."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """The column of a dataset whose values a comment allows, in the rows where another column has a value, if one is named."""

    dataset: str
    column: str
    where: tuple[str, str] | None = None


Rule = Bound | Choices | Column


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, default value, the comment next to it, its rules, and the file, cell and line that assign it."""

    name: str
    default: Any
    comment: str
    rules: tuple[Rule, ...] = ()
    place: str = ""


def parameters_in(notebook: Path, cell: Cell) -> tuple[Parameter, ...]:
    """Return the parameters that a cell assigns.

    Raises
    ------
    NotebookError
        With file, cell and line, if the cell holds anything but plain assignments of literals, or a rule does not suit its value.
    """

    def place(line: int) -> str:
        return f"{notebook}, cell {cell.number}, line {line}"

    def refuse(line: int, what: str, remedy: str) -> NoReturn:
        raise NotebookError(f"{place(line)}: {what}: {remedy}.")

    tree, comments = _parsed(cell.source, refuse)
    found: dict[str, Parameter] = {}
    for node in tree.body:
        line = node.lineno
        name, value = _target(node, refuse)
        if name in TAKEN:
            refuse(line, f"the parameter {name!r} would hide what Python or a notebook calls {name}", "rename it")
        if name in found:
            refuse(line, f"{name} is assigned a second time", "keep one of the two")
        try:
            default = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            refuse(line, ONLY, f"{_short(node)!r} computes its value, so move it to another cell")
        if not _is_plain(default):
            refuse(
                line,
                f"the value of {_short(node)!r} cannot be passed to a notebook",
                "use text, a finite number, True, False, None, a list, or a mapping with text as keys",
            )
        comment = comments.get(node.end_lineno, "")
        rules = _rules(name, default, comment, lambda what, remedy, line=line: refuse(line, what, remedy))
        found[name] = Parameter(name, default, comment, rules, place(line))
    return tuple(found.values())


def as_literal(text: str) -> tuple[bool, Any]:
    """Return whether a text is a Python literal of a plain type, and its value."""
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None
    # an infinite number is a literal, and the caller says why it is refused
    return _is_plain(value) or isinstance(value, float), value


def _parsed(source: str, refuse) -> tuple[ast.Module, dict[int, str]]:
    marker = MERGE_MARKER.search(source)
    if marker:
        refuse(
            source.count("\n", 0, marker.start()) + 1, f"merge marker {marker[0].strip()!r}", "finish the merge first"
        )
    try:
        tree = ast.parse(source)
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, ValueError, tokenize.TokenError, MemoryError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 1
        text = "".join(source.splitlines()[line - 1 : line]).strip()
        if text.startswith(("%", "!", "?")) or text.endswith("?"):
            refuse(line, ONLY, f"{text!r} is a magic of IPython, so move it to another cell")
        refuse(line, f"it is not Python ({getattr(error, 'msg', None) or error})", "write one plain assignment a line")
    comments = {t.start[0]: t.string.lstrip("# ").strip() for t in tokens if t.type == tokenize.COMMENT}
    return tree, comments


def _target(node: ast.stmt, refuse) -> tuple[str, ast.expr]:
    """Return the one name that a statement assigns, and the expression; an annotation says nothing here."""
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    value = getattr(node, "value", None)
    plain = isinstance(node, ast.Assign | ast.AnnAssign) and len(targets) == 1 and isinstance(targets[0], ast.Name)
    if not plain or value is None:
        refuse(node.lineno, ONLY, f"{_short(node)!r} is none, of one name each, so move it to another cell")
    return targets[0].id, value


def _short(node: ast.stmt) -> str:
    return ast.unparse(node).partition("\n")[0][:60]


def _is_plain(value: Any) -> bool:
    """Return whether a value can be written into a notebook and read back as it is."""
    if isinstance(value, dict):
        return all(type(key) is str and _is_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, str):
        # half of a surrogate pair cannot be written to a file
        return not any("\ud800" <= character <= "\udfff" for character in value)
    return value is None or isinstance(value, int)


def _rules(name: str, default: Any, comment: str, refuse) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for part in (part.strip() for part in comment.split(";")):
        if part.startswith("one of: "):
            rules.append(_choices(name, default, part.removeprefix("one of: "), refuse))
        elif part == "one of" or part.startswith(("one of ", "one of:")):
            column = re.fullmatch(r"one of (\w+)\.(\w+)(?: where (\w+) is (\S+))?", part)
            if not column:
                refuse(
                    f"the comment of {name} says {part!r}",
                    "write one of DATASET.COLUMN, one of DATASET.COLUMN where COLUMN is VALUE, or one of: A, B",
                )
            rules.append(Column(column[1], column[2], (column[3], column[4]) if column[3] else None))
        else:
            rules += [_bound(name, default, text.strip(), refuse) for text in BOUNDS.findall(part)]
    return tuple(rules)


def _bound(name: str, default: Any, text: str, refuse) -> Bound:
    bound = BOUND.fullmatch(text)
    if not bound:
        refuse(f"the comment of {name} says {text!r}", "write a number after at least or at most, and nothing else")
    if isinstance(default, bool) or not isinstance(default, int | float):
        refuse(f"{name} is {default!r}, and its comment says {text!r}", "give a number, or drop the rule")
    return Bound(text, bound[1] == "at least", float(bound[2]))


def _choices(name: str, default: Any, text: str, refuse) -> Choices:
    read, listed = as_literal(f"[{text}]")
    if isinstance(default, str):
        quoted = read and all(isinstance(choice, str) for choice in listed)
        choices = listed if quoted else [choice.strip() for choice in text.split(",")]
    else:
        choices = []
        for word in text.split(",") if not read else listed:
            plain, choice = as_literal(word) if isinstance(word, str) and not read else (True, word)
            choice = choice if plain else word.strip()
            choices.append(float(choice) if isinstance(default, float) and type(choice) is int else choice)
        strange = [choice for choice in choices if default is not None and type(choice) is not type(default)]
        if strange:
            refuse(
                f"{name} is {default!r}, and its comment allows {strange[0]!r}, which is of another kind",
                "make default and list of one kind",
            )
    if "" in choices or not choices:
        refuse(f"the comment of {name} lists an empty value", "write one of: A, B")
    return Choices(tuple(choices))
