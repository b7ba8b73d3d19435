"""Figures of the summary: how many claims have which verdict, and the readings behind a finding."""

from __future__ import annotations

import pandas as pd

from cityresearch import charts
from cityresearch.chapters.findings.counts import EVIDENCE, OWN_WORDS
from cityresearch.chapters.findings.findings import Finding, has_curve, readings_in_words
from cityresearch.charts import style
from cityresearch.charts.chart import Chart, framed
from cityresearch.charts.exhibit import Undrawn, exhibit
from cityresearch.charts.tidy import finished
from cityresearch.charts.words import Words
from cityresearch.claims.curve_names import CURVES, curve_name
from cityresearch.numbers.quantity import Missing, missing
from cityresearch.phrases import capitalized

__all__ = ["VERDICT_COLORS", "curve", "verdict_counts"]
VERDICT_COLORS = style.VERDICTS


@exhibit("verdicts-by-document")
def verdict_counts(counts: pd.DataFrame, **words: str) -> Chart | Missing:
    """Draw how many claims of each document have which verdict, apart by what the verdict rests on.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `counts.counts`.

    Returns
    -------
    Chart
        Data: group (what the verdict rests on), label (the document), series (the verdict), value, unit.
    """
    if not counts["all"].sum():
        return missing("no chapter has judged a claim in these results yet: run the other chapters first")
    verdicts = list(VERDICT_COLORS)
    drawn = counts.groupby(["rests on", "document"], sort=False)[[*verdicts, "all"]].sum()
    tested, own = (drawn.loc[group].sum() for group in (EVIDENCE, OWN_WORDS))
    told = Words(
        f"Held against {EVIDENCE}, {tested['differs']} of {tested['all']} claims differ, and {tested['differs-unless']} more as printed",
        f"Number of claims by verdict. The {own['all']} claims that only {OWN_WORDS} decide are apart. "
        "Open: we found no public source that decides the claim. That does not make it wrong.",
        caption="Claims by what the verdict rests on, document and verdict.",
    )
    with style.house_style():
        source = "Source: data/processed/verdicts.csv, recomputed by the chapters."
        places = _places(drawn)
        across = 5 if style.width() >= 5 else 2
        figure, (ax,) = framed(
            0.3 * (max(places) + 1) + 0.3 + 0.2 * -(-len(verdicts) // across), told | words, footer=source
        )
        per_digit = 0.07 / (style.width() - 1)  # of the longest bar: what a number needs
        left = [0] * len(drawn)
        for word in verdicts:
            ax.barh(
                places, drawn[word], left=left, color=VERDICT_COLORS[word], height=0.62, label=word, ec="white", lw=0.8
            )
            for start, place, n in zip(left, places, drawn[word], strict=True):
                if n / drawn["all"].max() > per_digit * (len(str(n)) + 0.5):
                    ink = style.ink_on(VERDICT_COLORS[word])
                    ax.text(start + n / 2, place, str(n), ha="center", va="center", size=style.SMALL, color=ink)
            left = [a + int(b) for a, b in zip(left, drawn[word], strict=True)]
        ax.set_yticks(places, list(drawn.index.get_level_values("document")))
        for group in dict.fromkeys(drawn.index.get_level_values("rests on")):
            first = places[drawn.index.get_level_values("rests on").tolist().index(group)]
            ax.text(0, first - 0.72, capitalized(group), size=style.LABEL, weight="bold", va="center")
        ax.set_ylim(max(places) + 0.6, -1.1)
        ax.tick_params(axis="y", length=0)
        ax.xaxis.set_visible(False)
        for side in ("bottom", "left"):
            ax.spines[side].set_visible(False)
        ax.legend(ncols=across, loc="upper left", bbox_to_anchor=(0, 0.01), handlelength=1, columnspacing=1.2)
    data = drawn[verdicts].rename_axis(["group", "label"]).reset_index()
    data = data.melt(["group", "label"], var_name="series", value_name="value").assign(unit="claims")
    return finished(figure, data, told | words, "Stacked bars")


def _places(drawn: pd.DataFrame) -> list[float]:
    """Return where each bar goes, with room for a heading above each group."""
    groups = list(drawn.index.get_level_values("rests on"))
    starts = [i > 0 and groups[i] != groups[i - 1] for i in range(len(groups))]
    return [i + 1.0 * sum(starts[: i + 1]) for i in range(len(groups))]


def curve(finding: Finding, **words: str) -> Chart | Missing | Undrawn:
    """Draw the readings of a finding's leading claim against the printed number, unless its chapter draws them.

    Returns
    -------
    Chart
        As `charts.recorded_curve`; missing where fewer than two readings have a number, or where the chapter's figure shows them.
    """
    item = finding.claim

    @exhibit(curve_name(item.claim_id))
    def drawn() -> Chart | Missing:
        if not has_curve(finding):
            return missing(f"{item.claim_id} has fewer than two computed readings with a number, so no curve is drawn")
        if item.claim_id in CURVES:
            return missing(f"its readings are drawn in {item.chapter}, as figure {CURVES[item.claim_id]}")
        what = f"{capitalized(item.metric.replace('_', ' '))} of {item.subject}"
        title = f"{what}: {readings_in_words(finding)}"
        return charts.recorded_curve(finding.check, Words(title) | words)

    return drawn()
