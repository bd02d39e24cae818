"""Decompositions and solvers: against NumPy and LAPACK, at singular matrices, and where there is no derivative."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradwire as gw
from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import (
    IndexOutOfRangeError,
    InvalidArgumentError,
    LinAlgError,
    RuleMissingError,
    ShapeError,
)
from gradwire_engine.graph import Operator
from reference import evaluate, leaf

scipy_linalg = pytest.importorskip("scipy.linalg", reason="NOT CHECKED AGAINST SCIPY: scipy is not installed")

op = Operator.registry
rng = np.random.default_rng(5)
steady = settings(max_examples=60, deadline=None, derandomize=True)
batches = st.lists(st.integers(0, 3), max_size=2).map(tuple)
sides = st.integers(0, 5)


def values(name, *arrays, **attributes) -> Any:
    leaves = [leaf(array) for array in arrays]
    result = op[name](*leaves, **attributes)
    found = evaluate(result if isinstance(result, tuple) else [result], dict(zip(leaves, arrays, strict=True)))
    return found if isinstance(result, tuple) else found[0]


def gradient(function, x, order: int = 1):
    """The gradient of Σ function, or that of the sum of its gradient."""
    at = leaf(np.asarray(x, dtype=float))
    y = function(at)
    for _ in range(order):
        (y,) = vjp([y], [op["full"](shape=y.shape, fill_value=1.0)], [at])
        assert y is not None
    return evaluate([y], {at: np.asarray(x, dtype=float)})[0]


def close(found, expected, **tolerance):
    np.testing.assert_allclose(found, expected, **{"rtol": 1e-9, "atol": 1e-11, **tolerance})


def T(x):
    return np.swapaxes(x, -2, -1)


@steady
@given(batches, sides, sides, st.booleans())
def test_what_is_decomposed_is_the_product_of_its_parts(batch, m, n, full):
    x = rng.standard_normal((*batch, m, n))
    for found, expected in zip(values("svd", x, full_matrices=full), np.linalg.svd(x, full), strict=True):
        np.testing.assert_array_equal(found, expected)
    q, r = values("qr", x, mode="complete" if full else "reduced")
    close(q @ r, x)
    np.testing.assert_array_equal(values("qr", x, mode="r")[1], np.linalg.qr(x)[1])
    p, lower, upper = values("lu", x)
    close(p @ lower @ upper, x)
    assert np.abs(np.tril(lower)).max(initial=0) <= 1
    symmetric = (square := rng.standard_normal((*batch, n, n))) + T(square)
    w, v = values("eigh", symmetric, UPLO="U" if full else "L")
    close(v * w[..., None, :] @ T(v), symmetric)
    close(values("eigvalsh", symmetric), w)
    definite = square @ T(square) + n * np.eye(n)
    factor = values("cholesky", definite, upper=full)
    close(T(factor) @ factor if full else factor @ T(factor), definite)
    close(values("cholesky_inverse", factor, upper=full) @ definite, np.broadcast_to(np.eye(n), definite.shape))


@pytest.mark.parametrize("shape", [(70, 70), (40, 90), (90, 40), (32, 33), (1, 1)])
def test_pivots_are_those_of_lapack(shape):
    x = rng.standard_normal(shape)
    x[:, 0] = x[0, 0]  # of equals, the first
    lu, pivots = values("lu_factor", x)
    expected, others, _ = scipy_linalg.get_lapack_funcs("getrf", (x,))(x)  # pyright: ignore[reportCallIssue]
    np.testing.assert_array_equal(pivots, others + 1)
    close(lu, expected)


@steady
@given(st.data(), st.sampled_from([0, 1, 3, 31, 32, 65]), *[st.booleans()] * 3)
def test_triangular_systems_are_solved_whichever_way_they_stand(data, n, upper, left, unitriangular):
    batch = data.draw(st.sampled_from([(), (2,), (2, 1)]))
    a = rng.standard_normal((*batch, n, n)) / (n + 1) + 2 * np.eye(n)
    b = (
        rng.standard_normal((3, n, 2) if left else (3, 2, n))
        if n < 32 and batch != (2,)
        else rng.standard_normal((n, 2) if left else (2, n))
    )
    x = values("solve_triangular", a, b, upper=upper, left=left, unitriangular=unitriangular)
    whole = np.triu(a) if upper else np.tril(a)
    if unitriangular:
        whole[..., np.arange(n), np.arange(n)] = 1
    close(whole @ x if left else x @ whole, np.broadcast_to(b, x.shape))


@steady
@given(batches, sides, st.integers(0, 3), st.booleans(), st.booleans())
def test_systems_are_solved_from_their_factors(batch, n, k, left, adjoint):
    a = rng.standard_normal((*batch, n, n)) + 4 * np.eye(n)
    b = rng.standard_normal((n, k) if left else (k, n))
    x = values("lu_solve", *values("lu_factor", a), b, left=left, adjoint=adjoint)
    turned = T(a) if adjoint else a
    close(turned @ x if left else x @ turned, np.broadcast_to(b, x.shape))
    if left:
        close(values("solve", a, b), np.linalg.solve(a, b))
        definite = a @ T(a) + np.eye(n)
        close(values("cholesky_solve", b, np.linalg.cholesky(definite)), np.linalg.solve(definite, b), atol=1e-9)


def test_a_vector_is_one_axis_whatever_the_stack():
    a, b = rng.standard_normal((3, 3, 3)), rng.standard_normal(3)
    close(values("solve", a, b), np.stack([np.linalg.solve(each, b) for each in a]))
    close(values("solve", a, rng.standard_normal((3, 3))).shape, (3, 3, 3))


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4)])
@pytest.mark.parametrize("rank", [1, 3])
def test_least_squares_are_numpys_at_any_rank(shape, rank):
    a = rng.standard_normal((shape[0], rank)) @ rng.standard_normal((rank, shape[1]))
    b = rng.standard_normal((shape[0], 2))
    x, residuals, found, sizes = values("lstsq", a, b)
    expected, _, its, singular = np.linalg.lstsq(a, b)
    close(x, expected)
    assert found == its == rank
    close(sizes, singular)
    close(residuals, np.sum((b - a @ x) ** 2, axis=0) if shape[0] > shape[1] else np.zeros(0))
    close(values("pinv", a), np.linalg.pinv(a))
    close(values("lstsq", a, b[:, 0])[0], expected[:, 0])


def test_small_singular_values_count_as_zero_below_either_tolerance():
    x = np.diag([4.0, 2.0, 0.5])
    for attributes, kept in [({}, 3), ({"atol": 1.0}, 2), ({"rtol": 0.6}, 1), ({"atol": 0.6, "rtol": 0.1}, 2)]:
        for hermitian in (False, True):
            found = values("pinv", x * (-1 if hermitian else 1), hermitian=hermitian, **attributes)
            close(np.abs(np.diag(found)), np.where(np.arange(3) < kept, 1 / np.diag(x), 0))
    each = values("truncated_inverse", x, np.array([0.0, 1.0]), 0.0)
    assert np.count_nonzero(each, axis=(-2, -1)).tolist() == [3, 2]


# Determinants of singular matrices


def minors(x, count):
    """The signed minors of x without any `count` rows and columns, by the rows and columns left out."""
    n = len(x)
    for rows in itertools.combinations(range(n), count):
        for columns in itertools.combinations(range(n), count):
            sign = (-1) ** (sum(rows) + sum(columns))
            yield rows, columns, sign * np.linalg.det(np.delete(np.delete(x, rows, 0), columns, 1))


@pytest.mark.parametrize("rank", range(5))
def test_determinants_have_two_derivatives_at_any_rank(rank):
    x = rng.standard_normal((4, rank)) @ rng.standard_normal((rank, 4))
    first = np.zeros((4, 4))
    for (i,), (j,), minor in minors(x, 1):
        first[i, j] = minor
    close(gradient(op["det"], x), first)
    close(values("cofactor", x), first)
    direction, second = rng.standard_normal((4, 4)), np.zeros((4, 4))
    for (i, k), (j, m), minor in minors(x, 2):
        second[i, j] += minor * direction[k, m]
        second[k, m] += minor * direction[i, j]
        second[i, m] -= minor * direction[k, j]
        second[k, j] -= minor * direction[i, m]
    close(values("cofactor_slope", x, direction), second)
    close(gradient(op["det"], x, order=2), values("cofactor_slope", x, np.ones((4, 4))))


def test_regular_and_singular_matrices_mix_in_a_stack():
    x = np.stack([np.eye(3), np.ones((3, 3)), np.diag([1.0, 2, 0])])
    close(values("det", x), [1, 0, 0])
    close(gradient(op["det"], x), np.stack([np.eye(3), np.zeros((3, 3)), np.diag([0, 0, 2.0])]))


def test_nan_in_one_matrix_of_a_stack_stays_there():
    x = np.stack([np.eye(2), np.full((2, 2), np.nan)])
    for order in (1, 2):
        found = gradient(op["det"], x, order=order)
        assert np.isfinite(found[0]).all()
        assert np.isnan(found[1]).all()


def test_logarithms_of_determinants_do_not_overflow():
    x = np.diag(np.full(200, 1e-300))
    sign, logarithm = values("slogdet", x)
    close([sign, logarithm], [1, 200 * np.log(1e-300)])
    close(values("logdet", x), logarithm)
    assert np.isnan(values("logdet", np.diag([1.0, -1.0])))
    assert values("logdet", np.zeros((2, 2))) == -np.inf
    close(gradient(op["logdet"], np.diag([1.0, -1.0])), np.zeros((2, 2)))


# Where vectors have no derivative


def test_values_that_coincide_have_derivatives_and_their_vectors_none():
    x = np.eye(3)
    close(gradient(lambda x: op["square"](op["eigvalsh"](x)), x), 2 * x)
    close(gradient(op["svdvals"], x), x)
    close(gradient(lambda x: op["eigh"](x)[0], x), x)
    for function in (lambda x: op["eigh"](x)[1], lambda x: op["svd"](x)[0]):
        weighted = gradient(lambda x, f=function: f(x) * constant_of(np.arange(9.0).reshape(3, 3)), x)
        assert not np.isfinite(weighted).all()


def constant_of(array):
    """A constant, of operators."""
    rows = [op["stack"](*(op["full"](fill_value=float(x)) for x in row)) for row in array]
    return op["stack"](*rows)


def test_vectors_have_derivatives_where_squares_of_the_values_overflow():
    x = np.array([[3.0, 1, 0], [0, 2, 1], [1, 0, 1.5]])
    for scale in (1e200, 1e-200):
        for part in (0, 2):

            def vectors(x, part=part):
                return op["svd"](x)[part] * constant_of(np.arange(9.0).reshape(3, 3))

            close(gradient(vectors, x * scale) * scale, gradient(vectors, x))


def test_derivatives_of_triangles_are_symmetric_whichever_is_looked_at():
    x = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, 0.2], [0.1, 0.2, 1.0]])
    for name, attributes in [("cholesky", ({}, {"upper": True})), ("eigvalsh", ({}, {"UPLO": "U"}))]:
        lower, upper = (gradient(lambda x, n=name, a=a: op["exp"](op[n](x, **a)), x) for a in attributes)
        close(lower, lower.T)
        close(lower, upper)
    blurred = x + np.triu(rng.standard_normal((3, 3)), 1)
    close(values("cholesky", blurred), np.linalg.cholesky(x))
    close(values("eigvalsh", blurred), np.linalg.eigvalsh(x))
    close(values("cholesky", blurred.T, upper=True), np.linalg.cholesky(x).T)


def test_qr_with_columns_that_may_be_any_has_no_derivative():
    x = leaf(np.ones((3, 2)))
    q, _ = op["qr"](x, mode="complete")
    with pytest.raises(RuleMissingError, match=r"^qr in mode 'complete' has no derivative"):
        vjp([q], [q], [x])


# Errors


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "kind", "message"),
    [
        *(
            (name, [(2, 3)], {}, ShapeError, rf"^{name}\(float64\[2, 3\]\): .* must be square")
            for name in (
                "inv",
                "det",
                "slogdet",
                "logdet",
                "cholesky",
                "eigh",
                "eigvalsh",
                "cofactor",
                "cholesky_inverse",
            )
        ),
        *(
            (name, [(3,)], {}, ShapeError, rf"^{name}\(float64\[3\]\): x must be a matrix")
            for name in ("svd", "svdvals", "qr", "lu", "lu_factor", "pinv", "inv")
        ),
        ("pinv", [(2, 3)], {"hermitian": True}, ShapeError, "must be square"),
        ("pinv", [(2, 3)], {"rtol": -1.0}, InvalidArgumentError, "attribute 'rtol'"),
        ("eigh", [(2, 2)], {"UPLO": "l"}, InvalidArgumentError, "attribute 'UPLO'"),
        ("qr", [(2, 2)], {"mode": "raw"}, InvalidArgumentError, "attribute 'mode'"),
        ("solve", [(2, 2), (3,)], {}, ShapeError, "a has 2 columns, and b 3 rows"),
        ("solve", [(2, 2), ()], {}, ShapeError, "not a scalar"),
        ("solve", [(2, 2, 2), (3, 2, 1)], {}, ShapeError, "don't broadcast"),
        ("solve_triangular", [(2, 2), (2,)], {}, ShapeError, "b must be a matrix"),
        ("solve_triangular", [(2, 2), (2, 3)], {"left": False}, ShapeError, "a is 2 by 2, and b has 3 columns"),
        ("cholesky_solve", [(3, 1), (2, 2)], {}, ShapeError, r"^cholesky_solve\(.*b has 3 rows"),
        ("lstsq", [(3, 2), (2, 1)], {}, ShapeError, "a has 3 rows"),
        ("lstsq", [(3, 2), ()], {}, ShapeError, "a has 3 rows"),
    ],
)
def test_is_refused(name, shapes, attributes, kind, message):
    with pytest.raises(kind, match=message):
        op[name](*(leaf(np.zeros(shape)) for shape in shapes), **attributes)


@pytest.mark.parametrize(
    ("name", "arrays", "reason"),
    [
        ("inv", [np.ones((2, 2))], "SINGULAR_MATRIX"),
        ("inv", [np.stack([np.eye(2), np.zeros((2, 2))])], "SINGULAR_MATRIX"),
        ("solve", [np.ones((2, 2)), np.ones(2)], "SINGULAR_MATRIX"),
        ("cholesky", [-np.eye(2)], "NOT_POSITIVE_DEFINITE"),
        ("cholesky", [np.ones((2, 2))], "NOT_POSITIVE_DEFINITE"),
        ("svd", [np.full((2, 2), np.nan)], "NOT_CONVERGED"),
    ],
)
def test_fails_when_it_is_computed(name, arrays, reason):
    with pytest.raises(LinAlgError, match=f"^{name}: expected ") as caught:
        values(name, *arrays)
    assert caught.value.reason == reason


@pytest.mark.parametrize("wrong", [0, 4, -1])
def test_pivots_out_of_range_are_errors(wrong):
    with pytest.raises(IndexOutOfRangeError, match="pivots must be from 1 to 3"):
        values("pivots_to_permutation", np.array([1, wrong, 3]), size=3)


def test_a_zero_on_a_triangles_diagonal_is_infinite():
    with np.errstate(all="ignore"):
        assert values("solve_triangular", np.diag([1.0, 0.0]), np.ones((2, 1))).ravel().tolist() == [1, np.inf]


def test_a_session_goes_on_after_a_singular_matrix():
    with gw.connect():
        x = gw.tensor(np.ones((2, 2)), requires_grad=True)
        total = gw.sum(gw.inv(x))
        with pytest.raises(gw.LinAlgError, match="inv: expected invertible matrices") as caught:
            total.numpy()
        assert caught.value.reason == "SINGULAR_MATRIX"
        close(gw.det(x).numpy(), 0)
