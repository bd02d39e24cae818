"""A block of a transformer."""

import math
from typing import Any

import numpy as np

from benchmarks.plans.work import Arrays, Results, Work, normal

HEADS, EPS = 4, 1e-5


def block(small: bool) -> Work:
    """A pre-layer-norm block on (8, 64, 128) with 4 heads, float32; gradients of all twelve parameters.

    y = x + attention(norm(x)), z = y + mlp(norm(y)); self attention without a mask, as two products and a softmax; the
    MLP has 4·128 hidden units and the exact GELU. The loss is the mean of the squares of z.
    """
    batch, length, width = (2, 3, 8) if small else (8, 64, 128)
    rng = np.random.default_rng(0)

    def linear(before: int, after: int) -> Arrays:
        return [normal(rng, before, after, scale=before**-0.5), normal(rng, after, scale=0.1)]

    def norm() -> Arrays:
        return [1 + normal(rng, width, scale=0.1), normal(rng, width, scale=0.1)]

    parameters = [*norm(), *linear(width, 3 * width), *linear(width, width), *norm()]
    parameters += [*linear(width, 4 * width), *linear(4 * width, width)]
    data = [normal(rng, batch, length, width)]
    losses = {"ours": _loss_ours, "torch": _loss_torch, "jax": _loss_jax}
    title = "transformer block, B = 8, T = 64, D = 128, H = 4"
    return Work("transformer", title, _loss, _by_hand, parameters, data, losses)


def _loss(xp: Any, p: Any, data: Any) -> Any:
    """Everything by elementwise functions and products."""
    from autograd.scipy.special import erf  # pyright: ignore[reportMissingImports]

    def norm(x: Any, weight: Any, bias: Any) -> Any:
        centred = x - xp.mean(x, axis=-1, keepdims=True)
        return centred / xp.sqrt(xp.mean(centred**2, axis=-1, keepdims=True) + EPS) * weight + bias

    def softmax(x: Any) -> Any:
        e = xp.exp(x - xp.max(x, axis=-1, keepdims=True))
        return e / xp.sum(e, axis=-1, keepdims=True)

    def gelu(x: Any) -> Any:
        return x * (1 + erf(x * np.float32(math.sqrt(0.5)))) / 2

    return _written(xp, norm, softmax, gelu, p, data)


def _loss_ours(gw: Any, p: Any, data: Any) -> Any:
    def norm(x: Any, weight: Any, bias: Any) -> Any:
        return gw.nn.layer_norm(x, x.shape[-1:], weight, bias, eps=EPS)

    return _written(gw, norm, gw.nn.softmax, gw.nn.gelu, p, data)


def _loss_jax(jnp: Any, p: Any, data: Any) -> Any:
    import jax  # pyright: ignore[reportMissingImports]

    def norm(x: Any, weight: Any, bias: Any) -> Any:
        return jax.nn.standardize(x, epsilon=EPS) * weight + bias

    def gelu(x: Any) -> Any:
        return jax.nn.gelu(x, approximate=False)

    return _written(jnp, norm, jax.nn.softmax, gelu, p, data)


def _written(xp: Any, norm: Any, softmax: Any, gelu: Any, p: Any, data: Any) -> Any:
    (x,) = data
    batch, length, width = x.shape
    head = width // HEADS
    qkv = xp.reshape(norm(x, p[0], p[1]) @ p[2] + p[3], (batch, length, 3, HEADS, head))
    q, k, v = (xp.swapaxes(qkv[:, :, i], 1, 2) for i in range(3))
    attention = softmax(q @ xp.swapaxes(k, -1, -2) / math.sqrt(head)) @ v
    y = x + xp.reshape(xp.swapaxes(attention, 1, 2), (batch, length, width)) @ p[4] + p[5]
    z = y + gelu(norm(y, p[6], p[7]) @ p[8] + p[9]) @ p[10] + p[11]
    return xp.mean(z * z)


def _loss_torch(torch: Any, p: Any, data: Any) -> Any:
    F, (x,) = torch.nn.functional, data
    batch, length, width = x.shape
    head = width // HEADS
    qkv = F.linear(F.layer_norm(x, (width,), p[0], p[1], EPS), p[2].T, p[3])
    q, k, v = qkv.view((batch, length, 3, HEADS, head)).permute(2, 0, 3, 1, 4).unbind(0)
    attention = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(head), -1) @ v
    y = x + F.linear(attention.transpose(1, 2).reshape(batch, length, width), p[4].T, p[5])
    hidden = F.gelu(F.linear(F.layer_norm(y, (width,), p[6], p[7], EPS), p[8].T, p[9]))
    z = y + F.linear(hidden, p[10].T, p[11])
    return (z * z).mean()


def _by_hand(p: Arrays, data: Arrays) -> Results:
    from scipy.special import erf  # pyright: ignore[reportMissingTypeStubs]

    (x,) = data
    batch, length, width = x.shape
    head = width // HEADS
    flat, scale = (batch * length, width), np.float32(1 / math.sqrt(head))
    normed1, kept1 = _norm(x.reshape(flat), p[0], p[1])
    q, k, v = (normed1 @ p[2] + p[3]).reshape((batch, length, 3, HEADS, head)).transpose(2, 0, 3, 1, 4)
    scores = q @ k.mT * scale
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    attended = (scores @ v).transpose(0, 2, 1, 3).reshape(flat)
    y = x.reshape(flat) + attended @ p[4] + p[5]
    normed2, kept2 = _norm(y, p[6], p[7])
    h = normed2 @ p[8] + p[9]
    cdf = (1 + erf(h * np.float32(math.sqrt(0.5)))) * np.float32(0.5)
    hidden = h * cdf
    z = y + hidden @ p[10] + p[11]

    dz = z * np.float32(2 / z.size)
    dh = (dz @ p[10].T) * (cdf + h * np.exp(-h * h / 2) * np.float32(1 / math.sqrt(2 * math.pi)))
    dy, dnorm2 = _norm_backward(dh @ p[8].T, p[6], kept2)
    dy += dz
    dattended = (dy @ p[4].T).reshape(batch, length, -1, head).transpose(0, 2, 1, 3)
    dscores = dattended @ v.mT
    dscores = scores * (dscores - (dscores * scores).sum(axis=-1, keepdims=True)) * scale
    dqkv = np.stack([dscores @ k, dscores.mT @ q, scores.mT @ dattended])
    dqkv = dqkv.transpose(1, 3, 0, 2, 4).reshape(len(x.reshape(flat)), 3 * width)
    _, dnorm1 = _norm_backward(dqkv @ p[2].T, p[0], kept1)
    gradients = [*dnorm1, normed1.T @ dqkv, dqkv.sum(axis=0), attended.T @ dy, dy.sum(axis=0)]
    gradients += [*dnorm2, normed2.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]
    return [np.mean(z * z), *gradients]


def _norm(x: Any, weight: Any, bias: Any) -> Any:
    """The normalised rows, and what the backward pass needs."""
    centred = x - x.mean(axis=-1, keepdims=True)
    inverse = 1 / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(EPS))
    standard = centred * inverse
    return standard * weight + bias, (standard, inverse)


def _norm_backward(dy: Any, weight: Any, kept: Any) -> Any:
    """The cotangent of x, and those of the weight and bias."""
    standard, inverse = kept
    g = dy * weight
    inner = (g * standard).mean(axis=-1, keepdims=True)
    dx = (g - g.mean(axis=-1, keepdims=True) - standard * inner) * inverse
    return dx, [(dy * standard).sum(axis=0), dy.sum(axis=0)]
