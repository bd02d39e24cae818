"""Functions whose results have shapes that depend on data: they read their operand, and have no derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


class Unique(NamedTuple):
    """The different elements, sorted, and where they are."""

    values: Tensor
    indices: Tensor
    """Where each is first found in x flattened."""
    inverse: Tensor
    """For each element of x, which of the values it is; of the shape of x."""
    counts: Tensor
    """How often each is found."""


def nonzero(x: ArrayLike) -> tuple[Tensor, ...]:
    """The places of the elements that aren't zero: for each axis of x, their indices along it. Waits for the server.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nonzero([0.0, 3.0, 0.0, 4.0])
    (tensor([1, 3]),)
    """
    given = operations.as_tensor(x)
    return tuple(operations.as_tensor(places, given.session) for places in np.nonzero(np.atleast_1d(given.numpy())))


def unique(x: ArrayLike) -> Tensor:
    """The different elements of x, sorted. Waits for the server. NaNs count as one.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.unique([3, 1, 3])
    tensor([1, 3])
    """
    given = operations.as_tensor(x)
    return operations.as_tensor(np.unique(given.numpy()), given.session)


def unique_all(x: ArrayLike) -> Unique:
    """The different elements of x, sorted, with their first places, which of them each element is, and their counts.

    Waits for the server. NaNs count as different from each other, as in the array API.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.unique_all([3, 1, 3]).counts
    tensor([1, 2])
    """
    given = operations.as_tensor(x)
    array = given.numpy()
    found = np.unique(array, return_index=True, return_inverse=True, return_counts=True, equal_nan=False)
    values, indices, inverse, counts = found
    parts = (values, indices, inverse.reshape(array.shape), counts)
    return Unique(*(operations.as_tensor(part, given.session) for part in parts))
