"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

from cityresearch.figures.bars import metro_exports, verdict_counts
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import recorded_curve, specification_curve
from cityresearch.figures.dots import dots
from cityresearch.figures.lines import lines
from cityresearch.figures.maps import mission_map
from cityresearch.figures.outcomes import outcome_delays, outcome_evidence
from cityresearch.figures.timelines import mission_timeline

__all__ = [
    "Chart",
    "dots",
    "lines",
    "metro_exports",
    "mission_map",
    "mission_timeline",
    "outcome_delays",
    "outcome_evidence",
    "recorded_curve",
    "specification_curve",
    "verdict_counts",
]
