"""PDF of one figure, as far tagged as matplotlib allows: title, language, and the page as one figure with its alt text.

matplotlib writes a page as one stream of drawing, so its headings, labels and numbers cannot be tagged one by one, nor given an order: a
screen reader says the alt text in their place. Neither can it write what PDF/UA and PDF/A ask for (XMP metadata, an output intent).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_pdf import Name, Op, PdfFile, RendererPdf

from cityresearch.charts.canvas import POINTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["tagged_pdf"]

UNDATED = dict.fromkeys(("CreationDate", "ModDate", "Creator", "Producer"))


class _Tagged(PdfFile):
    """A PDF whose catalog and page name the structure."""

    def __init__(self, target: io.BytesIO, alt: str, metadata: dict[str, Any]) -> None:
        self._alt = alt
        super().__init__(target, metadata)

    def writeObject(self, object, contents) -> None:
        kind = contents.get("Type") if isinstance(contents, dict) else None
        if kind == Name("Catalog"):
            self._structure, self._document, self._element = map(
                self.reserveObject, ("structure", "document", "figure")
            )
            contents = contents | {
                "Lang": "en-US",
                "MarkInfo": {"Marked": True},
                "StructTreeRoot": self._structure,
                "ViewerPreferences": {"DisplayDocTitle": True},
            }
        elif kind == Name("Page"):
            contents = contents | {"StructParents": 0, "Tabs": Name("S")}
        super().writeObject(object, contents)

    def write_structure(self) -> None:
        """Write the tree: one figure, whose content is what the page marks."""
        (page,) = self.pageList
        tree = {"Nums": [0, [self._element]]}
        root = {"Type": Name("StructTreeRoot"), "K": [self._document], "ParentTree": tree, "ParentTreeNextKey": 1}
        self.writeObject(self._structure, root)
        element = {"Type": Name("StructElem"), "Pg": page}
        self.writeObject(self._document, element | {"S": Name("Document"), "P": self._structure, "K": [self._element]})
        self.writeObject(self._element, element | {"S": Name("Figure"), "P": self._document, "K": 0, "Alt": self._alt})


def tagged_pdf(figure: Figure, *, title: str, alt: str, scale: float, dpi: float) -> bytes:
    """Return a figure that is laid out as a PDF page.

    Parameters
    ----------
    title, alt : str
        Of the document, and of the figure in it.
    scale : float
        By which the page is larger than the figure.
    dpi : float
        Of what has to be drawn as an image.
    """
    target, before = io.BytesIO(), (figure.canvas, figure.dpi)
    FigureCanvasBase(figure)
    figure.dpi = POINTS
    width, height = figure.get_size_inches()
    file = _Tagged(target, alt, {**UNDATED, "Title": title})
    try:
        file.newPage(width * scale, height * scale)
        file.write(b"/Figure <</MCID 0>> BDC\n")
        if scale != 1:
            file.output(scale, 0, 0, scale, 0, 0, Op.concat_matrix)
        drawing = RendererPdf(file, dpi, height, width)
        renderer = MixedModeRenderer(figure, width, height, dpi, drawing)
        figure.draw(renderer)
        renderer.finalize()
        file.write(b"EMC\n")
        file.endStream()
        file.write_structure()
        file.finalize()
    finally:
        file.close()
        figure.set_canvas(before[0])
        figure.dpi = before[1]
    return target.getvalue()
