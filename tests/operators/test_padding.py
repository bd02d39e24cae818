"""Padding against NumPy's, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_conventions import value

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from reference import leaf

pad = Operator.registry["pad"]


@given(
    st.lists(st.integers(1, 4), max_size=3).flatmap(
        lambda shape: st.tuples(
            st.just(shape), st.tuples(*(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)) for n in shape))
        )
    ),
    st.sampled_from(["constant", "edge", "reflect", "symmetric", "wrap"]),
)
@settings(max_examples=60, deadline=None)
def test_it_is_numpys(shape_and_widths, mode):
    shape, widths = shape_and_widths
    x = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    found = value(lambda x: pad(x, pad_width=widths or 0, mode=mode), x)
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, np.pad(x, widths, mode) if shape else x)


@pytest.mark.parametrize("width", [2, (1, 2), (2,), ((1, 2),), ((1, 2), (0, 1)), (1, 2, 0, 1)])
def test_widths_as_numpy_takes_them_and_flat(width):
    x = np.ones((2, 3))
    nested = ((1, 2), (0, 1)) if width == (1, 2, 0, 1) else width
    np.testing.assert_array_equal(value(lambda x: pad(x, pad_width=width), x), np.pad(x, nested))


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ((-1, 2), [1, 2, 3, 3, 3]),
        ((-4, 5), [3, 3, 3, 3, 3]),
        ((-6, 5), [3, 3, 3]),
        ((2, -4), [0, 0]),
        ((5, -6), [0, 0, 0]),
        ((-1, -1), [1, 2]),
        ((-2, -2), []),
    ],
)
def test_edges_are_those_of_x_however_much_is_taken_away(widths, expected):
    np.testing.assert_array_equal(value(lambda x: pad(x, pad_width=widths, mode="edge"), np.arange(4.0)), expected)


def test_zeros_of_either_sign():
    for zero in (0.0, -0.0):
        (found, _) = value(lambda x, z=zero: pad(x, pad_width=(1, 0), constant_values=z), np.ones(1))
        assert np.signbit(found) == np.signbit(zero)


@pytest.mark.parametrize(
    ("shape", "attributes", "kind", "message"),
    [
        ((2, 3), {"pad_width": (1, 2, 3)}, InvalidArgumentError, "a pair for each of 2 axes, not 3 numbers"),
        ((2, 3), {"pad_width": 1.5}, InvalidArgumentError, "attribute 'pad_width'"),
        ((2, 3), {"pad_width": 1, "mode": "mean"}, InvalidArgumentError, "attribute 'mode'"),
        ((3,), {"pad_width": (-2, -2)}, ShapeError, "less than nothing"),
        ((3,), {"pad_width": (-4, 2)}, ShapeError, "can't be cropped|less than nothing"),
        ((3,), {"pad_width": (3, 0), "mode": "reflect"}, ShapeError, "'reflect' can add at most 2"),
        ((3,), {"pad_width": (0, 4), "mode": "wrap"}, ShapeError, "'wrap' can add at most 3"),
        ((3,), {"pad_width": (0, 4), "mode": "symmetric"}, ShapeError, "'symmetric' can add at most 3"),
        ((0,), {"pad_width": 1, "mode": "edge"}, ShapeError, "no edges"),
    ],
)
def test_is_refused(shape, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        pad(leaf(np.zeros(shape)), **attributes)
    assert str(caught.value).startswith("pad")


def test_a_constant_must_fit_the_dtype():
    with pytest.raises(InvalidArgumentError, match=r"0\.5 doesn't fit int64"):
        pad(leaf(np.zeros(2, int)), pad_width=1, constant_values=0.5)
