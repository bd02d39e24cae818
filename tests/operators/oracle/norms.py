"""PyTorch's counterparts of norms."""

# ruff: noqa: PLW0108  (lambdas give torch's functions the names of our attributes)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import torch


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "vector_norm": lambda x, ord, axis, keepdims: torch.linalg.vector_norm(x, ord, dim=axis, keepdim=keepdims),
    }
