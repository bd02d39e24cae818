"""What samples of resampling can't show: exact positions, corners, NaN, transposes, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_conventions import gradients, value

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from gradwire_engine.operators.neural.resampling import MAX_LENGTH
from reference import leaf

op = Operator.registry
MODES = ["nearest", "nearest-exact", "linear", "cubic", "area"]
options = st.sampled_from(
    [{"mode": mode} for mode in MODES]
    + [{"mode": mode, name: True} for mode in ("linear", "cubic") for name in ("align_corners", "antialias")]
)


def resampled(x, size, **attributes):
    return value(lambda x: op["interpolate"](x, size=size, **attributes), x[None, None])[0, 0]


@given(st.integers(1, 12), st.integers(1, 30), options)
@settings(max_examples=80, deadline=None)
def test_weights_add_up_to_one_and_the_transpose_is_one(n, m, how):
    every = value(lambda x: op["interpolate_axis"](x, length=m, **how), np.eye(n))
    np.testing.assert_allclose(every.sum(0), 1, rtol=1e-12)
    back = value(lambda x: op["interpolate_axis"](x, length=n, transposed=True, **how), np.eye(m))
    np.testing.assert_allclose(back, every.T, atol=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_the_same_length_changes_nothing(mode):
    x = np.array([3.0, -1, 4, 1, 5])
    np.testing.assert_array_equal(resampled(x, 5, mode=mode), x)


def test_positions():
    x = np.array([0.0, 1, 2, 3])
    np.testing.assert_array_equal(resampled(x, 6), [0, 0, 1, 2, 2, 3])
    np.testing.assert_array_equal(resampled(x, 6, mode="nearest-exact"), [0, 1, 1, 2, 3, 3])
    np.testing.assert_allclose(resampled(x, 7, mode="linear", align_corners=True), np.arange(7) / 2)
    np.testing.assert_allclose(resampled(x, 8, mode="linear"), [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
    np.testing.assert_allclose(resampled(x, 2, mode="area"), [0.5, 2.5])
    np.testing.assert_array_equal(resampled(np.arange(5.0), 3), [0, 1, 3])


def test_nan_spreads_to_its_neighbours_only():
    x = np.zeros(100)
    x[50] = np.nan
    for mode in MODES:
        assert np.isnan(resampled(x, 40, mode=mode)).sum() <= 2
        assert np.isnan(gradients(lambda x, m=mode: op["interpolate"](x, size=40, mode=m), x[None, None])[0]).sum() == 0


def test_many_terms_are_laid_out_side_by_side():
    x = np.random.default_rng(0).standard_normal(2000)
    np.testing.assert_allclose(resampled(x, 4, mode="area"), x.reshape(4, 500).mean(1), rtol=1e-12)
    assert len(leaf_graph(lambda x: op["interpolate"](x, size=1, mode="area"), 2000)) < 60


def leaf_graph(function, n):
    from gradwire_engine.graph import reachable

    values, _ = function(leaf(np.zeros((1, 1, n)))).node.lowered()
    return reachable(values)


def grid_of(points):
    return np.array(points, dtype=float)[None, None]


X = np.arange(6.0).reshape(1, 1, 2, 3)


@pytest.mark.parametrize("mode", ["linear", "nearest", "cubic"])
def test_corners_and_what_is_beyond(mode):
    def at(points, **attributes):
        return value(lambda x, g: op["grid_sample"](x, g, mode=mode, **attributes), X, grid_of(points))[0, 0, 0]

    corners = [(-1, -1), (1, -1), (-1, 1), (1, 1)]
    np.testing.assert_allclose(at(corners, align_corners=True), [0, 2, 3, 5], atol=1e-12)
    far = [(1e30, 1e30), (-1e30, 0.5)]
    np.testing.assert_array_equal(at(far), 0)
    np.testing.assert_allclose(at([(9, 9), (-9, -9)], padding_mode="border"), [5, 0], atol=1e-12)
    mirrored = at([(2.8, 0.3), (-0.8, 0.3)], padding_mode="reflection", align_corners=True)
    np.testing.assert_allclose(*mirrored, atol=1e-12)


def test_what_lies_outside_is_not_read():
    x = X.copy()
    x[0, 0, 0, 0] = np.nan
    found = value(op["grid_sample"], x, grid_of([(5, 5), (0.9, 0.9), (np.nan, 0)]))[0, 0, 0]
    np.testing.assert_array_equal(np.isnan(found), [False, False, True])


@pytest.mark.parametrize("padding_mode", ["border", "reflection"])
def test_at_the_border_the_grid_gets_no_gradient(padding_mode):
    def sampled(x, grid):
        return op["grid_sample"](x, grid, padding_mode=padding_mode, align_corners=True)

    found = gradients(sampled, X, grid_of([(1, 0.2), (-1, 0.2), (0.3, 1)]))[1][0, 0]
    np.testing.assert_array_equal(found == 0, [[True, False], [True, False], [False, True]])


def test_one_element_reflected_is_a_constant():
    def sampled(x, grid):
        return op["grid_sample"](x, grid, padding_mode="reflection", align_corners=True)

    x = np.full((1, 1, 1, 1), 3.0)
    assert value(sampled, x, grid_of([(7, -3)])) == 3
    assert not gradients(sampled, x, grid_of([(7, -3)]))[1].any()


@pytest.mark.parametrize(
    ("name", "operands", "attributes", "kind", "message"),
    [
        ("interpolate", [(2, 3)], {"size": 2}, ShapeError, "axes after batch and channel"),
        ("interpolate", [(1, 1, 3)], {}, InvalidArgumentError, "either size or scale_factor"),
        ("interpolate", [(1, 1, 3)], {"size": 2, "scale_factor": 2.0}, InvalidArgumentError, "either size or"),
        ("interpolate", [(1, 1, 3)], {"size": (2, 2)}, InvalidArgumentError, "one for each of 1 axes, not"),
        ("interpolate", [(1, 1, 3)], {"size": -1}, InvalidArgumentError, "size must be a number from 0"),
        ("interpolate", [(1, 1, 3)], {"scale_factor": -1.0}, InvalidArgumentError, "must be a number from 0"),
        ("interpolate", [(1, 1, 3)], {"size": 2, "antialias": True}, InvalidArgumentError, "antialias is for"),
        ("interpolate", [(1, 1, 0)], {"size": 2}, ShapeError, "nothing to interpolate between"),
        ("interpolate", [(1, 1, 3)], {"size": MAX_LENGTH + 1}, InvalidArgumentError, "size must be a number from 0"),
        ("interpolate_axis", [(3,)], {"length": MAX_LENGTH + 1}, InvalidArgumentError, "longer than"),
        ("interpolate_axis", [(3,)], {"length": 9, "scale": 0.0}, InvalidArgumentError, "scale must be from"),
        (
            "interpolate_axis",
            [(MAX_LENGTH,)],
            {"length": 9, "scale": 1.0, "transposed": True, "mode": "linear"},
            InvalidArgumentError,
            "too many weights",
        ),
        ("interpolate_axis", [(3,)], {"length": 2, "axis": 1}, ShapeError, "axis 1"),
        ("grid_sample", [(1, 1, 2, 2), (1, 2, 2, 3)], {}, ShapeError, "last a coordinate for each"),
        ("grid_sample", [(1, 1, 2, 2), (2, 2, 2, 2)], {}, ShapeError, "the same batch axis"),
        ("grid_sample", [(1, 1, 0, 2), (1, 2, 2, 2)], {}, ShapeError, "no elements to sample"),
    ],
)
def test_is_refused(name, operands, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in operands), **attributes)
    assert str(caught.value).startswith(f"{name}(")
