"""The memory that steps of a work take in one library, in a process of its own. Prints JSON.

Growth is how far the resident memory of the process rises, from the moment when parameters and data are there to the
highest point of three steps: results, gradients, what is kept between forward and backward, and for ours the plan and
its memory. A small work of the same kind has run before, so that code is loaded and pools of threads have started.
"""

from __future__ import annotations

import ctypes
import gc
import json
import re
import sys
import tracemalloc
from pathlib import Path

import numpy as np

import gradwire as gw
from benchmarks.plans.libraries import LIBRARIES, Missing, Step
from benchmarks.plans.works import WORKS

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")

STEPS = 3


def resident(field: str) -> int:
    """Bytes by the kernel's count: VmRSS now, VmHWM at the highest since `growth` began."""
    found = re.search(rf"{field}:\s*(\d+) kB", STATUS.read_text(encoding="ascii"))
    assert found is not None
    return 1024 * int(found[1])


def growth(step: Step) -> int | None:
    """How far resident memory rises over some steps; None where it can't be seen."""
    if not CLEAR.exists():
        return None
    gc.collect()
    # What was freed before must not be counted as there already.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    CLEAR.write_text("5", encoding="ascii")
    before = resident("VmRSS")
    for _ in range(STEPS):
        step()
    return resident("VmHWM") - before


def allocated(step: Step) -> tuple[int, int]:
    """What a warm step allocates: at most, with Python's own objects; and the arrays among what is there at its end."""
    for _ in range(STEPS):
        step()
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        step()
        peak = tracemalloc.get_traced_memory()[1] - before
        arrays = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)
        left = tracemalloc.take_snapshot().filter_traces([arrays])
    finally:
        tracemalloc.stop()
    return peak, sum(trace.size for trace in left.traces)


def main(name: str, library: str, small: bool) -> None:
    """Measures one work in one library."""
    with gw.connect():
        try:
            LIBRARIES[library](WORKS[name](True), 1).read()
            ready = LIBRARIES[library](WORKS[name](small), 1)
        except Missing as error:
            print(json.dumps({"missing": str(error)}))
            return
        found = {"growth": growth(ready.step)}
        if library == "ours":
            found["peak"], found["left"] = allocated(ready.step)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--small" in sys.argv)
