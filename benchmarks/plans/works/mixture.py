"""The log-likelihood of a mixture of Gaussians with a Wishart prior: ADBench's objective."""

import math
from typing import Any

import numpy as np

from benchmarks.plans.work import Arrays, Results, Work, normal

GAMMA, DEGREES = 1.0, 0
"""The prior's parameters (γ and m)."""


def mixture(small: bool) -> Work:
    """d = 10, k = 25, n = 1,000, float64; gradients of alphas, means and icf.

    Component j has the weight exp(αⱼ)/Σ exp(α), the mean μⱼ, and the inverse covariance QⱼᵀQⱼ. Q is lower triangular: a
    row of icf has the logarithms of its diagonal, then its other elements column by column. The objective is

        Σᵢ log Σⱼ exp(αⱼ + log det Qⱼ − ½‖Qⱼ(xᵢ − μⱼ)‖²) − n·log Σⱼ exp(αⱼ) − n·d/2·log 2π + log p(Q),

    and the prior is log p(Q) = Σⱼ (½γ²‖Qⱼ‖² − m·log det Qⱼ) − k·(c·d·log(γ/√2) − log Γ_d(c/2)), c = d + m + 1.
    """
    d, k, n = (3, 2, 6) if small else (10, 25, 1000)
    rng = np.random.default_rng(0)
    shapes = [(k,), (k, d), (k, d * (d + 1) // 2)]
    parameters = [normal(rng, *shape, scale=0.5, dtype=np.float64) for shape in shapes]
    x = normal(rng, n, d, dtype=np.float64)
    # Where L's elements are in a row of icf that has a zero added.
    places = np.full((d, d), shapes[2][1])
    places.T[np.triu_indices(d, 1)] = np.arange(d, shapes[2][1])
    losses = {"torch": _loss_torch, "jax": _loss_jax, "autograd": _loss_autograd}
    title = f"Gaussian mixture, d = {d}, k = {k}, n = {n:,}"
    return Work("mixture", title, _loss, _by_hand, parameters, [x, places], losses)


def _constant(d: int, k: int, n: int) -> float:
    """All that doesn't depend on the parameters."""
    c = d + DEGREES + 1
    log_gamma = d * (d - 1) / 4 * math.log(math.pi) + sum(math.lgamma((c - i) / 2) for i in range(d))
    return -n * d / 2 * math.log(2 * math.pi) - k * (c * d * math.log(GAMMA / math.sqrt(2)) - log_gamma)


def _loss(xp: Any, p: Any, data: Any) -> Any:
    return _objective(xp, xp.logsumexp, p, data)


def _loss_jax(jnp: Any, p: Any, data: Any) -> Any:
    import jax  # pyright: ignore[reportMissingImports]

    return _objective(jnp, jax.nn.logsumexp, p, data)


def _loss_autograd(np: Any, p: Any, data: Any) -> Any:
    from autograd.scipy.special import logsumexp  # pyright: ignore[reportMissingImports]

    return _objective(np, logsumexp, p, data)


def _objective(xp: Any, logsumexp: Any, p: Any, data: Any) -> Any:
    (alphas, means, icf), (x, places) = p, data
    (n, d), k = x.shape, len(alphas)
    logs = icf[:, :d]
    diagonal, log_det = xp.exp(logs), xp.sum(logs, axis=1)
    lower = xp.concatenate([icf, xp.zeros((k, 1))], axis=1)[:, places]
    centred = x[:, None, :] - means
    scaled = diagonal * centred + xp.einsum("kij,nkj->nki", lower, centred)
    inner = alphas + log_det - 0.5 * xp.sum(scaled**2, axis=2)
    likelihood = xp.sum(logsumexp(inner, axis=1)) - n * logsumexp(alphas, axis=0)
    squares = xp.sum(diagonal**2) + xp.sum(icf[:, d:] ** 2)
    return likelihood + 0.5 * GAMMA**2 * squares - DEGREES * xp.sum(log_det) + _constant(d, k, n)


def _loss_torch(torch: Any, p: Any, data: Any) -> Any:
    (alphas, means, icf), (x, places) = p, data
    (n, d), k = x.shape, len(alphas)
    logs = icf[:, :d]
    diagonal, log_det = torch.exp(logs), logs.sum(1)
    lower = torch.nn.functional.pad(icf, (0, 1))[:, places]
    centred = x[:, None, :] - means
    scaled = diagonal * centred + torch.einsum("kij,nkj->nki", lower, centred)
    inner = alphas + log_det - 0.5 * (scaled**2).sum(2)
    likelihood = torch.logsumexp(inner, 1).sum() - n * torch.logsumexp(alphas, 0)
    squares = (diagonal**2).sum() + (icf[:, d:] ** 2).sum()
    return likelihood + 0.5 * GAMMA**2 * squares - DEGREES * log_det.sum() + _constant(d, k, n)


def _by_hand(p: Arrays, data: Arrays) -> Results:
    """Q by component, so that both passes are batched products."""
    (alphas, means, icf), x = p, data[0]
    (n, d), k = x.shape, len(alphas)
    diagonal, log_det = np.exp(icf[:, :d]), icf[:, :d].sum(axis=1)
    q = np.zeros((k, d, d))
    columns, rows = np.triu_indices(d, 1)
    q[:, rows, columns] = icf[:, d:]
    q[:, np.arange(d), np.arange(d)] = diagonal
    centred = x - means[:, None, :]
    scaled = centred @ q.mT
    inner = (alphas + log_det)[:, None] - 0.5 * (scaled * scaled).sum(axis=2)
    top = inner.max(axis=0)
    e = np.exp(inner - top)
    total = e.sum(axis=0)
    weights = np.exp(alphas - alphas.max())
    value = (np.log(total) + top).sum() - n * (np.log(weights.sum()) + alphas.max()) + _constant(d, k, n)
    value += 0.5 * GAMMA**2 * ((diagonal**2).sum() + (icf[:, d:] ** 2).sum()) - DEGREES * log_det.sum()
    share = e / total
    shares = share.sum(axis=1)
    dscaled = -scaled * share[:, :, None]
    dq = dscaled.mT @ centred
    dicf = np.empty_like(icf)
    dicf[:, :d] = diagonal * dq[:, np.arange(d), np.arange(d)] + shares[:, None] - DEGREES + GAMMA**2 * diagonal**2
    dicf[:, d:] = dq[:, rows, columns] + GAMMA**2 * icf[:, d:]
    dmeans = -np.matmul(dscaled.sum(axis=1)[:, None, :], q)[:, 0]
    return [value, shares - n * weights / weights.sum(), dmeans, dicf]
