"""The command that runs what is saved: `cityresearch run --watch`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

__all__ = ["respond_with_report", "watch"]

if TYPE_CHECKING:
    from multiprocessing import connection

    from cityresearch.runs.build import Options
    from cityresearch.runs.watch import Settings


def watch(
    chapters: Sequence[str], options: Options, everything: bool, with_report: bool, asked: Sequence[str]
) -> NoReturn:
    """Run what is saved until Ctrl-C, and say what it moves; nothing is published.

    Parameters
    ----------
    asked : sequence of str
        The options of `cityresearch run` that were given.

    Raises
    ------
    ParameterError
        If one of them is not for a watch.
    """
    from cityresearch.errors import ParameterError
    from cityresearch.runs import watch_answers
    from cityresearch.runs.build import alone
    from cityresearch.runs.notebooks import chapters as named
    from cityresearch.runs.watch import RESPONDER, Settings, watch

    if "--watch" not in asked:
        raise ParameterError(
            "--report takes --watch too: the report of what is published is made by cityresearch report."
        )
    others = [name for name in asked if name != "--watch"]
    if others or options.engine != "fork":
        raise ParameterError(
            f"--watch runs the chapters with the values of the paper and publishes nothing, so it does not take {(others or ['--engine'])[0]}: "
            "leave one of the two out."
        )
    named(chapters)
    responder = f"{__name__}.{respond_with_report.__name__}" if with_report else RESPONDER
    settings = Settings(tuple(chapters), options.jobs, everything, responder, options.limits)
    with alone(watch_answers.folder()):
        watch_answers.prepare()
        print(
            "Watching notebooks, modules and tables; results go to build/watch, and nothing is published. Ctrl-C ends it.",
            flush=True,
        )
        if not with_report:
            watch(settings, _say)
        from cityresearch.report.live import served

        with served(watch_answers.folder() / "report") as address:
            _say(f"Report: {address}")
            watch(settings, _say)


def _say(line: str) -> None:
    print(line, flush=True)


def respond_with_report(pipe: connection.Connection, settings: Settings) -> None:
    """Answer a watch, and make the report anew each time."""
    from cityresearch.report.live import page_of
    from cityresearch.runs.watch_answers import folder, respond

    respond(pipe, settings, lambda results: [page_of(results, folder() / "notebooks", folder() / "report")])
