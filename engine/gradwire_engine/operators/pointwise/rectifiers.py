"""Rectifiers: activations made of straight lines."""

import numpy as np

from gradwire_engine.batching import as_it_is
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Value
from gradwire_engine.operators.families import casting, lowered, reshaped, sample_of
from gradwire_engine.operators.pointwise.activations import activation, simple_activation
from gradwire_engine.operators.pointwise.comparison import clip, greater, greater_equal, less_equal, logical_or, where
from gradwire_engine.operators.pointwise.elementwise import abs, rectified
from gradwire_engine.spec import Array, Spec, floating


class SlopeAttributes(Attributes):
    negative_slope: float = 0.01


class LambdaAttributes(Attributes):
    lambd: float = 0.5


class BoundsAttributes(Attributes):
    min: float = -1.0
    max: float = 1.0


class ThresholdAttributes(Attributes):
    threshold: float
    value: float


def _leaky_relu(x: Array, negative_slope: float, out: Array) -> None:
    if not negative_slope:
        rectified(x, out)
        return
    np.multiply(x, x.dtype.type(negative_slope), out=out)
    (np.maximum if negative_slope <= 1 else np.minimum)(x, out, out=out)


def _leaky_relu_rule(g: Value, y: Value, x: Value, negative_slope: float) -> Value:
    return where(greater(x, 0), g, g * negative_slope)


def _leaky_relu_spec(x: Spec, negative_slope: float) -> Spec:
    return x


leaky_relu = Operator(
    name="leaky_relu",
    operands=("x",),
    infer=_leaky_relu_spec,
    kernel=_leaky_relu,
    elementwise=True,
    vjp=_leaky_relu_rule,
    batch=as_it_is,
    cast=casting(floating),
    summary="x where it is positive, negative_slope·x elsewhere.",
    derivative="1 where x > 0, else negative_slope",
    attributes=SlopeAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((4,), negative_slope=2.0),
        sample_of((), negative_slope=-0.5),
        sample_of((0, 2), negative_slope=0.0),
    ),
)


def _prelu(x: Value, weight: Value) -> Value:
    if weight.size > 1 or weight.ndim > 1:
        if weight.ndim != 1 or x.ndim < 2 or weight.size != x.shape[1]:
            raise ShapeError("weight must be one number, or one for each channel: each index of axis 1 of x")
        weight = reshaped(weight, (weight.size, *[1] * (x.ndim - 2)))
    else:
        weight = reshaped(weight, ())
    positive = greater(x, 0)
    return where(positive, x, weight * where(positive, 0, x))


prelu = lowered(
    "prelu",
    ("x", "weight"),
    "x where it is positive, weight·x elsewhere; weight is one number, or one for each channel (axis 1).",
    _prelu,
    derivative="∂x: 1 where x > 0, else weight; ∂weight: 0 where x > 0, else x, summed",
    cast=casting(floating),
    samples=(
        sample_of((2, 3), ()),
        sample_of((2, 3, 2), (3,)),
        sample_of((), (1,)),
        sample_of((0, 2), (2,)),
    ),
)


def _hardtanh(x: Value, min: float, max: float) -> Value:
    if min > max:
        raise InvalidArgumentError(f"min must not exceed max, and {min} exceeds {max}", "ATTRIBUTE_INVALID")
    return clip(x, min, max)


def _hardtanh_rule(g: Value, y: Value, x: Value, min: float, max: float) -> Value:
    return where(logical_or(less_equal(x, min), greater_equal(x, max)), 0, g)


hardtanh = activation(
    "hardtanh",
    "x, but no less than min and no more than max.",
    _hardtanh,
    vjp=_hardtanh_rule,
    derivative="1 between the bounds, 0 outside and at them",
    attributes=BoundsAttributes,
    samples=(sample_of((2, 3)), sample_of((4,), min=-0.5, max=1.5), sample_of(())),
)
relu6 = simple_activation(
    "relu6",
    "x, but no less than 0 and no more than 6.",
    lambda x: hardtanh(x, min=0.0, max=6.0),
    derivative="1 between 0 and 6, 0 outside and at them",
    samples=(sample_of((2, 3), low=-8, high=8), sample_of(())),
)
hardsigmoid = simple_activation(
    "hardsigmoid",
    "x/6 + ½, but no less than 0 and no more than 1: a sigmoid of straight lines.",
    lambda x: hardtanh(x + 3, min=0.0, max=6.0) / 6,
    derivative="1/6 between −3 and 3, 0 outside and at them",
    samples=(sample_of((2, 3), low=-5, high=5), sample_of(())),
)
hardswish = simple_activation(
    "hardswish",
    "x·hardsigmoid(x).",
    lambda x: x * hardsigmoid(x),
    derivative="x/3 + ½ between −3 and 3; 0 up to −3, 1 from 3 on",
    samples=(sample_of((2, 3), low=-5, high=5), sample_of(())),
)


def _hardshrink(x: Value, lambd: float) -> Value:
    return where(less_equal(abs(x), lambd), 0, x)


hardshrink = activation(
    "hardshrink",
    "x where |x| is greater than lambd, 0 elsewhere.",
    _hardshrink,
    derivative="1 where |x| > lambd, else 0",
    attributes=LambdaAttributes,
    samples=(sample_of((2, 3)), sample_of((), lambd=1.0)),
)


def _softshrink(x: Value, lambd: float) -> Value:
    if not lambd >= 0:
        raise InvalidArgumentError(f"lambd must not be negative, and is {lambd}", "ATTRIBUTE_INVALID")
    return x - clip(x, -lambd, lambd)


softshrink = activation(
    "softshrink",
    "x brought nearer to 0 by lambd; 0 where |x| is no greater than that.",
    _softshrink,
    derivative="1 where |x| > lambd, else 0",
    attributes=LambdaAttributes,
    samples=(sample_of((2, 3)), sample_of((), lambd=0.25)),
)


def _threshold(x: Value, threshold: float, value: float) -> Value:
    return where(less_equal(x, threshold), value, x)


threshold = activation(
    "threshold",
    "x where it is greater than the threshold, `value` elsewhere.",
    _threshold,
    derivative="1 where x > threshold, else 0",
    attributes=ThresholdAttributes,
    samples=(sample_of((2, 3), threshold=0.1, value=2.0), sample_of((), threshold=-3.0, value=0.0)),
)
