"""Office files with the same bytes every time: DOCX and XLSX are zip archives whose parts and properties have dates."""

from __future__ import annotations

import io
import re
import zipfile

__all__ = ["undated"]

EARLIEST = (1980, 1, 1, 0, 0, 0)
PROPERTIES = "docProps/core.xml"
DATES = re.compile(rb"<dcterms:(created|modified)\b[^>]*?(?:/>|>.*?</dcterms:\1>)", re.DOTALL)


def undated(content: bytes) -> bytes:
    """Return an office file without the time of its parts, and without the dates of its making and change."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            after.writestr(info, DATES.sub(b"", part) if name == PROPERTIES else part)
    return made.getvalue()
