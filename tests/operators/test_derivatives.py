"""Every operator's derivatives against finite differences, to second order, in reverse and forward mode."""

import functools

import numpy as np
import pytest

from gradwire_engine.differentiate import jvp, vjp
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Operator, Value
from gradwire_engine.memory import Account
from gradwire_engine.plans.compiler import compile_program
from gradwire_engine.plans.passes import without
from gradwire_engine.plans.plan import Plan
from gradwire_engine.plans.program import ALIGNMENT
from gradwire_engine.spec import Array, is_float
from reference import cases, evaluate, leaf, parametrized

STEP = 1e-5

every_case = parametrized(cases())
every_smooth_case = parametrized(
    case
    for case in cases()
    if case.operator.differentiability is not NOT_DIFFERENTIABLE and any(x.dtype.kind == "f" for x in case.inputs)
)


def symmetric(x: Array, place: int, attributes: dict) -> Array:
    return (x + np.swapaxes(x, -2, -1)) / 2 if x.ndim > 1 and attributes.get("hermitian", True) else x


def triangular_last(x: Array, place: int, attributes: dict, last: int = 0) -> Array:
    return x if place < last else np.triu(x) if attributes["upper"] else np.tril(x)


WITHIN = {
    **dict.fromkeys(("cholesky", "eigh", "eigvalsh", "pinv", "truncated_inverse"), symmetric),
    "cholesky_inverse": triangular_last,
    "cholesky_solve": functools.partial(triangular_last, last=1),
}
"""Operators of matrices of a kind, of which they look at one triangle: how to move within that kind."""


class Tried:
    """An operator applied to leaves, with cotangents and directions for its floating operands and results."""

    def __init__(self, operator: Operator, inputs: tuple[Array, ...], attributes: dict):
        rng = np.random.default_rng(7)
        self.leaves = [leaf(array) for array in inputs]
        result = operator(*self.leaves, **attributes)
        values: tuple[Value, ...] = result if isinstance(result, tuple) else (result,)
        self.results = values
        self.smooth = [y for y in values if is_float(y.dtype)]
        self.wrt = [x for x in self.leaves if is_float(x.dtype)]
        self.given = dict(zip(self.leaves, inputs, strict=True))
        self.cotangents = self.supply([rng.standard_normal(y.shape) for y in self.smooth], self.smooth)
        tangents = [rng.standard_normal(x.shape) for x in self.wrt]
        if operator.name in WITHIN:
            tangents = [WITHIN[operator.name](t, i, attributes) for i, t in enumerate(tangents)]
        self.tangents = self.supply(tangents, self.wrt)

    def supply(self, arrays: list, like: list[Value]) -> list[Value]:
        arrays = [np.asarray(array, dtype=x.dtype) for array, x in zip(arrays, like, strict=True)]
        leaves = [leaf(array) for array in arrays]
        self.given |= dict(zip(leaves, arrays, strict=True))
        return leaves

    def worth(self, values) -> list[Array]:
        """What values are worth; zeros for none of them."""
        present = iter(evaluate([value for value in values if value is not None], self.given))
        return [np.array(0.0) if value is None else next(present) for value in values]

    def inner(self, values, others) -> float:
        """Σ values·others."""
        pairs = zip(self.worth(values), self.worth(others), strict=True)
        return sum(float(np.sum(a.astype(float) * b)) for a, b in pairs)

    def moved(self, values, step: float) -> list[Array]:
        """What values are worth when the floating operands have moved by `step` along the tangents."""
        before = dict(self.given)
        for x, v in zip(self.wrt, self.tangents, strict=True):
            self.given[x] = before[x] + step * before[v]
        result = self.worth(values)
        self.given = before
        return result

    def slope(self, values) -> list[Array]:
        """The derivative of values along the tangents, by finite differences."""
        pairs = zip(self.moved(values, STEP), self.moved(values, -STEP), strict=True)
        return [(ahead - behind) / (2 * STEP) for ahead, behind in pairs]


def close(ours, expected, **tolerance):
    np.testing.assert_allclose(ours, expected, **{"rtol": 2e-6, "atol": 2e-7, **tolerance})


@every_smooth_case
def test_first_order(operator, inputs, attributes):
    tried = Tried(operator, inputs, attributes)
    if not tried.smooth:
        return
    gradients = vjp(tried.smooth, tried.cotangents, tried.wrt)
    for x, g, array in zip(tried.wrt, gradients, tried.worth(gradients), strict=True):
        assert g is None or (array.shape, array.dtype) == x.spec
    forward = jvp(tried.smooth, tried.wrt, tried.tangents)
    slopes = tried.slope(tried.smooth)
    for y, t, array, slope in zip(tried.smooth, forward, tried.worth(forward), slopes, strict=True):
        assert t is None or (array.shape, array.dtype) == y.spec
        close(array, slope)
    backward = tried.inner(gradients, tried.tangents)
    close(backward, tried.inner(forward, tried.cotangents), rtol=1e-11, atol=1e-13)
    with np.errstate(invalid="ignore"):
        expected = sum(np.sum(w * s) for w, s in zip(tried.worth(tried.cotangents), slopes, strict=True))
    close(backward, expected)


@every_smooth_case
def test_second_order(operator, inputs, attributes):
    tried = Tried(operator, inputs, attributes)
    gradients = [g for g in vjp(tried.smooth, tried.cotangents, tried.wrt) if g is not None]
    rng = np.random.default_rng(8)
    others = tried.supply([rng.standard_normal(g.shape) for g in gradients], gradients)
    if not gradients:
        return
    slopes = tried.slope(gradients)
    expected = sum(np.sum(u * s) for u, s in zip(tried.worth(others), slopes, strict=True))
    reverse = tried.inner(vjp(gradients, others, tried.wrt), tried.tangents)
    close(reverse, expected)
    forward = jvp(gradients, tried.wrt, tried.tangents)
    for array, slope in zip(tried.worth(forward), slopes, strict=True):
        close(array, slope)
    close(reverse, tried.inner(forward, others), rtol=1e-10, atol=1e-12)
    # Linear in the cotangents: their derivative is forward mode itself.
    again = tried.inner(vjp(gradients, others, tried.cotangents), tried.cotangents)
    close(again, tried.inner(gradients, others), rtol=1e-11, atol=1e-13)


@every_smooth_case
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_dtypes_are_kept(operator, inputs, attributes, dtype):
    exact = Tried(operator, inputs, attributes)
    narrow = tuple(x.astype(dtype) if x.dtype.kind == "f" else x for x in inputs)
    tried = Tried(operator, narrow, attributes)
    if operator.name not in ("astype", "float_power"):
        assert [y.dtype for y in tried.smooth] == [np.dtype(dtype)] * len(tried.smooth)
    gradients = vjp(tried.smooth, tried.cotangents, tried.wrt)
    assert all(g is None or g.spec == x.spec for x, g in zip(tried.wrt, gradients, strict=True))
    if operator.name in STEPS:
        return
    tolerance = {"rtol": 2e-4, "atol": 2e-5} if dtype is np.float32 else {"rtol": 0.08, "atol": 0.08}
    for ours, theirs in zip(tried.worth(tried.results), exact.worth(exact.results), strict=True):
        close(ours.astype(float), theirs, **tolerance)
    reference = exact.worth(vjp(exact.smooth, exact.cotangents, exact.wrt))
    for ours, theirs in zip(tried.worth(gradients), reference, strict=True):
        close(ours.astype(float), theirs, **tolerance)


STEPS = {"floor", "ceil", "round", "trunc", "sign", "floor_divide", "remainder"}
"""Operators that jump, so that rounding an operand may change much."""

EACH_ITS_OWN = {"broadcast_arrays", "meshgrid"}
"""Operators with a result for each operand, of its dtype, as NumPy has them."""


@every_smooth_case
def test_mixed_dtypes_give_each_operand_its_own(operator, inputs, attributes):
    floats = [i for i, x in enumerate(inputs) if x.dtype.kind == "f"]
    for narrow in floats if len(floats) > 1 else []:
        mixed = tuple(x.astype(np.float32) if i == narrow else x for i, x in enumerate(inputs))
        tried = Tried(operator, mixed, attributes)
        assert operator.name in EACH_ITS_OWN or all(y.dtype == np.float64 for y in tried.smooth)
        gradients = vjp(tried.smooth, tried.cotangents, tried.wrt)
        assert all(g is None or g.spec == x.spec for x, g in zip(tried.wrt, gradients, strict=True))
        tried.worth(gradients)


@every_smooth_case
def test_integers_count_as_float64_or_give_integers(operator, inputs, attributes):
    whole = tuple(np.round(np.nan_to_num(x)).astype(np.int64) if x.dtype.kind == "f" else x for x in inputs)
    leaves = [leaf(x) for x in whole]
    if operator.name == "cross_entropy" and whole[0].shape == whole[1].shape:
        return  # integer targets are classes
    result = operator(*leaves, **attributes)
    for y in result if isinstance(result, tuple) else (result,):
        assert y.dtype.name in {"float64", "int64", "int32", "bool", str(attributes.get("dtype"))}


def strided(array: Array) -> Array:
    """An equal array with gaps and negative strides."""
    wide = np.zeros(tuple(2 * n for n in array.shape), array.dtype)
    view = wide[(*[slice(None, None, -2)] * array.ndim, ...)]
    view[...] = array
    return view


@every_case
def test_operands_need_not_be_contiguous(operator, inputs, attributes):
    tried = Tried(operator, inputs, attributes)
    values = [*tried.results, *(vjp(tried.smooth, tried.cotangents, tried.wrt) if tried.smooth and tried.wrt else [])]
    expected = tried.worth(values)
    tried.given = {value: strided(array) for value, array in tried.given.items()}
    for ours, theirs in zip(tried.worth(values), expected, strict=True):
        close(ours, theirs, rtol=1e-13, atol=1e-13)


@every_case
def test_plans_agree_to_the_bit(operator, inputs, attributes):
    tried = Tried(operator, inputs, attributes)
    found = vjp(tried.smooth, tried.cotangents, tried.wrt) if tried.smooth and tried.wrt else []
    values = [*tried.results, *(g for g in found if g is not None)]
    with without():
        program = compile_program(values, list(tried.given), {})
    plan = Plan(program, np.empty(program.arena_bytes + ALIGNMENT, np.uint8), Account())
    expected = tried.worth(values)
    for _ in range(2):
        seen = set()
        results = [np.empty(value.shape, value.dtype) for value in values]
        for position in plan.run(list(tried.given.values()), results, lambda: None):
            assert results[position].dtype == expected[position].dtype
            np.testing.assert_array_equal(results[position], expected[position])
            seen.add(position)
        assert seen == set(range(len(values)))
