"""Every operator against PyTorch: values, first and second derivatives."""

import numpy as np
import pytest

from gradwire_engine.differentiate import vjp
from gradwire_engine.graph import Operator
from oracle import ORACLE
from oracle.pytorch import torch
from reference import cases, evaluate, leaf, parametrized

if torch is None:
    pytest.skip("NOT CHECKED AGAINST PYTORCH: torch is not installed (make oracle)", allow_module_level=True)

SINGULAR = {
    "std-3": "of one element: torch's second derivative is NaN, ours 0",
    "std-6": "of one element: torch's second derivative is NaN, ours 0",
    "masked_logaddexp-0": "of −∞, for what is masked: torch's second derivative is NaN, ours 0",
    "masked_logaddexp-1": "of −∞, for what is masked: torch's second derivative is NaN, ours 0",
}
"""Samples whose second derivative is not compared, and why."""


def close(ours, theirs, what: str):
    theirs = theirs.detach().numpy(force=True)
    assert ours.shape == theirs.shape, what
    assert ours.dtype == theirs.dtype, what
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12, err_msg=what)


@pytest.mark.filterwarnings("ignore:.*degrees of freedom is <= 0:UserWarning")
@parametrized(case for case in cases() if callable(ORACLE.get(case.operator.name)))
def test_value_and_derivatives_are_those_of_torch(request, operator: Operator, inputs, attributes):
    rng = np.random.default_rng(1)
    function = ORACLE[operator.name]
    assert callable(function)
    tensors = [torch.from_numpy(array.copy()).requires_grad_(array.dtype.kind == "f") for array in inputs]
    result = function(*tensors, **attributes)
    theirs = list(result) if isinstance(result, tuple | list) else [result]
    leaves = [leaf(array) for array in inputs]
    result = operator(*leaves, **attributes)
    ours = result if isinstance(result, tuple) else (result,)
    given = dict(zip(leaves, inputs, strict=True))
    for mine, yours in zip(evaluate(ours, given), theirs, strict=True):
        close(mine, yours, "value")

    smooth = [i for i, y in enumerate(theirs) if y.requires_grad]
    wrt = [i for i, x in enumerate(tensors) if x.requires_grad]
    if not smooth:
        assert operator.differentiability.name == "NOT_DIFFERENTIABLE" or not wrt or ours[0].dtype.kind != "f"
        return
    w = [rng.standard_normal(ours[i].shape) for i in smooth]
    cotangents = [leaf(array) for array in w]
    given |= dict(zip(cotangents, w, strict=True))
    seeds = [torch.from_numpy(np.asarray(array)).requires_grad_() for array in w]
    first = torch.autograd.grad(
        [theirs[i] for i in smooth],
        [tensors[i] for i in wrt],
        seeds,
        create_graph=True,
        allow_unused=True,
        materialize_grads=True,
    )
    gradients = vjp([ours[i] for i in smooth], cotangents, [leaves[i] for i in wrt])
    for i, g, t in zip(wrt, gradients, first, strict=True):
        close(np.zeros_like(inputs[i]) if g is None else evaluate([g], given)[0], t, f"derivative by operand {i}")

    v = [rng.standard_normal(inputs[i].shape) for i in wrt]
    directions = [leaf(array) for array in v]
    given |= dict(zip(directions, v, strict=True))
    moving = [
        (g, t, d, torch.from_numpy(np.asarray(a))) for g, t, d, a in zip(gradients, first, directions, v, strict=True)
    ]
    moving = [(g, t, d, a) for g, t, d, a in moving if g is not None and t.requires_grad]
    if not moving or request.node.callspec.id in SINGULAR:
        return
    second = torch.autograd.grad(
        [t for _, t, _, _ in moving],
        [*(tensors[i] for i in wrt), *seeds],
        [a for *_, a in moving],
        allow_unused=True,
        materialize_grads=True,
    )
    targets = [*(leaves[i] for i in wrt), *cotangents]
    found = vjp([g for g, *_ in moving if g is not None], [d for _, _, d, _ in moving], targets)
    for target, g, t in zip(targets, found, second, strict=True):
        mine = np.zeros(target.shape, target.dtype) if g is None else evaluate([g], given)[0]
        close(mine, t, "second derivative")
