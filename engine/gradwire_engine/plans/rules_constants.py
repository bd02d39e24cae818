"""Rules of the pass `fold`: what is computed from constants alone, and choices that constants make.

A constant is a number without axes, repeated by `broadcast_to` where a shape is needed, which takes no memory.
"""

from typing import Any

import numpy as np

from gradwire_engine.graph import Scalar, Value, constant
from gradwire_engine.operators.families import BOOL, Axis, broadcast, reduced_size
from gradwire_engine.operators.indices.indexing import basic_index
from gradwire_engine.operators.pointwise.comparison import logical_and, logical_not, logical_or, where
from gradwire_engine.operators.reducing.reductions import amax, amin, sum
from gradwire_engine.operators.shaping.creation import full
from gradwire_engine.operators.shaping.shapes import broadcast_to, flip, reshape, transpose
from gradwire_engine.plans.rules import (
    ANY,
    CONSTANT,
    ELEMENTWISE,
    Rule,
    Site,
    chapter,
    number,
    operand,
    operands,
    same,
    same_number,
)
from gradwire_engine.spec import DType, Shape

RULES: list[Rule] = []
rule = chapter("fold", RULES)


def repeated(scalar: Scalar, dtype: DType, shape: Shape) -> Value:
    """A number in every place."""
    return broadcast(constant(scalar, dtype), shape)


@rule(full)
def number_with_axes(at: Site, shape: Shape, fill_value: Scalar, dtype: DType | None) -> Value | None:
    return repeated(fill_value, at.spec.dtype, shape) if shape else None


def computed(at: Site, *constants: Value, **attributes: Any) -> Value | None:
    """An elementwise operation on constants: done now, by the operator's own kernel."""
    kernel, scratch = at.operator.kernel, at.operator.scratch
    assert kernel is not None
    numbers = [np.asarray(number(c), c.dtype) for c in constants]
    out = np.empty((), at.spec.dtype)
    if scratch is not None:
        wanted = scratch(*(c.spec._replace(shape=()) for c in constants), **attributes)
        attributes["scratch"] = tuple(np.empty(*spec) for spec in wanted)
    try:
        with np.errstate(all="ignore"):
            kernel(*numbers, out=out, **attributes)
    except Exception:  # a run says what is wrong, if anything is
        return None
    return repeated(out.item(), out.dtype, at.spec.shape)


for _count in (1, 2, 3):
    rule([operator for operator in ELEMENTWISE if len(operator.operands) == _count], *[CONSTANT] * _count)(computed)


@rule((reshape, broadcast_to, transpose, flip, basic_index), CONSTANT)
def moved(at: Site, c: Value, **attributes: Any) -> Value | None:
    """The elements of a constant in other places are that constant."""
    scalar = number(c)
    if scalar is None or (at.operator is broadcast_to and not c.shape):
        return None
    return repeated(scalar, c.dtype, at.spec.shape)


@rule((amax, amin), CONSTANT)
def extreme(at: Site, c: Value, **attributes: Any) -> Value | None:
    scalar = number(c)
    return None if scalar is None else repeated(scalar, c.dtype, at.spec.shape)


@rule(sum, CONSTANT)
def sum_of_one_number(at: Site, c: Value, axis: Axis, keepdims: bool) -> Value | None:
    scalar, dtype = number(c), at.spec.dtype
    if scalar is None:
        return None
    with np.errstate(all="ignore"):
        # Python's own numbers don't wrap around, as the dtype's do.
        count = reduced_size(c, axis)
        total = np.multiply(np.asarray(count, dtype), np.asarray(scalar, dtype)).item() if count else 0
    return repeated(total, dtype, at.spec.shape)


@rule((logical_and, logical_or), ANY, CONSTANT)
def logic_with_constant(at: Site, x: Value, c: Value) -> Value | None:
    decided = at.operator is logical_or
    if bool(number(c)) is decided:
        return repeated(decided, BOOL, at.spec.shape)
    return broadcast(x, at.spec.shape) if x.dtype == BOOL else None


@rule(logical_not, logical_not)
def not_not(at: Site, x: Value) -> Value | None:
    return operand(x) if operand(x).dtype == BOOL else None


@rule(where, CONSTANT)
def choice_made(at: Site, condition: Value, a: Value, b: Value) -> Value:
    return broadcast(a if number(condition) else b, at.spec.shape)


@rule(where)
def choice_of_the_same(at: Site, condition: Value, a: Value, b: Value) -> Value | None:
    return broadcast(a, at.spec.shape) if same(a, b) or same_number(a, b) else None


@rule(where, logical_not)
def choice_by_the_contrary(at: Site, condition: Value, a: Value, b: Value) -> Value | None:
    return where(operand(condition), b, a) if operand(condition).dtype == BOOL else None


@rule(where, ANY, where)
def choice_made_before(at: Site, condition: Value, a: Value, b: Value) -> Value | None:
    inner, first, _ = operands(a)
    return where(condition, first, b) if same(inner, condition) else None


@rule(where, ANY, ANY, where)
def choice_made_before_otherwise(at: Site, condition: Value, a: Value, b: Value) -> Value | None:
    inner, _, second = operands(b)
    return where(condition, a, second) if same(inner, condition) else None
