"""Programs: a graph compiled to instructions on numbered registers, with memory planned for all of them.

A program knows nothing of the graph that it came from, so graphs of the same structure share one.
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from gradwire_engine.graph import AnyNode, Node, Value, made_since, reachable
from gradwire_engine.spec import Array, Spec

ALIGNMENT = 64
"""Bytes: registers start on a cache line."""


class Instruction(NamedTuple):
    """One step: `function` reads registers and fills others, or for a view returns its one result.

    Attributes:
        number: which of the graph's nodes it works for, counted as in the signature; -1 for none.
        scratch: registers that it needs only while it runs.
    """

    function: Callable[..., Any]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    is_view: bool
    number: int
    scratch: tuple[int, ...] = ()


class Segment(NamedTuple):
    """Instructions after which some outputs are final."""

    instructions: Sequence[Instruction]
    final: Sequence[int]


@dataclass
class Program:
    """Instructions and their memory.

    Attributes:
        specs: of each register.
        inputs: registers filled by the caller.
        outputs: registers of the results, in the order asked for.
        constants: instructions without operands, run once.
        prelude: views of constants and planned memory, made once.
        segments: the rest.
        offsets: byte offset in the arena of each register that has memory there.
        arena_bytes: memory for all registers together.
        constant_bytes: memory for what `constants` compute.
        work: elements touched, roughly; what a run costs.
    """

    specs: list[Spec] = field(default_factory=list[Spec])
    inputs: list[int] = field(default_factory=list[int])
    outputs: list[int] = field(default_factory=list[int])
    constants: list[Instruction] = field(default_factory=list[Instruction])
    prelude: list[Instruction] = field(default_factory=list[Instruction])
    segments: list[Segment] = field(default_factory=list[Segment])
    offsets: dict[int, int] = field(default_factory=dict[int, int])
    arena_bytes: int = 0
    constant_bytes: int = 0
    work: int = 0

    @property
    def size(self) -> int:
        return len(self.specs)


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


class ProgramCache:
    """Programs by structure: the most recently used, up to a total size. Safe to use from several threads."""

    def __init__(self, registers: int = 2_000_000) -> None:
        self._limit = registers
        self._size = 0
        self._programs: OrderedDict[Hashable, Program] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, compiler: Callable[[], Program]) -> Program:
        """The program kept under this key, compiled now if there is none."""
        with self._lock:
            program = self._programs.get(key)
            if program is not None:
                self._programs.move_to_end(key)
                return program
        program = compiler()
        with self._lock:
            if self._programs.setdefault(key, program) is program:
                self._size += program.size
            while self._size > self._limit and len(self._programs) > 1:
                self._size -= self._programs.popitem(last=False)[1].size
        return program


def compile_program(outputs: Sequence[Value], inputs: Sequence[Value], numbers: dict[AnyNode, int]) -> Program:
    """Compiles the graph between `inputs`, which the caller will supply, and `outputs`."""
    return _Compiler(inputs, numbers).compile(outputs)


class _Compiler:
    def __init__(self, inputs: Sequence[Value], numbers: dict[AnyNode, int]) -> None:
        self.program = Program()
        self.numbers = numbers
        self.registers: dict[Value, int] = {}
        self.known: dict[Hashable, tuple[int, ...]] = {}
        self.code: list[Instruction] = []
        self.base: dict[int, int] = {}
        self.contiguous: set[int] = set()
        self.fixed: set[int] = set()
        self.supplied = {value.node for value in inputs}
        for value in inputs:
            self.registers[value] = register = self.new(value.spec)
            self.contiguous.add(register)
            self.program.inputs.append(register)

    def new(self, spec: Spec) -> int:
        self.program.specs.append(spec)
        return len(self.program.specs) - 1

    def compile(self, outputs: Sequence[Value]) -> Program:
        for node in reachable(outputs, stop=self.supplied.__contains__):
            self.emit(node)
        self.program.outputs = [self.registers[value] for value in outputs]
        self.plan_memory()
        return self.program

    def emit(self, node: AnyNode) -> None:
        """Adds what computes a node whose operands are in registers already."""
        if not isinstance(node, Node) or node in self.supplied:
            return
        if node.operator.lower is not None:
            values, since = node.lowered()
            for inner in made_since(since, values):
                self.emit(inner)
            found = tuple(self.registers[value] for value in values)
        else:
            operands = tuple(self.registers[value] for value in node.inputs)
            # The same operation on the same operands is done once.
            key = (node.operator, node.attributes, operands)
            found = self.known.get(key) or self.known.setdefault(key, self.apply(node, operands))
        self.registers.update(zip(node.values, found, strict=True))

    def apply(self, node: Node, operands: tuple[int, ...]) -> tuple[int, ...]:
        operator = node.operator
        if operator.view is not None and operator.needs_contiguous and operands[0] not in self.contiguous:
            operands = (self.copy(operands[0], node),)
        results = tuple(self.new(spec) for spec in node.specs)
        compute = operator.view or operator.kernel
        assert compute is not None, "lowered operators don't come here"
        attributes = vars(node.attributes)
        function: Callable[..., Any] = functools.partial(compute, **attributes)
        wanted = operator.scratch(*(self.program.specs[r] for r in operands), **attributes) if operator.scratch else ()
        scratch = tuple(self.new(spec) for spec in wanted)
        self.add(Instruction(function, operands, results, operator.view is not None, self.number(node), scratch))
        if operator.view is None or operator.needs_contiguous:
            self.contiguous.update(results)
        return results

    def copy(self, register: int, node: Node) -> int:
        result = self.new(self.program.specs[register])
        self.add(Instruction(_copy, (register,), (result,), False, self.number(node)))
        return result

    def number(self, node: AnyNode) -> int:
        return self.numbers.get(node, self.numbers.get(node.origin, -1) if node.origin else -1)

    def add(self, instruction: Instruction) -> None:
        """Puts an instruction among the constants, the prelude or the code."""
        if instruction.is_view:
            source, result = instruction.inputs[0], instruction.outputs[0]
            self.base[result] = self.base.get(source, source)
            if source in self.fixed:
                self.fixed.add(result)
                self.program.prelude.append(instruction)
                return
        elif not instruction.inputs:
            self.program.constants.append(instruction)
            self.program.constant_bytes += sum(self.program.specs[r].nbytes for r in instruction.outputs)
            self.fixed.update(instruction.outputs)
            return
        else:
            self.fixed.update(instruction.outputs)
            self.program.work += max(self.program.specs[r].size for r in (*instruction.inputs, *instruction.outputs))
        self.code.append(instruction)

    def plan_memory(self) -> None:
        """Gives each register a place in the arena for as long as it is live; cuts the code where outputs are final."""
        program = self.program
        defined = {
            self.root(r): i
            for i, step in enumerate(self.code)
            if not step.is_view
            for r in (*step.outputs, *step.scratch)
        }
        last_use = dict(defined)
        for i, step in enumerate(self.code):
            for r in step.inputs:
                last_use[self.root(r)] = i
        final = self.final_outputs()
        for i, positions in final.items():
            for position in positions:
                root = self.root(program.outputs[position])
                last_use[root] = max(last_use.get(root, i), i)
        dying: dict[int, list[int]] = {}
        for root, i in last_use.items():
            if root in defined:
                dying.setdefault(i, []).append(root)
        free: dict[int, list[int]] = {}
        for i, step in enumerate(self.code):
            if not step.is_view:
                for r in (*step.outputs, *step.scratch):
                    program.offsets[r] = self.take(free, program.specs[r])
            for root in dying.get(i, ()):
                free.setdefault(_rounded(program.specs[root]), []).append(program.offsets[root])
        self.cut(final)

    def root(self, register: int) -> int:
        return self.base.get(register, register)

    def take(self, free: dict[int, list[int]], spec: Spec) -> int:
        size = _rounded(spec)
        if free.get(size):
            return free[size].pop()
        self.program.arena_bytes += size
        return self.program.arena_bytes - size

    def final_outputs(self) -> dict[int, list[int]]:
        """After which instruction (-1: before the first) each output is final."""
        made_at = {r: i for i, step in enumerate(self.code) for r in step.outputs}
        final: dict[int, list[int]] = {}
        for position, register in enumerate(self.program.outputs):
            # A view in the prelude is final when the memory it looks at is.
            at = made_at.get(register, made_at.get(self.root(register), -1))
            final.setdefault(at, []).append(position)
        return final

    def cut(self, final: dict[int, list[int]]) -> None:
        start = 0
        for at in sorted(final):
            self.program.segments.append(Segment(self.code[start : at + 1], final[at]))
            start = at + 1


def _rounded(spec: Spec) -> int:
    return -(-spec.nbytes // ALIGNMENT) * ALIGNMENT


def _copy(x: Array, *, out: Array) -> None:
    np.copyto(out, x)
