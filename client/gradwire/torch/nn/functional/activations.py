"""Activations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from typing import Literal

    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "celu",
    "elu",
    "gelu",
    "glu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "logsigmoid",
    "mish",
    "prelu",
    "relu",
    "relu6",
    "selu",
    "silu",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanhshrink",
    "threshold",
]

logsigmoid = gw.logsigmoid
softsign = gw.softsign
tanhshrink = gw.tanhshrink


def celu(input: ArrayLike, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """gw.celu(x, alpha=alpha)"""
    return gw.celu(input, alpha=alpha)


def elu(input: ArrayLike, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """gw.elu(x, alpha=alpha)"""
    return gw.elu(input, alpha=alpha)


def gelu(input: ArrayLike, *, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """gw.gelu(x, approximate=approximate)"""
    return gw.gelu(input, approximate=approximate)


def glu(input: ArrayLike, dim: int = -1) -> Tensor:
    """gw.glu(x, axis=dim)"""
    return gw.glu(input, axis=dim)


def hardshrink(input: ArrayLike, lambd: float = 0.5) -> Tensor:
    """gw.hardshrink(x, lambd=lambd)"""
    return gw.hardshrink(input, lambd=lambd)


def hardsigmoid(input: ArrayLike, inplace: bool = False) -> Tensor:
    """gw.hardsigmoid(x)"""
    return gw.hardsigmoid(input)


def hardswish(input: ArrayLike, inplace: bool = False) -> Tensor:
    """gw.hardswish(x)"""
    return gw.hardswish(input)


def hardtanh(input: ArrayLike, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """gw.hardtanh(x, min=min_val, max=max_val)"""
    return gw.hardtanh(input, min=min_val, max=max_val)


def leaky_relu(input: ArrayLike, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """gw.leaky_relu(x, negative_slope=negative_slope)"""
    return gw.leaky_relu(input, negative_slope=negative_slope)


def mish(input: ArrayLike, inplace: bool = False) -> Tensor:
    """gw.mish(x)"""
    return gw.mish(input)


def prelu(input: ArrayLike, weight: ArrayLike) -> Tensor:
    """gw.prelu(x, weight)"""
    return gw.prelu(input, weight)


def relu(input: ArrayLike, inplace: bool = False) -> Tensor:
    """gw.relu(x)"""
    return gw.relu(input)


def relu6(input: ArrayLike, inplace: bool = False) -> Tensor:
    """gw.relu6(x)"""
    return gw.relu6(input)


def selu(input: ArrayLike, inplace: bool = False) -> Tensor:
    """gw.selu(x)"""
    return gw.selu(input)


def silu(input: ArrayLike, inplace: bool = False) -> Tensor:
    """gw.silu(x)"""
    return gw.silu(input)


def softmin(input: ArrayLike, dim: int | None = None, _stacklevel: int = 3, dtype: DTypeLike | None = None) -> Tensor:
    """gw.softmin(x, axis=dim)"""
    x = tensor_of(input, dtype)
    if dim is None:
        dim = 0 if x.ndim in (0, 1, 3) else 1
    return gw.softmin(x, axis=dim if x.ndim else ())


def softplus(input: ArrayLike, beta: float = 1, threshold: float = 20) -> Tensor:
    """gw.softplus(x, beta=beta, threshold=threshold)"""
    return gw.softplus(input, beta=beta, threshold=threshold)


def softshrink(input: ArrayLike, lambd: float = 0.5) -> Tensor:
    """gw.softshrink(x, lambd=lambd)"""
    return gw.softshrink(input, lambd=lambd)


def threshold(input: ArrayLike, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """gw.threshold(x, threshold=threshold, value=value)"""
    return gw.threshold(input, threshold=threshold, value=value)
