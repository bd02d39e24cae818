"""Functions of neural networks, by PyTorch's functional names.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from typing import TYPE_CHECKING, Any

from gradwire.functions import (
    cross_entropy,
    gelu,
    log_softmax,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)

__all__ = [
    "cross_entropy",
    "gelu",
    "log_softmax",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "tanh",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        from gradwire.torch_names import found

        return found(__name__, name)
