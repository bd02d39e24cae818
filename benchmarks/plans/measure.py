"""Times the libraries on each work, in one process with one number of threads. Prints JSON."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import gradwire as gw
from benchmarks.plans.libraries import LIBRARIES, Missing, Prepared, Step, disagreement
from benchmarks.plans.work import Work
from benchmarks.plans.works import WORKS

BURST = 0.02
"""Seconds that a library has the machine for, before the next one gets its turn."""


def burst(step: Step, seconds: float) -> float:
    """The shortest time of a step, of those that fit; one at least."""
    clock = time.perf_counter
    best, now = float("inf"), clock()
    end = now + seconds
    while now < end:
        start = now
        step()
        now = clock()
        best = min(best, now - start)
    return best


def best_times(steps: Mapping[str, Step], seconds: float) -> dict[str, float]:
    """The shortest time of each; they take turns, so that a busy moment hits all alike."""
    best = dict.fromkeys(steps, float("inf"))
    spent = dict.fromkeys(steps, 0.0)
    while waiting := [name for name in steps if spent[name] < seconds]:
        for name in waiting:
            start = time.perf_counter()
            best[name] = min(best[name], burst(steps[name], min(BURST, seconds)))
            spent[name] += time.perf_counter() - start
    return best


def prepared(work: Work, libraries: Sequence[str], threads: int) -> tuple[dict[str, Prepared], dict[str, str]]:
    """The work in all libraries that are there, and why the others aren't. Raises AssertionError if they disagree."""
    found: dict[str, Prepared] = {}
    missing: dict[str, str] = {}
    expected = LIBRARIES["numpy"](work, threads).read()
    for name in libraries:
        try:
            found[name] = LIBRARIES[name](work, threads)
        except Missing as error:
            missing[name] = str(error)
            continue
        if difference := disagreement(work, found[name].read(), expected):
            raise AssertionError(f"{work.name}: {name} disagrees with NumPy by hand: {difference}")
    return found, missing


def measured(name: str, libraries: Sequence[str], threads: int, seconds: float, small: bool) -> dict[str, Any]:
    """The milliseconds of one work by library, and what JAX's compilation took."""
    with gw.connect(), np.errstate(all="ignore"):
        work = WORKS[name](small)
        ready, missing = prepared(work, libraries, threads)
        times = best_times({library: made.step for library, made in ready.items()}, seconds)
    compiled = {library: made.compiled for library, made in ready.items() if made.compiled is not None}
    return {
        "title": work.title,
        "milliseconds": {library: 1000 * took for library, took in times.items()},
        "compiled": compiled,
        "missing": missing,
    }


def main() -> None:
    """Measures what it is asked for, and prints a line for each work."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--works", nargs="+", required=True)
    parser.add_argument("--libraries", nargs="+", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--small", action="store_true")
    asked = parser.parse_args()
    for name in asked.works:
        found = measured(name, asked.libraries, asked.threads, asked.seconds, asked.small)
        print(json.dumps({"name": name, **found}))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
