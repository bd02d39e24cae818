"""What is said of a plan before it runs, against what then happens."""

import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from counting import NumberRun, numbers, operations_done
from test_passes import ROW_BY_ROW, compiled, so_many_threads, with_gradients
from test_plans import never, written

from gradwire_engine.backward import BackwardPass, Mode, plan
from gradwire_engine.errors import CancelledError, FailedPreconditionError, GradwireError, ResourceExhaustedError
from gradwire_engine.graph import Operator, Value
from gradwire_engine.leaf import Leaf
from gradwire_engine.memory import Account
from gradwire_engine.plans import blocks
from gradwire_engine.plans.description import Kind, describe
from gradwire_engine.plans.passes import PASSES, enabled, without
from gradwire_engine.plans.plan import Plan
from gradwire_engine.spec import Array, Spec
from gradwire_engine.workspace import Workspace
from reference import cases, parametrized

op = Operator.registry
rng = np.random.default_rng(7)


def network(x: Value, w: Value, b: Value) -> Value:
    return op["sum"](op["square"](op["tanh"](op["matmul"](x, w) + b)))


def chain(x: Value, line: Value) -> Value:
    return op["sum"](op["sin"](x) * op["exp"](x * 0.5) + line)


def scalar_chain(x: Value, y: Value) -> Value:
    for _ in range(8):
        y = op["sin"](y) * x + y / 2
    return y


def attention(x: Value, w: Value) -> Value:
    y = op["matmul"](x, w)
    shares = op["softmax"](op["matmul"](y, op["transpose"](y)), axis=-1)
    return op["sum"](op["matmul"](shares, y))


def positive(*shapes: tuple[int, ...]) -> list[Array]:
    return [rng.uniform(0.2, 1, shape) for shape in shapes]


GRAPHS: dict[str, tuple[Callable[..., Value], list[Array]]] = {
    "network": (network, positive((8, 5), (5, 4), (4,))),
    "chain": (chain, positive((400, 250), (250,))),
    "scalars": (scalar_chain, positive((), ())),
    "attention": (attention, positive((6, 5), (5, 3))),
    "rows": (
        lambda x: op["sum"](op["sin"](op["sum"](x - op["mean"](x, axis=1, keepdims=True), axis=1))),
        positive((7, 5)),
    ),
    "stacks": (lambda x, y: op["sum"](op["matmul"](x, y)), positive((3, 1, 4, 2), (2, 2, 5))),
    "contraction": (
        lambda x, y: op["sum"](op["einsum"](x, y, equation="bij,bjk->ik")),
        positive((2, 3, 4), (2, 4, 5)),
    ),
}
graphs = pytest.mark.parametrize("name", GRAPHS)


@graphs
@pytest.mark.parametrize("off", [False, True])
def test_floating_point_operations_are_those_that_are_done(name: str, off: bool) -> None:
    function, arrays = GRAPHS[name]
    with so_many_threads(2):
        if off:
            with without():
                program = compiled(with_gradients(function), *arrays)
        else:
            program = compiled(with_gradients(function), *arrays)
    described, run = describe(program), NumberRun(program, arrays)
    for step, count in zip(described.steps, run.counts, strict=True):
        # What is summed up begins with its first term: one sum less than there are terms.
        saved = sum(o.results[0].size for o in step.operations if o.name in ("matmul", "sum", "amax", "amin"))
        assert step.flops - saved == count, [o.name for o in step.operations]
    workspace = Workspace(1 << 30)
    leaves = [written(workspace, array).values[0] for array in arrays]
    for found, buffer in zip(run.outputs, workspace.evaluate(with_gradients(function)(*leaves), never), strict=True):
        np.testing.assert_allclose(found, buffer.array, rtol=1e-9)


CONTRACTIONS = ("matmul", "convolution", "convolution_transpose", "convolution_weight", "window_sum", "windows_add")


@parametrized(case for case in cases() if case.operator.name in CONTRACTIONS)
def test_a_product_of_ones_is_how_many_products_there_are(
    operator: Operator, inputs: tuple[Array, ...], attributes: dict[str, Any]
) -> None:
    """…that are added up; those with padding are counted too, and add nothing."""
    ones = [np.ones(array.shape) for array in inputs]
    if operator.name == "windows_add":
        ones[0][...] = 0
    workspace = Workspace(1 << 30)
    y = operator(*(written(workspace, array).values[0] for array in ones), **attributes)
    total = workspace.evaluate([y], never)[0].array.sum()
    assert operator.flops is not None
    forecast = operator.flops(*(Spec(array.shape, array.dtype) for array in ones), **attributes)
    forecast //= 1 if operator.name.startswith("window") else 2
    assert forecast >= total
    if not any(attributes.get("padding", ())) and not operator.name.startswith("convolution_"):
        assert forecast == total


def eliminate(a: Array) -> None:
    """LU of matrices of any shape."""
    for k in range(min(a.shape)):
        for i in range(k + 1, a.shape[0]):
            a[i, k] = a[i, k] / a[k, k]
            a[i, k + 1 :] = a[i, k + 1 :] - a[i, k] * a[k, k + 1 :]


def cholesky(a: Array) -> None:
    for k in range(len(a)):
        a[k, k] = np.sqrt(a[k, k])
        a[k + 1 :, k] = a[k + 1 :, k] / a[k, k]
        for j in range(k + 1, len(a)):
            a[j:, j] = a[j:, j] - a[j:, k] * a[j, k]


def reflect(a: Array) -> None:
    """R of QR by Householder's reflections."""
    for k in range(min(a.shape)):
        column = a[k:, k].copy()
        column[0] = column[0] + np.sqrt((column * column).sum())
        scale = 2.0 / (column * column).sum()
        for j in range(k + 1, a.shape[1]):
            a[k:, j] = a[k:, j] - column * ((column * a[k:, j]).sum() * scale)


def invert(a: Array) -> None:
    """In place, by Gauss and Jordan."""
    for k in range(len(a)):
        pivot = 1 / a[k, k]
        others = [i for i in range(len(a)) if i != k]
        a[k, others] = a[k, others] * pivot
        for i in others:
            a[i, others] = a[i, others] - a[i, k] * a[k, others]
            a[i, k] = a[i, k] * pivot


def substitute(a: Array) -> None:
    """A triangular system with as many right sides as rows."""
    for column in a.T:
        for i in range(len(a)):
            column[i] = (column[i] - (a[i, :i] * column[:i]).sum()) / a[i, i] if i else column[i] / a[i, i]


@pytest.mark.parametrize(
    ("name", "algorithm", "shape", "attributes"),
    [
        ("lu_factor", eliminate, (40, 40), {}),
        ("lu_factor", eliminate, (60, 30), {}),
        ("lu_factor", eliminate, (30, 60), {}),
        ("det", eliminate, (40, 40), {}),
        ("cholesky", cholesky, (40, 40), {"upper": False}),
        ("qr", reflect, (40, 40), {"mode": "r"}),
        ("qr", reflect, (60, 30), {"mode": "r"}),
        ("inv", invert, (40, 40), {}),
        ("solve_triangular", substitute, (40, 40), {"left": True}),
    ],
)
def test_counts_for_matrices_are_of_the_textbook_s_algorithm(
    name: str, algorithm: Callable[[Array], None], shape: tuple[int, int], attributes: dict[str, Any]
) -> None:
    matrix = rng.uniform(0, 1, shape) + np.eye(*shape) * 60
    count = operations_done(lambda: algorithm(numbers(matrix)))
    spec, operator = Spec(shape, matrix.dtype), op[name]
    assert operator.flops is not None
    operands = [spec, spec] if name == "solve_triangular" else [spec]
    assert operator.flops(*operands, **attributes) == pytest.approx(count, rel=0.1)


def test_every_operator_can_tell() -> None:
    for case in cases():
        if case.operator.kernel is not None and case.operator.flops is not None:
            values = [written(Workspace(1 << 20), array).values[0] for array in case.inputs]
            made = case.operator(*values, **case.attributes)
            node = (made if isinstance(made, Value) else made[0]).node
            count = case.operator.flops(*(value.spec for value in node.inputs), **case.attributes)
            assert isinstance(count, int)
            assert count >= 0


@pytest.mark.skipif(enabled() != frozenset(PASSES), reason="passes are off, so nothing is joined")
def test_blocks_together_do_what_is_said() -> None:
    """Counted in the arrays with which each operation of a step that goes by rows is really called."""
    arrays = positive((400, 250), (250,), (400, 1))
    for threads in (1, 2):
        with so_many_threads(threads):
            program = compiled(
                with_gradients(
                    lambda x, line, column: op["sum"](
                        ROW_BY_ROW[4](ROW_BY_ROW[1](x, line, column), line, column) * column + line
                    )
                ),
                *arrays,
            )
            described = describe(program)
            assert any(step.kind is Kind.ROWS for step in described.steps)
            plan = Plan(program, np.empty(program.arena_bytes, np.uint8), Account())
            results = [np.empty(*program.specs[r]) for r in program.outputs]
            with plan.filled(arrays, results) as calls:
                for step, (function, given) in zip(described.steps, calls, strict=True):
                    if isinstance(function, blocks.BoundRows):
                        assert [o.flops for o in step.operations] == counted_by_rows(function, given)


def counted_by_rows(rows: blocks.BoundRows, arrays: Sequence[Any]) -> list[int]:
    counts: list[list[int]] = [[] for _ in rows.members]

    def counting(function: Callable[..., Any], count: list[int]) -> Callable[..., None]:
        def call(*arrays: Array) -> None:
            function(*arrays)
            count.append(max(array.size for array in arrays))

        return call

    rows.members = [(counting(f, count), slots) for (f, slots), count in zip(rows.members, counts, strict=True)]
    rows(*arrays)
    return list(map(sum, counts))


# Memory


@graphs
@pytest.mark.parametrize("off", [False, True])
def test_bytes_are_those_that_are_allocated(name: str, off: bool) -> None:
    function, arrays = GRAPHS[name]
    workspace = Workspace(1 << 30)
    leaves = [written(workspace, array).values[0] for array in arrays]
    values = with_gradients(function)(*leaves)
    with without() if off else so_many_threads(2):
        memory = describe(workspace.plan(values).program).memory
        # What threads keep for kernels is there before.
        Workspace(1 << 30).evaluate(values, never)
        held = workspace.account.bytes
        tracemalloc.start()
        try:
            buffers = workspace.evaluate(values, never)
            arrays_only = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)
            traced = tracemalloc.take_snapshot().filter_traces([arrays_only]).traces
        finally:
            tracemalloc.stop()
    assert workspace.plan_bytes == memory.arena + memory.constants
    assert workspace.account.bytes - held == memory.outputs == sum(buffer.array.nbytes for buffer in buffers)
    assert sum(trace.size for trace in traced) == memory.arena + memory.constants + memory.outputs
    assert memory.inputs == sum(array.nbytes for array in arrays)


def test_memory_that_is_shared_is_said_to_be() -> None:
    def deep(x: Value) -> Value:
        for _ in range(20):
            x = op["sin"](op["flip"](x, axis=0))
        return op["sum"](x)

    array = np.ones(1000)
    with without(["fuse", "inplace"]):
        memory = describe(compiled(lambda x: [deep(x)], array)).memory
    assert memory.registers == 20
    assert memory.unshared == pytest.approx(20 * 8000, rel=0.01)
    assert memory.arena == pytest.approx(2 * 8000, rel=0.02)


# What steps are said to be


def test_steps_tell_what_they_read_and_what_place_they_take() -> None:
    x, w = positive((4, 3), (3, 3))
    described = describe(compiled(lambda x, w: [op["exp"](op["matmul"](op["tanh"](op["matmul"](x, w)), w))], x, w))
    first, tanh, second, exp = described.steps
    assert [o.name for step in described.steps for o in step.operations] == ["matmul", "tanh", "matmul", "exp"]
    assert [(o.input, o.step) for o in first.operands] == [(0, -1), (1, -1)]
    assert [(o.input, o.step) for o in second.operands] == [(-1, 1), (1, -1)]
    assert (tanh.results[0].replaces, second.results[0].replaces) == (0 if "inplace" in enabled() else -1, -1)
    assert exp.flops == 12
    assert first.bytes == (12 + 9 + 12) * 8
    (output,) = described.outputs
    assert (output.after, output.step, output.direct) == (4, 3, True)
    assert (described.written, described.operations, described.views) == (4, 4, 0)


def test_what_is_repeated_counts_once_and_views_are_looked_through() -> None:
    line = positive((5,))[0]
    described = describe(
        compiled(lambda x: [op["exp"](op["broadcast_to"](op["flip"](x, axis=0), shape=(4, 5))) + 1.0], line)
    )
    step = described.steps[0]
    assert step.operands[0].input == 0
    assert step.bytes == (5 + step.results[0].spec.size) * 8


def test_numbers_name_the_nodes_that_operations_work_for() -> None:
    workspace = Workspace(1 << 30)
    x = written(workspace, np.ones((3, 3)))
    product = op["matmul"](x.values[0], x.values[0])
    root = op["sum"](op["sin"](product))
    _, planned = plan(BackwardPass([root], [None], Mode.NONE))
    for step in describe(planned.program).steps:
        for operation in step.operations:
            node = planned.nodes[operation.number]
            if operation.name == "matmul":
                assert node is product.node
            elif operation.name in ("sin", "cos"):
                assert node.name == "sin"


def test_a_plan_is_told_as_if_nothing_had_been_computed_yet() -> None:
    workspace = Workspace(1 << 30)
    x = written(workspace, np.ones(3))
    y = op["exp"](op["sin"](x.values[0]))
    before = describe(workspace.plan([y]).program)
    workspace.evaluate([y], never)
    assert describe(workspace.plan([y]).program) == before
    middle = y.node.inputs[0]
    workspace.freeze([middle], never)
    (step,) = describe(workspace.plan([y]).program).steps
    assert step.operations[0].name == "exp"
    assert describe(workspace.plan([x.values[0]]).program).steps == ()


# Timings


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(1 << 30)


def state(workspace: Workspace, leaves: Sequence[Leaf]) -> Any:
    return workspace.account.bytes, [
        (leaf.stored.version, leaf.gradient.version, leaf.gradient.current) for leaf in leaves
    ]


@graphs
def test_timing_changes_nothing_and_times_every_step(workspace: Workspace, name: str) -> None:
    function, arrays = GRAPHS[name]
    leaves = [written(workspace, array) for array in arrays]
    root = function(*(leaf.values[0] for leaf in leaves))
    before = state(workspace, leaves)
    with so_many_threads(2):
        _, planned = plan(BackwardPass([root], [None], Mode.NONE))
        timings = workspace.timed(planned, 3, never)
    assert state(workspace, leaves) == before
    assert not workspace.is_at_hand(root.node)
    described = describe(planned.program)
    assert all(step.total > 0 for step in timings.steps)
    for step, time in zip(described.steps, timings.steps, strict=True):
        if step.kind is Kind.ROWS:
            assert len(time.operations) == len(step.operations)
            assert 0.9 * time.total <= sum(time.operations) <= time.total
        else:
            assert time.operations == ()
    assert timings.run > 0
    assert workspace.evaluate([root], never)[0].array == pytest.approx(float(function_of(function, arrays)))


def function_of(function: Callable[..., Value], arrays: Sequence[Array]) -> Array:
    workspace = Workspace(1 << 30)
    with without():
        return workspace.evaluate([function(*(written(workspace, a).values[0] for a in arrays))], never)[0].array


def test_the_slow_step_is_the_one_that_takes_long(workspace: Workspace) -> None:
    x = written(workspace, rng.normal(size=(300, 300)))
    y = op["sum"](op["matmul"](op["matmul"](x.values[0], x.values[0]), x.values[0]), axis=0) + 1.0
    planned = workspace.plan([y])
    times = workspace.timed(planned, 5, never).steps
    names = [step.operations[0].name for step in describe(planned.program).steps]
    slow = {name: max(t.total for n, t in zip(names, times, strict=True) if n == name) for name in names}
    assert slow["matmul"] > 10 * slow["add"]


def test_a_timed_plan_is_admitted_and_can_be_stopped() -> None:
    workspace = Workspace(1_000_000)
    x = written(workspace, np.ones(50_000))
    planned = workspace.plan([op["sin"](op["exp"](x.values[0]))])
    with pytest.raises(ResourceExhaustedError):
        workspace.timed(planned, 1, never)

    def stopped() -> None:
        raise CancelledError("stopped")

    planned = workspace.plan([op["sum"](x.values[0])])
    with pytest.raises(CancelledError):
        workspace.timed(planned, 1, stopped)
    unwritten = Leaf(workspace.account, Spec((3,), np.dtype("float64")), False)
    planned = workspace.plan([op["exp"](unwritten.values[0])])
    assert describe(planned.program).flops == 3
    with pytest.raises(FailedPreconditionError):
        workspace.timed(planned, 1, never)


def test_an_error_of_a_timed_plan_names_its_node(workspace: Workspace) -> None:
    x = written(workspace, np.zeros((2, 2)))
    y = op["inv"](x.values[0])
    with pytest.raises(GradwireError) as caught:
        workspace.timed(workspace.plan([y]), 1, never)
    assert caught.value.node is y.node
