"""Where registers live: each has a place in one arena for as long as something needs it."""

from __future__ import annotations

import bisect
import collections
from collections.abc import Sequence

import numpy as np

from gradwire_engine.plans.program import ALIGNMENT, Code, Segment, Step
from gradwire_engine.spec import Spec

WORTH_A_STOP = 1 << 18
"""Elements touched before outputs that are final are handed over."""


def lay_out(code: Code, *, in_place: bool) -> None:
    """Completes the program: memory for its registers, segments that end where outputs are final.

    Args:
        in_place: whether a result may take the place of an operand that nothing needs any more.
    """
    program = code.program
    _sort_views(code)
    work = [program.work_of(step) for step in code.steps]
    program.work = sum(work)
    program.constant_bytes = sum(code.spec(r).nbytes for step in code.constants for r in step.outputs)
    final = _merged(work, _final_outputs(code))
    program.direct = _direct_outputs(code)
    _place(code, final, in_place)
    start = 0
    for at in sorted(final):
        program.segments.append(Segment(code.steps[start : at + 1], final[at]))
        start = at + 1


def _sort_views(code: Code) -> None:
    """Views are made when their memory is known: with the constants, when memory is planned, or for each run."""
    program = code.program
    inputs = set(program.inputs)
    filled = {r for step in code.steps for r in step.outputs}
    constant: list[Step] = []
    for view in code.views:
        root = code.root(view.inputs[0])
        if root in inputs:
            program.input_views.append(view)
        elif root in code.constant:
            constant.append(view)
        elif root in filled:
            program.prelude.append(view)
    # Registers are numbered in the order in which they can be filled.
    program.constants = sorted([*code.constants, *constant], key=lambda step: step.outputs[0])


def _final_outputs(code: Code) -> dict[int, list[int]]:
    """After which step (-1: before the first) each output is final."""
    made_at = {r: i for i, step in enumerate(code.steps) for r in step.outputs}
    final: dict[int, list[int]] = {}
    for position, register in enumerate(code.program.outputs):
        final.setdefault(made_at.get(code.root(register), -1), []).append(position)
    return final


def _merged(works: Sequence[int], final: dict[int, list[int]]) -> dict[int, list[int]]:
    """The same, but with outputs held back until enough work has been done that they are worth a stop."""
    merged: dict[int, list[int]] = {}
    waiting: list[int] = []
    start = work = 0
    for at in sorted(final):
        waiting += final[at]
        work += sum(works[start : at + 1]) + 1024 * (at + 1 - start)
        start = at + 1
        if work >= WORTH_A_STOP:
            merged[at], waiting, work = waiting, [], 0
    if waiting:
        merged[max(final)] = waiting
    return merged


def _direct_outputs(code: Code) -> frozenset[int]:
    """Positions of outputs that may be computed where the caller wants them: what nothing reads once it is final."""
    made = {r for step in code.steps for r in step.outputs}
    base = code.base
    read = {base.get(r, r) for step in code.steps for r in step.inputs}
    read.update(code.root(r) for r in code.program.outputs if r not in made)
    positions: dict[int, int] = {}
    for position, register in enumerate(code.program.outputs):
        if register in made and register not in read:
            positions.setdefault(register, position)
    counts = collections.Counter(code.program.outputs)
    return frozenset(position for register, position in positions.items() if counts[register] == 1)


def _place(code: Code, final: dict[int, list[int]], in_place: bool) -> None:
    """Gives each register that isn't the caller's a place in the arena."""
    program = code.program
    elsewhere = {program.outputs[position] for position in program.direct}
    last_use: dict[int, int] = {}
    base = code.base
    for i, step in enumerate(code.steps):
        for r in (*step.outputs, *step.scratch):
            last_use[r] = i
        for r in step.inputs:
            last_use[base.get(r, r)] = i
    handed: dict[int, set[int]] = {}
    for i, positions in final.items():
        handed[i] = {code.root(program.outputs[position]) for position in positions}
        for root in handed[i]:
            last_use[root] = max(last_use.get(root, i), i)
    dying: dict[int, list[int]] = {}
    for r, i in last_use.items():
        dying.setdefault(i, []).append(r)
    memory = _Memory()
    offsets = program.offsets
    for i, step in enumerate(code.steps):
        for r in (*step.outputs, *step.scratch):
            if r in elsewhere:
                continue
            # What is handed over after the step is needed a little longer than the step.
            free = [r for r in dying.get(i, ()) if r not in handed.get(i, ())] if in_place else ()
            replaced = _replaced(code, step, free, offsets) if free else None
            if replaced is not None:
                # The place has another owner now, who gives it back.
                offsets[r] = offsets[replaced]
                dying[i].remove(replaced)
            else:
                offsets[r] = memory.take(_rounded(program.specs[r]))
        for r in dying.get(i, ()):
            if r in offsets:
                memory.give(offsets[r], _rounded(program.specs[r]))
    program.arena_bytes = memory.size


def _replaced(code: Code, step: Step, dying: Sequence[int], offsets: dict[int, int]) -> int | None:
    """The operand whose place the result may take: each element is read before it is written."""
    if isinstance(step.function, np.ufunc) and step.function.signature is None:
        candidates = step.inputs
    elif step.operator is not None and step.operator.in_place and _appears_once(code, step):
        candidates = step.inputs[:1]
    else:
        return None
    spec = code.spec(step.outputs[0])
    for r in candidates:
        root = code.root(r)
        if root in dying and root in offsets and code.spec(r) == spec:
            # Another operand that looked at the same memory in another way would see it change.
            alike = [other for other in step.inputs if code.root(other) == root]
            if all(map(code.is_whole, alike)):
                return root
    return None


def _appears_once(code: Code, step: Step) -> bool:
    """Whether the first operand shares no memory with the others."""
    first, *others = map(code.root, step.inputs)
    return first not in others


class _Memory:
    """Places in memory that grows when there is no room: the smallest free one that is large enough.

    Attributes:
        size: how large it has become.
    """

    def __init__(self) -> None:
        self.size = 0
        self._by_size: list[tuple[int, int]] = []
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}

    def take(self, size: int) -> int:
        if not size:
            return 0
        i = bisect.bisect_left(self._by_size, (size, 0))
        if i == len(self._by_size):
            return self._grow(size)
        length, offset = self._by_size[i]
        self._remove(offset, length)
        if length > size:
            self._insert(offset + size, length - size)
        return offset

    def give(self, offset: int, size: int) -> None:
        if not size:
            return
        before = self._ends.get(offset)
        if before is not None:
            length = offset - before
            self._remove(before, length)
            offset, size = before, size + length
        after = self._starts.get(offset + size)
        if after is not None:
            self._remove(offset + size, after)
            size += after
        self._insert(offset, size)

    def _grow(self, size: int) -> int:
        start = self._ends.get(self.size)
        if start is not None:
            self._remove(start, self.size - start)
        else:
            start = self.size
        self.size = start + size
        return start

    def _insert(self, offset: int, size: int) -> None:
        bisect.insort(self._by_size, (size, offset))
        self._starts[offset] = size
        self._ends[offset + size] = offset

    def _remove(self, offset: int, size: int) -> None:
        del self._by_size[bisect.bisect_left(self._by_size, (size, offset))]
        del self._starts[offset]
        del self._ends[offset + size]


def _rounded(spec: Spec) -> int:
    return -(-spec.nbytes // ALIGNMENT) * ALIGNMENT
