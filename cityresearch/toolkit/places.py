"""The public figure of an office's place: its goods exports by year."""

from __future__ import annotations

from cityresearch.chapters.city_profile import figures
from cityresearch.charts.chart import Chart
from cityresearch.charts.exhibit import Undrawn
from cityresearch.datasets.load import load
from cityresearch.errors import ParameterError
from cityresearch.measures import areas, goods
from cityresearch.measures.places import find_place
from cityresearch.numbers.quantity import Missing, missing

__all__ = ["exports"]


def exports(place: str) -> Chart | Missing | Undrawn:
    """Draw a place's exports by year, or say why there is nothing to draw; a place that we do not know is no fault of a book."""
    try:
        found = find_place(place)
    except ParameterError as error:
        return missing(f"no figure of exports: {error}")
    titles = load("metro_titles")
    by_year = goods.exports_by_year(load("metro_exports"), titles, found.title)
    if by_year.empty:
        return missing(f"no figure of exports: the export series has no value of {found.title}")
    redrawn = areas.breaks(by_year, load("metro_counties"), found.code)
    return figures.exports(by_year, redrawn, found.title, year=int(by_year.index.max()))
