"""Functions of vectors that NumPy and SciPy have only element by element, in steps that NumPy has vectorised.

They write into their result and into further vectors, and are made kernels by `stepwise`.
"""

import numpy as np

from gradwire_engine.spec import Array

_ERF = (
    *(1.7863942e-10, -8.4657976e-09, 1.5611832e-07, -1.2887197e-06, 1.3255520e-06),
    *(6.9323240e-05, -5.9531088e-04, -2.0665158e-04, 1.0277216e-01, 1.2837918e-01),
)
"""artanh(erf(x))/x − 1 in powers of x², highest first: where erf isn't 1 yet, the fit that makes erf's largest relative
error least, which is 1e-8. The first is positive, so that the sum grows where there was nothing to fit."""
ALMOST_ALL = 40
"""1/(1 + exp(−40)) is 1, rounded."""
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


def sigmoid(x: Array, out: Array, exponential: Array) -> None:
    """exp(x)/(1 + exp(x)), which is exact where it is small; where x is large, it is 1 before exp(x) overflows."""
    np.copyto(exponential, ALMOST_ALL)
    np.minimum(x, exponential, out=exponential)
    np.exp(exponential, exponential)
    np.add(exponential, 1, out)
    np.divide(exponential, out, out)
