"""The figure of the summary: how many claims of each document have which verdict."""

from __future__ import annotations

import pandas as pd

from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed
from cityresearch.charts.transition import words_one_by_one
from cityresearch.charts.words import Words

VERDICT_COLOURS = {"agrees": style.BLUE, "agrees-if": style.SKY, "differs": style.VERMILION, "open": style.PALE}


@words_one_by_one
def verdict_counts(counts: pd.DataFrame) -> Chart:
    """Draw how many claims of each document have which verdict.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `findings.counts`.

    Returns
    -------
    Chart
        Data: document, verdict, claims.
    """
    words = list(VERDICT_COLOURS)
    total, open_claims, differs = (int(counts[c].sum()) for c in ("all", "open", "differs"))
    listed = "; ".join(f"{d}: " + ", ".join(f"{counts.at[d, w]} {w}" for w in words) for d in counts.index)
    with style.house_style():
        told = Words(
            f"Of {total} claims, {total - open_claims} are settled; {differs} differ from data or sources",
            "Number of claims by verdict. Open: nothing public at hand settles the claim, which says nothing against it.",
            alt=f"Stacked bars of claims by verdict. {listed}.",
            caption="Claims by document and verdict.",
        )
        source = "Source: data/processed/verdicts.csv, recomputed by the chapters."
        figure, (ax,) = framed(0.34 * len(counts) + 0.5, told, footer=source)
        left = [0] * len(counts)
        for word in words:
            ax.barh(
                range(len(counts)),
                counts[word],
                left=left,
                color=VERDICT_COLOURS[word],
                height=0.62,
                label=word,
                ec="white",
                lw=0.8,
            )
            for i, n in enumerate(counts[word]):
                if n / counts["all"].max() > 0.03:
                    dark = word in ("agrees", "differs")
                    ax.text(
                        left[i] + n / 2,
                        i,
                        str(n),
                        ha="center",
                        va="center",
                        size=style.SMALL,
                        color="white" if dark else style.INK,
                    )
            left = [a + int(b) for a, b in zip(left, counts[word], strict=True)]
        ax.set_yticks(range(len(counts)), list(counts.index))
        ax.invert_yaxis()
        ax.tick_params(axis="y", length=0)
        ax.xaxis.set_visible(False)
        for side in ("bottom", "left"):
            ax.spines[side].set_visible(False)
        ax.legend(ncols=4, loc="upper left", bbox_to_anchor=(0, -0.02), handlelength=1, columnspacing=1.2)
    data = counts[words].reset_index().melt(id_vars="document", var_name="verdict", value_name="claims")
    return Chart(figure, data, told)
