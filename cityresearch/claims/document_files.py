"""Where a document's text is: a file that is named, or one in a folder that is not part of the project's repository."""

from __future__ import annotations

import os
from pathlib import Path

from cityresearch import paths
from cityresearch.claims.ledger import Document, documents
from cityresearch.datasets.printable import quoted
from cityresearch.errors import ClaimError
from cityresearch.suggestions import hint
from cityresearch.texts.documents import FORMATS

__all__ = ["FOLDER", "document_of", "file_of_document", "named"]

FOLDER = "CITYRESEARCH_DOCUMENTS"  # names a folder with the documents' texts; else `documents` in the project


def document_of(name: str) -> Document:
    """Return a document by its short name.

    Raises
    ------
    ClaimError
        If the ledger has none of that name.
    """
    found = documents()
    if name not in found:
        known = f"the ledger's documents are {', '.join(found)}" if found else "add its row to documents.csv"
        raise ClaimError(f"The ledger has no document {quoted(name)}{hint(name, found, known)}")
    return found[name]


def file_of_document(name: str) -> Path | None:
    """Return the file with a document's text, if there is one: NAME.txt, .md, .html or .pdf in the folder of the documents."""
    folder = Path(os.environ.get(FOLDER) or paths.root() / "documents")
    return next((folder / f"{name}{ending}" for ending in FORMATS if (folder / f"{name}{ending}").is_file()), None)


def named(text: str, document: str = "") -> tuple[str, Path | None]:
    """Return the document that a command line names, and its file where there is one.

    Parameters
    ----------
    text : str
        A short name of the ledger, or a file.
    document : str
        Short name of the document that the file is; by default that of the file's name, or the only document of the ledger.

    Raises
    ------
    ClaimError
        If no document is meant, or several can be.
    """
    path = Path(text)
    if not path.is_file():
        if path.suffix.lower() in FORMATS or os.sep in text:
            raise ClaimError(
                f"{text} is not there: name the document's file, or its short name ({', '.join(documents())})."
            )
        return document_of(text).document, file_of_document(text)
    known = documents()
    name = document or (path.stem if path.stem in known else next(iter(known), "") if len(known) == 1 else "")
    if not name:
        raise ClaimError(f"Nothing tells which document {text} is: add --document with one of {', '.join(known)}.")
    return document_of(name).document, path
