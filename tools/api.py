"""Write docs/api.md, what other code may use of the package, from signatures and docstrings: `make docs`."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import NamedTuple

import cityresearch

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "api.md"
FACE = "cityresearch"
PACKAGES = ("numbers", "measures", "claims", "charts")
MODULES = ("datasets.load", "geography", "tables.table", "tables.named", "tables.exporting")
SECTIONS = ("Parameters", "Returns", "Raises")
HEAD = """# The library

Made from the docstrings by `make docs`. Notebooks use the face, `import cityresearch as cr`; the modules after it are for code that needs
more. The names on this page are those of each module's `__all__`; everything else may change without a word.
"""
Definition = ast.FunctionDef | ast.ClassDef


class Home(NamedTuple):
    """Where a name is defined: its module, and the definition or assignment there."""

    module: str
    node: Definition | ast.Assign | ast.AnnAssign


def page() -> str:
    """Return the page as Markdown: the face, then each module."""
    parts = [HEAD, *_face()]
    for name in _modules():
        parts += _module(name)
    return "\n".join(parts)


def _modules() -> list[str]:
    found = []
    for package in PACKAGES:
        folder = ROOT / FACE / package
        found += [f"{FACE}.{package}", *(f"{FACE}.{package}.{m.name}" for m in pkgutil.iter_modules([str(folder)]))]
    return [name for name in (*found, *(f"{FACE}.{name}" for name in MODULES)) if _all_of(name)]


def _all_of(module: str) -> list[str]:
    return list(getattr(importlib.import_module(module), "__all__", ()))


def _face() -> list[str]:
    parts = [f"## `{FACE}`\n", f"{_first_sentence(cityresearch.__doc__)}\n"]
    for name in cityresearch.__all__:
        parts += _name(f"cr.{name}", _home(FACE, name))
    return parts


def _module(module: str) -> list[str]:
    parts = [f"## `{module}`\n", f"{_first_sentence(importlib.import_module(module).__doc__)}\n"]
    constants, elsewhere = [], []
    for name in _all_of(module):
        home = _home(module, name)
        if _on_the_face(name) == home:
            elsewhere.append(f"`cr.{name}`")
        elif home.module != module:
            elsewhere.append(f"`{home.module}.{name}`")
        elif isinstance(home.node, Definition):
            parts += _name(name, home)
        else:
            constants.append(f"`{name}`")
    parts += [f"Constants and types: {', '.join(constants)}.\n"] if constants else []
    return parts + ([f"Described elsewhere on this page: {', '.join(elsewhere)}.\n"] if elsewhere else [])


def _on_the_face(name: str) -> Home | None:
    """Return the home of a name of the face, none for a name that is not on it."""
    return _home(FACE, name) if name in cityresearch.__all__ else None


def _home(module: str, name: str) -> Home:
    """Return where a name of a module is defined, which may be another module that it takes the name from."""
    if name in (here := _definitions(module)):
        return Home(module, here[name])
    thing = getattr(importlib.import_module(module), name)
    if (home := getattr(thing, "__module__", "")).startswith(FACE) and name in (there := _definitions(home)):
        return Home(home, there[name])
    raise SystemExit(f"{module}.__all__ names {name!r}, which no module of {FACE} defines: take it out or define it.")


@cache
def _definitions(module: str) -> dict[str, Definition | ast.Assign | ast.AnnAssign]:
    path = Path(importlib.import_module(module).__file__)
    found: dict[str, Definition | ast.Assign | ast.AnnAssign] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, Definition):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {part.id: node for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    return found


def _name(shown: str, home: Home) -> list[str]:
    text = cleandoc(ast.get_docstring(home.node) or "") if isinstance(home.node, Definition) else ""
    parts = [f"### `{shown}`\n", f"```python\n{_signature(home.node)}\n```\n"]
    if text:
        parts.append(f"{_first_sentence(text)}\n")
    for title, body in _sections(text).items():
        parts.append(f"{title}:\n")
        parts += [f"- {item}" for item in _items(body, named=title == "Parameters")]
        parts.append("")
    return parts


def _signature(node: ast.AST) -> str:
    """Write a function as it is called, a class by its fields, a constant as it is set."""
    if isinstance(node, ast.FunctionDef):
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"{node.name}({ast.unparse(node.args)}){returns}"
    if not isinstance(node, ast.ClassDef):
        return ast.unparse(node)
    made = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
    if made:
        return f"class {node.name}({ast.unparse(made.args).removeprefix('self').removeprefix(', ')})"
    fields = [n for n in node.body if isinstance(n, ast.AnnAssign) and not n.target.id.startswith("_")]
    if not fields:
        return f"class {node.name}"
    return "\n".join([f"class {node.name}:", *(f"    {ast.unparse(field)}" for field in fields)])


def _first_sentence(text: str | None) -> str:
    paragraph = " ".join(cleandoc(text or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s(?=[A-Z`])", paragraph)[0]


def _sections(text: str) -> dict[str, str]:
    """Return the parts of a docstring that a caller needs, by title."""
    pieces = re.split(r"^(\w+)\n-{3,}$", text, flags=re.MULTILINE)
    found = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return {title: found[title].strip("\n") for title in SECTIONS if title in found}


def _items(body: str, *, named: bool) -> list[str]:
    """Join each entry of a section, `name : type` and the indented lines under it, to one line."""
    entries: list[list[str]] = []
    for line in body.splitlines():
        if line.strip() and not line.startswith(" "):
            entries.append([line.strip()])
        elif line.strip():
            entries[-1].append(line.strip())
    found = []
    for first, *rest in entries:
        name, colon, kind = first.partition(" : ")
        head = f"`{name}`" + (f" ({kind})" if colon else "") if named else first
        found.append(f"{head}: {' '.join(rest)}" if rest else head)
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
