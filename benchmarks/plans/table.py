"""The table as Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.plans.timing import Row

COLUMNS = {
    "ours": "ours",
    "sdk": "ours by the SDK, embedded",
    "torch": "PyTorch eager",
    "jax": "JAX jit",
    "autograd": "HIPS autograd",
    "numpy": "NumPy by hand",
}
"""Titles of the columns with milliseconds."""

NONE = "–"


def table(rows: Sequence[Row]) -> list[str]:
    """Milliseconds by library, JAX's compilation, and the ratios with their geometric means."""
    titles = [*COLUMNS.values(), "JAX compiles, s", "ours / PyTorch", "ours / JAX"]
    lines = ["| work | " + " | ".join(titles) + " |", "|---" + "|---:" * len(titles) + "|"]
    for row in rows:
        cells = [_number(row.milliseconds.get(library)) for library in COLUMNS]
        cells.append(_number(row.compiled.get("jax")))
        cells += [_number(ratio(row, "torch")), _number(ratio(row, "jax"))]
        lines.append(f"| {row.title} | " + " | ".join(cells) + " |")
    means = [_number(geometric_mean([ratio(row, other) for row in rows])) for other in ("torch", "jax")]
    lines.append("| geometric mean |" + " |" * (len(COLUMNS) + 1) + f" {means[0]} | {means[1]} |")
    return lines


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
