"""A plan as a table."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from gradwire.drawing.picture import spec_text
from gradwire.plan import Plan, PlanOperation, PlanOutput, PlanStep
from gradwire.quantities import count_text, size_text, time_text
from gradwire.wire import wire_spec
from gradwire_engine.spec import Spec

MOST_STEPS = 200
"""Steps shown in full; the rest is only counted."""
MOST_OPERANDS = 4
WIDEST = 400

Row = list[RenderableType]


def plain_text(plan: Plan) -> str:
    """The table as plain text, as wide as it needs to be."""
    file = io.StringIO()
    Console(file=file, width=WIDEST, color_system=None, force_terminal=False, legacy_windows=False).print(
        rendered(plan)
    )
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def rendered(plan: Plan) -> RenderableType:
    """The table, and what is to be said of the plan as a whole."""
    return Group(*([_table(plan), ""] if plan.steps else []), _summary(plan))


def _table(plan: Plan) -> Table:
    timed = plan.seconds is not None
    right = [Column(name, justify="right", no_wrap=True) for name in ("FLOP", "bytes", *(["time", "share"] * timed))]
    columns = [Column("step", justify="right", style="dim"), Column("operation", no_wrap=True, style="bold")]
    columns += [Column("operands → results", overflow="ellipsis", no_wrap=True), *right, Column("line", style="dim")]
    table = Table(*columns, box=None, pad_edge=False)
    total = sum(step.seconds or 0 for step in plan.steps)
    for number, step in enumerate(plan.steps[:MOST_STEPS]):
        for row in _step_rows(number, step, total, timed):
            table.add_row(*row)
        for row in _output_rows([output for output in plan.outputs if output.after == number + 1]):
            table.add_row(*row)
    if len(plan.steps) > MOST_STEPS:
        table.add_row("", Text(f"… and {len(plan.steps) - MOST_STEPS:,} more steps", "dim"))
    table.add_row()
    times = [time_text(total), "100%"] if timed else []
    table.add_row("", "all steps", "", count_text(plan.flops), size_text(plan.bytes), *times)
    return table


def _step_rows(number: int, step: PlanStep, total: float, timed: bool) -> Iterator[Row]:
    first, joined = step.operations[0], len(step.operations) > 1
    what = _names(step) if joined else first.operator
    measures = [count_text(step.flops), size_text(step.bytes), *_times(step.seconds, total, timed)]
    source = "" if step.kind == "rows" and joined else first.source
    yield [str(number), what, _flow_of_step(step), *measures, source]
    if joined and step.kind == "rows":
        for i, operation in enumerate(step.operations):
            branch = "└ " if i == len(step.operations) - 1 else "├ "
            measures = [count_text(operation.flops), "", *_times(operation.seconds, total, timed)]
            yield [
                "",
                Text(branch + operation.operator, "not bold"),
                Text(_flow(operation), "dim"),
                *(Text(measure, "dim") for measure in measures),
                operation.source,
            ]


def _output_rows(outputs: Sequence[PlanOutput]) -> Iterator[Row]:
    if outputs:
        yield ["", Text("↳ done", "green not bold"), Text(", ".join(output.name for output in outputs), "green")]


def _names(step: PlanStep) -> str:
    """What is joined, in few words."""
    if step.kind == "rows":
        return f"{len(step.operations)} by rows"
    counts = Counter(operation.operator for operation in step.operations).most_common()
    shown = ", ".join(f"{count} {name}" for name, count in counts[:3])
    return f"{shown}{', …' if len(counts) > 3 else ''} on scalars"


def _times(seconds: float | None, total: float, timed: bool) -> list[str]:
    if seconds is None:
        return ["", ""] * timed
    return [time_text(seconds), f"{seconds / total:.0%}" if total else ""]


def _flow_of_step(step: PlanStep) -> str:
    results = [
        "in place" if result.replaces is not None and len(step.operations) == 1 else _spec(result.spec)
        for result in step.results
    ]
    return f"{_listed([_spec(operand.spec) for operand in step.operands])} → {_listed(results)}"


def _flow(operation: PlanOperation) -> str:
    return f"{_listed(list(map(_spec, operation.operands)))} → {_listed(list(map(_spec, operation.results)))}"


def _listed(specs: Sequence[str]) -> str:
    rest = f", {len(specs) - MOST_OPERANDS} more" if len(specs) > MOST_OPERANDS else ""
    return ", ".join(specs[:MOST_OPERANDS]) + rest


def _spec(spec: Spec) -> str:
    return spec_text(wire_spec(spec))


def _summary(plan: Plan) -> Table:
    """The plan as a whole."""
    memory, table = plan.memory, Table(Column(style="bold", no_wrap=True), Column(), box=None, pad_edge=False)
    table.show_header = False
    done = f"{plan.written:,} written, {plan.operations:,} done in {_many(len(plan.steps), 'step')}"
    more = [f"{plan.views:,} only look at memory in another way"] * (plan.views > 0)
    more += [f"{_many(plan.constants, 'constant')} computed once"] * (plan.constants > 0)
    table.add_row("operations", "; ".join([done, *more]) if plan.steps else "none: it is there already")
    table.add_row(
        "memory",
        f"{size_text(memory.arena)} for {_many(memory.registers, 'intermediate result')},"
        f" {size_text(memory.unshared)} if none took another's place; {size_text(memory.constants)} of constants",
    )
    table.add_row("in and out", f"{size_text(memory.inputs)} of inputs, {size_text(memory.outputs)} of outputs")
    if plan.seconds:
        rate = f"{count_text(plan.flops / plan.seconds)}FLOP/s, {size_text(int(plan.bytes / plan.seconds))}/s"
        table.add_row("time", f"{time_text(plan.seconds)} for a run, the shortest of {plan.times:,}; {rate}")
    return table


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
