"""A bounded pool of threads that kernels share: NumPy lets go of the interpreter's lock while it computes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

VARIABLE = "GRADWIRE_THREADS"
"""The environment variable that says how many threads compute; by default as many as there are processors for us."""


MOST = 1 << 16
"""More threads than any machine has use for."""


class _Pool:
    def __init__(self, size: int) -> None:
        self.size = size
        self.executor = ThreadPoolExecutor(size - 1, "gradwire-compute") if size > 1 else None


def _available() -> int:
    given = os.environ.get(VARIABLE)
    if given:
        return max(1, int(given))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_pool = _Pool(_available())
_inside = threading.local()


def threads() -> int:
    """How many threads compute together, the calling one included."""
    return _pool.size


def set_threads(count: int) -> None:
    """Sets how many threads compute together from now on."""
    global _pool
    if count != _pool.size:
        _pool, before = _Pool(count), _pool
        if before.executor is not None:
            before.executor.shutdown(wait=False)


def for_each(function: Callable[[int, int], None], count: int, workers: int = MOST) -> None:
    """Calls function(i, worker) for each i below count, on several threads; `worker` is below `workers`.

    No two calls with the same `worker` overlap. The first exception is raised, when all calls under way are over.
    Inside another `for_each`, all is done by the calling thread.
    """
    pool = _pool
    if pool.executor is None or count == 1 or getattr(_inside, "busy", False):
        for i in range(count):
            function(i, 0)
        return
    # Taking the next number is one step under the interpreter's lock.
    numbers = iter(range(count))
    errors: list[BaseException] = []

    def work(worker: int) -> None:
        _inside.busy = True
        try:
            with np.errstate(all="ignore"):
                for i in numbers:
                    if errors:
                        return
                    function(i, worker)
        except BaseException as error:
            errors.append(error)
        finally:
            _inside.busy = False

    others = [pool.executor.submit(work, worker) for worker in range(1, min(pool.size, count, workers))]
    work(0)
    for other in others:
        # One that hasn't begun, since its thread has other work, isn't needed any more.
        if not other.cancel():
            other.result()
    if errors:
        raise errors[0]
