"""What the server does to compute values or gradients: `gw.plan(y)`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from gradwire.errors import InvalidArgumentError
from gradwire.gradients import Pass, request_of
from gradwire.operations import recorder_of
from gradwire.quantities import count_text
from gradwire.tensors import Tensor
from gradwire.v1 import plan_pb2
from gradwire.wire import spec_from_wire
from gradwire_engine.spec import Spec

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gradwire.draw import Drawing

_KINDS: dict[int, Literal["alone", "rows", "scalars"]] = {
    plan_pb2.PLAN_STEP_KIND_ROWS: "rows",
    plan_pb2.PLAN_STEP_KIND_SCALARS: "scalars",
}


class PlanOperation(NamedTuple):
    """An operation of a step."""

    operator: str
    operands: tuple[Spec, ...]
    results: tuple[Spec, ...]
    flops: int
    """Floating-point operations: one for each element, two for each product that is added up."""
    seconds: float | None
    """The part of its step's time, if that was joined by rows and the plan was timed."""
    value_id: int
    """The id of the value that it works for, or for whose derivative; 0 if there is none."""
    label: str
    source: str
    """The line that recorded that value."""


class PlanOperand(NamedTuple):
    """What a step reads."""

    spec: Spec
    step: int | None
    """The step that computes it."""
    input: int | None
    """The input that it is. If it isn't a step's either, it is a constant."""


class PlanResult(NamedTuple):
    """What a step computes."""

    spec: Spec
    replaces: int | None
    """The position of the operand whose place in memory it takes."""


class PlanStep(NamedTuple):
    """One step of a plan."""

    kind: Literal["alone", "rows", "scalars"]
    """Whether there is one operation, or several are joined: by rows that stay in the cache, or on single numbers."""
    operations: tuple[PlanOperation, ...]
    operands: tuple[PlanOperand, ...]
    results: tuple[PlanResult, ...]
    bytes: int
    """Bytes of operands and results, each once."""
    seconds: float | None
    """The shortest time, if the plan was timed."""

    @property
    def flops(self) -> int:
        """Floating-point operations of all its operations."""
        return sum(operation.flops for operation in self.operations)


class PlanInput(NamedTuple):
    """A leaf, a stored gradient or a frozen value that a plan needs."""

    name: str
    spec: Spec


class PlanOutput(NamedTuple):
    """What a plan is run for."""

    name: str
    spec: Spec
    after: int
    """After how many steps it is handed over."""
    step: int | None
    input: int | None
    gradient: bool
    copied: bool
    """Whether it is copied to where it is wanted, rather than computed there."""


class PlanMemory(NamedTuple):
    """Bytes that a plan takes."""

    arena: int
    """All intermediate results together."""
    constants: int
    inputs: int
    outputs: int
    unshared: int
    """What the arena would be if no result took the place of another one."""
    registers: int
    """How many results have their place in the arena."""


@dataclass(frozen=True, repr=False)
class Plan:
    """What the server does to compute values or gradients. `print` shows it as a table.

    Attributes:
        steps: in the order in which they are done.
        inputs, outputs: what it needs and what it is run for.
        memory: the bytes that it takes.
        written: operations that the graph had, its derivatives included, before it was simplified.
        operations: operations that the steps do.
        views: operations that take no step: they look at the same memory in another way.
        constants: steps that were done once, when the plan was made.
        flops, bytes: floating-point operations, and bytes read and written, of all steps.
        seconds: the shortest time of a run, if it was timed.
        times: how often it was timed.
    """

    steps: tuple[PlanStep, ...]
    inputs: tuple[PlanInput, ...]
    outputs: tuple[PlanOutput, ...]
    memory: PlanMemory
    written: int
    operations: int
    views: int
    constants: int
    flops: int
    bytes: int
    seconds: float | None
    times: int

    def __repr__(self) -> str:
        return f"<plan of {len(self.steps)} steps, {count_text(self.flops)}FLOP>"

    def __str__(self) -> str:
        from gradwire.plan_table import plain_text

        return plain_text(self)

    def __rich__(self) -> RenderableType:
        from gradwire.plan_table import rendered

        return rendered(self)

    def draw(self) -> Drawing:
        """Draws it: inputs as boxes, steps as circles, and in colour what is only done for gradients.

        Raises:
            FailedPreconditionError: igraph is missing, which `pip install 'gradwire[draw]'` brings.

        >>> import gradwire as gw
        >>> with gw.connect():
        ...     x = gw.tensor([0.5, 1.0])
        ...     picture = gw.plan(gw.tanh(x).sum()).draw()
        >>> "tanh" in picture.svg
        True
        """
        from gradwire.draw import Drawing
        from gradwire.drawing.plans import picture_of_plan
        from gradwire.drawing.svg import svg_of

        return Drawing(svg_of(picture_of_plan(self)))


def plan(
    values: Tensor | Sequence[Tensor],
    *,
    backward: bool = False,
    leaves: Sequence[Tensor] | None = None,
    gradient: Any = None,
    times: int = 0,
) -> Plan:
    """What the server does to compute values, or to differentiate them: steps, memory, floating-point operations.

    It is told as if all leaves had just been written: what was computed before is in it too. Nothing changes, and
    unless it is timed, nothing is computed.

    Args:
        values: a tensor or several of one session.
        backward: the plan of a backward pass from these roots.
        leaves: of that, with respect to what. Default: all leaves that require a gradient.
        gradient: of that, the root's cotangent, or a sequence of them for several roots. Default: 1.
        times: run it so many times, at most 1000, and tell the shortest time of each step.

    Raises:
        InvalidArgumentError: no tensor, tensors of different sessions, leaves or a gradient without `backward`.
        FailedPreconditionError: no leaf requires a gradient.
        ResourceExhaustedError: there is no room to run it.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     x = gw.ones((64, 32), requires_grad=True)
    ...     w = gw.ones((32, 8), requires_grad=True)
    ...     loss = gw.tanh(x @ w).sum()
    ...     forward, whole = gw.plan(loss), gw.plan(loss, backward=True, times=3)
    >>> [operation.operator for step in forward.steps for operation in step.operations]
    ['matmul', 'tanh', 'sum']
    >>> forward.steps[0].flops == 2 * 64 * 32 * 8
    True
    >>> [output.spec.shape for output in whole.outputs]
    [(), (64, 32), (32, 8)]
    >>> whole.seconds > 0
    True
    """
    roots = [values] if isinstance(values, Tensor) else list(values)
    if not roots:
        raise InvalidArgumentError("plan takes one or more tensors, all of one session")
    if not backward and (leaves is not None or gradient is not None):
        raise InvalidArgumentError("leaves and gradient are for a backward pass: plan(…, backward=True)")
    recorder = recorder_of(roots)
    with recorder.lock:
        request = plan_pb2.DescribePlanRequest(session=recorder.name, times=times)
        if backward:
            several = [None] * len(roots) if gradient is None else list(gradient)
            gradients = [gradient] if isinstance(values, Tensor) else several
            # The cotangents are there for as long as somebody holds them.
            asked, _held = request_of(recorder, Pass(roots=roots, gradients=gradients, leaves=leaves, mode="none"))
            request.roots.extend(asked.roots)
            request.leaves.extend(asked.leaves)
        else:
            request.values.extend(tensor.handle.id for tensor in roots)
        recorder.flush(release=False)
        return recorder.outbox.with_room(
            lambda: plan_from_wire(recorder.channel.stream("DescribePlan", request), times)
        )


def plan_from_wire(messages: Iterable[plan_pb2.DescribePlanResponse], times: int) -> Plan:
    """A plan from the messages of a DescribePlan stream."""
    received = list(messages)
    summary, timed = received[0].summary, times > 0
    return Plan(
        steps=tuple(_step(step, timed) for message in received for step in message.steps),
        inputs=tuple(
            PlanInput(_name(input.label, input.source, input.value_id), spec_from_wire(input.spec))
            for input in summary.inputs
        ),
        outputs=tuple(map(_output, summary.outputs)),
        memory=PlanMemory(*(getattr(summary.memory, name) for name in PlanMemory._fields)),
        written=summary.written,
        operations=summary.operations,
        views=summary.views,
        constants=summary.constants,
        flops=summary.flops,
        bytes=summary.bytes,
        seconds=summary.nanoseconds / 1e9 if timed else None,
        times=times,
    )


def _step(step: plan_pb2.PlanStep, timed: bool) -> PlanStep:
    kind = _KINDS.get(step.kind, "alone")
    return PlanStep(
        kind=kind,
        operations=tuple(_operation(operation, timed and kind == "rows") for operation in step.operations),
        operands=tuple(PlanOperand(spec_from_wire(o.spec), *_origin(o)) for o in step.operands),
        results=tuple(
            PlanResult(spec_from_wire(result.spec), result.replaces if result.HasField("replaces") else None)
            for result in step.results
        ),
        bytes=step.bytes,
        seconds=step.nanoseconds / 1e9 if timed else None,
    )


def _operation(operation: plan_pb2.PlanOperation, timed: bool) -> PlanOperation:
    return PlanOperation(
        operator=operation.operator,
        operands=tuple(map(spec_from_wire, operation.operands)),
        results=tuple(map(spec_from_wire, operation.results)),
        flops=operation.flops,
        seconds=operation.nanoseconds / 1e9 if timed else None,
        value_id=operation.value_id,
        label=operation.label,
        source=operation.source,
    )


def _output(output: plan_pb2.PlanOutput) -> PlanOutput:
    name = _name(output.label, output.source, output.value_id)
    return PlanOutput(
        f"{name}.grad" if output.gradient else name,
        spec_from_wire(output.spec),
        output.after,
        *_origin(output),
        gradient=output.gradient,
        copied=output.copied,
    )


def _origin(message: plan_pb2.PlanOperand | plan_pb2.PlanOutput) -> tuple[int | None, int | None]:
    kind = message.WhichOneof("origin")
    return message.step if kind == "step" else None, message.input if kind == "input" else None


def _name(label: str, source: str, value_id: int) -> str:
    """What people can know a value by."""
    return label or (f"({source})" if source else f"value {value_id}")
