"""Products over labelled axes and of many matrices: against NumPy, at the ends of the range, and what is refused."""

import itertools
import math
import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import GradwireError, InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator, constant, reachable
from reference import evaluate, leaf

op = Operator.registry
rng = np.random.default_rng(3)
inf, nan = np.inf, np.nan
steady = settings(deadline=None, derandomize=True)


def worth(name, *arrays, **attributes):
    arrays = [np.asarray(array) for array in arrays]
    leaves = [leaf(array) for array in arrays]
    return evaluate([op[name](*leaves, **attributes)], dict(zip(leaves, arrays, strict=True)))[0]


def close(found, expected, rtol=1e-12):
    expected = np.asarray(expected)
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol)


@st.composite
def equations(draw):
    """An equation and the shapes of its operands."""
    lengths = dict(zip("abcD", draw(st.tuples(*[st.integers(0, 3)] * 4)), strict=True))
    under_ellipsis = draw(st.lists(st.integers(1, 3), max_size=2))
    dotted = draw(st.booleans())
    parts, shapes = [], []
    for _ in range(draw(st.integers(1, 4))):
        letters = draw(st.lists(st.sampled_from("abcD"), max_size=3))
        shape = [lengths[letter] for letter in letters]
        if letters and len(set(letters)) == len(letters) and draw(st.booleans()):
            shape[0] = 1  # broadcasts
        if dotted:
            own = under_ellipsis[draw(st.integers(0, len(under_ellipsis))) :]
            at = draw(st.integers(0, len(letters)))
            shape[at:at] = own
            letters.insert(at, "...")
        parts.append("".join(letters))
        shapes.append(tuple(shape))
    equation = ",".join(parts)
    if draw(st.booleans()):
        used = sorted(set(equation) - set(",."))
        output = draw(st.lists(st.sampled_from(used), unique=True)) if used else []
        equation += "->" + "".join([*output, "..."] if dotted else output)
    return equation, shapes


@pytest.mark.parametrize("dtype", ["float64", "int32", "uint8", "bool"])
@steady
@given(equations())
def test_einsum_is_numpys(dtype, drawn):
    equation, shapes = drawn
    arrays = [rng.integers(-3, 4, shape).astype(dtype) for shape in shapes]
    close(worth("einsum", *arrays, equation=equation), np.asarray(np.einsum(equation, *arrays), dtype))


def test_einsum_sums_over_an_ellipsis_that_the_result_lacks():
    a, b = rng.standard_normal((2, 3, 4)), rng.standard_normal((3, 5))
    close(worth("einsum", a, b, equation="...i, ...j -> ij"), np.einsum("xyi,yj->ij", a, b))


def multiplications(name, *shapes, **attributes):
    """How many the matrix products in an operator's definition take."""
    values, _ = op[name](*(leaf(np.zeros(shape)) for shape in shapes), **attributes).node.lowered()
    products = [node for node in reachable(values) if node.name == "matmul"]
    return sum(math.prod(node.inputs[0].shape) * node.inputs[1].shape[-1] for node in products)


@steady
@given(st.lists(st.integers(1, 9), min_size=3, max_size=6))
def test_multi_dot_takes_the_fewest_multiplications(lengths):
    def least(i, j):
        splits = (least(i, k) + least(k, j) + lengths[i] * lengths[k] * lengths[j] for k in range(i + 1, j))
        return min(splits, default=0)

    shapes = list(itertools.pairwise(lengths))
    assert multiplications("multi_dot", *shapes) == least(0, len(lengths) - 1)
    arrays = [rng.standard_normal(shape) for shape in shapes]
    close(worth("multi_dot", *arrays), np.linalg.multi_dot(arrays), rtol=1e-11)


def test_einsum_multiplies_the_small_ones_first():
    shapes = [(50, 40), (40, 30), (30,)]
    assert multiplications("einsum", *shapes, equation="ij,jk,k->i") == 40 * 30 + 50 * 40
    assert multiplications("einsum", *shapes, (50,), equation="ij,jk,k,i") == 50 * 40 + 40 * 30 + 30
    assert multiplications("einsum", *[(9, 9)] * 7, (9,), equation="ab,bc,cd,de,ef,fg,gh,h->a") == 7 * 81
    ring = ",".join(a + b for a, b in zip(string.ascii_letters, string.ascii_letters[1:] + "a", strict=True))
    assert multiplications("einsum", *[(2, 2)] * 52, equation=ring + "->") < 52 * 2**4


def test_long_chains_are_products_too():
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    np.testing.assert_array_equal(worth("multi_dot", *[turn] * 102), -np.eye(2))
    ring = ",".join(["ij"] * 100)
    np.testing.assert_array_equal(worth("einsum", *[turn] * 100, equation=ring + "->ij"), np.abs(turn))


def test_float16_has_the_range_of_float32_inside():
    x = np.full(4, 300, np.float16)
    for found in (
        worth("einsum", x, x, np.float16(0.01), equation="i,i,->"),
        worth("multi_dot", x[None], x[:, None], np.array([[0.01]], np.float16))[0, 0],
        worth("addmm", np.float16(0), x[None], x[:, None], alpha=0.01)[0, 0],
    ):
        assert found.dtype == np.float16
        np.testing.assert_allclose(found, 3600, rtol=2e-3)


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "numpys"),
    [
        ("tensordot", [(2, 3, 4), (3, 4, 2)], {}, np.tensordot),
        ("tensordot", [(2, 3, 4), (4, 5, 2)], {"axes": ((0, -1), (2, 0))}, None),
        ("tensordot", [(2, 3), (4,)], {"axes": 0}, lambda a, b: np.tensordot(a, b, 0)),
        ("inner", [(2, 3), (4, 5, 3)], {}, np.inner),
        ("vdot", [(2, 3), (6,)], {}, np.vdot),
        ("kron", [(2, 3), (2, 1, 2)], {}, np.kron),
        ("kron", [(2, 1, 2), (3,)], {}, np.kron),
        ("cross", [(4, 1, 3), (5, 3)], {}, np.cross),
        ("cross", [(3, 4), (3, 1)], {"axis": 0}, lambda a, b: np.cross(a, np.broadcast_to(b, (3, 4)), axis=0)),
        ("vecdot", [(3, 4), (3, 1)], {"axis": -2}, lambda a, b: (a * b).sum(0)),
        ("vander", [(4,)], {}, np.vander),
        ("vander", [(4,)], {"N": 6, "increasing": True}, lambda x: np.vander(x, 6, True)),
        ("matrix_power", [(2, 3, 3)], {"n": 7}, lambda x: np.linalg.matrix_power(x, 7)),
        ("matrix_power", [(2, 3, 3)], {"n": -5}, lambda x: np.linalg.matrix_power(x, -5)),
        ("matrix_power", [(2, 3, 3)], {"n": 0}, lambda x: np.linalg.matrix_power(x, 0)),
    ],
)
def test_is_numpys(name, shapes, attributes, numpys):
    numpys = numpys or (lambda a, b: np.tensordot(a, b, ((0, 2), (2, 0))))
    arrays = [rng.standard_normal(shape) for shape in shapes]
    close(worth(name, *arrays, **attributes), numpys(*arrays), rtol=1e-9)
    whole = [rng.integers(1, 5, shape) for shape in shapes]
    if attributes.get("n", 0) >= 0:
        close(worth(name, *whole, **attributes), numpys(*whole))


@pytest.mark.parametrize("name", ["addmm", "addmv", "addr", "baddbmm", "addbmm"])
def test_with_beta_zero_what_is_added_to_does_not_count(name):
    ranks = {"addmm": (2, 2), "addmv": (2, 1), "addr": (1, 1)}.get(name, (3, 3))
    arrays = [np.array(nan), *(np.ones((1,) * rank) for rank in ranks)]
    assert worth(name, *arrays, beta=0, alpha=3).item() == 3
    leaves = [leaf(array) for array in arrays]
    y = op[name](*leaves, beta=0)
    assert vjp([y], [constant(1, y.dtype, y.shape)], leaves[:1]) == [None]
    whole = [np.ones((1,) * rank, np.int32) for rank in (0, *ranks)]
    assert worth(name, *whole, beta=2, alpha=3).dtype == np.int32
    assert worth(name, *whole, alpha=0.5).item() == 1.5


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "kind", "message"),
    [
        ("einsum", [(2, 3)], {"equation": "ij,jk"}, InvalidArgumentError, "for 2 operands, not 1"),
        ("einsum", [], {"equation": ""}, InvalidArgumentError, "for 1 operand, not 0"),
        ("einsum", [(2, 3)], {"equation": "i"}, ShapeError, "'i' doesn't fit an operand of 2 dimensions"),
        ("einsum", [(2,)], {"equation": "ij..."}, ShapeError, "doesn't fit an operand of 1 dimension$"),
        ("einsum", [(2, 3)], {"equation": "i.j"}, InvalidArgumentError, "'.' is neither a letter nor one ellipsis"),
        ("einsum", [(2, 3)], {"equation": "...i..."}, InvalidArgumentError, "neither a letter nor one ellipsis"),
        ("einsum", [(2, 3)], {"equation": "ij->k"}, InvalidArgumentError, "'k' of the result is in no operand"),
        ("einsum", [(2, 3)], {"equation": "ij->ii"}, InvalidArgumentError, "comes twice in the result"),
        ("einsum", [(2, 3), (4,)], {"equation": "ij,j"}, ShapeError, "'j' can't have both the lengths 3 and 4"),
        ("einsum", [(1, 3)], {"equation": "ii"}, ShapeError, "'i' is repeated, with lengths 1 and 3"),
        ("einsum", [(2, 3), (4, 3)], {"equation": "...i,...i"}, ShapeError, "can't have both the lengths 2 and 4"),
        ("tensordot", [(2, 3), (2, 3)], {"axes": 1}, ShapeError, "can't have both the lengths 3 and 2"),
        ("tensordot", [(2, 3), (3,)], {"axes": 2}, InvalidArgumentError, "between 0 and the number of dimensions"),
        ("tensordot", [(2, 3), (3,)], {"axes": (1,)}, InvalidArgumentError, "axes"),
        ("tensordot", [(2, 3), (3,)], {"axes": ((0, 1), 0)}, InvalidArgumentError, "not 2 and 1"),
        ("tensordot", [(2, 3), (3,)], {"axes": (2, 0)}, ShapeError, "axis 2 is out of range"),
        ("tensordot", [(2, 2), (2, 2)], {"axes": ((0, -2), (0, 1))}, InvalidArgumentError, "an axis twice"),
        ("inner", [(2, 3), (2,)], {}, ShapeError, "can't have both the lengths"),
        ("vdot", [(2, 3), (5,)], {}, ShapeError, "6 and 5 elements"),
        ("vecdot", [(2, 3), (3,)], {"axis": 2}, ShapeError, "axis 2 is out of range"),
        ("cross", [(2, 3), (2, 2)], {}, ShapeError, "don't broadcast"),
        ("cross", [(2, 3), (2, 1)], {}, ShapeError, "x2 must have length 3 along axis -1"),
        ("cross", [(3, 2), (2,)], {"axis": 0}, ShapeError, "x2 must have length 3 along axis 0"),
        ("multi_dot", [(2, 2)], {}, ShapeError, "at least two operands, not 1"),
        ("multi_dot", [(2, 2), (2,), (2, 2)], {}, ShapeError, "operand 1 must be a matrix, not of 1 dim"),
        ("multi_dot", [(2, 2, 2), (2,)], {}, ShapeError, "operand 0 must be a matrix or a vector"),
        ("multi_dot", [(2, 2), (2, 3), (2, 3)], {}, ShapeError, "3 and 2 of operands 1 and 2 differ"),
        ("matrix_power", [(2, 3)], {"n": 2}, ShapeError, "must be square"),
        ("matrix_power", [(2, 2)], {"n": 0.5}, InvalidArgumentError, "attribute 'n'"),
        ("vander", [()], {}, ShapeError, "at least one dimension"),
        ("vander", [(2,)], {"N": -1}, InvalidArgumentError, "attribute 'N'"),
        ("addmm", [(2,), (2, 2), (2,)], {}, ShapeError, "x2 must have 2 dimensions, not 1"),
        ("addmm", [(3,), (2, 2), (2, 2)], {}, ShapeError, "broadcast"),
        ("addmm", [(3, 2, 2), (2, 2), (2, 2)], {}, ShapeError, "doesn't broadcast"),
        ("addr", [(), (2, 1), (2,)], {}, ShapeError, "x1 must have 1 dimension, not 2"),
        ("baddbmm", [(), (2, 2, 3), (2, 2, 3)], {}, ShapeError, "inner lengths 3 and 2 differ"),
        ("matrix_exp", [(2, 3)], {}, ShapeError, "must be square"),
        ("expm_frechet", [(2, 2), (1, 2, 2)], {}, ShapeError, "must have one shape"),
        ("tensorinv", [(2, 3, 4)], {"ind": 1}, ShapeError, "2 elements and the others 12"),
        ("tensorinv", [(2, 2)], {"ind": 0}, InvalidArgumentError, "attribute 'ind'"),
        ("tensorsolve", [(2, 3, 2), (2, 3)], {}, ShapeError, "as many elements again"),
        ("tensorsolve", [(2, 2), (2,)], {"axes": (0, -2)}, InvalidArgumentError, "an axis twice"),
    ],
)
def test_is_refused(name, shapes, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in shapes), **attributes)
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize("name", ["tensorinv", "tensorsolve", "matrix_power"])
def test_singular_matrices_are_an_error_when_computed(name):
    operands, attributes = {
        "tensorinv": ([np.ones((2, 1, 2))], {"ind": 1}),
        "tensorsolve": ([np.ones((2, 2)), np.ones(2)], {}),
        "matrix_power": ([np.ones((2, 2))], {"n": -2}),
    }[name]
    with pytest.raises(GradwireError, match="invertible"):
        worth(name, *operands, **attributes)


def test_the_matrix_exponential_at_all_sizes():
    angles = np.array([1e-300, 1e-9, 0.3, 2.0, 100.0])
    turns = np.array([[[0, -t], [t, 0]] for t in angles])
    expected = np.array([[[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]] for t in angles])
    close(worth("matrix_exp", turns), expected)
    single = worth("matrix_exp", turns.astype(np.float32)[:4])
    np.testing.assert_allclose(single, expected[:4], rtol=2e-6, atol=2e-6)
    close(worth("matrix_exp", np.array([[0, 1e25], [0, 0]])), [[1, 1e25], [0, 1]])
    close(worth("matrix_exp", np.array([[1, 1e9], [0, -1]])), [[np.e, 1e9 * np.sinh(1)], [0, 1 / np.e]])
    close(worth("matrix_exp", np.diag([-1e6, 0.0, 5.0])), np.diag([0, 1, np.exp(5)]), rtol=1e-9)
    mixed = worth("matrix_exp", np.array([[[inf]], [[nan]], [[1.0]]]))
    np.testing.assert_allclose(mixed.ravel(), [nan, nan, np.e])


def test_the_derivative_of_the_exponential_is_linear_in_huge_and_tiny_tangents():
    x = rng.standard_normal((3, 3))
    tangent = rng.standard_normal((3, 3))
    expected = worth("expm_frechet", x, tangent)
    for scale in (1e-290, 1e200):
        np.testing.assert_allclose(worth("expm_frechet", x, tangent * scale) / scale, expected, rtol=1e-13)
    np.testing.assert_array_equal(worth("expm_frechet", x, tangent * 0), 0)
    close(worth("expm_frechet", np.eye(3) * 2, tangent), np.exp(2) * tangent)
