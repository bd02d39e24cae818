"""PyTorch's forms of products' and norms' arguments that its samples don't have."""

import numpy as np
import pytest

import gradwire as gw
import gradwire.torch as th
from gradwire.errors import InvalidArgumentError, ShapeError
from sdk.pytorch import torch

RNG = np.random.default_rng(2)


def test_einsum_takes_lists_of_labels_and_lists_of_operands(session: gw.Session) -> None:
    a, b = RNG.normal(size=(2, 3, 4)), RNG.normal(size=(2, 4, 5))
    expected = np.einsum("bij,bjk->bki", a, b)
    forms = [
        ("bij,bjk->bki", a, b),
        ("bij,bjk->bki", [a, b]),
        (a, [0, 1, 2], b, [0, 2, 3], [0, 3, 1]),
        (a, [..., 30, 2], b, [..., 2, 51], [..., 51, 30]),
    ]
    for form in forms:
        np.testing.assert_allclose(th.einsum(*form).numpy(), expected, rtol=1e-12)
    implicit = torch().einsum(*map(torch().from_numpy, (a,)), [30, 2, 0])
    np.testing.assert_array_equal(th.einsum(a, [30, 2, 0]).numpy(), implicit.numpy())
    with pytest.raises(InvalidArgumentError, match="labels must be from 0 to 51"):
        th.einsum(a, [0, 1, 52])
    with pytest.raises(InvalidArgumentError, match="equation"):
        th.einsum()


def test_cross_finds_the_first_dimension_of_length_three(session: gw.Session) -> None:
    a, b = RNG.normal(size=(2, 3, 3)), RNG.normal(size=(2, 3, 3))
    np.testing.assert_allclose(th.cross(a, b).numpy(), np.cross(a, b, axis=1), rtol=1e-12)
    with pytest.raises(ShapeError, match="no dimension has length 3"):
        th.cross(a[:, :2, :2], b[:, :2, :2])


def test_ranks_are_those_of_pytorch(session: gw.Session) -> None:
    matrix, vector = np.ones((2, 2)), np.ones(2)
    for function, operands in [
        (th.mm, (matrix, vector)),
        (th.mv, (vector, vector)),
        (th.bmm, (matrix, matrix)),
        (th.dot, (matrix, vector)),
        (th.outer, (matrix, vector)),
    ]:
        with pytest.raises(ShapeError, match=f"^{function.__name__}: operand [01] must have"):
            function(*operands)


def test_norm_of_a_matrix_is_that_of_its_elements_unless_nuclear(session: gw.Session) -> None:
    x = RNG.normal(size=(3, 4))
    for p in ("fro", "nuc", 3, 1, float("inf"), None):
        np.testing.assert_allclose(th.norm(x, p).numpy(), torch().norm(torch().from_numpy(x), p).numpy(), rtol=1e-12)
    assert th.norm(x, dtype="float32").dtype == np.float32
    assert th.chain_matmul(x).shape == (3, 4)
