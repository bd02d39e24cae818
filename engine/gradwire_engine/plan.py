"""Running programs: registers bound to one arena of memory, kernels that write in place."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
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
from gradwire_engine.program import ALIGNMENT, Instruction, Program
from gradwire_engine.spec import DTYPES, Array, Spec, is_finite

BOUND_PROGRAMS = 32
"""Programs that an arena keeps bound: those used last."""


class Plan:
    """A program with its registers in memory. Running it allocates no array memory."""

    def __init__(self, program: Program, memory: Array, account: Account) -> None:
        self.program = program
        self._registers: list[Any] = [None] * program.size
        self._constants: list[Buffer] = []
        for register, offset in program.offsets.items():
            shape, dtype = program.specs[register]
            self._registers[register] = np.ndarray(shape, dtype, buffer=memory, offset=offset)  # pyright: ignore[reportArgumentType]
        for step in program.constants:
            for register in step.outputs:
                buffer = Buffer(account, program.specs[register])
                self._constants.append(buffer)
                self._registers[register] = buffer.array
        with np.errstate(all="ignore"):
            for step in (*program.constants, *program.prelude):
                self._step(step)

    def run(
        self, inputs: Sequence[Array], check: Callable[[], None], check_finite: bool = False
    ) -> Iterator[tuple[int, Array]]:
        """Yields the position of each output and its array as soon as it is final.

        The array is only valid until the generator goes on. `check` is called between instructions, to stop the run by
        raising. Errors of kernels name the graph's node in `metadata["number"]`.
        """
        registers = self._registers
        for register, array in zip(self.program.inputs, inputs, strict=True):
            registers[register] = array
        for segment in self.program.segments:
            with np.errstate(all="ignore"):
                for step in segment.instructions:
                    check()
                    self._step(step)
                    if check_finite:
                        self._refuse_non_finite(step)
            for position in segment.final:
                yield position, registers[self.program.outputs[position]]

    def _step(self, step: Instruction) -> None:
        registers = self._registers
        function, inputs, outputs, is_view, _, scratch = step
        try:
            if is_view:
                registers[outputs[0]] = function(registers[inputs[0]])
            elif scratch:
                out = registers[outputs[0]] if len(outputs) == 1 else tuple(registers[r] for r in outputs)
                function(*[registers[r] for r in inputs], out=out, scratch=tuple(registers[r] for r in scratch))
            elif len(outputs) == 1:
                function(*[registers[r] for r in inputs], out=registers[outputs[0]])
            else:
                function(*[registers[r] for r in inputs], out=tuple(registers[r] for r in outputs))
        except GradwireError as error:
            error.metadata.setdefault("number", str(step.number))
            raise
        except Exception as error:
            raise _kernel_error(step, error) from error

    def _refuse_non_finite(self, step: Instruction) -> None:
        for register in step.outputs:
            if not is_finite(self._registers[register]):
                raise FailedPreconditionError(
                    "the result is the first that isn't finite", "NOT_FINITE", number=step.number
                )


def _kernel_error(step: Instruction, error: Exception) -> GradwireError:
    kind: type[GradwireError] = KernelError
    if isinstance(error, IndexError):
        kind = IndexOutOfRangeError
    elif isinstance(error, MemoryError):
        kind = ResourceExhaustedError
    return kind(str(error) or type(error).__name__, number=step.number)


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
