"""PyTorch, which some tests compare with; they are skipped loudly where it is missing."""

from typing import Any

import pytest


def torch() -> Any:
    """PyTorch, with double precision as its default."""
    module = pytest.importorskip("torch", reason="PyTorch is missing: run 'make oracle'")
    module.set_default_dtype(module.float64)
    return module
