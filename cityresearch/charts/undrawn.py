"""Charts that are not drawn: a sweep over many places is run for its numbers."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

if TYPE_CHECKING:
    from cityresearch.charts.chart import Chart

UNDRAWN = {"CITYRESEARCH_FIGURES": "none"}
Given = ParamSpec("Given")


def draws() -> bool:
    """Say whether charts are drawn in this process."""
    return not os.environ.items() >= UNDRAWN.items()


def drawn(chart: Callable[Given, Chart]) -> Callable[Given, Chart | None]:
    """Let a function that draws a chart return None where the environment says that none is drawn, before it looks at anything."""

    @wraps(chart)
    def perhaps(*arguments: Given.args, **options: Given.kwargs) -> Chart | None:
        return chart(*arguments, **options) if draws() else None

    return perhaps
