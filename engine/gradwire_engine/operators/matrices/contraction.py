"""Sums of products over labelled axes, by views and matrix products."""

import itertools
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Value, cast
from gradwire_engine.operators.families import (
    AxisAttribute,
    as_in,
    casting,
    in_float32,
    lowered,
    reshaped,
    sample_of,
    unchanged,
)
from gradwire_engine.operators.matrices.linalg import dot, matmul
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.diagonals import diagonal
from gradwire_engine.operators.shaping.shapes import transpose
from gradwire_engine.spec import normal_axes, normal_axis


class EinsumAttributes(Attributes):
    equation: str


OneOrMoreAxes = int | tuple[int, ...]


class TensordotAttributes(Attributes):
    axes: int | tuple[OneOrMoreAxes, OneOrMoreAxes] = 2


Label = int | str
Labels = tuple[Label, ...]

MOST_ORDERED = 6
"""The most terms of which every order is tried."""
MOST_COMPARED = 16
"""Among how many terms the next pair is sought, so that long products take linear time to plan."""


class Term(NamedTuple):
    """A factor, and a label for each of its axes."""

    x: Value
    labels: Labels


def contract(terms: Sequence[Term], output: Labels) -> Value:
    """The terms' product summed over the labels that `output` lacks. Axes of length 1 broadcast.

    Raises ShapeError where a label's lengths differ.
    """
    lengths = _lengths(terms)
    rest = [_without_repetitions(term) for term in terms]
    uses = Counter(itertools.chain(output, *(term.labels for term in rest)))
    while len(rest) > 1:
        i, j = _next_pair(rest, uses, lengths)
        second, first = rest.pop(j), rest.pop(i)
        uses.subtract(first.labels + second.labels)
        product = _product(first, second, {label for label in first.labels + second.labels if uses[label]}, lengths)
        uses.update(product.labels)
        rest.append(product)
    last = _summed(rest[0], output)
    x = _transposed(last, tuple(label for label in output if label in last.labels))
    return reshaped(x, tuple(lengths[label] for label in output))


def _lengths(terms: Sequence[Term]) -> dict[Label, int]:
    """Each label's length, which is 1 only if it is so everywhere."""
    found: dict[Label, int] = {}
    for x, labels in terms:
        for label, n in zip(labels, x.shape, strict=True):
            known = found.setdefault(label, n)
            if 1 not in (n, known) and n != known:
                named = f"label {label!r}" if isinstance(label, str) else "axes that are to be multiplied"
                raise ShapeError(f"{named} can't have both the lengths {known} and {n}", lengths=f"{known}, {n}")
            found[label] = n if known == 1 else known
    return found


def _without_repetitions(term: Term) -> Term:
    """A term whose labels all differ, by taking diagonals, and without axes of length 1."""
    x, labels = term
    shape = tuple(n for n in x.shape if n != 1)
    labels = tuple(label for label, n in zip(labels, x.shape, strict=True) if n != 1)
    if len(set(labels)) == len(labels) and len(set(term.labels)) == len(term.labels):
        return Term(reshaped(x, shape), labels)
    for label in set(term.labels):
        own = {n for other, n in zip(term.labels, x.shape, strict=True) if other == label}
        if len(own) > 1:
            raise ShapeError(f"label {label!r} is repeated, with lengths {' and '.join(map(str, sorted(own)))}")
    x = reshaped(x, shape)
    for label in sorted(set(labels), key=labels.index):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            x = diagonal(x, axis1=first, axis2=second)
            labels = (*(other for i, other in enumerate(labels) if i not in (first, second)), label)
    return Term(x, labels)


def _next_pair(terms: Sequence[Term], uses: Mapping[Label, int], lengths: Mapping[Label, int]) -> tuple[int, int]:
    """The pair to multiply next, so that all takes few multiplications: as few as can be, if the terms are few.

    `uses` counts for each label the terms, and the result, that have it.
    """

    def work(*factors: Collection[Label]) -> int:
        return math.prod(lengths[label] for label in set(itertools.chain(*factors)))

    def kept(members: Sequence[Term]) -> frozenset[Label]:
        own = Counter(itertools.chain(*(term.labels for term in members)))
        return frozenset(label for label, n in own.items() if uses[label] > n)

    if len(terms) > MOST_ORDERED:
        pairs = itertools.combinations(range(min(len(terms), MOST_COMPARED)), 2)
        chosen = {(i, j): (terms[i], terms[j]) for i, j in pairs}
        return min(chosen, key=lambda at: (work(*(term.labels for term in chosen[at])), work(kept(chosen[at]))))
    # Of each set of terms, as bits: its product's labels, the work for it, and the pair to begin with.
    best: dict[int, tuple[frozenset[Label], int, tuple[int, ...]]] = {}
    for members in range(1, 1 << len(terms)):
        own = [i for i in range(len(terms)) if members >> i & 1]
        if len(own) == 1:
            best[members] = frozenset(terms[own[0]].labels), 0, ()
            continue
        options: list[tuple[int, tuple[int, ...]]] = []
        part = (members - 1) & members
        while part > members ^ part:
            (left, a, first), (right, b, second) = best[part], best[members ^ part]
            options.append((a + b + work(left, right), first or second or (own[0], own[1])))
            part = (part - 1) & members
        best[members] = (kept([terms[i] for i in own]), *min(options))
    i, j = best[(1 << len(terms)) - 1][2]
    return i, j


def _product(first: Term, second: Term, kept: set[Label], lengths: Mapping[Label, int]) -> Term:
    """The product of two terms, summed over the labels that are not kept."""
    first, second = _summed(first, kept.union(second.labels)), _summed(second, kept.union(first.labels))
    # In the order of the larger one, which then is the less likely to be copied.
    larger, smaller = (first, second) if first.x.size >= second.x.size else (second, first)
    shared = [label for label in larger.labels if label in smaller.labels]
    batch = tuple(label for label in shared if label in kept)
    inner = tuple(label for label in shared if label not in kept)
    rows = tuple(label for label in first.labels if label not in shared)
    columns = tuple(label for label in second.labels if label not in shared)

    def shape_of(labels: Labels) -> tuple[int, ...]:
        return tuple(lengths[label] for label in labels)

    if inner:
        k = math.prod(shape_of(inner))
        left = (*shape_of(batch), math.prod(shape_of(rows)), k)
        right = (*shape_of(batch), k, math.prod(shape_of(columns)))
        a = reshaped(_transposed(first, batch + rows + inner), left)
        b = reshaped(_transposed(second, batch + inner + columns), right)
        y = matmul(a, b)
    else:
        a = reshaped(_transposed(first, batch + rows), (*shape_of(batch + rows), *[1] * len(columns)))
        b = reshaped(_transposed(second, batch + columns), (*shape_of(batch), *[1] * len(rows), *shape_of(columns)))
        y = a * b
    labels = batch + rows + columns
    return Term(reshaped(y, shape_of(labels)), labels)


def _summed(term: Term, kept: Collection[Label]) -> Term:
    """The term summed over the labels that are not kept."""
    axes = tuple(i for i, label in enumerate(term.labels) if label not in kept)
    if not axes:
        return term
    return Term(sum(term.x, axis=axes), tuple(label for label in term.labels if label in kept))


def _transposed(term: Term, labels: Labels) -> Value:
    """The term's value with its axes in this order."""
    return term.x if labels == term.labels else transpose(term.x, axes=tuple(map(term.labels.index, labels)))


# Operators


def _contracted(terms: Sequence[Term], output: Labels) -> Value:
    """The sum of products in the operands' own dtype: integers don't widen."""
    dtype = terms[0].x.dtype

    @in_float32
    def in_wider(*xs: Value) -> Value:
        return contract([Term(x, term.labels) for x, term in zip(xs, terms, strict=True)], output)

    return cast(in_wider(*(term.x for term in terms)), dtype)


def _wrong_equation(equation: str, what: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"equation {equation!r}: {what}", "ATTRIBUTE_INVALID", attribute="equation")


def _subscripts(equation: str, part: str) -> tuple[list[str], int | None]:
    """The letters in a part of an equation, and where among them the ellipsis stands."""
    before, dots, after = part.partition("...")
    letters = before + after
    if not all(letter.isascii() and letter.isalpha() for letter in letters):
        wrong = next(letter for letter in letters if not (letter.isascii() and letter.isalpha()))
        raise _wrong_equation(equation, f"{wrong!r} is neither a letter nor one ellipsis")
    return list(letters), len(before) if dots else None


def _operand_labels(equation: str, part: str, ndim: int) -> Labels:
    """A label for each axis; those under the ellipsis are numbered from −1 backwards, so that they line up."""
    letters, ellipsis = _subscripts(equation, part)
    if len(letters) > ndim or (ellipsis is None and len(letters) < ndim):
        raise ShapeError(
            f"equation {equation!r}: {part!r} doesn't fit an operand of {ndim} dimension{'s' * (ndim != 1)}",
            "ATTRIBUTE_INVALID",
            attribute="equation",
        )
    place = 0 if ellipsis is None else ellipsis
    return (*letters[:place], *range(len(letters) - ndim, 0), *letters[place:])


def _output_labels(equation: str, part: str | None, operands: Sequence[Labels]) -> Labels:
    used: list[Label] = [label for labels in operands for label in labels]
    under_ellipsis = sorted({label for label in used if isinstance(label, int)})
    if part is None:
        once = sorted(label for label in used if isinstance(label, str) and used.count(label) == 1)
        return (*under_ellipsis, *once)
    letters, ellipsis = _subscripts(equation, part)
    if len(set(letters)) < len(letters):
        raise _wrong_equation(equation, "a letter comes twice in the result")
    for letter in letters:
        if letter not in used:
            raise _wrong_equation(equation, f"{letter!r} of the result is in no operand")
    return tuple(letters) if ellipsis is None else (*letters[:ellipsis], *under_ellipsis, *letters[ellipsis:])


def _einsum(*xs: Value, equation: str) -> Value:
    left, arrow, right = equation.replace(" ", "").partition("->")
    parts = left.split(",")
    if not xs or len(parts) != len(xs):
        raise _wrong_equation(equation, f"it is for {len(parts)} operand{'s' * (len(parts) != 1)}, not {len(xs)}")
    labels = [_operand_labels(equation, part, x.ndim) for part, x in zip(parts, xs, strict=True)]
    output = _output_labels(equation, right if arrow else None, labels)
    return _contracted([Term(x, own) for x, own in zip(xs, labels, strict=True)], output)


einsum = lowered(
    "einsum",
    ("*xs",),
    "The sum of products that an equation such as 'ij,jk->ik' describes: a letter for each axis of each operand, and"
    " those of the result. Letters that the result lacks are summed over; a letter repeated in an operand takes its"
    " diagonal; an ellipsis stands for axes that broadcast. Without an arrow the result has the ellipsis, then the"
    " letters that come once, in alphabetical order. The cheapest products come first, as matrix products.",
    _einsum,
    derivative="for each operand, the sum of products of g and the other operands",
    cast=casting(unchanged),
    attributes=EinsumAttributes,
    samples=(
        sample_of((2, 3), (3, 2), equation="ij,jk->ik"),
        sample_of((2, 3), (3, 4), (4, 2), (2,), equation="ij,jk,kl,i"),
        sample_of((2, 2, 3), (1, 3), equation="ii...,...j->j..."),
        sample_of((2, 3), equation="ij->"),
        sample_of((2,), (), equation="i,->i"),
        sample_of((0, 2), (2, 3), equation="ab,bc->ca"),
    ),
)


def _paired_axes(a: Value, b: Value, axes: int | tuple[OneOrMoreAxes, OneOrMoreAxes]) -> list[tuple[int, int]]:
    """The axes of a, each with the one of b that it is multiplied along."""
    if isinstance(axes, int):
        if not 0 <= axes <= min(a.ndim, b.ndim):
            raise InvalidArgumentError(
                f"axes {axes} must be between 0 and the number of dimensions, here {min(a.ndim, b.ndim)}",
                "ATTRIBUTE_INVALID",
                attribute="axes",
            )
        return [(a.ndim - axes + i, i) for i in range(axes)]
    first, second = ((given,) if isinstance(given, int) else given for given in axes)
    normal_axes(first, a.ndim)
    normal_axes(second, b.ndim)
    if len(first) != len(second):
        raise InvalidArgumentError(
            f"axes must name as many of x1 as of x2, not {len(first)} and {len(second)}",
            "ATTRIBUTE_INVALID",
            attribute="axes",
        )
    return [(normal_axis(i, a.ndim), normal_axis(j, b.ndim)) for i, j in zip(first, second, strict=True)]


def _tensordot(a: Value, b: Value, axes: int | tuple[OneOrMoreAxes, OneOrMoreAxes]) -> Value:
    partner = {j: i for i, j in _paired_axes(a, b, axes)}
    left = tuple(range(a.ndim))
    right = tuple(partner.get(j, a.ndim + j) for j in range(b.ndim))
    output = tuple(label for label in (*left, *right) if label not in partner.values())
    return _contracted([Term(a, left), Term(b, right)], output)


tensordot = lowered(
    "tensordot",
    ("x1", "x2"),
    "The sum of products over pairs of axes: the last `axes` of x1 with the first of x2, or each axis in the first part"
    " of `axes` with that in the second. The result has the other axes of x1, then those of x2. Along a pair an axis of"
    " length 1 broadcasts.",
    _tensordot,
    derivative="∂x1: the sum of g·x2 over the axes of x2 alone; ∂x2: of x1·g over those of x1 alone",
    cast=casting(unchanged),
    attributes=TensordotAttributes,
    samples=(
        sample_of((2, 2, 3), (2, 3, 2)),
        sample_of((2, 3), (2, 2), axes=0),
        sample_of((2, 3, 2), (3, 2, 2), axes=((0, 1), (2, 0))),
        sample_of((2, 3), (2, 0), axes=(0, 0)),
    ),
)


def _inner(a: Value, b: Value) -> Value:
    if not a.shape or not b.shape:
        return a * b
    left = tuple(range(a.ndim))
    right = (*range(a.ndim, a.ndim + b.ndim - 1), a.ndim - 1)
    return _contracted([Term(a, left), Term(b, right)], (*left[:-1], *right[:-1]))


inner = lowered(
    "inner",
    ("x1", "x2"),
    "The sum of products over the last axis of both. With a scalar, multiply.",
    _inner,
    derivative="∂x1: the sum of g·x2 over the axes of x2 alone; ∂x2: of g·x1 over those of x1 alone",
    cast=casting(unchanged),
    samples=(sample_of((3,), (3,)), sample_of((2, 3), (4, 3)), sample_of((), (2, 2)), sample_of((2, 0), (0,))),
)


def _vdot(a: Value, b: Value) -> Value:
    if a.size != b.size:
        raise ShapeError(f"operands have {a.size} and {b.size} elements, and need as many")
    return dot(reshaped(a, (a.size,)), reshaped(b, (b.size,)))


vdot = lowered(
    "vdot",
    ("x1", "x2"),
    "The inner product of the operands, flattened.",
    _vdot,
    derivative="∂x1: g·x2; ∂x2: g·x1",
    cast=casting(as_in(np.matmul)),
    samples=(sample_of((3,), (3,)), sample_of((2, 2), (4,)), sample_of((), ()), sample_of((0,), (0,))),
)


def _vecdot(a: Value, b: Value, axis: int) -> Value:
    ndim = max(a.ndim, b.ndim)
    along = normal_axis(axis, ndim)
    # Labels count from the end, as axes do that broadcast.
    terms = [Term(x, tuple(range(ndim - x.ndim, ndim))) for x in (a, b)]
    return _contracted(terms, tuple(label for label in range(ndim) if label != along))


vecdot = lowered(
    "vecdot",
    ("x1", "x2"),
    "The inner products of the vectors along an axis of x1 and x2 broadcast together.",
    _vecdot,
    derivative="∂x1: g·x2; ∂x2: g·x1",
    cast=casting(unchanged),
    attributes=AxisAttribute,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((2, 3), (3,)),
        sample_of((2, 3), (2, 1), axis=0),
        sample_of((0,), (0,)),
    ),
)
