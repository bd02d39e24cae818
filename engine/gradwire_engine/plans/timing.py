"""How long each step of a plan takes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from time import perf_counter_ns
from typing import Any, NamedTuple

import numpy as np

from gradwire_engine.plans.blocks import BoundRows
from gradwire_engine.plans.plan import Call, Plan
from gradwire_engine.spec import Array


class StepTime(NamedTuple):
    """Nanoseconds that a step takes, and each of its operations.

    Of operations that are done block by block, each gets the part of the step's time that its own part of all threads'
    time is. Of operations on single numbers it isn't known: they are one function.
    """

    total: int
    operations: tuple[int, ...]


class Timings(NamedTuple):
    """The shortest times of so many runs, in nanoseconds.

    Attributes:
        run: of a run as it is always done: a little more than the steps together take at best, and, since nothing looks
            at the clock within, at times a little less.
    """

    run: int
    steps: tuple[StepTime, ...]


def time_steps(
    plan: Plan, inputs: Sequence[Array], results: Sequence[Array], times: int, check: Callable[[], None]
) -> Timings:
    """Runs a plan so many times as always, and so many times with a look at the clock between its steps.

    Args:
        inputs, results: as for Plan.run.
        check: called between steps and runs, to stop it all by raising.
    """
    runs: list[int] = []
    steps: list[list[int]] = []
    parts: dict[int, list[list[int]]] = {}
    for _ in range(times):
        start = perf_counter_ns()
        for _ in plan.run(inputs, results, check):
            pass
        runs.append(perf_counter_ns() - start)
        with plan.filled(inputs, results) as calls, np.errstate(all="ignore"):
            steps.append([_time_of(call, check) for call in calls])
            for i, call in enumerate(calls):
                # What comes after needs its operands again.
                function, arrays = call
                if isinstance(function, BoundRows):
                    parts.setdefault(i, []).append(_times_of_parts(function, arrays))
                else:
                    _time_of(call, check)
    shortest = list(map(min, zip(*steps, strict=True)))
    return Timings(min(runs), tuple(StepTime(t, _shared(t, parts.get(i))) for i, t in enumerate(shortest)))


def _time_of(call: Call, check: Callable[[], None]) -> int:
    check()
    function, arrays = call
    start = perf_counter_ns()
    function(*arrays)
    return perf_counter_ns() - start


def _times_of_parts(rows: BoundRows, arrays: Sequence[Any]) -> list[int]:
    """For each operation, the time that all threads together spend on it."""
    # Threads may append at the same time, but not add.
    spent: list[list[int]] = [[] for _ in rows.members]
    timed = copy.copy(rows)
    timed.members = [(_clocked(function, s), slots) for (function, slots), s in zip(rows.members, spent, strict=True)]
    timed(*arrays)
    return list(map(sum, spent))


def _clocked(function: Callable[..., Any], spent: list[int]) -> Callable[..., None]:
    def call(*arrays: Array) -> None:
        start = perf_counter_ns()
        function(*arrays)
        spent.append(perf_counter_ns() - start)

    return call


def _shared(total: int, runs: list[list[int]] | None) -> tuple[int, ...]:
    """A step's time, shared out among its operations by the shortest that each has taken."""
    if runs is None:
        return ()
    best = list(map(min, zip(*runs, strict=True)))
    return tuple(total * part // max(sum(best), 1) for part in best)
