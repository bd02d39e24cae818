"""Each pass against the same graph without it: as near as its rounding allows, and doing what it is for."""

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_plans import never, write, written

from gradwire_engine import threads
from gradwire_engine.backward import BackwardPass, Committed, Mode, Returns, backward
from gradwire_engine.differentiate import ones_cotangent, vjp
from gradwire_engine.graph import Operator, Value
from gradwire_engine.operators.indices.index import Slice
from gradwire_engine.plans.blocks import Rowwise
from gradwire_engine.plans.compiler import compile_program
from gradwire_engine.plans.passes import PASSES, enabled, without
from gradwire_engine.plans.program import Program, Step
from gradwire_engine.plans.scalars import Scalars
from gradwire_engine.spec import Array
from gradwire_engine.workspace import Workspace

op = Operator.registry
pytestmark = pytest.mark.skipif(enabled() != frozenset(PASSES), reason="passes are off, so there is nothing to test")


def worth(function: Callable[..., Sequence[Value]], *arrays: Array) -> list[Array]:
    """What the function's values are, computed by one program."""
    workspace = Workspace(1 << 30)
    leaves = [written(workspace, array).values[0] for array in arrays]
    return [buffer.array.copy() for buffer in workspace.evaluate(function(*leaves), never)]


def compiled(function: Callable[..., Sequence[Value]], *arrays: Array) -> Program:
    workspace = Workspace(1 << 30)
    leaves = [written(workspace, array).values[0] for array in arrays]
    return compile_program(function(*leaves), leaves, {})


def steps_of(program: Program) -> list[Step]:
    return [step for segment in program.segments for step in segment.steps]


def with_gradients(function: Callable[..., Value]) -> Callable[..., list[Value]]:
    """The function's value, and its derivatives by all arguments."""

    def both(*xs: Value) -> list[Value]:
        y = function(*xs)
        found = vjp([y], [ones_cotangent(y)], xs)
        return [y, *(g for g in found if g is not None)]

    return both


@contextmanager
def so_many_threads(count: int) -> Generator[None]:
    before = threads.threads()
    threads.set_threads(count)
    try:
        yield
    finally:
        threads.set_threads(before)


def near(found: Sequence[Array], expected: Sequence[Array], rtol: float) -> None:
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * max(1.0, float(np.abs(b).max(initial=0))))


# Fusion

ROWS, COLUMNS = 400, 250
"""Of arrays so large that they don't stay in the cache."""

ROW_BY_ROW: Sequence[Callable[[Value, Value, Value], Value]] = (
    lambda x, line, column: op["sin"](x),
    lambda x, line, column: op["tanh"](x) * 0.5,
    lambda x, line, column: x + line,
    lambda x, line, column: x * column,
    lambda x, line, column: x - op["mean"](x, axis=1, keepdims=True),
    lambda x, line, column: op["softmax"](x, axis=-1),
    lambda x, line, column: op["where"](op["less"](x, line), x, column),
    lambda x, line, column: op["relu"](x),
    lambda x, line, column: x + op["sum"](x, axis=0) * 0.01,
    lambda x, line, column: op["flip"](x, axis=0),
    lambda x, line, column: op["reshape"](op["cos"](op["reshape"](x, shape=(ROWS // 2, 2, COLUMNS))), shape=x.shape),
    lambda x, line, column: op["transpose"](op["exp"](op["transpose"](op["tanh"](x)))),
    lambda x, line, column: x * op["amax"](x, axis=1, keepdims=True),
    lambda x, line, column: op["astype"](op["astype"](x, dtype=np.dtype("float32")), dtype=x.dtype),
)


def chosen(which: Sequence[int]) -> Callable[[Value, Value, Value], Value]:
    def function(x: Value, line: Value, column: Value) -> Value:
        y = x
        for i in which:
            y = ROW_BY_ROW[i](y, line, column) + x * 0.1
        return op["sum"](y * y)

    return function


@settings(max_examples=25)
@example([4, 5, 8, 11], 1)
@given(st.lists(st.integers(0, len(ROW_BY_ROW) - 1), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_rows_in_blocks_are_the_same_rows(which: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=size) for size in ((ROWS, COLUMNS), (COLUMNS,), (ROWS, 1))]
    function = with_gradients(chosen(which))
    with without(["fuse"]):
        expected = worth(function, *arrays)
    found = []
    for count in (1, 2, 3):
        with so_many_threads(count):
            found.append(worth(function, *arrays))
    near(found[0], expected, 1e-12)
    for others in found[1:]:
        for a, b in zip(found[0], others, strict=True):
            assert a.tobytes() == b.tobytes(), "the number of threads shows"


def test_a_chain_and_its_gradient_are_one_step_that_needs_no_more_than_blocks() -> None:
    def chain(x: Value) -> Value:
        for _ in range(4):
            x = op["tanh"](op["sin"](x) * op["exp"](x / 2) + x)
        return op["sum"](x)

    x = np.linspace(-1, 1, 1_000_000)
    with so_many_threads(1):
        program = compiled(with_gradients(chain), x)
        (step,) = steps_of(program)
        assert isinstance(step.function, Rowwise)
        assert program.arena_bytes < x.nbytes
        with without(["fuse"]):
            assert compiled(with_gradients(chain), x).arena_bytes > 8 * x.nbytes


def test_an_operand_repeated_across_a_middle_axis() -> None:
    x, means = np.random.default_rng(0).normal(size=(600, 1, 7)), np.random.default_rng(1).normal(size=(25, 7))

    def function(x: Value, means: Value) -> list[Value]:
        return [op["square"](x - means), op["square"](means - x)]

    found = worth(function, x, means)
    np.testing.assert_array_equal(found[0], (x - means) ** 2)
    np.testing.assert_array_equal(found[1], (means - x) ** 2)


# Memory


def test_results_take_the_place_of_what_is_needed_no_more() -> None:
    def function(x: Value) -> list[Value]:
        return [op["sum"](op["sin"](op["exp"](x * 2)), axis=0)]

    x = np.linspace(0, 1, 2000).reshape(1000, 2)
    with without(["inplace"]):
        wasteful, expected = compiled(function, x), worth(function, x)
    frugal, found = compiled(function, x), worth(function, x)
    assert frugal.arena_bytes < wasteful.arena_bytes
    assert found[0].tobytes() == expected[0].tobytes()


def test_what_is_read_in_another_order_is_not_overwritten() -> None:
    x = np.random.default_rng(0).normal(size=(3, 3))

    def function(x: Value) -> list[Value]:
        y = op["exp"](x)
        return [op["matmul"](op["transpose"](y) + y, y), op["sin"](y) + op["flip"](op["sin"](y), axis=0)]

    y = np.exp(x)
    near(worth(function, x), [(y.T + y) @ y, np.sin(y) + np.sin(y)[::-1]], 1e-14)


def test_adding_at_an_index_happens_in_place() -> None:
    def function(x: Value) -> list[Value]:
        parts = (
            op["basic_index"](x, index=(Slice(start=0, stop=500),)),
            op["basic_index"](x, index=(Slice(start=500, stop=1000),)),
        )
        y = op["sum"](op["sin"](parts[0]) * op["cos"](parts[1]))
        return [g for g in vjp([y], [ones_cotangent(y)], [x]) if g is not None]

    x = np.linspace(0, 1, 1000)
    (found,) = worth(function, x)
    a, b = x[:500], x[500:]
    near([found], [np.concatenate([np.cos(a) * np.cos(b), -np.sin(a) * np.sin(b)])], 1e-14)


# Scalars

SCALAR: Sequence[Callable[[Value, Value], Value]] = (
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - b,
    lambda a, b: a / b,
    lambda a, b: op["exp"](a),
    lambda a, b: op["log"](a),
    lambda a, b: op["sqrt"](b),
    lambda a, b: op["sin"](a * 3),
    lambda a, b: op["tanh"](b),
    lambda a, b: op["square"](a),
    lambda a, b: op["reciprocal"](b),
    lambda a, b: -a,
)
plans = st.lists(st.tuples(st.integers(0, len(SCALAR) - 1), st.integers(0, 30), st.integers(0, 30)), min_size=2)
floats = st.floats(-4, 4) | st.sampled_from([0.0, -0.0, np.inf, -np.inf, np.nan, 1e200, -750.0, 5e-324])


@given(plans, floats, floats)
@example([(4, 0, 0), (3, 0, 1), (5, 1, 1)], 750.0, 0.0)
def test_floats_by_python_are_those_by_numpy(plan: list[tuple[int, int, int]], first: float, second: float) -> None:
    def function(a: Value, b: Value) -> list[Value]:
        values = [a, b]
        for which, i, j in plan:
            values.append(SCALAR[which](values[i % len(values)], values[j % len(values)]))
        return [values[-1]]

    arrays = np.array(first), np.array(second)
    with without(["algebra", "forms", "fold"]):
        (found,) = worth(function, *arrays)
        with without(["scalars"]):
            (expected,) = worth(function, *arrays)
    # Each function is within a unit in the last place of NumPy's; what follows may enlarge that.
    if np.isfinite(expected) and abs(expected) > 1e-300:
        assert found == pytest.approx(expected, rel=1e-9)
    else:
        np.testing.assert_equal(np.isnan(found), np.isnan(expected))


def wave(x: Value) -> Value:
    y = x
    for _ in range(100):
        y = op["sin"](y) * x + y / 2
    return y


def test_a_graph_of_floats_is_one_run_of_python() -> None:
    program = compiled(with_gradients(wave), np.array(0.3))
    (step,) = steps_of(program)
    assert isinstance(step.function, Scalars)


def test_float32_loses_digits_once() -> None:
    start = np.float32(0.3)
    found = worth(with_gradients(wave), np.array(start))
    exact = worth(with_gradients(wave), np.array(start, np.float64))
    for a, b in zip(found, exact, strict=True):
        assert a.dtype == np.float32
        assert a == np.float32(b)


def test_a_single_element_of_an_array_is_a_float() -> None:
    def function(x: Value) -> list[Value]:
        a, b = (op["basic_index"](x, index=(i,)) for i in (0, 2))
        return [op["exp"](a * b) + op["sin"](a), op["reshape"](a * b - a, shape=(1,))]

    x = np.array([0.5, 1.0, 2.0])
    near(worth(function, x), [np.array(np.exp(1.0) + np.sin(0.5)), np.array([0.5])], 1e-15)


# Series


def recurrent(x: Value, w: Value, u: Value, b: Value) -> Value:
    h = op["full"](shape=(4, 5), fill_value=0.0)
    for t in range(x.shape[0]):
        step = op["basic_index"](x, index=(t,))
        h = op["tanh"](op["matmul"](step, w) + op["matmul"](h, u) + b)
    return op["sum"](h * h)


def test_a_loops_products_become_few() -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=size) for size in ((12, 4, 3), (3, 5), (5, 5), (5,))]
    function = with_gradients(recurrent)
    with without(["series"]):
        long, expected = compiled(function, *arrays), worth(function, *arrays)
    short, found = compiled(function, *arrays), worth(function, *arrays)
    near(found, expected, 1e-13)

    def products(program: Program) -> int:
        return sum(step.operator is op["matmul"] for step in steps_of(program))

    # Without: x·w, h·u, and two cotangents of each. With: h·u, the cotangents of h and of x remain in each step.
    assert products(long) > 5 * 11
    assert products(short) <= 3 * 12 + 3


# A pass that comes again


def calls_of(function: Callable[[], object]) -> int:
    """How many functions of Python were called."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def test_a_repeated_pass_costs_its_run_only() -> None:
    counts = []
    for depth in (10, 1000):
        workspace = Workspace(1 << 30)
        leaf = written(workspace, np.array(0.5))
        y = leaf.values[0]
        for _ in range(depth):
            y = op["sin"](y) * y
        asked = BackwardPass([y], [None], Mode.ZERO, [leaf], Returns.NOTHING)

        def step(workspace: Workspace = workspace, asked: BackwardPass = asked) -> None:
            assert any(isinstance(event, Committed) for event in backward(workspace, asked, never))

        step()
        step()
        counts.append(calls_of(step))
    assert counts[0] == counts[1]


def test_planning_is_linear() -> None:
    counts = []
    for depth in (500, 1000):
        workspace = Workspace(1 << 30)
        x = y = written(workspace, np.zeros(3)).values[0]
        for _ in range(depth):
            y = op["sin"](y) * op["exp"](x) + y / 2
        values = with_gradients(lambda x, y=y: op["sum"](y))(x)
        counts.append(calls_of(lambda values=values, x=x: compile_program(values, [x], {})))
    assert counts[1] < 2.1 * counts[0]


def test_a_repeated_pass_sees_what_has_changed() -> None:
    """Results at hand, frozen values and required gradients all decide what a pass runs."""
    workspace = Workspace(1 << 30)
    x, w = written(workspace, np.array([1.0, 2.0])), written(workspace, np.array([3.0, 5.0]))
    inner = x.values[0] * w.values[0]
    root = op["sum"](inner * x.values[0])

    def gradients() -> list[list[float] | None]:
        asked = BackwardPass([root], [None], Mode.ZERO)
        for leaf in (x, w):
            leaf.gradient.free()
        for event in backward(workspace, asked, never):
            del event
        return [None if leaf.gradient.current is None else leaf.gradient.current.array.tolist() for leaf in (x, w)]

    both = [[6.0, 20.0], [1.0, 4.0]]
    assert gradients() == gradients() == both
    workspace.evaluate([inner], never)
    assert gradients() == gradients() == both
    w.requires_grad = False
    assert gradients() == gradients() == [both[0], None]
    w.requires_grad = True
    assert gradients() == both
    write(workspace, x, np.array([2.0, 1.0]))
    assert gradients() == gradients() == [[12.0, 10.0], [4.0, 1.0]]
