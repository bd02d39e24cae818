"""Grids of points, and choices of elements."""

import itertools
import math
from typing import Literal

import numpy as np

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import INT64, broadcast, casting, lowered, reshaped, sample_of, unchanged
from gradwire_engine.operators.indices.indexing import take
from gradwire_engine.operators.shaping.creation import Length
from gradwire_engine.operators.shaping.joining import stack
from gradwire_engine.operators.shaping.shapes import identity, ravel, transpose
from gradwire_engine.spec import Array, Shape, Spec, broadcast_shapes


class MeshgridAttributes(Attributes):
    indexing: Literal["xy", "ij"] = "xy"
    sparse: bool = False


class ChoiceAttributes(Attributes):
    n: Length
    r: Length
    with_replacement: bool = False


class CombinationsAttributes(Attributes):
    r: Length = 2
    with_replacement: bool = False


def _require_some(xs: tuple[Value, ...]) -> None:
    if not xs:
        raise ShapeError("needs at least one operand")


def _broadcast_arrays(*xs: Value) -> tuple[Value, ...]:
    _require_some(xs)
    shape = broadcast_shapes([x.shape for x in xs])
    return tuple(identity(broadcast(x, shape)) for x in xs)


broadcast_arrays = lowered(
    "broadcast_arrays",
    ("*xs",),
    "The operands, all broadcast to the shape that they have together, without copying them.",
    _broadcast_arrays,
    derivative="each cotangent, summed over what was repeated",
    samples=(sample_of((2, 1), (3,)), sample_of((), (2,), (1, 1)), sample_of((0, 1))),
)


def _meshgrid(*xs: Value, indexing: str, sparse: bool) -> tuple[Value, ...]:
    _require_some(xs)
    if any(x.ndim > 1 for x in xs):
        raise ShapeError("operands must be vectors or scalars")
    lines = [reshaped(x, tuple(x.size if i == k else 1 for i in range(len(xs)))) for k, x in enumerate(xs)]
    shape = tuple(x.size for x in xs)
    grids = [line if sparse else broadcast(line, shape) for line in lines]
    if indexing == "xy" and len(xs) > 1:
        grids = [transpose(grid, axes=(1, 0, *range(2, len(xs)))) for grid in grids]
    return tuple(identity(grid) for grid in grids)


meshgrid = lowered(
    "meshgrid",
    ("*xs",),
    'The coordinates of a grid\'s points, from those along each axis, without copying them. Indexed "ij", axis i is'
    ' that of operand i; "xy" exchanges the first two. If `sparse`, what broadcasts to the same.',
    _meshgrid,
    derivative="each cotangent, summed over the other axes",
    attributes=MeshgridAttributes,
    samples=(
        sample_of((2,), (3,)),
        sample_of((2,), (), (3,), indexing="ij"),
        sample_of((2,), (3,), sparse=True),
        sample_of((0,)),
    ),
)


def _cartesian_prod(*xs: Value) -> Value:
    _require_some(xs)
    if any(x.ndim != 1 for x in xs):
        raise ShapeError("operands must be vectors")
    if len(xs) == 1:
        return identity(xs[0])
    grids: tuple[Value, ...] = meshgrid(*xs, indexing="ij")
    return stack(*map(ravel, grids), axis=-1)


cartesian_prod = lowered(
    "cartesian_prod",
    ("*xs",),
    "All choices of one element from each vector, as rows, the last one's changing fastest; of one vector, itself.",
    _cartesian_prod,
    derivative="the sum of the cotangents of each element's copies",
    cast=casting(unchanged),
    samples=(sample_of((2,), (3,)), sample_of((2,)), sample_of((2,), (1,), (2,)), sample_of((2,), (0,))),
)


def _choice_shape(n: int, r: int, with_replacement: bool) -> Shape:
    of = n + r - 1 if with_replacement and n else n
    return math.comb(max(of, 0), r), r


def _choices_spec(n: int, r: int, with_replacement: bool) -> Spec:
    return Spec(_choice_shape(n, r, with_replacement), INT64)


def _choices(n: int, r: int, with_replacement: bool, out: Array) -> None:
    chosen = (itertools.combinations_with_replacement if with_replacement else itertools.combinations)(range(n), r)
    flat = itertools.chain.from_iterable(chosen)
    out[...] = np.fromiter(flat, np.int64, out.size).reshape(out.shape)


choices = Operator(
    name="choices",
    operands=(),
    infer=_choices_spec,
    kernel=_choices,
    vjp=NOT_DIFFERENTIABLE,
    summary="The ways to choose r of the numbers below n in increasing order, as rows; if `with_replacement`, each any"
    " number of times.",
    derivative="a constant",
    attributes=ChoiceAttributes,
    samples=(
        Sample((), {"n": 4, "r": 2}),
        Sample((), {"n": 2, "r": 3, "with_replacement": True}),
        Sample((), {"n": 2, "r": 3}),
    ),
)


def _combinations(x: Value, r: int, with_replacement: bool) -> Value:
    if x.ndim != 1:
        raise ShapeError(f"needs a vector, not the shape {list(x.shape)}", shape=list(x.shape))
    return take(x, choices(n=x.size, r=r, with_replacement=with_replacement), axis=0)


combinations = lowered(
    "combinations",
    ("x",),
    "The ways to choose r elements of a vector, as rows; if `with_replacement`, each any number of times.",
    _combinations,
    derivative="the sum of the cotangents of each element's copies",
    attributes=CombinationsAttributes,
    samples=(
        sample_of((3,)),
        sample_of((2,), r=3, with_replacement=True),
        sample_of((3,), r=1),
        sample_of((2,), r=3),
    ),
)
