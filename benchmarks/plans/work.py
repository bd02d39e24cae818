"""What is measured: a loss, its parameters and data, written as each library's users would write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Arrays = Sequence[Array]

Loss = Callable[[Any, Sequence[Any], Sequence[Any]], Any]
"""loss(library, parameters, data), a scalar of that library. The library is gradwire, torch, jax.numpy or
autograd.numpy."""

Results = Sequence[Any]
"""The value and the gradient of each parameter; or only the product with the Hessian."""

ByHand = Callable[[Arrays, Arrays], Results]
"""by_hand(parameters, data), by NumPy alone."""


@dataclass(frozen=True)
class Work:
    """A row of the table.

    Attributes:
        name: how the command line calls it.
        title: how the table calls it.
        loss: for libraries without a version of their own.
        by_hand: forward and backward in plain NumPy.
        parameters: float arrays, differentiated with respect to.
        data: the other arrays.
        losses: by library ("ours", "torch", "jax", "autograd"), where one's users would write something else.
        direction: if given, the work is the product of the Hessian (of the only parameter) with this, not the gradient.
    """

    name: str
    title: str
    loss: Loss
    by_hand: ByHand
    parameters: Arrays
    data: Arrays = ()
    losses: Mapping[str, Loss] = field(default_factory=dict[str, Loss])
    direction: Array | None = None

    @property
    def tolerance(self) -> float:
        """How far libraries may differ, relative to an array's largest element."""
        return 1e-9 if self.parameters[0].dtype == np.float64 else 1e-3

    def loss_of(self, library: str) -> Loss:
        """The loss as written for a library."""
        return self.losses.get(library, self.loss)


def normal(rng: np.random.Generator, *shape: int, scale: float = 1.0, dtype: Any = np.float32) -> Array:
    """Normal numbers."""
    return np.asarray(rng.normal(size=shape) * scale, dtype)
