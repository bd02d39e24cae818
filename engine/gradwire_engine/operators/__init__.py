"""The operators: to import this package is to fill `Operator.registry`."""

from gradwire_engine.operators import (
    arithmetic,
    comparison,
    creation,
    elementwise,
    index,
    indexing,
    joining,
    linalg,
    networks,
    reductions,
    shapes,
)

__all__ = [
    "arithmetic",
    "comparison",
    "creation",
    "elementwise",
    "index",
    "indexing",
    "joining",
    "linalg",
    "networks",
    "reductions",
    "shapes",
]
