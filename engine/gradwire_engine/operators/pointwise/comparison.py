"""Comparisons, logic and choices. What gives bool passes no derivatives."""

import numpy as np

from gradwire_engine.batching import aligned
from gradwire_engine.errors import InvalidArgumentError
from gradwire_engine.graph import Operator, Sample, Value
from gradwire_engine.operators.families import (
    BOOL,
    binary,
    broadcast_spec,
    casting,
    lowered,
    predicate,
    sample_array,
    sample_of,
    unbroadcast,
    unchanged,
)
from gradwire_engine.spec import Array, promoted

_odd = (Sample((np.array([0.0, np.nan, np.inf, -np.inf]),)), Sample((np.array([1, 2]),)))
_truths = (Sample((np.array([False, False, True, True]), np.array([False, True, False, True]))),)

equal = predicate("equal", "Whether x1 = x2. NaN equals nothing.", np.equal)
not_equal = predicate("not_equal", "Whether x1 ≠ x2.", np.not_equal)
less = predicate("less", "Whether x1 < x2.", np.less)
less_equal = predicate("less_equal", "Whether x1 ≤ x2.", np.less_equal)
greater = predicate("greater", "Whether x1 > x2.", np.greater)
greater_equal = predicate("greater_equal", "Whether x1 ≥ x2.", np.greater_equal)
logical_and = predicate("logical_and", "Whether x1 and x2 are both true (not zero).", np.logical_and, _truths)
logical_or = predicate("logical_or", "Whether x1 or x2 is true (not zero), or both.", np.logical_or, _truths)
logical_xor = predicate("logical_xor", "Whether one of x1 and x2 is true (not zero).", np.logical_xor, _truths)
logical_not = predicate("logical_not", "Whether x is false (zero).", np.logical_not)
isnan = predicate("isnan", "Whether x is NaN.", np.isnan, _odd)
isinf = predicate("isinf", "Whether x is +∞ or −∞.", np.isinf, _odd)
isfinite = predicate("isfinite", "Whether x is neither infinite nor NaN.", np.isfinite, _odd)


_BITS = {size: np.dtype(f"int{8 * size}") for size in (1, 2, 4, 8)}
"""Integers of so many bytes: as them, elements of any dtype are chosen by arithmetic that no NaN gets through."""

SMALL = 512
"""Elements up to which a loop with a branch for each is as fast."""


def _is_zero(bits: Array) -> bool:
    """Whether it is one number, if seen as several, and has no bit set."""
    return (bits.size == 1 or (bits.size > 1 and not any(bits.strides))) and not bits.flat[0]


def _where(condition: Array, x1: Array, x2: Array, out: Array) -> None:
    if out.size <= SMALL:
        np.copyto(out, x2)
        np.copyto(out, x1, where=condition)
        return
    # Processors guess branches wrong where conditions are irregular; a product with 0 or 1 has none.
    chosen, a, b = (x.view(_BITS[out.itemsize]) for x in (out, x1, x2))
    if _is_zero(b):
        np.copyto(chosen, condition)
        np.multiply(chosen, a, out=chosen)
    elif _is_zero(a):
        np.logical_not(condition, out=chosen)
        np.multiply(chosen, b, out=chosen)
    else:
        np.bitwise_xor(a, b, out=chosen)
        np.multiply(chosen, condition, out=chosen)
        np.bitwise_xor(chosen, b, out=chosen)


def _where_rule(g: Value, y: Value, condition: Value, a: Value, b: Value) -> tuple[None, Value, Value]:
    return None, where(condition, g, 0), where(condition, 0, g)


where = Operator(
    name="where",
    operands=("condition", "x1", "x2"),
    infer=broadcast_spec,
    kernel=_where,
    elementwise=True,
    vjp=unbroadcast(_where_rule),
    batch=aligned,
    cast=lambda specs: [BOOL, *[promoted(spec.dtype for spec in specs[1:])] * 2],
    summary="x1 where the condition holds and x2 elsewhere; the three broadcast together.",
    derivative="∂x1: 1 where the condition holds, else 0; ∂x2: the other way round. What wasn't chosen gets 0 even"
    " where its own derivative is NaN or infinite.",
    samples=(
        Sample((np.array([[True, False, True]]), sample_array((2, 3)), sample_array((2, 1)))),
        Sample((np.array([[True], [False]]), sample_array(()), sample_array((3,)))),
        Sample((np.array(True), sample_array((0, 2)), sample_array(()))),
    ),
)


def _clip_min_rule(g: Value, y: Value, x: Value, low: Value) -> tuple[Value, Value]:
    kept = greater_equal(x, low)
    return where(kept, g, 0), where(kept, 0, g)


def _clip_max_rule(g: Value, y: Value, x: Value, high: Value) -> tuple[Value, Value]:
    kept = less_equal(x, high)
    return where(kept, g, 0), where(kept, 0, g)


clip_min = binary(
    "clip_min",
    "The larger of x1 and x2, as maximum; of equal ones x1 alone has the derivative.",
    np.maximum,
    vjp=_clip_min_rule,
    derivative="∂x1: 1 where x1 ≥ x2, else 0; ∂x2: the other way round",
    dtype=unchanged,
)
clip_max = binary(
    "clip_max",
    "The smaller of x1 and x2, as minimum; of equal ones x1 alone has the derivative.",
    np.minimum,
    vjp=_clip_max_rule,
    derivative="∂x1: 1 where x1 ≤ x2, else 0; ∂x2: the other way round",
    dtype=unchanged,
)


def _clip(x: Value, low: Value | None, high: Value | None) -> Value:
    if low is None and high is None:
        raise InvalidArgumentError("needs min or max", "ARITY_MISMATCH")
    y = x if low is None else clip_min(x, low)
    return y if high is None else clip_max(y, high)


clip = lowered(
    "clip",
    ("x", "min?", "max?"),
    "x, but no less than min and no more than max, either of which may be left out; the three broadcast together.",
    _clip,
    derivative="∂x: 1 within the bounds and at them, 0 outside; ∂min, ∂max: 1 where that bound is what is returned",
    cast=casting(unchanged),
    samples=(
        sample_of((3, 4), (), ()),
        Sample((sample_array((2, 4)), sample_array((4,), -1, 0), sample_array((2, 1), 0, 1))),
        sample_of((2, 3), (3,)),
        sample_of((2, 3), (), without=("min",)),
        sample_of((0,), (1,), ()),
    ),
)
