"""Activations: the nonlinear functions between the layers of networks."""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from gradwire_engine.batching import as_it_is
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import BY_LOWERING, Attributes, Differentiability, Operator, Sample, Value
from gradwire_engine.operators.families import (
    AxisAttribute,
    Rule,
    UnaryRule,
    casting,
    in_float32,
    lowered,
    same_spec,
    sample_of,
)
from gradwire_engine.operators.pointwise.comparison import greater, greater_equal, where
from gradwire_engine.operators.pointwise.elementwise import abs, erf, exp, expm1, logaddexp, sigmoid, square, tanh
from gradwire_engine.operators.shaping.joining import part
from gradwire_engine.spec import Array, floating, normal_axis


class GeluAttributes(Attributes):
    approximate: Literal["none", "tanh"] = "none"


class AlphaAttributes(Attributes):
    alpha: float = 1.0


class SoftplusAttributes(Attributes):
    beta: float = 1.0
    threshold: float | None = None


ROOT_2_PI, CUBIC = math.sqrt(2 / math.pi), 0.044715

Function = Callable[[Value], Value]
Samples = tuple[Sample, ...]


def activation(
    name: str,
    summary: str,
    lower: Callable[..., Value],
    *,
    derivative: str,
    samples: Samples,
    vjp: Rule = BY_LOWERING,
    attributes: type[Attributes] = Attributes,
) -> Operator:
    """A function of each element by itself, which other operators define."""
    empty = sample_of((0, 2), **samples[0].attributes)
    return lowered(
        name,
        ("x",),
        summary,
        lower,
        derivative=derivative,
        vjp=vjp,
        cast=casting(floating),
        attributes=attributes,
        samples=(*samples, empty),
    )


def simple_activation(
    name: str,
    summary: str,
    lower: Function,
    *,
    derivative: str,
    vjp: UnaryRule | Literal[Differentiability.BY_LOWERING] = BY_LOWERING,
    samples: Samples | None = None,
) -> Operator:
    """An activation without attributes."""
    samples = samples or (sample_of((2, 3)), sample_of(()))
    return activation(name, summary, lower, derivative=derivative, samples=samples, vjp=vjp)


def _silu(x: Array, out: Array) -> None:
    np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.divide(x, out, out=out)


def _silu_rule(g: Value, y: Value, x: Value) -> Value:
    s = sigmoid(x)
    return g * (s * (1 + x * (1 - s)))


silu = Operator(
    name="silu",
    operands=("x",),
    infer=same_spec,
    kernel=_silu,
    elementwise=True,
    vjp=_silu_rule,
    batch=as_it_is,
    cast=casting(floating),
    summary="x·sigmoid(x), also called swish.",
    derivative="sigmoid(x)·(1 + x·(1 − sigmoid(x)))",
    samples=(sample_of((2, 3)), sample_of(()), sample_of((0, 2))),
)


# Exponential units


def _exponential_unit(x: Value, alpha: float, scale: float, rate: float) -> Value:
    rising = x if scale == 1 else x * scale
    return where(greater(x, 0), rising, expm1(_negative_part(x) * rate) * (alpha * scale))


def _exponential_unit_rule(g: Value, x: Value, alpha: float, scale: float, rate: float) -> Value:
    falling = g * (exp(_negative_part(x) * rate) * (alpha * scale * rate))
    return where(greater(x, 0), g if scale == 1 else g * scale, falling)


def _negative_part(x: Value) -> Value:
    """x where it is negative, else 0, and then with derivative 0, at 0 too."""
    return where(greater_equal(x, 0), 0, x)


def _rate(alpha: float) -> float:
    if not alpha:
        raise InvalidArgumentError("alpha must not be 0", "ATTRIBUTE_INVALID", attribute="alpha")
    return 1 / alpha


SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


def _elu(x: Value, alpha: float) -> Value:
    return _exponential_unit(x, alpha, 1, 1)


def _elu_rule(g: Value, y: Value, x: Value, alpha: float) -> Value:
    return _exponential_unit_rule(g, x, alpha, 1, 1)


def _celu(x: Value, alpha: float) -> Value:
    return _exponential_unit(x, alpha, 1, _rate(alpha))


def _celu_rule(g: Value, y: Value, x: Value, alpha: float) -> Value:
    return _exponential_unit_rule(g, x, alpha, 1, _rate(alpha))


elu = activation(
    "elu",
    "x where it is positive, alpha·(exp(x) − 1) elsewhere.",
    _elu,
    vjp=_elu_rule,
    derivative="1 where x > 0, else alpha·exp(x)",
    attributes=AlphaAttributes,
    samples=(sample_of((2, 3), alpha=1.5), sample_of(())),
)
celu = activation(
    "celu",
    "x where it is positive, alpha·(exp(x/alpha) − 1) elsewhere: smooth at 0 for each alpha.",
    _celu,
    vjp=_celu_rule,
    derivative="1 where x > 0, else exp(x/alpha)",
    attributes=AlphaAttributes,
    samples=(sample_of((2, 3), alpha=1.5), sample_of(())),
)
selu = simple_activation(
    "selu",
    "scale·x where x is positive, scale·alpha·(exp(x) − 1) elsewhere, with the alpha ≈ 1.67 and scale ≈ 1.05 that keep"
    " mean 0 and variance 1.",
    lambda x: _exponential_unit(x, SELU_ALPHA, SELU_SCALE, 1),
    vjp=lambda g, y, x: _exponential_unit_rule(g, x, SELU_ALPHA, SELU_SCALE, 1),
    derivative="scale where x > 0, else scale·alpha·exp(x)",
)

# Smooth ones


def _softplus(x: Value, beta: float, threshold: float | None) -> Value:
    if not beta:
        raise InvalidArgumentError("beta must not be 0", "ATTRIBUTE_INVALID", attribute="beta")
    y = logaddexp(x, 0) if beta == 1 else logaddexp(x * beta, 0) / beta
    return y if threshold is None else where(greater(x * beta, threshold), x, y)


def _softplus_rule(g: Value, y: Value, x: Value, beta: float, threshold: float | None) -> Value:
    scaled = x if beta == 1 else x * beta
    found = g * sigmoid(scaled)
    return found if threshold is None else where(greater(scaled, threshold), g, found)


softplus = activation(
    "softplus",
    "log(1 + exp(beta·x))/beta without overflow; x itself where beta·x is greater than `threshold`, if there is one.",
    _softplus,
    vjp=_softplus_rule,
    derivative="sigmoid(beta·x); 1 above the threshold",
    attributes=SoftplusAttributes,
    samples=(sample_of((2, 3)), sample_of((2, 3), beta=2.0, threshold=1.0), sample_of(())),
)
logsigmoid = simple_activation(
    "logsigmoid",
    "log(sigmoid(x)) without overflow.",
    lambda x: -softplus(-x),
    vjp=lambda g, y, x: g * sigmoid(-x),
    derivative="sigmoid(−x)",
)


@in_float32
def _mish(x: Value) -> Value:
    return x * tanh(softplus(x))


mish = simple_activation(
    "mish",
    "x·tanh(softplus(x)).",
    _mish,
    derivative="tanh(softplus(x)) + x·sigmoid(x)·(1 − tanh²(softplus(x)))",
)
tanhshrink = simple_activation(
    "tanhshrink",
    "x − tanh(x).",
    lambda x: x - tanh(x),
    vjp=lambda g, y, x: g * square(tanh(x)),
    derivative="tanh²(x)",
)


@in_float32
def _softsign_rule(g: Value, y: Value, x: Value) -> Value:
    return g / square(1 + abs(x))


softsign = simple_activation(
    "softsign",
    "x/(1 + |x|).",
    lambda x: x / (1 + abs(x)),
    vjp=_softsign_rule,
    derivative="1/(1 + |x|)²",
)


@in_float32
def _gelu(x: Value, approximate: str) -> Value:
    return x * _gate(x, approximate)


def _gate(x: Value, approximate: str) -> Value:
    """Φ(x), or what gelu takes for it."""
    if approximate == "tanh":
        return tanh(x * (ROOT_2_PI + x * x * (CUBIC * ROOT_2_PI))) * 0.5 + 0.5
    return erf(x * math.sqrt(0.5)) * 0.5 + 0.5


@in_float32
def _gelu_rule(g: Value, y: Value, x: Value, approximate: str) -> Value:
    gate = _gate(x, approximate)
    if approximate == "tanh":
        slope = gate * (1 - gate) * (2 * ROOT_2_PI + x * x * (6 * CUBIC * ROOT_2_PI))
    else:
        slope = exp(x * x * -0.5) * (ROOT_2_PI / 2)
    return g * (gate + x * slope)


gelu = activation(
    "gelu",
    "x·Φ(x), where Φ is the normal distribution function; approximate='tanh' takes"
    " Φ(x) ≈ (1 + tanh(√(2/π)·(x + 0.044715·x³)))/2.",
    _gelu,
    vjp=_gelu_rule,
    derivative="Φ(x) + x·φ(x)",
    attributes=GeluAttributes,
    samples=(sample_of((2, 3)), sample_of((3,), approximate="tanh"), sample_of(())),
)


def _glu(x: Value, axis: int) -> Value:
    along = normal_axis(axis, x.ndim)
    length = x.shape[along]
    if length % 2:
        raise ShapeError(f"axis {axis} must be of even length, not {length}", axis=axis)
    return part(x, along, 0, length // 2) * sigmoid(part(x, along, length // 2, length))


glu = lowered(
    "glu",
    ("x",),
    "The first half of x along an axis times the sigmoid of the second half.",
    _glu,
    derivative="sigmoid(b) for the first half a; a·sigmoid(b)·(1 − sigmoid(b)) for the second half b",
    cast=casting(floating),
    attributes=AxisAttribute,
    samples=(sample_of((2, 4)), sample_of((2, 3, 2), axis=0), sample_of((0, 2))),
)
