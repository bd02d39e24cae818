"""Bessel functions of whole orders, by SciPy's names. The derivative of one is made of its neighbours."""

import functools
import math
from collections.abc import Callable

from gradwire_engine import special_approximations
from gradwire_engine.blockwise import blockwise
from gradwire_engine.graph import Operator, Value
from gradwire_engine.operators.pointwise.elementwise import sign
from gradwire_engine.operators.pointwise.special import defined, of_order
from gradwire_engine.spec import Array
from gradwire_engine.special_approximations import special_function


def _iv(x: Array, n: int, out: Array) -> None:
    # Not by SciPy's for any order, which is 0 near 0.
    kernel = special_function(f"i{n}") if n < 2 else blockwise(functools.partial(special_approximations.iv, n=n))
    kernel(x, out=out)


def _ive(x: Array, n: int, out: Array) -> None:
    kernel = special_function(f"i{n}e") if n < 2 else blockwise(functools.partial(special_approximations.ive, n=n))
    kernel(x, out=out)


def _iv_rule(g: Value, y: Value, x: Value, n: int) -> Value:
    return g * iv(x, n=1) if n == 0 else g * ((iv(x, n=n - 1) + iv(x, n=n + 1)) * 0.5)


def _ive_rule(g: Value, y: Value, x: Value, n: int) -> Value:
    slope = ive(x, n=1) if n == 0 else (ive(x, n=n - 1) + ive(x, n=n + 1)) * 0.5
    return g * (slope - sign(x) * y)


iv: Operator = of_order(
    "iv",
    "The modified Bessel function of the first kind and order n, Iₙ(x).",
    _iv,
    _iv_rule,
    "the mean of those of order n − 1 and n + 1",
)
ive: Operator = of_order(
    "ive",
    "exp(−|x|)·Iₙ(x), which doesn't overflow.",
    _ive,
    _ive_rule,
    "the mean of those of order n − 1 and n + 1, less sign(x)·y, which counts as 0 at 0",
)


def _iv_of(order: int) -> Callable[[Value], Value]:
    return lambda x: iv(x, n=order)


def _ive_of(order: int) -> Callable[[Value], Value]:
    return lambda x: ive(x, n=order)


i0 = defined("i0", "The modified Bessel function of the first kind and order 0.", _iv_of(0), derivative="i1(x)")
i0e = defined("i0e", "exp(−|x|)·i0(x), which doesn't overflow.", _ive_of(0), derivative="i1e(x) − sign(x)·y")
i1 = defined(
    "i1", "The modified Bessel function of the first kind and order 1.", _iv_of(1), derivative="i0(x) − y/x; ½ at 0"
)
i1e = defined(
    "i1e",
    "exp(−|x|)·i1(x), which doesn't overflow.",
    _ive_of(1),
    derivative="i0e(x) − y·(sign(x) + 1/x); ½ at 0",
)


def _spherical_jn(x: Array, n: int, out: Array) -> None:
    blockwise(functools.partial(special_approximations.spherical_jn, n=n))(x, out=out)


def _spherical_jn_rule(g: Value, y: Value, x: Value, n: int) -> Value:
    following = spherical_jn(x, n=n + 1) * (-(n + 1) / (2 * n + 1))
    return g * (following if n == 0 else spherical_jn(x, n=n - 1) * (n / (2 * n + 1)) + following)


spherical_jn: Operator = of_order(
    "spherical_jn",
    "The spherical Bessel function of the first kind and order n; sin(x)/x for n = 0.",
    _spherical_jn,
    _spherical_jn_rule,
    "(n·j₍ₙ₋₁₎(x) − (n + 1)·j₍ₙ₊₁₎(x))/(2n + 1)",
    low=1,
)
sinc = defined(
    "sinc",
    "sin(πx)/(πx), and 1 at 0.",
    lambda x: spherical_jn(x * math.pi, n=0),
    derivative="(cos(πx) − y)/x; 0 at 0",
)
