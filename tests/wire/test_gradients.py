"""Gradients, over the wire: what they are, what becomes of them, and how they are streamed."""

from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from rawclient import ACCUMULATE, DTYPES, NONE, ZERO, Session, operation, refused, spec, wait_until

from gradwire.v1 import gradient_pb2, graph_pb2, service_pb2_grpc

CONTRIBUTIONS = gradient_pb2.GRADIENT_RETURN_CONTRIBUTIONS
NOTHING = gradient_pb2.GRADIENT_RETURN_NOTHING
ZEROS = gradient_pb2.UNREACHED_LEAF_ZEROS
SKIP = gradient_pb2.UNREACHED_LEAF_SKIP
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
MIB = 1 << 20


class Example:
    """y = Σ x·w; x and w require a gradient, c doesn't, z is a leaf that y doesn't depend on."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.x = session.leaf(np.array([1.0, 2, 3]))
        self.w = session.leaf(np.array([4.0, 5, 6]))
        self.c = session.leaf(np.array([10.0, 10, 10]), requires_grad=False)
        self.z = session.leaf(np.array([[0.5, 0.5]], np.float32))
        product = session.op("multiply", session.op("multiply", self.x, self.w), self.c)
        self.y = session.op("sum", product)
        self.dx, self.dw = [40.0, 50, 60], [10.0, 20, 30]

    def grads(self) -> list[Any]:
        found = [self.session.grad(leaf) for leaf in (self.x, self.w, self.c, self.z)]
        return [None if gradient is None else gradient.tolist() for gradient in found]


@pytest.fixture
def example(session: Session) -> Example:
    return Example(session)


# Modes


def test_accumulate_adds(example: Example):
    session = example.session
    first = session.backward(example.y, mode=ACCUMULATE)
    assert {leaf: g.tolist() for leaf, g in first.tensors.items()} == {example.x: example.dx, example.w: example.dw}
    assert first.versions == {example.x: 1, example.w: 1}
    assert first.root == 320
    second = session.backward(example.y, mode=ACCUMULATE)
    assert second.tensors[example.x].tolist() == [80, 100, 120]
    assert second.versions == {example.x: 2, example.w: 2}
    assert example.grads() == [[80, 100, 120], [20, 40, 60], None, None]


def test_zero_replaces(example: Example):
    session = example.session
    for _ in range(2):
        stream = session.backward(example.y, mode=ZERO)
        assert stream.tensors[example.x].tolist() == example.dx
    assert stream.versions == {example.x: 2, example.w: 2}
    assert example.grads() == [example.dx, example.dw, None, None]


def test_none_stores_nothing(example: Example):
    session = example.session
    stream = session.backward(example.y, mode=NONE)
    assert stream.tensors[example.x].tolist() == example.dx
    assert stream.versions == {}
    assert example.grads() == [None] * 4
    session.backward(example.y)
    session.backward(example.y, mode=NONE)
    assert example.grads() == [example.dx, example.dw, None, None]
    assert session.read(example.x).last_states[0].version == 1  # pyright: ignore[reportAttributeAccessIssue]
    assert session.get().usage.backward_passes == 1


def test_a_sum_of_many_passes_is_that_of_numpy(session: Session):
    x = session.leaf(np.zeros(100, np.float32))
    w = session.leaf(np.zeros(100, np.float32), requires_grad=False)
    y = session.op("sum", session.op("multiply", x, w))
    rng, total = np.random.default_rng(3), np.zeros(100, np.float32)
    for _ in range(20):
        contribution = rng.normal(size=100).astype(np.float32)
        session.write({w: contribution})
        total += contribution
        stream = session.backward(y, returns=CONTRIBUTIONS)
        np.testing.assert_array_equal(stream.tensors[x], contribution)
    np.testing.assert_array_equal(session.grad(x), total)


# None and zeros


def test_none_is_not_zeros(example: Example):
    session = example.session

    def states() -> list[tuple[int, bool, int]]:
        return [(s.leaf, s.none, s.version) for s in session.read().last_states]  # pyright: ignore[reportAttributeAccessIssue]

    x, w, z = example.x, example.w, example.z
    assert states() == [(x, True, 0), (w, True, 0), (z, True, 0)]
    assert session.zero() == {}, "nothing had a gradient"
    assert session.zero(x) == {x: 0}, "none stays none"
    assert states() == [(x, True, 0), (w, True, 0), (z, True, 0)]
    session.backward(example.y)
    assert session.zero(x) == {x: 2}
    assert states() == [(x, False, 2), (w, False, 1), (z, True, 0)]
    assert example.grads() == [[0, 0, 0], example.dw, None, None]
    assert session.zero(to_none=True) == {x: 3, w: 2}
    assert states() == [(x, True, 3), (w, True, 2), (z, True, 0)]
    assert example.grads() == [None] * 4
    assert session.backward(example.y).versions == {x: 4, w: 3}, "versions never go back"
    assert example.grads() == [example.dx, example.dw, None, None]
    assert session.zero(w, x) == {w: 4, x: 5}
    session.backward(example.y)
    assert example.grads() == [example.dx, example.dw, None, None]


def test_read_gradients_in_the_order_asked_for(example: Example):
    session = example.session
    session.backward(example.y)
    stream = session.read(example.z, example.w, example.c, example.x)
    states = stream.last_states  # pyright: ignore[reportAttributeAccessIssue]
    assert [(s.leaf, s.none) for s in states] == [
        (example.z, True),
        (example.w, False),
        (example.c, True),
        (example.x, False),
    ]
    assert states[0].spec == spec((1, 2), "float32"), "its leaf's, although there is none"
    assert stream.order == [example.w, example.x]
    request = gradient_pb2.ReadGradientsRequest(session=session.name, header_only=True)
    kinds = [r.WhichOneof("message") for r in session.stub.ReadGradients(request)]
    assert kinds == ["header", "complete"]


# Leaves


def test_leaves_named_are_those_and_no_others(example: Example):
    session = example.session
    stream = session.backward(example.y, leaves=[example.c, example.x])
    assert [h.value_id for h in stream.headers] == [example.c, example.x]
    assert stream.versions == {example.c: 1, example.x: 1}
    assert example.grads() == [example.dx, None, [4, 10, 18], None], "one that doesn't require a gradient may be named"


def test_leaves_unnamed_are_those_that_require_a_gradient_now(example: Example):
    session = example.session
    session.update(example.x, requires_grad=False)
    session.update(example.c, requires_grad=True)
    assert session.backward(example.y).versions == {example.w: 1, example.c: 1}
    session.update(example.w, example.c, requires_grad=False)
    with refused(PRECONDITION, "NO_PATH", value_id=example.y):
        session.backward(example.y)


def test_an_unreached_leaf_gets_zeros_of_its_shape_and_dtype(example: Example):
    session, leaves = example.session, [example.x, example.z]
    for unreached in (0, ZEROS):
        stream = session.backward(example.y, leaves=leaves, unreached=unreached, mode=NONE)
        assert stream.tensors[example.z].tolist() == [[0, 0]]
        assert stream.tensors[example.z].dtype == np.float32
    assert session.backward(example.y, leaves=leaves).versions == {example.x: 1, example.z: 1}
    assert example.grads() == [example.dx, None, None, [[0, 0]]]
    total = session.op("sum", example.z)
    session.backward(total)
    assert session.backward(example.y, leaves=leaves).tensors[example.z].tolist() == [[1, 1]]
    assert session.backward(example.y, leaves=leaves, mode=ZERO).tensors[example.z].tolist() == [[0, 0]]


def test_an_unreached_leaf_is_left_out_or_refused(example: Example):
    session, leaves = example.session, [example.z, example.x]
    stream = session.backward(example.y, leaves=leaves, unreached=SKIP)
    assert [h.value_id for h in stream.headers] == [example.x]
    assert stream.versions == {example.x: 1}
    stream = session.backward(example.y, leaves=[example.z], unreached=SKIP)
    assert (stream.headers, stream.versions, stream.root) == ([], {}, 320)
    before = session.gradients()
    with refused(PRECONDITION, "NO_PATH", value_id=example.z):
        session.backward(example.y, leaves=leaves, unreached=gradient_pb2.UNREACHED_LEAF_REFUSE)
    assert session.gradients() == before


@pytest.mark.parametrize("operator", ["stop_gradient", "sign", "greater"])
def test_a_leaf_behind_what_is_not_differentiable_is_unreached(session: Session, operator: str):
    x, w = session.leaf(np.array([1.0, -2])), session.leaf(np.array([3.0, 4]))
    mask = session.op(operator, x, *([w] if operator == "greater" else []))
    y = session.op("sum", session.op("multiply", w, mask))
    stream = session.backward(y, leaves=[x, w], mode=NONE)
    np.testing.assert_array_equal(stream.tensors[w], session.value(mask))
    if operator != "sign":  # whose derivative is zero
        assert session.backward(y, leaves=[x, w], mode=NONE, unreached=SKIP).order == [w]
    assert (stream.tensors[x] == 0).all()


def test_a_leaf_that_is_its_own_root(session: Session):
    x = session.leaf(2.0)
    stream = session.backward(x)
    assert (stream.tensors[x], stream.root) == (1, 2)
    v, cotangent = session.leaf(np.ones(3)), session.leaf(np.array([1.0, 2, 3]), requires_grad=False)
    assert session.backward({v: cotangent}).tensors[v].tolist() == [1, 2, 3]


# Roots and cotangents


def test_a_cotangent_weighs_the_root(example: Example):
    session = example.session
    doubled = session.op("multiply", example.x, session.leaf(np.array([2.0, 2, 2]), requires_grad=False))
    g = session.leaf(np.array([1.0, 0, -1]), requires_grad=False)
    assert session.backward({doubled: g}, mode=NONE).tensors[example.x].tolist() == [2, 0, -2]
    computed = session.op("multiply", g, g)
    assert session.backward({doubled: computed}, mode=NONE).tensors[example.x].tolist() == [2, 0, 2]
    one = session.leaf(np.array([[7.0]]))
    assert session.backward(session.op("multiply", one, one)).tensors[one].tolist() == [[14]], "one element is a scalar"


def test_several_roots_add_up(example: Example):
    session = example.session
    total = session.op("sum", example.x)
    g = session.leaf(np.array([100.0, 200, 300]), requires_grad=False)
    exp = session.op("exp", example.w)
    stream = session.backward({example.y: 0, total: 0, example.x: g, exp: g}, mode=NONE)
    assert stream.tensors[example.x].tolist() == [40 + 1 + 100, 50 + 1 + 200, 60 + 1 + 300]
    np.testing.assert_allclose(stream.tensors[example.w], np.array([10, 20, 30]) + np.exp([4, 5, 6]) * [100, 200, 300])
    roots = [np.frombuffer(r.data).tolist() for r in stream.last.roots]
    assert [r.value_id for r in stream.last.roots] == [example.y, total, example.x, exp]
    assert roots[:3] == [[320], [6], [1, 2, 3]]
    twice = gradient_pb2.BackwardRequest(session=session.name, mode=ZERO)
    twice.roots.add(value=total)
    twice.roots.add(value=total)
    assert list(session.stub.Backward(twice))[1].chunk.data == np.full(3, 2.0).tobytes()


def test_a_small_root_comes_with_the_commit_and_a_large_one_does_not(session: Session):
    for size, comes in [(65_536 // 8, True), (65_536 // 8 + 1, False)]:
        x = session.leaf(np.arange(float(size)))
        y = session.op("multiply", x, session.leaf(np.full(size, 3.0), requires_grad=False))
        (root,) = session.backward({y: x}, mode=NONE, returns=NOTHING).last.roots
        assert root.spec == spec((size,))
        assert root.data == (np.arange(float(size)) * 3).tobytes() * comes


def test_a_batch_of_cotangents_gives_the_rows_of_the_jacobian(session: Session):
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    x, m = session.leaf(b), session.leaf(a)
    y = session.op("sin", session.op("matmul", m, x))
    rows = session.leaf(np.eye(4), requires_grad=False)
    stream = session.backward({y: rows}, mode=NONE, batched=True)
    slope = np.cos(a @ b)
    assert stream.tensors[x].shape == (4, 3)
    assert stream.tensors[m].shape == (4, 4, 3)
    np.testing.assert_allclose(stream.tensors[x], slope[:, None] * a, rtol=1e-12)
    np.testing.assert_allclose(stream.tensors[m], np.einsum("i,ik,j->ikj", slope, np.eye(4), b), rtol=1e-12)
    np.testing.assert_allclose(stream.root, np.sin(a @ b))
    # Row by row it is the same, bit for bit.
    for i, row in enumerate(np.eye(4)):
        session.write({rows: np.tile(row, (4, 1))})
        one = session.leaf(row, requires_grad=False)
        np.testing.assert_array_equal(session.backward({y: one}, mode=NONE).tensors[x], stream.tensors[x][i])
    assert session.gradients() == {x: (0, None), m: (0, None)}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_batches_of_any_length(session: Session, count: int):
    x, unreached = session.leaf(np.array([1.0, 2])), session.leaf(np.ones(()))
    y = session.op("multiply", x, x)
    rows = session.leaf(np.ones((count, 2)), requires_grad=False)
    stream = session.backward({y: rows}, mode=NONE, batched=True, leaves=[x, unreached])
    assert stream.tensors[x].tolist() == [[2, 4]] * count
    assert stream.tensors[unreached].tolist() == [0] * count
    assert stream.root.tolist() == [1, 4]
    scalar = session.op("sum", y)
    weights = session.leaf(np.arange(float(count)), requires_grad=False)
    stream = session.backward({scalar: weights}, mode=NONE, batched=True)
    assert stream.tensors[x].tolist() == [[2 * i, 4 * i] for i in range(count)]
    assert session.backward({y: rows}, mode=NONE, batched=True, returns=NOTHING).tensors == {}


def test_rows_of_cotangents_and_tangents_as_values_of_the_graph(session: Session):
    x = session.leaf(np.array([1.0, 2, 3]))
    y = session.op("multiply", session.op("multiply", x, x), x)
    rows = session.leaf(np.eye(3)[:2], requires_grad=False)
    pulled = session.define(vjp=graph_pb2.Vjp(roots=[y], wrt=[x], cotangents=[rows], batched=True))
    pushed = session.define(jvp=graph_pb2.Jvp(roots=[y], wrt=[x], tangents=[rows], batched=True))
    for value in (pulled, pushed):
        assert session.value(value).tolist() == [[3, 0, 0], [0, 12, 0]]
    # Its derivative is a value too.
    total = session.op("sum", pulled)
    assert session.backward(total, mode=NONE).tensors[x].tolist() == [6, 12, 0]


# Versions


def test_expected_versions(example: Example):
    session = example.session

    def expecting(**versions: int) -> Any:
        named = [gradient_pb2.GradientVersion(leaf=getattr(example, k), version=v) for k, v in versions.items()]
        return session.backward(example.y, expected_versions=named)

    assert expecting(x=0, w=0, z=0).versions == {example.x: 1, example.w: 1}
    before = session.gradients()
    for wrong, expected, version in [({"x": 0}, 0, 1), ({"x": 1, "w": 2}, 2, 1), ({"x": 1, "z": 1}, 1, 0)]:
        with refused(grpc.StatusCode.ABORTED, "VERSION_MISMATCH", expected=expected, version=version):
            expecting(**wrong)
    assert session.gradients() == before
    assert expecting(x=1, w=1).versions == {example.x: 2, example.w: 2}


# What is returned


@pytest.mark.parametrize(
    ("mode", "returns", "expected"),
    [
        (ACCUMULATE, 0, [80, 100, 120]),
        (ACCUMULATE, gradient_pb2.GRADIENT_RETURN_STORED, [80, 100, 120]),
        (ACCUMULATE, CONTRIBUTIONS, [40, 50, 60]),
        (ACCUMULATE, NOTHING, None),
        (ZERO, 0, [40, 50, 60]),
        (ZERO, CONTRIBUTIONS, [40, 50, 60]),
        (ZERO, NOTHING, None),
        (NONE, 0, [40, 50, 60]),
        (NONE, CONTRIBUTIONS, [40, 50, 60]),
        (NONE, NOTHING, None),
    ],
)
def test_returns(example: Example, mode: Any, returns: Any, expected: list[float] | None):
    session = example.session
    session.backward(example.y)
    stream = session.backward(example.y, mode=mode, returns=returns)
    assert stream.root == 320
    if expected is None:
        assert (stream.headers, stream.order, list(stream.last.tensors)) == ([], [], [])
    else:
        assert stream.tensors[example.x].tolist() == expected
        assert {h.value_id for h in stream.headers} == {example.x, example.w}
    assert stream.versions == ({} if mode == NONE else {example.x: 2, example.w: 2})
    stored = [80, 100, 120] if mode == ACCUMULATE else example.dx
    assert session.grad(example.x).tolist() == stored  # pyright: ignore[reportOptionalMemberAccess]


# Tensors of every dtype and size

DATA = {
    **{name: [np.iinfo(name).min, 0, 1, np.iinfo(name).max] for name in DTYPES if "int" in name},
    **{
        name: [-np.inf, -0.0, np.finfo(name).smallest_subnormal, 1.5, np.finfo(name).max, np.nan]
        for name in ("float16", "float32", "float64")
    },
    "bool": [True, False],
}


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_comes_back_as_it_was_sent(session: Session, dtype: str):
    for array in (
        np.array(DATA[dtype], dtype),
        np.array(DATA[dtype], dtype).reshape(1, -1, 2)[:, ::-1],
        np.array(DATA[dtype][0], dtype),
        np.zeros((0, 3), dtype),
    ):
        x = session.leaf(array, requires_grad=False)
        (computed,) = session.evaluate(session.op("reshape", x, shape=array.shape))
        for back in (session.value(x), computed):
            assert (back.dtype.name, back.shape) == (dtype, array.shape)
            assert back.tobytes() == array.tobytes(), "to the last bit"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_gradient_has_its_leafs_dtype(session: Session, dtype: str):
    x = session.leaf(np.array([[1, 2, 3]], dtype))
    y = session.op("sum", session.op("multiply", session.op("astype", x, dtype=np.dtype("float64")), session.leaf(3.0)))
    for _ in range(2):
        gradient = session.backward(y).tensors[x]
        assert (gradient.dtype.name, gradient.shape) == (dtype, (1, 3))
    assert gradient.tolist() == [[6, 6, 6]]


@pytest.mark.parametrize("more", [-1, 0, 1])
@pytest.mark.parametrize("chunks", [1, 2])
def test_tensors_about_as_long_as_chunks(session: Session, chunks: int, more: int):
    """Around the boundary by one byte and by one element, in all three kinds of streams and upwards."""
    limit = session.created.session.limits.chunk_bytes
    assert limit == MIB
    array = (np.arange(chunks * MIB + more) % 251).astype(np.uint8)
    x = session.declare(array.shape, "uint8")
    session.write({x: array}, chunk_bytes=MIB + 1)
    (back,) = session.evaluate(x)
    np.testing.assert_array_equal(back, array)

    size = chunks * MIB // 8 + more
    w = session.leaf(np.arange(float(size)))
    y = session.op("sum", session.op("multiply", w, w))
    passed, read = session.backward(y), session.read(w)
    full = [MIB] * (chunks - (more < 0))
    expected = full + ([8] if more > 0 else [MIB - 8] if more < 0 else [])
    for stream in (passed, read):
        assert stream.chunks[w] == expected
        np.testing.assert_array_equal(stream.tensors[w], 2 * np.arange(float(size)))


def test_chunks_of_any_size_are_accepted(session: Session):
    array = np.arange(1000.0)
    x = session.declare(array.shape)
    for chunk_bytes in (1, 7, 8, 4096, 8000, 10_000):
        session.write({x: array + chunk_bytes}, chunk_bytes=chunk_bytes)
        np.testing.assert_array_equal(session.value(x), array + chunk_bytes)


def test_many_tensors_of_all_sizes_in_one_stream(session: Session):
    """Empty ones have no chunks, and come in the header and the summary."""
    arrays = {session.declare((n,)): np.arange(float(n)) for n in (0, 1, 0, 0, 200_000, 3, 0)}
    assert set(session.write(arrays).values()) == {1}
    for leaf, back in zip(arrays, session.evaluate(*arrays), strict=True):
        np.testing.assert_array_equal(back, arrays[leaf])
    y = session.op("sum", session.op("concatenate", *arrays))
    stream = session.backward(y)
    assert set(stream.tensors) == set(arrays)
    assert all((gradient == 1).all() for gradient in stream.tensors.values())
    assert [s.length for s in stream.last.tensors] == [8 * arrays[s.value_id].size for s in stream.last.tensors]
    assert session.zero() == dict.fromkeys(arrays, 2)


def test_an_empty_leaf_needs_no_chunks(session: Session):
    x = session.declare((0, 5))
    assert session.write({x: np.zeros((0, 5))}) == {x: 1}
    assert session.value(x).shape == (0, 5)
    assert session.backward(session.op("sum", x)).tensors[x].shape == (0, 5)


# Values that are gradients


def test_a_stored_gradient_is_a_value(example: Example):
    session = example.session
    gradient = session.define(stored_gradient=graph_pb2.StoredGradient(leaf=example.x))
    doubled = session.op("add", gradient, gradient)
    with refused(PRECONDITION, "GRADIENT_NONE", value_id=gradient):
        session.value(doubled)
    for factor in (1, 2):
        session.backward(example.y)
        assert session.value(gradient).tolist() == [factor * g for g in example.dx]
        assert session.value(doubled).tolist() == [2 * factor * g for g in example.dx]
    session.zero(example.x)
    assert session.value(doubled).tolist() == [0, 0, 0]
    session.zero(example.x, to_none=True)
    with refused(PRECONDITION, "GRADIENT_NONE", value_id=gradient):
        session.value(doubled)
    with refused(PRECONDITION, "NO_PATH"):
        session.backward(session.op("sum", doubled))


def test_an_optimiser_is_a_graph(session: Session):
    """Momentum: v ← 0.9·v + g, x ← x − 0.1·v, twenty steps, as NumPy takes them."""
    x, v = session.leaf(np.array([3.0, -4.0])), session.leaf(np.zeros(2), requires_grad=False)
    y = session.op("sum", session.op("power", x, session.op("full", fill_value=4.0)))
    g = session.define(stored_gradient=graph_pb2.StoredGradient(leaf=x))
    new_v = session.op("add", session.op("multiply", v, session.op("full", fill_value=0.9)), g)
    new_x = session.op("subtract", x, session.op("multiply", new_v, session.op("full", fill_value=0.001)))
    expected_x, expected_v = np.array([3.0, -4.0]), np.zeros(2)
    for step in range(20):
        session.backward(y, mode=ZERO, returns=NOTHING)
        assert session.assign({v: new_v, x: new_x}) == {v: step + 2, x: step + 2}
        expected_v = 0.9 * expected_v + 4 * expected_x**3
        expected_x = expected_x - 0.001 * expected_v
    np.testing.assert_allclose(session.value(x), expected_x, rtol=1e-12)
    np.testing.assert_allclose(session.value(v), expected_v, rtol=1e-12)


def test_assign_computes_all_before_it_writes_any(session: Session):
    a, b = session.leaf(np.array([1.0, 2])), session.leaf(np.array([3.0, 4]))
    total = session.op("add", a, b)
    assert session.assign({a: b, b: total}) == {a: 2, b: 2}
    assert [array.tolist() for array in session.evaluate(a, b, total)] == [[3, 4], [4, 6], [7, 10]]
    session.assign({a: a})
    assert session.value(a).tolist() == [3, 4]


def test_gradient_of_gradient(session: Session):
    """f = Σ x⁴: f′ = 4x³, f″ = 12x², f‴ = 24x."""
    data = np.array([1.0, -2, 0.5])
    x = session.leaf(data)
    value = session.op("sum", session.op("power", x, session.op("full", fill_value=4.0)))
    for expected in (4 * data**3, 12 * data**2, 24 * data):
        (gradient,) = session.vjp([value], [x])
        np.testing.assert_allclose(session.value(gradient), expected, rtol=1e-12)
        value = session.op("sum", gradient)
        np.testing.assert_allclose(session.value(value), expected.sum(), rtol=1e-12)
    session.write({x: data + 1})
    np.testing.assert_allclose(session.value(gradient), 24 * (data + 1), rtol=1e-12)
    np.testing.assert_allclose(session.backward(value).tensors[x], [24.0] * 3, rtol=1e-12)


def test_hessian_vector_products_three_ways(session: Session):
    """f = Σ log cosh(A·x): H = Aᵀ·diag(1 − tanh²(A·x))·A."""
    rng = np.random.default_rng(11)
    a, data, direction = rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=4)
    m, x = session.leaf(a, requires_grad=False), session.leaf(data)
    v = session.leaf(direction, requires_grad=False)
    f = session.op("sum", session.op("log", session.op("cosh", session.op("matmul", m, x))))
    expected = a.T @ ((1 - np.tanh(a @ data) ** 2) * (a @ direction))
    (gradient,) = session.vjp([f], [x])
    np.testing.assert_allclose(session.value(gradient), a.T @ np.tanh(a @ data), rtol=1e-10)
    (reverse,) = session.vjp([gradient], [x], [v])
    (forward,) = session.jvp([gradient], [x], [v])
    for product in (reverse, forward):
        np.testing.assert_allclose(session.value(product), expected, rtol=1e-10)
    stored = session.backward({gradient: v})
    np.testing.assert_allclose(stored.tensors[x], expected, rtol=1e-10)


def test_forward_mode(session: Session):
    x, y = session.leaf(np.array([1.0, 2])), session.leaf(np.array([3.0, 4]))
    t, u = session.leaf(np.array([1.0, 0])), session.leaf(np.array([0.0, 10]))
    product, total = session.op("multiply", x, y), session.op("sum", x)
    apart = session.op("exp", session.leaf(np.zeros((2, 2), np.float32)))
    ids = session.jvp([product, total, apart], [x, y], [t, u])
    found = session.evaluate(*ids)
    assert found[0].tolist() == [3, 20]
    assert found[1] == 1
    assert (found[2].dtype.name, found[2].tolist()) == ("float32", [[0, 0], [0, 0]])


def test_a_vjp_of_values_that_are_no_leaves_and_of_unreached_ones(session: Session):
    x = session.leaf(np.array([1.0, 2]))
    middle = session.op("exp", x)
    y = session.op("sum", session.op("multiply", middle, middle))
    apart = session.leaf(np.ones((2, 2), np.float32))
    d_middle, d_apart, d_x = session.vjp([y], [middle, apart, x])
    np.testing.assert_allclose(session.value(d_middle), 2 * np.exp([1, 2]))
    np.testing.assert_allclose(session.value(d_x), 2 * np.exp([2, 4]))
    zeros = session.value(d_apart)
    assert (zeros.dtype.name, zeros.tolist()) == ("float32", [[0, 0], [0, 0]])


# What is kept


class Counter:
    """Counts how often `count` has run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def __call__(self) -> int:
        return self.path.stat().st_size


def test_a_value_is_computed_again_only_when_a_leaf_it_depends_on_has_changed(extra_session: Session, tmp_path: Path):
    session, runs = extra_session, Counter(tmp_path / "runs")
    x, w, other = session.leaf(np.ones(3)), session.leaf(np.ones(3)), session.leaf(np.ones(3))
    counted = session.op("count", x, path=str(runs.path))
    y = session.op("sum", session.op("multiply", counted, w))
    assert runs() == 0, "nothing is computed before it is needed"
    session.value(counted)
    assert runs() == 1
    session.value(counted)
    session.value(y)
    session.evaluate(y, counted, session.op("exp", counted))
    session.backward(y)
    assert runs() == 1
    session.write({other: np.zeros(3), w: np.zeros(3)})
    session.update(x, requires_grad=False)
    session.evaluate(counted, y)
    assert runs() == 1, "it doesn't depend on these"
    session.write({x: np.full(3, 2.0)})
    assert runs() == 1
    assert session.value(counted).tolist() == [2, 2, 2]
    assert runs() == 2
    session.assign({x: w})
    assert session.evaluate(y, counted)[1].tolist() == [0, 0, 0]
    assert runs() == 3


def test_the_same_operation_written_twice_runs_once(extra_session: Session, tmp_path: Path):
    session, runs = extra_session, Counter(tmp_path / "runs")
    x = session.leaf(np.ones(3))
    first, second = (session.op("count", x, path=str(runs.path)) for _ in range(2))
    assert session.value(session.op("add", first, second)).tolist() == [2, 2, 2]
    assert runs() == 1


def test_what_depends_on_a_stored_gradient_is_computed_again_when_that_changes(extra_session: Session, tmp_path: Path):
    session, runs = extra_session, Counter(tmp_path / "runs")
    x = session.leaf(np.ones(3))
    y = session.op("sum", session.op("multiply", x, x))
    g = session.define(stored_gradient=graph_pb2.StoredGradient(leaf=x))
    counted = session.op("count", g, path=str(runs.path))
    session.backward(y)
    for _ in range(2):
        assert session.value(counted).tolist() == [2, 2, 2]
    assert runs() == 1
    session.backward(y, mode=NONE)
    session.value(counted)
    assert runs() == 1
    session.backward(y)
    assert session.value(counted).tolist() == [4, 4, 4]
    session.zero()
    assert session.value(counted).tolist() == [0, 0, 0]
    assert runs() == 3


# Freezing


def test_a_frozen_value_keeps_what_it_is_worth(session: Session):
    x = session.leaf(np.array([1.0, 2]))
    square = session.op("multiply", x, x)
    above = session.op("add", square, x)
    session.freeze(square)
    session.write({x: np.array([10.0, 20])})
    assert session.value(square).tolist() == [1, 4]
    assert session.value(above).tolist() == [11, 24]
    for root in (square, above):
        with refused(PRECONDITION, "VALUE_FROZEN", operator="multiply"):
            session.backward({root: x})
    with refused(PRECONDITION, "VALUE_FROZEN", "values[0]"):
        session.vjp([session.op("sum", above)], [x])
    assert session.gradients() == {x: (0, None)}
    w = session.leaf(np.array([3.0, 5]))
    y = session.op("sum", session.op("multiply", square, w))
    assert session.backward(y, leaves=[w]).tensors[w].tolist() == [1, 4], "it is a constant to other leaves"
    session.freeze(square, above)
    session.write({x: np.array([0.0, 0])})
    assert session.value(above).tolist() == [11, 24]


def test_a_frozen_value_outlives_what_it_was_computed_from(session: Session):
    x = session.leaf(np.ones(1000))
    y = session.op("exp", x)
    session.freeze(y)
    session.release(x)
    np.testing.assert_allclose(session.value(y), np.e)


def test_all_results_of_a_definition_are_frozen_together(session: Session):
    x = session.leaf(np.array([1.0, 2, 3, 4]))
    ids = [next(session.ids) for _ in range(2)]
    session.extend(operation(ids[0], "split", x, indices_or_sections=2))
    w = session.leaf(np.array([1.0, 1, 1, 1]))
    products = session.vjp([session.op("sum", session.op("multiply", x, w))], [x, w])
    session.freeze(ids[1], products[0])
    session.write({x: np.zeros(4), w: np.zeros(4)})
    assert [array.tolist() for array in session.evaluate(*ids)] == [[1, 2], [3, 4]]
    assert [array.tolist() for array in session.evaluate(*products)] == [[1, 1, 1, 1], [1, 2, 3, 4]]


def test_the_identity_of_a_stored_gradient_can_be_frozen(session: Session):
    x = session.leaf(np.array([1.0, 2]))
    y = session.op("sum", session.op("multiply", x, x))
    gradient = session.define(stored_gradient=graph_pb2.StoredGradient(leaf=x))
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID", "values[0]"):
        session.freeze(gradient)
    kept = session.op("identity", gradient)
    with refused(PRECONDITION, "GRADIENT_NONE", value_id=gradient):
        session.freeze(kept)
    doubled = session.op("add", kept, kept)
    session.backward(y)
    session.freeze(kept)
    session.backward(y)
    assert [a.tolist() for a in session.evaluate(kept, gradient, doubled)] == [[2, 4], [4, 8], [4, 8]]
    session.zero(x, to_none=True)
    assert session.value(doubled).tolist() == [4, 8]
    with refused(PRECONDITION, "GRADIENT_NONE", value_id=gradient):
        session.value(gradient)


# Releasing and describing


def test_released_values_are_gone_and_what_others_need_stays(session: Session):
    x = session.leaf(np.ones(1000), label="x")
    middle = session.op("exp", x)
    y = session.op("sum", middle)
    session.backward(y)
    session.release(middle, middle)
    with refused(grpc.StatusCode.NOT_FOUND, "VALUE_NOT_FOUND", "values[0]"):
        session.value(middle)
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "ID_OUT_OF_ORDER", "values[0].id"):
        session.extend(operation(middle, "exp", x))
    session.write({x: np.zeros(1000)})
    assert session.value(y) == 1000
    assert session.get().usage.values == 3
    session.release(x)
    with refused(PRECONDITION, "NO_PATH"):
        session.backward(y)
    with refused(grpc.StatusCode.NOT_FOUND, "LABEL_NOT_FOUND", "labels[0]"):
        session.describe(labels=["x"])
    again = session.leaf(np.ones(1), label="x")
    assert [d.value.id for d in session.describe(labels=["x"])] == [again]
    released = {d.value.id: d.released for d in session.describe(y)}
    assert released == {x: True, middle: True, y: False}
    assert session.read().order == []
    assert session.value(y) == 1000
    session.release(y, again)
    wait_until(lambda: (session.get().usage.values, session.get().usage.tensor_bytes) == (0, 0))
    assert session.describe() == []


def test_describe_graph_tells_what_was_sent_and_what_came_of_it(session: Session):
    x = session.define(leaf=graph_pb2.Leaf(spec=spec((2, 3), "float32"), requires_grad=True), label="weights")
    definition = graph_pb2.Value(
        id=next(session.ids),
        operation=graph_pb2.Operation(operator="split", inputs=[x]),
        label="halves",
        source="train.py:12",
    )
    definition.operation.attributes["indices_or_sections"].int_list.values.extend([1])
    definition.operation.attributes["axis"].int_value = -1
    session.extend(definition)
    second = next(session.ids)
    apart = session.leaf(np.ones(1))
    leaf, halves, other = session.describe()
    assert leaf.value == graph_pb2.Value(
        id=x, leaf=graph_pb2.Leaf(spec=spec((2, 3), "float32"), requires_grad=True), label="weights"
    )
    assert (leaf.version, leaf.has_gradient, other.version) == (0, False, 1)
    assert halves.value == definition
    assert list(halves.specs) == [spec((2, 1), "float32"), spec((2, 2), "float32")]
    assert other.value.id == apart
    assert [d.value.id for d in session.describe(second)] == [x, definition.id]
    assert [d.value.id for d in session.describe(apart, labels=["halves"])] == [x, definition.id, apart]
    session.write({x: np.ones((2, 3), np.float32)})
    session.backward({definition.id: definition.id})
    session.update(x, requires_grad=False)
    (leaf,) = session.describe(labels=["weights"])
    assert (leaf.version, leaf.has_gradient, leaf.value.leaf.requires_grad) == (1, True, False)


def test_a_large_graph_is_described_in_messages_that_any_client_takes(session: Session):
    """gRPC's clients refuse messages of more than 4 MiB unless told otherwise."""
    x = session.leaf(np.ones(2))
    for _ in range(3):
        session.extend(*(operation(next(session.ids), "concatenate", *[x] * 2000) for _ in range(500)))
    channel = grpc.insecure_channel(session.client.address)
    stub = service_pb2_grpc.GradwireServiceStub(channel)
    responses = list(stub.DescribeGraph(graph_pb2.DescribeGraphRequest(session=session.name)))
    assert sum(len(response.values) for response in responses) == 1501
    ids = [description.value.id for response in responses for description in response.values]
    assert ids == sorted(ids)
    channel.close()


# Depth


def test_a_chain_of_100_000_operations(session: Session):
    """x ← 0.99999·x + 0.001, 50,000 times: dy/dx = 0.99999^50000."""
    x = session.leaf(1.0)
    factor, step = session.op("full", fill_value=0.99999), session.op("full", fill_value=0.001)
    y = x
    for _ in range(5):
        values: list[graph_pb2.Value] = []
        for _ in range(10_000):
            values.append(operation(next(session.ids), "multiply", y, factor))
            values.append(operation(next(session.ids), "add", values[-1].id, step))
            y = values[-1].id
        session.extend(*values)
    assert session.get().usage.values == 100_003
    stream = session.backward(y)
    slope = 0.99999**50_000
    np.testing.assert_allclose(stream.tensors[x], slope, rtol=1e-10)
    np.testing.assert_allclose(stream.root, slope + 0.001 * (1 - slope) / (1 - 0.99999), rtol=1e-10)
    assert session.backward(y).versions == {x: 2}
    session.release(*range(x, y))
    assert session.get().usage.values == 100_003, "what the last one needs is kept"
    session.release(y)
    wait_until(lambda: session.get().usage.values == 0)
