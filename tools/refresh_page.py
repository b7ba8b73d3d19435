"""Write docs/refresh.md, how each dataset is refreshed and what was never tried, from the data package: `make docs`."""

from __future__ import annotations

from pathlib import Path

from cityresearch.datasets.addresses import shown
from cityresearch.datasets.refreshers.entries import NOT_CONFIRMED, Entry, entries
from cityresearch.datasets.refreshers.listing import last_vintage

PAGE = Path(__file__).resolve().parents[1] / "docs" / "refresh.md"
HEAD = """# Refreshing the data

Made by `make docs` from the property `refresh` of each dataset in `data/raw/datapackage.json`. Nothing but `cityresearch data refresh` asks
a network; everything else works without one.

```
cityresearch data refresh --list              how each dataset is refreshed, and which keys are set
cityresearch data refresh                     ask all publishers that need no key or whose key is set, and say what would change
cityresearch data refresh state_exports --yes write it
```

**Keys** come from the environment or from `~/.config/cityresearch/keys.toml` (or the file that `CITYRESEARCH_KEYS` names), a line each:
`CENSUS_API_KEY = "..."`. The file has to be outside the repository and readable by you alone (`chmod 600`). A key is never printed, logged or
written. Some publishers block programs that do not say whom to contact: an e-mail address in `CITYRESEARCH_CONTACT` is sent along.

**What happens to the old rows.** *Vintages*: the new values are added with a source of their own, and the old ones stay. *One*: the table holds
one vintage, and the new series replaces the old one whole. *History*: the publisher never revises, and years are only added. Either way the
summary compares the new values with the last vintage: rows new, revised (the largest first), gone, and magnitudes. If more than 5 percent of
the rows are gone, or the values of a period add up to less than half or more than twice those before, nothing is written unless
`--accept-drop` says that this is right.

**When something goes wrong** the command says it in one sentence, writes nothing of that dataset, and ends with exit code 2. It waits and asks
again after errors that may pass, up to four times and ten minutes a dataset.

**To try it without a publisher**, let `CITYRESEARCH_PUBLISHERS` name a server of this machine, such as `http://127.0.0.1:8000`: it is asked
`/api.census.gov/data/...` in place of `https://api.census.gov/data/...`, and what comes from it is marked as not official.
"""
COLUMNS = (
    "dataset",
    "publisher",
    "address",
    "way",
    "key",
    "old rows",
    "limits",
    "last vintage here",
    "newest known",
    "terms",
)


def page() -> str:
    """Return the page as Markdown: how to use it, the table of datasets, steps by hand, what was read, and what was never tried."""
    found = entries()
    parts = [HEAD, "## Datasets\n", _row(COLUMNS), _row(["---"] * len(COLUMNS))]
    parts += [_row(_cells(entry)) for entry in found.values()]
    parts += ["\n## By hand\n"]
    for entry in found.values():
        if entry.way != "automatic":
            steps = "\n".join(f"{number}. {step}" for number, step in enumerate(entry.steps, 1))
            parts.append(f"**{entry.name}**\n\n{steps}\n")
    parts += [
        "## What was read, and what was not confirmed\n",
        "The date is the day on which a stored copy of the page was read.\n",
    ]
    parts += [_read(pages, names) for pages, names in _pages(found).items()]
    parts += ["\n## What could not be tried without a network\n"]
    parts.append(
        "The tests ask servers on the test machine that answer in the forms above. The publishers themselves were never asked:\n"
    )
    for said in dict.fromkeys(entry.untried for entry in found.values() if entry.is_fetched):
        parts.append(f"- {', '.join(e.name for e in found.values() if e.untried == said)}: {said}")
    return "\n".join(parts) + "\n"


def _cells(entry: Entry) -> list[str]:
    last, source_id = last_vintage(entry.name)
    key = entry.variable and f"`{entry.variable}`, from {entry.key['page']}"
    if entry.variable and entry.way == "automatic":
        key += " (not needed)"
    address = f"`{shown(entry.address)}`" if entry.address else "see below"
    here = ", ".join(filter(None, (last, source_id and f"`{source_id}`")))
    old = entry.keeps if entry.is_fetched else ""
    return [
        f"`{entry.name}`",
        entry.publisher,
        address,
        entry.way,
        key or "none",
        old,
        entry.limits,
        here,
        entry.newest,
        entry.terms,
    ]


def _row(cells: list[str] | tuple[str, ...]) -> str:
    whole = " | ".join(cell.replace("|", r"\|") for cell in cells)
    return f"| {whole} |"


def _pages(found: dict[str, Entry]) -> dict[tuple[str, str, str], list[str]]:
    """Return each page of documentation once, with the datasets that rest on it; those that were not confirmed come last."""
    pages: dict[tuple[str, str, str], list[str]] = {}
    for entry in found.values():
        for item in entry.documentation:
            pages.setdefault((item["address"], item["read"], item["says"]), []).append(entry.name)
    return dict(sorted(pages.items(), key=lambda item: item[0][1] == NOT_CONFIRMED))


def _read(item: tuple[str, str, str], names: list[str]) -> str:
    address, read, says = item
    where = f"<{address}>, read {read}" if read != NOT_CONFIRMED else f"*{NOT_CONFIRMED}*"
    return f"- {where}: {says} ({', '.join(names)})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: {len(entries())} datasets")
