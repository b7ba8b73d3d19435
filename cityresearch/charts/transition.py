"""For as long as some chapters still pass the words of a figure one by one."""

from __future__ import annotations

from functools import wraps

from cityresearch.charts.exhibit import draws
from cityresearch.charts.words import Words

NAMES = ("title", "subtitle", "alt", "caption", "sources", "note")


def words_one_by_one(draw):
    """Let a kind of chart take its words as arguments of their own, and draw nothing in a sweep."""

    @wraps(draw)
    def perhaps(*given, **options):
        if "title" in options:
            if not draws():
                return None
            if "source" in options:
                options["sources"] = (options.pop("source"),)
            options["words"] = Words(**{name: options.pop(name) for name in NAMES if name in options})
        return draw(*given, **options)

    return perhaps
