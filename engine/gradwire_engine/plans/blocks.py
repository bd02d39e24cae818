"""Running a group of operations block by block."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from gradwire_engine.plans.program import Joined, is_positional
from gradwire_engine.spec import Array, DType, Shape
from gradwire_engine.threads import for_each

SHORT = 64
"""Elements of a line that are too few for NumPy to start anew."""


class Place(NamedTuple):
    """Where an operation finds an operand or leaves its result.

    Attributes:
        kind: rows of an operand ("in") or result ("out") of the whole group, an operand that all rows see whole, memory
            for a block, or a sum over rows.
        number: which of the group's operands, results or sums it is; the offset in the memory for blocks.
        inner: the shape of a row, or of what doesn't have rows.
    """

    kind: Literal["in", "out", "whole", "block", "sum"]
    number: int
    inner: Shape
    dtype: DType


class Member(NamedTuple):
    """An operation in a group. `function` and `attributes` are those of a kernel."""

    function: Any
    attributes: Mapping[str, Any]
    operands: Sequence[Place]
    result: Place


@dataclass(frozen=True, eq=False)
class Rowwise(Joined):
    """Operations that each treat rows one by one, done block of rows by block of rows.

    Attributes:
        rows, block: how many there are altogether, and how many in a block.
        operands: how many arrays they take.
        sums: for each sum over rows, which of the results it is.
        workers: the threads for which there is memory for blocks.
    """

    rows: int
    block: int
    members: Sequence[Member]
    operands: int
    sums: Sequence[int]
    workers: int

    def bind(self, scratch: Sequence[Array]) -> Callable[..., None]:
        """What runs them. The memory is for blocks (bytes, for each worker) and for each sum's blocks."""
        return BoundRows(self, scratch)


class BoundRows:
    """A group with memory for its blocks.

    Attributes:
        members: for each operation what does it, and which of the arrays of a block it takes.
    """

    def __init__(self, group: Rowwise, scratch: Sequence[Array]) -> None:
        self.rows, self.block, self.operands, self.sums = group.rows, group.block, group.operands, group.sums
        self.partial = scratch[len(scratch) - len(group.sums) :]
        self.places = list(dict.fromkeys(p for m in group.members for p in (*m.operands, m.result)))
        slot = {place: i for i, place in enumerate(self.places)}
        self.members = [
            (
                _positional(member),
                tuple(slot[p] for p in (*member.operands, member.result)),
            )
            for member in group.members
        ]
        last = group.rows % group.block or group.block
        self.memory = [
            {
                count: [_in_memory(place, scratch[0][worker], count) for place in self.places]
                for count in {group.block, last}
            }
            for worker in range(group.workers)
        ]

    def __call__(self, *arrays: Array) -> None:
        operands, results = arrays[: self.operands], arrays[self.operands :]
        whole = [self.outside(place, operands, results) for place in self.places]
        rows, size = self.rows, self.block
        by_row = [i for i, place in enumerate(self.places) if place.kind in ("in", "out")]
        always = [i for i, place in enumerate(self.places) if place.kind == "whole"]
        sums = [(i, self.partial[place.number]) for i, place in enumerate(self.places) if place.kind == "sum"]

        def run(block: int, worker: int) -> None:
            start, stop = block * size, min((block + 1) * size, rows)
            arrays = self.memory[worker][stop - start].copy()
            for i in by_row:
                arrays[i] = whole[i][start:stop]
            for i in always:
                arrays[i] = whole[i]
            for i, partial in sums:
                arrays[i] = partial[block, ...]
            for function, slots in self.members:
                function(*[arrays[i] for i in slots])

        # There is memory for so many, whatever the pool has become since.
        for_each(run, -(-rows // size), len(self.memory))
        for partial, result in zip(self.partial, self.sums, strict=True):
            np.add.reduce(partial, axis=0, out=results[result].reshape(partial.shape[1:]))

    def outside(self, place: Place, operands: Sequence[Array], results: Sequence[Array]) -> Any:
        if place.kind == "in":
            return operands[place.number].reshape(self.rows, *place.inner)
        if place.kind == "out":
            return results[place.number].reshape(self.rows, *place.inner)
        return operands[place.number].reshape(place.inner) if place.kind == "whole" else None


def _in_memory(place: Place, memory: Array, rows: int) -> Any:
    if place.kind != "block":
        return None
    return np.ndarray((rows, *place.inner), place.dtype, buffer=memory, offset=place.number)  # pyright: ignore[reportArgumentType]


def _positional(member: Member) -> Callable[..., Any]:
    """What takes operands and then the result."""
    if is_positional(member.function):
        short = [i for i, place in enumerate(member.operands) if _is_short_line(place, member.result)]
        return (
            _repeating_first(member.function, short[0])
            if len(short) == 1 and len(member.operands) == 2
            else member.function
        )
    kernel = functools.partial(member.function, **member.attributes)

    def call(*arrays: Array) -> None:
        kernel(*arrays[:-1], out=arrays[-1])

    return call


def _is_short_line(place: Place, result: Place) -> bool:
    """Whether an operand is a short line for each row, repeated across other axes: NumPy would start anew for each."""
    inner, whole = place.inner, result.inner
    return (
        place.dtype == result.dtype
        and 1 < math.prod(inner) == inner[-1] == whole[-1] <= SHORT
        and math.prod(whole) > inner[-1]
        and place.kind != "whole"
    )


def _repeating_first(ufunc: Callable[..., Any], short: int) -> Callable[..., None]:
    """The function, but that operand is copied into the result, line by line, before."""

    def call(a: Array, b: Array, out: Array) -> None:
        line = np.dtype((np.void, out.shape[-1] * out.itemsize))
        np.copyto(out.view(line), (b if short else a).view(line))
        ufunc(a, out, out) if short else ufunc(out, b, out)

    return call
