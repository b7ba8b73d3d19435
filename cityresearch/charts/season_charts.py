"""Changes by month compared with what is usual for the month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks, in_thousands, ticks_within
from cityresearch.charts.edition_charts import SIDE_BY_SIDE
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words

__all__ = ["against_usual"]


def against_usual(
    data: pd.DataFrame,
    words: Words,
    *,
    unit: str,
    scale: float = 1,
    usual_label: str = "usual for the month",
    events: Mapping[str, str] | None = None,
    height: float = 1.7,
) -> Chart:
    """Draw changes as bars, one panel per series, with a diamond at the usual change of each period.

    Parameters
    ----------
    data : pandas.DataFrame
        Long: panel, period (ISO, in order), tick (how the axis writes it), change, usual (missing where none is known).
    unit : str
        For the vertical axes, after division by `scale`.
    events : mapping of period to label, optional
        A dotted line before the bar of that period.
    height : float
        Inches of one panel.

    Returns
    -------
    Chart
        Data: panel, period, value (the change) and usual, divided by the scale, unit.
    """
    panels, periods = list(dict.fromkeys(data["panel"])), list(dict.fromkeys(data["period"]))
    ticks = [data.loc[data["period"] == period, "tick"].iloc[0] for period in periods]
    columns = len(panels) if style.width() >= SIDE_BY_SIDE else 1
    rows = -(-len(panels) // columns)
    has_usual = bool(data["usual"].notna().any())
    legend = f"Bars: change printed for the month. ◆ {usual_label}." if has_usual else ""
    with style.house_style():
        figure, axes = framed(
            (height + 0.2) * rows,
            words | {"subtitle": f"{words.subtitle}\n{legend}"},
            footer=words.footer(between="\n"),
            rows=rows,
            columns=columns,
            sharey=True,
        )
        for ax, panel in zip(axes, panels, strict=True):
            shown = data[data["panel"] == panel].set_index("period")
            for i, period in enumerate(periods):
                if period not in shown.index or pd.isna(shown.at[period, "change"]):
                    continue
                value, usual = float(shown.at[period, "change"]) / scale, float(shown.at[period, "usual"]) / scale
                ax.bar([i], [value], color=style.BLUE, width=0.62)
                up = value >= 0
                # the number stands beyond the diamond where both lie on one side of zero
                same_side = [u for u in [usual] if u == u and (u >= 0) == up]
                edge = max([value, *same_side]) if up else min([value, *same_side])
                room = 7 if edge != value else 3
                ax.annotate(
                    in_marks(f"{value:+.1f}"), (i, edge), (0, room if up else -room), textcoords="offset points", ha="center",
                    va="bottom" if up else "top", size=style.SMALL,
                )  # fmt: skip
                if usual == usual:
                    ax.plot([i], [usual], marker="D", ms=4.5, color=style.ORANGE, mec=style.INK, mew=0.6, ls="")
            ax.axhline(0, color=style.INK, lw=0.6)
            ax.set_title(panel, size=style.LABEL, loc="left", weight="bold", pad=3)
            ax.set_xticks(range(len(periods)), ticks, size=style.SMALL)
            ax.tick_params(axis="y", labelsize=style.SMALL)
            ax.spines["bottom"].set_visible(False)
            ax.tick_params(axis="x", length=0)
            if columns == 1 or ax is axes[0]:
                ax.set_ylabel(unit, size=style.SMALL)
            for period, label in (events or {}).items():
                place = periods.index(period) - 0.5
                ax.axvline(place, color=style.GRAY, lw=0.9, ls=(0, (1, 2)), zorder=0)
                ax.annotate(
                    label, (place, 0.02), (2, 0), xycoords=("data", "axes fraction"), textcoords="offset points", va="bottom",
                    size=style.SMALL, color="#555555",
                )  # fmt: skip
        low, high = axes[0].get_ylim()
        axes[0].set_ylim(low - 0.12 * (high - low), high + 0.1 * (high - low))
        places = ticks_within(*axes[0].get_ylim(), 6)
        for ax in axes:
            ax.set_yticks(places, [in_thousands(v) for v in places])
    drawn = data[["panel", "period"]].assign(value=data["change"] / scale, unit=unit, usual=data["usual"] / scale)
    return finished(figure, drawn, words, "Bars, one panel per series")
