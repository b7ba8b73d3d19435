"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

from cityresearch.figures.bars import metro_exports
from cityresearch.figures.chart import Chart

__all__ = ["Chart", "metro_exports"]
