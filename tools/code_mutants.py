"""Make mutants of modules with cosmic-ray's operators: run by tools/mutate_code.py with a Python that has cosmic-ray.

One place in the code is drawn, then one of the mutants of that place, so that an addition, which cosmic-ray replaces in eleven ways, does
not outweigh a comparison with five. What cosmic-ray does not change is added: words that have an opposite, such as keep="last".
Mutants that do not parse, or only change annotations, docstrings, slots, caches, imports for type checkers or `__all__`, are left out and
counted.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

import cosmic_ray.plugins
import parso
from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.operator import Operator

PAIRS = (
    ("first", "last"), ("min", "max"), ("idxmin", "idxmax"), ("argmin", "argmax"), ("any", "all"), ("inner", "outer"),
    ("both", "neither"), ("head", "tail"), ("ffill", "bfill"), ("low", "high"), ("floor", "ceil"), ("sum", "mean"),
    ("startswith", "endswith"), ("cummax", "cummin"), ("upper", "lower"),
)  # fmt: skip
OPPOSITES = {a: b for pair in PAIRS for a, b in (pair, pair[::-1])}
BUILTINS = {"min", "max", "any", "all"}
OWN = "own/OppositeWord"
PLAIN = {"name", "newline", "endmarker", "string"}
NEEDS_ARGUMENTS = ("VariableInserter", "VariableReplacer", "NoOp")


class OppositeWord(Operator):
    """Replace a string, an attribute or a built-in function by its opposite: keep="last" by keep="first", min by max."""

    def mutation_positions(self, node):
        """Yield the place of a node that has an opposite."""
        if _word(node) in OPPOSITES:
            yield (node.start_pos, node.end_pos)

    def mutate(self, node, index):
        """Return the node with the opposite word."""
        word = _word(node)
        return type(node)(node.value.replace(word, OPPOSITES[word]), node.start_pos, prefix=node.prefix)

    @classmethod
    def examples(cls):
        """Return no examples: they serve cosmic-ray's own tests."""
        return ()


def _word(node) -> str:
    if isinstance(node, parso.python.tree.Name):
        attribute = node.parent is not None and node.parent.type == "trailer"
        return node.value if attribute or node.value in BUILTINS else ""
    return node.value[1:-1] if isinstance(node, parso.python.tree.String) else ""


def operators() -> dict[str, Operator]:
    """Return every operator that needs no arguments, by name."""
    found: dict[str, Operator] = {OWN: OppositeWord()}
    for name in sorted(cosmic_ray.plugins.operator_names()):
        if not name.endswith(NEEDS_ARGUMENTS):
            found[name] = cosmic_ray.plugins.get_operator(name)()
    return found


class _Places(Visitor):
    def __init__(self, every: dict[str, Operator]) -> None:
        self.every, self.seen = every, defaultdict(int)
        self.places: dict[tuple[tuple[int, int], str], list[tuple[str, int]]] = defaultdict(list)

    def visit(self, node):
        # half of the nodes are names and texts, which no operator but our own changes
        plain = node.type in PLAIN
        for name, operator in {OWN: self.every[OWN]}.items() if plain else self.every.items():
            for start, _ in operator.mutation_positions(node):
                family = name.split("/")[1].split("_")[0]
                self.places[start, family].append((name, self.seen[name]))
                self.seen[name] += 1
        return node


def places(text: str, every: dict[str, Operator]) -> dict[tuple[tuple[int, int], str], list[tuple[str, int]]]:
    """Return the mutants of a module, as operator and occurrence, by the place that they change."""
    visitor = _Places(every)
    visitor.walk(get_ast(text))
    return visitor.places


def meaning(text: str) -> str:
    """Return what a module does, without what only readers and type checkers see.

    Annotations are never evaluated here: every module imports them from the future.
    """
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in [
                *node.args.posonlyargs,
                *node.args.args,
                *node.args.kwonlyargs,
                node.args.vararg,
                node.args.kwarg,
            ]:
                if argument is not None:
                    argument.annotation = None
        if isinstance(node, ast.keyword) and node.arg == "slots":
            node.value = ast.Constant(None)  # it saves memory, and no result depends on it
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = [name for name in node.decorator_list if "cache" not in ast.unparse(name)]
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant("")
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            node.body[0] = ast.Pass()
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            node.value = ast.Constant(None)
    return ast.dump(tree)


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def drawn(files: list[Path], number: int, seed: int) -> tuple[list[dict[str, object]], int, int]:
    """Draw mutants; return them, how many places there are, and how many draws were no mutants: unparsable, or only annotations and the like."""
    every = operators()
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    found = [(file, *item) for file in files for item in places(texts[file], every).items()]
    chance = random.Random(seed)
    chance.shuffle(found)
    mutants: list[dict[str, object]] = []
    neutral = 0
    for file, (start, _), ways in found:
        if len(mutants) == number:
            break
        operator, occurrence = chance.choice(ways)
        code = MutationVisitor.mutate_code(texts[file], every[operator], occurrence)
        if code is None or not _parses(code) or meaning(code) == meaning(texts[file]):
            neutral += 1
            continue
        before, after = texts[file].splitlines(), code.splitlines()
        diff = [
            line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")
        ]
        mutants.append(
            {
                "name": f"{file} {operator} {occurrence}",
                "file": str(file),
                "line": start[0],
                "operator": operator,
                "change": "\n".join(diff),
                "code": code,
            }
        )
    return mutants, len(found), neutral


def main() -> None:
    """Print the drawn mutants as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="Modules, relative to the working folder.")
    parser.add_argument("--sample", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    arguments = parser.parse_args()
    mutants, number_of_places, neutral = drawn(arguments.files, arguments.sample, arguments.seed)
    json.dump({"mutants": mutants, "places": number_of_places, "neutral": neutral}, sys.stdout)


if __name__ == "__main__":
    main()
