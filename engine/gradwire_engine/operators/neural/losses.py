"""Losses: how far results are from what they should be, as one number or each by itself."""

import math
from collections.abc import Callable, Sequence
from typing import Literal

from gradwire_engine.errors import InvalidArgumentError
from gradwire_engine.graph import Attributes, Value
from gradwire_engine.operators.families import broadcast, in_float32, lowered, sample_of
from gradwire_engine.operators.pointwise.activations import softplus
from gradwire_engine.operators.pointwise.arithmetic import maximum
from gradwire_engine.operators.pointwise.comparison import equal, greater, less, where
from gradwire_engine.operators.pointwise.elementwise import abs, exp, log, log1p, square
from gradwire_engine.operators.pointwise.rectifiers import hardtanh
from gradwire_engine.operators.reducing.reductions import mean, sum
from gradwire_engine.operators.shaping.shapes import stop_gradient
from gradwire_engine.spec import DTYPES, DType, Spec, is_float, promoted

Reduction = Literal["mean", "sum", "none"]


class LossAttributes(Attributes):
    reduction: Reduction = "mean"


class DeltaAttributes(LossAttributes):
    delta: float = 1.0


class BetaAttributes(LossAttributes):
    beta: float = 1.0


class DivergenceAttributes(Attributes):
    reduction: Literal["mean", "batchmean", "sum", "none"] = "mean"
    log_target: bool = False


class GaussianAttributes(LossAttributes):
    full: bool = False
    eps: float = 1e-6


class PoissonAttributes(LossAttributes):
    log_input: bool = True
    full: bool = False
    eps: float = 1e-8


def by_floats(specs: Sequence[Spec]) -> Sequence[DType]:
    """All operands in one floating dtype, for which integers among them, such as targets, don't count."""
    floats = [spec.dtype for spec in specs if is_float(spec.dtype)]
    return [promoted(floats) if floats else DTYPES["float64"]] * len(specs)


def reduced(losses: Value, reduction: str, weight: Value | None = None) -> Value:
    """The losses, their sum or their mean; a mean by weight, if there is one."""
    if reduction == "none":
        return losses
    if reduction == "sum":
        return sum(losses)
    return mean(losses) if weight is None else sum(losses) / sum(broadcast(weight, losses.shape))


# Of numbers


def _weighted(loss: Callable[[Value], Value]) -> Callable[..., Value]:
    """A loss of the difference from the target."""

    @in_float32
    def lower(x: Value, target: Value, weight: Value | None, reduction: str) -> Value:
        losses = loss(x - target)
        return reduced(losses if weight is None else losses * weight, reduction, weight)

    return lower


mse_loss = lowered(
    "mse_loss",
    ("x", "target", "weight?"),
    "(x − target)²: the mean, by weight if there is one, the sum, or each.",
    _weighted(square),
    derivative="2·(x − target)·weight for each",
    cast=by_floats,
    attributes=LossAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((2, 3), (3,), (2, 3), low=0.5, reduction="mean"),
        sample_of((2,), (2,), (), reduction="sum"),
        sample_of((0, 2), (2,), reduction="none"),
    ),
)
l1_loss = lowered(
    "l1_loss",
    ("x", "target", "weight?"),
    "|x − target|: the mean, by weight if there is one, the sum, or each.",
    _weighted(abs),
    derivative="sign(x − target)·weight for each; 0 where they are equal",
    cast=by_floats,
    attributes=LossAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((3,), (3,), (3,), low=0.5),
        sample_of((), (), reduction="sum"),
        sample_of((0, 2), (2,), reduction="none"),
    ),
)


def _huber(d: Value, delta: float) -> Value:
    # The derivative of the bounded difference is 0 at its bounds, so the second derivative is too.
    bounded = hardtanh(d, min=-delta, max=delta)
    return bounded * (d - bounded * 0.5)


@in_float32
def _huber_loss(x: Value, target: Value, weight: Value | None, reduction: str, delta: float) -> Value:
    if not delta > 0:
        raise InvalidArgumentError(f"delta must be positive, and is {delta}", "ATTRIBUTE_INVALID", attribute="delta")
    losses = _huber(x - target, delta)
    return reduced(losses if weight is None else losses * weight, reduction)


huber_loss = lowered(
    "huber_loss",
    ("x", "target", "weight?"),
    "½·(x − target)² where |x − target| is below delta, and delta·(|x − target| − ½·delta) beyond; times the weight.",
    _huber_loss,
    derivative="x − target, but no less than −delta and no more than delta",
    cast=by_floats,
    attributes=DeltaAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((2, 3), (3,), (2, 1), delta=0.5, reduction="sum"),
        sample_of((0, 2), (2,), reduction="none"),
    ),
)


@in_float32
def _smooth_l1_loss(x: Value, target: Value, reduction: str, beta: float) -> Value:
    if not beta >= 0:
        raise InvalidArgumentError(f"beta must not be negative, and is {beta}", "ATTRIBUTE_INVALID", attribute="beta")
    d = x - target
    return reduced(_huber(d, beta) / beta if beta else abs(d), reduction)


smooth_l1_loss = lowered(
    "smooth_l1_loss",
    ("x", "target"),
    "½·(x − target)²/beta where |x − target| is below beta, and |x − target| − ½·beta beyond.",
    _smooth_l1_loss,
    derivative="(x − target)/beta, but no less than −1 and no more than 1",
    cast=by_floats,
    attributes=BetaAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((4,), (4,), beta=0.5, reduction="sum"),
        sample_of((2,), (), beta=0.0, reduction="none"),
    ),
)

# Of probabilities


def _entropy(t: Value) -> Value:
    """t·log(t), and 0 with derivative 0 where t = 0."""
    return t * log(where(equal(t, 0), 1, t))


@in_float32
def _kl_div(x: Value, target: Value, reduction: str, log_target: bool) -> Value:
    losses = exp(target) * (target - x) if log_target else _entropy(target) - target * x
    if reduction == "batchmean":
        return sum(losses) / float(x.shape[0] if x.ndim else 1)
    return reduced(losses, reduction)


kl_div = lowered(
    "kl_div",
    ("x", "target"),
    "target·(log(target) − x), where x are the logarithms of probabilities, and the target too with log_target: the"
    " divergence of x from the target. 'batchmean' is the sum over the length of the first axis.",
    _kl_div,
    derivative="∂x: −target; ∂target: log(target) + 1 − x, and −x where it is 0",
    cast=by_floats,
    attributes=DivergenceAttributes,
    samples=(
        sample_of((2, 3), (2, 3), low=0.1, reduction="batchmean"),
        sample_of((2, 3), (3,), log_target=True),
        sample_of((), (), low=0.1, reduction="sum"),
        sample_of((0, 2), (2,), low=0.1, reduction="none"),
    ),
)

LEAST = 1e-12


def _bounded_log(log_of: Callable[[Value], Value], x: Value, distance: Value) -> Value:
    """log_of(x), no less than −100; below LEAST, the slope is that at LEAST. `distance` is what it is the log of."""
    small = less(distance, LEAST)
    held = where(small, stop_gradient(x), x)
    slope = where(small, (distance - stop_gradient(distance)) * (1 / LEAST), 0)
    return maximum(log_of(held), -100.0) + slope


@in_float32
def _binary_cross_entropy(x: Value, target: Value, weight: Value | None, reduction: str) -> Value:
    first, second = _bounded_log(log, x, x), _bounded_log(lambda x: log1p(-x), x, 1 - x)
    losses = -(target * first + (1 - target) * second)
    return reduced(losses if weight is None else losses * weight, reduction)


binary_cross_entropy = lowered(
    "binary_cross_entropy",
    ("x", "target", "weight?"),
    "−(target·log(x) + (1 − target)·log(1 − x)), times the weight, for probabilities x. The logarithms are no less than"
    " −100.",
    _binary_cross_entropy,
    derivative="∂x: (x − target)/(x·(1 − x)), with neither factor below 10⁻¹²; ∂target: log(1 − x) − log(x)",
    cast=by_floats,
    attributes=LossAttributes,
    samples=(
        sample_of((2, 3), (2, 3), low=0.1, high=0.9),
        sample_of((2, 3), (2, 3), (3,), low=0.1, high=0.9, reduction="sum"),
        sample_of((0, 2), (2,), reduction="none"),
    ),
)


@in_float32
def _with_logits(x: Value, target: Value, weight: Value | None, pos_weight: Value | None, reduction: str) -> Value:
    if pos_weight is None:
        losses = softplus(x) - target * x
    else:
        losses = (1 - target) * x + ((pos_weight - 1) * target + 1) * softplus(-x)
    return reduced(losses if weight is None else losses * weight, reduction)


binary_cross_entropy_with_logits = lowered(
    "binary_cross_entropy_with_logits",
    ("x", "target", "weight?", "pos_weight?"),
    "−(pos_weight·target·log(s) + (1 − target)·log(1 − s)), times the weight, where s = sigmoid(x); without overflow.",
    _with_logits,
    derivative="∂x: sigmoid(x) − target for each, without weights",
    cast=by_floats,
    attributes=LossAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((2, 3), (2, 3), (2, 1), (3,), low=0.1, reduction="sum"),
        sample_of((2, 3), (2, 3), (3,), low=0.1, without=("weight",)),
        sample_of((0, 2), (2,), reduction="none"),
    ),
)


@in_float32
def _gaussian_nll_loss(x: Value, target: Value, var: Value, reduction: str, full: bool, eps: float) -> Value:
    # The bound is no part of the derivative.
    var = where(less(var, eps), var - stop_gradient(var) + eps, var)
    losses = (log(var) + square(x - target) / var) * 0.5
    return reduced(losses + 0.5 * math.log(2 * math.pi) if full else losses, reduction)


gaussian_nll_loss = lowered(
    "gaussian_nll_loss",
    ("x", "target", "var"),
    "½·(log(var) + (x − target)²/var), and with `full` the constant ½·log(2π) too: −log of the density of the target"
    " under the normal distribution of mean x and variance var. A variance below eps counts as eps.",
    _gaussian_nll_loss,
    derivative="∂x: (x − target)/var; ∂var: ½·(1 − (x − target)²/var)/var",
    cast=by_floats,
    attributes=GaussianAttributes,
    samples=(
        sample_of((2, 3), (2, 3), (2, 1), low=0.2),
        sample_of((3,), (3,), (), low=0.2, full=True, reduction="sum"),
        sample_of((0, 2), (2,), (1, 2), low=0.2, reduction="none"),
    ),
)


@in_float32
def _poisson_nll_loss(x: Value, target: Value, reduction: str, log_input: bool, full: bool, eps: float) -> Value:
    losses = exp(x) - target * x if log_input else x - target * log(x + eps)
    if full:
        counts = greater(target, 1)
        t = where(counts, target, 1)
        losses = losses + where(counts, t * log(t) - t + log(t * (2 * math.pi)) * 0.5, 0)
    return reduced(losses, reduction)


poisson_nll_loss = lowered(
    "poisson_nll_loss",
    ("x", "target"),
    "exp(x) − target·x, or with log_input=False x − target·log(x + eps): −log of the probability of the target under"
    " the Poisson distribution, but for a constant. `full` adds Stirling's formula for it, where the target exceeds"
    " 1.",
    _poisson_nll_loss,
    derivative="∂x: exp(x) − target, or 1 − target/(x + eps)",
    cast=by_floats,
    attributes=PoissonAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((3,), (3,), low=1.1, high=3, log_input=False, full=True, reduction="sum"),
        sample_of((0, 2), (2,), reduction="none"),
    ),
)
