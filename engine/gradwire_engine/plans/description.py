"""What a program does, told without running it: its steps, the memory it takes, the floating-point operations."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gradwire_engine.plans.blocks import Rowwise
from gradwire_engine.plans.program import ALIGNMENT, Joined, Program, Step
from gradwire_engine.spec import Spec


class Kind(enum.Enum):
    """How a step does its operations."""

    ALONE = "alone"
    """There is one, over its whole operands."""
    ROWS = "rows"
    """All of them on a block of rows, then on the next: what is between them stays in the cache."""
    SCALARS = "scalars"
    """On single numbers, by Python."""


class Operation(NamedTuple):
    """An operation of a step.

    Attributes:
        name: the operator's; "copy" for a copy.
        number: which of the graph's nodes it works for; −1 for none.
    """

    name: str
    operands: tuple[Spec, ...]
    results: tuple[Spec, ...]
    flops: int
    number: int


class Operand(NamedTuple):
    """What a step reads: of another step, of an input, or, if both are −1, a constant.

    Attributes:
        step: which step computes it.
        input: which of the program's inputs it is, or looks at.
    """

    spec: Spec
    step: int = -1
    input: int = -1


class Result(NamedTuple):
    """What a step computes.

    Attributes:
        replaces: the position of the operand whose place it takes; −1 for none.
    """

    spec: Spec
    replaces: int = -1


class Output(NamedTuple):
    """What the program is run for.

    Attributes:
        after: how many steps have been done when it is handed over.
        step, input: where it comes from, as of an operand.
        direct: whether it is computed right in the caller's memory, and not copied there.
    """

    spec: Spec
    after: int
    step: int
    input: int
    direct: bool


@dataclass(frozen=True)
class StepDescription:
    """A step.

    Attributes:
        operations: one, or those that were joined.
        bytes: of what it reads and writes, each once; what stays inside the step isn't counted.
    """

    kind: Kind
    operations: tuple[Operation, ...]
    operands: tuple[Operand, ...]
    results: tuple[Result, ...]
    bytes: int

    @property
    def flops(self) -> int:
        return sum(operation.flops for operation in self.operations)


class Memory(NamedTuple):
    """Bytes.

    Attributes:
        arena: what all intermediate results together take.
        constants: what was computed once and is kept with the plan.
        inputs, outputs: the caller's own.
        unshared: what the arena would be if each result had memory of its own.
        registers: how many results have a place in the arena.
    """

    arena: int
    constants: int
    inputs: int
    outputs: int
    unshared: int
    registers: int


@dataclass(frozen=True)
class Description:
    """What a program does.

    Attributes:
        inputs: specs of what it is given.
        written: how many operations the graph had, its derivatives included, before it was simplified.
        work: elements touched, roughly: what a look at whether to stop goes by.
        constants: how many steps are done once, when the program is bound, and not in each run.
        views: how many operations only look at memory in another way, and take no step.
    """

    inputs: tuple[Spec, ...]
    steps: tuple[StepDescription, ...]
    outputs: tuple[Output, ...]
    memory: Memory
    written: int
    work: int
    constants: int
    views: int

    @property
    def flops(self) -> int:
        return sum(step.flops for step in self.steps)

    @property
    def bytes(self) -> int:
        return sum(step.bytes for step in self.steps)

    @property
    def operations(self) -> int:
        """How many operations the steps do."""
        return sum(len(step.operations) for step in self.steps)


def describe(program: Program) -> Description:
    """What the program does in each run."""
    return _Describer(program).describe()


def flops_of(program: Program, step: Step) -> int:
    """Floating-point operations of a step that does one operation."""
    operator = step.operator
    if operator is None:
        return 0
    if operator.flops is not None:
        return operator.flops(*(program.specs[r] for r in step.inputs), **step.attributes)
    return program.specs[step.outputs[0]].size if operator.elementwise else 0


class _Describer:
    """Attributes:
    views: steps that only look at memory.
    base: of each of their registers, the one whose memory it is.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.steps = [step for segment in program.segments for step in segment.steps]
        # Made in this order when a program is bound and run, so that a view of a view comes after it.
        self.views = [s for s in (*program.constants, *program.prelude, *program.input_views) if s.is_view]
        self.base: dict[int, int] = {}
        for view in self.views:
            self.base[view.outputs[0]] = self.root(view.inputs[0])
        self.made_by = {r: i for i, step in enumerate(self.steps) for r in step.outputs}
        self.input_of = {r: i for i, r in enumerate(program.inputs)}

    def root(self, register: int) -> int:
        return self.base.get(register, register)

    def describe(self) -> Description:
        program = self.program
        return Description(
            inputs=tuple(program.specs[r] for r in program.inputs),
            steps=tuple(map(self.step, self.steps)),
            outputs=tuple(self.outputs()),
            memory=self.memory(),
            written=program.written,
            work=program.work,
            constants=sum(not step.is_view for step in program.constants),
            views=len(self.views),
        )

    def step(self, step: Step) -> StepDescription:
        function = step.function
        kind = Kind.ALONE
        if isinstance(function, Joined):
            kind = Kind.ROWS if isinstance(function, Rowwise) else Kind.SCALARS
        return StepDescription(
            kind=kind,
            operations=tuple(map(self.operation, function.steps if isinstance(function, Joined) else [step])),
            operands=tuple(map(self.operand, step.inputs)),
            results=tuple(Result(self.program.specs[r], self.replaced(step, r)) for r in step.outputs),
            bytes=sum(map(self.bytes, {*step.inputs})) + sum(map(self.bytes, step.outputs)),
        )

    def operation(self, step: Step) -> Operation:
        specs = self.program.specs
        return Operation(
            name=step.operator.name if step.operator is not None else "copy",
            operands=tuple(specs[r] for r in step.inputs),
            results=tuple(specs[r] for r in step.outputs),
            flops=flops_of(self.program, step),
            number=step.number,
        )

    def operand(self, register: int) -> Operand:
        return Operand(self.program.specs[register], *self.place(register))

    def place(self, register: int) -> tuple[int, int]:
        """The step that fills a register, and the input that it is or looks at."""
        root = self.root(register)
        return self.made_by.get(root, -1), self.input_of.get(root, -1)

    def replaced(self, step: Step, result: int) -> int:
        """The position of the operand whose place a result takes."""
        offsets, specs = self.program.offsets, self.program.specs
        if result in offsets and specs[result].nbytes:
            for position, register in enumerate(step.inputs):
                root = self.root(register)
                if offsets.get(root) == offsets[result] and specs[root].nbytes:
                    return position
        return -1

    def bytes(self, register: int) -> int:
        """Bytes of memory that are read or written: of a view that repeats, what it repeats."""
        specs = self.program.specs
        return min(specs[register].nbytes, specs[self.root(register)].nbytes)

    def outputs(self) -> Iterator[Output]:
        program = self.program
        after: dict[int, int] = {}
        done = 0
        for segment in program.segments:
            done += len(segment.steps)
            after.update(dict.fromkeys(segment.final, done))
        for position, register in enumerate(program.outputs):
            spec, direct = program.specs[register], position in program.direct
            yield Output(spec, after[position], *self.place(register), direct)

    def memory(self) -> Memory:
        program = self.program
        return Memory(
            arena=program.arena_bytes + ALIGNMENT,
            constants=program.constant_bytes,
            inputs=sum(program.specs[r].nbytes for r in program.inputs),
            outputs=sum(program.specs[r].nbytes for r in program.outputs),
            unshared=sum(-(-program.specs[r].nbytes // ALIGNMENT) * ALIGNMENT for r in program.offsets) + ALIGNMENT,
            registers=len(program.offsets),
        )
