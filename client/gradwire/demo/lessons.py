"""Gradients beside the closed forms that a textbook gives for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gradwire as gw
from gradwire import Tensor
from gradwire.demo.report import Report

Function = Callable[[Tensor], Tensor]


def first_steps(report: Report) -> None:
    """The first lesson on automatic differentiation, as PyTorch's users know it."""
    report.title("First steps: y = 2·xᵀx at x = [0, 1, 2, 3]")
    x = gw.arange(4.0)
    x.requires_grad_(True)
    report.check("x.grad before any backward", x.grad, None)
    y = 2 * gw.dot(x, x)
    report.check("y", y, 28.0)
    y.backward()
    report.check("x.grad", x.grad, [0.0, 4.0, 8.0, 12.0])
    report.check("x.grad == 4 * x", x.grad == 4 * x, [True] * 4)
    x.sum().backward()
    report.check("… after x.sum().backward()", x.grad, [1.0, 5.0, 9.0, 13.0])
    report.note("gradients add up until they are zeroed")
    assert x.grad is not None
    x.grad.zero_()
    report.check("x.grad.zero_()", x.grad, [0.0] * 4)
    x.sum().backward()
    report.check("… after x.sum().backward()", x.grad, [1.0] * 4)
    y.backward(mode="zero")
    report.check('y.backward(mode="zero")', x.grad, [0.0, 4.0, 8.0, 12.0])


def gradient(function: Function, x: Any) -> Tensor:
    """The gradient of a function at a point."""
    return gw.grad(function)(x)


def rules(report: Report) -> None:
    """The rules of differentiation."""
    report.title("Rules of differentiation, by gw.grad, beside the closed form")
    e, sin, cos = float(np.e), float(np.sin(2.0)), float(np.cos(2.0))

    def quotient(x: Tensor) -> Tensor:
        return gw.sin(x) / (x**2 + 1)

    report.check("power     d/dx x³            at 2", gradient(lambda x: x**3, 2.0), 12.0)
    report.check("          d/dx eˣ            at 1", gradient(gw.exp, 1.0), e)
    report.check("          d/dx log x         at 2", gradient(gw.log, 2.0), 0.5)
    report.check("          d/dx sin x         at 2", gradient(gw.sin, 2.0), cos)
    report.check("sum       d/dx (x² + sin x)  at 2", gradient(lambda x: x**2 + gw.sin(x), 2.0), 4 + cos)
    report.check("product   d/dx x²·sin x      at 2", gradient(lambda x: x**2 * gw.sin(x), 2.0), 4 * sin + 4 * cos)
    report.check("quotient  d/dx sin x/(x²+1)  at 2", gradient(quotient, 2.0), (cos * 5 - sin * 4) / 25)
    report.check("chain     d/dx sin(x²)       at 2", gradient(lambda x: gw.sin(x**2), 2.0), 4 * np.cos(4.0))
    report.check("2nd order d²/dx² sin x       at 2", gradient(gw.grad(gw.sin), 2.0), -sin)


def matrices(report: Report) -> None:
    """Gradients of linear and quadratic forms; of a vector, the gradient is the transposed Jacobian."""
    report.title("Matrix calculus, A = [[1, 2], [3, 4]], x = [5, 6]: the gradient beside the formula's value")
    matrix, vector = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])
    a = gw.tensor(matrix)

    def jacobian(function: Function) -> Tensor:
        return gw.jacobian(function)(vector)

    report.check("∇ Ax    = Aᵀ", jacobian(lambda x: a @ x).T, matrix.T)
    report.check("∇ xᵀA   = A", jacobian(lambda x: x @ a).T, matrix)
    report.check("∇ xᵀAx  = (A + Aᵀ)x", gradient(lambda x: x @ a @ x, vector), (matrix + matrix.T) @ vector)
    report.check("∇ ‖x‖²  = 2x", gradient(lambda x: gw.dot(x, x), vector), 2 * vector)


def jacobians(report: Report) -> None:
    """A Jacobian and a Hessian, and forward mode against reverse mode."""
    report.title("Jacobian, Hessian, forward and reverse mode")
    polar = np.array([2.0, 0.5])
    r, cos, sin = polar[0], np.cos(polar[1]), np.sin(polar[1])

    def cartesian(p: Tensor) -> Tensor:
        return gw.stack([p[0] * gw.cos(p[1]), p[0] * gw.sin(p[1])])

    def rosenbrock(p: Tensor) -> Tensor:
        return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2

    expected = np.array([[cos, -r * sin], [sin, r * cos]])
    report.check("Jacobian of polar → Cartesian", gw.jacobian(cartesian)(polar), expected)
    x, y = -1.2, 1.0
    expected_hessian = np.array([[2 - 400 * y + 1200 * x**2, -400 * x], [-400 * x, 200.0]])
    report.check("Hessian of Rosenbrock's function", gw.hessian(rosenbrock)([x, y]), expected_hessian)
    columns = [gw.jvp(cartesian, (polar,), (unit,))[1] for unit in np.eye(2)]
    _, pull_back = gw.vjp(cartesian, polar)
    rows = [pull_back(unit)[0] for unit in np.eye(2)]
    report.check("Jacobian by jvp, column by column", np.stack([np.asarray(c) for c in columns], axis=1), expected)
    report.check("Jacobian by vjp, row by row", np.stack([np.asarray(row) for row in rows]), expected)
