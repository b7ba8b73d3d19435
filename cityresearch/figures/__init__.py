"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

from cityresearch.figures.bars import metro_exports, verdict_counts
from cityresearch.figures.changes import changes
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import recorded_curve, specification_curve
from cityresearch.figures.editions import editions
from cityresearch.figures.lines import lines
from cityresearch.figures.ranked import ranked

__all__ = [
    "Chart",
    "changes",
    "editions",
    "lines",
    "metro_exports",
    "ranked",
    "recorded_curve",
    "specification_curve",
    "verdict_counts",
]
