"""Commands on plans: describe."""

from collections.abc import Iterator, Sequence

from gradwire.v1 import plan_pb2
from gradwire_engine import backward as engine
from gradwire_engine.backward import BackwardPass, Mode
from gradwire_engine.errors import InvalidArgumentError
from gradwire_engine.graph import AnyNode, Value
from gradwire_engine.plans.description import (
    Description,
    Kind,
    Operand,
    Operation,
    Output,
    StepDescription,
    describe,
)
from gradwire_engine.plans.timing import StepTime, Timings
from gradwire_engine.workspace import Check, Planned
from gradwire_server.gradient_commands import roots_and_leaves
from gradwire_server.graph_commands import MESSAGE_FRAMING
from gradwire_server.messages import spec_to
from gradwire_server.session import Definition, Session
from gradwire_server.status import defined

MOST_TIMES = 1000

_KINDS = {
    Kind.ALONE: plan_pb2.PLAN_STEP_KIND_ALONE,
    Kind.ROWS: plan_pb2.PLAN_STEP_KIND_ROWS,
    Kind.SCALARS: plan_pb2.PLAN_STEP_KIND_SCALARS,
}


def describe_plan(
    session: Session, request: plan_pb2.DescribePlanRequest, check: Check
) -> Iterator[plan_pb2.DescribePlanResponse]:
    """The plan of an evaluation or a backward pass, as many steps to a message as fit in the size of a chunk."""
    planned, roots = _planned(session, request)
    check()
    timings = session.workspace.timed(planned, request.times, check) if request.times else None
    told = _Teller(planned, roots, timings)
    response, size = plan_pb2.DescribePlanResponse(summary=told.summary()), 0
    for step in told.steps():
        check()
        size += step.ByteSize() + MESSAGE_FRAMING
        if response.steps and size > session.settings.chunk_bytes:
            yield response
            response, size = plan_pb2.DescribePlanResponse(), step.ByteSize() + MESSAGE_FRAMING
        response.steps.append(step)
    yield response


def _planned(session: Session, request: plan_pb2.DescribePlanRequest) -> tuple[Planned, int]:
    """The plan asked for, and how many of its outputs are values: the others are gradients."""
    if not 0 <= request.times <= MOST_TIMES:
        raise InvalidArgumentError(
            f"times must be from 0 to {MOST_TIMES:,}, not {request.times}", "FIELD_INVALID", field="times"
        )
    if bool(request.values) == bool(request.roots):
        both = "give either values or roots, not both" if request.values else "values or roots are required"
        raise InvalidArgumentError(both, "FIELD_INVALID" if request.values else "FIELD_REQUIRED", field="values")
    if request.values:
        if request.leaves:
            raise InvalidArgumentError("leaves are for a backward pass, with roots", "FIELD_INVALID", field="leaves")
        values = [session.value(value_id, f"values[{i}]") for i, value_id in enumerate(request.values)]
        planned = session.workspace.plan(values)
        return planned, len(planned.outputs)
    roots, cotangents, leaves = roots_and_leaves(session, request)
    _, planned = engine.plan(BackwardPass(roots, cotangents, Mode.NONE, leaves))
    return planned, len(roots)


class _Teller:
    """Puts a plan's description in the contract's messages."""

    def __init__(self, planned: Planned, roots: int, timings: Timings | None) -> None:
        self.planned = planned
        self.roots = roots
        self.timings = timings
        self.description: Description = describe(planned.program)

    def summary(self) -> plan_pb2.PlanSummary:
        description, memory = self.description, self.description.memory
        return plan_pb2.PlanSummary(
            inputs=[self.input(value) for value in self.planned.inputs],
            outputs=[self.output(position, output) for position, output in enumerate(description.outputs)],
            memory=plan_pb2.PlanMemory(**memory._asdict()),
            written=description.written,
            operations=description.operations,
            steps=len(description.steps),
            views=description.views,
            constants=description.constants,
            flops=description.flops,
            bytes=description.bytes,
            nanoseconds=self.timings.run if self.timings is not None else 0,
        )

    def input(self, value: Value) -> plan_pb2.PlanInput:
        definition = _definition(value.node)
        return plan_pb2.PlanInput(
            value_id=_id(definition, value.index),
            spec=spec_to(value.spec),
            label=definition.value.label if definition is not None else "",
            source=definition.value.source if definition is not None else "",
        )

    def output(self, position: int, output: Output) -> plan_pb2.PlanOutput:
        value = self.planned.outputs[position]
        definition = _definition(value.node)
        message = plan_pb2.PlanOutput(
            value_id=_id(definition, value.index),
            spec=spec_to(output.spec),
            gradient=position >= self.roots,
            label=definition.value.label if definition is not None else "",
            source=definition.value.source if definition is not None else "",
            after=output.after,
            copied=not output.direct,
        )
        _set_origin(message, output)
        return message

    def steps(self) -> Iterator[plan_pb2.PlanStep]:
        times: Sequence[StepTime | None] = (
            self.timings.steps if self.timings is not None else [None] * len(self.description.steps)
        )
        for step, time in zip(self.description.steps, times, strict=True):
            yield self.step(step, time)

    def step(self, step: StepDescription, time: StepTime | None) -> plan_pb2.PlanStep:
        message = plan_pb2.PlanStep(
            kind=_KINDS[step.kind],
            operations=[self.operation(operation) for operation in step.operations],
            operands=[plan_pb2.PlanOperand(spec=spec_to(operand.spec)) for operand in step.operands],
            results=[
                plan_pb2.PlanResult(spec=spec_to(spec), replaces=None if replaces < 0 else replaces)
                for spec, replaces in step.results
            ],
            bytes=step.bytes,
        )
        for told, operand in zip(message.operands, step.operands, strict=True):
            _set_origin(told, operand)
        if time is not None:
            message.nanoseconds = time.total
            for told, nanoseconds in zip(message.operations, time.operations, strict=False):
                told.nanoseconds = nanoseconds
        return message

    def operation(self, operation: Operation) -> plan_pb2.PlanOperation:
        definition = _definition(self.planned.nodes[operation.number]) if operation.number >= 0 else None
        return plan_pb2.PlanOperation(
            operator=operation.name,
            value_id=_id(definition),
            label=definition.value.label if definition is not None else "",
            source=definition.value.source if definition is not None else "",
            operands=map(spec_to, operation.operands),
            results=map(spec_to, operation.results),
            flops=operation.flops,
        )


def _set_origin(message: plan_pb2.PlanOperand | plan_pb2.PlanOutput, told: Operand | Output) -> None:
    if told.step >= 0:
        message.step = told.step
    elif told.input >= 0:
        message.input = told.input


def _definition(node: AnyNode) -> Definition | None:
    """The definition of a node, or of the one for which it was made."""
    found = defined(node)
    return found.definition if found is not None else None


def _id(definition: Definition | None, index: int = 0) -> int:
    return definition.value.id + index if definition is not None else 0
