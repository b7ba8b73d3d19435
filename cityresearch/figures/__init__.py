"""Figures: charts to publication standard, with the plotted data, alt text and source line beside each."""

<<<<<<< HEAD
from cityresearch.figures.bars import metro_exports
from cityresearch.figures.changes import changes
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import specification_curve
from cityresearch.figures.editions import editions
=======
from cityresearch.figures.bars import metro_exports, verdict_counts
from cityresearch.figures.chart import Chart
from cityresearch.figures.curves import recorded_curve, specification_curve
>>>>>>> 511253948a95b07f8d9516c5b793458cbe898e8b
from cityresearch.figures.lines import lines
from cityresearch.figures.ranked import ranked

<<<<<<< HEAD
__all__ = ["Chart", "changes", "editions", "lines", "metro_exports", "ranked", "specification_curve"]
=======
__all__ = ["Chart", "lines", "metro_exports", "recorded_curve", "specification_curve", "verdict_counts"]
>>>>>>> 511253948a95b07f8d9516c5b793458cbe898e8b
