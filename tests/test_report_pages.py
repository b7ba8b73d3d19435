"""The report as readers meet it: in a browser, with a keyboard, on a phone, in the dark, on paper, and with a screen reader's rules."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(
    BROWSER is None,
    reason="no Chromium is installed (Debian: apt-get install chromium), so pages were not opened in a browser",
)
KINDS = (
    "index", "claims", "claims/C027", "claims/C052", "chapters/00-findings", "chapters/01-metro-exports", "figures", "data", "sources", "tables",
    "tables/table-1", "tables/metro-exports", "cities", "tables/profile-fresno",
    "differences", "verdict-changes", "method", "glossary", "changes",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def visit(browser, site):
    """Open a page of the site; at the end nothing may have been complained of or asked of a server."""
    said: list[str] = []
    contexts = []

    def opened(name: str, **settings):
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith("file:") else said.append(request.url))
        page.goto(
            (site / name).as_uri()
            if "#" not in name
            else (site / name.partition("#")[0]).as_uri() + "#" + name.partition("#")[2]
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def ids(page) -> list[str]:
    return page.locator("#claims tbody tr:visible td:first-child").all_inner_texts()


def test_search_and_filters_narrow_the_ledger_and_the_address_keeps_them(visit):
    page = visit("claims.html")
    page.fill("input[name=search]", "fresno guadalajara")
    page.select_option("select[name=verdict]", "differs")
    found = ids(page)
    assert "C169" in found
    assert len(found) < 10
    assert page.inner_text(".count").startswith(f"{len(found)} of ")
    again = visit("claims.html#" + page.url.partition("#")[2])
    assert ids(again) == found
    again.fill("input[name=search]", "no such words anywhere")
    assert ids(again) == []
    assert again.inner_text(".count").startswith("0 of ")


@pytest.mark.long
def test_columns_sort_both_ways(visit):
    page = visit("claims.html")
    head = page.locator("thead th", has_text="Verdict")
    head.locator("button").click()
    words = page.locator("#claims tbody .verdict").all_inner_texts()
    assert words == sorted(words)
    head.locator("button").click()
    assert page.locator("#claims tbody .verdict").all_inner_texts() == sorted(words, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"


@pytest.mark.long
def test_a_claim_is_found_read_and_left_with_the_keyboard_alone(visit):
    page = visit("claims.html")
    page.keyboard.press("/")
    page.keyboard.type("C027")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/C027.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("a", has_text="Metro exports: which metros").first.press("Enter")
    page.wait_for_url("**/chapters/01-metro-exports.html#C027")
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top < innerHeight")


@pytest.mark.long
@pytest.mark.parametrize("name", KINDS)
def test_a_page_meets_wcag_and_fits_a_phone_in_light_and_dark(visit, name):
    import axe_playwright_python

    rules = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
    for scheme in ("light", "dark"):
        page = visit(f"{name}.html", color_scheme=scheme, viewport={"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.evaluate(f"{rules};0")
        found = page.evaluate("axe.run({preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


@pytest.mark.long
def test_a_claim_prints_on_paper_without_navigation(visit):
    page = visit("claims/C027.html")
    assert page.pdf(format="Letter").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.locator("header").is_visible()
    assert page.locator(".verdict").is_visible()
