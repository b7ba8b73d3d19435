"""Conditions on rows: a small language of comparisons, read without running anything.

A condition compares columns with literals: `state == 'CA' and year in (2022, 2023) and not value_usd < 1000000`. It is parsed as a Python
expression and walked; whatever is not one of the forms below (calls, attributes, arithmetic, other names) is refused, so a condition
from somebody else can at worst choose the wrong rows. An empty cell equals `''` and nothing else; `!=` is the opposite of `==`, and no
order holds for an empty cell.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cityresearch.datasets.catalog import Dataset, Field
from cityresearch.datasets.printable import quoted
from cityresearch.errors import ParameterError

__all__ = ["chosen"]

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LONGEST = 2_000  # characters; deep nesting needs many
ORDER: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
MIRRORED: dict[type, type] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
SIGNS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not"}  # fmt: skip
NUMBERS = ("integer", "number")
WORDS = {"true": True, "false": False}


def chosen(frame: pd.DataFrame, record: Dataset, where: str) -> pd.DataFrame:
    """Return the rows of a dataset's frame for which a condition holds; all of them if it is empty.

    Raises
    ------
    ParameterError
        If the condition cannot be read, names an unknown column, or compares text with a number.
    """
    if not where.strip():
        return frame
    return frame[_Condition(frame, record, where).holds()]


class _Condition:
    """One condition over one frame."""

    def __init__(self, frame: pd.DataFrame, record: Dataset, where: str) -> None:
        self.frame, self.where = frame, " ".join(where.strip().splitlines())
        self.fields = {field.name: field for field in record.fields}

    def holds(self) -> np.ndarray:
        """Return for every row whether the condition holds."""
        if len(self.where) > LONGEST:
            raise self.wrong(f"{len(self.where):,} characters", f"at most {LONGEST:,}")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(self.where, mode="eval")
            return self.truth(tree.body)
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            said = error.msg if isinstance(error, SyntaxError) else str(error) or "it is nested too deeply"
            raise self.wrong(f"no condition ({said})") from None

    def truth(self, node: ast.expr) -> np.ndarray:
        """Return for every row whether one part of the condition holds."""
        match node:
            case ast.BoolOp(op=op, values=[first, *rest]):
                result = self.truth(first)
                for part in rest:
                    result = result & self.truth(part) if isinstance(op, ast.And) else result | self.truth(part)
                return result
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ~self.truth(operand)
            case ast.Compare(left=left, ops=ops, comparators=right):
                result = None
                for one, op, other in zip([left, *right], ops, right, strict=False):
                    part = self.compared(one, op, other)
                    result = part if result is None else result & part
                return result
            case ast.Name(id=name) if name in self.fields and self.fields[name].type == "boolean":
                return self.equal(self.fields[name], True)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()) | ast.UnaryOp(op=ast.Invert()):
                raise self.wrong(self.text(node), "the words and, or, not instead of & | ~")
        raise self.wrong(self.text(node))

    def compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> np.ndarray:
        """Compare a column with a literal, whichever of the two comes first."""
        kind = type(op)
        if kind in (ast.In, ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple | ast.Set):
                raise self.wrong(self.text(right), "a list of values after in, such as ('CA', 'TX')")
            field = self.column(left)
            within = self.nothing()
            for item in right.elts:
                within = within | self.equal(field, self.literal(item))
            return within if kind is ast.In else ~within
        if not isinstance(left, ast.Name) or left.id not in self.fields:
            left, right, kind = (
                (right, left, MIRRORED.get(kind, kind)) if isinstance(right, ast.Name) else (left, right, kind)
            )
        field, value = self.column(left), self.literal(right)
        if kind in (ast.Is, ast.IsNot):
            if value is not None:
                raise self.wrong(f"'{SIGNS[kind]}' before {quoted(str(value))}", "== or !=")
            kind = ast.Eq if kind is ast.Is else ast.NotEq
        if kind in (ast.Eq, ast.NotEq):
            same = self.equal(field, value)
            return same if kind is ast.Eq else ~same
        if value in ("", None) or field.type == "boolean":
            raise self.wrong(
                f"{SIGNS[kind]} for {'an empty cell' if field.type != 'boolean' else field.name}", "== or !="
            )
        self.refuse_type(field, value)
        cells = self.frame[field.name]
        return self.mask(ORDER[kind](cells, value)) & self.mask(cells.notna())

    def equal(self, field: Field, value: object) -> np.ndarray:
        """Return for every row whether a cell equals a value; an empty text or None means an empty cell."""
        cells = self.frame[field.name]
        if value is None or value == "":
            return self.mask(cells.isna())
        self.refuse_type(field, value)
        return self.mask(cells == value) & self.mask(cells.notna())

    def mask(self, cells: pd.Series) -> np.ndarray:
        return cells.fillna(False).to_numpy(dtype=bool)

    def nothing(self) -> np.ndarray:
        return self.mask(self.frame.index.to_series().notna() & False)

    def refuse_type(self, field: Field, value: object) -> None:
        """Refuse a literal that no cell of the column can equal: the answer would be no rows, and look like one."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if field.type in NUMBERS and not is_number:
            raise self.wrong(f"{quoted(str(value))} for {field.name}", f"a number, since {field.name} holds numbers")
        if field.type == "boolean" and not isinstance(value, bool):
            raise self.wrong(f"{quoted(str(value))} for {field.name}", "True or False")
        if field.type not in (*NUMBERS, "boolean") and not isinstance(value, str):
            raise self.wrong(
                f"{value} for {field.name}", f"text between quotation marks, since {field.name} holds text"
            )

    def column(self, node: ast.expr) -> Field:
        """Return the column that a part names."""
        if isinstance(node, ast.Name) and node.id in self.fields:
            return self.fields[node.id]
        raise self.wrong(self.text(node), "a column")

    def literal(self, node: ast.expr) -> object:
        """Return the value of a literal."""
        match node:
            case ast.Constant(value=str() | bool() | int() | float() | None):
                return node.value
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant(value=int() | float() as number)):
                return -number if isinstance(sign, ast.USub) else number
            case ast.Name(id=name) if name in WORDS and name not in self.fields:
                return WORDS[name]
            case ast.Name(id=name) if name not in self.fields:
                raise self.wrong(quoted(name), f"a value; text needs quotation marks: '{name[:40]}'")
        raise self.wrong(self.text(node), "a text or a number")

    def text(self, node: ast.expr) -> str:
        return quoted(ast.get_source_segment(self.where, node) or type(node).__name__)

    def wrong(
        self, found: str, expected: str = "comparisons of columns with values, and, or, not, in"
    ) -> ParameterError:
        names = ", ".join(self.fields)
        return ParameterError(
            f"--where {quoted(self.where)}: found {found}, expected {expected}; write for instance \"state == 'CA' and year == 2023\"; "
            f"the columns are {names}."
        )
