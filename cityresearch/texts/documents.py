"""Reading a document into numbered lines: text and Markdown as they are, HTML by its blocks, PDF by its pages.

The numbered lines are the document's text edition: a claim's `line` counts them. For text and Markdown these are the lines of the file.
HTML and PDF are read with libraries of the extra `documents`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from cityresearch.errors import DataError

__all__ = ["FORMATS", "Line", "read_lines", "text_edition"]

BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "blockquote", "figcaption", "caption", "dt", "dd", "pre", "div", "section", "article", "summary")  # fmt: skip
NOT_TEXT = ("script", "style", "noscript", "template", "nav", "svg")
MARK = re.compile(r"\W*(\d{1,3}|[*†‡])\W*")  # what a raised or linked footnote mark shows
RUNNING = 0.5  # share of pages on which a first or last line is a running head
FEWEST_PAGES = 3  # below which nothing can be told to repeat


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text edition; `page` is 0 where the document has none."""

    number: int
    page: int
    text: str


def read_lines(path: Path) -> list[Line]:
    """Return the lines of a document.

    Raises
    ------
    DataError
        If it cannot be read, has no text (a scan), or is in a format that nothing here reads.
    """
    reader = FORMATS.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path} is in no format that is read here ({', '.join(FORMATS)}): save it as one of these.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): name the document's file.") from None
    texts = list(reader(content, path))
    if not any(text.strip() for _, text in texts):
        raise DataError(f"{path} holds no text: if its pages are pictures, recognize their text first (OCR).")
    return [Line(number, page, text) for number, (page, text) in enumerate(texts, start=1)]


def text_edition(lines: Iterable[Line]) -> str:
    """Return the lines as a text file, so that a place can be looked up; a form feed begins each page."""
    parts, page = [], 0
    for line in lines:
        parts.append(f"\f{line.text}" if line.page > max(page, 1) else line.text)
        page = line.page
    return "\n".join(parts) + "\n"


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{path}, line {line}: found the byte 0x{content[error.start]:02x}: save the text in UTF-8."
        ) from None


def _text(content: bytes, path: Path) -> Iterable[tuple[int, str]]:
    return ((0, line) for line in re.split(r"\r\n|\r|\n", _decoded(content, path).rstrip("\r\n")))


def _html(content: bytes, path: Path) -> Iterable[tuple[int, str]]:
    """Give the text of each block of a page as a line; footnote marks are left out."""
    try:
        from bs4 import BeautifulSoup, NavigableString
    except ImportError:
        raise _lacks("beautifulsoup4", path) from None
    soup = BeautifulSoup(content, "html.parser")
    for tag in soup(NOT_TEXT):
        tag.decompose()
    for tag in [*soup("sup"), *soup.find_all("a", href=re.compile("^#"))]:
        if MARK.fullmatch(tag.get_text()):
            tag.decompose()
    for tag in soup("br"):
        tag.replace_with("\n")
    parts: list[tuple[object, str]] = []
    for text in (soup.body or soup).find_all(string=True):
        if type(text) is NavigableString:  # no comments or declarations
            block = text.find_parent(BLOCKS)
            if parts and parts[-1][0] is block:
                parts[-1] = block, parts[-1][1] + text
            else:
                parts.append((block, str(text)))
    for _, text in parts:
        # a break within a block is a line of its own; what HTML wraps is not
        for line in text.split("\n\n"):
            if line.strip():
                yield 0, re.sub(r"[ \t\r\n\f]+", " ", line).strip()  # a space that does not break says what it is between
                yield 0, ""


def _pdf(content: bytes, path: Path) -> Iterable[tuple[int, str]]:
    """Give the lines of each page, without page numbers and running heads."""
    try:
        import logging
        from io import BytesIO

        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise _lacks("pypdf", path) from None
    try:
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it would say is in our message
        reader = PdfReader(BytesIO(content))
        pages = [(page.extract_text() or "").splitlines() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise DataError(
            f"{path} cannot be read as PDF ({type(error).__name__}: {error}): save it again, or as text."
        ) from None
    heads = _running_heads(pages)
    for number, lines in enumerate(pages, start=1):
        yield from (
            (number, line) for line in lines if _shape(line) not in heads and not re.fullmatch(r"\W*\d{1,4}\W*", line)
        )
        yield number, ""


def _running_heads(pages: list[list[str]]) -> set[str]:
    """Return the first and last lines that repeat from page to page, digits aside."""
    if len(pages) < FEWEST_PAGES:
        return set()
    ends = Counter(shape for lines in pages for shape in {_shape(line) for line in (*lines[:2], *lines[-2:])})
    return {shape for shape, count in ends.items() if shape and count >= max(FEWEST_PAGES, RUNNING * len(pages))}


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", " ".join(line.split()))


def _lacks(package: str, path: Path) -> DataError:
    return DataError(
        f"{path} needs the package {package}: pip install 'cityresearch[documents]', or save the document as text."
    )


FORMATS: dict[str, Callable[[bytes, Path], Iterable[tuple[int, str]]]] = {
    ".txt": _text,
    ".md": _text,
    ".markdown": _text,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
}
