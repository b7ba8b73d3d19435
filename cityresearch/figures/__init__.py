"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

from cityresearch.figures.bars import metro_exports
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import specification_curve
from cityresearch.figures.dots import dots
from cityresearch.figures.lines import lines

__all__ = ["Chart", "dots", "lines", "metro_exports", "specification_curve"]
