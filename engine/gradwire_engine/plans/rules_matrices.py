"""Rules of the pass `algebra` on products of matrices, and on sums of products that are such."""

import math

from gradwire_engine.graph import Value
from gradwire_engine.operators.families import broadcast, reshaped
from gradwire_engine.operators.matrices.contraction import Label, Term, contract
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.pointwise.arithmetic import add, multiply, negative, subtract
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.shapes import broadcast_to, swapaxes, transpose
from gradwire_engine.plans.rules import (
    ANY,
    CONSTANT,
    Rule,
    Site,
    chapter,
    made_by,
    moderate,
    operand,
    operands,
    same,
    scaled,
    scaled_view,
)
from gradwire_engine.plans.rules_shapes import Axes, is_contiguous, lifted, transposed
from gradwire_engine.spec import Shape

RULES: list[Rule] = []
rule = chapter("algebra", RULES)

LEAST_BATCHED = 1024
"""From so many products on, a matrix times a vector in a stack is worth a call for it."""


def _is_blas(x: Value) -> bool:
    """Whether products of this dtype are fast and not rounded in between."""
    return x.dtype.kind == "f" and x.dtype.itemsize >= 4


def _swapped(x: Value) -> Value:
    return swapaxes(x, axis1=-2, axis2=-1)


@rule(matmul)
def rows_of_a_stack(at: Site, a: Value, b: Value) -> Value | None:
    """A stack of matrices times one matrix is one product, of all their rows."""
    if a.ndim < 3 or b.ndim > 2 or not is_contiguous(a):
        return None
    rows = reshaped(a, (math.prod(a.shape[:-1]), a.shape[-1]))
    return reshaped(matmul(rows, b), at.spec.shape)


@rule(matmul, broadcast_to)
def product_with_repeated_first(at: Site, a: Value, b: Value) -> Value | None:
    """What is repeated is multiplied once; repeated along the axis that is summed, it is multiplied by sums."""
    if min(a.ndim, b.ndim) < 2 or not math.prod(a.shape) * math.prod(b.shape):
        return None
    source = lifted(operand(a), a.ndim)
    if source.shape[-1] != a.shape[-1]:
        return broadcast(source * sum(b, axis=-2, keepdims=True), at.spec.shape)
    return broadcast(matmul(source, b), at.spec.shape)


@rule(matmul, ANY, broadcast_to)
def product_with_repeated_second(at: Site, a: Value, b: Value) -> Value | None:
    if min(a.ndim, b.ndim) < 2 or not math.prod(a.shape) * math.prod(b.shape):
        return None
    source = lifted(operand(b), b.ndim)
    if source.shape[-2] != b.shape[-2]:
        return broadcast(sum(a, axis=-1, keepdims=True) * source, at.spec.shape)
    return broadcast(matmul(a, source), at.spec.shape)


@rule(matmul, negative)
def sign_of_first_out_of_product(at: Site, a: Value, b: Value) -> Value | None:
    return -matmul(operand(a), b) if at.alone(a) and math.prod(at.spec.shape) <= a.size else None


@rule(matmul, ANY, negative)
def sign_of_second_out_of_product(at: Site, a: Value, b: Value) -> Value | None:
    return -matmul(a, operand(b)) if at.alone(b) and math.prod(at.spec.shape) <= b.size else None


def _constant_factor_elsewhere(at: Site, x: Value, other: Value) -> tuple[Value, Value, bool] | None:
    """(v, c, whether it goes to the other operand) if x = v·c, and c had better be a factor of what is smaller."""
    found = scaled_view(at, x)
    if found is None or not moderate(found.factor) or not x.size:
        return None
    v, c, alone = found
    result = math.prod(at.spec.shape)
    # If others need x too, moving its factor must cost less than half of what it may save.
    source = operand(other) if made_by(other, transpose) else other
    there = at.found(multiply, source, c) is not None
    if other.size < x.size and (there or (alone and other.size < result)):
        return v, c, True
    return (v, c, False) if result * (1 if alone else 2) <= x.size else None


@rule(matmul, multiply)
@rule(matmul, transpose)
def constant_factor_of_first_to_the_smallest(at: Site, a: Value, b: Value) -> Value | None:
    """(v·c)·b = (v·b)·c or v·(b·c), of which the one with the fewest elements to be multiplied by c."""
    found = _constant_factor_elsewhere(at, a, b)
    if found is None:
        return None
    v, c, other = found
    return matmul(v, b * c) if other else matmul(v, b) * c


@rule(matmul, ANY, multiply)
@rule(matmul, ANY, transpose)
def constant_factor_of_second_to_the_smallest(at: Site, a: Value, b: Value) -> Value | None:
    found = _constant_factor_elsewhere(at, b, a)
    if found is None:
        return None
    v, c, other = found
    return matmul(a * c, v) if other else matmul(a, v) * c


@rule(multiply, matmul, CONSTANT)
def constant_factor_into_product(at: Site, x: Value, c: Value) -> Value | None:
    """(a·b)·c = (a·c)·b where a is much smaller."""
    a, b = operands(x)
    if not at.alone(x) or not moderate(c) or not x.size or 2 * min(a.size, b.size) > x.size:
        return None
    return matmul(a * c, b) if a.size <= b.size else matmul(a, b * c)


@rule(transpose, matmul)
@rule(transpose, multiply)
def transpose_of_product(at: Site, x: Value, axes: Axes) -> Value | None:
    """(a·b)ᵀ = bᵀ·aᵀ, in which transposes are views that products take as they are.

    Of a stack with other axes moved too: what was a column, and scattered in memory, is a row then.
    """
    product, c = scaled(x) or (x, None)
    last = x.ndim - 2
    if not made_by(product, matmul) or axes[-1:] != (last,):
        return None
    a, b = operands(product)
    if min(a.ndim, b.ndim) < 2 or not at.alone(x) or not at.alone(product):
        return None
    y = matmul(_swapped(b), _swapped(a))
    rest = {last: last + 1, last + 1: last}
    return transposed(y if c is None else y * c, tuple(rest.get(axis, axis) for axis in axes))


@rule((add, subtract), matmul, matmul)
def common_matrix(at: Site, x: Value, y: Value) -> Value | None:
    """a·c + b·c = (a + b)·c, and c·a + c·b = c·(a + b)."""
    (a, b), (c, d) = operands(x), operands(y)
    if not at.alone(x) or not at.alone(y) or not _is_blas(x):
        return None
    if same(b, d) and a.shape == c.shape and a.size <= x.size * a.shape[-1]:
        return matmul(at.operator(a, c), b)
    if same(a, c) and b.shape == d.shape:
        return matmul(a, at.operator(b, d))
    return None


@rule(sum, matmul)
def sum_of_product(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    """Σ over rows or columns of a·b = (Σa)·b or a·(Σb). (Of infinities it makes fewer NaN.)"""
    a, b = operands(x)
    rows, columns = x.ndim - 2, x.ndim - 1
    if min(a.ndim, b.ndim) < 2 or not at.alone(x) or not _is_blas(x) or not x.size:
        return None
    if columns in axis:
        b = sum(b, axis=-1, keepdims=True)
    elif rows in axis:
        a = sum(a, axis=-2, keepdims=True)
    else:
        return None
    return reshaped(sum(matmul(a, b), axis=axis, keepdims=True), at.spec.shape)


@rule(sum, multiply)
def sum_of_products(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    """Products of arrays that broadcast, summed: a product of matrices, where neither array has all the axes.

    What only one of them has of the axes to be summed is summed first. (Where the other one is infinite, that gives an
    infinity of the sum's sign rather than NaN.)
    """
    a, b = (lifted(y, x.ndim) for y in operands(x))
    if not _is_blas(x) or not x.size or scaled(x) is not None or not _is_contraction(a.shape, b.shape, axis):
        return None
    if not at.alone(x) and not any(at.found(sum, y, axis=axis) is not None for y in operands(x)):
        return None
    labels: tuple[Label, ...] = tuple(range(x.ndim))
    return contract([Term(a, labels), Term(b, labels)], tuple(i for i in labels if i not in axis))


def _is_contraction(a: Shape, b: Shape, axis: Axes) -> bool:
    """Whether fewer elements need be touched than the product has."""
    ndim = len(a)
    if any(a[i] != b[i] for i in axis):
        return True
    shared = math.prod(a[i] for i in axis)
    own = [math.prod(x[i] for i in range(ndim) if i not in axis and a[i] != b[i]) for x in (a, b)]
    stack = math.prod(a[i] for i in range(ndim) if i not in axis and a[i] == b[i])
    if min(own) > 1:
        return True
    return max(own) > 1 and (stack == 1 or max(own) * shared >= LEAST_BATCHED)
