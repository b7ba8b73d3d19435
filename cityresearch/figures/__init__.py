"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

from cityresearch.figures.bars import metro_exports, verdict_counts
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import recorded_curve, specification_curve
from cityresearch.figures.lines import lines

__all__ = ["Chart", "lines", "metro_exports", "recorded_curve", "specification_curve", "verdict_counts"]
