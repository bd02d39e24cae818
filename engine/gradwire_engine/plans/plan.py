"""Running programs: registers bound to one arena of memory, kernels that write in place."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from operator import length_hint
from typing import Any

import numpy as np

from gradwire_engine.errors import (
    FailedPreconditionError,
    GradwireError,
    IndexOutOfRangeError,
    KernelError,
    ResourceExhaustedError,
)
from gradwire_engine.memory import Account, Buffer
from gradwire_engine.plans.program import ALIGNMENT, Joined, Program, Segment, Step, is_positional
from gradwire_engine.spec import DTYPES, Array, Spec, is_finite

BOUND_PROGRAMS = 32
"""Programs that an arena keeps bound: those used last."""
UNCHECKED_WORK = 1 << 18
"""Elements touched between two looks at whether the run should stop."""

Call = tuple[Callable[..., Any], Sequence[Any]]
"""A function and what to call it with."""


class Plan:
    """A program with its registers in memory. Running it allocates no array memory."""

    def __init__(self, program: Program, memory: Array, account: Account) -> None:
        self.program = program
        self._registers: list[Any] = [None] * program.size
        self._constants: list[Buffer] = []
        # Kernels know by it that they work in place: the same array in the same place.
        arrays: dict[tuple[int, Spec], Array] = {}
        for register, offset in program.offsets.items():
            place = offset, program.specs[register]
            if place not in arrays:
                arrays[place] = np.ndarray(*place[1], buffer=memory, offset=offset)  # pyright: ignore[reportArgumentType]
            self._registers[register] = arrays[place]
        with np.errstate(all="ignore"):
            for step in program.constants:
                self._fill_constant(step, account)
        for step in program.prelude:
            self._look(step)
        # Registers whose arrays are known only when a run starts, and where those go.
        self._loose = {*program.inputs, *(step.outputs[0] for step in program.input_views)}
        self._loose.update(program.outputs[position] for position in program.direct)
        self._gaps: list[tuple[list[Any], int, int]] = []
        self._segments = [self._bound(segment) for segment in program.segments]

    def _fill_constant(self, step: Step, account: Account) -> None:
        if step.is_view:
            self._look(step)
            return
        for register in step.outputs:
            buffer = Buffer(account, self.program.specs[register])
            self._constants.append(buffer)
            self._registers[register] = buffer.array
        for register in step.scratch:
            self._registers[register] = np.empty(*self.program.specs[register])
        _run([step], [self._call(step)])

    def _look(self, step: Step) -> None:
        assert callable(step.function)
        self._registers[step.outputs[0]] = step.function(self._registers[step.inputs[0]], **step.attributes)

    def _bound(self, segment: Segment) -> list[tuple[Sequence[Step], list[Call]]]:
        """The calls to be made, in parts that aren't interrupted."""
        parts: list[tuple[Sequence[Step], list[Call]]] = []
        start = work = 0
        for i, step in enumerate(segment.steps, 1):
            work += 1024 + self.program.work_of(step)
            if work > UNCHECKED_WORK or i == len(segment.steps):
                steps = segment.steps[start:i]
                parts.append((steps, [self._bound_call(step) for step in steps]))
                start, work = i, 0
        return parts

    def _bound_call(self, step: Step) -> Call:
        if self._loose.isdisjoint(step.inputs) and self._loose.isdisjoint(step.outputs):
            return self._call(step)
        places = (*step.inputs, *step.outputs)
        arrays = [self._registers[register] for register in places]
        self._gaps += [(arrays, i, register) for i, register in enumerate(places) if register in self._loose]
        return self._positional(step), arrays

    def _call(self, step: Step) -> Call:
        registers, function = self._registers, step.function
        operands, results = [registers[r] for r in step.inputs], [registers[r] for r in step.outputs]
        if isinstance(function, Joined) or is_positional(function):
            return self._positional(step), (*operands, *results)
        out: Any = results[0] if len(results) == 1 else tuple(results)
        return functools.partial(function, *operands, out=out, **self._keywords(step)), ()

    def _positional(self, step: Step) -> Callable[..., Any]:
        """What takes operands and then results."""
        function = step.function
        if isinstance(function, Joined):
            return function.bind([self._registers[r] for r in step.scratch])
        return function if is_positional(function) else _positional(function, len(step.inputs), self._keywords(step))

    def _keywords(self, step: Step) -> dict[str, Any]:
        scratch = {"scratch": tuple(self._registers[r] for r in step.scratch)} if step.scratch else {}
        return {**step.attributes, **scratch}

    def run(
        self,
        inputs: Sequence[Array],
        results: Sequence[Array],
        check: Callable[[], None],
        check_finite: bool = False,
    ) -> Iterator[int]:
        """Fills `results` with the outputs; yields the position of each as soon as it is final.

        `check` is called now and then, to stop the run by raising. Errors of kernels name the graph's node in
        `metadata["number"]`.
        """
        program, registers = self.program, self._registers
        try:
            self._fill_gaps(inputs, results)
            for segment, parts in zip(program.segments, self._segments, strict=True):
                with np.errstate(all="ignore"):
                    for steps, calls in parts:
                        check()
                        if check_finite:
                            self._run_checked(steps, calls)
                        else:
                            _run(steps, calls)
                for position in segment.final:
                    if position not in program.direct:
                        np.copyto(results[position], registers[program.outputs[position]])
                    yield position
        finally:
            self._empty_gaps()

    @contextmanager
    def filled(self, inputs: Sequence[Array], results: Sequence[Array]) -> Generator[list[Call]]:
        """What a run calls, step by step, with the caller's arrays in place: to look at a run more closely."""
        try:
            self._fill_gaps(inputs, results)
            yield [call for parts in self._segments for _, calls in parts for call in calls]
        finally:
            self._empty_gaps()

    def _fill_gaps(self, inputs: Sequence[Array], results: Sequence[Array]) -> None:
        program, registers = self.program, self._registers
        for register, array in zip(program.inputs, inputs, strict=True):
            registers[register] = array
        for position in program.direct:
            registers[program.outputs[position]] = results[position]
        for step in program.input_views:
            self._look(step)
        for arrays, i, register in self._gaps:
            arrays[i] = registers[register]

    def _empty_gaps(self) -> None:
        """Lets go of the caller's arrays: they may be freed before the next run."""
        for register in self._loose:
            self._registers[register] = None
        for arrays, i, _ in self._gaps:
            arrays[i] = None

    def _run_checked(self, steps: Sequence[Step], calls: Sequence[Call]) -> None:
        for step, call in zip(steps, calls, strict=True):
            _run([step], [call])
            for register in step.outputs:
                if not is_finite(self._registers[register]):
                    raise FailedPreconditionError(
                        "the result is the first that isn't finite", "NOT_FINITE", number=step.number
                    )


def _run(steps: Sequence[Step], calls: Sequence[Call]) -> None:
    rest = iter(calls)
    try:
        for function, arrays in rest:
            function(*arrays)
    except GradwireError as error:
        error.metadata.setdefault("number", str(_reached(steps, rest).number))
        raise
    except Exception as error:
        raise _kernel_error(_reached(steps, rest), error) from error


def _reached(steps: Sequence[Step], rest: Iterator[Call]) -> Step:
    """The step at which an iteration over calls stands."""
    return steps[len(steps) - length_hint(rest) - 1]


def _kernel_error(step: Step, error: Exception) -> GradwireError:
    kind: type[GradwireError] = KernelError
    if isinstance(error, IndexError):
        kind = IndexOutOfRangeError
    elif isinstance(error, MemoryError):
        kind = ResourceExhaustedError
    return kind(str(error) or type(error).__name__, number=step.number)


def _positional(kernel: Callable[..., Any], operands: int, keywords: dict[str, Any]) -> Callable[..., None]:
    def call(*arrays: Any) -> None:
        out = arrays[operands] if len(arrays) == operands + 1 else arrays[operands:]
        kernel(*arrays[:operands], out=out, **keywords)

    return call


class Arena:
    """The memory in which a session's plans run, one at a time: as much as the largest of them needs."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._memory: Buffer | None = None
        self._plans: OrderedDict[int, Plan] = OrderedDict()

    @property
    def bytes(self) -> int:
        return self._memory.array.nbytes if self._memory is not None else 0

    def wants(self, program: Program) -> int:
        """Bytes that `plan` would allocate for this program."""
        if id(program) in self._plans:
            return 0
        return max(0, program.arena_bytes + ALIGNMENT - self.bytes) + program.constant_bytes

    def clear(self) -> None:
        """Gives the memory back, and forgets the plans that use it."""
        self._plans.clear()
        self._memory = None

    def plan(self, program: Program) -> Plan:
        """The program bound to the arena, which grows if it must."""
        if self._memory is None or program.arena_bytes + ALIGNMENT > self.bytes:
            # The old memory goes first: both together may be more than there is room for.
            self.clear()
            self._memory = Buffer(self._account, Spec((program.arena_bytes + ALIGNMENT,), DTYPES["uint8"]))
        plan = self._plans.get(id(program))
        if plan is None:
            start = -self._memory.array.ctypes.data % ALIGNMENT
            plan = self._plans[id(program)] = Plan(program, self._memory.array[start:], self._account)
            if len(self._plans) > BOUND_PROGRAMS:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(id(program))
        return plan
