"""Rules of the pass `algebra` on shapes: views of views, nothing done to what is only repeated, reductions of less."""

import math

from gradwire_engine.graph import Node, Value, cast
from gradwire_engine.operators.families import FLOAT16, FLOAT32, Axis, broadcast, reshaped
from gradwire_engine.operators.pointwise.arithmetic import add, multiply, negative
from gradwire_engine.operators.reducing.reductions import amax, amin, sum
from gradwire_engine.operators.shaping.shapes import broadcast_to, reshape, transpose
from gradwire_engine.plans.rules import (
    ANY,
    ELEMENTWISE,
    Rule,
    Site,
    attribute,
    chapter,
    made_by,
    moderate,
    operand,
    scaled,
)
from gradwire_engine.spec import Shape, is_float, normal_axes, normal_axis

RULES: list[Rule] = []
rule = chapter("algebra", RULES)
Axes = tuple[int, ...]
FEW = 4096
"""Up to so many elements, what an operation costs is mostly the call."""


def lifted(x: Value, ndim: int) -> Value:
    """x with axes of length 1 in front, so that it has so many."""
    return reshaped(x, (*[1] * (ndim - x.ndim), *x.shape))


def is_contiguous(x: Value) -> bool:
    """Whether x is known to be in C order."""
    return made_by(x, reshape) or not isinstance(x.node, Node) or x.node.operator.view is None


# Views of views


@rule(reshape)
def reshape_to_the_same(at: Site, x: Value, shape: Shape) -> Value | None:
    if x.shape == at.spec.shape:
        return x
    return reshaped(x, at.spec.shape) if -1 in shape else None


@rule(reshape, reshape)
def reshape_of_reshape(at: Site, x: Value, shape: Shape) -> Value:
    return reshaped(operand(x), at.spec.shape)


@rule(reshape, transpose)
def reshape_of_transpose(at: Site, x: Value, shape: Shape) -> Value | None:
    """Axes of length 1 come and go before the transpose, after which the rest would have to be copied."""
    source, order = operand(x), [axis for axis in _order(x) if operand(x).shape[axis] != 1]
    if order == sorted(order):
        return reshaped(source, at.spec.shape)
    if [source.shape[axis] for axis in order] != [n for n in at.spec.shape if n != 1]:
        return None
    kept = sorted(order)
    ones = iter(range(len(kept), len(at.spec.shape)))
    longer = iter(order)
    axes = tuple(next(ones) if n == 1 else kept.index(next(longer)) for n in at.spec.shape)
    before = reshaped(source, (*(source.shape[axis] for axis in kept), *[1] * at.spec.shape.count(1)))
    return transposed(before, axes)


@rule(reshape, broadcast_to)
def reshape_of_repeated(at: Site, x: Value, shape: Shape) -> Value | None:
    """What is repeated is reshaped before, as it would have to be copied otherwise."""
    source = operand(x)
    own: Shape = (*[1] * (x.ndim - source.ndim), *source.shape)
    result: list[int] = []
    for old, new in _groups(x.shape, at.spec.shape):
        lengths = own[old]
        if lengths == x.shape[old]:
            result.extend(at.spec.shape[new])
        elif set(lengths) <= {1}:
            result.extend([1] * len(at.spec.shape[new]))
        else:
            return None
    return broadcast(reshaped(source, tuple(result)), at.spec.shape)


@rule(reshape, negative)
def sign_out_of_reshape(at: Site, x: Value, shape: Shape) -> Value | None:
    return -reshaped(operand(x), at.spec.shape) if at.alone(x) else None


@rule(reshape, multiply)
def constant_factor_out_of_reshape(at: Site, x: Value, shape: Shape) -> Value | None:
    found = scaled(x)
    return None if found is None or not at.alone(x) else reshaped(found[0], at.spec.shape) * found[1]


def _groups(old: Shape, new: Shape) -> list[tuple[slice, slice]]:
    """The axes of two shapes of equal size in groups, as small as can be, that hold the same elements."""
    if not math.prod(old):
        return [(slice(0, len(old)), slice(0, len(new)))]
    groups: list[tuple[slice, slice]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        start, begin = i, j
        m = n = 1
        if i < len(old):
            m, i = old[i], i + 1
        if j < len(new):
            n, j = new[j], j + 1
        while m != n:
            if m < n:
                m, i = m * old[i], i + 1
            else:
                n, j = n * new[j], j + 1
        groups.append((slice(start, i), slice(begin, j)))
    return groups


def _order(x: Value) -> Axes:
    """The axes that a transpose puts in place of its own, counted from the front."""
    axes: Axes | None = attribute(x, "axes")
    return tuple(range(x.ndim))[::-1] if axes is None else tuple(normal_axis(axis, x.ndim) for axis in axes)


def transposed(x: Value, order: Axes) -> Value:
    return x if order == tuple(range(x.ndim)) else transpose(x, axes=order)


@rule(transpose)
def transpose_in_normal_form(at: Site, x: Value, axes: Axes | None) -> Value | None:
    order = tuple(range(x.ndim))[::-1] if axes is None else tuple(normal_axis(axis, x.ndim) for axis in axes)
    return transposed(x, order) if order != axes or order == tuple(range(x.ndim)) else None


@rule(transpose, transpose)
def transpose_of_transpose(at: Site, x: Value, axes: Axes) -> Value:
    inner = _order(x)
    return transposed(operand(x), tuple(inner[axis] for axis in axes))


@rule(transpose)
def transpose_of_short_axes(at: Site, x: Value, axes: Axes) -> Value | None:
    """To move axes of length 1 only is to reshape, which more rules see through."""
    order = [axis for axis in axes if x.shape[axis] != 1]
    return reshaped(x, at.spec.shape) if order == sorted(order) and is_contiguous(x) else None


@rule(transpose, broadcast_to)
def transpose_of_repeated(at: Site, x: Value, axes: Axes) -> Value:
    return broadcast(transposed(lifted(operand(x), x.ndim), axes), at.spec.shape)


@rule(broadcast_to)
def broadcast_to_the_same(at: Site, x: Value, shape: Shape) -> Value | None:
    return x if x.shape == shape else None


@rule(broadcast_to, broadcast_to)
def broadcast_of_broadcast(at: Site, x: Value, shape: Shape) -> Value:
    return broadcast(operand(x), shape)


@rule(broadcast_to, reshape)
def broadcast_without_first_axes(at: Site, x: Value, shape: Shape) -> Value | None:
    """Axes of length 1 in front need no reshape."""
    source = operand(x)
    return broadcast(source, shape) if x.shape == (*[1] * (x.ndim - source.ndim), *source.shape) else None


# Elementwise operations on what is repeated


def on_what_is_repeated(at: Site, *xs: Value, **attributes: object) -> Value | None:
    """Without the repetition; it comes after, where the other operands haven't the full shape."""
    if not math.prod(at.spec.shape):
        return None
    least = [operand(x) if made_by(x, broadcast_to) else x for x in xs]
    return broadcast(at.operator(*least, **attributes), at.spec.shape)


for _place in range(3):
    _among = [operator for operator in ELEMENTWISE if len(operator.operands) > _place]
    rule(_among, *[ANY] * _place, broadcast_to)(on_what_is_repeated)


def on_what_is_transposed(at: Site, *xs: Value, **attributes: object) -> Value | None:
    """Done in the order in memory, and transposed after, where it may meet another transpose."""
    full = next((x for x in xs if made_by(x, transpose) and x.shape == at.spec.shape), None)
    if full is None:
        return None
    order = _order(full)
    back = tuple(sorted(range(full.ndim), key=order.__getitem__))
    before: list[Value] = []
    for x in xs:
        if made_by(x, transpose) and _order(x) == order and x.shape == full.shape:
            before.append(operand(x))
        elif x.size < full.size:
            before.append(transposed(lifted(x, full.ndim), back) if x.shape else x)
        else:
            return None
    return transpose(at.operator(*before, **attributes), axes=order)


for _place in range(3):
    _among = [operator for operator in ELEMENTWISE if len(operator.operands) > _place]
    rule(_among, *[ANY] * _place, transpose)(on_what_is_transposed)


# Reductions


@rule((sum, amax, amin))
def reduction_in_normal_form(at: Site, x: Value, axis: Axis, keepdims: bool) -> Value | None:
    """Of several axes in order and longer than 1, none of them kept."""
    axes = tuple(i for i in normal_axes(axis, x.ndim) if x.shape[i] != 1)
    if not axes:
        return reshaped(cast(x, at.spec.dtype), at.spec.shape)
    if axes == axis and not keepdims:
        return None
    return reshaped(at.operator(x, axis=axes), at.spec.shape)


@rule((sum, amax, amin))
def reduction_of_reduction(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    if not made_by(x, at.operator):
        return None
    inner: Axes = attribute(x, "axis")
    rest = [i for i in range(operand(x).ndim) if i not in inner]
    return at.operator(operand(x), axis=tuple(sorted((*inner, *(rest[i] for i in axis)))))


@rule((sum, amax, amin), reshape)
def reduction_of_reshape(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    """Reduces the axes before they were reshaped, if all of a group are reduced or none."""
    reduced: list[int] = []
    if not x.size:
        return None
    for old, new in _groups(operand(x).shape, x.shape):
        inside = {i in axis for i in range(new.start, new.stop) if x.shape[i] != 1}
        if len(inside) > 1:
            return None
        if True in inside:
            reduced.extend(range(old.start, old.stop))
    return reshaped(at.operator(operand(x), axis=tuple(reduced)), at.spec.shape)


@rule((sum, amax, amin), transpose)
def reduction_of_transpose(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value:
    order = _order(x)
    reduced = tuple(sorted(order[i] for i in axis))
    left = [order[i] for i in range(x.ndim) if i not in axis]
    return transposed(at.operator(operand(x), axis=reduced), tuple(sorted(left).index(i) for i in left))


@rule(sum, broadcast_to)
def sum_of_repeated(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    """Times the count for axes along which x is repeated."""
    source = lifted(operand(x), x.ndim)
    stretched = tuple(i for i in axis if source.shape[i] != x.shape[i])
    count = math.prod(x.shape[i] for i in stretched)
    if not stretched or not count:
        return None
    left = [i for i in range(x.ndim) if i not in axis]
    # A count may be out of the range of float16.
    wide = FLOAT32 if at.spec.dtype == FLOAT16 else at.spec.dtype
    total = cast(sum(source, axis=axis), wide) * (float(count) if is_float(wide) else count)
    return broadcast(cast(total, at.spec.dtype), tuple(x.shape[i] for i in left))


@rule((amax, amin), broadcast_to)
def extreme_of_repeated(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    source = lifted(operand(x), x.ndim)
    if not x.size or all(source.shape[i] == x.shape[i] for i in axis):
        return None
    return broadcast(at.operator(source, axis=axis), at.spec.shape)


@rule(add, sum, sum)
def sum_of_sums(at: Site, a: Value, b: Value) -> Value | None:
    """Σa + Σb = Σ(a + b), of few elements, where it's the calls that count."""
    x, y = operand(a), operand(b)
    alike = x.spec == y.spec and attribute(a, "axis") == attribute(b, "axis")
    if not alike or not at.alone(a) or not at.alone(b) or x.size > FEW or not is_float(x.dtype) or x.dtype == FLOAT16:
        return None
    return sum(x + y, axis=attribute(a, "axis"))


@rule(sum, negative)
def sign_out_of_sum(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    return -sum(operand(x), axis=axis) if x.size and is_float(x.dtype) and at.alone(x) else None


@rule(sum, multiply)
def constant_factor_out_of_sum(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    found = scaled(x)
    if found is None or not moderate(found[1]) or not is_float(x.dtype) or not x.size or not at.alone(x):
        return None
    return sum(found[0], axis=axis) * found[1]
