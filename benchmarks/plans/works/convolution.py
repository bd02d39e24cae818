"""Two convolutions."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks.plans.work import Arrays, Results, Work, normal


def convolutions(small: bool) -> Work:
    """Two 3×3 convolutions with padding 1, 1→8→16 channels, ReLU after each, on 64 images of 28×28, float32.

    The loss is the mean of squares; gradients of the weights and biases, not of the images.
    """
    batch, size = (2, 5) if small else (64, 28)
    rng = np.random.default_rng(0)
    parameters: list[Any] = []
    for before, after in ((1, 8), (8, 16)):
        parameters += [normal(rng, after, before, 3, 3, scale=(9 * before) ** -0.5), normal(rng, after, scale=0.1)]
    data = [normal(rng, batch, 1, size, size)]
    losses = {"ours": _loss_ours, "torch": _loss_torch, "jax": _loss_jax}
    title = "two 3×3 convolutions, 1→8→16 channels, 28×28, batch 64"
    return Work("convolution", title, _loss, _by_hand, parameters, data, losses)


def _loss(xp: Any, p: Any, data: Any) -> Any:
    """Each convolution is a product with the windows, put side by side."""
    y = data[0]
    for w, b in ((p[0], p[1]), (p[2], p[3])):
        n, _, height, width = y.shape
        padded = xp.pad(y, ((0, 0), (0, 0), (1, 1), (1, 1)), "constant")
        shifted = [padded[:, :, i : i + height, j : j + width] for i in range(3) for j in range(3)]
        columns = xp.reshape(xp.stack(shifted, axis=2), (n, -1, height * width))
        y = xp.maximum(xp.matmul(xp.reshape(w, (len(w), -1)), columns) + b[:, None], 0)
        y = xp.reshape(y, (n, len(w), height, width))
    return xp.mean(y * y)


def _loss_ours(gw: Any, p: Any, data: Any) -> Any:
    y = gw.nn.relu(gw.nn.conv2d(data[0], p[0], p[1], padding=1))
    y = gw.nn.relu(gw.nn.conv2d(y, p[2], p[3], padding=1))
    return (y * y).mean()


def _loss_torch(torch: Any, p: Any, data: Any) -> Any:
    y = torch.relu(torch.nn.functional.conv2d(data[0], p[0], p[1], padding=1))
    y = torch.relu(torch.nn.functional.conv2d(y, p[2], p[3], padding=1))
    return (y * y).mean()


def _loss_jax(jnp: Any, p: Any, data: Any) -> Any:
    import jax  # pyright: ignore[reportMissingImports]

    def convolved(x: Any, w: Any, b: Any) -> Any:
        return jax.nn.relu(jax.lax.conv(x, w, (1, 1), "SAME") + b[:, None, None])

    y = convolved(convolved(data[0], p[0], p[1]), p[2], p[3])
    return jnp.mean(y * y)


def _by_hand(p: Arrays, data: Arrays) -> Results:
    w1, b1, w2, b2 = p
    n, _, height, width = data[0].shape
    columns1 = _columns(data[0])
    y1 = np.maximum(columns1 @ w1.reshape(len(w1), -1).T + b1, 0)
    columns2 = _columns(y1.reshape(n, height, width, len(w1)).transpose(0, 3, 1, 2))
    y2 = np.maximum(columns2 @ w2.reshape(len(w2), -1).T + b2, 0)
    dy2 = y2 * np.float32(2 / y2.size)
    dcolumns = (dy2 @ w2.reshape(len(w2), -1)).reshape(n, height, width, len(w1), 3, 3)
    padded = np.zeros((n, height + 2, width + 2, len(w1)), np.float32)
    for i in range(3):
        for j in range(3):
            padded[:, i : i + height, j : j + width] += dcolumns[..., i, j]
    dy1 = padded[:, 1:-1, 1:-1].reshape(y1.shape) * (y1 > 0)
    dw1, dw2 = (dy1.T @ columns1).reshape(w1.shape), (dy2.T @ columns2).reshape(w2.shape)
    return [np.mean(y2 * y2), dw1, dy1.sum(axis=0), dw2, dy2.sum(axis=0)]


def _columns(x: Any) -> Any:
    """The 3×3 windows of (N, C, H, W) with a margin of zeros, as rows of (N·H·W, C·9)."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = sliding_window_view(padded, (3, 3), axis=(2, 3))
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * 9)
