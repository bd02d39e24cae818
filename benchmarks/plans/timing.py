"""Times all libraries on each work with one number of threads."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.plans.processes import MeasurementError, Worker

ROUNDS = 4
"""Libraries take turns so many times, so that a busy moment hits all alike."""

QUIET = 0.15
"""Seconds between turns with several threads: OpenBLAS's threads spin for about 0.1 s when there is nothing to do."""


@dataclass
class Row:
    """What was measured of one work: milliseconds, seconds of compilation, and why libraries are missing."""

    name: str
    title: str
    milliseconds: dict[str, float] = field(default_factory=dict[str, float])
    compiled: dict[str, float] = field(default_factory=dict[str, float])
    missing: dict[str, str] = field(default_factory=dict[str, str])


def rows(names: Sequence[str], libraries: Sequence[str], threads: int, seconds: float, small: bool) -> Iterator[Row]:
    """A row for each work. Raises MeasurementError if the libraries' results differ."""
    with ExitStack() as stack:
        workers = [Worker(library, threads, small) for library in libraries]
        for worker in workers:
            stack.callback(worker.close)
        for name in names:
            row = Row(name, "")
            ready = [worker for worker in workers if _prepare(worker, row)]
            for _ in range(1 if small else ROUNDS):
                for worker in ready:
                    if threads > 1 and not small:
                        time.sleep(QUIET)
                    worker.send(measure=0 if small else seconds / ROUNDS)
                    took = worker.receive()["milliseconds"]
                    row.milliseconds[worker.library] = min(took, row.milliseconds.get(worker.library, took))
            yield row


def _prepare(worker: Worker, row: Row) -> bool:
    """Whether the library is there and agrees."""
    worker.send(prepare=row.name)
    answer = worker.receive()
    row.title = answer["title"]
    if missing := answer.get("missing"):
        row.missing[worker.library] = missing
        return False
    if problem := answer["problem"]:
        raise MeasurementError(f"{row.name}: {worker.library} disagrees with NumPy by hand: {problem}")
    if answer["compiled"] is not None:
        row.compiled[worker.library] = answer["compiled"]
    return True
