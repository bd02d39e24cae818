"""Fusion: which steps go through the cache together, a block of rows at a time.

A step treats rows one by one when its result's rows, along some axes in front, each depend on the same rows of its
operands: elementwise operators do, and reductions of the axes behind. Sums over the rows are added up block by block.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Container, Iterable

import numpy as np

from gradwire_engine.batching import over_axes
from gradwire_engine.plans.blocks import Member, Place, Rowwise
from gradwire_engine.plans.program import ALIGNMENT, Code, Step
from gradwire_engine.spec import DTYPES, Shape, Spec, normal_axes
from gradwire_engine.threads import threads

BLOCK = 1 << 19
"""Bytes of an array that are computed together: a few such blocks stay in the cache, and threads seldom wait for the
interpreter."""
WORTH = 1 << 15
"""Elements: smaller results stay in the cache as they are."""


def fused(code: Code) -> list[Step]:
    """The steps, with those gathered that go together."""
    if max(code.program.sizes, default=0) < WORTH:
        return code.steps
    result: list[Step] = []
    group: _Group | None = None
    reads = _reads(code, itertools.chain(code.program.outputs, *(step.inputs for step in code.steps)))
    sizes = code.program.sizes
    for step in code.steps:
        size = max([sizes[r] for r in (*step.inputs, *step.outputs)])
        if group is not None:
            if group.admits(step):
                group.add(step)
                continue
            if not group.feeds(step):
                result.append(step)
                continue
            if size < WORTH // 8:
                group.follow(step)
                continue
            result += group.closed(reads)
            group = None
        counts = row_counts(code, step) if size >= WORTH else frozenset[int]()
        if counts:
            group = _Group(code, counts)
            group.add(step)
        else:
            result.append(step)
    return [*result, *(group.closed(reads) if group is not None else ())]


def _reads(code: Code, registers: Iterable[int]) -> dict[int, int]:
    """How often each register's memory is read."""
    reads: dict[int, int] = {}
    for register in registers:
        root = code.root(register)
        reads[root] = reads.get(root, 0) + 1
    return reads


class _Group:
    """Steps gathered so far.

    Attributes:
        counts: the numbers of rows that suit all of them.
        steps: those that treat rows one by one.
        made: registers that they fill row by row.
        later: registers that are only there when the group is done.
        after: small steps that wait for that.
    """

    def __init__(self, code: Code, counts: frozenset[int]) -> None:
        self.code = code
        self.counts = counts
        self.steps: list[Step] = []
        self.made: set[int] = set()
        self.later: set[int] = set()
        self.after: list[Step] = []

    def admits(self, step: Step) -> bool:
        for r in step.inputs:
            root = self.code.root(r)
            if root in self.later or (root in self.made and not self.code.is_whole(self.code.unbroadcast(r))):
                return False
        return not self.counts.isdisjoint(row_counts(self.code, step, self.made))

    def add(self, step: Step) -> None:
        self.counts &= row_counts(self.code, step, self.made)
        self.steps.append(step)
        (self.later if adds_up(self.code, step) else self.made).update(step.outputs)

    def feeds(self, step: Step) -> bool:
        return any(root in self.made or root in self.later for root in map(self.code.root, step.inputs))

    def follow(self, step: Step) -> None:
        self.after.append(step)
        self.later.update(step.outputs)

    def closed(self, reads: dict[int, int]) -> list[Step]:
        """The steps as they will be run."""
        rows = max(self.counts)
        width = max(_width(self.code, step, rows) for step in self.steps)
        blocks = -(-rows * width // BLOCK)
        # A multiple of four, so that a few threads have equally much to do and results don't depend on their number.
        block = -(-rows // (-(-blocks // 4) * 4))
        large = sum(self.code.spec(step.outputs[0]).size >= WORTH for step in self.steps)
        if blocks < 2 or len(self.steps) < 2 or large < 2:
            return [*self.steps, *self.after]
        return [_joined(self.code, self.steps, rows, block, reads), *self.after]


def _width(code: Code, step: Step, rows: int) -> int:
    """Bytes in a row of the result."""
    return max([1, *(code.spec(r).nbytes // rows for r in step.outputs)])


# What a step is to rows


def row_counts(code: Code, step: Step, made: Container[int] = ()) -> frozenset[int]:
    """The numbers of rows that a step can be done by; none if it can't.

    Of registers in `made` it must not need more than the same rows.
    """
    operator = step.operator
    if operator is None or len(step.outputs) != 1 or step.scratch or not step.inputs:
        return frozenset()
    if operator.elementwise:
        shape = code.spec(step.outputs[0]).shape
        operands = [(*_operand(code, r, len(shape)), code.root(r) in made) for r in step.inputs]
        return _counts(shape, (i for i in range(1, len(shape) + 1) if all(_fits(*o, shape, i) for o in operands)))
    if operator.batch is over_axes and "axis" in step.attributes and len(step.inputs) == 1:
        return _counts_of_reduction(code, step)
    return frozenset()


def _counts_of_reduction(code: Code, step: Step) -> frozenset[int]:
    shape, dtype = code.spec(step.inputs[0])
    axes = _axes(code, step)
    if dtype.kind != "f" or dtype.itemsize < 4 or not axes:
        return frozenset()
    if adds_up(code, step):
        assert step.operator is not None
        leading = next(i for i in itertools.count() if i not in axes)
        possible = range(1, leading + 1) if step.operator.name == "sum" else ()
    else:
        possible = range(1, axes[0] + 1)
    own, contiguous = _operand(code, step.inputs[0], len(shape))
    return _counts(shape, (i for i in possible if own == shape and _fits(own, contiguous, True, shape, i)))


def _axes(code: Code, step: Step) -> tuple[int, ...]:
    return normal_axes(step.attributes["axis"], len(code.spec(step.inputs[0]).shape))


def adds_up(code: Code, step: Step) -> bool:
    """Whether a step that treats rows one by one adds them up."""
    assert step.operator is not None
    return not step.operator.elementwise and 0 in _axes(code, step)


def _counts(shape: Shape, leading: Iterable[int]) -> frozenset[int]:
    return frozenset(count for i in leading if (count := math.prod(shape[:i])) > 1)


def _operand(code: Code, register: int, ndim: int) -> tuple[Shape, bool]:
    """An operand's shape, before it is broadcast and with ones in front, and whether it can be cut along any axis."""
    source = code.unbroadcast(register)
    shape = code.spec(source).shape
    return (*(1,) * (ndim - len(shape)), *shape), source in code.contiguous


def _fits(own: Shape, contiguous: bool, by_row: bool, shape: Shape, leading: int) -> bool:
    """Whether the operand's axes in front are the result's, or unless it must go by rows, it has none there."""
    if own[:leading] == shape[:leading]:
        return contiguous or leading == 1
    return not by_row and all(n == 1 for n in own[:leading])


# Making one step of many


def _joined(code: Code, steps: list[Step], rows: int, block: int, reads: dict[int, int]) -> Step:
    program = code.program
    made = {r for step in steps for r in step.outputs}
    inside = _reads(code, itertools.chain(*(step.inputs for step in steps)))
    outputs = [r for step in steps for r in step.outputs if reads.get(r, 0) > inside.get(r, 0)]
    inputs = list(
        dict.fromkeys(
            source for step in steps for r in step.inputs if code.root(source := code.unbroadcast(r)) not in made
        )
    )
    places = _Places(code, steps, block, inputs, outputs)
    members = [places.member(step, i, rows) for i, step in enumerate(steps)]
    scratch = [program.new(Spec((threads(), max(places.bytes, 1)), DTYPES["uint8"]))]
    partial = [member.result for member in members if member.result.kind == "sum"]
    scratch += [program.new(Spec((-(-rows // block), *place.inner), place.dtype)) for place in partial]
    function = Rowwise(steps, rows, block, members, len(inputs), places.sums, threads())
    return Step(function, tuple(inputs), tuple(outputs), number=steps[0].number, scratch=tuple(scratch))


class _Places:
    """Gives each operand and result of a group its place: in an array outside, or in memory for a block."""

    def __init__(self, code: Code, steps: list[Step], block: int, inputs: list[int], outputs: list[int]) -> None:
        self.code = code
        self.block = block
        self.inputs = {register: i for i, register in enumerate(inputs)}
        self.outputs = {register: i for i, register in enumerate(outputs)}
        self.offsets: dict[int, int] = {}
        self.sizes: dict[int, int] = {}
        self.free: dict[int, list[int]] = {}
        self.bytes = 0
        self.sums: list[int] = []
        self.last_use = {code.root(r): i for i, step in enumerate(steps) for r in (*step.outputs, *step.inputs)}

    def member(self, step: Step, index: int, rows: int) -> Member:
        assert step.operator is not None
        code, out = self.code, step.outputs[0]
        spec = code.spec(out)
        attributes = dict(step.attributes)
        if step.operator.elementwise:
            shape, adds = spec.shape, False
        else:
            shape, adds = code.spec(step.inputs[0]).shape, adds_up(code, step)
        leading = next(i for i in range(1, len(shape) + 1) if math.prod(shape[:i]) == rows)
        operands = [self.operand(r, shape, leading) for r in step.inputs]
        if not step.operator.elementwise:
            axes = _axes(code, step)
            attributes |= {"axis": tuple({max(a - leading + 1, 0) for a in axes})}
            if adds:
                attributes["keepdims"] = False
                inner = tuple(n for i, n in enumerate(shape) if i >= leading and i not in axes)
                result = Place("sum", len(self.sums), inner, spec.dtype)
                self.sums.append(self.outputs[out])
                self.release(step, index)
                return Member(step.function, attributes, operands, result)
        inner = spec.shape[leading:]
        if isinstance(step.function, np.ufunc):
            # Each element is read before it is written, so the result may take an operand's place.
            self.release(step, index)
            result = self.result(out, inner, rows)
        else:
            result = self.result(out, inner, rows)
            self.release(step, index)
        return Member(step.function, attributes, operands, result)

    def operand(self, register: int, shape: Shape, leading: int) -> Place:
        source = self.code.unbroadcast(register)
        own, _ = _operand(self.code, register, len(shape))
        by_row = own[:leading] == shape[:leading]
        root, dtype, inner = self.code.root(source), self.code.spec(source).dtype, own[leading:]
        if root in self.offsets:
            return Place("block", self.offsets[root], inner, dtype)
        if root in self.outputs:
            return Place("out", self.outputs[root], inner, dtype)
        return Place("in" if by_row else "whole", self.inputs[source], inner, dtype)

    def result(self, register: int, inner: Shape, rows: int) -> Place:
        spec = self.code.spec(register)
        if register in self.outputs:
            return Place("out", self.outputs[register], inner, spec.dtype)
        size = -(-(spec.nbytes // rows * self.block) // ALIGNMENT) * ALIGNMENT
        self.sizes[register] = size
        if self.free.get(size):
            self.offsets[register] = self.free[size].pop()
        else:
            self.offsets[register] = self.bytes
            self.bytes += size
        return Place("block", self.offsets[register], inner, spec.dtype)

    def release(self, step: Step, index: int) -> None:
        """Frees the memory of operands that nothing needs any more."""
        for root in {self.code.root(r) for r in step.inputs}:
            if root in self.offsets and self.last_use[root] == index:
                self.free.setdefault(self.sizes[root], []).append(self.offsets[root])
