"""Processes with so many threads and processors, for whatever library runs in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from gradwire_engine import blas


class MeasurementError(RuntimeError):
    """Libraries disagree, or one of the processes came to an end."""


OURS = ("ours", "sdk")
"""Libraries that choose OpenBLAS's kernels, as gradwire's own processes do; others get what they would get alone."""


def environment(threads: int, library: str = "ours") -> dict[str, str]:
    """Variables by which a library takes so many threads."""
    names = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    found = {**os.environ, **{f"{name}_NUM_THREADS": str(threads) for name in names}}
    found["GRADWIRE_THREADS"] = str(threads)
    if threads == 1:
        found["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if blas.chosen:
        del found[blas.VARIABLE]
    if library in OURS and (kernels := blas.preferred()):
        found.setdefault(blas.VARIABLE, kernels)
    return found | {"JAX_PLATFORMS": "cpu"}


def command(module: str, threads: int, *arguments: str) -> list[str]:
    """The command line of a module of this package, on as many processors as threads, where that can be said."""
    start = [sys.executable, "-m", f"benchmarks.plans.{module}", *arguments]
    if not hasattr(os, "sched_setaffinity"):
        return start
    chosen = sorted(os.sched_getaffinity(0))[-threads:]
    pin = "import json, os, sys; os.sched_setaffinity(0, json.loads(sys.argv[1])); os.execv(sys.argv[2], sys.argv[2:])"
    return [sys.executable, "-c", pin, json.dumps(chosen), *start]


def answer(module: str, threads: int, *arguments: str) -> Any:
    """The JSON that a module of this package prints in its last line."""
    line = command(module, threads, *arguments)
    done = subprocess.run(line, env=environment(threads), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise MeasurementError(f"{module} {' '.join(arguments)} failed")
    return json.loads(done.stdout.splitlines()[-1])


class Worker:
    """A worker process (see worker.py)."""

    def __init__(self, library: str, threads: int, small: bool) -> None:
        self.library = library
        line = command("worker", threads, library, str(threads), *["--small"] * small)
        self._process = subprocess.Popen(
            line, env=environment(threads, library), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def send(self, **asked: Any) -> None:
        """Sends a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()

    def receive(self) -> Any:
        """The answer to the command sent last."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise MeasurementError(f"the process of {self.library} came to an end")
        return json.loads(line)

    def close(self) -> None:
        """Ends the process."""
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
