"""What it takes to plan graphs that are new. Prints JSON.

The graphs repeat y = sin(y)·x + y/2 on 16 float32 numbers, and are recorded by the SDK in an embedded session; what is
timed as a run is the engine's backward pass. The first run of a graph plans it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import gradwire as gw
from benchmarks.plans.libraries import Prepared, engine
from benchmarks.plans.work import Work

LARGE = 100_000
FIRST_CALLS = 9


def work_of(operations: int, turns: range = range(0)) -> Work:
    """So many operations (a multiple of four). In some of the turns a cosine takes the place of the sine."""

    def loss(gw: Any, p: Any, data: Any) -> Any:
        (x,) = p
        y = x
        for i in range(operations // 4):
            y = (gw.cos(y) if i in turns else gw.sin(y)) * x + y / 2
        return y.sum()

    return Work("", "", loss, lambda p, data: [], [np.linspace(0.1, 0.9, 16, dtype=np.float32)])


def seconds(call: Callable[[], Any]) -> float:
    """The time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def large(operations: int) -> dict[str, float]:
    """Seconds to record and send a graph, of its first run, and of its second."""
    made: list[Prepared] = []
    recorded = seconds(lambda: made.append(engine(work_of(operations), 1)))
    first, second = (seconds(made[0].step) for _ in range(2))
    return {"operations": operations, "recorded": recorded, "first": first, "second": second}


def first_calls(operations: int = 100) -> dict[str, float]:
    """Median milliseconds of the first run of graphs that differ, in an interpreter that has planned others before."""
    made = [engine(work_of(operations, range(i, i + 2)), 1) for i in range(FIRST_CALLS + 1)]
    _, *times = (seconds(one.step) for one in made)
    return {"operations": operations, "milliseconds": 1000 * statistics.median(times)}


def main(small: bool) -> None:
    """Measures all."""
    with gw.connect():
        calls = first_calls()
        sizes = [LARGE // 100] if small else [LARGE // 10, LARGE]
        print(json.dumps({"calls": calls, "large": [large(size) for size in sizes]}))


if __name__ == "__main__":
    main("--small" in sys.argv)
