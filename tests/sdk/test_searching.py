"""Functions whose results have shapes that depend on data."""

import numpy as np
import pytest

import gradwire as gw


@pytest.mark.parametrize(
    "data", [np.array([[0.0, 2.0], [2.0, -1.0]]), np.array([3, 0, 3, 1]), np.array([False, True]), np.zeros((0, 2))]
)
def test_places_and_different_elements_are_numpys(session: gw.Session, data: np.ndarray) -> None:
    x = gw.tensor(data)
    for ours, theirs in zip(gw.nonzero(x), np.nonzero(data), strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs)
    np.testing.assert_array_equal(np.unique(x).numpy(), np.unique(data))  # pyright: ignore
    found = gw.unique_all(x)
    np.testing.assert_array_equal(found.values.numpy(), np.unique(data))
    np.testing.assert_array_equal(found.values.numpy()[found.inverse.numpy()], data)
    np.testing.assert_array_equal(data.reshape(-1)[found.indices.numpy()], found.values.numpy())
    assert int(found.counts.numpy().sum()) == data.size
    assert found.values.session is x.session


def test_what_they_find_indexes_differentiably(session: gw.Session) -> None:
    x = gw.tensor([0.0, 2.0, 0.0, 3.0], requires_grad=True)
    (x[gw.nonzero(x)] ** 2).sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [0, 4, 0, 6]
