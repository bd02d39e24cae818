"""PyTorch's counterpart of each operator, or the reason why there is none.

Each module here has `rows()`: for each operator a function of torch tensors and its attributes, or a sentence.
"""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from gradwire_engine.graph import Operator
from oracle.pytorch import torch

ORACLE: dict[str, Callable[..., Any] | str] = {}
if torch is None:
    ORACLE |= dict.fromkeys(Operator.registry, "torch is not installed")
else:
    for _module in pkgutil.iter_modules(__path__):
        if _module.name != "pytorch":
            ORACLE |= importlib.import_module(f"{__name__}.{_module.name}").rows()
