"""Adopted charts: what matplotlib or seaborn drew, dressed as the figures of this project are, and held to the same rules.

The drawing is copied first, so that the researcher's own stays as it is and can be shown again.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Iterable
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from cityresearch.charts import style
from cityresearch.charts.chart import PAD, Chart, frame, in_thousands, ink_numbers
from cityresearch.charts.plotted import plotted
from cityresearch.charts.spoken import LONGEST_ALT
from cityresearch.charts.words import Words
from cityresearch.errors import ClaimError
from cityresearch.suggestions import hint

__all__ = ["adopt", "figure_of"]

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

LINE = 0.6  # points, of axes and ticks
LARGE = 10_000  # smaller numbers on an axis may be years, which have no separators
YEARS = (1500, 2200)  # an axis within these counts years, and needs no half ones
UNCHOSEN, HEIGHT = (6.4, 4.8), 2.8  # inches: a size that nobody chose gets the height of the house
BESIDE = 12  # points between axes and the legend of a figure
BETWEEN = 0.06  # inches between the words and axes that end at the edge of their room
ROUNDS = 4  # after which axes that are moved and their labels have found their places


def figure_of(drawn: object) -> Figure | None:
    """Return the matplotlib figure of what matplotlib or seaborn drew; None if it is something else.

    Parameters
    ----------
    drawn : object
        A Figure, an Axes, a seaborn grid (FacetGrid, PairGrid, JointGrid, ClusterGrid) or a seaborn.objects.Plot, which is compiled.
    """
    if "matplotlib.figure" not in sys.modules:
        return None
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    if type(drawn).__module__.startswith("seaborn._core") and hasattr(drawn, "on"):
        size = getattr(drawn, "_figure_spec", {}).get("figsize") or (style.DEFAULT_WIDTH, 0.5 * style.DEFAULT_WIDTH)
        made = Figure(figsize=size)
        drawn.on(made).plot()
        return made
    found = drawn
    if isinstance(drawn, Artist) and not isinstance(drawn, Figure):
        found = drawn.get_figure(root=True)
    elif type(drawn).__module__.startswith("seaborn."):
        found = getattr(drawn, "figure", None)
    return found if isinstance(found, Figure) else None


def adopt(
    drawn: Figure, name: str, *, sources: Iterable[str] = (), data: pd.DataFrame | None = None, **words: str
) -> Chart:
    """Return a drawing as a chart in the house style and width, with its words around it.

    Fonts, type sizes, spines, ground and the marks of numbers and dates become those of the house; colors, lines and marks stay.

    Parameters
    ----------
    drawn : matplotlib.figure.Figure
        Copied, and closed in pyplot, so that a notebook does not show it twice.
    name : str
        Of the figure, for error messages.
    sources : iterable of str
        Source ids.
    **words : str
        Title, subtitle, alt, caption and note. Title and alt text are needed; a title that the drawing has itself will do.
    data : pandas.DataFrame, optional
        What is plotted; if left out, it is read off the drawing where that is safe.

    Raises
    ------
    ClaimError
        If words are missing, too long or twice, a source is unknown, or the data cannot be read off.
    """
    if not drawn.axes:
        raise ClaimError(f"The figure {name} has no axes, so nothing is drawn in it: draw first, then show it.")
    for word, text in words.items():
        if not isinstance(text, str):
            raise ClaimError(f"The figure {name} takes {word}= as a text, found {str(text)[:60]}.")
    if not isinstance(sources, str | list | tuple | set):
        raise ClaimError(f"The figure {name} takes sources= as a list of source ids, found {str(sources)[:60]}.")
    cited = (sources,) if isinstance(sources, str) else tuple(sources)
    figure = _copied(drawn, name)
    told = _checked(figure, name, Words(**{"title": "", **words, "sources": cited}))
    table = _table(figure, name, data)
    wide, tall = map(float, figure.get_size_inches())
    height = HEIGHT if (wide, tall) == UNCHOSEN else style.width() * tall / wide
    with style.house_style():
        for ax in figure.axes:
            _dress(ax)
        for text in figure.findobj(lambda artist: hasattr(artist, "set_fontfamily")):
            text.set_fontfamily(style.FONT)
        rect = frame(figure, height, told)
        _arrange(figure, rect)
    return Chart(figure, table, told, name)


class _Copier(pickle.Pickler):
    """Copies all but functions, modules and classes, which a drawing may hold in its formatters and scales; they are shared."""

    def __init__(self, target: io.BytesIO) -> None:
        super().__init__(target)
        self.shared: list[object] = []

    def persistent_id(self, item: object) -> int | None:
        if not isinstance(item, FunctionType | ModuleType | type):
            return None
        self.shared.append(item)
        return len(self.shared) - 1


def _copied(drawn: Figure, name: str) -> Figure:
    from cityresearch.charts.canvas import POINTS, Canvas

    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        pyplot.close(drawn)
    target = io.BytesIO()
    try:
        copier = _Copier(target)
        copier.dump(drawn)
        reader = pickle.Unpickler(io.BytesIO(target.getvalue()))
        reader.persistent_load = copier.shared.__getitem__
        figure = reader.load()
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise ClaimError(
            f"The figure {name} cannot be copied ({error}): draw it without what cannot be pickled."
        ) from None
    figure.set_dpi(POINTS)
    Canvas(figure)
    return figure


def _checked(figure: Figure, name: str, words: Words) -> Words:
    """Return the words after taking the drawing's own title among them, or a sentence about what is wrong with them."""
    from cityresearch.datasets.catalog import sources

    own = figure.get_suptitle().strip()
    alone = figure.axes[0] if len(figure.axes) == 1 else None
    if not own and alone is not None and alone.get_title() in (words.title, "" if words.title else alone.get_title()):
        own = alone.get_title().strip()
        alone.set_title("")
    if own and words.title not in ("", own):
        raise ClaimError(
            f"The figure {name} has two titles, {own!r} in the drawing and {words.title!r}: leave out the suptitle or title=."
        )
    if figure.get_suptitle():
        figure.suptitle("")
    words |= {"title": words.title or own}
    if not words.title.strip():
        raise ClaimError(f"The figure {name} has no title: say its message in one line, title='...'.")
    if not words.alt.strip():
        raise ClaimError(
            f"The figure {name} has no alt text: say its message in at most {LONGEST_ALT} characters, alt='...'."
        )
    if len(words.alt) > LONGEST_ALT:
        raise ClaimError(
            f"The alt text of the figure {name} has {len(words.alt)} characters, and {LONGEST_ALT} are the most: "
            "keep the message, and leave the numbers to the data."
        )
    for key in words.sources:
        if key not in sources():
            raise ClaimError(
                f"The figure {name} cites the source {str(key)[:60]!r}, which data/raw/sources.csv does not have{hint(key, sources())}"
            )
    return words


def _table(figure: Figure, name: str, data: Any) -> pd.DataFrame:
    import pandas as pd

    if data is None:
        found, why = plotted(figure)
        if found is None:
            raise ClaimError(
                f"The data of the figure {name} cannot be read off the drawing ({why}): pass what is plotted, data=table."
            )
        return found
    if not isinstance(data, pd.DataFrame) or data.empty:
        shown = "an empty table" if isinstance(data, pd.DataFrame) else f"a {type(data).__name__}"
        raise ClaimError(f"The figure {name} takes its data as a pandas DataFrame with rows, found {shown}.")
    counted = isinstance(data.index, pd.RangeIndex) or (data.index.nlevels == 1 and data.index.name is None)
    return data.reset_index(drop=counted)


def _dress(ax: Axes) -> None:
    """Give axes the ground, spines, ticks, type and marks of numbers of the house."""
    ax.set_facecolor("white")
    ax.grid(visible=False, which="both")
    kept = {ax.yaxis.get_ticks_position(), ax.xaxis.get_ticks_position()}
    for side, spine in ax.spines.items():
        spine.set(edgecolor=style.INK, linewidth=LINE)
        if side in ("top", "right") and side not in kept:
            spine.set_visible(False)
    ax.tick_params(which="both", colors=style.INK, labelsize=style.LABEL, width=LINE)
    for axis, sides in ((ax.xaxis, ("labelbottom", "labeltop")), (ax.yaxis, ("labelleft", "labelright"))):
        if not any(label.get_visible() for label in axis.get_majorticklabels()):
            # hidden one by one, as seaborn does, so that ticks at other places would have labels again
            ax.tick_params(axis.axis_name, **dict.fromkeys(sides, False))
        axis.label.set(size=style.LABEL, color=style.INK)
        axis.get_offset_text().set(size=style.LABEL, color=style.INK)
        _write_numbers(axis)
    title = ax.get_title() or ax.get_title("left")
    for place in ("center", "left", "right"):
        ax.set_title("", loc=place)
    ax.set_title(title, loc="left", size=style.LABEL, weight="bold", color=style.INK, pad=3)
    for text in ax.texts:
        text.set_size(style.SMALL)
    ink_numbers(ax)
    if ax.get_legend():
        _dress_legend(ax.get_legend())


def _write_numbers(axis: Any) -> None:
    """Write numbers and dates of an axis with the marks of the style file, where the drawing left that to matplotlib."""
    from matplotlib.dates import AutoDateFormatter
    from matplotlib.ticker import AutoLocator, LogFormatter, MaxNLocator, NullFormatter, ScalarFormatter

    form, (low, high) = axis.get_major_formatter(), sorted(axis.get_view_interval())
    if type(form) is AutoDateFormatter:
        axis.set_major_formatter(AutoDateFormatter(axis.get_major_locator()))
    elif isinstance(form, LogFormatter):
        axis.set_major_formatter(_number)
        axis.set_minor_formatter(NullFormatter())
    elif type(form) is ScalarFormatter and max(abs(low), abs(high)) >= LARGE:
        axis.set_major_formatter(_number)
    elif YEARS[0] <= low < high <= YEARS[1] and isinstance(axis.get_major_locator(), AutoLocator):
        axis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], nbins=6 if style.width() >= 5 else 3))


def _number(value: float, _place: int | None = None) -> str:
    return in_thousands(round(value, 9)) if value == 0 or 1e-6 <= abs(value) < 1e12 else f"{value:g}"


def _dress_legend(legend: Legend) -> None:
    legend.set_frame_on(False)
    for text in (legend.get_title(), *legend.get_texts()):
        text.set(size=style.LABEL, color=style.INK)


def _arrange(figure: Figure, rect: tuple[float, float, float, float]) -> None:
    """Place the axes into the room between the words, with legends of the whole figure to their right."""
    left, bottom, wide, high = rect
    high -= BETWEEN / figure.get_figheight()
    renderer = figure.canvas.get_renderer()
    for legend in figure.legends:
        _dress_legend(legend)
        room = (legend.get_window_extent(renderer).width + BESIDE) / figure.bbox.width
        legend.set_loc("center right")
        legend.set_bbox_to_anchor((left, bottom, wide, high), transform=figure.transFigure)
        wide -= room
    figure.set_layout_engine("none")
    if any(_stands_freely(ax) for ax in figure.axes):
        _move_together(figure, (left, bottom, wide, high))
    else:
        figure.set_layout_engine("constrained", rect=(left, bottom, wide, high), w_pad=PAD, h_pad=PAD)


def _stands_freely(ax: Axes) -> bool:
    """Say whether matplotlib's layout cannot place axes: outside of any grid, in one that knows no figure, or as a color bar in one."""
    place = ax.get_subplotspec()
    grid = place.get_topmost_subplotspec().get_gridspec() if place else None
    return grid is None or grid.figure is None or ax.get_label() == "<colorbar>"


def _move_together(figure: Figure, rect: tuple[float, float, float, float]) -> None:
    """Move and stretch axes that stand freely, or next to a color bar, all alike, until they and their labels fill the room."""
    from matplotlib.transforms import Bbox

    left, bottom, wide, high = rect
    for _ in range(ROUNDS):
        boxes = [ax.get_tightbbox(figure.canvas.get_renderer()) for ax in figure.axes if ax.get_visible()]
        taken = Bbox.union([box for box in boxes if box is not None]).transformed(figure.transFigure.inverted())
        across, up = wide / taken.width, high / taken.height
        for ax in figure.axes:
            x, y, w, h = ax.get_position(original=True).bounds
            place = (left + (x - taken.x0) * across, bottom + (y - taken.y0) * up, w * across, h * up)
            ax.set_position([round(float(edge), 5) for edge in place])
