"""PyTorch's names: all of its differentiable operators are there, under names that people will try."""

import inspect
from pathlib import Path

import numpy as np
import pytest

import gradwire as gw
import gradwire.torch as torch
from gradwire import manual

NAMES = (Path(__file__).parents[1] / "torch_operators.txt").read_text().split()


@pytest.mark.parametrize("name", NAMES)
def test_every_differentiable_operator_of_pytorch_has_a_counterpart(name: str):
    counterpart = manual.counterpart_of(name)
    assert counterpart is not None
    assert counterpart.written, f"{name} doesn't say how one writes it"
    assert "gw." in counterpart.written or "x" in counterpart.written


def test_names_that_numpy_leaves_free_are_pytorchs():
    with gw.connect():
        x = gw.tensor([[1.0, 2.0], [3.0, 4.0]])
        found = gw.cat([x, x], dim=1)  # pyright: ignore[reportAttributeAccessIssue]
        np.testing.assert_array_equal(found.numpy(), np.concatenate([x.numpy()] * 2, 1))
        by_numpys_word = gw.cat([x, x], axis=1)  # pyright: ignore[reportAttributeAccessIssue]
        np.testing.assert_array_equal(by_numpys_word.numpy(), found.numpy())
        masked = gw.masked.sum(x, mask=np.array([[True, False], [True, True]]))  # pyright: ignore
        assert masked.item() == 8
    for module, name in ((gw, "nonsense"), (gw.linalg, "nonsense"), (gw.nn, "nonsense"), (gw.special, "nonsense")):
        with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
            getattr(module, name)


def test_numpys_names_keep_their_meaning():
    assert gw.sum is not torch.sum
    assert list(inspect.signature(gw.sum).parameters) == ["x", "axis", "keepdims"]


def test_a_model_written_for_pytorch_runs_as_it_is():
    functional = torch.nn.functional
    rng = np.random.default_rng(0)
    with gw.connect():
        images = gw.tensor(rng.normal(size=(2, 1, 6, 6)))
        kernel = gw.tensor(rng.normal(size=(3, 1, 3, 3)), requires_grad=True)
        weight = gw.tensor(rng.normal(size=(4, 12)), requires_grad=True)
        hidden = functional.max_pool2d(functional.relu(functional.conv2d(images, kernel)), 2)
        scores = functional.linear(torch.flatten(hidden, start_dim=1), weight)
        loss = functional.cross_entropy(scores, np.array([1, 3]), reduction="mean")
        loss.backward()
        step = 1e-6
        before = loss.item()
        assert kernel.grad is not None
        slope = float((kernel.grad * kernel.grad).sum())
        kernel.assign(kernel + step * kernel.grad)
        hidden = functional.max_pool2d(functional.relu(functional.conv2d(images, kernel)), 2)
        scores = functional.linear(torch.flatten(hidden, start_dim=1), weight)
        after = functional.cross_entropy(scores, np.array([1, 3]), reduction="mean").item()
        assert (after - before) / step == pytest.approx(slope, rel=1e-4)
