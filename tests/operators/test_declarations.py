"""What every operator must say of itself."""

import json

import numpy as np
import pytest

from gradwire_engine.errors import DTypeError, InvalidArgumentError, LinAlgError
from gradwire_engine.graph import Operator
from gradwire_engine.spec import DTYPES
from oracle import ORACLE
from reference import cases, evaluate, leaf

operators = pytest.mark.parametrize("operator", Operator.registry.values(), ids=list(Operator.registry))


@operators
def test_is_documented_and_has_samples(operator: Operator):
    assert operator.samples, f"{operator.name} has no samples"
    assert operator.summary.strip().endswith(".")
    assert operator.derivative.strip()


@operators
def test_is_compared_with_torch_or_says_why_not(operator: Operator):
    entry = ORACLE.get(operator.name)
    assert callable(entry) or (isinstance(entry, str) and entry), f"{operator.name} has no oracle and no reason why"


def test_the_oracle_knows_no_operators_that_are_not():
    assert set(ORACLE) <= set(Operator.registry)


@operators
def test_attributes_have_a_json_schema(operator: Operator):
    schema = operator.attributes.model_json_schema()
    json.dumps(schema)
    for name in operator.attributes.model_fields:
        assert name in schema["properties"]


@operators
def test_defaults_are_valid_and_attributes_hashable(operator: Operator):
    for sample in operator.samples:
        attributes = operator.validated(sample.attributes)
        again = operator.validated(vars(attributes))
        assert attributes == again
        assert hash(attributes) == hash(again)


@operators
def test_wrong_arity_and_unknown_attributes_are_refused(operator: Operator):
    with pytest.raises(InvalidArgumentError, match="no attribute 'nonsense'"):
        operator.validated({**operator.samples[0].attributes, "nonsense": 1})
    if not any(name.startswith("*") for name in operator.operands):
        inputs = [leaf(np.ones(2))] * (len(operator.operands) + 1)
        with pytest.raises(InvalidArgumentError, match=f"{operator.name} takes"):
            operator(*inputs, **operator.samples[0].attributes)


@pytest.mark.parametrize("dtype", DTYPES.values(), ids=list(DTYPES))
@operators
def test_every_dtype_works_or_is_refused_when_recorded(operator: Operator, dtype: np.dtype):
    for sample in operator.samples:
        inputs = [
            np.abs(np.nan_to_num(np.asarray(array, dtype=float), posinf=0, neginf=0)).astype(dtype)
            for array in sample.inputs
        ]
        leaves = [leaf(array) for array in inputs]
        try:
            result = operator(*leaves, **sample.attributes)
        except (DTypeError, InvalidArgumentError) as error:
            assert str(error).startswith(f"{operator.name}(")  # noqa: PT017
            continue
        values = result if isinstance(result, tuple) else (result,)
        try:
            evaluate(values, dict(zip(leaves, inputs, strict=True)))
        except LinAlgError:
            continue  # of all ones, a matrix is singular
        except ValueError as error:
            assert "Integers to negative integer powers" in str(error)  # noqa: PT017


def test_samples_are_not_too_many_to_read():
    assert len(list(cases())) < 6 * len(Operator.registry)
