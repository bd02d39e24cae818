"""Applies operators to what users write: tensors, Python numbers, arrays, nested lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from gradwire import context, tensors
from gradwire.errors import DTypeError, InvalidArgumentError, ShapeError
from gradwire.handles import Handle
from gradwire.sources import source_line
from gradwire_engine.graph import Scalar, operator_named, weak_dtype
from gradwire_engine.spec import DTYPES, Array, DType, Spec, promoted, supported_dtype

if TYPE_CHECKING:
    from gradwire.recorder import Recorder
    from gradwire.session import Session
    from gradwire.tensors import Tensor

ArrayLike: TypeAlias = "Tensor | NDArray[Any] | np.generic | float | Sequence[Any]"
"""What can be an operand: a tensor, an array, a Python number, nested lists of these."""

_INDICES = frozenset(("indices", "target"))
"""Names of operands that are indices: a Python int among them is an int64 whatever the other operands are."""


def apply(
    name: str,
    operands: Sequence[Any],
    attributes: Mapping[str, Any] | None = None,
    *,
    session: Session | None = None,
) -> Any:
    """Records an operation.

    Args:
        name: the operator's.
        operands: tensors, or what can be made one. Python numbers take the dtype of the others, as in NumPy 2. None for
            an optional one that is left out.
        attributes: the operator's attributes. Lists may stand for tuples, and names of dtypes for dtypes.
        session: where, if no operand is a tensor. Default: the current session.

    Returns:
        The result, or a tuple of them.

    Raises:
        ShapeError, DTypeError, InvalidArgumentError: the operands or attributes don't fit.
        FailedPreconditionError: no operand is a tensor, and no session is open.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     apply("add", ([1.0, 2.0], 3))
    tensor([4., 5.])
    """
    results = apply_many(name, operands, attributes, session=session)
    return results[0] if len(results) == 1 else results


def apply_many(
    name: str,
    operands: Sequence[Any],
    attributes: Mapping[str, Any] | None = None,
    *,
    session: Session | None = None,
) -> tuple[Tensor, ...]:
    """As `apply`, and the results are a tuple even if there is one only."""
    kind = operator_named(name)
    names = kind.operands
    while operands and operands[-1] is None:
        operands = operands[:-1]
    if any(operand is None for operand in operands):
        attributes = {**(attributes or {}), "without": kind.without(operands)}
        names = [name for name, operand in zip(names, operands, strict=False) if operand is not None]
    operands = [gathered(operand) for operand in operands if operand is not None]
    recorder = recorder_of(operands, session)
    source = source_line()
    handles = operand_handles(names, operands, recorder, source)
    if not context.gradients_flow():
        handles = [constant(handle, source) for handle in handles]
    checked = kind.validated({key: _attribute(key, value) for key, value in (attributes or {}).items()})
    results = recorder.operation(kind, handles, checked, source)
    return tuple([tensors.wrap(result) for result in results])


def recorder_of(operands: Sequence[Any], session: Session | None = None) -> Recorder:
    """The recorder of the session that all tensors among the operands belong to.

    Raises:
        InvalidArgumentError: they belong to several.
    """
    found: Recorder | None = None if session is None else session.recorder
    for operand in operands:
        if isinstance(operand, tensors.Tensor):
            if found is None:
                found = operand.handle.recorder
            elif operand.handle.recorder is not found:
                raise InvalidArgumentError(
                    "these tensors belong to different sessions; read one of them first, as with x.numpy()",
                    "SESSION_MISMATCH",
                )
    return context.current_session().recorder if found is None else found


def operand_handles(names: Sequence[str], operands: Sequence[Any], recorder: Recorder, source: str) -> list[Handle]:
    """Handles of operands. What isn't a tensor becomes a constant or a leaf."""
    handles: list[Handle | None] = []
    weak = False
    for i, operand in enumerate(operands):
        if isinstance(operand, tensors.Tensor):
            handles.append(operand.handle)
        elif isinstance(operand, bool | int | float) and not isinstance(operand, np.generic):
            if names and names[min(i, len(names) - 1)].strip("*?") in _INDICES:
                handles.append(recorder.scalar(operand, weak_dtype(operand, DTYPES["bool"]), source))
            else:
                handles.append(None)
                weak = True
        else:
            handles.append(upload(as_array(operand), recorder, source))
    if not weak:
        return [handle for handle in handles if handle is not None]
    dtypes = [handle.spec.dtype for handle in handles if handle is not None]
    common = promoted(dtypes) if dtypes else None
    return [
        recorder.scalar(operand, scalar_dtype(operand, common), source) if handle is None else handle
        for operand, handle in zip(operands, handles, strict=True)
    ]


def gathered(data: Any) -> Any:
    """Nested lists that have tensors in them, as one tensor; other data as they are."""
    if not isinstance(data, list | tuple) or not _holds_tensor(data):  # pyright: ignore[reportUnknownArgumentType]
        return cast("Any", data)
    return apply("stack", cast("Sequence[Any]", data))


def _holds_tensor(items: Sequence[Any]) -> bool:
    return any(
        isinstance(item, tensors.Tensor) or (isinstance(item, list | tuple) and _holds_tensor(item))  # pyright: ignore[reportUnknownArgumentType]
        for item in items
    )


def scalar_dtype(scalar: Scalar, other: DType | None = None) -> DType:
    """The dtype that a Python number takes beside an array of dtype `other`, or alone.

    >>> scalar_dtype(1.5, np.dtype("int8")), scalar_dtype(1.5, np.dtype("float16")), scalar_dtype(1.5)
    (dtype('float64'), dtype('float16'), dtype('float64'))
    """
    if other is None:
        return context.default_dtype() if isinstance(scalar, float) else weak_dtype(scalar, DTYPES["bool"])
    return weak_dtype(scalar, other)


def as_array(data: Any, dtype: object = None) -> Array:
    """Data as an array of a supported dtype. Python floats, also in lists, have the default dtype.

    Raises:
        DTypeError: the dtype isn't supported.
        ShapeError: nested lists of different lengths.
    """
    wanted = None if dtype is None else supported_dtype(dtype)
    try:
        array = np.asarray(data, wanted)
    except (TypeError, ValueError, OverflowError) as error:
        kind = ShapeError if "inhomogeneous" in str(error) else DTypeError
        raise kind(f"can't make a tensor of this {type(data).__name__}: {error}") from None
    if wanted is None and array.dtype == np.float64 and isinstance(data, list | tuple | float):
        wanted = array.dtype if isinstance(data, np.generic) else context.default_dtype()
        array = array.astype(wanted, copy=False)
    return array.astype(supported_dtype(array.dtype), copy=False)


def upload(array: Array, recorder: Recorder, source: str) -> Handle:
    """A leaf with a copy of this array; or a constant, which is sent once, for an array without axes."""
    if array.ndim == 0:
        return recorder.scalar(array.item(), array.dtype, source)
    leaf = recorder.leaf(Spec(array.shape, array.dtype), False, source)
    recorder.write(leaf, own_copy(array))
    return leaf


def own_copy(array: Array) -> Array:
    """A copy in C order that nobody else can change."""
    return np.array(array, order="C", copy=True, subok=False)


def constant(handle: Handle, source: str) -> Handle:
    """The value as a constant for derivatives."""
    if not handle.differentiable:
        return handle
    stop = operator_named("stop_gradient")
    (result,) = handle.recorder.operation(stop, (handle,), stop.validated({}), source)
    return result


def _attribute(name: str, value: Any) -> Any:
    """An attribute as operators take it."""
    if name == "dtype":
        return None if value is None else supported_dtype(value)
    if name == "shape" and isinstance(value, int):
        return (value,)
    return value if name == "index" else _plain(value)


def _plain(value: Any) -> Any:
    """Numbers as Python's, and sequences and arrays as tuples."""
    if isinstance(value, np.ndarray):
        value = cast("Array", value).tolist()
    if isinstance(value, list | tuple):
        return tuple([_plain(item) for item in cast("Sequence[Any]", value)])
    return cast("np.generic[Any]", value).item() if isinstance(value, np.generic) else value


def as_tensor(data: Any, session: Session | None = None) -> Tensor:
    """The tensor itself, or a new one with this data."""
    data = gathered(data)
    if isinstance(data, tensors.Tensor):
        return data
    recorder = recorder_of((), session)
    source = source_line()
    (handle,) = operand_handles((), (data,), recorder, source)
    return tensors.wrap(handle)


def require_differentiable(spec: Spec, requires_grad: bool) -> None:
    """Raises DTypeError if a gradient is required of something that can't have one."""
    if requires_grad and spec.dtype.kind != "f":
        raise DTypeError(f"only floating tensors can require a gradient, not {spec.dtype}", dtype=spec.dtype)
