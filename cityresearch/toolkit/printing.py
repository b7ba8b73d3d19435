"""PDF of a page, printed by the Chromium or Chrome of this machine without its window."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["HOW", "browser", "page_count", "printed"]

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
VARIABLE = "CITYRESEARCH_BROWSER"
HOW = f"install Chromium or Chrome (or name one in the variable {VARIABLE}) and run again, or print the HTML pages from any browser"
SECONDS = 120


def browser() -> str:
    """Return the path of a browser that can print: the one named in the environment, or one that is installed; nothing if none is."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return shutil.which(named) or ""
    found = next((path for path in map(shutil.which, PROGRAMS) if path), "")
    return found or next((path for path in PLACES if Path(path).is_file()), "")


def printed(pages: Mapping[str, bytes], program: str) -> tuple[dict[str, bytes], str]:
    """Return a PDF for each HTML page by its name without ending, and an empty text; or none, and why the browser made none."""
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="cityresearch-print-") as scratch:
        for name, page in pages.items():
            source, target = Path(scratch, f"{name}.html"), Path(scratch, f"{name}.pdf")
            source.write_bytes(page)
            command = [
                program, "--headless", "--disable-gpu", "--disable-extensions", "--no-first-run", "--no-pdf-header-footer",
                f"--user-data-dir={scratch}/profile", f"--print-to-pdf={target}",
                # a browser started by root has no sandbox; the pages hold no script and fetch nothing
                *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
                source.as_uri(),
            ]  # fmt: skip
            try:
                subprocess.run(command, capture_output=True, timeout=SECONDS, check=True, stdin=subprocess.DEVNULL)
                made[name] = target.read_bytes()
            except subprocess.TimeoutExpired:
                return {}, f"{program} did not finish in {SECONDS} seconds"
            except (OSError, subprocess.CalledProcessError) as error:
                return {}, f"{program} failed ({error.__class__.__name__})"
    return made, ""


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF of a browser has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
