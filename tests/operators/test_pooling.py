"""Windows and pools: ties, NaN, padding, what they refuse, and many shapes against NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import DTypeError, GradwireError, IndexOutOfRangeError
from gradwire_engine.graph import Operator, constant
from reference import evaluate, leaf

op = Operator.registry
inf, nan = np.inf, np.nan
rng = np.random.default_rng(12)
steady = settings(deadline=None, max_examples=150, derandomize=True)


def values(function, *arrays):
    """What the results are worth, and the gradient of the first one's sum by the first operand."""
    leaves = [leaf(array) for array in arrays]
    result = function(*leaves)
    results = list(result) if isinstance(result, tuple) else [result]
    y = results[0]
    (g,) = vjp([y], [constant(1, y.dtype, y.shape)], leaves[:1]) if y.dtype.kind == "f" else [None]
    found = evaluate([*results, *([] if g is None else [g])], dict(zip(leaves, map(np.asarray, arrays), strict=True)))
    return found if g is not None else [*found, np.zeros(arrays[0].shape)]


def line(function, x):
    """The same of one line, as lists."""
    return [array.reshape(-1).tolist() for array in values(function, np.asarray(x, float).reshape(1, -1))]


def max_pool(**attributes):
    return lambda x: op["max_pool1d"](x, **attributes)


@pytest.mark.parametrize(
    ("x", "attributes", "expected", "positions", "gradient"),
    [
        # Of several the first.
        ([1, 1, 1, 1], {"kernel_size": 2}, [1, 1], [0, 2], [1, 0, 1, 0]),
        ([1, 1, 1], {"kernel_size": 2, "stride": 1}, [1, 1], [0, 1], [1, 1, 0]),
        # Padding is less than anything, and nowhere.
        ([-5, -7], {"kernel_size": 2, "stride": 1, "padding": 1}, [-5, -5, -7], [0, 0, 1], [2, 1]),
        ([-inf, -inf], {"kernel_size": 2, "stride": 1, "padding": 1}, [-inf] * 3, [0, 0, 1], [2, 1]),
        ([-inf, -inf, -inf], {"kernel_size": 3, "dilation": 2, "padding": 2}, [-inf], [0], [1, 0, 0]),
        # The last window may be short.
        ([1, 2, 3], {"kernel_size": 2, "ceil_mode": True}, [2, 3], [1, 2], [0, 1, 1]),
        # NaN is larger than anything; of several the last.
        ([nan, 1, nan, 2], {"kernel_size": 4}, [nan], [2], [0, 0, 1, 0]),
        ([nan, 5, 1, 2], {"kernel_size": 2}, [nan, 2], [0, 3], [1, 0, 0, 1]),
    ],
)
def test_max_pool_at_ties_and_edges(x, attributes, expected, positions, gradient):
    found = line(max_pool(**attributes), x)
    np.testing.assert_array_equal(found[0], expected)
    assert found[1:] == [positions, gradient]


def test_max_pool_counts_positions_in_each_plane():
    x = np.zeros((2, 2, 3, 3))
    x[:, :, 1, 2] = 1
    y, positions, g = values(lambda x: op["max_pool2d"](x, kernel_size=3), x)
    assert y.tolist() == np.ones((2, 2, 1, 1)).tolist()
    assert positions.tolist() == np.full((2, 2, 1, 1), 5).tolist()
    np.testing.assert_array_equal(g, x)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float16"])
def test_max_pool_keeps_the_dtype(dtype):
    least = {"bool": False, "float16": -inf}.get(dtype) if dtype in {"bool", "float16"} else np.iinfo(dtype).min
    x = np.array([[least, least, 1, least]], dtype)
    y, positions, _ = values(max_pool(kernel_size=2), x)
    assert y.dtype == dtype
    assert y.tolist() == [[x[0, 0], 1]]
    assert positions.tolist() == [[0, 2]]


@pytest.mark.parametrize(
    ("x", "attributes", "expected"),
    [
        # Padding counts as far as it was asked for, and what ceil_mode adds to it never.
        ([1, 2, 3, 4], {"kernel_size": 2, "padding": 1}, [1 / 2, 5 / 2, 4 / 2]),
        ([1, 2, 3, 4], {"kernel_size": 2, "padding": 1, "count_include_pad": False}, [1, 5 / 2, 4]),
        ([1, 2, 4, 8], {"kernel_size": 3, "ceil_mode": True}, [7 / 3, 8]),
        ([1, 2, 4, 8, 16], {"kernel_size": 4, "stride": 3, "padding": 1, "ceil_mode": True}, [7 / 4, 28 / 4]),
        ([1, 2, 4, 8], {"kernel_size": 3, "stride": 3, "padding": 1, "ceil_mode": True}, [3 / 3, 12 / 3]),
        ([1, 2, 4, 8, 9], {"kernel_size": 4, "stride": 2, "padding": 1, "ceil_mode": True}, [7 / 4, 23 / 4, 17 / 3]),
        ([1, 2, 4, 8], {"kernel_size": 2, "stride": 1, "divisor_override": -1}, [-3, -6, -12]),
    ],
)
def test_avg_pool_divides_by_what_counts(x, attributes, expected):
    np.testing.assert_allclose(line(lambda x: op["avg_pool1d"](x, **attributes), x)[0], expected)


def test_pools_look_at_their_own_windows_only():
    x = [nan, 1, 2, 3, inf]
    for name in ("adaptive_avg_pool1d", "adaptive_max_pool1d"):
        found = line(lambda x, n=name: op[n](x, output_size=3), x)[0]
        assert np.isfinite(found[1])
        assert not np.isfinite([found[0], found[2]]).any()
    assert line(lambda x: op["avg_pool1d"](x, kernel_size=3, stride=1), x)[0][1] == 2


def test_avg_pool_of_many_halves_is_exact():
    x = np.full((1, 1, 5000), 100.0, np.float16)
    assert values(lambda x: op["avg_pool1d"](x, kernel_size=5000), x)[0].tolist() == [[[100]]]
    assert values(lambda x: op["adaptive_avg_pool1d"](x, output_size=3), x)[0].tolist() == [[[100] * 3]]


@steady
@given(st.integers(1, 13), st.integers(1, 15))
def test_adaptive_windows_are_those_of_the_formula(length, count):
    x = np.cumsum(rng.permutation(length) + 1.0)
    windows = [x[i * length // count : -(-(i + 1) * length // count)] for i in range(count)]
    means, _ = line(lambda x: op["adaptive_avg_pool1d"](x, output_size=count), x)
    np.testing.assert_allclose(means, [np.mean(window) for window in windows])
    largest, positions, g = line(lambda x: op["adaptive_max_pool1d"](x, output_size=count), x[::-1])
    mirrored = [x[::-1][i * length // count : -(-(i + 1) * length // count)] for i in range(count)]
    assert largest == [window.max() for window in mirrored]
    assert [x[::-1][i] for i in positions] == largest
    assert sum(g) == count


def test_max_unpool_puts_back_what_max_pool_took():
    x = rng.standard_normal((2, 3, 5, 6))
    pooled, positions, _ = values(lambda x: op["max_pool2d"](x, kernel_size=2, stride=(2, 1)), x)
    function = op["max_unpool2d"]
    y, g = values(lambda x, i: function(x, i, kernel_size=2, stride=(2, 1), output_size=(5, 6)), pooled, positions)
    # Windows overlap: what was taken twice is put back once.
    assert set(y.ravel()) == {0, *pooled.ravel()}
    assert np.all((y == 0) | (y == x))
    assert (g == 1).all()
    for wrong in (-1, 30):
        with pytest.raises(IndexOutOfRangeError, match="indices must be from 0 to 29"):
            values(
                lambda x, i: function(x, i, kernel_size=2, stride=(2, 1), output_size=(5, 6)),
                pooled,
                np.where(positions == positions[0, 0, 0, 0], wrong, positions),
            )
    with pytest.raises(DTypeError, match="indices must be integers"):
        function(leaf(pooled), leaf(pooled), kernel_size=2)


@st.composite
def windows(draw):
    shape = tuple(draw(st.lists(st.integers(0, 5), min_size=1, max_size=3)))
    axes = draw(st.lists(st.sampled_from(range(len(shape))), unique=True, min_size=1))
    size, stride, dilation = (tuple(draw(st.integers(1, 3)) for _ in axes) for _ in range(3))
    signed = tuple(axis - draw(st.sampled_from([0, len(shape)])) for axis in axes)
    return shape, {"size": size, "axis": signed, "stride": stride, "dilation": dilation}


@steady
@given(windows())
def test_windows_are_numpys(case):
    shape, attributes = case
    x = np.arange(float(np.prod(shape))).reshape(shape)
    size, axis, stride, dilation = attributes.values()
    reach = tuple(d * (n - 1) + 1 for n, d in zip(size, dilation, strict=True))
    if any(n > shape[a] for n, a in zip(reach, axis, strict=True)):
        with pytest.raises(GradwireError, match="doesn't fit an axis of length"):
            op["sliding_windows"](leaf(x), **attributes)
        return
    expected = np.lib.stride_tricks.sliding_window_view(x, reach, axis)
    expected = expected[(Ellipsis, *(slice(None, None, d) for d in dilation))]
    index = [slice(None)] * expected.ndim
    for a, step in zip(axis, stride, strict=True):
        index[a % len(shape)] = slice(None, None, step)
    y, g = values(lambda x: op["sliding_windows"](x, **attributes), x)
    np.testing.assert_array_equal(y, expected[tuple(index)])
    counts = np.bincount(y.astype(int).ravel(), minlength=x.size)
    np.testing.assert_array_equal(g.ravel(), counts)


@steady
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4))
def test_window_sums_are_the_sums_of_windows(length, size, stride):
    if size > length:
        return
    x = rng.standard_normal((2, length, 3))
    expected = np.lib.stride_tricks.sliding_window_view(x, size, 1)[:, ::stride].sum(-1)
    found, g = values(lambda x: op["window_sum"](x, size=size, axis=1, stride=stride), x)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert g.sum() == pytest.approx(expected.size * size)


def test_fold_undoes_unfold_where_windows_do_not_overlap():
    x = rng.standard_normal((2, 3, 4, 6))
    columns, _ = values(lambda x: op["unfold"](x, kernel_size=2, stride=2), x)
    assert columns.shape == (2, 12, 6)
    np.testing.assert_array_equal(
        values(lambda c: op["fold"](c, kernel_size=2, stride=2, output_size=(4, 6)), columns)[0], x
    )


def test_shuffles_of_nothing_have_the_shape_that_others_have():
    assert op["pixel_shuffle"](leaf(np.zeros((0, 9, 1, 2))), upscale_factor=3).shape == (0, 1, 3, 6)
    assert op["pixel_unshuffle"](leaf(np.zeros((2, 3, 0))), downscale_factor=3).shape == (18, 1, 0)


@pytest.mark.parametrize(
    ("name", "shape", "attributes", "message"),
    [
        ("max_pool1d", (4,), {"kernel_size": 2}, r"x must have the shape \(N, C, L\) or \(C, L\)"),
        ("max_pool2d", (1, 1, 4), {"kernel_size": 5}, "the kernel, which spans 5, doesn't fit a length of 1"),
        ("max_pool1d", (1, 4), {"kernel_size": 0}, "kernel_size must be one integer, each at least 1, not 0"),
        ("max_pool1d", (1, 4), {"kernel_size": 2, "stride": 0}, "stride must be .* at least 1, not 0"),
        ("max_pool1d", (1, 4), {"kernel_size": 3, "padding": -1}, "padding must be .* at least 0, not -1"),
        ("max_pool1d", (1, 4), {"kernel_size": 3, "padding": 2}, "padding must be at most half .* spans, 3, not 2"),
        ("max_pool1d", (1, 4), {"kernel_size": 2, "dilation": 4}, "spans 5, doesn't fit"),
        ("max_pool1d", (1, 1), {"kernel_size": 2, "dilation": 2, "padding": 1}, "nothing but padding"),
        ("max_pool2d", (1, 4, 4), {"kernel_size": (2, 2, 2)}, r"kernel_size must be one integer or 2 of them"),
        ("max_pool2d", (1, 4, 0), {"kernel_size": 1}, "of which only N may be 0"),
        ("avg_pool1d", (1, 4), {"kernel_size": 2, "padding": 2}, "at most half"),
        ("avg_pool1d", (1, 4), {"kernel_size": 2, "divisor_override": 0}, "divisor_override must not be 0"),
        ("adaptive_avg_pool1d", (1, 4), {"output_size": 0}, "output_size must be .* at least 1, not 0"),
        ("adaptive_max_pool2d", (1, 4, 4), {"output_size": (1, 2, 3)}, "output_size must be one integer or 2"),
        ("unfold", (4, 4), {"kernel_size": 2}, r"x must have the shape \(N, C, H, W\) or \(C, H, W\)"),
        ("unfold", (1, 2, 2), {"kernel_size": 3}, "a window that spans 3 doesn't fit an axis of length 2"),
        ("fold", (4, 3), {"kernel_size": 2, "output_size": 3}, r"shape \(N, C·4, 4\) or \(C·4, 4\), not \[4, 3\]"),
        ("pixel_shuffle", (3, 1, 1), {"upscale_factor": 2}, r"\(…, C·4, H, W\)"),
        ("pixel_unshuffle", (1, 3, 2), {"downscale_factor": 2}, r"\(…, C, H·2, W·2\)"),
        ("pixel_shuffle", (4, 1, 1), {"upscale_factor": 0}, "attribute 'upscale_factor'"),
        ("channel_shuffle", (1, 3, 2), {"groups": 2}, "C a multiple of 2"),
        ("sliding_windows", (3, 3), {"size": 2, "axis": 2}, "axis 2 is out of range"),
        ("sliding_windows", (3, 3), {"size": 2, "axis": (0, -2)}, "names an axis twice"),
        ("sliding_windows", (3, 3), {"size": 4, "axis": 0}, "a window that spans 4 doesn't fit"),
        ("sliding_windows", (3, 3), {"size": 2, "stride": 0}, "stride must be"),
    ],
)
def test_is_refused(name, shape, attributes, message):
    with pytest.raises(GradwireError, match=message) as caught:
        op[name](leaf(np.zeros(shape)), **attributes)
    assert str(caught.value).startswith(name)


def test_unpooling_refuses_lengths_that_no_pooling_had():
    x, indices = leaf(np.zeros((1, 2))), leaf(np.zeros((1, 2), int))
    with pytest.raises(GradwireError, match=r"less than a stride from \[4\], not \[6\]"):
        op["max_unpool1d"](x, indices, kernel_size=2, output_size=6)
    with pytest.raises(GradwireError, match=r"indices must have the shape of x"):
        op["max_unpool1d"](x, leaf(np.zeros((1, 3), int)), kernel_size=2)
