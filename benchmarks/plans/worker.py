"""A process with one library and one number of threads, which measures when it is told to.

Libraries have processes of their own because their pools of threads spin for a while after each step: in one process
they would slow each other down. Reads a line of JSON for each command, and answers with one.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

import gradwire as gw
from benchmarks.plans.libraries import LIBRARIES, Missing, Prepared, Step
from benchmarks.plans.work import Work
from benchmarks.plans.works import WORKS


def best_time(step: Step, seconds: float) -> float:
    """The shortest time of a step, of as many as fit; one at least."""
    clock = time.perf_counter
    best, now = float("inf"), clock()
    end = now + seconds
    while True:
        start = now
        step()
        now = clock()
        best = min(best, now - start)
        if now >= end:
            return best


def disagreement(work: Work, found: Sequence[Any], expected: Sequence[Any]) -> str:
    """What differs by more than the work's tolerance, or nothing."""
    if len(found) != len(expected):
        return f"{len(found)} results where {len(expected)} were expected"
    for i, (one, other) in enumerate(zip(map(np.asarray, found), map(np.asarray, expected), strict=True)):
        if one.shape != other.shape or one.dtype != other.dtype:
            return f"result {i} is {one.dtype}{list(one.shape)}, not {other.dtype}{list(other.shape)}"
        error = np.max(np.abs(one - other), initial=0) / max(np.max(np.abs(other), initial=0), 1e-300)
        if not error <= work.tolerance:
            return f"result {i} differs by {error:.1e} of its largest element"
    return ""


def main(library: str, threads: int, small: bool) -> None:
    """Answers until there are no more commands: {"prepare": work} and {"measure": seconds}."""
    ready: Prepared | None = None
    with contextlib.ExitStack() as session:
        for line in sys.stdin:
            asked = json.loads(line)
            if "measure" in asked:
                assert ready is not None
                answer = {"milliseconds": 1000 * best_time(ready.step, asked["measure"])}
            else:
                ready = None
                session.close()
                session.enter_context(gw.connect())
                work = WORKS[asked["prepare"]](small)
                try:
                    ready = LIBRARIES[library](work, threads)
                    problem = disagreement(work, ready.read(), work.by_hand(work.parameters, work.data))
                    answer = {"title": work.title, "compiled": ready.compiled, "problem": problem}
                except Missing as error:
                    answer = {"title": work.title, "missing": str(error)}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), "--small" in sys.argv)
