"""Figures of the summary: how many claims have which verdict, and the readings behind a finding."""

from __future__ import annotations

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.findings.findings import Finding, has_curve, readings_in_words
from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed
from cityresearch.charts.exhibit import Undrawn, exhibit
from cityresearch.charts.words import Words
from cityresearch.numbers.quantity import Missing, missing

__all__ = ["VERDICT_COLORS", "curve", "verdict_counts"]
VERDICT_COLORS = {
    "agrees": style.BLUE,
    "agrees-if": style.SKY,
    "differs-unless": style.ORANGE,
    "differs": style.VERMILION,
    "open": style.PALE,
}


@exhibit("verdicts-by-document")
def verdict_counts(counts: pd.DataFrame, **words: str) -> Chart | Missing:
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
    if not counts["all"].sum():
        return missing("no chapter has judged a claim in these results yet: run the other chapters first")
    verdicts = list(VERDICT_COLORS)
    total, open_claims, differs, unless = (int(counts[c].sum()) for c in ("all", "open", "differs", "differs-unless"))
    listed = "; ".join(f"{d}: " + ", ".join(f"{counts.at[d, w]} {w}" for w in verdicts) for d in counts.index)
    with style.house_style():
        told = Words(
            f"Of {total} claims, {total - open_claims} are settled; {differs} differ from data or sources, {unless} more as printed",
            "Number of claims by verdict. Open: we found no public source that decides the claim. That does not make it wrong.",
            alt=f"Stacked bars of claims by verdict. {listed}.",
            caption="Claims by document and verdict.",
        )
        source = "Source: data/processed/verdicts.csv, recomputed by the chapters."
        figure, (ax,) = framed(0.34 * len(counts) + 0.5, told | words, footer=source)
        left = [0] * len(counts)
        for word in verdicts:
            ax.barh(
                range(len(counts)),
                counts[word],
                left=left,
                color=VERDICT_COLORS[word],
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
    data = counts[verdicts].reset_index().melt(id_vars="document", var_name="verdict", value_name="claims")
    return Chart(figure, data, told | words)


def curve(rank: int, finding: Finding, **words: str) -> Chart | Missing | Undrawn:
    """Draw the readings of a finding's leading claim against the printed number.

    Parameters
    ----------
    rank : int
        The finding's place in the list, for the name of the figure.
    finding : Finding

    Returns
    -------
    Chart
        As `charts.recorded_curve`; missing where fewer than two readings have a number.
    """

    @exhibit(f"finding-{rank:02d}")
    def drawn() -> Chart | Missing:
        claim_id = finding.claim.claim_id
        if not has_curve(finding):
            return missing(f"{claim_id} has fewer than two computed readings with a number, so no curve is drawn")
        return charts.recorded_curve(finding.check, Words(f"{claim_id}: {readings_in_words(finding)}") | words)

    return drawn()
