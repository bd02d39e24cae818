"""Optimisers against PyTorch's."""

from typing import Any

import numpy as np
import pytest

import gradwire as gw
from sdk.pytorch import torch

CASES = {
    "SGD": [("SGD", {"lr": 0.05})],
    "SGD with momentum": [("SGD", {"lr": 0.05, "momentum": 0.9})],
    "SGD with all": [("SGD", {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.1, "nesterov": True})],
    "Adam": [("Adam", {"lr": 0.05})],
    "Adam with all": [("Adam", {"lr": 0.05, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1})],
    "AdamW": [("AdamW", {"lr": 0.05})],
}

RNG = np.random.default_rng(1)
FEATURES, LABELS = RNG.normal(size=(20, 3)), RNG.normal(size=20)


def loss_of(xp: Any, w: Any, b: Any, x: Any, y: Any) -> Any:
    return ((xp.tanh(x @ w + b) - y) ** 2).mean()


@pytest.mark.parametrize("case", CASES)
def test_hundred_steps_as_in_pytorch(session: gw.Session, case: str) -> None:
    th = torch()
    ((name, options),) = CASES[case]
    w, b = gw.tensor(np.ones(3), requires_grad=True), gw.tensor(0.0, requires_grad=True)
    tw, tb = th.ones(3, requires_grad=True), th.zeros((), requires_grad=True)
    ours, theirs = getattr(gw.optim, name)([w, b], **options), getattr(th.optim, name)([tw, tb], **options)
    x, y = gw.tensor(FEATURES), gw.tensor(LABELS)
    for i in range(100):
        if i == 50:
            ours.lr = theirs.param_groups[0]["lr"] = options["lr"] / 3
        ours.zero_grad()
        loss_of(gw, w, b, x, y).backward()
        ours.step()
        theirs.zero_grad()
        loss_of(th, tw, tb, th.tensor(FEATURES), th.tensor(LABELS)).backward()
        theirs.step()
    np.testing.assert_allclose(w.numpy(), tw.detach(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(b.numpy(), tb.detach(), rtol=1e-10, atol=1e-12)


def test_parameters_without_a_gradient_are_left_alone(session: gw.Session) -> None:
    w, unused = gw.tensor([1.0, 2.0], requires_grad=True), gw.tensor([3.0], requires_grad=True)
    optimizer = gw.optim.Adam({"w": w, "unused": unused}, lr=0.1)
    optimizer.step()
    for _ in range(3):
        optimizer.zero_grad()
        (w * w).sum().backward()
        optimizer.step()
    assert unused.tolist() == [3.0]
    assert optimizer.state[0]["step"].item() == 3.0
    assert optimizer.state[1] == {}


def test_gradient_made_none_by_another_client_is_noticed(address: str | None) -> None:
    with gw.connect(address) as session, gw.connect(address, session=session.name) as other:
        w = gw.tensor([1.0], requires_grad=True, label="w", session=session)
        optimizer = gw.optim.SGD([w], lr=0.5)
        for _ in other.backward((other["w"] * 3).sum()):
            pass
        optimizer.step()
        assert w.tolist() == [-0.5]


def test_tensors_keep_their_meaning_across_steps(session: gw.Session) -> None:
    w = gw.tensor([4.0], requires_grad=True)
    optimizer = gw.optim.SGD([w], lr=0.25)
    losses: list[gw.Tensor] = []
    predictions: list[gw.Tensor] = []
    for _ in range(3):
        prediction = w * 1
        loss = (prediction * prediction).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
        predictions.append(prediction)
    assert [loss.item() for loss in losses] == [16.0, 4.0, 1.0]
    assert [prediction.item() for prediction in predictions] == [4.0, 2.0, 1.0]


def test_float32_parameters_stay_float32(session: gw.Session) -> None:
    th = torch()
    w = gw.tensor([1.0, -2.0], "float32", requires_grad=True)
    tw = th.tensor([1.0, -2.0], dtype=th.float32, requires_grad=True)
    for parameter, optimizer in (w, gw.optim.Adam([w], lr=0.1)), (tw, th.optim.Adam([tw], lr=0.1)):
        for _ in range(10):
            optimizer.zero_grad()
            (parameter**2).sum().backward()
            optimizer.step()
    assert w.dtype == gw.float32
    np.testing.assert_allclose(w.numpy(), tw.detach(), rtol=1e-5)


def test_wrong_arguments(session: gw.Session) -> None:
    w = gw.tensor([1.0], requires_grad=True)
    for wrong in (lambda: gw.optim.SGD([]), lambda: gw.optim.SGD([w, w]), lambda: gw.optim.SGD([w * 2])):
        with pytest.raises(gw.InvalidArgumentError):
            wrong()
    with pytest.raises(gw.InvalidArgumentError, match="lr"):
        gw.optim.Adam([w], lr=-1.0)
