"""What was measured, as Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.plans.timing import Row

COLUMNS = {
    "ours": "ours",
    "sdk": "ours by the SDK",
    "torch": "PyTorch eager",
    "jax": "JAX jit",
    "autograd": "HIPS autograd",
    "numpy": "NumPy by hand",
}
"""Titles of the columns with milliseconds."""

NONE = "–"


class Memory(NamedTuple):
    """Bytes; see memory.py.

    Attributes:
        growth: how far our resident memory rises over some steps.
        torch: the same of PyTorch's.
        peak: what a warm step of ours allocates at most, Python's own objects included.
        left: bytes of arrays that it has allocated and that are there at its end.
    """

    growth: int | None
    torch: int | None
    peak: int
    left: int


def head() -> list[str]:
    """The table's first two lines."""
    titles = [*COLUMNS.values(), "JAX compiles, s", "ours / PyTorch", "ours / JAX"]
    return ["| work | " + " | ".join(titles) + " |", "|---" + "|---:" * len(titles) + "|"]


def line(row: Row) -> str:
    """A row of the table."""
    cells = [_number(row.milliseconds.get(library)) for library in COLUMNS]
    cells += [_number(row.compiled.get("jax")), _number(ratio(row, "torch")), _number(ratio(row, "jax"))]
    return f"| {row.title} | " + " | ".join(cells) + " |"


def means(rows: Sequence[Row]) -> str:
    """The last row: the ratios' geometric means."""
    found = [_number(geometric_mean([ratio(row, other) for row in rows])) for other in ("torch", "jax")]
    return "| geometric mean |" + " |" * (len(COLUMNS) + 1) + f" {found[0]} | {found[1]} |"


def missing(rows: Sequence[Row]) -> Iterator[str]:
    """A line for each library that isn't there."""
    for library, why in {library: why for row in rows for library, why in row.missing.items()}.items():
        yield f"**NOT MEASURED: {COLUMNS[library]}, since {why} (`make bench` installs it).**"
        yield ""


def memory(found: Sequence[tuple[str, Memory]]) -> Iterator[str]:
    """The table of memory."""
    yield from (
        "## Memory, 1 thread",
        "",
        "Growth of a process's resident memory over its first three steps, in MB; then what a later step allocates by"
        " tracemalloc, in KiB: all at most, Python's own objects included, and arrays that are there at its end.",
        "",
        "| work | ours, MB | PyTorch, MB | ours / PyTorch | allocated at most, KiB | arrays left, KiB |",
        "|---|---:|---:|---:|---:|---:|",
    )
    for title, one in found:
        megabytes = [None if size is None else size / 1e6 for size in (one.growth, one.torch)]
        quotient = one.growth / one.torch if one.growth is not None and one.torch else None
        cells = [*map(_number, (*megabytes, quotient)), f"{one.peak / 1024:,.1f}", f"{one.left / 1024:,.1f}"]
        yield f"| {title} | " + " | ".join(cells) + " |"
    yield ""


def planning(found: Any) -> Iterator[str]:
    """What planning takes."""
    calls = found["calls"]
    yield from ("## Planning, 1 thread", "")
    for one in found["large"]:
        yield (
            f"- A graph of {one['operations']:,} operations: recorded and sent in {one['recorded']:.2f} s; planned and"
            f" run in {one['first']:.2f} s; run again in {one['second']:.3f} s."
        )
    yield f"- The first run of a new graph of {calls['operations']} operations: {calls['milliseconds']:.2f} ms."


def ratio(row: Row, other: str) -> float | None:
    """Our time by another's."""
    ours, theirs = row.milliseconds.get("ours"), row.milliseconds.get(other)
    return None if ours is None or theirs is None else ours / theirs


def geometric_mean(ratios: Sequence[float | None]) -> float | None:
    """Of those that are known."""
    logs = [math.log(one) for one in ratios if one is not None]
    return math.exp(sum(logs) / len(logs)) if logs else None


def _number(value: float | None) -> str:
    """Three significant digits."""
    if value is None:
        return NONE
    digits = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:,.{min(digits, 4)}f}"
