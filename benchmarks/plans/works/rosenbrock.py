"""Rosenbrock's function of 1,000 variables, float64."""

from typing import Any

import numpy as np

from benchmarks.cases import rosenbrock
from benchmarks.plans.work import Arrays, Results, Work, normal


def _loss(xp: Any, p: Any, data: Any) -> Any:
    return rosenbrock(p[0])


def gradient(small: bool) -> Work:
    """Value and gradient."""
    x = normal(np.random.default_rng(0), 10 if small else 1000, dtype=np.float64)
    return Work("rosenbrock", "Rosenbrock, n = 1,000, gradient", _loss, _gradient_by_hand, [x])


def product(small: bool) -> Work:
    """The Hessian's product with a vector."""
    rng = np.random.default_rng(0)
    x, v = (normal(rng, 10 if small else 1000, dtype=np.float64) for _ in range(2))

    def by_hand(p: Arrays, data: Arrays) -> Results:
        return _product_by_hand(p[0], v)

    return Work("rosenbrock-hvp", "Rosenbrock, Hessian times vector", _loss, by_hand, [x], direction=v)


def _gradient_by_hand(p: Arrays, data: Arrays) -> Results:
    (x,) = p
    head = x[:-1]
    r, s = x[1:] - head**2, 1 - head
    value = (100 * r**2 + s**2).sum()
    dx = np.zeros_like(x)
    dx[1:] = 200 * r
    dx[:-1] -= 400 * head * r + 2 * s
    return [value, dx]


def _product_by_hand(x: Any, v: Any) -> Results:
    head = x[:-1]
    product = np.zeros_like(x)
    product[1:] = 200 * v[1:] - 400 * head * v[:-1]
    product[:-1] += (1200 * head**2 - 400 * x[1:] + 2) * v[:-1] - 400 * head * v[1:]
    return [product]
