"""Activations at their kinks and at the ends of the number range."""

import numpy as np
import pytest

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator, Value, constant
from reference import evaluate, leaf

op = Operator.registry
FAR = np.array([-1e4, -800.0, -100.0, -30.0, 30.0, 100.0, 800.0, 1e4])


def derivatives(function, x, orders: int = 2):
    """The values at x, and of Σ function the derivatives up to an order."""
    x = np.asarray(x)
    at = leaf(x)
    values: list[Value] = [function(at)]
    for _ in range(orders):
        (g,) = vjp([values[-1]], [constant(1, values[-1].dtype, values[-1].shape)], [at])
        values.append(constant(0, at.dtype, at.shape) if g is None else g)
    return evaluate(values, {at: x})


@pytest.mark.parametrize(
    ("name", "attributes", "kinks", "slopes"),
    [
        ("leaky_relu", {}, [0.0], [0.01]),
        ("leaky_relu", {"negative_slope": 3.0}, [-1.0, 0.0, 1.0], [3, 3, 1]),
        ("leaky_relu", {"negative_slope": -2.0}, [-1.0, 0.0, 1.0], [-2, -2, 1]),
        ("elu", {"alpha": 2.0}, [0.0], [2]),
        ("celu", {"alpha": 2.0}, [0.0], [1]),
        ("selu", {}, [0.0], [1.0507009873554805 * 1.6732632423543772]),
        ("hardtanh", {}, [-1.0, 0, 1.0], [0, 1, 0]),
        ("relu6", {}, [0.0, 3, 6.0], [0, 1, 0]),
        ("hardsigmoid", {}, [-3.0, 0, 3.0], [0, 1 / 6, 0]),
        ("hardswish", {}, [-3.0, 0, 3.0], [0, 1 / 2, 1]),
        ("hardshrink", {}, [-0.5, 0.5, 0.6], [0, 0, 1]),
        ("softshrink", {}, [-0.5, 0.5, 0.6], [0, 0, 1]),
        ("threshold", {"threshold": 1.0, "value": 5.0}, [1.0, 1.5], [0, 1]),
        ("softplus", {"threshold": 2.0}, [2.0, 2.1], [1 / (1 + np.exp(-2)), 1]),
        ("softsign", {}, [0.0], [1]),
    ],
)
def test_slopes_at_kinks(name, attributes, kinks, slopes):
    _, first, second = derivatives(lambda x: op[name](x, **attributes), kinks)
    np.testing.assert_allclose(first, slopes, rtol=1e-15)
    smooth = {"hardswish": [0, 1 / 3, 0], "softplus": [np.exp(-2) / (1 + np.exp(-2)) ** 2, 0]}
    np.testing.assert_allclose(second, smooth.get(name, np.zeros(len(kinks))), rtol=1e-14)


def test_prelu_at_its_kink():
    x, weight = np.array([[-1.0, 0.0], [2.0, -3.0]]), np.array([0.5, 0.25])
    leaves = [leaf(x), leaf(weight)]
    y = op["prelu"](*leaves)
    found = vjp([y], [constant(1, y.dtype, y.shape)], leaves)
    given = dict(zip(leaves, (x, weight), strict=True))
    by_x, by_weight = evaluate([g for g in found if g is not None], given)
    np.testing.assert_array_equal(by_x, [[0.5, 0.25], [1, 0.25]])
    np.testing.assert_array_equal(by_weight, [-1, -3])


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("silu", {}),
        ("mish", {}),
        ("logsigmoid", {}),
        ("softplus", {}),
        ("softplus", {"beta": 3.0, "threshold": 20.0}),
        ("elu", {}),
        ("celu", {"alpha": 0.1}),
        ("selu", {}),
        ("gelu", {}),
        ("gelu", {"approximate": "tanh"}),
        ("softsign", {}),
        ("tanhshrink", {}),
        ("hardswish", {}),
        ("glu", {"axis": 0}),
    ],
)
def test_nothing_overflows(name, attributes, dtype):
    for array in derivatives(lambda x: op[name](x, **attributes), FAR.astype(dtype)):
        assert np.isfinite(array).all()


def test_far_from_zero_they_are_straight_lines_or_nothing():
    right, left = FAR[FAR > 90], FAR[FAR < -90]
    for name in ("silu", "mish", "softplus", "elu", "gelu", "hardswish", "leaky_relu"):
        value, slope, curvature = derivatives(op[name], right)
        np.testing.assert_allclose(value, right, rtol=1e-15)
        np.testing.assert_allclose(slope, 1, rtol=1e-15)
        np.testing.assert_allclose(curvature, 0, atol=1e-30)
    for name in ("silu", "mish", "softplus", "gelu", "hardswish"):
        for array in derivatives(op[name], left):
            np.testing.assert_allclose(array, 0, atol=1e-30)
    value, slope, _ = derivatives(op["logsigmoid"], left)
    np.testing.assert_allclose(value, left, rtol=1e-15)
    np.testing.assert_allclose(slope, 1, rtol=1e-15)


def test_small_slopes_are_exact():
    x = np.array([-30.0, -20.0, -1.0])
    np.testing.assert_allclose(derivatives(op["elu"], x)[1], np.exp(x), rtol=1e-15)
    np.testing.assert_allclose(derivatives(op["tanhshrink"], [1e-9])[1], [1e-18], rtol=1e-12)
    np.testing.assert_allclose(derivatives(op["softsign"], [1e9])[1], [1e-18], rtol=1e-8)
    np.testing.assert_allclose(derivatives(op["logsigmoid"], [40.0])[0], [-np.exp(-40.0)], rtol=1e-14)


def test_nan_stays_nan():
    for name in ("silu", "leaky_relu", "elu", "hardtanh", "hardshrink", "softshrink", "softplus", "mish", "prelu"):
        operands = (0.5,) if name == "prelu" else ()
        assert np.isnan(derivatives(lambda x, n=name, o=operands: op[n](x, *o), [np.nan], 0)[0]).all(), name


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "kind", "message"),
    [
        ("celu", [(2,)], {"alpha": 0.0}, InvalidArgumentError, "alpha must not be 0"),
        ("hardtanh", [(2,)], {"min": 1.0, "max": 0.0}, InvalidArgumentError, "min must not exceed max"),
        ("softshrink", [(2,)], {"lambd": -0.1}, InvalidArgumentError, "lambd must not be negative"),
        ("softplus", [(2,)], {"beta": 0.0}, InvalidArgumentError, "beta must not be 0"),
        ("threshold", [(2,)], {"value": 0.0}, InvalidArgumentError, "needs its attribute 'threshold'"),
        ("glu", [(2, 3)], {}, ShapeError, "even length, not 3"),
        ("glu", [()], {}, ShapeError, "axis -1 is out of range"),
        ("prelu", [(2, 3), (2,)], {}, ShapeError, "one for each channel"),
        ("prelu", [(3,), (3,)], {}, ShapeError, "one for each channel"),
    ],
)
def test_is_refused(name, shapes, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in shapes), **attributes)
    assert str(caught.value).startswith(name)
