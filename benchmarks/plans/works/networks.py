"""A multi-layer perceptron, and logistic regression."""

import itertools
from typing import Any

import numpy as np

from benchmarks.plans.work import Arrays, Results, Work, normal


def mlp(small: bool, batch: int) -> Work:
    """784-256-256-10, ReLU, float32: the mean of the cross entropy with integer labels; gradients of all six."""
    sizes = (12, 8, 8, 3) if small else (784, 256, 256, 10)
    rng = np.random.default_rng(0)
    parameters: list[Any] = []
    for before, after in itertools.pairwise(sizes):
        parameters += [normal(rng, before, after, scale=before**-0.5), normal(rng, after, scale=0.1)]
    rows = 4 if small else batch
    data = [normal(rng, rows, sizes[0]), rng.integers(sizes[-1], size=rows)]
    losses = {"ours": _mlp_ours, "torch": _mlp_torch, "jax": _mlp_jax}
    title = f"MLP 784-256-256-10, cross entropy, batch {batch}"
    return Work(f"mlp-{batch}", title, _mlp, _mlp_by_hand, parameters, data, losses)


def _mlp(xp: Any, p: Any, data: Any) -> Any:
    """Cross entropy as a log-softmax and a pick."""
    x, labels = data
    h = xp.maximum(x @ p[0] + p[1], 0)
    h = xp.maximum(h @ p[2] + p[3], 0)
    y = h @ p[4] + p[5]
    y = y - xp.max(y, axis=1, keepdims=True)
    log_probabilities = y - xp.log(xp.sum(xp.exp(y), axis=1, keepdims=True))
    return -xp.mean(log_probabilities[np.arange(len(labels)), labels])


def _mlp_ours(gw: Any, p: Any, data: Any) -> Any:
    x, labels = data
    h = gw.nn.relu(x @ p[0] + p[1])
    h = gw.nn.relu(h @ p[2] + p[3])
    return gw.nn.cross_entropy(h @ p[4] + p[5], labels)


def _mlp_torch(torch: Any, p: Any, data: Any) -> Any:
    """addmm is what nn.Linear does."""
    x, labels = data
    h = torch.relu(torch.addmm(p[1], x, p[0]))
    h = torch.relu(torch.addmm(p[3], h, p[2]))
    return torch.nn.functional.cross_entropy(torch.addmm(p[5], h, p[4]), labels)


def _mlp_jax(jnp: Any, p: Any, data: Any) -> Any:
    import jax  # pyright: ignore[reportMissingImports]

    x, labels = data
    h = jax.nn.relu(x @ p[0] + p[1])
    h = jax.nn.relu(h @ p[2] + p[3])
    log_probabilities = jax.nn.log_softmax(h @ p[4] + p[5])
    return -jnp.mean(jnp.take_along_axis(log_probabilities, labels[:, None], axis=1))


def _mlp_by_hand(p: Arrays, data: Arrays) -> Results:
    x, labels = data
    w1, b1, w2, b2, w3, b3 = p
    rows = np.arange(len(labels))
    h1 = np.maximum(x @ w1 + b1, 0)
    h2 = np.maximum(h1 @ w2 + b2, 0)
    y = h2 @ w3 + b3
    y -= y.max(axis=1, keepdims=True)
    e = np.exp(y)
    total = e.sum(axis=1, keepdims=True)
    value = np.mean(np.log(total[:, 0]) - y[rows, labels])
    dy = e / total
    dy[rows, labels] -= 1
    dy /= np.float32(len(labels))
    dh2 = (dy @ w3.T) * (h2 > 0)
    dh1 = (dh2 @ w2.T) * (h1 > 0)
    return [value, x.T @ dh1, dh1.sum(axis=0), h1.T @ dh2, dh2.sum(axis=0), h2.T @ dy, dy.sum(axis=0)]


def logistic(small: bool) -> Work:
    """10,000 × 100, float32: the mean of binary cross entropy with logits x·w + b; gradients of w and b."""
    rows, columns = (20, 5) if small else (10_000, 100)
    rng = np.random.default_rng(0)
    parameters = [normal(rng, columns, scale=0.1), normal(rng)]
    data = [normal(rng, rows, columns), rng.integers(2, size=rows).astype(np.float32)]
    losses = {"ours": _logistic_ours, "torch": _logistic_torch, "jax": _logistic_jax}
    title = "logistic regression, 10,000 × 100"
    return Work("logistic", title, _logistic, _logistic_by_hand, parameters, data, losses)


def _logistic(xp: Any, p: Any, data: Any) -> Any:
    """Softplus by logaddexp, less the logits of the positive rows."""
    (w, b), (x, y) = p, data
    z = x @ w + b
    return xp.mean(xp.logaddexp(z, 0) - y * z)


def _logistic_ours(gw: Any, p: Any, data: Any) -> Any:
    (w, b), (x, y) = p, data
    return gw.nn.binary_cross_entropy_with_logits(x @ w + b, y)


def _logistic_torch(torch: Any, p: Any, data: Any) -> Any:
    (w, b), (x, y) = p, data
    return torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y)


def _logistic_jax(jnp: Any, p: Any, data: Any) -> Any:
    import jax  # pyright: ignore[reportMissingImports]

    (w, b), (x, y) = p, data
    z = x @ w + b
    return jnp.mean(jax.nn.softplus(z) - y * z)


def _logistic_by_hand(p: Arrays, data: Arrays) -> Results:
    (w, b), (x, y) = p, data
    z = x @ w + b
    e = np.exp(-np.abs(z))
    value = np.mean(np.maximum(z, 0) + np.log1p(e) - y * z)
    dz = (np.where(z >= 0, 1, e) / (1 + e) - y) / np.float32(len(z))
    return [value, dz @ x, dz.sum()]
