"""A workspace's promises: nothing is computed twice, nothing is half done, memory is counted and reused."""

import gc
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from test_plans import never, write, written

from gradwire_engine import backward as passes
from gradwire_engine.backward import BackwardPass, Committed, Mode, Ready, Returns
from gradwire_engine.errors import (
    FailedPreconditionError,
    IndexOutOfRangeError,
    KernelError,
    ResourceExhaustedError,
    RuleMissingError,
)
from gradwire_engine.graph import MISSING, Census, Operator, Value
from gradwire_engine.leaf import Leaf, StoredGradient
from gradwire_engine.spec import Array, Spec
from gradwire_engine.workspace import Workspace

op = Operator.registry


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(1 << 30)


@pytest.fixture
def declare() -> Iterator[type[Operator]]:
    """Declares operators for one test."""
    known = dict(op)
    yield Operator
    for name in op.keys() - known.keys():
        del op[name]


def backward(workspace: Workspace, root: Value, mode: Mode, **options: object) -> Committed:
    asked = BackwardPass([root], [None], mode, **options)  # pyright: ignore[reportArgumentType]
    last = None
    for event in passes.backward(workspace, asked, never):
        if isinstance(event, Ready):
            event.buffer.unpin()
        last = event
    assert isinstance(last, Committed)
    return last


def gradient(leaf: Leaf) -> Array:
    assert leaf.gradient.current is not None
    return leaf.gradient.current.array


def counting(declare: type[Operator], calls: list[int]) -> Operator:
    """The identity, counting how often it is computed."""

    def kernel(x: Array, *, out: Array) -> None:
        calls.append(1)
        np.copyto(out, x)

    return declare("test_count", ("x",), lambda x: x, "", "", lambda g, y, x: g, kernel=kernel)


def test_a_value_is_computed_again_only_when_a_leaf_it_depends_on_changed(
    workspace: Workspace, declare: type[Operator]
) -> None:
    calls: list[int] = []
    count = counting(declare, calls)
    x, other = (written(workspace, np.arange(3.0)) for _ in range(2))
    y = count(x.values[0])
    both = y + other.values[0]
    workspace.evaluate([y], never)
    workspace.evaluate([both], never)
    write(workspace, other, np.ones(3))
    assert workspace.evaluate([both], never)[0].array.tolist() == [1, 2, 3]
    assert len(calls) == 1
    write(workspace, x, np.ones(3))
    assert workspace.evaluate([y], never)[0].array.tolist() == [1, 1, 1]
    assert len(calls) == 2


def test_a_frozen_value_keeps_its_worth_and_stops_derivatives(workspace: Workspace) -> None:
    x = written(workspace, np.array(3.0))
    y = x.values[0] * x.values[0]
    workspace.freeze([y], never)
    write(workspace, x, np.array(5.0))
    assert workspace.evaluate([y], never)[0].array == 9
    with pytest.raises(FailedPreconditionError, match="frozen") as caught:
        backward(workspace, y, Mode.ACCUMULATE)
    assert caught.value.reason == "VALUE_FROZEN"


def test_closing_a_pass_before_its_commit_changes_nothing(workspace: Workspace) -> None:
    x, w = (written(workspace, np.arange(4.0)) for _ in range(2))
    root = op["sum"](x.values[0] * op["sin"](w.values[0]))
    backward(workspace, root, Mode.ACCUMULATE)
    before = [gradient(leaf).tobytes() for leaf in (x, w)], [leaf.gradient.version for leaf in (x, w)]
    events = passes.backward(workspace, BackwardPass([root], [None], Mode.ACCUMULATE), never)
    while not isinstance(next(events), Ready):
        pass
    events.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert ([gradient(leaf).tobytes() for leaf in (x, w)], [leaf.gradient.version for leaf in (x, w)]) == before
    backward(workspace, root, Mode.ACCUMULATE)
    assert gradient(x).tobytes() == (2 * np.sin(np.arange(4.0))).tobytes()


def test_a_failing_kernel_names_its_node_and_changes_nothing(workspace: Workspace, declare: type[Operator]) -> None:
    def kernel(g: Array, *, out: Array) -> None:
        raise RuntimeError("out of luck")

    fail = declare("test_fail", ("g",), lambda g: g, "", "", lambda g, y, x: g, kernel=kernel)
    pass_on = declare("test_pass", ("x",), lambda x: x, "", "", lambda g, y, x: fail(g), kernel=np.positive)
    x = written(workspace, np.arange(3.0))
    y = pass_on(x.values[0])
    with pytest.raises(KernelError, match="out of luck") as caught:
        backward(workspace, op["sum"](y), Mode.ZERO)
    assert caught.value.node is y.node
    assert x.gradient.current is None
    assert x.gradient.version == 0


def test_a_missing_rule_names_the_operator(workspace: Workspace, declare: type[Operator]) -> None:
    odd = declare("test_odd", ("x",), lambda x: x, "", "", MISSING, kernel=np.positive)
    x = written(workspace, np.arange(3.0))
    with pytest.raises(RuleMissingError, match="test_odd"):
        backward(workspace, op["sum"](odd(x.values[0])), Mode.ZERO)


def test_a_kernel_can_have_several_results(workspace: Workspace, declare: type[Operator]) -> None:
    def kernel(x: Array, *, out: tuple[Array, Array]) -> None:
        np.floor(x, out=out[0])
        np.subtract(x, out[0], out=out[1])

    parts = declare("test_parts", ("x",), lambda x: (x, x), "", "", lambda g, y, x: g[1], kernel=kernel)
    x = written(workspace, np.array([1.25, -0.5]))
    whole, rest = parts(x.values[0])
    assert [b.array.tolist() for b in workspace.evaluate([rest, whole], never)] == [[0.25, 0.5], [1, -1]]
    backward(workspace, op["sum"](rest * rest), Mode.ZERO)
    assert gradient(x).tolist() == [0.5, 1.0]


def test_an_index_out_of_range_is_an_error(workspace: Workspace) -> None:
    x, i = written(workspace, np.arange(3.0)), written(workspace, np.array([0, 7]), requires_grad=False)
    with pytest.raises(IndexOutOfRangeError):
        workspace.evaluate([op["take"](x.values[0], i.values[0])], never)


def test_the_first_operation_that_is_not_finite_is_named(workspace: Workspace) -> None:
    x = written(workspace, np.array([-1.0, 2.0]))
    y = op["log"](x.values[0])
    assert np.isnan(workspace.evaluate([y + 1], never)[0].array[0])
    with pytest.raises(FailedPreconditionError) as caught:
        workspace.evaluate([y * 2], never, check_finite=True)
    assert (caught.value.reason, caught.value.node) == ("NOT_FINITE", y.node)


def test_an_optimiser_is_a_graph(workspace: Workspace) -> None:
    w = written(workspace, np.array([1.0, 2.0]))
    loss = op["sum"](w.values[0] * w.values[0])
    updated = w.values[0] - 0.25 * StoredGradient(w).values[0]
    for _ in range(3):
        backward(workspace, loss, Mode.ZERO)
        workspace.assign({w: updated}, never)
    assert workspace.evaluate(w.values, never)[0].array.tolist() == [0.125, 0.25]


def test_assignments_are_simultaneous(workspace: Workspace) -> None:
    a, b = written(workspace, np.array(1.0)), written(workspace, np.array(2.0))
    workspace.assign({a: b.values[0], b: a.values[0]}, never)
    assert [buffer.array.item() for buffer in workspace.evaluate([a.values[0], b.values[0]], never)] == [2, 1]


def test_a_warm_pass_allocates_no_array_memory(workspace: Workspace) -> None:
    x = written(workspace, np.ones((256, 256)))
    w = written(workspace, np.ones((256, 256)))
    root = op["sum"](op["softmax"](op["matmul"](x.values[0], op["tanh"](w.values[0])), axis=1))
    for _ in range(3):
        backward(workspace, root, Mode.ACCUMULATE, returns=Returns.STORED)
    held = workspace.account.bytes
    tracemalloc.start()
    try:
        for _ in range(5):
            backward(workspace, root, Mode.ACCUMULATE, returns=Returns.STORED)
        statistics = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)]
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(trace.size for trace in statistics.traces) < 1024
    # Peak of Python and NumPy together: less than one of the 512 KiB arrays.
    assert peak < 400_000
    assert workspace.account.bytes == held


def test_memory_is_refused_before_it_is_taken() -> None:
    workspace = Workspace(1_000_000)
    x = written(workspace, np.ones(50_000))
    held = workspace.account.bytes
    y = op["sin"](op["exp"](x.values[0]))
    with pytest.raises(ResourceExhaustedError) as caught:
        workspace.evaluate([y], never)
    assert caught.value.metadata["limit"] == "session_bytes"
    assert workspace.account.bytes == held == 400_000
    assert workspace.evaluate([op["sum"](x.values[0])], never)[0].array == 50_000


def test_memory_of_plans_gives_way_to_leaves() -> None:
    workspace = Workspace(4_000_000)
    x = written(workspace, np.ones(100_000))
    y = op["sum"](op["sin"](op["exp"](x.values[0])))
    workspace.evaluate([y], never)
    assert workspace.plan_bytes > 200_000
    workspace.admit(3_100_000)
    assert workspace.plan_bytes == 0
    write(workspace, x, np.zeros(100_000))
    assert workspace.evaluate([y], never)[0].array == pytest.approx(100_000 * np.sin(1))


def test_all_memory_and_nodes_are_given_back() -> None:
    workspace, census = Workspace(1 << 30), Census(10_000)
    account = workspace.account
    with census.counting():
        x = written(workspace, np.ones(1000))
        root = op["sum"](op["exp"](x.values[0]))
    backward(workspace, root, Mode.ACCUMULATE)
    workspace.evaluate([root], never)
    assert account.bytes > 16_000
    assert census.nodes >= 3
    del x, root, workspace
    gc.collect()
    assert (account.bytes, census.nodes) == (0, 0)


def test_graphs_hold_at_most_as_many_nodes_as_allowed() -> None:
    census = Census(100)
    workspace = Workspace(1 << 20)
    x = Leaf(workspace.account, Spec((), np.dtype(float)), True)
    y = x.values[0]
    with census.counting():
        for _ in range(100):
            y = op["sin"](y)
        with pytest.raises(ResourceExhaustedError):
            op["sin"](y)
    del y
    assert census.nodes == 0


def test_a_chain_of_100_000_operations_is_no_deeper_than_one_of_ten(workspace: Workspace) -> None:
    x = written(workspace, np.array(0.5))
    y = x.values[0]
    for _ in range(50_000):
        y = op["sin"](y) * 1.0001
    backward(workspace, y, Mode.ZERO)
    value, slope = 0.5, 1.0
    for _ in range(50_000):
        value, slope = np.sin(value) * 1.0001, np.cos(value) * 1.0001 * slope
    np.testing.assert_allclose(gradient(x), slope, rtol=1e-9)
