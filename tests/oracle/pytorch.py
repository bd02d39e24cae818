"""PyTorch, if it is installed."""

import importlib
from typing import Any

Tensor = Any


def _optional(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


torch, F = _optional("torch"), _optional("torch.nn.functional")

NO_COUNTERPART = "torch has nothing like it; tested by itself"
