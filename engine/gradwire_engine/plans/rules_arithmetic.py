"""Rules of the pass `algebra` on numbers: identities, where signs and constants go, and cheaper operations.

Minus signs and constant factors are moved outwards, from operands to results, as long as that makes no more work: they
then meet others, with which they become one, or sums, where a sign costs nothing.
"""

import math
from collections.abc import Callable

import numpy as np

from gradwire_engine.graph import Value, cast, constant
from gradwire_engine.operators.families import BOOL, broadcast
from gradwire_engine.operators.pointwise.arithmetic import (
    add,
    divide,
    maximum,
    minimum,
    multiply,
    negative,
    power,
    subtract,
)
from gradwire_engine.operators.pointwise.elementwise import abs, cos, exp, log, reciprocal, rsqrt, sqrt, square
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.shapes import astype, identity, reshape, stop_gradient
from gradwire_engine.plans.rules import (
    ANY,
    CONSTANT,
    Rule,
    Site,
    chapter,
    is_normal,
    is_not_negative,
    is_zero,
    made_by,
    moderate,
    number,
    operand,
    operands,
    same,
    scaled,
    scaled_view,
)
from gradwire_engine.spec import DType, is_float

RULES: list[Rule] = []
rule = chapter("algebra", RULES)


@rule((identity, stop_gradient))
def itself(at: Site, x: Value) -> Value:
    return x


# Signs


@rule(negative, negative)
def minus_minus(at: Site, x: Value) -> Value:
    return operand(x)


@rule(negative, multiply)
def minus_constant_factor(at: Site, x: Value) -> Value | None:
    """−(v·c) = v·(−c)."""
    found = scaled(x)
    return None if found is None else found[0] * -found[1]


@rule(add, ANY, negative)
def plus_minus(at: Site, a: Value, b: Value) -> Value:
    return a - operand(b)


@rule(subtract, ANY, negative)
def minus_of_minus(at: Site, a: Value, b: Value) -> Value:
    return a + operand(b)


@rule((multiply, divide), negative, negative)
def signs_cancel(at: Site, a: Value, b: Value) -> Value:
    return at.operator(operand(a), operand(b))


@rule(multiply, negative, CONSTANT)
def sign_into_constant(at: Site, x: Value, c: Value) -> Value:
    return operand(x) * -c


@rule((multiply, divide), negative, ANY)
def sign_of_first_outwards(at: Site, a: Value, b: Value) -> Value | None:
    return -at.operator(operand(a), b) if at.spec.shape == a.shape else None


@rule(divide, ANY, negative)
def sign_of_divisor_outwards(at: Site, a: Value, b: Value) -> Value | None:
    return -(a / operand(b)) if at.spec.shape == b.shape else None


@rule(subtract, negative, ANY)
def minus_twice(at: Site, a: Value, b: Value) -> Value | None:
    """−b − b = b·(−2)."""
    return b * -2 if same(operand(a), b) else None


@rule((abs, square, cos), negative)
def even_function(at: Site, x: Value) -> Value | None:
    return at.operator(operand(x)) if x.dtype.kind == "f" else None


# Neutral elements


@rule(multiply, ANY, CONSTANT)
def times_neutral(at: Site, x: Value, c: Value) -> Value | None:
    """x·1 = x and x·(−1) = −x; of integers, x·0 = 0."""
    factor = number(c)
    if factor == 1:
        return broadcast(x, at.spec.shape)
    if factor == -1:
        return broadcast(-x, at.spec.shape)
    if factor == 0 and not is_float(x.dtype):
        return broadcast(c, at.spec.shape)
    return None


@rule(add, ANY, CONSTANT)
def plus_neutral(at: Site, x: Value, c: Value) -> Value | None:
    """x + 0 = x, but for the sign of a zero, which nobody means by adding 0; sums begin with it."""
    return broadcast(x, at.spec.shape) if is_zero(c) else None


@rule(subtract, ANY, CONSTANT)
def minus_neutral(at: Site, x: Value, c: Value) -> Value | None:
    return broadcast(x, at.spec.shape) if is_zero(c) else None


@rule((maximum, minimum))
def extreme_of_the_same(at: Site, a: Value, b: Value) -> Value | None:
    return a if same(a, b) else None


@rule(multiply)
def times_itself(at: Site, a: Value, b: Value) -> Value | None:
    return square(a) if same(a, b) and a.dtype.kind in "iuf" else None


@rule(add)
def plus_itself(at: Site, a: Value, b: Value) -> Value | None:
    return a * 2 if same(a, b) and is_float(a.dtype) else None


# Constant factors


@rule(multiply, multiply, CONSTANT)
def two_constant_factors(at: Site, x: Value, c: Value) -> Value | None:
    """(v·c₁)·c₂ = v·(c₁·c₂)."""
    found = scaled(x)
    if found is None or not _may_merge(number(found[1]), number(c), x):
        return None
    return found[0] * (found[1] * c)


@rule(divide, multiply, CONSTANT)
def constant_factor_and_divisor(at: Site, x: Value, c: Value) -> Value | None:
    """(v·c₁)/c₂ = v·(c₁/c₂)."""
    found, divisor = scaled(x), number(c)
    if found is None or not divisor or not _may_merge(number(found[1]), 1 / divisor, x):
        return None
    return found[0] * (found[1] / c)


def _may_merge(first: float | None, second: float | None, x: Value) -> bool:
    if first is None or second is None or x.dtype.kind == "b":
        return False
    return not is_float(x.dtype) or (is_normal(first * second, x) and is_normal(second, x))


@rule(divide, ANY, CONSTANT)
def by_constant(at: Site, x: Value, c: Value) -> Value | None:
    """x/c = x·(1/c), but for means: that of equal numbers is that number."""
    divisor = number(c)
    if not divisor or not is_normal(divisor, x) or not is_normal(1 / divisor, x):
        return None
    exact = math.frexp(divisor)[0] in (0.5, -0.5)
    if not exact and made_by(operand(x) if made_by(x, reshape) else x, sum):
        return None
    return broadcast(x * constant(1 / divisor, x.dtype), at.spec.shape)


@rule(multiply, multiply, multiply)
def constant_factors_of_both(at: Site, a: Value, b: Value) -> Value | None:
    """(v·c₁)·(w·c₂) = (v·w)·(c₁·c₂)."""
    first, second = scaled(a), scaled(b)
    if first is None or second is None or not moderate(first[1]) or not moderate(second[1]):
        return None
    return (first[0] * second[0]) * (first[1] * second[1])


@rule(multiply, multiply, ANY)
def constant_factor_outwards(at: Site, a: Value, b: Value) -> Value | None:
    """(v·c)·b = v·(b·c) where b is smaller, (v·b)·c otherwise."""
    found = scaled(a)
    if found is None or not at.alone(a) or not moderate(found[1]):
        return None
    v, c = found
    if b.size < a.size:
        return v * (b * c)
    return (v * b) * c if at.spec.shape == a.shape else None


@rule(divide, multiply, ANY)
def constant_factor_of_dividend_outwards(at: Site, a: Value, b: Value) -> Value | None:
    """(v·c)/b = (v/b)·c."""
    found = scaled(a)
    if found is None or not at.alone(a) or not moderate(found[1]) or at.spec.shape != a.shape:
        return None
    return (found[0] / b) * found[1]


@rule(divide, ANY, multiply)
def constant_factor_of_divisor_outwards(at: Site, a: Value, b: Value) -> Value | None:
    """a/(v·c) = (a/v)·(1/c)."""
    found = scaled(b)
    if found is None or not at.alone(b) or not number(found[1]) or not moderate(found[1]) or at.spec.shape != b.shape:
        return None
    return (a / found[0]) * (1 / found[1])


@rule(square, multiply)
def square_of_constant_factor(at: Site, x: Value) -> Value | None:
    """(v·c)² = v²·c²."""
    found = scaled(x)
    if found is None or not at.alone(x) or not moderate(found[1], 2):
        return None
    return square(found[0]) * square(found[1])


@rule((add, subtract), multiply, multiply)
def common_constant_factor(at: Site, a: Value, b: Value) -> Value | None:
    """v·c ± w·c = (v ± w)·c, and v·c ± w·(−c) = (v ∓ w)·c."""
    first, second = scaled(a), scaled(b)
    if first is None or second is None or not moderate(first[1]) or not at.alone(a) or not at.alone(b):
        return None
    (v, c), (w, d) = first, second
    one, other = number(c), number(d)
    if one is None or other is None or one not in (other, -other):
        return None
    plus = (one == other) == (at.operator is add)
    return (v + w if plus else v - w) * c


@rule(multiply, multiply, ANY)
def product_met_before(at: Site, a: Value, b: Value) -> Value | None:
    """(v·w)·b = v·(w·b) where w·b is there already: a product's derivatives have its other factors."""
    if not at.alone(a) or a.shape != at.spec.shape or number(b) is not None:
        return None
    for v, w in (operands(a), operands(a)[::-1]):
        product = at.found(multiply, w, b)
        # Of two products that both are there, the later one goes by way of the earlier one, and never the reverse.
        if product is not None and product.shape == a.shape == v.shape and product.node.serial < a.node.serial:
            return v * product
    return None


@rule(multiply, multiply, CONSTANT)
def constant_factor_to_smaller(at: Site, x: Value, c: Value) -> Value | None:
    """(a·b)·c = (a·c)·b where a is smaller, or has a constant factor already."""
    if not at.alone(x) or not moderate(c):
        return None
    for a, b in (operands(x), operands(x)[::-1]):
        found = scaled_view(at, a)
        if found is not None and found.alone and moderate(found.factor):
            return (found.v * (found.factor * c)) * b
    for a, b in (operands(x), operands(x)[::-1]):
        if a.size < x.size:
            return (a * c) * b
    return None


@rule(negative, multiply)
def sign_to_smaller(at: Site, x: Value) -> Value | None:
    """−(a·b) = (−a)·b where a is smaller."""
    a, b = operands(x)
    if not at.alone(x) or min(a.size, b.size) == x.size:
        return None
    return -a * b if a.size < b.size else a * -b


@rule(negative, divide)
def sign_into_dividend(at: Site, x: Value) -> Value | None:
    """−(c/b) = (−c)/b."""
    c, b = operands(x)
    return -c / b if number(c) is not None and at.alone(x) else None


# Powers


@rule(power, ANY, CONSTANT)
def power_of_constant_exponent(at: Site, x: Value, c: Value) -> Value | None:
    exponent = number(c)
    y = _power(x, exponent) if exponent is not None else None
    return None if y is None else broadcast(y, at.spec.shape)


def _power(x: Value, exponent: float) -> Value | None:
    """Of x without a power, if that is cheaper."""
    if exponent in _OF_ANY:
        return _OF_ANY[exponent](x)
    if not is_float(x.dtype):
        return None
    if exponent in _OF_FLOATS:
        return _OF_FLOATS[exponent](x)
    # A root differs from a power at −0 and −∞.
    return _OF_POSITIVE[exponent](x) if exponent in _OF_POSITIVE and is_not_negative(x) else None


_OF_ANY: dict[float, Callable[[Value], Value]] = {
    0: lambda x: broadcast(constant(1, x.dtype), x.shape),
    1: lambda x: x,
    2: square,
    3: lambda x: square(x) * x,
    4: lambda x: square(square(x)),
}
_OF_FLOATS: dict[float, Callable[[Value], Value]] = {
    -1: reciprocal,
    # Not of the square, which may overflow where the power doesn't.
    -2: lambda x: square(reciprocal(x)),
    # Here NumPy takes the root, and has −0 of −0 and NaN of −∞, unlike its other powers.
    0.5: sqrt,
}
_OF_POSITIVE: dict[float, Callable[[Value], Value]] = {
    -0.5: rsqrt,
    1.5: lambda x: x * sqrt(x),
    -1.5: lambda x: reciprocal(x) * rsqrt(x),
}


@rule(divide, CONSTANT)
def one_over(at: Site, c: Value, x: Value) -> Value | None:
    return broadcast(reciprocal(x), at.spec.shape) if number(c) == 1 else None


@rule(reciprocal, sqrt)
def one_over_root(at: Site, x: Value) -> Value | None:
    return rsqrt(operand(x)) if at.alone(x) else None


@rule(reciprocal, divide)
def one_over_quotient(at: Site, x: Value) -> Value | None:
    """1/(a/b) = b/a."""
    a, b = operands(x)
    return b / a if at.alone(x) and a.shape == b.shape else None


@rule(multiply, reciprocal, CONSTANT)
def constant_over(at: Site, x: Value, c: Value) -> Value | None:
    """(1/b)·c = c/b."""
    return c / operand(x) if at.alone(x) and not c.shape else None


@rule(divide, ANY, reciprocal)
def by_one_over(at: Site, a: Value, b: Value) -> Value:
    """a/(1/b) = a·b, also where 1/b is out of range."""
    return a * operand(b)


@rule(sqrt, square)
def root_of_square(at: Site, x: Value) -> Value:
    """√x² = |x|, also where x² is out of range."""
    return abs(operand(x))


@rule(abs, ANY)
def absolute_of_positive(at: Site, x: Value) -> Value | None:
    return x if is_float(x.dtype) and is_not_negative(x) else None


# Exponentials


@rule(log, exp)
def log_of_exp(at: Site, x: Value) -> Value:
    """log(exp(x)) = x, also where exp(x) is out of range."""
    return operand(x)


@rule(log, divide)
def log_of_share(at: Site, x: Value) -> Value | None:
    """log(exp(a)/b) = a − log(b), also where exp(a) is out of range; b is mostly a sum, of fewer elements."""
    a, b = operands(x)
    return operand(a) - log(b) if made_by(a, exp) and a.shape == x.shape and b.size < x.size else None


@rule(log, multiply)
def log_of_share_by_reciprocal(at: Site, x: Value) -> Value | None:
    for a, b in (operands(x), operands(x)[::-1]):
        if made_by(a, exp) and made_by(b, reciprocal) and a.shape == x.shape and b.size < x.size:
            return operand(a) - log(operand(b))
    return None


@rule(exp, log)
def exp_of_log(at: Site, x: Value) -> Value | None:
    return operand(x) if is_not_negative(operand(x)) else None


# Dtypes


@rule(astype)
def to_its_own_dtype(at: Site, x: Value, dtype: DType) -> Value | None:
    return x if x.dtype == dtype else None


@rule(astype, astype)
def by_way_of_wider_dtype(at: Site, x: Value, dtype: DType) -> Value | None:
    """A chain of dtypes without the one in between, if that can hold all that the first can."""
    start = operand(x)
    if not _holds(x.dtype, start.dtype) or (is_float(start.dtype) and not is_float(dtype) and dtype != BOOL):
        return None
    return cast(start, dtype)


def _holds(wide: DType, narrow: DType) -> bool:
    """Whether the wider dtype has every number of the narrower one."""
    if narrow == BOOL or wide == narrow:
        return True
    if is_float(wide):
        bits = np.finfo(narrow).nmant + 1 if is_float(narrow) else narrow.itemsize * 8
        return np.finfo(wide).nmant + 1 >= bits and (not is_float(narrow) or wide.itemsize >= narrow.itemsize)
    return not is_float(narrow) and np.can_cast(narrow, wide)
