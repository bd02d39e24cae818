"""Convolutions over many shapes, strides and groups, against sums written out; what they refuse; what they allocate."""

import functools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from gradwire_engine.operators.neural import convolution_windows
from gradwire_engine.spec import Spec
from gradwire_engine.threads import set_threads, threads
from reference import evaluate, leaf

op = Operator.registry
rng = np.random.default_rng(11)
THREE = {"convolution": ("x", "weight"), "convolution_transpose": ("y", "weight"), "convolution_weight": ("x", "y")}


def value(function, *arrays):
    leaves = [leaf(array) for array in arrays]
    return evaluate([function(*leaves)], dict(zip(leaves, map(np.asarray, arrays), strict=True)))[0]


def written_out(x, weight, lengths, stride, padding, dilation, groups):
    """Each element of the result as a sum, by the definition."""
    y = np.zeros((len(x), len(weight), *lengths))
    rows, columns = len(weight) // groups, weight.shape[1]
    for i in np.ndindex(*lengths):
        for k in np.ndindex(*weight.shape[2:]):
            at = [s * a + d * b - p for s, a, d, b, p in zip(stride, i, dilation, k, padding, strict=True)]
            if all(0 <= a < n for a, n in zip(at, x.shape[2:], strict=True)):
                for o in range(len(weight)):
                    group = slice(o // rows * columns, (o // rows + 1) * columns)
                    y[(slice(None), o, *i)] += x[(slice(None), group, *at)] @ weight[(o, slice(None), *k)]
    return y


@st.composite
def problems(draw):
    ndim = draw(st.integers(1, 3))

    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(low, high)) for _ in range(ndim))

    groups = draw(st.integers(1, 2))
    shapes = {
        "x": (draw(st.integers(0, 3)), groups * draw(st.integers(1, 2)), *each(0, 6)),
        "lengths": each(1, 5 if ndim == 1 else 3),
    }
    shapes["weight"] = (groups * draw(st.integers(1, 2)), shapes["x"][1] // groups, *each(1, 3))
    steps = {"stride": each(1, 3), "padding": each(-2, 3), "dilation": each(1, 3), "groups": groups}
    return shapes, steps, draw(st.sampled_from([1, 300, 1 << 20]))


@settings(deadline=None, max_examples=150, derandomize=True)
@given(problems())
def test_the_three_are_one_sum(problem):
    shapes, steps, block = problem
    x, weight = (rng.standard_normal(shapes[name]) for name in ("x", "weight"))
    expected = written_out(x, weight, shapes["lengths"], **steps)
    arrays = {"x": x, "weight": weight, "y": rng.standard_normal(expected.shape)}
    total = np.sum(expected * arrays["y"])
    with pytest.MonkeyPatch.context() as patch:
        # Few bytes at a time, so that samples and rows are parted.
        patch.setattr(convolution_windows, "BLOCK_BYTES", block)
        for name, operands in THREE.items():
            missing = next(each for each in ("x", "weight", "y") if each not in operands)
            lengths = arrays[missing].shape[2:]
            operator = op[name]
            found = value(
                lambda *values, o=operator, n=lengths: o(*values, lengths=n, **steps), *(arrays[o] for o in operands)
            )
            assert found.shape == arrays[missing].shape
            assert np.sum(found * arrays[missing]) == pytest.approx(total, rel=1e-9, abs=1e-9), name
            if name == "convolution":
                np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "operands", "attributes", "message"),
    [
        ("conv1d", [(4,), (1, 1, 2)], {}, r"x must have the shape \(N, C, L\) or \(C, L\)"),
        ("conv2d", [(1, 2, 3), (1, 1, 2)], {}, r"weight must have the shape \(C_out, C_in/groups, kernel of 2\)"),
        ("conv2d", [(1, 3, 4, 4), (2, 2, 3, 3)], {}, "x has 3 channels, and the weight takes 2$"),
        (
            "conv1d",
            [(1, 4, 4), (2, 4, 3)],
            {"groups": 2},
            "4 channels, and the weight takes 4 in each of 2",
        ),
        ("conv1d", [(1, 4, 4), (3, 2, 3)], {"groups": 2}, "3 channels can't be parted into 2 groups"),
        ("conv1d", [(1, 1, 4), (1, 1, 3)], {"groups": 0}, "groups must be at least 1, not 0"),
        ("conv1d", [(1, 1, 2), (1, 1, 3)], {}, r"the kernel, which spans \[3\], doesn't fit x with its padding, \[2\]"),
        ("conv1d", [(1, 1, 4), (1, 1, 3)], {"dilation": 2}, r"spans \[5\], doesn't fit"),
        ("conv1d", [(1, 1, 4), (1, 1, 3)], {"stride": 0}, "stride must be one integer, each at least 1, not 0"),
        ("conv2d", [(1, 4, 4), (1, 1, 3, 3)], {"stride": (1, 2, 3)}, "stride must be one integer or 2 of them"),
        ("conv1d", [(1, 1, 4), (1, 1, 3)], {"padding": -1}, "padding must be .*at least 0, not -1"),
        ("conv1d", [(1, 1, 4), (1, 1, 3)], {"padding": "same", "stride": 2}, "padding='same' needs a stride of 1"),
        ("conv1d", [(1, 1, 4), (1, 1, 3)], {"padding": "full"}, "attribute 'padding'"),
        ("conv1d", [(1, 1, 4), (2, 1, 3), (3,)], {}, r"bias must have the shape \[2\], not \[3\]"),
        ("conv1d", [(1, 1, 4), (1, 1, 0)], {}, "weight must have the shape"),
        ("conv1d", [(1, 1, 0), (1, 1, 1)], {}, "of which only N may be 0"),
        ("conv_transpose1d", [(1, 3, 4), (2, 1, 3)], {}, "x has 3 channels, and the weight takes 2"),
        ("conv_transpose1d", [(1, 3, 4), (3, 1, 3)], {"groups": 2}, "3 channels can't be parted into 2 groups"),
        ("conv_transpose1d", [(1, 1, 4), (1, 1, 3)], {"output_padding": 1}, "output_padding must be less than stride"),
        ("conv_transpose1d", [(1, 1, 1), (1, 1, 3)], {"padding": 2}, "leaves nothing of the result"),
        ("conv_transpose2d", [(1, 1, 2, 2), (1, 2, 3, 3), (1,)], {}, r"bias must have the shape \[2\]"),
    ],
)
def test_is_refused(name, operands, attributes, message):
    with pytest.raises((ShapeError, InvalidArgumentError), match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in operands), **attributes)
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("dilation", [1, 2])
def test_same_keeps_lengths(size, dilation):
    x = rng.standard_normal((1, 1, 7))
    y = value(lambda x, w: op["conv1d"](x, w, padding="same", dilation=dilation), x, np.ones((1, 1, size)))
    total = dilation * (size - 1)
    wide = np.pad(x[0, 0], (total // 2, total - total // 2))
    expected = [wide[i : i + total + 1 : dilation].sum() for i in range(7)]
    np.testing.assert_allclose(y[0, 0], expected, atol=1e-12)


def kernel_of(name, *arrays, **attributes):
    """An operator's kernel with its memory at hand: a call without arguments, its result, and the bytes of scratch."""
    operator, specs = op[name], [Spec(array.shape, array.dtype) for array in arrays]
    (spec,) = operator.specs(tuple(specs), operator.validated(attributes))
    assert operator.kernel is not None
    assert operator.scratch is not None
    out = np.empty(*spec)
    scratch = tuple(np.full(wanted.shape, 7, wanted.dtype) for wanted in operator.scratch(*specs, **attributes))
    call = functools.partial(operator.kernel, *arrays, out=out, scratch=scratch, **attributes)
    return call, out, sum(array.nbytes for array in scratch)


def three_kernels(x_shape, weight_shape, dtype=np.float32, stride=1, padding=1, dilation=1, groups=1):
    ndim = len(x_shape) - 2
    kernel = weight_shape[2:]
    lengths = tuple(
        (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1 for n, k in zip(x_shape[2:], kernel, strict=True)
    )
    steps = {"stride": (stride,) * ndim, "padding": (padding,) * ndim, "dilation": (dilation,) * ndim, "groups": groups}
    shapes = {"x": x_shape, "weight": weight_shape, "y": (x_shape[0], weight_shape[0], *lengths)}
    arrays = {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}
    for name, operands in THREE.items():
        missing = next(each for each in arrays if each not in operands)
        yield name, *kernel_of(name, *(arrays[o] for o in operands), lengths=shapes[missing][2:], **steps), arrays


SHAPES = [
    ((64, 1, 28, 28), (8, 1, 3, 3), {}),
    ((64, 8, 28, 28), (16, 8, 3, 3), {}),
    ((16, 16, 28, 28), (4, 16, 5, 5), {"padding": 2}),
    ((9, 6, 14, 14), (16, 6, 5, 5), {"padding": 0}),
    ((2, 8, 192, 192), (8, 8, 3, 3), {}),
    ((2, 8, 192, 192), (8, 8, 3, 3), {"stride": 2}),
    ((2, 256, 4, 4), (8, 256, 3, 3), {}),
    ((7, 32, 6, 6), (512, 32, 1, 1), {"padding": 0}),
    ((5, 32, 10, 10), (32, 1, 3, 3), {"groups": 32}),
    ((6, 4, 8, 9, 10), (8, 4, 3, 3, 3), {}),
    ((40, 12, 500), (12, 12, 7), {"padding": 3}),
    ((16, 16, 28, 28), (4, 16, 5, 5), {"padding": 2, "dtype": np.float16}),
    ((9, 6, 14, 14), (16, 6, 5, 5), {"padding": 0, "dtype": np.float16}),
]


@pytest.mark.parametrize(("x", "weight", "given"), SHAPES)
def test_kernels_allocate_nothing_and_scratch_does_not_grow_with_the_columns(x, weight, given):
    for name, call, out, scratch, arrays in three_kernels(x, weight, **given):
        call()
        expected = out.copy()
        tracemalloc.start()
        call()
        held = tracemalloc.take_snapshot().filter_traces([tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert expected.tobytes() == out.tobytes()
        assert sum(trace.size for trace in held.traces) == 0, name
        # Python's own objects, and the buffers that NumPy's functions have for three operands, in each thread.
        assert peak < 50_000 + threads() * 3 * np.getbufsize() * 4, name
        bound = 4 * 2 * convolution_windows.BLOCK_BYTES * threads() + 2 * sum(a.nbytes for a in arrays.values())
        assert scratch < bound, name


@pytest.mark.parametrize(("x", "weight", "given"), SHAPES)
def test_results_do_not_depend_on_the_number_of_threads(x, weight, given):
    before, found = threads(), []
    try:
        for count in (1, 3):
            set_threads(count)
            rng.bit_generator.state = np.random.default_rng(5).bit_generator.state
            results = []
            for _, call, out, _, _ in three_kernels(x, weight, **given):
                # Planned for as many threads, and run by fewer or more.
                set_threads(4 - count)
                call()
                set_threads(count)
                results.append(out.copy())
                call()
                results.append(out.copy())
            found.append(results)
    finally:
        set_threads(before)
    for one, several in zip(*found, strict=True):
        assert one.tobytes() == several.tobytes()
    for first, second in zip(found[0][::2], found[0][1::2], strict=True):
        assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("name", THREE)
def test_operands_may_lie_in_memory_in_any_way(name):
    steps = {"stride": (1, 1), "padding": (1, 1), "dilation": (1, 1), "groups": 2}
    arrays = {"x": (3, 4, 5, 6), "weight": (8, 2, 3, 3), "y": (3, 8, 5, 6)}
    given = [rng.standard_normal(arrays[o]) for o in THREE[name]]
    lengths = next(shape for each, shape in arrays.items() if each not in THREE[name])[2:]
    call, out, _ = kernel_of(name, *given, lengths=lengths, **steps)
    call()
    for order in ((0, 2, 3, 1), (3, 2, 1, 0)):
        others = [np.ascontiguousarray(a.transpose(order)).transpose(np.argsort(order)) for a in given]
        again, same, _ = kernel_of(name, *others, lengths=lengths, **steps)
        again()
        assert same.tobytes() == out.tobytes()


def test_integers_stay_exact_and_halves_are_summed_in_float32():
    large = 2**53 + 1
    found = value(op["conv1d"], np.array([[large, 1, 0]]), np.array([[[1, 0]]]))
    assert found.dtype == np.int64
    assert found.tolist() == [[large, 1]]
    x, weight = np.full((1, 1, 5000), 0.1, np.float16), np.ones((1, 1, 5000), np.float16)
    half = value(op["conv1d"], x, weight)
    assert half.dtype == np.float16
    np.testing.assert_allclose(half, 5000 * np.float64(np.float16(0.1)), rtol=1e-3)


def test_a_weight_used_twice_gets_both_gradients():
    arrays = [np.ones((1, 1, 4)), np.array([[[2.0, 1.0]]]), np.ones((1, 1, 2))]
    x, w, ones = map(leaf, arrays)
    (g,) = vjp([op["conv1d"](op["conv1d"](x, w), w)], [ones], [w])
    assert g is not None
    # The result is (w0 + w1)² in each of two places.
    np.testing.assert_allclose(evaluate([g], dict(zip((x, w, ones), arrays, strict=True)))[0], [[[12, 12]]])
