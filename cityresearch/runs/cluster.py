"""Sweeps on more than one machine: the same jobs handed to a Dask scheduler.

A Dask worker has threads, which a fork must not have, so each batch of jobs runs in a fresh process that the worker starts. A batch whose
worker dies is given to another one. All machines need the project at the same path, on a shared disk for instance.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cityresearch.errors import ParameterError

__all__ = ["on_cluster"]

if TYPE_CHECKING:
    from cityresearch.execution.job import Job, Outcome

BATCH = 8
RETRIES = 3


def on_cluster(
    address: str, say: Callable[[str], None]
) -> Callable[[Sequence[Job], Callable[[Outcome], Outcome]], list[Outcome]]:
    """Return a runner that hands jobs to a Dask scheduler.

    Raises
    ------
    ParameterError
        If Dask is not installed, or no scheduler answers at the address.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise ParameterError(
            "--scheduler needs Dask: install the extra with pip install 'cityresearch[cluster]'."
        ) from None

    def run_jobs(jobs: Sequence[Job], keep: Callable[[Outcome], Outcome]) -> list[Outcome]:
        try:
            client = Client(address, timeout="10s")
        except (OSError, TimeoutError, ValueError) as error:
            raise ParameterError(
                f"No Dask scheduler answers at {address} ({error}): start one with dask scheduler."
            ) from None
        with client:
            batches = [list(jobs[i : i + BATCH]) for i in range(0, len(jobs), BATCH)]
            futures = [client.submit(run_batch, batch, pure=False, retries=RETRIES) for batch in batches]
            place = {future.key: number for number, future in enumerate(futures)}
            found: dict[int, list[Outcome]] = {}
            for number, future in enumerate(as_completed(futures), start=1):
                say(f"batch {number} of {len(batches)}: {future.status}")
                found[place[future.key]] = [keep(outcome) for outcome in future.result()]
            return [outcome for number in sorted(found) for outcome in found[number]]

    return run_jobs


def run_batch(jobs: Sequence[Job]) -> list[Outcome]:
    """Run jobs one after another in a fresh process and return their outcomes."""
    call = subprocess.run(
        [sys.executable, "-m", "cityresearch.runs.cluster"],
        input=pickle.dumps(list(jobs)),
        capture_output=True,
        check=False,
    )
    if call.returncode != 0:
        raise RuntimeError(f"A batch of notebooks could not be run: {call.stderr.decode(errors='replace')[-2000:]}")
    return pickle.loads(call.stdout)


def _main() -> None:
    from cityresearch.runs.forked import run_all

    jobs = pickle.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps(run_all(jobs, 1)))


if __name__ == "__main__":
    _main()
