"""Functions of whole numbers: of their bits and their divisors."""

from collections.abc import Callable

import numpy as np

from gradwire_engine.batching import aligned
from gradwire_engine.errors import DTypeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Operator, Sample
from gradwire_engine.operators.families import as_in, broadcast_spec, casting, same_spec
from gradwire_engine.operators.work import each_paired
from gradwire_engine.spec import DType, is_float

_matrix, _vector = np.array([[12, -7, 0], [5, 255, -128]]), np.array([3, 4, 1])


def _integer(name: str, summary: str, ufunc: np.ufunc, dtype: Callable[[DType], DType] | None = None) -> Operator:
    """A function of integers that gives integers."""
    unary = ufunc.nin == 1
    samples = [(_matrix,), (np.array(6),), (_vector[:0],)] if unary else []
    pairs = [(_matrix, _vector), (np.array(6), np.array(4)), (_matrix[:, :0], np.array(2))]
    return Operator(
        name=name,
        operands=("x",) if unary else ("x1", "x2"),
        infer=same_spec if unary else broadcast_spec,
        kernel=ufunc,
        flops=each_paired,
        vjp=NOT_DIFFERENTIABLE,
        cast=casting(dtype or as_in(ufunc)),
        batch=aligned,
        summary=summary,
        derivative="not differentiable",
        samples=tuple(Sample(arrays) for arrays in samples or pairs),
    )


def _no_bool(ufunc: np.ufunc) -> Callable[[DType], DType]:
    def dtype_of(dtype: DType) -> DType:
        if dtype.kind == "b" or is_float(dtype):
            raise DTypeError(f"not defined for {dtype}", dtype=dtype)
        return as_in(ufunc)(dtype)

    return dtype_of


bitwise_and = _integer("bitwise_and", "The bits that x1 and x2 both have; of bool, whether both hold.", np.bitwise_and)
bitwise_or = _integer("bitwise_or", "The bits that x1 or x2 has; of bool, whether one holds or both.", np.bitwise_or)
bitwise_xor = _integer(
    "bitwise_xor", "The bits that one of x1 and x2 has; of bool, whether they differ.", np.bitwise_xor
)
bitwise_invert = _integer("bitwise_invert", "The bits that x doesn't have; of bool, its negation.", np.invert)
bitwise_left_shift = _integer(
    "bitwise_left_shift", "x1 · 2^x2: its bits moved to the left.", np.left_shift, _no_bool(np.left_shift)
)
bitwise_right_shift = _integer(
    "bitwise_right_shift",
    "The greatest integer that is not above x1 / 2^x2: its bits moved to the right.",
    np.right_shift,
    _no_bool(np.right_shift),
)
gcd = _integer("gcd", "The greatest common divisor of x1 and x2.", np.gcd, _no_bool(np.gcd))
lcm = _integer("lcm", "The least common multiple of x1 and x2.", np.lcm, _no_bool(np.lcm))
