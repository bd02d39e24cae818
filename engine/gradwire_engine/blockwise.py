"""Kernels out of functions of vectors: applied block by block, they need next to no memory."""

import threading
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from gradwire_engine.spec import DTYPES, Array, DType

FLOAT16, FLOAT32, FLOAT64 = DTYPES["float16"], DTYPES["float32"], DTYPES["float64"]
BLOCK = 1024
"""How many elements are computed together: their intermediate results stay in the cache."""
LONG_BLOCK = 1 << 16
"""The same where intermediate results have memory already, and starting is what takes time."""
COPIED_BLOCK = 1 << 12
"""The same where operands are copied first, as they must be cast or broadcast."""

Mode = Literal["readonly", "writeonly"]


def blockwise(function: Callable[..., Array], dtypes: Sequence[DType] | None = None) -> Callable[..., None]:
    """A kernel that applies a function of equally long vectors, with broadcasting; it must not write into them.

    Args:
        function: vectors → a vector.
        dtypes: what the function takes and gives; by default all of it is float64.
    """

    def kernel(*operands: Array, out: Array) -> None:
        if not out.size:
            return
        modes: list[list[Mode]] = [["readonly"] for _ in operands]
        with np.nditer(
            [*operands, out],
            flags=["external_loop", "buffered"],
            op_flags=[*modes, ["writeonly"]],
            op_dtypes=dtypes or [FLOAT64] * (len(operands) + 1),
            casting="same_kind",
            buffersize=BLOCK,
        ) as blocks:
            for *vectors, result in blocks:
                result[...] = function(*vectors)

    return kernel


_memory = threading.local()


def kept_vectors(dtype: DType, count: int) -> list[Array]:
    """Vectors of LONG_BLOCK elements to write into, which the calling thread keeps from call to call."""
    kept: list[Array] = vars(_memory).setdefault(dtype.name, [])
    while len(kept) < count:
        kept.append(np.empty(LONG_BLOCK, dtype))
    return kept[:count]


def stepwise(function: Callable[..., None], vectors: int = 0, dtype: DType | None = None) -> Callable[..., None]:
    """A kernel that applies a function of equally long vectors which writes in place, with broadcasting.

    Args:
        function: operands, the result, and so many `vectors` more, of the result's dtype, that it may write into. An
            operand that is one number may come as that.
        dtype: what the function takes and gives; by default what the result has, but float32 instead of float16.
    """

    def kernel(*operands: Array, out: Array) -> None:
        inner = dtype or (FLOAT32 if out.dtype == FLOAT16 else out.dtype)
        memory, size = kept_vectors(inner, vectors), out.size
        if inner == out.dtype and out.flags.c_contiguous and all(_is_plain(x, out) for x in operands):
            lines, result = [x.reshape(-1) if x.ndim else x for x in operands], out.reshape(-1)
            for start in range(0, size, LONG_BLOCK):
                stop = min(start + LONG_BLOCK, size)
                parts = [line[start:stop] if line.ndim else line for line in lines]
                function(*parts, result[start:stop], *(vector[: stop - start] for vector in memory))
        elif size:
            modes: list[list[Mode]] = [["readonly"] for _ in operands]
            with np.nditer(
                [*operands, out],
                flags=["external_loop", "buffered"],
                op_flags=[*modes, ["writeonly"]],
                op_dtypes=[inner] * (len(operands) + 1),
                casting="same_kind",
                buffersize=COPIED_BLOCK,
            ) as blocks:
                for block in blocks:
                    function(*block, *(vector[: len(block[0])] for vector in memory))

    return kernel


def _is_plain(x: Array, out: Array) -> bool:
    """Whether x has the result's dtype, and its elements in the same order, or is one number."""
    return x.dtype == out.dtype and (not x.ndim or (x.shape == out.shape and x.flags.c_contiguous))
