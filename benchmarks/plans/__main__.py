"""Measures plans beside other libraries, prints tables, and keeps those of a whole run in results/.

Each library has a process of its own, pinned to as many processors as it has threads, and they take turns. Before
anything is timed, all libraries' results are compared. A time is the shortest of many steps; a step is the value and
all gradients. "Ours" is the engine's backward pass over a graph that the SDK has recorded once, as a server runs it,
without the wire; "by the SDK" is `loss.backward(mode="zero")` on it in an embedded session. Ours computes a
Hessian-vector product after its variables have been written anew, since results are kept until then.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from benchmarks.plans import table
from benchmarks.plans.processes import MeasurementError, answer
from benchmarks.plans.timing import Row, rows
from benchmarks.plans.works import WORKS
from benchmarks.report import keep, machine, today

PARTS = ("time", "memory", "planning")

PACKAGES = ("gradwire", "numpy", "scipy", "torch", "jax", "autograd")


def main() -> None:
    """Measures what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plans", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=WORKS, default=list(WORKS), metavar="WORK", help=", ".join(WORKS))
    parser.add_argument("--libraries", nargs="+", choices=table.COLUMNS, default=list(table.COLUMNS), help="columns")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="what to measure")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2], help="default: 1 2")
    parser.add_argument("--seconds", type=float, default=0.6, help="for each number in the table; default: 0.6")
    parser.add_argument("--small", action="store_true", help="only check that all runs and agrees, on small works")
    asked = parser.parse_args()
    lines: list[str] = []
    try:
        for line in small(asked) if asked.small else whole(asked):
            print(line, flush=True)
            lines.append(line)
    except MeasurementError as error:
        sys.exit(f"error: {error}")
    if not asked.small and all(vars(asked)[name] == parser.get_default(name) for name in vars(asked)):
        keep(f"plans-{today()}", "\n".join(lines) + "\n")


def whole(asked: argparse.Namespace) -> Iterator[str]:
    """The lines of the report."""
    yield from (f"# Plans, {today()}", "", f"`python -m benchmarks.plans` on {machine(*PACKAGES)}{blas()}.", "")
    yield from (" ".join((__doc__ or "").split("\n\n")[1].split()), "")
    if "time" in asked.parts:
        for threads in asked.threads:
            yield from (f"## {threads} thread{'s' * (threads > 1)}, milliseconds", "")
            found: list[Row] = []
            yield from table.head()
            for row in rows(asked.only, asked.libraries, threads, asked.seconds, small=False):
                found.append(row)
                yield table.line(row)
            yield from (table.means(found), "", *table.missing(found))
    if "memory" in asked.parts:
        yield from table.memory(memory(asked.only))
    if "planning" in asked.parts:
        yield from table.planning(answer("planning", 1))


def blas() -> str:
    """NumPy's BLAS, if threadpoolctl is there to name it."""
    try:
        from threadpoolctl import threadpool_info
    except ModuleNotFoundError:
        return ""
    found = next((library for library in threadpool_info() if library["user_api"] == "blas"), None)
    return f", {found['internal_api']} {found['version']} for {found.get('architecture')}" if found else ""


def small(asked: argparse.Namespace) -> Iterator[str]:
    """Runs everything on small works, and says what was compared."""
    if "time" in asked.parts:
        found: list[Row] = []
        for row in rows(asked.only, asked.libraries, threads=2, seconds=0, small=True):
            found.append(row)
            yield f"{row.name}: {', '.join(row.milliseconds) or 'nobody'} agreed with NumPy by hand"
        yield from table.missing(found)
    if "memory" in asked.parts:
        memory(asked.only[:1], "--small")
        yield "memory: measured"
    if "planning" in asked.parts:
        answer("planning", 1, "--small")
        yield "planning: measured"


def memory(names: list[str], *options: str) -> list[tuple[str, table.Memory]]:
    """What works need, in our process and in PyTorch's, each its own."""
    asked = [(name, library) for name in names for library in ("ours", "torch")]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: answer("memory", 1, *one, *options), asked))
    pairs = zip(found[::2], found[1::2], strict=True)
    return [
        (WORKS[name](False).title, table.Memory(ours["growth"], torch.get("growth"), ours["peak"], ours["left"]))
        for name, (ours, torch) in zip(names, pairs, strict=True)
    ]


if __name__ == "__main__":
    main()
