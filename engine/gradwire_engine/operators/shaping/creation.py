"""Operators without operands: they make values out of attributes."""

import math
from typing import Annotated

import numpy as np
from pydantic import Field

from gradwire_engine.errors import InvalidArgumentError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Scalar
from gradwire_engine.operators.families import INT64, OptionalDTypeAttribute
from gradwire_engine.spec import DTYPES, MAX_NDIM, Array, DType, Shape, Spec, is_float, is_integer

FLOAT64 = DTYPES["float64"]
Length = Annotated[int, Field(ge=0)]
Number = int | float


class CreationAttributes(Attributes):
    """Attributes that differ where Python calls them equal: 1 and 1.0 and True, 0.0 and -0.0."""

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and repr(self) == repr(other)

    __hash__ = Attributes.__hash__


class FullAttributes(CreationAttributes):
    shape: Annotated[tuple[Length, ...], Field(max_length=MAX_NDIM)] = ()
    fill_value: Scalar
    dtype: OptionalDTypeAttribute = None


class ArangeAttributes(CreationAttributes):
    start: Number = 0
    stop: Number
    step: Number = 1
    dtype: OptionalDTypeAttribute = None


class EyeAttributes(CreationAttributes):
    n_rows: Length
    n_cols: Length | None = None
    k: int = 0
    dtype: OptionalDTypeAttribute = None


class LinspaceAttributes(CreationAttributes):
    start: Number
    stop: Number
    num: Length = 50
    endpoint: bool = True
    dtype: OptionalDTypeAttribute = None


def require_fits(number: Scalar, dtype: DType, attribute: str) -> None:
    """Raises InvalidArgumentError if a dtype has no such number."""
    if is_float(dtype):
        fits = not isinstance(number, int) or number.bit_length() <= 1023
    else:
        low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        fits = low <= number <= high and number == int(number)
    if not fits:
        raise InvalidArgumentError(
            f"{attribute} {number} doesn't fit {dtype}", "ATTRIBUTE_INVALID", attribute=attribute, dtype=dtype
        )


def _full_spec(shape: Shape, fill_value: Scalar, dtype: DType | None) -> Spec:
    natural = "bool" if isinstance(fill_value, bool) else "int64" if isinstance(fill_value, int) else "float64"
    dtype = dtype or DTYPES[natural]
    require_fits(fill_value, dtype, "fill_value")
    return Spec(shape, dtype)


def _full(shape: Shape, fill_value: Scalar, dtype: DType | None, out: Array) -> None:
    out[...] = fill_value


full = Operator(
    name="full",
    operands=(),
    infer=_full_spec,
    kernel=_full,
    vjp=NOT_DIFFERENTIABLE,
    summary="An array of `shape` in which every element is `fill_value`.",
    derivative="a constant",
    attributes=FullAttributes,
    samples=(
        Sample((), {"shape": (2, 3), "fill_value": 1.5}),
        Sample((), {"fill_value": 7}),
        Sample((), {"shape": (2,), "fill_value": True}),
        Sample((), {"shape": (0, 2), "fill_value": 1, "dtype": DTYPES["float32"]}),
    ),
)


def _arange_spec(start: Number, stop: Number, step: Number, dtype: DType | None) -> Spec:
    integers = all(isinstance(number, int) for number in (start, stop, step))
    dtype = dtype or (INT64 if integers else FLOAT64)
    if step == 0 or not all(math.isfinite(number) for number in (start, stop, step)):
        raise InvalidArgumentError("step must not be 0, and start, stop and step must be finite", "ATTRIBUTE_INVALID")
    if not is_float(dtype) and not (integers and is_integer(dtype)):
        raise InvalidArgumentError(f"can't count from {start} by {step} in {dtype}", "ATTRIBUTE_INVALID", dtype=dtype)
    try:
        count = -((start - stop) // step) if integers else math.ceil((stop - start) / step)
    except OverflowError:
        raise InvalidArgumentError(
            f"steps of {step} from {start} to {stop} can't be counted", "ATTRIBUTE_INVALID"
        ) from None
    if count > 0:
        require_fits(start, dtype, "start")
        require_fits(start + (count - 1) * step, dtype, "stop")
    return Spec((max(int(count), 0),), dtype)


def _arange(start: Number, stop: Number, step: Number, dtype: DType | None, out: Array) -> None:
    np.copyto(out, np.arange(len(out)) * step + start, casting="unsafe")


arange = Operator(
    name="arange",
    operands=(),
    infer=_arange_spec,
    kernel=_arange,
    vjp=NOT_DIFFERENTIABLE,
    summary="The numbers from `start` to before `stop` in steps of `step`.",
    derivative="a constant",
    attributes=ArangeAttributes,
    samples=(
        Sample((), {"stop": 5}),
        Sample((), {"start": 5, "stop": -2, "step": -3}),
        Sample((), {"start": 0.5, "stop": 2.0, "step": 0.25}),
        Sample((), {"stop": 4, "dtype": DTYPES["float32"]}),
        Sample((), {"start": 3, "stop": 1}),
    ),
)


def _eye_spec(n_rows: int, n_cols: int | None, k: int, dtype: DType | None) -> Spec:
    return Spec((n_rows, n_rows if n_cols is None else n_cols), dtype or FLOAT64)


def _eye(n_rows: int, n_cols: int | None, k: int, dtype: DType | None, out: Array) -> None:
    out[...] = 0
    np.einsum("ii->i", _from_diagonal(out, k))[...] = 1


def _from_diagonal(x: Array, k: int) -> Array:
    """The square block of x whose main diagonal is x's k-th."""
    rows, columns = max(-k, 0), max(k, 0)
    n = max(min(x.shape[0] - rows, x.shape[1] - columns), 0)
    return x[rows : rows + n, columns : columns + n]


eye = Operator(
    name="eye",
    operands=(),
    infer=_eye_spec,
    kernel=_eye,
    vjp=NOT_DIFFERENTIABLE,
    summary="A matrix of zeros with ones on its k-th diagonal.",
    derivative="a constant",
    attributes=EyeAttributes,
    samples=(
        Sample((), {"n_rows": 3}),
        Sample((), {"n_rows": 2, "n_cols": 4, "k": 1}),
        Sample((), {"n_rows": 3, "n_cols": 2, "k": -2, "dtype": INT64}),
        Sample((), {"n_rows": 2, "k": 5}),
        Sample((), {"n_rows": 0}),
    ),
)


def _linspace_spec(start: Number, stop: Number, num: int, endpoint: bool, dtype: DType | None) -> Spec:
    dtype = dtype or FLOAT64
    if not is_float(dtype):
        raise InvalidArgumentError(f"dtype must be a floating one, not {dtype}", "ATTRIBUTE_INVALID", dtype=dtype)
    require_fits(start, dtype, "start")
    require_fits(stop, dtype, "stop")
    return Spec((num,), dtype)


def _linspace(start: Number, stop: Number, num: int, endpoint: bool, dtype: DType | None, out: Array) -> None:
    out[...] = np.linspace(start, stop, num, endpoint)


linspace = Operator(
    name="linspace",
    operands=(),
    infer=_linspace_spec,
    kernel=_linspace,
    vjp=NOT_DIFFERENTIABLE,
    summary="`num` evenly spaced numbers from `start` to `stop`, which is the last one if `endpoint`.",
    derivative="a constant",
    attributes=LinspaceAttributes,
    samples=(
        Sample((), {"start": 0.0, "stop": 1.0, "num": 5}),
        Sample((), {"start": 2, "stop": -1, "num": 4, "endpoint": False, "dtype": DTYPES["float32"]}),
        Sample((), {"start": 0, "stop": 1, "num": 1}),
        Sample((), {"start": 0, "stop": 1, "num": 0}),
    ),
)
