"""Programs: a graph compiled to steps on numbered registers, with memory planned for all of them.

A program knows nothing of the graph that it came from, so graphs of the same structure share one.
"""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from gradwire_engine.graph import AnyNode, Node, Operator
from gradwire_engine.plans.passes import enabled
from gradwire_engine.spec import Array, Spec
from gradwire_engine.threads import threads

ALIGNMENT = 64
"""Bytes: registers start on a cache line."""


@dataclass(frozen=True, eq=False)
class Joined:
    """Several operations that are one step.

    Attributes:
        steps: those that it does.
    """

    steps: Sequence[Step]

    def bind(self, scratch: Sequence[Array]) -> Callable[..., None]:
        """What does them, given the arrays of the step's inputs and then its outputs."""
        raise NotImplementedError


class Step(NamedTuple):
    """One step: `function` reads registers and fills others.

    Attributes:
        function: a kernel: operands → None, with the results in `out` (a tuple if there are several), memory of its own
            in `scratch` if there is any, and the attributes. Of a view: operand → an array that shares its memory.
        operator: whose kernel or view it is; None for a copy, and for several operators' work in one step.
        number: which of the graph's nodes it works for, counted as in the signature; -1 for none.
        scratch: registers that it needs only while it runs.
    """

    function: Callable[..., Any] | Joined
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    attributes: Mapping[str, Any] = {}
    operator: Operator | None = None
    number: int = -1
    scratch: tuple[int, ...] = ()

    @property
    def is_view(self) -> bool:
        return self.operator is not None and self.operator.view is not None


def is_positional(function: object) -> bool:
    """Whether results may follow the operands: of NumPy's own functions all but two."""
    return isinstance(function, np.ufunc) and function is not np.maximum and function is not np.minimum


class Segment(NamedTuple):
    """Steps after which some outputs are final."""

    steps: Sequence[Step]
    final: Sequence[int]


@dataclass
class Program:
    """Steps and their memory.

    Attributes:
        specs, sizes: of each register.
        inputs: registers filled by the caller.
        outputs: registers of the results, in the order asked for.
        direct: the positions of those outputs that are computed right into the caller's memory; others are copied.
        constants: steps that depend on no input, and views of their results; run once.
        prelude: views of planned memory, made once.
        input_views: views of the inputs, made for each run.
        segments: the rest.
        offsets: byte offset in the arena of each register that has memory there.
        arena_bytes: memory for all registers together.
        constant_bytes: memory for what `constants` compute.
        work: elements touched, roughly; what a run costs.
        written: how many operations the graph had that it was compiled from, constants not counted.
    """

    specs: list[Spec] = field(default_factory=list[Spec])
    sizes: list[int] = field(default_factory=list[int])
    inputs: list[int] = field(default_factory=list[int])
    outputs: list[int] = field(default_factory=list[int])
    direct: frozenset[int] = frozenset()
    constants: list[Step] = field(default_factory=list[Step])
    prelude: list[Step] = field(default_factory=list[Step])
    input_views: list[Step] = field(default_factory=list[Step])
    segments: list[Segment] = field(default_factory=list[Segment])
    offsets: dict[int, int] = field(default_factory=dict[int, int])
    arena_bytes: int = 0
    constant_bytes: int = 0
    work: int = 0
    written: int = 0

    @property
    def size(self) -> int:
        return len(self.specs)

    def work_of(self, step: Step) -> int:
        """Elements that a step touches, roughly."""
        if isinstance(step.function, Joined):
            return sum(map(self.work_of, step.function.steps))
        sizes = self.sizes
        return max([sizes[r] for r in (*step.inputs, *step.outputs, *step.scratch)])

    def new(self, spec: Spec) -> int:
        """A register more."""
        self.specs.append(spec)
        self.sizes.append(spec.size)
        return len(self.specs) - 1


@dataclass
class Code:
    """A program in the making.

    Attributes:
        steps: those that compute, in order.
        views: steps that only look at memory, in order; they take no part in the order of the others.
        constants: steps that depend on no input.
        constant: registers that those fill.
        base: of a view's register, the register whose memory it looks at.
        broadcast: of a register that repeats another one, the other one.
        contiguous: registers whose arrays are in C order.
    """

    program: Program
    steps: list[Step] = field(default_factory=list[Step])
    views: list[Step] = field(default_factory=list[Step])
    constants: list[Step] = field(default_factory=list[Step])
    constant: set[int] = field(default_factory=set[int])
    base: dict[int, int] = field(default_factory=dict[int, int])
    broadcast: dict[int, int] = field(default_factory=dict[int, int])
    contiguous: set[int] = field(default_factory=set[int])

    def unbroadcast(self, register: int) -> int:
        """The register that this one repeats, if it is a view that broadcasts; otherwise itself."""
        return self.broadcast.get(register, register)

    def root(self, register: int) -> int:
        """The register whose memory this one looks at."""
        return self.base.get(register, register)

    def is_whole(self, register: int) -> bool:
        """Whether a register has the elements of the memory it looks at, in the same order."""
        root = self.root(register)
        return register == root or (
            register in self.contiguous and self.spec(register).nbytes == self.spec(root).nbytes
        )

    def spec(self, register: int) -> Spec:
        return self.program.specs[register]


def signature(nodes: Sequence[AnyNode], mark: Callable[[AnyNode], Hashable]) -> tuple[Hashable, ...]:
    """What two graphs (in topological order) have in common when they are of the same structure.

    `mark` tells nodes apart that must not be taken for each other: those for which it isn't None are not looked into.
    """
    number = {node: i for i, node in enumerate(nodes)}
    rows: list[Hashable] = []
    for node in nodes:
        marked = mark(node)
        if marked is not None or not isinstance(node, Node):
            rows.append((marked, node.specs))
        else:
            operands = tuple((number[value.node], value.index) for value in node.inputs)
            rows.append((node.operator, node.attributes, operands))
    return tuple(rows)


@contextmanager
def _without_garbage_collection() -> Generator[None]:
    """Planning makes many objects that live: to look through them again and again would take a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class ProgramCache:
    """Programs by structure: the most recently used, up to a total size. Safe to use from several threads."""

    def __init__(self, registers: int = 2_000_000) -> None:
        self._limit = registers
        self._size = 0
        self._programs: OrderedDict[Hashable, Program] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, compiler: Callable[[], Program]) -> Program:
        """The program kept under this key for the passes and threads of now, compiled if there is none."""
        key = (enabled(), threads(), key)
        with self._lock:
            program = self._programs.get(key)
            if program is not None:
                self._programs.move_to_end(key)
                return program
        with _without_garbage_collection():
            program = compiler()
        with self._lock:
            if self._programs.setdefault(key, program) is program:
                self._size += program.size
            while self._size > self._limit and len(self._programs) > 1:
                self._size -= self._programs.popitem(last=False)[1].size
        return program
