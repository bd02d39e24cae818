"""From a graph to a program: each node becomes a step, steps are gathered into larger ones, memory is laid out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from gradwire_engine.blas import ONE_THREAD
from gradwire_engine.graph import AnyNode, Node, Placeholder, Value, reachable
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.shaping.creation import full
from gradwire_engine.operators.shaping.shapes import broadcast_to, transpose
from gradwire_engine.plans.fusion import fused
from gradwire_engine.plans.layout import lay_out
from gradwire_engine.plans.passes import enabled
from gradwire_engine.plans.program import Code, Program, Step
from gradwire_engine.plans.scalars import with_scalars
from gradwire_engine.plans.series import gathered
from gradwire_engine.plans.simplify import simplify
from gradwire_engine.spec import Array, Shape
from gradwire_engine.threads import for_each, threads

MOST_FOLDED = 1 << 20
"""Bytes: what depends on constants only is kept if it is no larger."""


def compile_program(
    outputs: Sequence[Value], inputs: Sequence[Value], numbers: Mapping[AnyNode, int], *, checked: bool = False
) -> Program:
    """Compiles the graph between `inputs`, which the caller will supply, and `outputs`.

    Args:
        numbers: of the nodes that errors shall name.
        checked: whether each operation's results will be looked at, so that each must be there.
    """
    passes = frozenset[str]() if checked else enabled()
    outputs, inputs, numbers = _with_stand_ins(outputs, inputs, numbers)
    emitter = _Emitter(inputs, numbers, "fold" in passes)
    code = emitter.code
    written = reachable(outputs, stop=emitter.supplied.__contains__)
    code.program.written = sum([isinstance(node, Node) and node.operator is not full for node in written])
    simple = simplify(outputs, inputs, passes, written)
    if "series" in passes:
        simple = gathered(simple, inputs)
    nodes = reachable(simple, stop=emitter.supplied.__contains__)
    if "algebra" in passes:
        emitter.transposed = _only_transposed(nodes, simple)
    for node in nodes:
        emitter.emit(node)
    code.program.outputs = [emitter.registers[value] for value in simple]
    if "fuse" in passes:
        code.steps = fused(code)
    if "scalars" in passes:
        code.steps = with_scalars(code)
    lay_out(code, in_place="inplace" in passes)
    return code.program


def _with_stand_ins(
    outputs: Sequence[Value], inputs: Sequence[Value], numbers: Mapping[AnyNode, int]
) -> tuple[Sequence[Value], Sequence[Value], Mapping[AnyNode, int]]:
    """The same graph, with what is supplied but was computed replaced, so that nothing can see how it was computed."""
    given = {value.node for value in inputs}
    if not any(isinstance(node, Node) for node in given):
        return outputs, inputs, numbers
    known = {value: Placeholder(value.spec).values[0] for value in inputs}
    numbers = dict(numbers)
    for node in reachable(outputs, stop=given.__contains__):
        if node not in given and isinstance(node, Node) and any(x in known for x in node.inputs):
            new = node.on(tuple([known.get(x, x) for x in node.inputs]))
            known.update(zip(node.values, new.values, strict=True))
            if node in numbers:
                numbers[new] = numbers[node]
    return [known.get(y, y) for y in outputs], [known[x] for x in inputs], numbers


def _only_transposed(nodes: Sequence[AnyNode], outputs: Sequence[Value]) -> dict[AnyNode, Node]:
    """Stacks of products that are only needed with their rows in another order, and what puts them in it."""
    uses = Counter([value.node for value in outputs])
    uses.update(value.node for node in nodes for value in node.inputs)
    found: dict[AnyNode, Node] = {}
    for node in nodes:
        if isinstance(node, Node) and node.operator is transpose:
            (x,), axes = node.inputs, vars(node.attributes)["axes"]
            # Products are written as rows, whatever lies between these.
            rows_stay = axes is not None and x.ndim > 2 and axes[-1] == x.ndim - 1
            if rows_stay and _is_stack_of_products(x.node) and uses[x.node] == 1:
                found[x.node] = node
    return found


def _is_stack_of_products(node: AnyNode) -> bool:
    return isinstance(node, Node) and node.operator is matmul and min(x.ndim for x in node.inputs) > 1


class _Emitter:
    """Makes the steps.

    Attributes:
        transposed: products that are to be computed as transposed, with what does that.
    """

    def __init__(self, inputs: Sequence[Value], numbers: Mapping[AnyNode, int], folds: bool) -> None:
        self.program = Program()
        self.code = Code(self.program)
        self.numbers = numbers
        self.folds = folds
        self.registers: dict[Value, int] = {}
        self.numbers_made: dict[Hashable, int] = {}
        self.transposed: dict[AnyNode, Node] = {}
        self.supplied = {value.node for value in inputs}
        for value in inputs:
            self.registers[value] = register = self.program.new(value.spec)
            self.code.contiguous.add(register)
            self.program.inputs.append(register)

    def emit(self, node: AnyNode) -> None:
        """Adds what computes a node whose operands are in registers already."""
        if not isinstance(node, Node) or node in self.supplied or Value(node) in self.registers:
            return
        operands = tuple([self.registers[value] for value in node.inputs])
        if node in self.transposed:
            self.emit_transposed(node, self.transposed[node], operands)
            return
        self.registers.update(zip(node.values, self.apply(node, operands), strict=True))

    def emit_transposed(self, product: Node, transposition: Node, operands: tuple[int, ...]) -> None:
        """Adds what computes products right where their transpose shall be."""
        axes = vars(transposition.attributes)["axes"]
        back = tuple(sorted(range(len(axes)), key=axes.__getitem__))
        result = self.program.new(transposition.specs[0])
        self.add(Step(_matmul_into, operands, (result,), {"axes": back}, matmul, self.number(product)))
        self.registers[Value(transposition)] = result

    def apply(self, node: Node, operands: tuple[int, ...]) -> tuple[int, ...]:
        operator, program, code = node.operator, self.program, self.code
        if operator is full and node.specs[0].shape:
            return self.repeated(node)
        if operator.view is not None and operator.needs_contiguous and operands[0] not in code.contiguous:
            operands = (self.copy(operands[0], node),)
        results = tuple([program.new(spec) for spec in node.specs])
        attributes = vars(node.attributes)
        number = self.number(node)
        if operator.view is not None:
            code.views.append(Step(operator.view, operands, results, attributes, operator, number))
            code.base[results[0]] = code.root(operands[0])
            if operator.needs_contiguous:
                code.contiguous.update(results)
            elif operator.name == "broadcast_to":
                code.broadcast[results[0]] = code.unbroadcast(operands[0])
        else:
            assert operator.kernel is not None, "lowered operators don't come here"
            wanted = operator.scratch(*(program.specs[r] for r in operands), **attributes) if operator.scratch else ()
            scratch = tuple([program.new(spec) for spec in wanted])
            kernel = operator.kernel
            if operator is matmul and _is_worth_sharing(*(program.specs[r].shape for r in (*operands, *results))):
                kernel = _matmul_shared
            self.add(Step(kernel, operands, results, attributes, operator, number, scratch))
        return results

    def repeated(self, node: Node) -> tuple[int, ...]:
        """A constant that is one number, repeated without taking memory."""
        shape, dtype = node.specs[0]
        fill = vars(node.attributes)["fill_value"]
        key = repr(fill), dtype
        if key not in self.numbers_made:
            attributes = {"shape": (), "fill_value": fill, "dtype": dtype}
            (self.numbers_made[key],) = self.apply(Node.record(full, (), full.validated(attributes)), ())
        result = self.program.new(node.specs[0])
        number, source = self.number(node), self.numbers_made[key]
        self.code.views.append(Step(np.broadcast_to, (source,), (result,), {"shape": shape}, broadcast_to, number))
        self.code.base[result] = self.code.broadcast[result] = source
        return (result,)

    def copy(self, register: int, node: Node) -> int:
        result = self.program.new(self.program.specs[register])
        self.add(Step(_copy, (register,), (result,), number=self.number(node)))
        return result

    def number(self, node: AnyNode) -> int:
        return self.numbers.get(node, self.numbers.get(node.origin, -1) if node.origin else -1)

    def add(self, step: Step) -> None:
        """Puts a step among the constants or the others."""
        code, specs = self.code, self.program.specs
        code.contiguous.update(step.outputs)
        nbytes = sum(specs[r].nbytes for r in step.outputs)
        fixed = all(code.root(r) in code.constant for r in step.inputs)
        if fixed and (not step.inputs or (self.folds and nbytes <= MOST_FOLDED)):
            code.constant.update(step.outputs)
            code.constants.append(step)
        else:
            code.steps.append(step)


def _is_worth_sharing(a: Shape, b: Shape, y: Shape) -> bool:
    """Whether threads had better share a stack of products, each so small that BLAS uses one thread for it."""
    if len(y) < 3 or len(a) != len(b) or a[0] != b[0] or threads() == 1:
        return False
    count, one = math.prod(y[:-2]), y[-2] * y[-1] * a[-1]
    return one <= ONE_THREAD and count * one >= 4 * ONE_THREAD


def _matmul_shared(a: Array, b: Array, *, out: Array) -> None:
    parts = min(threads(), len(out))
    ends = [len(out) * i // parts for i in range(parts + 1)]

    def multiply(i: int, worker: int) -> None:
        part = slice(ends[i], ends[i + 1])
        np.matmul(a[part], b[part], out=out[part])

    for_each(multiply, parts)


def _matmul_into(a: Array, b: Array, *, axes: Shape, out: Array) -> None:
    y = out.transpose(axes)
    multiply = _matmul_shared if _is_worth_sharing(a.shape, b.shape, y.shape) else np.matmul
    multiply(a, b, out=y)


def _copy(x: Array, *, out: Array, **attributes: Any) -> None:
    np.copyto(out, x)
