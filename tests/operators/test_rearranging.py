"""Joining, splitting, repeating, turning, grids and diagonals, over many shapes against NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from reference import evaluate, leaf

op = Operator.registry
steady = settings(deadline=None, max_examples=100, derandomize=True)
shapes = st.lists(st.integers(0, 3), max_size=3).map(tuple)
rng = np.random.default_rng(5)
HUGE = 10**30


def results(name, arrays, **attributes):
    """The operator's results."""
    leaves = [leaf(a) for a in arrays]
    y = op[name](*leaves, **attributes)
    return evaluate(y if isinstance(y, tuple) else [y], dict(zip(leaves, arrays, strict=True)))


def check(name, arrays, expected, **attributes):
    """The results are these; and, as all here is linear, ⟨g, y⟩ = Σ ⟨cotangent, x⟩."""
    leaves = [leaf(a) for a in arrays]
    y = op[name](*leaves, **attributes)
    ys = y if isinstance(y, tuple) else (y,)
    expected = [np.asarray(e) for e in (expected if isinstance(expected, tuple | list) else [expected])]
    values = dict(zip(leaves, arrays, strict=True))
    for ours, theirs in zip(evaluate(ys, values), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=name, strict=True)
    cotangents = [rng.standard_normal(v.shape) for v in ys]
    seeds = [leaf(g) for g in cotangents]
    found = vjp(ys, seeds, list(dict.fromkeys(leaves)))
    values |= dict(zip(seeds, cotangents, strict=True))
    pulled = [np.zeros(()) if g is None else evaluate([g], values)[0] for g in found]
    there = sum(float(np.sum(g * e)) for g, e in zip(cotangents, expected, strict=True))
    back = sum(float(np.sum(g * a)) for g, a in zip(pulled, arrays, strict=True))
    assert back == pytest.approx(there, abs=1e-9), name


@steady
@given(st.data(), shapes)
def test_one_array_is_rearranged_as_numpy_does(data, shape):
    x = rng.standard_normal(shape)
    ndim = len(shape)
    integers = st.integers(-4, 4)
    reps = data.draw(st.integers(0, 3) | st.lists(st.integers(0, 2), max_size=4).map(tuple))
    check("tile", [x], np.tile(x, reps), reps=reps)
    check("ravel", [x], np.ravel(x))
    for name in ("atleast_1d", "atleast_2d", "atleast_3d"):
        check(name, [x], getattr(np, name)(x))
    shift = data.draw(integers)
    check("roll", [x], np.roll(x, shift), shift=shift)
    k = data.draw(integers)
    check("diagflat", [x], np.diagflat(x, k), k=k)
    if ndim < 3 and ndim:
        check("diag", [x], np.diag(x, k), k=k)
    count = data.draw(st.integers(0, 3))
    check("repeat", [x], np.repeat(x, count), repeats=count)
    if not ndim:
        return
    axis = data.draw(st.integers(-ndim, ndim - 1))
    counts = tuple(data.draw(st.lists(st.integers(0, 2), min_size=shape[axis], max_size=shape[axis])))
    check("repeat", [x], np.repeat(x, counts, axis), repeats=counts, axis=axis)
    axes = tuple(data.draw(st.lists(st.integers(-ndim, ndim - 1), min_size=1, max_size=3)))
    shifts = tuple(data.draw(st.lists(integers, min_size=len(axes), max_size=len(axes))))
    check("roll", [x], np.roll(x, shifts, axes), shift=shifts, axis=axes)
    check("roll", [x], np.roll(x, shift, axes), shift=shift, axis=axes)
    check("flipud", [x], np.flipud(x))
    sections = data.draw(st.integers(1, 5))
    check("array_split", [x], np.array_split(x, sections, axis), indices_or_sections=sections, axis=axis)
    if shape[axis]:
        check("unstack", [x], tuple(np.moveaxis(x, axis, 0)), axis=axis)
    if ndim > 1:
        check("fliplr", [x], np.fliplr(x))
        plane = tuple(data.draw(st.permutations(range(ndim)))[:2])
        check("rot90", [x], np.rot90(x, k, plane), k=k, axes=plane)
        first, second = plane
        values = rng.standard_normal(np.diagonal(x, k, first, second).shape)
        written = x.copy()
        np.einsum("...ii->...i", square_of(np.moveaxis(written, plane, (-2, -1)), k))[...] = values
        (ours,) = results("diagonal_scatter", [x, values], offset=k, axis1=first, axis2=second)
        np.testing.assert_array_equal(ours, written)
    embedded = np.zeros((*shape[:-1], shape[-1] + abs(k), shape[-1] + abs(k)))
    np.einsum("...ii->...i", square_of(embedded, k))[...] = x
    check("diag_embed", [x], embedded, offset=k)


def square_of(matrices, k):
    """The square block whose diagonal is the k-th."""
    block = matrices[..., max(-k, 0) :, max(k, 0) :]
    n = min(block.shape[-2:])
    return block[..., :n, :n]


@steady
@given(st.data())
def test_several_arrays_are_joined_as_numpy_does(data):
    n, m = data.draw(st.integers(0, 3)), data.draw(st.integers(1, 3))
    matrices = [rng.standard_normal((n, m)) for _ in range(data.draw(st.integers(1, 3)))]
    vectors = [rng.standard_normal(n), rng.standard_normal(n)]
    for name in ("hstack", "vstack", "dstack", "column_stack"):
        check(name, matrices, getattr(np, name)(matrices))
        check(name, vectors, getattr(np, name)(vectors))
    check("column_stack", [*vectors, *matrices], np.column_stack([*vectors, *matrices]))
    lines = [rng.standard_normal(data.draw(st.integers(0, 3))) for _ in range(data.draw(st.integers(1, 4)))]
    for indexing in ("xy", "ij"):
        for sparse in (False, True):
            grids = np.meshgrid(*lines, indexing=indexing, sparse=sparse)
            check("meshgrid", lines, grids, indexing=indexing, sparse=sparse)
    bent = [*matrices, *(x[:, :1] for x in matrices), rng.standard_normal(m)]
    check("broadcast_arrays", bent, list(np.broadcast_arrays(*bent)))
    blocks = [*matrices, vectors[0]]
    total = np.zeros((sum(x.shape[0] for x in matrices) + 1, m * len(matrices) + n))
    for i, x in enumerate(matrices):
        total[i * n : (i + 1) * n, i * m : (i + 1) * m] = x
    total[-1, m * len(matrices) :] = vectors[0]
    check("block_diag", blocks, total)


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("ravel", {}),
        ("atleast_3d", {}),
        ("fliplr", {}),
        ("rot90", {"k": 3}),
        ("diag", {"k": 1}),
        ("unstack", {"axis": 1}),
        ("array_split", {"indices_or_sections": 2}),
        ("hsplit", {"indices_or_sections": 3}),
        ("broadcast_arrays", {}),
        ("repeat", {"repeats": 1, "axis": 0}),
        ("tile", {"reps": (1, 1)}),
    ],
)
def test_what_is_a_view_for_numpy_is_a_view(name, attributes):
    x = np.arange(6.0).reshape(2, 3)
    for y in results(name, [x], **attributes):
        assert np.shares_memory(y, x)


@pytest.mark.parametrize(
    ("name", "operands", "attributes", "kind", "message"),
    [
        ("tile", [(2,)], {"reps": -1}, InvalidArgumentError, "attribute 'reps'"),
        ("repeat", [(2, 3)], {"repeats": (1, 2), "axis": 1}, ShapeError, "2 counts don't fit an axis of length 3"),
        ("repeat", [(2,)], {"repeats": (1, -1)}, InvalidArgumentError, "attribute 'repeats'"),
        ("repeat", [(2,)], {"repeats": 2, "axis": 1}, ShapeError, "axis 1"),
        ("roll", [(2, 2)], {"shift": (1, 2), "axis": (0, 1, 0)}, InvalidArgumentError, "2 shifts don't fit 3 axes"),
        ("roll", [(2,)], {"shift": 1, "axis": 1}, ShapeError, "axis 1"),
        ("rot90", [(2,)], {}, ShapeError, "axis 1 is out of range"),
        ("rot90", [(2, 2)], {"axes": (0, -2)}, InvalidArgumentError, "twice"),
        ("fliplr", [(2,)], {}, ShapeError, "at least 2 dimensions"),
        ("flipud", [()], {}, ShapeError, "at least 1 dimension$"),
        ("hstack", [], {}, ShapeError, "at least one operand"),
        ("vstack", [(2,), (3,)], {}, ShapeError, "must agree"),
        ("block_diag", [(1, 1, 1)], {}, ShapeError, "at most two dimensions"),
        ("array_split", [(2,)], {"indices_or_sections": 0}, InvalidArgumentError, "0 parts"),
        ("array_split", [(2,)], {"indices_or_sections": HUGE}, InvalidArgumentError, "more than the 65536"),
        ("unstack", [(0, 2)], {}, ShapeError, "length 0"),
        ("unstack", [()], {}, ShapeError, "axis 0"),
        ("unstack", [(10**6,)], {}, InvalidArgumentError, "more than the 65536"),
        ("hsplit", [()], {"indices_or_sections": 1}, ShapeError, "at least 1 dimension"),
        ("vsplit", [(2,)], {"indices_or_sections": 1}, ShapeError, "at least 2 dimensions"),
        ("dsplit", [(2, 2)], {"indices_or_sections": 1}, ShapeError, "at least 3 dimensions"),
        ("broadcast_arrays", [(2,), (3,)], {}, ShapeError, "don't broadcast"),
        ("meshgrid", [(2, 2)], {}, ShapeError, "vectors or scalars"),
        ("meshgrid", [(2,)], {"indexing": "yx"}, InvalidArgumentError, "attribute 'indexing'"),
        ("cartesian_prod", [(2,), ()], {}, ShapeError, "must be vectors"),
        ("combinations", [(2, 2)], {}, ShapeError, "needs a vector"),
        ("combinations", [(2,)], {"r": -1}, InvalidArgumentError, "attribute 'r'"),
        ("diag", [(1, 1, 1)], {}, ShapeError, "vector or a matrix"),
        ("diag_embed", [()], {}, ShapeError, "at least one dimension"),
        ("diag_embed", [(2,)], {"axis1": 0, "axis2": -2}, InvalidArgumentError, "twice"),
        ("diag_embed", [(2,)], {"shape": (1, 3)}, ShapeError, "has not 2 elements"),
        ("diagonal_scatter", [(3, 3), (2,)], {}, ShapeError, r"shapes \[2\] and \[3\] don't broadcast"),
        ("gather", [(2, 3), (3, 1)], {"axis": 1}, ShapeError, "no longer except along axis 1"),
        ("gather", [(2, 3), (2,)], {}, ShapeError, "the dimensions of x"),
        ("scatter", [(2, 3), (2, 1), (1, 1)], {}, ShapeError, "no shorter"),
        ("scatter", [(2,), (2,), ()], {"reduction": "sum"}, InvalidArgumentError, "attribute 'reduction'"),
        ("put_along_axis", [(2,), (1, 1), ()], {"axis": 0}, ShapeError, "same number of dimensions"),
        ("put", [(2,), (2,), (3,)], {}, ShapeError, "don't broadcast"),
        ("masked_scatter", [(2,), (3,), (3,)], {}, ShapeError, "don't broadcast"),
    ],
)
def test_is_refused(name, operands, attributes, kind, message):
    indices = {"gather": (1,), "scatter": (1,), "put_along_axis": (1,), "put": (1,)}.get(name, ())
    inputs = [leaf(np.broadcast_to(np.zeros((), int if i in indices else float), s)) for i, s in enumerate(operands)]
    with pytest.raises(kind, match=message) as caught:
        op[name](*inputs, **attributes)
    assert caught.value.metadata["operator"] == name


def test_a_diagonal_far_outside_is_empty():
    x = np.ones((2, 2))
    for k in (HUGE, -HUGE):
        assert results("diagonal", [x], offset=k)[0].shape == (0,)
        np.testing.assert_array_equal(results("tril", [x], k=k)[0], x * (k > 0))
        np.testing.assert_array_equal(results("triu", [x], k=k)[0], x * (k < 0))
        assert results("diagonal_scatter", [x, np.zeros(0)], offset=k)[0].tolist() == x.tolist()
