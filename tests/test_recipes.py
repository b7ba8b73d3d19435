"""What the README and the recipes for CI name exists: commands, targets, options, notebooks, figures and claims."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT, cityresearch

from cityresearch.claims.ledger import claims

RECIPES = sorted((PROJECT / "docs" / "ci").glob("*.yml"))


def commands(node: object) -> list[str]:
    """Return each line of each script in a recipe."""
    if isinstance(node, dict):
        found = [line for key in ("run", "script", "after_script") for line in lines(node.get(key))]
        return found + [line for value in node.values() for line in commands(value)]
    return [line for value in node for line in commands(value)] if isinstance(node, list) else []


def lines(value: object) -> list[str]:
    if isinstance(value, str):
        return value.splitlines()
    return [line for line in value if isinstance(line, str)] if isinstance(value, list) else []


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_command_of_a_recipe_is_one_that_we_have(path: Path):
    scripts = commands(yaml.safe_load(path.read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"make environment", "make test"} <= set(scripts)
    for script in scripts:
        program, *arguments = shlex.split(script)
        if program == "make":
            assert set(arguments) <= targets, script
        elif program.endswith("/cityresearch"):
            subcommand = [a for a in arguments if not a.startswith("-") and "/" not in a]
            said = cityresearch(*subcommand, "--help").stdout
            for option in (a for a in arguments if a.startswith("--")):
                assert option in said, script
        elif program.endswith("/python"):
            assert (PROJECT / arguments[0]).is_file(), script
        else:
            assert program == "mv", script


def test_the_readme_s_exhibits_name_notebooks_figures_and_claims_that_exist():
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    table = text.split("## From the paper's exhibits to ours")[1].split("## ")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ") and not row.startswith("| in the paper")]
    assert len(rows) >= 7
    for row in rows:
        notebook = re.search(r"`(\d\d-[a-z-]+)`", row)[1]
        assert (PROJECT / "notebooks" / f"{notebook}.ipynb").is_file(), row
        for claim_id in re.findall(r"\b[CEM]\d{3}\b", row):
            assert claims()[claim_id].chapter == notebook, row


def test_every_link_and_image_of_a_page_leads_to_a_file():
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")]
    broken = []
    for page in pages:
        text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
