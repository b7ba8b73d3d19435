"""Charts of what is said to have come of trips; planned outcomes are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cityresearch.chapters.mission_outcomes.results import DAYS_PER_YEAR, EVIDENCE, refuse_planned
from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed, in_marks, lay_out, text_width, wrapped
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words

UNIT = "years from the start of the trip"
SHADES = (style.BLUE, style.SKY, "white")


def outcome_delays(delays: pd.DataFrame, words: Words) -> Chart:
    """Draw the time from each trip to its dated results: filled marks are confirmed, open ones reported by one side.

    Parameters
    ----------
    delays : pandas.DataFrame
        From `results.delays`.

    Returns
    -------
    Chart
        Data: group (the city), label (the outcome), period (its date), value, low and high (years from the start of the trip), unit,
        mission_id, mission_date, days_low, days_high, status, kind.

    Raises
    ------
    DataError
        If a planned outcome is among them.
    """
    refuse_planned(delays)
    rows = delays.reset_index().sort_values(["days_high", "date", "outcome"], ascending=False, kind="stable")
    names = [wrapped(f"{r.city}: {r.outcome}", style.width() * 0.46, style.SMALL) for r in rows.itertuples()]
    steps = [0.10 + 0.12 * (name.count("\n") + 1) for name in names]
    places = np.cumsum(steps) - np.array(steps) / 2
    with style.house_style():
        figure, (ax,) = framed(0.35 + sum(steps), words, footer=words.footer(most=2))
        for y, row in zip(places, rows.itertuples(), strict=True):
            low, high = row.days_low / DAYS_PER_YEAR, row.days_high / DAYS_PER_YEAR
            sure = row.status == "confirmed"
            ax.plot([low, high], [y, y], color=style.BLUE, lw=1.4)
            ax.plot(
                [(low + high) / 2], [y], ls="", clip_on=False, marker="o" if sure else "s", ms=5, mec=style.BLUE, color=style.BLUE if sure else "white"
            )  # fmt: skip
            days = " to ".join(in_marks(f"{n:,}") for n in dict.fromkeys((row.days_low, row.days_high)))
            ax.annotate(f"{days} days", (high, y), (6, 0), textcoords="offset points", va="center", size=style.SMALL)
        ax.set_yticks(places, names, size=style.SMALL)
        ax.set_ylim(0, sum(steps))
        longest = rows["days_high"].max() / DAYS_PER_YEAR
        # the labels beside the marks need their own room
        ax.set_xlim(-0.05 * longest, longest * (1 + 1.05 / (0.45 * style.width())))
        ax.set_xticks(range(0, int(longest) + 1))
        ax.tick_params(axis="y", length=0)
        ax.set_xlabel(UNIT, size=style.SMALL)
    ends = rows[["days_low", "days_high"]] / DAYS_PER_YEAR
    data = rows.assign(value=ends.mean(axis=1), low=ends["days_low"], high=ends["days_high"], unit=UNIT)
    data = data.rename(columns={"city": "group", "outcome": "label", "date": "period"})
    kept = [
        "group",
        "label",
        "period",
        "value",
        "low",
        "high",
        "unit",
        "mission_id",
        "mission_date",
        "days_low",
        "days_high",
    ]
    return finished(figure, data[[*kept, "status", "kind"]], words, "Dot plot")


def outcome_evidence(counts: pd.DataFrame, words: Words) -> Chart:
    """Draw how many results of each trip are confirmed, reported elsewhere too, or printed only in the documents.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `counting.by_evidence`; its column planned is not drawn.

    Returns
    -------
    Chart
        Data: label, series (the evidence), value, unit.
    """
    counts = counts[list(EVIDENCE)]
    with style.house_style():
        names = [wrapped(label, style.width() * 0.36, style.LABEL) for label in counts.index]
        step = 0.16 + 0.13 * max(name.count("\n") + 1 for name in names)
        lines = 1 if style.width() >= 5 else 3
        figure, (ax,) = framed(0.2 + 0.17 * lines + step * len(counts), words, footer=words.footer(most=2))
        for i, (_, row) in enumerate(counts.iterrows()):
            left = 0
            for level, shade in zip(EVIDENCE, SHADES, strict=True):
                n = int(row[level])
                if n:
                    ax.barh([i], [n], left=left, height=0.62, color=shade, ec=style.INK, lw=0.6)
                    ink = "white" if shade == style.BLUE else style.INK
                    ax.text(left + n / 2, i, str(n), ha="center", va="center", size=style.SMALL, color=ink)
                left += n
        widest = max(1, int(counts.sum(axis=1).max()))
        ax.set_xlim(0, widest * 1.02)
        ax.set_ylim(len(counts) - 0.5 + 0.17 * lines / step + 0.15, -0.5)
        ax.set_yticks(range(len(counts)), names)
        ax.tick_params(axis="y", length=0)
        ax.xaxis.set_visible(False)
        ax.spines[["bottom", "left"]].set_visible(False)
        _key(figure, ax, len(counts) - 0.5 + 0.1, 0.17 / step, widest, lines)
    data = counts.melt(ignore_index=False, var_name="series", value_name="value").reset_index().assign(unit="outcomes")
    return finished(figure, data, words, "Stacked bars")


def _key(figure, ax, top: float, step: float, widest: float, lines: int) -> None:
    """Explain the shades under the bars."""
    lay_out(figure)
    per_point = widest * 1.02 / (ax.get_window_extent().width / figure.dpi * 72)
    low = ax.get_window_extent().x0 / figure.dpi * 72 - 6
    x, y = -low * per_point, top + step / 2
    for level, shade in zip(EVIDENCE, SHADES, strict=True):
        ax.plot([x + 4 * per_point], [y], ls="", marker="s", ms=5.5, color=shade, mec=style.INK, mew=0.6, clip_on=False)
        ax.text(x + 10 * per_point, y, level, size=style.SMALL, va="center")
        if lines > 1:
            y += step
        else:
            x += (20 + text_width(level) * style.SMALL) * per_point
