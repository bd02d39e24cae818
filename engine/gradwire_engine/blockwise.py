"""Kernels out of functions that make new arrays: applied block by block, they need next to no memory."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from gradwire_engine.spec import DTYPES, Array, DType

FLOAT64 = DTYPES["float64"]
BLOCK = 1024
"""How many elements are computed together: their intermediate results stay in the cache."""

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
