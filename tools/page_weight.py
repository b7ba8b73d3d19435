"""Measure how heavy each kind of page of the report is, and how soon it can be used from disk, in headless Chromium.

Usage: python tools/page_weight.py [FOLDER] [--rounds N] [--json]

For each page at the top, and the heaviest of each folder: the bytes that it takes from disk (page, style, script, pictures that are shown at
once), and, as median and longest of the rounds, milliseconds from the start of the navigation to DOMContentLoaded, when scripts have run and
filters answer, and to the end of loading; and the processor time of the page's own thread, which other programs on the machine disturb less.
Each round is a browser context of its own, so that nothing is cached. In the ledger, a search is measured as well.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
from pathlib import Path
from urllib.parse import unquote, urlsplit

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TIMES = "(({domContentLoadedEventEnd: ready, loadEventEnd: loaded}) => [ready, loaded])(performance.getEntriesByType('navigation')[0])"
SEARCH = """() => { const start = performance.now(), field = document.querySelector('input[name=search]');
  field.value = 'exports'; field.dispatchEvent(new Event('input', {bubbles: true}));
  document.body.getBoundingClientRect(); return performance.now() - start; }"""


def kinds(site: Path) -> list[Path]:
    """Return each page at the top, and of each folder the heaviest one."""
    folders = sorted({path.parent for path in site.rglob("*.html")} - {site})
    heaviest = [max(folder.glob("*.html"), key=lambda path: path.stat().st_size) for folder in folders]
    return [*sorted(site.glob("*.html")), *heaviest]


def measured(browser, page: Path, rounds: int) -> dict[str, float]:
    """Return bytes and milliseconds of a page."""
    ready, loaded, search, busy = [], [], [], []
    for _ in range(rounds):
        context = browser.new_context()
        tab = context.new_page()
        files: set[Path] = set()
        tab.on("request", lambda request, files=files: files.add(Path(unquote(urlsplit(request.url).path))))
        session = context.new_cdp_session(tab)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        tab.goto(page.as_uri())
        counted = {found["name"]: found["value"] for found in session.send("Performance.getMetrics")["metrics"]}
        busy.append(1000 * counted["TaskDuration"])
        times = tab.evaluate(TIMES)
        ready.append(times[0])
        loaded.append(times[1])
        if tab.query_selector("input[name=search]"):
            search.append(tab.evaluate(SEARCH))
        context.close()
    found = {"bytes": sum(file.stat().st_size for file in files if file.is_file())}
    for name, values in (("ready", ready), ("loaded", loaded), ("busy", busy), ("search", search)):
        if values:
            found |= {name: round(statistics.median(values)), f"{name}_longest": round(max(values))}
    return found


def main() -> None:
    """Print a table in Markdown, or JSON."""
    from playwright.sync_api import sync_playwright

    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", nargs="?", type=Path, default=Path("build/report"))
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    site = asked.folder.resolve()
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None or not (site / "index.html").is_file():
        raise SystemExit("It takes Chromium and a report: run cityresearch report first.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        measured(browser, site / "index.html", 1)  # the first page waits for the browser
        found = {str(path.relative_to(site)): measured(browser, path, asked.rounds) for path in kinds(site)}
        browser.close()
    if asked.json:
        print(json.dumps(found, indent=1))
        return
    print(
        "| page | kB | usable after ms (longest) | loaded after ms (longest) | processor ms |\n|---|---:|---:|---:|---:|"
    )
    for name, said in found.items():
        cells = [
            f"{said['bytes'] / 1000:.0f}",
            *(f"{said[key]} ({said[f'{key}_longest']})" for key in ("ready", "loaded")),
        ]
        print(f"| {name} | {' | '.join(cells)} | {said['busy']} |")
    for name, said in found.items():
        if "search" in said:
            print(f"\nA search in {name} takes {said['search']} ms (longest {said['search_longest']}).")


if __name__ == "__main__":
    main()
