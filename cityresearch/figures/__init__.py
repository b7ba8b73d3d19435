"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

from cityresearch.figures.bars import metro_exports
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import specification_curve
from cityresearch.figures.lines import lines
from cityresearch.figures.maps import mission_map

__all__ = ["Chart", "lines", "metro_exports", "mission_map", "specification_curve"]
