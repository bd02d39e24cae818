"""A recurrent cell, step by step."""

from typing import Any

import numpy as np

from benchmarks.plans.work import Arrays, Results, Work, normal


def cell(small: bool) -> Work:
    """50 steps of h = tanh(x·W + h·U + b), hidden 64, inputs 64, batch 16, float32.

    The loss is the mean of the squares of the last h; gradients of W, U and b.
    """
    steps, batch, size = (3, 2, 4) if small else (50, 16, 64)
    rng = np.random.default_rng(0)
    parameters = [*(normal(rng, size, size, scale=size**-0.5) for _ in range(2)), normal(rng, size, scale=0.1)]
    data = [normal(rng, steps, batch, size)]
    losses = {"torch": _loss_torch}
    title = "recurrent cell, 50 steps, hidden 64, batch 16"
    return Work("recurrent", title, _loss, _by_hand, parameters, data, losses)


def _loss(xp: Any, p: Any, data: Any) -> Any:
    (w, u, b), (xs,) = p, data
    h = xp.zeros(xs.shape[1:], dtype=xs.dtype)
    for x in xs:
        h = xp.tanh(x @ w + h @ u + b)
    return (h * h).mean()


def _loss_torch(torch: Any, p: Any, data: Any) -> Any:
    """addmm, as nn.RNNCell has it."""
    (w, u, b), (xs,) = p, data
    h = torch.zeros(xs.shape[1:], dtype=xs.dtype)
    for x in xs:
        h = torch.tanh(torch.addmm(b, x, w) + h @ u)
    return (h * h).mean()


def _by_hand(p: Arrays, data: Arrays) -> Results:
    (w, u, b), (xs,) = p, data
    fed = xs @ w + b
    hs = [np.zeros_like(xs[0])]
    for x in fed:
        hs.append(np.tanh(x + hs[-1] @ u))
    last = hs[-1]
    dh = last * np.float32(2 / last.size)
    dz = np.empty_like(xs)
    for i in range(len(xs) - 1, -1, -1):
        dz[i] = dh * (1 - hs[i + 1] ** 2)
        dh = dz[i] @ u.T
    flat = dz.reshape(-1, dz.shape[-1])
    before = np.concatenate(hs[:-1])
    return [(last * last).mean(), xs.reshape(flat.shape).T @ flat, before.T @ flat, flat.sum(axis=0)]
