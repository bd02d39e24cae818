"""Arrays with what an index picks replaced by values, or combined with them."""

import functools
import math
from typing import Literal

import numpy as np

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Operator, Sample, Value, cast, constant
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    INT64,
    broadcast,
    lowered,
    require_integer,
    reshaped,
    sample_array,
    sample_of,
    sum_to,
    zeros,
)
from gradwire_engine.operators.indices.index import ARRAY, Index, Slice
from gradwire_engine.operators.indices.indexing import (
    IndexAttributes,
    array_index,
    batched_combination,
    combination_scratch,
    combine_at,
    combined_dtypes,
    combined_flops,
    combined_spec,
    getitem,
    index_add,
)
from gradwire_engine.operators.pointwise.comparison import equal, where
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.joining import concatenate, part
from gradwire_engine.operators.shaping.shapes import flip, ravel
from gradwire_engine.spec import Array, DType, Spec, broadcast_shapes, floating

Reduction = Literal["set", "add", "multiply", "mean", "max", "min"]


class IndexReduceAttributes(IndexAttributes):
    reduction: Reduction
    include_self: bool = True


def _index_set_rule(g: Value, y: Value, x: Value, values: Value, *indices: Value, index: Index) -> list[Value | None]:
    blank = constant(0, g.dtype)
    for_values = getitem(g, *indices, index=index)
    if math.prod(broadcast_shapes([i.shape for i in indices])) > 1:
        # Of values for the same element, only the last one is in the result.
        places = reshaped(arange(stop=for_values.size), for_values.shape)
        last = index_set(zeros(x.shape, INT64), places, *indices, index=index)
        for_values = where(equal(getitem(last, *indices, index=index), places), for_values, 0)
    return [
        index_set(g, blank, *indices, index=index),
        sum_to(for_values, values.shape),
        *[None] * len(indices),
    ]


_distinct = (
    Sample((sample_array((3, 4)), sample_array((3,))), {"index": (Slice(), 1)}),
    Sample((sample_array((4, 2)), sample_array((2, 2)), np.array([1, -1])), {"index": (ARRAY,)}),
    Sample(
        (sample_array((2, 3, 2)), sample_array((2, 2)), np.array([0, 0]), np.array([2, 1])), {"index": (ARRAY, ARRAY)}
    ),
    Sample((sample_array((0, 3)), sample_array((0, 1))), {"index": ()}),
)
_repeated = (
    Sample((sample_array((4,), 1, 2), sample_array((4,), 1, 2), np.array([1, -1, 1, 1])), {"index": (ARRAY,)}),
    Sample((sample_array((2, 2, 3)), sample_array((3, 2)), np.array([2, 0, 2])), {"index": (0, Slice(), ARRAY)}),
)
index_set = Operator(
    name="index_set",
    operands=("x", "values", "*indices"),
    infer=combined_spec,
    kernel=functools.partial(combine_at, ufunc=None),
    scratch=combination_scratch,
    vjp=_index_set_rule,
    batch=batched_combination,
    cast=combined_dtypes,
    summary="x with x[index] replaced by `values`; where an index array names an element several times, by the last.",
    derivative="∂x: the cotangent with zeros at the index; ∂values: the cotangent's elements at the index, zero for"
    " those that others replaced",
    attributes=IndexAttributes,
    samples=(*_distinct, _repeated[0]),
)


def _grouping_order_spec(keys: Spec) -> Spec:
    require_integer(keys, "keys")
    if len(keys.shape) != 1:
        raise ShapeError("needs a vector")
    return Spec(keys.shape, INT64)


def _grouping_order(keys: Array, out: Array) -> None:
    out[...] = np.argsort(keys, kind="stable")


grouping_order = Operator(
    name="grouping_order",
    operands=("keys",),
    infer=_grouping_order_spec,
    kernel=_grouping_order,
    vjp=NOT_DIFFERENTIABLE,
    summary="The order in which equal integers stand together.",
    derivative="not differentiable",
    samples=(Sample((np.array([2, 0, 2, 1]),)), Sample((np.zeros((0,), int),))),
)


def _running_products(x: Value, groups: Value) -> Value:
    """For each element, the product of it and those before it in its group; groups stand together.

    By doubling steps, so that its derivatives are made of products too, and exact where elements are zero.
    """
    n, step = x.size, 1
    while step < n:
        same = equal(part(groups, 0, step, n), part(groups, 0, 0, n - step))
        further = part(x, 0, step, n) * where(same, part(x, 0, 0, n - step), 1)
        x = concatenate(part(x, 0, 0, step), further)
        step *= 2
    return x


def _products_before(x: Value, groups: Value) -> Value:
    """For each element, the product of those before it in its group."""
    n = x.size
    same = equal(part(groups, 0, 1, n), part(groups, 0, 0, n - 1))
    before = where(same, part(_running_products(x, groups), 0, 0, n - 1), 1)
    return concatenate(broadcast(constant(1, x.dtype), (1,)), before)


def _products_of_others(x: Value, keys: Value) -> Value:
    """For each element of a vector, the product of the others with the same key, without dividing."""
    if x.size < 2:
        return broadcast(constant(1, x.dtype), x.shape)
    order = grouping_order(keys)
    groups, sorted_x = array_index(keys, order, index=(ARRAY,)), array_index(x, order, index=(ARRAY,))
    after = flip(_products_before(flip(sorted_x), flip(groups)))
    others = _products_before(sorted_x, groups) * after
    places = index_set(zeros(keys.shape, INT64), arange(stop=x.size), order, index=(ARRAY,))
    return array_index(others, places, index=(ARRAY,))


def _index_multiply_rule(
    g: Value, y: Value, x: Value, values: Value, *indices: Value, index: Index
) -> list[Value | None]:
    ones = broadcast(constant(1, x.dtype), x.shape)
    scaled = getitem(g * x, *indices, index=index)
    spread = broadcast(values, scaled.shape)
    if indices:
        places = getitem(reshaped(arange(stop=x.size), x.shape), *indices, index=index)
        scaled = scaled * reshaped(_products_of_others(ravel(spread), ravel(places)), scaled.shape)
    return [
        g * index_multiply(ones, values, *indices, index=index),
        sum_to(scaled, values.shape),
        *[None] * len(indices),
    ]


index_multiply = Operator(
    name="index_multiply",
    operands=("x", "values", "*indices"),
    infer=combined_spec,
    kernel=functools.partial(combine_at, ufunc=np.multiply),
    scratch=combination_scratch,
    flops=combined_flops,
    vjp=_index_multiply_rule,
    batch=batched_combination,
    cast=combined_dtypes,
    summary="x with x[index] multiplied by `values`; what an index array names several times is multiplied several"
    " times.",
    derivative="for each factor, the product of the others, exact where some are zero",
    attributes=IndexAttributes,
    samples=(_distinct[0], *_repeated, _distinct[3]),
)


def _index_extremum_rule(
    g: Value, y: Value, x: Value, values: Value, *indices: Value, index: Index
) -> list[Value | None]:
    at = functools.partial(getitem, index=index)
    largest = at(y, *indices)
    kept, taken = equal(x, y), equal(values, largest)
    ties = index_add(cast(kept, g.dtype), cast(taken, g.dtype), *indices, index=index)
    share = g / ties
    return [
        where(kept, share, 0),
        sum_to(where(taken, at(share, *indices), 0), values.shape),
        *[None] * len(indices),
    ]


def _index_extremum(name: str, summary: str, ufunc: np.ufunc) -> Operator:
    return Operator(
        name=name,
        operands=("x", "values", "*indices"),
        infer=combined_spec,
        kernel=functools.partial(combine_at, ufunc=ufunc),
        scratch=combination_scratch,
        flops=combined_flops,
        vjp=_index_extremum_rule,
        batch=batched_combination,
        cast=combined_dtypes,
        summary=summary,
        derivative="1/k for each of the k equal ones that the element is among, x's included; 0 for the others",
        attributes=IndexAttributes,
        samples=(_distinct[0], *_repeated, _distinct[3]),
    )


index_max = _index_extremum(
    "index_max", "x with x[index] replaced by `values` where those are larger; NaN where one is.", np.maximum
)
index_min = _index_extremum(
    "index_min", "x with x[index] replaced by `values` where those are smaller; NaN where one is.", np.minimum
)


def _neutral(reduction: str, dtype: DType) -> float | int | bool:
    """What changes nothing in a reduction."""
    if reduction not in ("max", "min"):
        return dtype.kind != "b" and int(reduction == "multiply")
    sign = -1 if reduction == "max" else 1
    if dtype.kind in "fb":
        return sign * math.inf if dtype.kind == "f" else sign > 0
    return int(np.iinfo(dtype).min if sign < 0 else np.iinfo(dtype).max)


_COMBINING = {"add": index_add, "multiply": index_multiply, "max": index_max, "min": index_min}


def reduce_at(x: Value, values: Value, *indices: Value, index: Index, reduction: str, include_self: bool) -> Value:
    if reduction == "set":
        return index_set(x, values, *indices, index=index)
    if x.dtype == FLOAT16 and reduction in ("add", "multiply", "mean"):
        x, values = cast(x, FLOAT32), cast(values, FLOAT32)
        return cast(
            reduce_at(x, values, *indices, index=index, reduction=reduction, include_self=include_self), FLOAT16
        )
    if reduction == "mean":
        return _index_mean(x, values, *indices, index=index, include_self=include_self)
    if not include_self:
        neutral = constant(_neutral(reduction, x.dtype), x.dtype)
        x = index_set(x, neutral, *indices, index=index)
    return _COMBINING[reduction](x, values, *indices, index=index)


def _index_mean(x: Value, values: Value, *indices: Value, index: Index, include_self: bool) -> Value:
    x, values = (cast(v, floating(v.dtype)) for v in (x, values))
    one, zero = constant(1, x.dtype), constant(0, x.dtype)
    counts = index_add(broadcast(one, x.shape), one, *indices, index=index)
    if not include_self:
        x = index_set(x, zero, *indices, index=index)
        # Elements that nothing is added to stay as they are.
        counts = where(equal(counts, 1), 1, counts - 1)
    return index_add(x, values, *indices, index=index) / counts


index_reduce = lowered(
    "index_reduce",
    ("x", "values", "*indices"),
    "x with x[index] and `values` reduced to one for each element: the last value, the sum, product, mean, largest or"
    " smallest. Without `include_self`, what x has there doesn't count.",
    reduce_at,
    derivative="that of the reduction; equal largest or smallest ones share it evenly",
    cast=combined_dtypes,
    attributes=IndexReduceAttributes,
    samples=(
        Sample(
            (sample_array((3, 2)), sample_array((3, 2)), np.array([2, 0, 2])),
            {"index": (ARRAY,), "reduction": "mean"},
        ),
        Sample(
            (sample_array((3,)), sample_array((3,)), np.array([2, 0, 2])),
            {"index": (ARRAY,), "reduction": "mean", "include_self": False},
        ),
        Sample(
            (sample_array((2, 3)), sample_array((2,)), np.array([2, 0])),
            {"index": (1, ARRAY), "reduction": "multiply", "include_self": False},
        ),
        sample_of((2, 3), (2, 2), index=(Ellipsis, Slice(start=1)), reduction="max"),
    ),
)
