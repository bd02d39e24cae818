"""What a picture of a plan shows: its inputs as leaves, its steps as operations."""

from __future__ import annotations

from collections import Counter

from gradwire.drawing.picture import (
    COMMUTATIVE,
    SYMBOLS,
    Edge,
    Form,
    Picture,
    Vertex,
    name_lines,
    shape_text,
    shortened,
    spec_text,
)
from gradwire.plan import Plan, PlanOperand, PlanOutput, PlanStep
from gradwire.quantities import count_text, size_text, time_text
from gradwire.wire import wire_spec

MOST_NAMES = 6
"""Operators named in the circle of a joined step."""
WORDS = {"leaf": "input", "operation": "step", "root": "output", "needs a gradient": "for gradients only"}
"""What the legend calls things."""


def picture_of_plan(plan: Plan) -> Picture:
    """The picture of a plan: a circle for each step, whatever is joined in it."""
    return _Painter(plan).paint()


class _Painter:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.picture = Picture(words=WORDS)
        self.for_values = _needed_for_values(plan)
        self.vertex_of_input: dict[int, int] = {}

    def paint(self) -> Picture:
        plan, vertices = self.plan, self.picture.vertices
        used = {operand.input for step in plan.steps for operand in step.operands}
        used.update(output.input for output in plan.outputs)
        for i, input in enumerate(plan.inputs):
            if i in used:
                self.vertex_of_input[i] = len(vertices)
                spec = spec_text(wire_spec(input.spec))
                vertices.append(Vertex(Form.LEAF, (shortened(input.name), spec), title=f"{input.name} · {spec}"))
        first = len(vertices)
        total = sum(step.seconds or 0 for step in plan.steps)
        vertices += [self.vertex(number, step, total) for number, step in enumerate(plan.steps)]
        for output in plan.outputs:
            self.mark(output, first)
        for number, step in enumerate(plan.steps):
            alone = step.operations[0].operator if len(step.operations) == 1 else None
            numbered = alone is not None and alone not in COMMUTATIVE and len(step.operands) > 1
            for position, operand in enumerate(step.operands, 1):
                self.connect(operand, first, number, position if numbered else 0)
        return self.picture

    def vertex(self, number: int, step: PlanStep, total: float) -> Vertex:
        measures = [f"{count_text(step.flops)}FLOP", size_text(step.bytes)]
        caption = ""
        if step.seconds is not None:
            measures.append(time_text(step.seconds))
            caption = f"{step.seconds / total:.0%}" if total and step.seconds >= 0.005 * total else ""
        sources = dict.fromkeys(operation.source for operation in step.operations if operation.source)
        named = ", ".join(f"{count} {name}" if count > 1 else name for name, count in _counted(step))
        title = " · ".join([f"step {number}", named, *measures, *list(sources)[:MOST_NAMES]])
        return Vertex(Form.OPERATION, _lines(step), caption, title, gradient=number not in self.for_values)

    def mark(self, output: PlanOutput, first: int) -> None:
        """Makes what an output comes from a root, and names it beside."""
        if output.step is not None:
            vertex = self.picture.vertices[first + output.step]
            names = [output.name if not output.name.startswith("(") else "", vertex.caption]
            vertex.caption = " · ".join(filter(None, names))
        elif output.input is not None:
            vertex = self.picture.vertices[self.vertex_of_input[output.input]]
        else:
            return
        vertex.root = True

    def connect(self, operand: PlanOperand, first: int, step: int, position: int) -> None:
        if operand.step is not None:
            source = first + operand.step
        elif operand.input is not None:
            source = self.vertex_of_input[operand.input]
        else:
            return
        flows = step not in self.for_values
        self.picture.edges.append(Edge(source, first + step, shape_text(wire_spec(operand.spec)), position, flows))


def _needed_for_values(plan: Plan) -> set[int]:
    """The steps that would be done if no gradient were asked for."""
    todo = [output.step for output in plan.outputs if not output.gradient and output.step is not None]
    found = set(todo)
    while todo:
        for operand in plan.steps[todo.pop()].operands:
            if operand.step is not None and operand.step not in found:
                found.add(operand.step)
                todo.append(operand.step)
    return found


def _counted(step: PlanStep) -> list[tuple[str, int]]:
    return list(Counter(operation.operator for operation in step.operations).items())


def _lines(step: PlanStep) -> tuple[str, ...]:
    """What is written in a step's circle: an operator's sign or name, or those that are joined, one below the other."""
    counts = _counted(step)
    if len(step.operations) == 1:
        return name_lines(counts[0][0])
    lines: list[str] = []
    for name, count in counts[:MOST_NAMES]:
        lines.append(SYMBOLS.get(name, name) + (f" ({count})" if count > 1 else ""))
    rest = sum(count for _, count in counts[MOST_NAMES:])
    return (*map(shortened, lines), *([f"{rest} more"] if rest else []))
