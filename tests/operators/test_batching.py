"""Every operator with many rows at once: each row is what it is by itself."""

import numpy as np
import pytest

from gradwire_engine.batching import batched
from gradwire_engine.differentiate import vjp
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Value
from gradwire_engine.spec import Array, is_float
from reference import cases, evaluate, leaf, parametrized

ROWS = 3

every_smooth_case = parametrized(
    case
    for case in cases()
    if case.operator.differentiability is not NOT_DIFFERENTIABLE and any(x.dtype.kind == "f" for x in case.inputs)
)


def rows_of(array: Array, rng: np.random.Generator) -> Array:
    """Rows near an array: where it may be, they may."""
    return array + rng.uniform(-1e-3, 1e-3, (ROWS, *array.shape)).astype(array.dtype)


def check_rows(values: list[Value], singles: list[Value], rows: list[Array], given: dict[Value, Array]) -> None:
    lifted = [leaf(array) for array in rows]
    found = batched(values, dict(zip(singles, lifted, strict=True)))
    together = evaluate([y for y in found if y is not None], given | dict(zip(lifted, rows, strict=True)))
    for value, array in zip(values, together, strict=True):
        assert array.shape == (ROWS, *value.shape)
        for i in range(ROWS):
            one = given | {single: array[i, ...] for single, array in zip(singles, rows, strict=True)}
            np.testing.assert_allclose(array[i], evaluate([value], one)[0], rtol=1e-11, atol=1e-11)


@every_smooth_case
def test_rows_of_operands_and_of_cotangents(operator, inputs, attributes):
    rng = np.random.default_rng(5)
    operands = [leaf(array) for array in inputs]
    result = operator(*operands, **attributes)
    smooth = [y for y in (result if isinstance(result, tuple) else (result,)) if is_float(y.dtype)]
    if not smooth:
        pytest.skip("the result isn't floating")
    given = dict(zip(operands, inputs, strict=True))
    moving = [x for x in operands if is_float(x.dtype)]
    check_rows(smooth, moving, [rows_of(given[x], rng) for x in moving], given)
    cotangents = [leaf(np.zeros(y.shape, y.dtype)) for y in smooth]
    gradients = [g for g in vjp(smooth, cotangents, moving) if g is not None]
    check_rows(gradients, cotangents, [rng.standard_normal((ROWS, *y.shape)) for y in smooth], given)
