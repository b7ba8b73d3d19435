"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

from cityresearch.figures.bars import metro_exports
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import specification_curve
from cityresearch.figures.lines import lines
from cityresearch.figures.shares import shares
from cityresearch.figures.ties import ties

__all__ = ["Chart", "lines", "metro_exports", "shares", "specification_curve", "ties"]
