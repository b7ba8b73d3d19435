"""The command that says what new data would move."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["whatif"]


def whatif(
    everything: Annotated[
        bool, typer.Option("--all", help="Show every verdict, reading, reason and figure in full.")
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all of it as JSON.")] = None,
    jobs: Annotated[int, typer.Option(help="How many notebooks run at once; 0 means one for each processor.")] = 0,
) -> None:
    """Say what staged data, or data that were imported and not yet committed, would move, and change nothing."""
    from cityresearch.errors import ParameterError
    from cityresearch.outputs import write_file
    from cityresearch.runs import report, whatif, whatif_words
    from cityresearch.runs.build import Options

    if jobs < 0:
        raise ParameterError(f"--jobs takes a whole number from 0, found {jobs}.")
    report.check_paths(json_file)
    trial = whatif.whatif(Options(jobs or os.cpu_count() or 1))
    if json_file:
        text = json.dumps(trial.as_json(), indent=2, ensure_ascii=False) + "\n"
        write_file(json_file, text.encode("utf-8"))
    print("\n".join(whatif_words.lines(trial, everything)))
    if trial.built.failures or trial.built.lost:
        raise typer.Exit(1)
