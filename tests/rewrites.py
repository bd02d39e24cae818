"""For each rule of simplification, a graph that it rewrites, what is left of it, and how exact that must be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gradwire_engine.differentiate import vjp
from gradwire_engine.graph import Operator, Placeholder, Value, constant
from gradwire_engine.operators.indices.index import ARRAY, Slice
from gradwire_engine.plans import rules_arithmetic as arithmetic
from gradwire_engine.plans import rules_constants as constants
from gradwire_engine.plans import rules_forms as forms
from gradwire_engine.plans import rules_matrices as matrices
from gradwire_engine.plans import rules_shapes as shapes
from gradwire_engine.spec import DTYPES, DType, Spec

op: dict[str, Any] = Operator.registry
F16, F32, F64 = DTYPES["float16"], DTYPES["float32"], DTYPES["float64"]
I64, BOOL = DTYPES["int64"], DTYPES["bool"]
LENGTHS = {"1": 1, "k": 2, "n": 3, "m": 4, "p": 40}
FLOATS = (F64, F32, F16)
FAST = (F64, F32)


@dataclass(frozen=True)
class Rewrite:
    """A graph to which a rule applies.

    Attributes:
        rule: the rule's function.
        leaves: their shapes, a letter for each axis; "." is one without axes.
        build: leaves → the value.
        operators: the names of those that are left, in alphabetical order, but for views and what has no operands.
        ulps, slack: how far the results may be apart: in units of the last place, and in those of 1.
        special: whether NaN and infinities give the same.
        zeros: whether zeros have the same signs.
        positive: whether the leaves must be positive.
        dtypes: of the leaves.
    """

    rule: Callable[..., Any]
    leaves: str
    build: Callable[..., Value]
    operators: str = ""
    ulps: float = 0
    slack: float = 0
    special: bool = True
    zeros: bool = True
    positive: bool = False
    dtypes: Sequence[DType] = FLOATS

    def specs(self, dtype: DType, **lengths: int) -> list[Spec]:
        known = LENGTHS | lengths
        return [Spec(tuple(known[axis] for axis in leaf.strip(".")), dtype) for leaf in self.leaves.split()]


def sums(rule: Callable[..., Any], leaves: str, build: Callable[..., Value], operators: str, slack: float) -> Rewrite:
    """A rewrite that adds in another order."""
    return Rewrite(rule, leaves, build, operators, slack=slack, special=False, zeros=False, dtypes=FAST)


def placeholders(specs: Sequence[Spec]) -> list[Value]:
    return [Placeholder(spec).values[0] for spec in specs]


def full(scalar: float, like: Value) -> Value:
    return op["full"](shape=like.shape, fill_value=scalar, dtype=like.dtype)


def total(x: Value, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Value:
    return op["sum"](x, axis=axis, keepdims=keepdims)


def greatest(x: Value, axis: int | tuple[int, ...] | None = None) -> Value:
    """With another operator where there is nothing to choose from."""
    return op["amax"](x, axis=axis) if x.size else total(x, axis)


def shaped(x: Value, *shape: int) -> Value:
    return op["reshape"](x, shape=shape)


def repeated(x: Value, *shape: int) -> Value:
    return op["broadcast_to"](x, shape=shape)


def turned(x: Value, *axes: int) -> Value:
    return op["transpose"](x, axes=axes or None)


def cast(x: Value, dtype: DType) -> Value:
    return op["astype"](x, dtype=dtype)


def number(scalar: float, dtype: DType) -> Value:
    return constant(scalar, dtype)


def fixed(*numbers: int) -> Value:
    """A vector of integers."""
    return op["concatenate"](*(constant(i, I64, (1,)) for i in numbers))


def scattered(shape: Sequence[int], v: Value, *indices: Value, index: Any) -> Value:
    """Zeros with v added at an index."""
    return op["index_add"](constant(0, v.dtype, tuple(shape)), v, *indices, index=index)


def count(n: int, column: bool = False) -> Value:
    """0, 1, 2 …"""
    x = op["arange"](stop=n)
    return shaped(x, n, 1) if column else x


def choices(n: int, of: int, column: bool = False) -> Value:
    """A number below `of` for each of n rows."""
    x = op["remainder"](op["arange"](stop=n) * 3, of)
    return shaped(x, n, 1) if column else x


def gradient(y: Value, x: Value) -> Value:
    (g,) = vjp([y], [constant(1, y.dtype, y.shape)], [x])
    assert g is not None
    return g


def top(x: Value) -> Value:
    return op["stop_gradient"](op["amax"](x, axis=1, keepdims=True))


def exp_and_total(x: Value) -> tuple[Value, Value]:
    e = op["exp"](x - top(x))
    return e, total(e, 1, True)


def chosen(choose: Callable[[Value, Value, Value], Value]) -> Callable[[Value, Value], Value]:
    """A function of two values and of whether the first is less."""
    return lambda x, y: choose(op["less"](x, y), x, y)


where = op["where"]

CONSTANTS = (
    Rewrite(constants.number_with_axes, "nm", lambda x: x + full(2.0, x), "add"),
    Rewrite(constants.computed, ".", lambda x: x + op["exp"](number(2, x.dtype)), "add", ulps=2),
    Rewrite(constants.moved, "nm", lambda x: x + shaped(turned(full(2.0, x)), *x.shape), "add"),
    Rewrite(constants.extreme, "n", lambda x: x * greatest(full(3, x)), "multiply"),
    Rewrite(constants.sum_of_one_number, "n", lambda x: x * total(full(3, x)), "multiply"),
    Rewrite(
        constants.logic_with_constant,
        "n n",
        chosen(lambda c, x, y: where(op["logical_and"](c, full(1, x)), x, y)),
        "less where",
    ),
    Rewrite(
        constants.not_not,
        "n n",
        chosen(lambda c, x, y: where(op["logical_not"](op["logical_not"](c)), x, y)),
        "less where",
    ),
    Rewrite(constants.choice_made, "n n", lambda x, y: where(number(True, BOOL), x, y)),
    Rewrite(constants.choice_of_the_same, "n n", chosen(lambda c, x, y: where(c, x, x))),
    Rewrite(
        constants.choice_by_the_contrary, "n n", chosen(lambda c, x, y: where(op["logical_not"](c), x, y)), "less where"
    ),
    Rewrite(constants.choice_made_before, "n n", chosen(lambda c, x, y: where(c, where(c, x, y), y)), "less where"),
    Rewrite(
        constants.choice_made_before_otherwise, "n n", chosen(lambda c, x, y: where(c, x, where(c, x, y))), "less where"
    ),
)

SHAPES = (
    Rewrite(shapes.reshape_to_the_same, "nm", lambda x: shaped(x, *x.shape)),
    Rewrite(shapes.reshape_of_reshape, "nm", lambda x: shaped(shaped(x, x.size), *x.shape)),
    Rewrite(
        shapes.reshape_of_transpose, "nm", lambda x: op["sin"](shaped(turned(x), x.shape[1], 1, x.shape[0])), "sin"
    ),
    Rewrite(shapes.reshape_of_repeated, "n", lambda x: op["sin"](shaped(repeated(x, 4, x.size), 2, 2, x.size)), "sin"),
    Rewrite(shapes.sign_out_of_reshape, "nm", lambda x: -shaped(-x, x.size)),
    Rewrite(shapes.constant_factor_out_of_reshape, "nm", lambda x: shaped(x * 3, x.size) * 5, "multiply", ulps=1),
    Rewrite(shapes.transpose_in_normal_form, "nm", lambda x: turned(x, 0, -1)),
    Rewrite(shapes.transpose_of_transpose, "nm", lambda x: turned(turned(x))),
    Rewrite(shapes.transpose_of_short_axes, "n", lambda x: shaped(turned(shaped(x, 1, x.size)), x.size)),
    Rewrite(shapes.transpose_of_repeated, "n", lambda x: op["sin"](turned(repeated(x, 4, x.size))), "sin"),
    Rewrite(shapes.broadcast_to_the_same, "n", lambda x: repeated(x, x.size)),
    Rewrite(shapes.broadcast_of_broadcast, "n", lambda x: repeated(repeated(x, 2, x.size), 3, 2, x.size)),
    Rewrite(shapes.broadcast_without_first_axes, "n", lambda x: repeated(shaped(x, 1, x.size), 3, x.size)),
    Rewrite(shapes.on_what_is_repeated, "nm m", lambda x, y: x + op["sin"](repeated(y, *x.shape)), "add sin"),
    Rewrite(shapes.on_what_is_transposed, "nm n", lambda x, y: turned(op["sin"](turned(x)) + y), "add sin"),
    Rewrite(
        shapes.reduction_in_normal_form,
        "nm",
        lambda x: total(x, -1, True) * shaped(total(x, (1,)), x.shape[0], 1),
        "square sum",
        zeros=False,
    ),
    Rewrite(
        shapes.reduction_of_reduction, "nm", lambda x: total(total(x, 1)), "sum", slack=50, special=False, zeros=False
    ),
    Rewrite(
        shapes.reduction_of_reshape,
        "nm",
        lambda x: total(shaped(x, x.size)),
        "sum",
        slack=50,
        special=False,
        zeros=False,
    ),
    Rewrite(shapes.reduction_of_transpose, "nm", lambda x: greatest(turned(x), 0), "amax", zeros=False),
    sums(shapes.sum_of_repeated, "n", lambda x: total(repeated(x, 5, x.size)), "multiply sum", 100),
    Rewrite(shapes.extreme_of_repeated, "n", lambda x: greatest(repeated(x, 4, x.size), 0), zeros=False),
    sums(shapes.sum_of_sums, "nm nm", lambda x, y: total(x, 0) + total(y, 0), "add sum", 100),
    Rewrite(shapes.sign_out_of_sum, "nm", lambda x: total(-x, 0), "negative sum", zeros=False),
    sums(shapes.constant_factor_out_of_sum, "nm", lambda x: total(x * 3, 0), "multiply sum", 100),
)

ARITHMETIC = (
    Rewrite(arithmetic.itself, "n", lambda x: op["identity"](op["stop_gradient"](x))),
    Rewrite(arithmetic.minus_minus, "n", lambda x: op["negative"](-x), dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.minus_constant_factor, "n", lambda x: -(x * 3), "multiply"),
    Rewrite(arithmetic.plus_minus, "n n", lambda x, y: x + -y, "subtract", dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.minus_of_minus, "n n", lambda x, y: x - -y, "add", dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.signs_cancel, "n n", lambda x, y: (-x) * (-y), "multiply", dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.sign_into_constant, "n", lambda x: (-x) * 3, "multiply"),
    Rewrite(arithmetic.sign_of_first_outwards, "n n", lambda x, y: y - (-x) * y, "add multiply"),
    Rewrite(arithmetic.sign_of_divisor_outwards, "n n", lambda x, y: y - x / -y, "add divide"),
    Rewrite(arithmetic.minus_twice, "n", lambda x: -x - x, "multiply"),
    Rewrite(arithmetic.even_function, "n", lambda x: op["cos"](-x), "cos"),
    Rewrite(arithmetic.times_neutral, "n", lambda x: x * 1, dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.plus_neutral, "n", lambda x: 0 + x, zeros=False, dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.minus_neutral, "n", lambda x: x - 0, zeros=False, dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.extreme_of_the_same, "n", lambda x: op["maximum"](x, x), dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.times_itself, "n", lambda x: x * x, "square", dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.plus_itself, "n", lambda x: x + x, "multiply"),
    Rewrite(arithmetic.two_constant_factors, "n", lambda x: x * 3 * 5, "multiply", ulps=1.5, dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.constant_factor_and_divisor, "n", lambda x: x * 3 / 7, "multiply", ulps=2),
    Rewrite(arithmetic.by_constant, "n", lambda x: x / 7, "multiply", ulps=1.5),
    Rewrite(arithmetic.by_constant, "n", lambda x: x / 8, "multiply"),
    Rewrite(
        arithmetic.constant_factors_of_both,
        "n n",
        lambda x, y: (x * 3) * (y * 5),
        "multiply multiply",
        ulps=3,
        dtypes=(F64, F32, I64),
    ),
    Rewrite(
        arithmetic.constant_factor_outwards,
        "n n",
        lambda x, y: (x * 3) * y * 5,
        "multiply multiply",
        ulps=3,
        dtypes=(F64, F32, I64),
    ),
    Rewrite(
        arithmetic.constant_factor_of_dividend_outwards,
        "n n",
        lambda x, y: (x * 3) / y * 5,
        "divide multiply",
        ulps=3,
        dtypes=FAST,
    ),
    Rewrite(
        arithmetic.constant_factor_of_divisor_outwards,
        "n n",
        lambda x, y: x / (y * 3) * 5,
        "divide multiply",
        ulps=4,
        dtypes=FAST,
    ),
    Rewrite(
        arithmetic.square_of_constant_factor,
        "n",
        lambda x: op["square"](x * 3) * 5,
        "multiply square",
        ulps=4,
        dtypes=FAST,
    ),
    Rewrite(
        arithmetic.common_constant_factor,
        "n n",
        lambda x, y: x * 3 - y * -3,
        "add multiply",
        ulps=1,
        slack=40,
        dtypes=FAST,
    ),
    Rewrite(
        arithmetic.product_met_before,
        "n n n",
        lambda x, y, z: op["sin"](y * z) + (x * y) * z,
        "add multiply multiply sin",
        ulps=4,
        slack=8,
        dtypes=FAST,
    ),
    Rewrite(
        arithmetic.constant_factor_to_smaller, "nm m", lambda x, y: x * y * 3, "multiply multiply", ulps=3, dtypes=FAST
    ),
    Rewrite(arithmetic.sign_to_smaller, "nm m", lambda x, y: -(x * y), "multiply negative"),
    Rewrite(arithmetic.sign_into_dividend, "n", lambda x: -(3 / x), "divide"),
    Rewrite(arithmetic.power_of_constant_exponent, "n", lambda x: x**2, "square", dtypes=(*FLOATS, I64)),
    Rewrite(
        arithmetic.power_of_constant_exponent, "n", lambda x: x**3, "multiply square", ulps=3, dtypes=(*FLOATS, I64)
    ),
    Rewrite(arithmetic.power_of_constant_exponent, "n", lambda x: x**4, "square square", ulps=4, dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.power_of_constant_exponent, "n", lambda x: x**0 + x**1, "add", dtypes=(*FLOATS, I64)),
    Rewrite(arithmetic.power_of_constant_exponent, "n", lambda x: x**-1, "reciprocal", ulps=1),
    Rewrite(arithmetic.power_of_constant_exponent, "n", lambda x: x**-2, "reciprocal square", ulps=4),
    Rewrite(arithmetic.power_of_constant_exponent, "n", lambda x: x**0.5, "sqrt", ulps=1, positive=True),
    Rewrite(arithmetic.power_of_constant_exponent, "n", lambda x: op["exp"](x) ** -0.5, "exp rsqrt", ulps=4),
    Rewrite(arithmetic.power_of_constant_exponent, "n", lambda x: op["abs"](x) ** 1.5, "abs multiply sqrt", ulps=4),
    Rewrite(
        arithmetic.power_of_constant_exponent,
        "n",
        lambda x: op["abs"](x) ** -1.5,
        "abs multiply reciprocal rsqrt",
        ulps=5,
    ),
    Rewrite(arithmetic.one_over, "n", lambda x: 1 / x, "reciprocal"),
    Rewrite(arithmetic.one_over_root, "n", lambda x: 1 / op["sqrt"](x), "rsqrt"),
    Rewrite(arithmetic.one_over_quotient, "n n", lambda x, y: 1 / (x / y), "divide", ulps=3),
    Rewrite(arithmetic.constant_over, "n", lambda x: 1 / x * 3, "divide", ulps=2),
    Rewrite(arithmetic.by_one_over, "n n", lambda x, y: x / op["reciprocal"](y), "multiply", ulps=3),
    Rewrite(arithmetic.root_of_square, "n", lambda x: op["sqrt"](op["square"](x)), "abs", ulps=1),
    Rewrite(arithmetic.absolute_of_positive, "n", lambda x: op["abs"](op["exp"](x)), "exp"),
    Rewrite(arithmetic.log_of_exp, "n", lambda x: op["log"](op["exp"](x)), ulps=2, slack=4, zeros=False),
    Rewrite(
        arithmetic.log_of_share,
        "nm n",
        lambda x, y: op["log"](op["exp"](x) / shaped(y, y.size, 1)),
        "log subtract",
        slack=20,
        zeros=False,
        positive=True,
    ),
    Rewrite(
        arithmetic.log_of_share_by_reciprocal,
        "nm n",
        lambda x, y: op["log"](op["exp"](x) * op["reciprocal"](shaped(y, y.size, 1))),
        "log subtract",
        slack=20,
        zeros=False,
        positive=True,
    ),
    Rewrite(arithmetic.exp_of_log, "n", lambda x: op["exp"](op["log"](op["abs"](x))), "abs", ulps=8),
    Rewrite(arithmetic.to_its_own_dtype, "n", lambda x: cast(x, x.dtype), dtypes=(*FLOATS, I64)),
    Rewrite(
        arithmetic.by_way_of_wider_dtype, "n", lambda x: cast(cast(x, F64), x.dtype), dtypes=(F32, F16, DTYPES["int32"])
    ),
)


def _matmul(*xs: Value) -> Value:
    return op["matmul"](*xs)


def _square(x: Value) -> Value:
    return _matmul(x, turned(x))


MATRICES = (
    sums(matrices.rows_of_a_stack, "knm mn", _matmul, "matmul", 100),
    sums(matrices.product_with_repeated_first, "m mn", lambda x, y: _matmul(repeated(x, 5, x.size), y), "matmul", 100),
    sums(
        matrices.product_with_repeated_first,
        "n1 mn",
        lambda x, y: _matmul(repeated(x, x.shape[0], y.shape[0]), y),
        "multiply sum",
        200,
    ),
    sums(
        matrices.product_with_repeated_second,
        "nm m1",
        lambda x, y: _matmul(x, repeated(y, y.shape[0], 5)),
        "matmul",
        100,
    ),
    sums(
        matrices.product_with_repeated_second,
        "nm n",
        lambda x, y: _matmul(x, repeated(y, x.shape[1], y.size)),
        "multiply sum",
        200,
    ),
    Rewrite(
        matrices.sign_of_first_out_of_product,
        "nm mk",
        lambda x, y: -_matmul(-x, y),
        "matmul",
        slack=0,
        zeros=False,
        dtypes=FAST,
    ),
    Rewrite(
        matrices.sign_of_second_out_of_product,
        "km mn",
        lambda x, y: -_matmul(x, -y),
        "matmul",
        slack=0,
        zeros=False,
        dtypes=FAST,
    ),
    sums(
        matrices.constant_factor_of_first_to_the_smallest,
        "np pk",
        lambda x, y: _matmul(x * 3, y),
        "matmul multiply",
        5000,
    ),
    sums(
        matrices.constant_factor_of_second_to_the_smallest,
        "kn np",
        lambda x, y: _matmul(x, y * 3),
        "matmul multiply",
        1000,
    ),
    Rewrite(
        matrices.constant_factor_into_product,
        "p1 1p",
        lambda x, y: _matmul(x, y) * 3,
        "matmul multiply",
        ulps=3,
        special=False,
        dtypes=FAST,
    ),
    Rewrite(
        matrices.transpose_of_product,
        "nm mk",
        lambda x, y: op["sin"](turned(_matmul(x, y)) + 1),
        "add matmul sin",
        slack=100,
        special=False,
        dtypes=FAST,
    ),
    sums(matrices.common_matrix, "nm nm mk", lambda x, y, z: _matmul(x, z) + _matmul(y, z), "add matmul", 400),
    sums(matrices.common_matrix, "nm mk mk", lambda x, y, z: _matmul(x, y) - _matmul(x, z), "matmul subtract", 400),
    sums(
        matrices.common_matrix,
        "nm",
        lambda x: gradient(total(op["exp"](_square(x) * 0.01)), x),
        "add exp matmul matmul multiply multiply",
        4000,
    ),
    sums(matrices.sum_of_product, "nm mp", lambda x, y: total(_matmul(x, y), 1), "matmul sum", 5000),
    sums(matrices.sum_of_product, "pm mn", lambda x, y: total(_matmul(x, y), 0), "matmul sum", 5000),
    sums(matrices.sum_of_products, "nm mk", lambda x, y: total(shaped(x, *x.shape, 1) * y, 1), "matmul", 200),
    sums(matrices.sum_of_products, "nm m", lambda x, y: total(x * y, 1), "matmul", 200),
    sums(matrices.sum_of_products, "nm n", lambda x, y: total(x * shaped(y, y.size, 1), 1), "multiply sum", 200),
)


def _sigmoid(x: Value) -> Value:
    return op["sigmoid"](x)


def _share_of_total(x: Value, y: Value) -> Value:
    if not x.size:
        return y
    _, every = exp_and_total(x)
    return shaped(y, y.size, 1) / every * every


SOFTPLUS = "abs add exp log1p maximum negative"

FORMS = (
    Rewrite(forms.sigmoid_by_reciprocal, "n", lambda x: 1 / (1 + op["exp"](-x)), "sigmoid", ulps=2, slack=1),
    Rewrite(
        forms.log_of_sigmoid,
        "n",
        lambda x: op["log"](_sigmoid(x)),
        f"{SOFTPLUS} negative negative",
        slack=8,
        special=False,
        dtypes=FAST,
    ),
    Rewrite(forms.log_of_one_and_exp, "n", lambda x: op["log1p"](op["exp"](x)), SOFTPLUS, ulps=4, dtypes=FAST),
    Rewrite(
        forms.log_of_exp_and_one, "n", lambda x: op["log"](op["exp"](x) + 1), SOFTPLUS, ulps=4, slack=8, dtypes=FAST
    ),
    Rewrite(forms.softplus, "n", op["softplus"], SOFTPLUS, ulps=4, dtypes=FAST),
    Rewrite(
        forms.sign_by_relu,
        "n",
        lambda x: gradient(total(op["square"](op["relu"](x))), x),
        "greater multiply relu where",
        zeros=False,
    ),
    Rewrite(
        forms.exp_of_log_softmax,
        "nm",
        lambda x: op["exp"](op["log_softmax"](x)) + op["log_softmax"](x),
        "add amax exp log multiply reciprocal subtract subtract sum",
        ulps=8,
        slack=16,
        special=False,
        dtypes=FAST,
    ),
    Rewrite(
        forms.softmax_by_logsumexp,
        "nm",
        lambda x: gradient(total(op["logsumexp"](x, axis=1)), x),
        "add amax equal exp isfinite log multiply reciprocal subtract sum where where",
        ulps=16,
        special=False,
        dtypes=FAST,
    ),
    Rewrite(forms.share_of_total_times_total, "nm n", _share_of_total, "", ulps=3, special=False, dtypes=FAST),
    Rewrite(
        forms.share_of_total, "nm", op["softmax"], "amax exp multiply reciprocal subtract sum", ulps=3, dtypes=FAST
    ),
    Rewrite(
        forms.plus_scattered,
        "nm n",
        lambda x, y: x + scattered(x.shape, shaped(y, y.size, 1), index=(Slice(), Slice(stop=1))),
        "index_add",
        zeros=False,
        dtypes=(*FLOATS, I64),
    ),
    Rewrite(
        forms.minus_scattered,
        "nm n",
        lambda x, y: x - scattered(x.shape, shaped(y, y.size, 1), index=(Slice(), Slice(stop=1))),
        "index_add negative",
        zeros=False,
    ),
    Rewrite(
        forms.scattered_minus,
        "nm n",
        lambda x, y: scattered(x.shape, shaped(y, y.size, 1), index=(Slice(), Slice(stop=1))) - x,
        "index_add negative",
        zeros=False,
    ),
    Rewrite(
        forms.scattered_everywhere,
        "nm m nm",
        lambda x, y, z: (
            scattered((x.shape[0] * 2 + 1, x.shape[1]), x, index=(Slice(stop=x.shape[0]),))
            + scattered((x.shape[0] * 2 + 1, x.shape[1]), y, index=(x.shape[0],))
            + scattered((x.shape[0] * 2 + 1, x.shape[1]), z, index=(Slice(start=x.shape[0] + 1),))
        ),
        "concatenate",
        zeros=False,
        dtypes=(*FLOATS, I64),
    ),
    Rewrite(
        forms.sum_of_scattered,
        "n1",
        lambda x: total(
            scattered((x.size, 4), x, count(x.size, True), choices(x.size, 4, True), index=(ARRAY, ARRAY)), 1
        ),
        zeros=False,
    ),
    Rewrite(
        forms.sum_of_scattered,
        "n",
        lambda x: total(scattered((x.size, 4), x, count(x.size), choices(x.size, 4), index=(ARRAY, ARRAY)), 1),
        zeros=False,
    ),
    Rewrite(
        forms.difference_after_picking,
        "nm n",
        lambda x, y: (
            op["array_index"](
                x - shaped(y, y.size, 1), count(y.size), choices(y.size, x.shape[1]), index=(ARRAY, ARRAY)
            )
            if x.shape[1]
            else y
        ),
        "array_index multiply remainder subtract",
    ),
)

REWRITES: Sequence[Rewrite] = (*CONSTANTS, *SHAPES, *ARITHMETIC, *MATRICES, *FORMS)
