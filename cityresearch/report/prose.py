"""Pages of prose: Markdown of the project as HTML, with links between pages of the report."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["as_html"]

CLAIM = re.compile(r"\b([A-Z]\d{3})\b(?![^<]*</a>)")


def as_html(path: Path) -> str:
    """Return a Markdown file as HTML; headings get ids, and the id of a claim leads to its page.

    The first heading is left out, since the page has it as its title; links to files of the project lose their address.
    """
    import mistune

    from cityresearch.claims.ledger import claims

    known = claims()
    text = path.read_text(encoding="utf-8")
    html = str(mistune.create_markdown(plugins=["table"])(text))
    html = re.sub(r"<h1>.*?</h1>", "", html, count=1, flags=re.DOTALL)
    html = re.sub(r"<h([23])>(.*?)</h\1>", _with_id, html, flags=re.DOTALL)
    html = re.sub(r'<a href="(?!https?:|#)[^"]*">(.*?)</a>', r"\1", html, flags=re.DOTALL)
    html = re.sub(
        r"<table>", '<div class="scroll" tabindex="0" role="region" aria-label="table"><table>', html
    ).replace("</table>", "</table></div>")
    return CLAIM.sub(lambda m: f'<a href="claims/{m[1]}.html">{m[1]}</a>' if m[1] in known else m[1], html)


def _with_id(found: re.Match[str]) -> str:
    words = re.sub(r"<[^>]+>", "", found[2])
    anchor = "-".join(re.findall(r"[a-z0-9]+", words.lower()))
    return f'<h{found[1]} id="{anchor}">{found[2]}</h{found[1]}>'
