"""Functions of vectors that NumPy and SciPy have only element by element, in steps that NumPy has vectorised.

They write into their result and into further vectors, and are made kernels by `stepwise`.
"""

import math

import numpy as np

from gradwire_engine.spec import DTYPES, Array

_ERF = (
    *(1.7863942e-10, -8.4657976e-09, 1.5611832e-07, -1.2887197e-06, 1.3255520e-06),
    *(6.9323240e-05, -5.9531088e-04, -2.0665158e-04, 1.0277216e-01, 1.2837918e-01),
)
"""artanh(erf(x))/x − 1 in powers of x², highest first: where erf isn't 1 yet, the fit that makes erf's largest relative
error least, which is 1e-8. The first is positive, so that the sum grows where there was nothing to fit."""
OVERFLOWS = {dtype: -math.log(np.finfo(dtype).max) for dtype in (DTYPES["float32"], DTYPES["float64"])}
"""Below, exp(−x) is infinite."""
HYPOT_RANGE = {dtype: (np.finfo(dtype).tiny / np.finfo(dtype).eps, np.finfo(dtype).max) for dtype in OVERFLOWS}
"""Sums of squares between these have lost no digits."""
ERF = tuple(np.array(coefficient, np.float32) for coefficient in _ERF)


def erf(x: Array, out: Array, square: Array) -> None:
    """In float32, to 2.2 units in the last place."""
    np.multiply(x, x, square)
    np.multiply(square, ERF[0], out)
    for coefficient in ERF[1:-1]:
        np.add(out, coefficient, out)
        np.multiply(out, square, out)
    np.add(out, ERF[-1], out)
    np.multiply(out, x, out)
    # What is added is much less than x, so that hardly more than this sum is rounded.
    np.add(out, x, out)
    np.tanh(out, out)


def logaddexp(a: Array, b: Array, out: Array, larger: Array) -> None:
    np.subtract(a, b, out)
    np.absolute(out, out)
    np.negative(out, out)
    np.exp(out, out)
    np.log1p(out, out)
    _add_to_larger(a, b, out, larger)


def logaddexp2(a: Array, b: Array, out: Array, larger: Array) -> None:
    np.subtract(a, b, out)
    np.absolute(out, out)
    np.negative(out, out)
    np.exp2(out, out)
    np.log1p(out, out)
    np.multiply(out, out.dtype.type(1 / np.log(2)), out)
    _add_to_larger(a, b, out, larger)


def _add_to_larger(a: Array, b: Array, out: Array, larger: Array) -> None:
    """Adds the larger of a and b to what isn't negative, or is NaN where they are the same infinity."""
    # NumPy is faster on two vectors than on a vector and a number.
    np.copyto(larger, b)
    np.maximum(a, larger, out=larger)
    np.add(out, larger, out)
    np.fmax(out, larger, out)


def sigmoid(x: Array, out: Array) -> None:
    np.negative(x, out)
    np.exp(out, out)
    np.add(out, 1, out)
    np.divide(1, out, out)
    # Where exp(−x) overflows, exp(x) is what is left of the result.
    if not np.minimum.reduce(x, axis=None) > OVERFLOWS[out.dtype]:
        np.exp(x, out, where=x <= OVERFLOWS[out.dtype])


def hypot(a: Array, b: Array, out: Array, square: Array) -> None:
    np.multiply(a, a, out)
    np.multiply(b, b, square)
    np.add(out, square, out)
    least, most = HYPOT_RANGE[out.dtype]
    # NaN is in no range, and may stand where an infinity should.
    if np.minimum.reduce(out) > least and np.maximum.reduce(out) < most:
        np.sqrt(out, out)
    else:
        np.hypot(a, b, out)


# Division with remainder of float32, in float64

MOST_EXACT = 1 << 28
"""Quotients less than this are right and leave an exact rest."""


def floor_divide(a: Array, b: Array, out: Array, rest: Array) -> None:
    np.divide(a, b, out)
    np.floor(out, out)
    if not _leaves_exactly(a, b, out, rest):
        np.floor_divide(a, b, out)


def remainder(a: Array, b: Array, out: Array, quotient: Array) -> None:
    np.divide(a, b, quotient)
    np.floor(quotient, quotient)
    if _leaves_exactly(a, b, quotient, out):
        np.copysign(out, b, out)
    else:
        np.remainder(a, b, out)


def fmod(a: Array, b: Array, out: Array, quotient: Array) -> None:
    np.divide(a, b, quotient)
    np.trunc(quotient, quotient)
    if _leaves_exactly(a, b, quotient, out):
        np.copysign(out, a, out)
    else:
        np.fmod(a, b, out)


def _leaves_exactly(a: Array, b: Array, quotient: Array, rest: Array) -> bool:
    """Computes a − quotient·b; whether all of it is exact."""
    np.multiply(quotient, b, rest)
    np.subtract(a, rest, rest)
    # NaN and infinities fail too, in this or, where b is infinite, in what is left.
    return bool(
        np.maximum.reduce(quotient) < MOST_EXACT
        and np.minimum.reduce(quotient) > -MOST_EXACT
        and not np.isnan(np.minimum.reduce(rest))
    )
