"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

from cityresearch.figures.bars import metro_exports
from cityresearch.figures.changes import changes
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import specification_curve
from cityresearch.figures.lines import lines
from cityresearch.figures.metro_map import metro_map, with_outline
from cityresearch.figures.ranked import ranked

__all__ = ["Chart", "changes", "lines", "metro_exports", "metro_map", "ranked", "specification_curve", "with_outline"]
