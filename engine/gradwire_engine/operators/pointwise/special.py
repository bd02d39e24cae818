"""Special functions, by SciPy's names."""

import functools
import math
from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import Field

from gradwire_engine import special_approximations
from gradwire_engine.batching import as_it_is
from gradwire_engine.blockwise import blockwise
from gradwire_engine.graph import BY_LOWERING, Attributes, Differentiability, Operator, Sample, Value
from gradwire_engine.operators.families import (
    UnaryRule,
    casting,
    elementwise,
    in_float32,
    lowered,
    sample_array,
    sample_of,
    unbroadcast,
)
from gradwire_engine.operators.pointwise.comparison import (
    equal,
    greater_equal,
    isnan,
    less,
    less_equal,
    logical_and,
    logical_not,
    where,
)
from gradwire_engine.operators.pointwise.elementwise import exp, log, log1p
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.shapes import expand_dims
from gradwire_engine.operators.work import each_read
from gradwire_engine.spec import Array, Spec, floating
from gradwire_engine.special_approximations import special_function

ROOT_HALF, ROOT_2PI, ROOT_PI = math.sqrt(0.5), math.sqrt(2 * math.pi), math.sqrt(math.pi)


class OrderAttributes(Attributes):
    n: Annotated[int, Field(ge=0, le=1000)] = 0


class DimensionAttributes(Attributes):
    d: Annotated[int, Field(ge=1)]


class LogitAttributes(Attributes):
    eps: Annotated[float, Field(ge=0, le=0.5)] | None = None


def _kernel(name: str) -> Callable[..., None]:
    def kernel(*operands: Array, out: Array) -> None:
        special_function(name)(*operands, out=out)

    return kernel


def of_order(
    name: str,
    summary: str,
    kernel: Callable[..., None],
    rule: Callable[..., Value],
    derivative: str,
    low: float = -2,
) -> Operator:
    """A function of each element by itself that has an order n."""

    def infer(x: Spec, n: int) -> Spec:
        return x

    def kernel_of_order(x: Array, n: int, out: Array) -> None:
        kernel(x, n, out)

    return Operator(
        name=name,
        operands=("x",),
        infer=infer,
        kernel=kernel_of_order,
        flops=each_read,
        vjp=rule,
        cast=casting(floating),
        batch=as_it_is,
        summary=summary,
        derivative=derivative,
        attributes=OrderAttributes,
        samples=(
            sample_of((2, 3), low=low),
            sample_of((3,), low=low, n=1),
            sample_of((), low=low, n=2),
            sample_of((2,), low=low, n=3),
            sample_of((0, 3), n=1),
        ),
    )


def defined(
    name: str,
    summary: str,
    lower: Callable[[Value], Value],
    *,
    vjp: UnaryRule | Differentiability = BY_LOWERING,
    derivative: str,
    low: float = -2,
) -> Operator:
    """A function of each element by itself that others define."""
    return lowered(
        name,
        ("x",),
        summary,
        in_float32(lower),
        vjp=vjp,
        derivative=derivative,
        cast=casting(floating),
        samples=tuple(sample_of(shape, low=low) for shape in [(2, 3), (), (0, 3)]),
    )


# The error function and its like

erfc = elementwise(
    "erfc",
    "1 − erf(x), exact where that is small.",
    _kernel("erfc"),
    vjp=lambda g, y, x: g * (exp(-(x * x)) * (-2 / ROOT_PI)),
    derivative="−2/√π · exp(−x²)",
)
erfinv = elementwise(
    "erfinv",
    "The inverse of the error function.",
    _kernel("erfinv"),
    vjp=lambda g, y, x: g * (exp(y * y) * (ROOT_PI / 2)),
    derivative="√π/2 · exp(y²); infinite at −1 and 1",
    domain=(-0.9, 0.9),
)
erfcx: Operator = elementwise(
    "erfcx",
    "exp(x²)·erfc(x), where exp would overflow and erfc vanish.",
    _kernel("erfcx"),
    # Not by 2·x·y − 2/√π, of which nothing is left where x is large.
    vjp=lambda g, y, x: g * (ierfcx(x, n=1) * -2),
    derivative="2·x·y − 2/√π",
)


def _ierfcx(x: Array, n: int, out: Array) -> None:
    blockwise(functools.partial(special_approximations.ierfcx, n=n))(x, out=out)


def _ierfcx_rule(g: Value, y: Value, x: Value, n: int) -> Value:
    return g * (ierfcx(x, n=n + 1) * (-2 * (n + 1)))


ierfcx: Operator = of_order(
    "ierfcx",
    "exp(x²)·iⁿerfc(x), where iⁿerfc is the n-th integral of erfc from x to ∞.",
    _ierfcx,
    _ierfcx_rule,
    "−2(n + 1) times the same of order n + 1",
)
ndtr = elementwise(
    "ndtr",
    "The normal distribution function Φ(x), exact where it is small.",
    _kernel("ndtr"),
    vjp=lambda g, y, x: g * (exp(x * x * -0.5) * (1 / ROOT_2PI)),
    derivative="exp(−x²/2)/√(2π)",
)
ndtri = elementwise(
    "ndtri",
    "The inverse of the normal distribution function.",
    _kernel("ndtri"),
    vjp=lambda g, y, x: g * (exp(y * y * 0.5) * ROOT_2PI),
    derivative="√(2π) · exp(y²/2); infinite at 0 and 1",
    domain=(0.1, 0.9),
)


@in_float32
def _log_ndtr_rule(g: Value, y: Value, x: Value) -> Value:
    # Each of the two forms fails where the other is taken, so each is given harmless numbers there.
    left = less(x, 0)
    below, above = where(left, x, 0), where(left, 0, x)
    by_tail = 1 / (erfcx(below * -ROOT_HALF) * math.sqrt(math.pi / 2))
    by_value = exp(above * above * -0.5 - where(left, 0, y)) * (1 / ROOT_2PI)
    return g * where(left, by_tail, by_value)


log_ndtr = elementwise(
    "log_ndtr",
    "log(Φ(x)), where Φ is the normal distribution function, exact far from 0 too.",
    _kernel("log_ndtr"),
    vjp=_log_ndtr_rule,
    derivative="φ(x)/Φ(x)",
)

# The gamma function and its like


def _polygamma(x: Array, n: int, out: Array) -> None:
    if n == 0:
        special_function("psi")(x, out=out)
    else:
        blockwise(functools.partial(_polygamma_by_block, n))(x, out=out)


def _polygamma_by_block(n: int, x: Array) -> Array:
    result = np.empty_like(x)
    special_function("zeta")(np.full(x.shape, n + 1.0), x, out=result)
    # By logarithms, since neither factor need be finite where the result is.
    return (
        np.copysign(np.exp(np.log(np.abs(result)) + math.lgamma(n + 1)), result)
        if n > 100
        else (result * ((-1) ** (n + 1) * math.factorial(n)))
    )


def _polygamma_rule(g: Value, y: Value, x: Value, n: int) -> Value:
    return g * polygamma(x, n=n + 1)


gammaln = elementwise(
    "gammaln",
    "The logarithm of |Γ(x)|.",
    _kernel("gammaln"),
    vjp=lambda g, y, x: g * digamma(x),
    derivative="digamma(x)",
    domain=(0.2, 4),
)
digamma: Operator = elementwise(
    "digamma",
    "The derivative of log Γ(x).",
    _kernel("psi"),
    vjp=lambda g, y, x: g * polygamma(x, n=1),
    derivative="polygamma(x, n=1)",
    domain=(0.2, 4),
)
polygamma: Operator = of_order(
    "polygamma",
    "The n-th derivative of digamma(x).",
    _polygamma,
    _polygamma_rule,
    "the same of order n + 1",
    low=0.5,
)


@in_float32
def _multigammaln(x: Value, d: int) -> Value:
    halves = arange(stop=d / 2, step=0.5, dtype=x.dtype)
    return sum(gammaln(expand_dims(x, axis=-1) - halves), axis=-1) + d * (d - 1) / 4 * math.log(math.pi)


multigammaln = lowered(
    "multigammaln",
    ("x",),
    "The logarithm of the gamma function of d dimensions, d(d − 1)/4·log π + Σ log Γ(x − i/2) for i from 0 to d − 1.",
    _multigammaln,
    derivative="Σ digamma(x − i/2)",
    cast=casting(floating),
    attributes=DimensionAttributes,
    samples=(
        sample_of((2, 3), low=1, high=4, d=1),
        sample_of((3,), low=2, high=4, d=3),
        sample_of((), low=1, high=4, d=2),
        sample_of((0,), d=2),
    ),
)

# Products with logarithms, which are 0 where the factor is


def _times_log(a: Value, b: Value, argument: Callable[[Value], Value], root: float) -> Value:
    return a * argument(where(logical_and(equal(a, 0), logical_not(isnan(b))), root + 1, b))


def _times_log_rule(
    g: Value, a: Value, b: Value, argument: Callable[[Value], Value], root: float
) -> tuple[Value, Value]:
    # Where the logarithm isn't finite and the factor is 0, both derivatives count as 0.
    b = where(logical_and(equal(a, 0), less_equal(b, root)), root + 1, b)
    return g * argument(b), g * (a / (b - root))


def _xlogy(a: Value, b: Value) -> Value:
    return _times_log(a, b, log, 0)


def _xlog1py(a: Value, b: Value) -> Value:
    return _times_log(a, b, log1p, -1)


def _xlogy_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    return _times_log_rule(g, a, b, log, 0)


def _xlog1py_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    return _times_log_rule(g, a, b, log1p, -1)


def _product_samples(low: float) -> tuple[Sample, ...]:
    return (
        Sample((sample_array((2, 3)), sample_array((3,), low, 3))),
        Sample((np.array([[0.0], [0.5]]), sample_array((2,), low, 3))),
        Sample((sample_array(()), sample_array((), low, 3))),
        sample_of((0, 1), (3,)),
    )


xlogy = lowered(
    "xlogy",
    ("x1", "x2"),
    "x1·log(x2), and 0 where x1 = 0.",
    _xlogy,
    vjp=unbroadcast(_xlogy_rule),
    derivative="∂x1: log(x2); ∂x2: x1/x2; both 0 where x1 = 0 ≥ x2",
    cast=casting(floating),
    samples=_product_samples(0.1),
)
xlog1py = lowered(
    "xlog1py",
    ("x1", "x2"),
    "x1·log(1 + x2), exact for small x2, and 0 where x1 = 0.",
    _xlog1py,
    vjp=unbroadcast(_xlog1py_rule),
    derivative="∂x1: log(1 + x2); ∂x2: x1/(1 + x2); both 0 where x1 = 0 and x2 ≤ −1",
    cast=casting(floating),
    samples=_product_samples(-0.9),
)
entr = defined(
    "entr",
    "The entropy −x·log(x): 0 at 0, and −∞ below.",
    lambda x: where(less(x, 0), -math.inf, -xlogy(x, where(less(x, 0), 1, x))),
    vjp=lambda g, y, x: -(g * (log(x) + 1)),
    derivative="−1 − log(x); infinite at 0",
    low=0.1,
)


def _logit(x: Array, eps: float | None, out: Array) -> None:
    def clipped(block: Array) -> Array:
        return special_approximations.logit(block if eps is None else np.clip(block, eps, 1 - eps))

    blockwise(clipped)(x, out=out)


def _logit_spec(x: Spec, eps: float | None) -> Spec:
    return x


def _logit_rule(g: Value, y: Value, x: Value, eps: float | None) -> Value:
    if eps is None:
        return g / (x * (1 - x))
    inside = logical_and(greater_equal(x, eps), less_equal(x, 1 - eps))
    x = where(inside, x, 0.5)
    return where(inside, g / (x * (1 - x)), 0)


logit = Operator(
    name="logit",
    operands=("x",),
    infer=_logit_spec,
    kernel=_logit,
    flops=each_read,
    vjp=_logit_rule,
    cast=casting(floating),
    batch=as_it_is,
    summary="log(x/(1 − x)), the inverse of sigmoid, of x clipped to [eps, 1 − eps] if there is an eps.",
    derivative="1/(x·(1 − x)); 0 where x was clipped",
    attributes=LogitAttributes,
    samples=(
        sample_of((2, 3), low=0.1, high=0.9),
        sample_of((), low=0.2, high=0.8, eps=0.1),
        Sample((np.array([0.05, 0.3, 0.97]),), {"eps": 0.2}),
        sample_of((0,)),
    ),
)
