"""A chain of elementwise functions of many elements, and arithmetic on one number."""

from typing import Any

import numpy as np

from benchmarks.plans.work import Arrays, Results, Work, normal

LINKS = 4
STEPS = 500


def chain(small: bool) -> Work:
    """y = x, then four times y = tanh(sin(y)·exp(y/2) + y), summed; 10⁶ elements, float32; the gradient of x."""
    x = normal(np.random.default_rng(0), 50 if small else 1_000_000)
    return Work("chain", "elementwise chain, 4 links, 10⁶ elements", _chain, _chain_by_hand, [x])


def _chain(xp: Any, p: Any, data: Any) -> Any:
    (y,) = p
    for _ in range(LINKS):
        y = xp.tanh(xp.sin(y) * xp.exp(y / 2) + y)
    return y.sum()


def _chain_by_hand(p: Arrays, data: Arrays) -> Results:
    (y,) = p
    kept: list[Any] = []
    for _ in range(LINKS):
        sin, exp = np.sin(y), np.exp(y / 2)
        result = np.tanh(sin * exp + y)
        kept.append((y, sin, exp, result))
        y = result
    value, dy = y.sum(), np.ones_like(y)
    for before, sin, exp, result in reversed(kept):
        dy = dy * (1 - result * result)
        dy = dy * (exp * (np.cos(before) + sin / 2) + 1)
    return [value, dy]


def scalar(small: bool) -> Work:
    """x one float32 number, y = x, then 500 times y = sin(y)·x + y/2: 2,000 operations; the gradient of x."""
    steps = 5 if small else STEPS

    def loss(xp: Any, p: Any, data: Any) -> Any:
        (x,) = p
        y = x
        for _ in range(steps):
            y = xp.sin(y) * x + y / 2
        return y

    def by_hand(p: Arrays, data: Arrays) -> Results:
        (x,) = p
        y, kept = x, list[Any]()
        half = np.float32(0.5)
        for _ in range(steps):
            kept.append(y)
            y = np.sin(y) * x + y * half
        dy, dx = np.float32(1), np.float32(0)
        for before in reversed(kept):
            dx += dy * np.sin(before)
            dy = dy * (np.cos(before) * x + half)
        return [y, dx + dy]

    return Work("scalar", "2,000 operations on one number", loss, by_hand, [np.float32(0.7) * np.ones((), np.float32)])
