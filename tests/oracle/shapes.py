"""PyTorch's counterparts of joining, splitting, repeating, grids and diagonals."""

# ruff: noqa: PLW0108  (lambdas give torch's functions the names of our attributes)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from oracle.pytorch import Tensor, torch


def _parts(split: Callable[..., Any]) -> Callable[..., tuple[Tensor, ...]]:
    return lambda x, indices_or_sections, **axis: tuple(split(x, indices_or_sections, **axis))


def _roll(x: Tensor, shift: Any, axis: Any) -> Tensor:
    if x.ndim == 0:
        return x.clone()
    return torch.roll(x, shift) if axis is None else torch.roll(x, shift, axis)


def _repeat(x: Tensor, repeats: Any, axis: int | None) -> Tensor:
    counts = repeats if isinstance(repeats, int) else torch.tensor(repeats)
    return torch.repeat_interleave(x, counts, dim=axis)


def _meshgrid(*xs: Tensor, indexing: str, sparse: bool) -> list[Tensor]:
    grids = torch.meshgrid(*xs, indexing=indexing)
    if not sparse:
        return list(grids)
    lengths = [1 if i != k else -1 for i in range(len(xs)) for k in range(len(xs))]
    shapes = [lengths[k :: len(xs)] for k in range(len(xs))]
    if indexing == "xy":
        shapes = [[shape[1], shape[0], *shape[2:]] for shape in shapes]
    return [x.reshape(shape) for x, shape in zip(xs, shapes, strict=True)]


def _diag_embed(x: Tensor, offset: int, axis1: int, axis2: int, shape: Any) -> Tensor:
    y = torch.diag_embed(x, offset, axis1, axis2)
    if shape is None:
        return y
    y = y.movedim((axis1, axis2), (-2, -1))[..., : shape[0], : shape[1]]
    y = torch.nn.functional.pad(y, (0, shape[1] - y.shape[-1], 0, shape[0] - y.shape[-2]))
    return y.movedim((-2, -1), (axis1, axis2))


def _diagonal_scatter(x: Tensor, values: Tensor, offset: int, axis1: int, axis2: int) -> Tensor:
    shape = torch.diagonal(x, offset, axis1, axis2).shape
    return torch.diagonal_scatter(x, values.broadcast_to(shape), offset, axis1, axis2)


def _by_numpy(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **attributes: torch.from_numpy(np.asarray(function(**attributes)))


def _tri(n_rows: int, n_cols: int | None, k: int, dtype: Any) -> Any:
    return np.tri(n_rows, n_cols, k, dtype or float)


def _repeated_indices(counts: tuple[int, ...]) -> Any:
    return np.repeat(np.arange(len(counts)), counts)


def _choices(n: int, r: int, with_replacement: bool) -> Tensor:
    return torch.combinations(torch.arange(n), r, with_replacement)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "ravel": torch.ravel,
        "atleast_1d": torch.atleast_1d,
        "atleast_2d": torch.atleast_2d,
        "atleast_3d": torch.atleast_3d,
        "fliplr": torch.fliplr,
        "flipud": torch.flipud,
        "rot90": lambda x, k, axes: torch.rot90(x, k, axes),
        "tile": lambda x, reps: torch.tile(x, (reps,) if isinstance(reps, int) else reps),
        "repeat": _repeat,
        "repeated_indices": _by_numpy(_repeated_indices),
        "roll": _roll,
        "hstack": lambda *xs: torch.hstack(xs),
        "vstack": lambda *xs: torch.vstack(xs),
        "dstack": lambda *xs: torch.dstack(xs),
        "column_stack": lambda *xs: torch.column_stack(xs),
        "block_diag": torch.block_diag,
        "array_split": _parts(lambda x, places, axis: torch.tensor_split(x, places, axis)),
        "hsplit": _parts(torch.hsplit),
        "vsplit": _parts(torch.vsplit),
        "dsplit": _parts(torch.dsplit),
        "unstack": lambda x, axis: torch.unbind(x, axis),
        "broadcast_arrays": torch.broadcast_tensors,
        "meshgrid": _meshgrid,
        "cartesian_prod": torch.cartesian_prod,
        "combinations": lambda x, r, with_replacement: torch.combinations(x, r, with_replacement),
        "choices": _choices,
        "diag": lambda x, k: torch.diag(x, k),
        "diagflat": lambda x, k: torch.diagflat(x, k),
        "diag_embed": _diag_embed,
        "diagonal_scatter": _diagonal_scatter,
        "tri": _by_numpy(_tri),
    }
