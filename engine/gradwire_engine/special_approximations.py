"""Special functions of float64 vectors, for where SciPy is missing or has none.

They are right to a relative 1e-13; near a zero of the function, to an absolute 1e-14. Where SciPy can be imported,
`special_function` takes its functions instead, which are as exact and faster.
"""

import functools
import importlib
import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from gradwire_engine.blockwise import blockwise
from gradwire_engine.spec import Array

EULER = 0.57721566490153286061
ROOT_PI = math.sqrt(math.pi)
_BERNOULLI = (
    *(1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510),
    *(43867 / 798, -174611 / 330, 854513 / 138, -236364091 / 2730),
)
"""B₂, B₄, B₆ …"""


@functools.cache
def scipy_special() -> ModuleType | None:
    try:
        return importlib.import_module("scipy.special")
    except ImportError:
        return None


def special_function(name: str) -> Callable[..., Any]:
    """The kernel of the function of this name, by SciPy's names."""
    scipy = scipy_special()
    return blockwise(APPROXIMATIONS[name]) if scipy is None else getattr(scipy, name)


def _by_element(function: Callable[[float], float]) -> Callable[[Array], Array]:
    return np.vectorize(function, otypes=[np.float64])


# The error function and its like

erf = _by_element(math.erf)
erfc = _by_element(math.erfc)


def erfcx(x: Array) -> Array:
    return ierfcx(x, 0)


def ierfcx(x: Array, n: int) -> Array:
    """exp(x²)·iⁿerfc(x) = 2/√π · ∫₀^∞ sⁿ/n! exp(−s² − 2xs) ds.

    Up to 0 by recurrence upwards, which is stable there; then by its power series until that cancels, at 1; from
    there by the continued fraction of the ratio of neighbours.
    """
    result = np.full(x.shape, np.nan)
    for chosen, part in [
        (x <= 0, _ierfcx_by_recurrence),
        ((x > 0) & (x <= 1), _ierfcx_by_series),
        (x > 1, _ierfcx_by_fraction),
    ]:
        if chosen.any():
            result[chosen] = part(x[chosen], n)
    return result


def _ierfcx_by_recurrence(x: Array, n: int) -> Array:
    before, value = np.full(x.shape, 2 / ROOT_PI), np.exp(x * x) * erfc(x)
    for k in range(1, n + 1):
        before, value = value, (before - 2 * x * value) / (2 * k)
    return value


def _ierfcx_by_series(x: Array, n: int) -> Array:
    result = np.zeros(x.shape)
    for k in range(60 + 2 * n, -1, -1):
        coefficient = math.exp(math.lgamma((n + k + 1) / 2) - math.lgamma(n + 1) - math.lgamma(k + 1))
        result += (-2 * x) ** k * (coefficient / ROOT_PI)
    return result


def _ierfcx_by_fraction(x: Array, n: int) -> Array:
    ratio, product = np.zeros(x.shape), np.full(x.shape, 2 / ROOT_PI)
    for k in range(n + 20 + int(220 / x.min() ** 2), -1, -1):
        ratio = 0.5 / (x + (k + 1) * ratio)
        if k <= n:
            product *= ratio
    return product


def erfinv(x: Array) -> Array:
    """Winitzki's approximation, refined by Halley's method."""
    size = np.abs(x)
    rest = np.log1p(-size * size)
    middle = 2 / (math.pi * 0.147) + rest / 2
    y = np.sqrt(np.maximum(np.sqrt(middle * middle - rest / 0.147) - middle, 0))
    y = np.where(size < 1, y, 0)
    for _ in range(3):
        excess = np.where(size < 0.5, erf(y) - size, (1 - size) - erfc(y))
        step = excess * np.exp(y * y) * (ROOT_PI / 2)
        y = y - step / (1 + y * step)
    y = np.where(size == 1, np.inf, np.where(size < 1, y, np.nan))
    return np.copysign(y, x)


def ndtr(x: Array) -> Array:
    return 0.5 * erfc(x * -math.sqrt(0.5))


def log_ndtr(x: Array) -> Array:
    z = np.minimum(x, -1) * -math.sqrt(0.5)
    tail = np.log(erfcx(z) / 2) - z * z
    return np.where(x < -1, tail, np.log1p(-0.5 * erfc(np.maximum(x, -1) * math.sqrt(0.5))))


def ndtri(p: Array) -> Array:
    """By erfinv in the middle; in the tails by Newton's method on log(Φ), from Hastings' approximation."""
    tail = np.minimum(p, 1 - p)
    middle = math.sqrt(2) * erfinv(np.clip(2 * p - 1, -0.9, 0.9))
    target = np.log(np.clip(tail, 5e-324, 0.25))
    t = np.sqrt(-2 * target)
    x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    for _ in range(4):
        slope = math.sqrt(2 / math.pi) / erfcx(x * math.sqrt(0.5))
        x = x + (log_ndtr(-x) - target) / slope
    result = np.where(tail < 0.25, np.copysign(x, p - 0.5), middle)
    result = np.where(tail == 0, np.copysign(np.inf, p - 0.5), result)
    return np.where((p >= 0) & (p <= 1), result, np.nan)


# The gamma function and its like


def zeta(s: Array, q: Array) -> Array:
    """Hurwitz' zeta function Σ (q + k)⁻ˢ by the formula of Euler and Maclaurin, for q > −1000."""
    total, q = np.zeros(np.broadcast_shapes(s.shape, q.shape)), np.where(q > -1000, q + 0.0, np.nan)
    lowest = np.nanmin(q, initial=12)
    for _ in range(12 + max(0, math.ceil(-lowest))):
        total += q**-s
        q = q + 1
    power = q**-s
    total += power * q / (s - 1) + power / 2
    term = power * s / q
    for i, number in enumerate(_BERNOULLI, 1):
        total += term * (number / math.factorial(2 * i))
        term = term * ((s + 2 * i - 1) * (s + 2 * i) / (q * q))
    return np.where(np.isposinf(q), 0, total)


@functools.cache
def _gammaln_coefficients() -> tuple[float, ...]:
    """(ζ(k) − 1)/k with alternating signs, from k = 2 on: those of log Γ(2 + t) in powers of t."""
    k = np.arange(2, 32)
    return tuple((zeta(k.astype(float), np.full(k.shape, 2.0)) / k * (-1.0) ** k).tolist())


def _gammaln_near_2(t: Array) -> Array:
    result = np.zeros(t.shape)
    for coefficient in reversed(_gammaln_coefficients()):
        result = (result + coefficient) * t
    return (result + (1 - EULER)) * t


def _positive_gammaln(x: Array) -> Array:
    """By its Taylor series around 2, to where a recurrence leads; by Stirling's series from 8 on."""
    small, product = np.minimum(x, 8), np.ones(x.shape)
    for _ in range(6):
        above = small > 2.5
        small = np.where(above, small - 1, small)
        product = np.where(above, product * small, product)
    below = small < 0.5
    t = np.where(below, small, np.where(small < 1.5, small - 1, small - 2))
    near = _gammaln_near_2(t) + np.log(product)
    near = near - np.where(small < 1.5, np.log1p(t), 0) - np.where(below, np.log(small), 0)
    large = np.maximum(x, 8)
    rest = np.zeros(x.shape)
    for i in range(10, 0, -1):
        rest = rest / (large * large) + _BERNOULLI[i - 1] / (2 * i * (2 * i - 1))
    far = (large - 0.5) * np.log(large) - large + (0.5 * math.log(2 * math.pi) + rest / large)
    return np.where(x < 8, near, np.where(np.isposinf(x), np.inf, far))


def gammaln(x: Array) -> Array:
    reflected = _positive_gammaln(np.where(x < 0, 1 - x, x))
    sine = np.abs(np.sin(math.pi * (x - np.round(x))))
    return np.where(x < 0, np.where(np.isneginf(x), np.inf, np.log(math.pi / sine) - reflected), reflected)


def psi(x: Array) -> Array:
    """The digamma function: reflected from below 0, led beyond 10 by recurrence, there by its asymptotic series."""
    positive, total = np.where(x < 0, 1 - x, x), np.zeros(x.shape)
    for _ in range(10):
        below = positive < 10
        total = np.where(below, total - 1 / positive, total)
        positive = np.where(below, positive + 1, positive)
    rest = np.zeros(x.shape)
    for i in range(10, 0, -1):
        rest = (rest + _BERNOULLI[i - 1] / (2 * i)) / (positive * positive)
    total = total + (np.log(positive) - 0.5 / positive - rest)
    fraction = x - np.round(x)
    cotangent = np.where(fraction == 0, np.nan, 1 / np.tan(math.pi * fraction))
    return np.where(x < 0, total - math.pi * cotangent, total)


# Bessel functions


def ive(x: Array, n: int) -> Array:
    """exp(−|x|)·Iₙ(x) by recurrence downwards, until its asymptotic series in 1/x is exact: there that."""
    size, limit = np.abs(x), max(30, n * n)
    near = _ive_by_recurrence(np.minimum(size, limit), n)
    far, term, large = np.ones(x.shape), np.ones(x.shape), np.maximum(size, limit)
    for k in range(1, 30):
        term = term * ((2 * k - 1) ** 2 - 4 * n * n) / (8 * k * large)
        far += term
    result = np.where(size > limit, far / np.sqrt(2 * math.pi * large), near)
    return np.where((x < 0) & (n % 2 == 1), -result, result)


def _ive_by_recurrence(x: Array, n: int) -> Array:
    """The ratios of neighbours downwards, scaled by exp(x) = I₀(x) + 2·Σ Iₖ(x)."""
    ratio, above, product = np.zeros(x.shape), np.zeros(x.shape), np.ones(x.shape)
    for k in range(n + 40 + math.ceil(9 * math.sqrt(np.nanmax(x, initial=0))), 0, -1):
        ratio = x / (2 * k + x * ratio)
        above = ratio * (1 + above)
        if k <= n:
            product *= ratio
    return product / (1 + 2 * above)


def iv(x: Array, n: int) -> Array:
    # In two steps, so that exp doesn't overflow before the result does.
    half = np.exp(np.abs(x) / 2)
    return np.where(np.isinf(x), np.copysign(np.inf, x) ** (2 - n % 2), ive(x, n) * half * half)


def spherical_jn(x: Array, n: int) -> Array:
    """By its power series until that cancels; beyond by recurrence upwards, which is stable there."""
    near = np.clip(x, -n - 2, n + 2)
    square, series = near * near / -2, np.zeros(x.shape)
    for k in range(20 + 2 * n, 0, -1):
        series = (series + 1) * square / (k * (2 * n + 2 * k + 1))
    lead = 1 / math.prod(range(1, 2 * n + 2, 2))
    far = np.where(np.abs(x) < n + 2, 1, x)
    value = np.sin(far) / far
    following = (value - np.cos(far)) / far
    for k in range(1, n + 1):
        value, following = following, (2 * k + 1) / far * following - value
    result = np.where(np.abs(x) < n + 2, (series + 1) * near**n * lead, value)
    return np.where(np.isinf(x), 0, result)


def logit(x: Array) -> Array:
    middle = np.abs(x - 0.5) < 0.2
    return np.where(middle, 2 * np.arctanh(np.where(middle, 2 * x - 1, 0)), np.log(x / (1 - x)))


APPROXIMATIONS: dict[str, Callable[..., Array]] = {
    "erf": erf,
    "erfc": erfc,
    "erfcx": erfcx,
    "erfinv": erfinv,
    "gammaln": gammaln,
    "i0": functools.partial(iv, n=0),
    "i0e": functools.partial(ive, n=0),
    "i1": functools.partial(iv, n=1),
    "i1e": functools.partial(ive, n=1),
    "log_ndtr": log_ndtr,
    "ndtr": ndtr,
    "ndtri": ndtri,
    "psi": psi,
    "zeta": zeta,
}
"""By SciPy's names."""
