"""Tensors as arrays: creation, dtypes, Python's operators, NumPy's functions, indexing, printing."""

import copy
import operator
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import gradwire as gw

quick = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
DTYPES = ["bool", "int8", "int32", "int64", "uint8", "uint32", "uint64", "float16", "float32", "float64"]


def test_creation(session: gw.Session) -> None:
    assert gw.arange(4.0).tolist() == [0.0, 1.0, 2.0, 3.0]
    assert gw.arange(4).dtype == gw.int64
    assert gw.arange(1, 2, 0.25).tolist() == [1.0, 1.25, 1.5, 1.75]
    assert gw.arange(4, dtype="float32").dtype == gw.float32
    assert gw.zeros(2).dtype == gw.ones((2, 3)).dtype == gw.eye(2).dtype == gw.linspace(0, 1, 3).dtype == gw.float64
    assert gw.full((), True).dtype == np.dtype(bool)
    assert gw.full(2, 1.5).tolist() == [1.5, 1.5]
    assert gw.zeros_like(gw.ones(2, "int8")).dtype == gw.int8
    assert gw.full_like(gw.ones(2), 7, "int32").tolist() == [7, 7]
    assert gw.tensor(3).dtype == gw.int64
    assert gw.tensor([[1, 2], [3, 4]], "float32").tolist() == [[1.0, 2.0], [3.0, 4.0]]
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    again = gw.tensor(x)
    assert (again.tolist(), again.requires_grad, gw.asarray(x) is x) == ([1.0, 2.0], False, True)
    assert gw.asarray(x, "float32").dtype == gw.float32
    assert gw.ones(2, requires_grad=True).is_leaf


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_goes_there_and_back(session: gw.Session, dtype: str) -> None:
    data = np.array([[0, 1, 2], [3, 4, 5]]).astype(dtype)
    for layout in (data, data.T, data[:, ::2], data[:0], data[0, 1]):
        x = gw.tensor(layout)
        assert x.dtype == data.dtype
        np.testing.assert_array_equal(x.numpy(), layout)


def test_unsupported_data(session: gw.Session) -> None:
    for wrong in (np.array([1j]), np.array(["a"]), np.array([None]), object()):
        with pytest.raises(gw.DTypeError):
            gw.tensor(wrong)
    with pytest.raises(gw.DTypeError):
        gw.tensor([1], requires_grad=True)
    with pytest.raises(gw.DTypeError):
        gw.set_default_dtype("int64")


def test_default_dtype(session: gw.Session) -> None:
    gw.set_default_dtype("float32")
    try:
        for x in (gw.tensor(1.0), gw.tensor([1.0, 2.0]), gw.zeros(1), gw.arange(2.0), gw.sin(1.0)):
            assert x.dtype == gw.float32
        assert gw.tensor(np.array([1.0])).dtype == gw.float64
        assert repr(gw.zeros(1)) == "tensor([0.])"
    finally:
        gw.set_default_dtype("float64")


BINARY = ["add", "sub", "mul", "truediv", "floordiv", "mod", "eq", "ne", "lt", "le", "gt", "ge"]


@quick
@given(
    name=st.sampled_from(BINARY),
    first=st.sampled_from(DTYPES[1:]),
    second=st.one_of(st.sampled_from(DTYPES[1:]), st.integers(1, 100), st.floats(1, 100, width=16)),
    swapped=st.booleans(),
)
def test_operators_have_numpys_values_and_dtypes(
    address: str | None, name: str, first: str, second: Any, swapped: bool
) -> None:
    a = np.array([1, 2, 7]).astype(first)
    b = np.array([3, 2, 5]).astype(second) if isinstance(second, str) else second
    function = getattr(operator, name)
    with gw.connect(address):
        x, y = gw.tensor(a), gw.tensor(b) if isinstance(second, str) else b
        found = function(y, x) if swapped else function(x, y)
        expected = function(b, a) if swapped else function(a, b)
        assert isinstance(found, gw.Tensor)
        if name not in ("truediv",):
            assert found.dtype == expected.dtype
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-3)


def test_operators_with_arrays_lists_and_numpy_numbers(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], "float32")
    for found, expected in (
        (np.array([1.0, 1.0]) + x, [2.0, 3.0]),
        (x - [1.0, 1.0], [0.0, 1.0]),
        (np.float64(2) * x, [2.0, 4.0]),
        (2**x, [2.0, 4.0]),
        (x @ x, 5.0),
        (-x, [-1.0, -2.0]),
        (abs(-x), [1.0, 2.0]),
        (+x, [1.0, 2.0]),
        (x.T, [1.0, 2.0]),
        ((x > 1) & True, [False, True]),
        (~(x > 1) | (x > 5), [True, False]),
        ((x > 1) ^ (x > 0), [True, False]),
    ):
        assert isinstance(found, gw.Tensor)
        assert found.tolist() == expected
    assert (np.float64(2) * x).dtype == gw.float64
    assert (2.0 * x).dtype == gw.float32
    assert (x == None).__class__ is bool  # noqa: E711
    with pytest.raises(TypeError):
        x + "a"  # pyright: ignore[reportUnusedExpression]
    with pytest.raises(gw.DTypeError, match=r"bitwise_and.*not defined for float32"):
        x & 1  # pyright: ignore[reportUnusedExpression]


def test_operators_on_bits_are_pythons(session: gw.Session) -> None:
    x = gw.tensor([12, -7])
    for found, expected in (
        (x & 10, [12 & 10, -7 & 10]),
        (3 | x, [3 | 12, 3 | -7]),
        (x ^ 5, [12 ^ 5, -7 ^ 5]),
        (~x, [~12, ~-7]),
        (x << 2, [48, -28]),
        (x >> 1, [6, -4]),
        (1 << gw.tensor([0, 3]), [1, 8]),
        (256 >> gw.tensor([0, 3]), [256, 32]),
        (divmod(x, 5), [list(pair) for pair in zip(*(divmod(n, 5) for n in (12, -7)), strict=True)]),
        (divmod(20, x), [[1, -3], [8, -1]]),
        (np.bitwise_or(x, 1), [13, -7]),
        (np.invert(x), [-13, 6]),
        (np.left_shift(x, 1), [24, -14]),
    ):
        assert (found.tolist() if isinstance(found, gw.Tensor) else [y.tolist() for y in found]) == expected


def test_conversions_to_python(session: gw.Session) -> None:
    x = gw.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert (len(x), x.shape, x.ndim, x.size, x.nbytes) == (2, (2, 2), 2, 4, 32)
    assert [row.tolist() for row in x] == [[1.0, 2.0], [3.0, 4.0]]
    assert (float(x[0, 0]), int(x[1, 1]), bool(x[0, 0] > 5), f"{x[0, 1]:.2f}") == (1.0, 4, False, "2.00")
    assert [10, 20, 30][gw.tensor(1)] == 20  # pyright: ignore[reportCallIssue, reportArgumentType]
    assert np.asarray(x).sum() == 10.0
    assert np.array(x, dtype="float32").dtype == np.float32
    assert x.item is not None
    for wrong in (lambda: bool(x), lambda: float(x), x.item, lambda: [0][x[0, 0]]):  # pyright: ignore[reportCallIssue, reportArgumentType]
        with pytest.raises(gw.GradwireError):
            wrong()
    with pytest.raises(TypeError, match="length"):
        len(x.sum())
    with pytest.raises(ValueError, match="read-only"):
        x.numpy()[0, 0] = 5
    with pytest.raises(TypeError, match="pickled"):
        copy.deepcopy(x)
    with pytest.raises(TypeError):
        x[0] = 1  # pyright: ignore[reportIndexIssue]


def test_printing(session: gw.Session) -> None:
    assert repr(gw.tensor([0.0, 4.0, 8.0], requires_grad=True)) == "tensor([0., 4., 8.], requires_grad=True)"
    assert repr(gw.tensor([1, 2])) == "tensor([1, 2])"
    assert repr(gw.tensor([1.0], "float32")) == "tensor([1.], dtype=float32)"
    assert repr(gw.zeros((0, 2))) == "tensor([], dtype=float64)"
    assert repr(gw.tensor([True])) == "tensor([ True])"
    unreadable = gw.take(gw.arange(2.0), [5])
    assert "IndexOutOfRangeError" in repr(unreadable)


@quick
@given(data=st.data())
def test_basic_indexing_as_in_numpy(address: str | None, data: st.DataObject) -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    key = data.draw(hnp.basic_indices(array.shape, allow_newaxis=True))
    with gw.connect(address):
        np.testing.assert_array_equal(gw.tensor(array)[key].numpy(), array[key])


INDICES: list[Any] = [
    [1, 0],
    ([0, 1], [2, -1]),
    (slice(None), [0, 2, 2]),
    ([[0], [1]], slice(None), [[1, 2]]),
    (0, ..., [1, 2]),
    (np.array([True, False]), slice(1, None)),
    (slice(None), np.array([True, False, True])),
    (..., np.array([1, 0], "uint8"), 0),
    [],
    (None, 1, [0, 1]),
]


@pytest.mark.parametrize("key", INDICES, ids=str)
def test_array_indexing_as_in_numpy(session: gw.Session, key: Any) -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(gw.tensor(array)[key].numpy(), array[key])


def test_indexing_by_tensors(session: gw.Session) -> None:
    x = gw.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    assert x[x > 1.5].tolist() == [2.0, 3.0, 4.0]
    assert x[gw.tensor([1, 0])].tolist() == [[3.0, 4.0], [1.0, 2.0]]
    assert x[gw.tensor(1)].tolist() == [3.0, 4.0]
    x[x > 2.5].sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [[0.0, 0.0], [1.0, 1.0]]


@pytest.mark.parametrize("key", [5, (0, 0, 0), 1.5, "a", slice(0.5), np.array([1.5]), np.array([True])], ids=str)
def test_wrong_indices(session: gw.Session, key: Any) -> None:
    with pytest.raises((gw.IndexOutOfRangeError, gw.DTypeError)):
        gw.zeros((2, 2))[key]


def test_numpys_functions_stay_remote(session: gw.Session) -> None:
    x, y = gw.tensor([1.0, 2.0]), gw.tensor([3.0, 4.0])
    for found, expected in (
        (np.sin(x), np.sin([1.0, 2.0])),
        (np.add(1, x), [2.0, 3.0]),
        (np.arctan2(x, y), np.arctan2([1, 2], [3, 4])),
        (np.concatenate([x, y]), [1.0, 2.0, 3.0, 4.0]),
        (np.stack([x, y], axis=1), [[1.0, 3.0], [2.0, 4.0]]),
        (np.sum(x, axis=0), 3.0),
        (np.where(x > 1, x, 0.0), [0.0, 2.0]),
        (np.clip(x, None, 1.5), [1.0, 1.5]),
        (np.degrees(x), np.degrees([1.0, 2.0])),
        (np.reshape(x, (2, 1)), [[1.0], [2.0]]),
        (np.dot(x, y), 11.0),
        (np.matmul(x, y), 11.0),
        (np.max(x), 2.0),
        (np.logical_not(x > 1), [True, False]),
        (np.transpose(x), [1.0, 2.0]),
        (np.tile(x, 2), [1.0, 2.0, 1.0, 2.0]),
        (np.repeat(x, np.array([2, 1])), [1.0, 1.0, 2.0]),
        (np.roll(x, 1), [2.0, 1.0]),
        (np.vstack((x, y)), [[1.0, 2.0], [3.0, 4.0]]),
        (np.diag(x), [[1.0, 0.0], [0.0, 2.0]]),
        (np.meshgrid(x, y)[1], [[3.0, 3.0], [4.0, 4.0]]),
        (np.split(x, np.array([1]))[1], [2.0]),
        (np.take_along_axis(cast("Any", x), np.array([1]), axis=0), [2.0]),
    ):
        assert isinstance(found, gw.Tensor), expected
        np.testing.assert_allclose(found.numpy(), expected)
    assert (np.shape(x), np.ndim(x), np.size(x)) == ((2,), 1, 2)
    assert np.allclose(x, [1.0, 2.0])
    assert np.array_equal(x, np.array([1.0, 2.0]))
    for wrong in (
        lambda: np.fft.fft(x),
        lambda: np.put(cast("Any", x), [0], [1.0]),
        lambda: np.add.reduce(x),
        lambda: np.sin(x, out=np.zeros(2)),
        lambda: np.percentile(x, 50),
        lambda: np.sum(x, where=[True, False]),
        lambda: np.linalg.eig(x),
    ):
        with pytest.raises(TypeError, match="numpy"):
            wrong()


def test_methods_are_the_functions(session: gw.Session) -> None:
    x = gw.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    a = x.numpy()
    assert x.reshape(3, 2).shape == x.reshape((3, -1)).shape == (3, 2)
    assert x.transpose().shape == x.transpose(1, 0).shape == x.transpose((1, 0)).shape == x.mT.shape == (3, 2)
    for name in ("sum", "mean", "max", "min", "prod", "var", "std", "argmax"):
        np.testing.assert_allclose(getattr(x, name)().numpy(), getattr(a, name)())
        np.testing.assert_allclose(getattr(x, name)(axis=1).numpy(), getattr(a, name)(axis=1))
    assert x.clip(2.0, 5.0).min().item() == 2.0
    assert x.astype("int32").dtype == gw.int32


def test_where_keeps_the_dtype_of_its_branches(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], "float32")
    assert gw.where(x > 1, x, 0.0).dtype == gw.float32
    assert gw.where(True, x, 0).dtype == gw.float32
    assert gw.take(x, 1).item() == 2.0


def test_assignment_converts(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], "float32")
    assert x.assign(5).tolist() == [5.0, 5.0]
    assert x.assign(gw.tensor(7)).tolist() == [7.0, 7.0]
    assert x.assign(np.array([1, 2])).tolist() == [1.0, 2.0]
    assert x.zero_().tolist() == [0.0, 0.0]
    assert x.dtype == gw.float32
    with pytest.raises(gw.ShapeError):
        x.assign([1.0, 2.0, 3.0])
    with pytest.raises(gw.ShapeError):
        x.assign(gw.zeros((1, 2, 1)))
    with pytest.raises(gw.DTypeError):
        gw.tensor([1, 2]).assign(0.5)
    with pytest.raises(gw.FailedPreconditionError):
        (gw.tensor([1.0], requires_grad=True) * 2).assign(1.0)


def test_lists_of_tensors_keep_their_gradients(session: gw.Session) -> None:
    a, b = gw.tensor(2.0, requires_grad=True), gw.tensor(3.0, requires_grad=True)
    y = gw.tensor([1.0, 10.0]) * [a, b]
    assert gw.asarray([[a, 1.0], [0.0, b * b]]).tolist() == [[2.0, 1.0], [0.0, 9.0]]
    assert not gw.tensor([a, b]).requires_grad
    y.sum().backward()
    assert a.grad is not None
    assert b.grad is not None
    assert (a.grad.item(), b.grad.item()) == (1.0, 10.0)
    assert gw.zeros(2).assign([a, b]).tolist() == [2.0, 3.0]


def test_in_place_operators(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    same = x
    with pytest.raises(gw.FailedPreconditionError, match="no_grad"):
        x += 1
    with gw.no_grad():
        x += 1
        x *= 2
    assert x is same
    assert (x.tolist(), x.requires_grad) == ([4.0, 6.0], True)
    total = gw.tensor(0.0)
    total += x.sum()
    assert total.requires_grad


def test_an_attribute_can_be_none_though_its_default_is_not(session: gw.Session) -> None:
    x = gw.tensor([[0.0, 1.0], [2.0, 3.0]])
    assert gw.softmax(x, axis=None).sum().item() == pytest.approx(1.0)
    assert gw.softmax(x).sum().item() == pytest.approx(2.0)
