"""Makes tensors: from data, or of a given shape. Made in the current session, or in the one given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike

from gradwire import context, operations, tensors
from gradwire.errors import GradwireError
from gradwire.sources import source_line
from gradwire_engine.graph import Scalar
from gradwire_engine.spec import Spec

if TYPE_CHECKING:
    from gradwire.session import Session
    from gradwire.tensors import Tensor

Shape = int | Sequence[int]


def tensor(
    data: Any,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    label: str | None = None,
    *,
    session: Session | None = None,
) -> Tensor:
    """A leaf with a copy of `data`.

    Args:
        data: an array, a number, nested lists, or a tensor.
        dtype: default: that of the data; Python floats have the default dtype.
        requires_grad: whether `backward` computes its gradient.
        label: a name by which other clients of the session find it, unique in the session. A labelled leaf lives as
            long as the session.
        session: default: the current session.

    Raises:
        DTypeError: the dtype isn't supported, or requires_grad is asked for and it isn't a floating one.
        ShapeError: nested lists of different lengths.
        InvalidArgumentError: the label is taken.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    tensor([[1., 2.],
            [3., 4.]], requires_grad=True)
    """
    data = operations.gathered(data)
    recorder = operations.recorder_of([data], session)
    source = source_line()
    if isinstance(data, tensors.Tensor):
        value = data.detach() if dtype is None or data.dtype == dtype else data.detach().astype(dtype)
        spec = tensors.spec_of(value)
        operations.require_differentiable(spec, requires_grad)
        leaf = recorder.leaf(spec, requires_grad, source, label or "")
        recorder.assign([(leaf, value.handle)])
    else:
        array = operations.as_array(data, dtype)
        spec = Spec(array.shape, array.dtype)
        operations.require_differentiable(spec, requires_grad)
        leaf = recorder.leaf(spec, requires_grad, source, label or "")
        recorder.write(leaf, operations.own_copy(array))
    if label:
        # Others may look for it from now on, and a label that is taken is found out here.
        try:
            recorder.flush()
        except GradwireError:
            recorder.withdraw(leaf)
            raise
    return tensors.wrap(leaf)


def asarray(data: Any, dtype: DTypeLike | None = None, *, session: Session | None = None) -> Tensor:
    """The tensor itself, cast if need be; or a leaf with a copy of `data`.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.asarray([1, 2, 3])
    tensor([1, 2, 3])
    """
    data = operations.gathered(data)
    if isinstance(data, tensors.Tensor):
        operations.recorder_of([data], session)
        return data if dtype is None or data.dtype == dtype else data.astype(dtype)
    return tensor(data, dtype, session=session)


def full(
    shape: Shape,
    fill_value: Scalar,
    dtype: DTypeLike | None = None,
    *,
    requires_grad: bool = False,
    session: Session | None = None,
) -> Tensor:
    """A tensor of `shape` in which each element is `fill_value`. Nothing is uploaded.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.full((2, 2), 7)
    tensor([[7, 7],
            [7, 7]])
    """
    attributes = {
        "shape": lengths(shape),
        "fill_value": fill_value,
        "dtype": operations.scalar_dtype(fill_value) if dtype is None else dtype,
    }
    return _made("full", attributes, requires_grad, session)


def zeros(
    shape: Shape, dtype: DTypeLike | None = None, *, requires_grad: bool = False, session: Session | None = None
) -> Tensor:
    """A tensor of zeros, of the default dtype unless another is given.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.zeros((2, 3))
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    return full(shape, 0, _dtype(dtype), requires_grad=requires_grad, session=session)


def ones(
    shape: Shape, dtype: DTypeLike | None = None, *, requires_grad: bool = False, session: Session | None = None
) -> Tensor:
    """A tensor of ones, of the default dtype unless another is given.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ones(3, "int64")
    tensor([1, 1, 1])
    """
    return full(shape, 1, _dtype(dtype), requires_grad=requires_grad, session=session)


def full_like(x: Tensor, fill_value: Scalar, dtype: DTypeLike | None = None) -> Tensor:
    """A tensor of x's shape, and of its dtype unless another is given, in which each element is `fill_value`."""
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype, session=x.session)


def zeros_like(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Zeros of x's shape, and of its dtype unless another is given."""
    return full_like(x, 0, dtype)


def ones_like(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Ones of x's shape, and of its dtype unless another is given."""
    return full_like(x, 1, dtype)


def arange(
    start: float,
    stop: float | None = None,
    step: float = 1,
    dtype: DTypeLike | None = None,
    *,
    requires_grad: bool = False,
    session: Session | None = None,
) -> Tensor:
    """The numbers from `start` to before `stop`; `arange(n)` starts at 0. Floats among them give the default dtype.

    Raises:
        InvalidArgumentError: the step is 0, or a number doesn't fit the dtype.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.arange(4.0), gw.arange(1, 10, 3)
    (tensor([0., 1., 2., 3.]), tensor([1, 4, 7]))
    """
    start, stop = (0, start) if stop is None else (start, stop)
    if dtype is None and any(isinstance(number, float) for number in (start, stop, step)):
        dtype = context.default_dtype()
    attributes = {"start": start, "stop": stop, "step": step, "dtype": dtype}
    return _made("arange", attributes, requires_grad, session)


def eye(
    n_rows: int,
    n_cols: int | None = None,
    k: int = 0,
    dtype: DTypeLike | None = None,
    *,
    requires_grad: bool = False,
    session: Session | None = None,
) -> Tensor:
    """A matrix with ones on its k-th diagonal and zeros elsewhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    attributes = {"n_rows": n_rows, "n_cols": n_cols, "k": k, "dtype": _dtype(dtype)}
    return _made("eye", attributes, requires_grad, session)


def linspace(
    start: float,
    stop: float,
    num: int = 50,
    endpoint: bool = True,
    dtype: DTypeLike | None = None,
    *,
    requires_grad: bool = False,
    session: Session | None = None,
) -> Tensor:
    """`num` numbers at even distances from `start` to `stop`, which is the last one if `endpoint`.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.linspace(0.0, 1.0, 5)
    tensor([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    attributes = {"start": start, "stop": stop, "num": num, "endpoint": endpoint, "dtype": _dtype(dtype)}
    return _made("linspace", attributes, requires_grad, session)


def lengths(shape: Shape) -> tuple[int, ...]:
    """A shape, given as one length or as several."""
    return (int(shape),) if isinstance(shape, int | np.integer) else tuple(shape)


def _dtype(dtype: DTypeLike | None) -> DTypeLike:
    return context.default_dtype() if dtype is None else dtype


def _made(name: str, attributes: dict[str, Any], requires_grad: bool, session: Session | None) -> Tensor:
    made: Tensor = operations.apply(name, (), attributes, session=session)
    return made.requires_grad_() if requires_grad else made
