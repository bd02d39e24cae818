"""Operators as methods of Tensor.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


class Methods:
    """What Tensor inherits."""

    __slots__ = ()

    def abs(self) -> Tensor:
        """|x|. See gradwire.abs."""
        return operations.apply("abs", (self,))

    def acos(self) -> Tensor:
        """The inverse cosine, between 0 and π. See gradwire.acos."""
        return operations.apply("acos", (self,))

    def acosh(self) -> Tensor:
        """The inverse hyperbolic cosine, not negative. See gradwire.acosh."""
        return operations.apply("acosh", (self,))

    def all(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """Whether all elements are true (not zero). See gradwire.all."""
        return operations.apply("all", (self,), {"axis": axis, "keepdims": keepdims})

    def any(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """Whether any element is true (not zero). See gradwire.any."""
        return operations.apply("any", (self,), {"axis": axis, "keepdims": keepdims})

    def argmax(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """The index of the largest element, the first if there are several. See gradwire.argmax."""
        return operations.apply("argmax", (self,), {"axis": axis, "keepdims": keepdims})

    def argmin(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """The index of the smallest element, the first if there are several. See gradwire.argmin."""
        return operations.apply("argmin", (self,), {"axis": axis, "keepdims": keepdims})

    def asin(self) -> Tensor:
        """The inverse sine, between −π/2 and π/2. See gradwire.asin."""
        return operations.apply("asin", (self,))

    def asinh(self) -> Tensor:
        """The inverse hyperbolic sine. See gradwire.asinh."""
        return operations.apply("asinh", (self,))

    def astype(self, dtype: DTypeLike) -> Tensor:
        """x in another dtype. See gradwire.astype."""
        return operations.apply("astype", (self,), {"dtype": dtype})

    def atan(self) -> Tensor:
        """The inverse tangent, between −π/2 and π/2. See gradwire.atan."""
        return operations.apply("atan", (self,))

    def atan2(self, x2: ArrayLike) -> Tensor:
        """The angle of the point (x2, x1), between −π and π. See gradwire.atan2."""
        return operations.apply("atan2", (self, x2))

    def atanh(self) -> Tensor:
        """The inverse hyperbolic tangent. See gradwire.atanh."""
        return operations.apply("atanh", (self,))

    def broadcast_to(self, shape: Sequence[int]) -> Tensor:
        """x repeated, without copying it, along axes that it lacks or has with length 1. See gradwire.broadcast_to."""
        return operations.apply("broadcast_to", (self,), {"shape": shape})

    def ceil(self) -> Tensor:
        """The least integer that is not below x. See gradwire.ceil."""
        return operations.apply("ceil", (self,))

    def cos(self) -> Tensor:
        """The cosine. See gradwire.cos."""
        return operations.apply("cos", (self,))

    def cosh(self) -> Tensor:
        """The hyperbolic cosine. See gradwire.cosh."""
        return operations.apply("cosh", (self,))

    def cumsum(self, axis: int | None = None) -> Tensor:
        """Running sums along an axis; without one, of x flattened. See gradwire.cumsum."""
        return operations.apply("cumsum", (self,), {"axis": axis})

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
        """The diagonal of the matrices that two axes span, as the last axis of the result. See gradwire.diagonal."""
        return operations.apply("diagonal", (self,), {"offset": offset, "axis1": axis1, "axis2": axis2})

    def dot(self, x2: ArrayLike) -> Tensor:
        """The sum of products over the last axis of x1 and the last but one (or only) axis of x2; of vectors, the
        inner product. With a scalar, multiply. See gradwire.dot.
        """
        return operations.apply("dot", (self, x2))

    def erf(self) -> Tensor:
        """The error function, 2/√π · ∫₀ˣ exp(−t²) dt. See gradwire.erf."""
        return operations.apply("erf", (self,))

    def exp(self) -> Tensor:
        """e to the power x. See gradwire.exp."""
        return operations.apply("exp", (self,))

    def exp2(self) -> Tensor:
        """2 to the power x. See gradwire.exp2."""
        return operations.apply("exp2", (self,))

    def expand_dims(self, axis: int | Sequence[int]) -> Tensor:
        """x with new axes of length 1 where the result is to have them. See gradwire.expand_dims."""
        return operations.apply("expand_dims", (self,), {"axis": axis})

    def expm1(self) -> Tensor:
        """exp(x) − 1, exact near 0. See gradwire.expm1."""
        return operations.apply("expm1", (self,))

    def flip(self, axis: int | Sequence[int] | None = None) -> Tensor:
        """x in reverse order along the given axes, by default along all. See gradwire.flip."""
        return operations.apply("flip", (self,), {"axis": axis})

    def floor(self) -> Tensor:
        """The greatest integer that is not above x. See gradwire.floor."""
        return operations.apply("floor", (self,))

    def gelu(self, approximate: Literal["none", "tanh"] = "none") -> Tensor:
        """x·Φ(x), where Φ is the normal distribution function; approximate='tanh' takes Φ(x) ≈ (1 + tanh(√(2/π)·(x +
        0.044715·x³)))/2. See gradwire.gelu.
        """
        return operations.apply("gelu", (self,), {"approximate": approximate})

    def hypot(self, x2: ArrayLike) -> Tensor:
        """√(x1² + x2²) without overflow. See gradwire.hypot."""
        return operations.apply("hypot", (self, x2))

    def isfinite(self) -> Tensor:
        """Whether x is neither infinite nor NaN. See gradwire.isfinite."""
        return operations.apply("isfinite", (self,))

    def isinf(self) -> Tensor:
        """Whether x is +∞ or −∞. See gradwire.isinf."""
        return operations.apply("isinf", (self,))

    def isnan(self) -> Tensor:
        """Whether x is NaN. See gradwire.isnan."""
        return operations.apply("isnan", (self,))

    def log(self) -> Tensor:
        """The natural logarithm. See gradwire.log."""
        return operations.apply("log", (self,))

    def log10(self) -> Tensor:
        """The logarithm to base 10. See gradwire.log10."""
        return operations.apply("log10", (self,))

    def log1p(self) -> Tensor:
        """log(1 + x), exact near 0. See gradwire.log1p."""
        return operations.apply("log1p", (self,))

    def log2(self) -> Tensor:
        """The logarithm to base 2. See gradwire.log2."""
        return operations.apply("log2", (self,))

    def logaddexp(self, x2: ArrayLike) -> Tensor:
        """log(exp(x1) + exp(x2)) without overflow. See gradwire.logaddexp."""
        return operations.apply("logaddexp", (self, x2))

    def logical_and(self, x2: ArrayLike) -> Tensor:
        """Whether x1 and x2 are both true (not zero). See gradwire.logical_and."""
        return operations.apply("logical_and", (self, x2))

    def logical_not(self) -> Tensor:
        """Whether x is false (zero). See gradwire.logical_not."""
        return operations.apply("logical_not", (self,))

    def logical_or(self, x2: ArrayLike) -> Tensor:
        """Whether x1 or x2 is true (not zero), or both. See gradwire.logical_or."""
        return operations.apply("logical_or", (self, x2))

    def logical_xor(self, x2: ArrayLike) -> Tensor:
        """Whether one of x1 and x2 is true (not zero). See gradwire.logical_xor."""
        return operations.apply("logical_xor", (self, x2))

    def logsumexp(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """log(Σ exp(x)) without overflow. See gradwire.logsumexp."""
        return operations.apply("logsumexp", (self,), {"axis": axis, "keepdims": keepdims})

    def matmul(self, x2: ArrayLike) -> Tensor:
        """The matrix product over the last two axes; other axes broadcast. A vector on the left counts as one row,
        on the right as one column, and the result lacks that axis. See gradwire.matmul.
        """
        return operations.apply("matmul", (self, x2))

    def max(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The largest element; NaN if one is. See gradwire.max."""
        return operations.apply("max", (self,), {"axis": axis, "keepdims": keepdims})

    def maximum(self, x2: ArrayLike) -> Tensor:
        """The larger of x1 and x2; NaN if either is. See gradwire.maximum."""
        return operations.apply("maximum", (self, x2))

    def mean(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The arithmetic mean. See gradwire.mean."""
        return operations.apply("mean", (self,), {"axis": axis, "keepdims": keepdims})

    def min(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The smallest element; NaN if one is. See gradwire.min."""
        return operations.apply("min", (self,), {"axis": axis, "keepdims": keepdims})

    def minimum(self, x2: ArrayLike) -> Tensor:
        """The smaller of x1 and x2; NaN if either is. See gradwire.minimum."""
        return operations.apply("minimum", (self, x2))

    def moveaxis(self, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
        """x with some axes moved from `source` to `destination`; the others keep their order. See gradwire.moveaxis."""
        return operations.apply("moveaxis", (self,), {"source": source, "destination": destination})

    def outer(self, x2: ArrayLike) -> Tensor:
        """x1[i]·x2[j] for all i and j, the operands flattened. See gradwire.outer."""
        return operations.apply("outer", (self, x2))

    def prod(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The product. Integers multiply in int64 or uint64. See gradwire.prod."""
        return operations.apply("prod", (self,), {"axis": axis, "keepdims": keepdims})

    def reciprocal(self) -> Tensor:
        """1/x. See gradwire.reciprocal."""
        return operations.apply("reciprocal", (self,))

    def relu(self) -> Tensor:
        """The larger of x and 0. See gradwire.relu."""
        return operations.apply("relu", (self,))

    def round(self) -> Tensor:
        """The integer nearest to x; of two, the even one. See gradwire.round."""
        return operations.apply("round", (self,))

    def sigmoid(self) -> Tensor:
        """1/(1 + exp(−x)). See gradwire.sigmoid."""
        return operations.apply("sigmoid", (self,))

    def sign(self) -> Tensor:
        """−1, 0 or 1 as x is negative, zero or positive. See gradwire.sign."""
        return operations.apply("sign", (self,))

    def sin(self) -> Tensor:
        """The sine. See gradwire.sin."""
        return operations.apply("sin", (self,))

    def sinh(self) -> Tensor:
        """The hyperbolic sine. See gradwire.sinh."""
        return operations.apply("sinh", (self,))

    def softplus(self) -> Tensor:
        """log(1 + exp(x)) without overflow. See gradwire.softplus."""
        return operations.apply("softplus", (self,))

    def sqrt(self) -> Tensor:
        """The square root. See gradwire.sqrt."""
        return operations.apply("sqrt", (self,))

    def square(self) -> Tensor:
        """x². See gradwire.square."""
        return operations.apply("square", (self,))

    def squeeze(self, axis: int | Sequence[int] | None = None) -> Tensor:
        """x without the given axes, whose length must be 1; by default without all those of length 1. See
        gradwire.squeeze.
        """
        return operations.apply("squeeze", (self,), {"axis": axis})

    def std(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
        """The standard deviation, √var. See gradwire.std."""
        return operations.apply("std", (self,), {"axis": axis, "keepdims": keepdims, "correction": correction})

    def sum(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The sum. Integers add up in int64 or uint64. See gradwire.sum."""
        return operations.apply("sum", (self,), {"axis": axis, "keepdims": keepdims})

    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """x with two axes exchanged. See gradwire.swapaxes."""
        return operations.apply("swapaxes", (self,), {"axis1": axis1, "axis2": axis2})

    def take(self, indices: ArrayLike, axis: int | None = None) -> Tensor:
        """The elements of x along an axis at `indices`, whose shape takes that axis's place; without an axis, of x
        flattened. Negative indices count from the end, and one out of range is an error. See gradwire.take.
        """
        return operations.apply("take", (self, indices), {"axis": axis})

    def take_along_axis(self, indices: ArrayLike, axis: int = -1) -> Tensor:
        """For each line of x along an axis, the elements at the matching line of `indices`; their other axes
        broadcast together. See gradwire.take_along_axis.
        """
        return operations.apply("take_along_axis", (self, indices), {"axis": axis})

    def tan(self) -> Tensor:
        """The tangent. See gradwire.tan."""
        return operations.apply("tan", (self,))

    def tanh(self) -> Tensor:
        """The hyperbolic tangent. See gradwire.tanh."""
        return operations.apply("tanh", (self,))

    def trace(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
        """The sum of the diagonal of the matrices that two axes span. See gradwire.trace."""
        return operations.apply("trace", (self,), {"offset": offset, "axis1": axis1, "axis2": axis2})

    def tril(self, k: int = 0) -> Tensor:
        """The lower triangle of matrices: zero above the k-th diagonal. See gradwire.tril."""
        return operations.apply("tril", (self,), {"k": k})

    def triu(self, k: int = 0) -> Tensor:
        """The upper triangle of matrices: zero below the k-th diagonal. See gradwire.triu."""
        return operations.apply("triu", (self,), {"k": k})

    def trunc(self) -> Tensor:
        """x without its fraction. See gradwire.trunc."""
        return operations.apply("trunc", (self,))

    def var(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
        """The variance: the sum of (x − mean)² over n − correction; 0 is the population's, 1 the sample's. See
        gradwire.var.
        """
        return operations.apply("var", (self,), {"axis": axis, "keepdims": keepdims, "correction": correction})
