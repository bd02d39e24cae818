"""Rules of the pass `forms`: what is computed in several steps, as it is written or as derivatives make it."""

import itertools
from collections.abc import Sequence

from gradwire_engine.graph import Value
from gradwire_engine.operators.families import FLOAT16, broadcast, reshaped
from gradwire_engine.operators.indices.index import ARRAY, Index, Slice
from gradwire_engine.operators.indices.indexing import array_index, index_add
from gradwire_engine.operators.pointwise.arithmetic import add, divide, maximum, multiply, negative, subtract
from gradwire_engine.operators.pointwise.comparison import equal, greater, where
from gradwire_engine.operators.pointwise.elementwise import (
    abs,
    exp,
    log,
    log1p,
    logaddexp,
    reciprocal,
    relu,
    sigmoid,
)
from gradwire_engine.operators.reducing.reductions import amax, sum
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.joining import concatenate
from gradwire_engine.operators.shaping.shapes import reshape
from gradwire_engine.plans.rules import (
    ANY,
    CONSTANT,
    Rule,
    Site,
    attribute,
    chapter,
    is_not_negative,
    is_zero,
    made_by,
    number,
    operand,
    operands,
    same,
)
from gradwire_engine.plans.rules_shapes import Axes, lifted
from gradwire_engine.spec import Shape, is_float, reduced_shape

RULES: list[Rule] = []
rule = chapter("forms", RULES)


def bare(x: Value) -> Value:
    """x as it was before it was reshaped."""
    return operand(x) if made_by(x, reshape) else x


# Sigmoids and logarithms


def _exp_of_minus(x: Value) -> Value | None:
    """v if x is exp(−v) + 1."""
    if not made_by(x, add):
        return None
    for e, one in (operands(x), operands(x)[::-1]):
        if number(one) == 1 and made_by(e, exp) and made_by(operand(e), negative):
            return operand(operand(e))
    return None


@rule(reciprocal, add)
def sigmoid_by_reciprocal(at: Site, x: Value) -> Value | None:
    """1/(1 + exp(−v)) = sigmoid(v), also where exp(−v) is out of range."""
    v = _exp_of_minus(x)
    return None if v is None else sigmoid(v)


@rule(log, sigmoid)
def log_of_sigmoid(at: Site, x: Value) -> Value:
    """log(sigmoid(x)) = −log(1 + exp(−x)), also where sigmoid(x) is out of range."""
    return -logaddexp(-operand(x), 0)


@rule(log1p, exp)
def log_of_one_and_exp(at: Site, x: Value) -> Value | None:
    """log(1 + exp(x)), also where exp(x) is out of range."""
    exponent = operand(x)
    if made_by(exponent, negative) and is_not_negative(operand(exponent)):
        return None
    return logaddexp(exponent, 0)


@rule(log, add)
def log_of_exp_and_one(at: Site, x: Value) -> Value | None:
    for e, one in (operands(x), operands(x)[::-1]):
        if number(one) == 1 and made_by(e, exp) and e.shape == x.shape:
            return log1p(e)
    return None


@rule(logaddexp, ANY, CONSTANT)
def softplus(at: Site, x: Value, c: Value) -> Value | None:
    """log(exp(x) + 1) = max(x, 0) + log1p(exp(−|x|)): NumPy does each of these many times as fast as logaddexp."""
    if not is_zero(c) or x.dtype == FLOAT16:
        return None
    return broadcast(maximum(x, 0) + log1p(exp(-abs(x))), at.spec.shape)


@rule(greater, ANY, CONSTANT)
def sign_by_relu(at: Site, x: Value, c: Value) -> Value | None:
    """x > 0 where relu(x) > 0: x itself need not be kept."""
    y = at.found(relu, x) if is_zero(c) else None
    return None if y is None else greater(y, c)


# Softmax


def _is_sum_of(total: Value, e: Value) -> bool:
    return made_by(bare(total), sum) and same(operand(bare(total)), e)


@rule(exp, subtract)
def exp_of_log_softmax(at: Site, x: Value) -> Value | None:
    """exp(v − log(Σ exp(v))) = exp(v)/Σ exp(v), where exp(v) is there already."""
    v, logarithm = operands(x)
    e = at.found(exp, v)
    if e is None or not made_by(bare(logarithm), log) or not _is_sum_of(operand(bare(logarithm)), e):
        return None
    return e / reshaped(operand(bare(logarithm)), logarithm.shape)


@rule(exp, subtract)
def softmax_by_logsumexp(at: Site, x: Value) -> Value | None:
    """exp(v − log(Σ e) − m), where e = exp(v − m), is e/Σe. That a total is −∞ has been taken care of.

    (Of a row in which something is infinite, it may make NaN of what was 0.)
    """
    v, subtracted = operands(x)
    if not made_by(bare(subtracted), where):
        return None
    condition, zero, total = operands(bare(subtracted))
    if not is_zero(zero) or not made_by(condition, equal) or not made_by(bare(total), add):
        return None
    for logarithm, m in (operands(bare(total)), operands(bare(total))[::-1]):
        if not made_by(bare(logarithm), log):
            continue
        share = operand(bare(logarithm))
        e = operand(bare(share)) if made_by(bare(share), sum) else None
        if e is None or not made_by(e, exp) or e.spec != x.spec or not made_by(operand(e), subtract):
            continue
        w, n = operands(operand(e))
        if same(w, v) and same(bare(n), bare(m)):
            shape = subtracted.shape
            return e / where(reshaped(condition, shape), 1, reshaped(share, shape))
    return None


@rule(multiply, divide, ANY)
@rule(multiply, reshape, ANY)
def share_of_total_times_total(at: Site, x: Value, b: Value) -> Value | None:
    """(a/b)·b = a, where b = Σ exp(v − max(v)), which is at least 1 or NaN."""
    if not made_by(bare(x), divide) or x.shape != at.spec.shape:
        return None
    a, divisor = operands(bare(x))
    if not same(bare(divisor), bare(b)) or not _is_total_of_softmax(bare(b)):
        return None
    return reshaped(broadcast(a, bare(x).shape), x.shape)


def _is_total_of_softmax(total: Value) -> bool:
    """Whether a value is Σ exp(v − max(v)) over the same axes, or 1 in place of some such."""
    if made_by(total, where) and number(operands(total)[1]) == 1:
        total = bare(operands(total)[2])
    if not made_by(total, sum) or not made_by(operand(total), exp) or not made_by(operand(operand(total)), subtract):
        return False
    v, top = operands(operand(operand(total)))
    if made_by(bare(top), where):
        top = next((y for y in operands(bare(top))[1:] if made_by(bare(y), amax)), top)
    top = bare(top)
    return made_by(top, amax) and same(operand(top), v) and attribute(top, "axis") == attribute(total, "axis")


@rule(divide)
def share_of_total(at: Site, a: Value, b: Value) -> Value | None:
    """a/b = a·(1/b), where b is a softmax's total, which is neither 0 nor very large."""
    if 2 * b.size > a.size or a.shape != at.spec.shape or not _is_total_of_softmax(bare(b)):
        return None
    return a * reciprocal(b)


# Picking, and adding where was picked


@rule(add, ANY, index_add)
def plus_scattered(at: Site, x: Value, y: Value) -> Value | None:
    """x + (0 with v added at an index) = x with v added there. (Elsewhere, −0 remains −0.)"""
    if not is_zero(operand(y)) or not at.alone(y) or x.shape != y.shape:
        return None
    _, v, *indices = operands(y)
    return index_add(x, v, *indices, index=attribute(y, "index"))


@rule(subtract, ANY, index_add)
def minus_scattered(at: Site, x: Value, y: Value) -> Value | None:
    if not is_zero(operand(y)) or not at.alone(y) or x.shape != y.shape or not is_float(x.dtype):
        return None
    _, v, *indices = operands(y)
    return index_add(x, -v, *indices, index=attribute(y, "index"))


@rule(subtract, index_add)
def scattered_minus(at: Site, x: Value, y: Value) -> Value | None:
    if not is_zero(operand(x)) or not at.alone(x) or x.shape != y.shape or not is_float(x.dtype):
        return None
    _, v, *indices = operands(x)
    return index_add(-y, v, *indices, index=attribute(x, "index"))


@rule(index_add)
def scattered_everywhere(at: Site, x: Value, v: Value, *indices: Value, index: Index) -> Value | None:
    """Zeros with something added to each part of an axis, one after the other: the parts joined."""
    piece = _piece(at.spec.shape, v, index)
    if piece is None:
        return None
    axis, start, stop, _ = piece
    length = at.spec.shape[axis]
    # So that many parts take linear time, they are only looked at when an end is reached.
    if (start and stop < length) or start >= stop:
        return None
    pieces = [piece]
    covered = stop - start
    while made_by(x, index_add):
        x, v, *_ = operands(source := x)
        piece = _piece(at.spec.shape, v, attribute(source, "index"))
        if piece is None or piece[0] != axis or not at.alone(source):
            return None
        pieces.append(piece)
        covered += piece[2] - piece[1]
    if not is_zero(x) or covered != length:
        return None
    pieces.sort(key=lambda piece: piece[1])
    if any(a[2] != b[1] for a, b in itertools.pairwise(pieces)):
        return None
    parts = [part for *_, part in pieces]
    return concatenate(*parts, axis=axis) if len(parts) > 1 else parts[0]


Piece = tuple[int, int, int, Value]


def _piece(shape: Shape, v: Value, index: Index) -> Piece | None:
    """(axis, start, stop, values) if an index picks neighbours along one axis, and all of the others."""
    at = [i for i, item in enumerate(index) if item not in (Slice(), Ellipsis)]
    if len(at) != 1 or (Ellipsis in index and index.index(Ellipsis) < at[0]):
        return None
    axis, item = at[0], index[at[0]]
    length = shape[axis]
    if isinstance(item, int):
        start = item % length
        stop = start + 1
        v = broadcast(v, (*shape[:axis], *shape[axis + 1 :]))
    elif isinstance(item, Slice):
        picked = item.range_of(length)
        if picked.step != 1:
            return None
        start, stop = picked.start, max(picked.start, picked.stop)
        v = broadcast(v, (*shape[:axis], stop - start, *shape[axis + 1 :]))
    else:
        return None
    return axis, start, stop, reshaped(v, (*shape[:axis], stop - start, *shape[axis + 1 :]))


def _axis_of_picks(shape: Shape, index: Index, indices: Sequence[Value]) -> int | None:
    """The axis along which indices pick, for each place along the others, so that each place comes once.

    They do so as take_along_axis makes them, or one for each row of a matrix.
    """
    if index != (ARRAY,) * len(shape) or len(shape) < 2:
        return None
    if len(shape) == 2 and indices[0].shape == indices[1].shape == (shape[0],):
        return 1 if _is_count(indices[0]) else None
    axes = [i for i, x in enumerate(indices) if x.shape != _along(shape, i) or not _is_count(bare(x))]
    return axes[0] if len(axes) == 1 and indices[axes[0]].ndim == len(shape) else None


def _along(shape: Shape, axis: int) -> Shape:
    return tuple(n if i == axis else 1 for i, n in enumerate(shape))


def _is_count(x: Value) -> bool:
    """Whether x is 0, 1, 2 …"""
    return made_by(x, arange) and attribute(x, "start") == 0 and attribute(x, "step") == 1


@rule(sum, index_add)
def sum_of_scattered(at: Site, x: Value, axis: Axes, keepdims: bool) -> Value | None:
    """The sum of zeros with v added once for each line along an axis is v, or its sum along that axis."""
    zeros, v, *indices = operands(x)
    if not is_zero(zeros) or not all(x.shape):
        return None
    picked = _axis_of_picks(x.shape, attribute(x, "index"), indices)
    if picked is None or axis != (picked,):
        return None
    if indices[picked].ndim < x.ndim:
        return broadcast(v, at.spec.shape)
    picks = tuple(indices[picked].shape[i] if i == picked else n for i, n in enumerate(x.shape))
    return sum(broadcast(v, picks), axis=axis)


@rule(array_index, subtract)
def difference_after_picking(at: Site, x: Value, *indices: Value, index: Index) -> Value | None:
    """What is picked of a − b, where b is the same along that axis, needs few differences only."""
    a, b = operands(x)
    picked = _axis_of_picks(x.shape, index, indices)
    if picked is None or a.shape != x.shape or lifted(b, x.ndim).shape != reduced_shape(x.shape, (picked,), True):
        return None
    return array_index(a, *indices, index=index) - (b if indices[picked].ndim == x.ndim else reshaped(b, at.spec.shape))
