"""Tensor: an array that lives in a session, and remembers how it was computed."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from gradwire import context, indexing, interop, operations
from gradwire.errors import (
    DTypeError,
    FailedPreconditionError,
    GradwireError,
    InvalidArgumentError,
    ShapeError,
    UnsupportedError,
)
from gradwire.handles import Handle, Kind
from gradwire.methods import Methods
from gradwire.sources import source_line
from gradwire_engine.spec import Array, DType, Spec

if TYPE_CHECKING:
    from gradwire.session import Session

Mode = Literal["accumulate", "zero"]
_OPERAND_TYPES = (int, float, np.generic, np.ndarray, list, tuple)


class Tensor(Methods):
    """An array on the server. Functions of tensors are recorded, and computed when something is read.

    A tensor never changes because something it was computed from was assigned to later. A leaf is what was assigned to
    it last. Reading (`numpy`, `item`, `print` …) waits for the server; nothing else does, save `backward`.

    Make tensors with `gradwire.tensor`, `zeros`, `arange` …
    """

    __slots__ = ("__weakref__", "_handle")

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        if handle.kind is Kind.LEAF:
            handle.tensor = weakref.ref(self)

    @property
    def handle(self) -> Handle:
        """What the SDK knows of it. Not part of the public interface."""
        return self._handle

    # What it is

    @property
    def session(self) -> Session:
        """The session that it lives in."""
        return self._handle.recorder.session

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return self._handle.spec.shape

    @property
    def dtype(self) -> DType:
        """Type of the elements, as NumPy has it."""
        return self._handle.spec.dtype

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self._handle.spec.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return self._handle.spec.size

    @property
    def nbytes(self) -> int:
        """Bytes that the elements take."""
        return self._handle.spec.nbytes

    @property
    def T(self) -> Tensor:
        """The axes in reverse order."""
        return operations.apply("transpose", (self,))

    @property
    def mT(self) -> Tensor:
        """The last two axes swapped: each matrix transposed.

        Raises:
            ShapeError: fewer than two axes.
        """
        if self.ndim < 2:
            raise ShapeError(f"mT needs two axes, and this tensor has {self.ndim}")
        return operations.apply("swapaxes", (self,), {"axis1": -1, "axis2": -2})

    mH = mT
    """As PyTorch has it: of real numbers, the same as mT."""

    def __len__(self) -> int:
        if not self.shape:
            raise UnsupportedError("a tensor without axes has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    # Reading

    def numpy(self) -> NDArray[Any]:
        """Its value as a read-only NumPy array. Waits for the server.

        >>> import gradwire as gw
        >>> with gw.connect():
        ...     gw.arange(3.0).numpy()
        array([0., 1., 2.])
        """
        return self._handle.recorder.read((self._handle,))[0]

    def item(self) -> float | int | bool:
        """The value of a tensor of one element, as a Python number. Waits for the server.

        Raises:
            ShapeError: it doesn't have one element.
        """
        if self.size != 1:
            raise ShapeError(f"only a tensor of one element is a number; this one has shape {list(self.shape)}")
        return self.numpy().item()

    def tolist(self) -> Any:
        """Its value as nested lists of Python numbers, or a number if it has no axes. Waits for the server."""
        return self.numpy().tolist()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __bool__(self) -> bool:
        return bool(self.item())

    def __index__(self) -> int:
        if self.ndim or self.dtype.kind not in "iu":
            raise DTypeError(f"only an integer without axes is an index, not {self._handle.spec}")
        return int(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self.ndim == 0 and spec else str(self)

    def __repr__(self) -> str:
        flags = ", requires_grad=True" * self.requires_grad
        try:
            array = self.numpy()
        except GradwireError as error:
            return f"tensor(<{type(error).__name__}: {error}>, shape={self.shape}, dtype={self.dtype}{flags})"
        if self.dtype not in (context.default_dtype(), np.dtype("int64"), np.dtype("bool")) or not array.size:
            flags = f", dtype={self.dtype}{flags}"
        text = np.array2string(array, separator=", ", precision=4, prefix="tensor(", suffix=")", max_line_width=110)
        return f"tensor({text}{flags})"

    # Automatic differentiation

    @property
    def requires_grad(self) -> bool:
        """Whether `backward` through it reaches a leaf that requires a gradient (or it is one)."""
        return self._handle.requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    @property
    def is_leaf(self) -> bool:
        """Whether it has no gradient history."""
        return self._handle.kind is Kind.LEAF or not self._handle.requires_grad

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Sets whether `backward` computes its gradient, and returns the tensor itself.

        What was computed from it before keeps treating it as it was.

        Raises:
            DTypeError: its dtype isn't a floating one.
            FailedPreconditionError: it was computed from something that requires a gradient.

        >>> import gradwire as gw
        >>> with gw.connect():
        ...     gw.zeros(2).requires_grad_()
        tensor([0., 0.], requires_grad=True)
        """
        handle = self._handle
        if requires_grad and self.dtype.kind != "f":
            raise DTypeError(f"only floating tensors can require a gradient, not {self.dtype}", dtype=self.dtype)
        if not self.is_leaf or handle.traced:
            raise FailedPreconditionError(
                "requires_grad can be set on leaves only; this tensor was computed from one that requires a gradient"
                " (detach() gives a tensor without that history)",
                "NOT_A_LEAF",
            )
        if handle.kind is Kind.LEAF:
            recorder = handle.recorder
            with recorder.lock:
                if requires_grad and not handle.requires_grad and recorder.was_constant(handle):
                    gradient = self.grad
                    old = recorder.replace_leaf(handle)
                    if gradient is not None:
                        self.grad = gradient
                    # Until here it kept the gradient on the server.
                    del old
                recorder.set_requires_grad(handle, requires_grad)
        elif requires_grad:
            self._become_leaf(requires_grad)
        return self

    def _become_leaf(self, requires_grad: bool) -> None:
        """Makes this tensor a leaf with the value that it has; others that share its handle are left as they are."""
        old, recorder = self._handle, self._handle.recorder
        with recorder.lock:
            leaf = recorder.leaf(old.spec, requires_grad, source_line())
            recorder.assign([(leaf, old)])
        self._handle = leaf
        leaf.tensor = weakref.ref(self)

    @property
    def grad(self) -> Tensor | None:
        """The stored gradient of a leaf, or None if there is none. Waits for the server.

        It shows what is stored, also after later backward passes, until that becomes none.
        """
        handle = self._handle
        if handle.kind is not Kind.LEAF or self.session.gradient_versions([self])[0] is None:
            return None
        return wrap(handle.recorder.stored_gradient(handle, source_line()))

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is None:
            self.session.zero_gradients([self], to_none=True)
            return
        # A leaf's derivative with respect to itself is the identity, so its contribution is the cotangent.
        for _ in self.session.backward(self, [self], "zero", gradient=value, returns="nothing"):
            pass

    def zero_(self) -> Tensor:
        """Makes all elements zero: of a stored gradient (`x.grad.zero_()`), or of a leaf.

        Raises:
            FailedPreconditionError: it is neither, or the gradient has become none since.
        """
        handle = self._handle
        if handle.kind is Kind.GRADIENT:
            (key,) = handle.deps.keys
            leaf = handle.recorder.known_leaf(-key, handle.spec, True)
            handle.recorder.zero_gradients([leaf], to_none=False)
            return self
        return self.assign(0)

    def backward(self, gradient: Any = None, mode: Mode = "accumulate") -> None:
        """Computes the gradient of this tensor with respect to the leaves it depends on, and stores it with them.

        Args:
            gradient: the cotangent, of this tensor's shape; may be left out for one element, where it is 1.
            mode: "accumulate" adds to what is stored; "zero" replaces it.

        Raises:
            FailedPreconditionError: no leaf that it depends on requires a gradient, or one of them was assigned to
                after this was recorded.
            InvalidArgumentError: it has more than one element, and no gradient was given.
            ShapeError, DTypeError: the gradient doesn't fit, or this isn't a floating tensor.
            RuleMissingError: an operator on the way has no derivative rule.

        >>> import gradwire as gw
        >>> with gw.connect():
        ...     x = gw.tensor([1.0, 2.0], requires_grad=True)
        ...     (x * x).sum().backward()
        ...     x.grad
        tensor([2., 4.])
        """
        for _ in self.session.backward(self, mode=mode, gradient=gradient, returns="nothing"):
            pass

    def detach(self) -> Tensor:
        """The same value as a constant for derivatives."""
        return wrap(operations.constant(self._handle, source_line()))

    # Assignment

    def assign(self, value: Any) -> Tensor:
        """Makes this leaf worth `value`, and returns the leaf. What was computed from it before stays as it was.

        Args:
            value: broadcast to the leaf's shape. A tensor's dtype must be convertible without loss of kind.

        Raises:
            ShapeError: it doesn't broadcast to the leaf's shape.
            DTypeError: it can't be converted to the leaf's dtype.
            FailedPreconditionError: this isn't a leaf.

        >>> import gradwire as gw
        >>> with gw.connect():
        ...     x = gw.tensor([1.0, 2.0])
        ...     y = x * 10
        ...     x.assign([3.0, 4.0]), y
        (tensor([3., 4.]), tensor([10., 20.]))
        """
        if not self.is_leaf or self._handle.kind is Kind.GRADIENT or self._handle.traced:
            raise FailedPreconditionError(
                "only leaves can be assigned to; this tensor was computed from one that requires a gradient"
                if self._handle.kind is not Kind.GRADIENT
                else "a stored gradient can't be assigned to; use x.grad = …",
                "NOT_A_LEAF",
            )
        new = self._converted(value)
        if self._handle.kind is not Kind.LEAF:
            self._become_leaf(False)
        recorder = self._handle.recorder
        if isinstance(new, Tensor):
            recorder.assign([(self._handle, new.handle)])
        else:
            recorder.write(self._handle, new)
        return self

    def _converted(self, value: Any) -> Tensor | Array:
        """A value in this tensor's shape and dtype: a tensor if it is one, or an array."""
        value = operations.gathered(value)
        if isinstance(value, Tensor):
            operations.recorder_of((self, value))
            given = value.shape, value.dtype
        else:
            value = np.asarray(value) if isinstance(value, bool | int | float) else operations.as_array(value)
            given = value.shape, value.dtype
        weak = not isinstance(value, Tensor) and value.ndim == 0 and value.dtype.kind in "bif"
        if not np.can_cast(given[1], self.dtype, "same_kind") and not (weak and self.dtype.kind == "f"):
            raise DTypeError(f"{given[1]} can't be assigned to a leaf of {self.dtype}", dtype=given[1])
        if given[0] != self.shape and (
            len(given[0]) > self.ndim
            or any(m not in (1, n) for m, n in zip(given[0][::-1], self.shape[::-1], strict=False))
        ):
            raise ShapeError(f"a value of shape {list(given[0])} can't be assigned to a leaf of {list(self.shape)}")
        if not isinstance(value, Tensor):
            return np.array(np.broadcast_to(value, self.shape), self.dtype, order="C")
        if value.dtype != self.dtype:
            value = operations.apply("astype", (value,), {"dtype": self.dtype})
        if value.shape != self.shape:
            value = operations.apply("broadcast_to", (value,), {"shape": self.shape})
        return value

    def _in_place(self, name: str, other: Any) -> Any:
        """x += y assigns to a leaf where that can't lose a gradient; otherwise Python makes it x = x + y."""
        if self._handle.kind is not Kind.LEAF:
            return NotImplemented
        flows = context.gradients_flow()
        if flows and isinstance(other, Tensor) and other.requires_grad:
            return NotImplemented
        if flows and self.requires_grad:
            raise FailedPreconditionError(
                "a leaf that requires a gradient can't be changed in place; do it within gradwire.no_grad(), or use"
                " assign",
                "LEAF_IN_USE",
            )
        return self.assign(operations.apply(name, (self, other)))

    def __iadd__(self, other: Any) -> Any:
        return self._in_place("add", other)

    def __isub__(self, other: Any) -> Any:
        return self._in_place("subtract", other)

    def __imul__(self, other: Any) -> Any:
        return self._in_place("multiply", other)

    def __itruediv__(self, other: Any) -> Any:
        return self._in_place("divide", other)

    # Operators of Python and NumPy

    def reshape(self, *shape: int | Sequence[int]) -> Tensor:
        """The same elements in another shape, given as one sequence or as separate lengths; one may be -1.

        Raises:
            ShapeError: the number of elements differs.
        """
        return operations.apply("reshape", (self,), {"shape": _flat(shape)})

    def transpose(self, *axes: int | Sequence[int]) -> Tensor:
        """The axes in this order; in reverse order if none are given."""
        return operations.apply("transpose", (self,), {"axes": _flat(axes) if axes and axes != (None,) else None})

    def __getitem__(self, key: Any) -> Tensor:
        return indexing.getitem(self, key)

    def __neg__(self) -> Tensor:
        return operations.apply("negative", (self,))

    def __pos__(self) -> Tensor:
        return self

    def __abs__(self) -> Tensor:
        return operations.apply("abs", (self,))

    def __invert__(self) -> Tensor:
        return operations.apply("bitwise_invert", (self,))

    def __add__(self, other: Any) -> Tensor:
        return _binary("add", self, other)

    def __radd__(self, other: Any) -> Tensor:
        return _binary("add", other, self)

    def __sub__(self, other: Any) -> Tensor:
        return _binary("subtract", self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return _binary("subtract", other, self)

    def __mul__(self, other: Any) -> Tensor:
        return _binary("multiply", self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return _binary("multiply", other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return _binary("divide", self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return _binary("divide", other, self)

    def __floordiv__(self, other: Any) -> Tensor:
        return _binary("floor_divide", self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return _binary("floor_divide", other, self)

    def __mod__(self, other: Any) -> Tensor:
        return _binary("remainder", self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return _binary("remainder", other, self)

    def __divmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return other // self, other % self

    def __pow__(self, other: Any) -> Tensor:
        return _binary("power", self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return _binary("power", other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return _binary("matmul", self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return _binary("matmul", other, self)

    def __and__(self, other: Any) -> Tensor:
        return _binary("bitwise_and", self, other)

    def __rand__(self, other: Any) -> Tensor:
        return _binary("bitwise_and", other, self)

    def __or__(self, other: Any) -> Tensor:
        return _binary("bitwise_or", self, other)

    def __ror__(self, other: Any) -> Tensor:
        return _binary("bitwise_or", other, self)

    def __xor__(self, other: Any) -> Tensor:
        return _binary("bitwise_xor", self, other)

    def __rxor__(self, other: Any) -> Tensor:
        return _binary("bitwise_xor", other, self)

    def __lshift__(self, other: Any) -> Tensor:
        return _binary("bitwise_left_shift", self, other)

    def __rlshift__(self, other: Any) -> Tensor:
        return _binary("bitwise_left_shift", other, self)

    def __rshift__(self, other: Any) -> Tensor:
        return _binary("bitwise_right_shift", self, other)

    def __rrshift__(self, other: Any) -> Tensor:
        return _binary("bitwise_right_shift", other, self)

    # Comparisons are elementwise, so tensors are told apart by identity where they are keys.
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return _binary("equal", self, other)

    def __ne__(self, other: object) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return _binary("not_equal", self, other)

    def __lt__(self, other: Any) -> Tensor:
        return _binary("less", self, other)

    def __le__(self, other: Any) -> Tensor:
        return _binary("less_equal", self, other)

    def __gt__(self, other: Any) -> Tensor:
        return _binary("greater", self, other)

    def __ge__(self, other: Any) -> Tensor:
        return _binary("greater_equal", self, other)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return interop.call_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Sequence[Any], options: dict[str, Any]) -> Any:
        return interop.call_function(function, args, options)

    def __reduce__(self) -> Any:
        raise UnsupportedError("a tensor lives in its session and can't be pickled or copied; use x.numpy()")


def _binary(name: str, first: Any, second: Any) -> Any:
    for operand in (first, second):
        if not isinstance(operand, Tensor) and not isinstance(operand, _OPERAND_TYPES):
            return NotImplemented
    return operations.apply(name, (first, second))


def _flat(numbers: Sequence[int | Sequence[int]]) -> tuple[int, ...]:
    first = numbers[0] if len(numbers) == 1 else numbers
    given: Any = first if isinstance(first, Sequence) else (first,)
    return tuple(given)


def wrap(handle: Handle) -> Tensor:
    """The tensor of a handle. A leaf has one tensor for as long as somebody holds it."""
    if handle.tensor is not None and (tensor := handle.tensor()) is not None:
        return tensor
    return Tensor(handle)


def spec_of(tensor: Tensor) -> Spec:
    """Shape and dtype of a tensor."""
    return tensor.handle.spec


def only_leaves(leaves: Sequence[Any]) -> list[Handle]:
    """Handles of tensors that must be leaves.

    Raises:
        InvalidArgumentError: one isn't.
    """
    handles: list[Handle] = []
    for i, leaf in enumerate(leaves):
        if not isinstance(leaf, Tensor) or leaf.handle.kind is not Kind.LEAF:
            raise InvalidArgumentError(
                f"leaves[{i}] is not a leaf; leaves are made by gradwire.tensor(…) and requires_grad_()",
                "NOT_A_LEAF",
                field=f"leaves[{i}]",
            )
        handles.append(leaf.handle)
    return handles
