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

    def amax(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The largest element; NaN if one is. See gradwire.amax."""
        return operations.apply("amax", (self,), {"axis": axis, "keepdims": keepdims})

    def amin(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The smallest element; NaN if one is. See gradwire.amin."""
        return operations.apply("amin", (self,), {"axis": axis, "keepdims": keepdims})

    def angle(self) -> Tensor:
        """The angle of x in the complex plane: π where it is negative, else 0; NaN of NaN. See gradwire.angle."""
        return operations.apply("angle", (self,))

    def any(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """Whether any element is true (not zero). See gradwire.any."""
        return operations.apply("any", (self,), {"axis": axis, "keepdims": keepdims})

    def argmax(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """The index of the largest element, the first if there are several. See gradwire.argmax."""
        return operations.apply("argmax", (self,), {"axis": axis, "keepdims": keepdims})

    def argmin(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """The index of the smallest element, the first if there are several. See gradwire.argmin."""
        return operations.apply("argmin", (self,), {"axis": axis, "keepdims": keepdims})

    def argsort(self, axis: int = -1, descending: bool = False) -> Tensor:
        """The indices that would sort x along an axis. Equal elements keep their order; NaN counts as the largest.
        See gradwire.argsort.
        """
        return operations.apply("argsort", (self,), {"axis": axis, "descending": descending})

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

    def average(
        self, weights: ArrayLike | None = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
    ) -> Tensor:
        """The weighted mean, Σ x·w / Σ w. Weights have the shape of x, or are a line along the one axis. See
        gradwire.average.
        """
        return operations.apply("average", (self, weights), {"axis": axis, "keepdims": keepdims})

    def broadcast_to(self, shape: Sequence[int]) -> Tensor:
        """x repeated, without copying it, along axes that it lacks or has with length 1. See gradwire.broadcast_to."""
        return operations.apply("broadcast_to", (self,), {"shape": shape})

    def cbrt(self) -> Tensor:
        """The cube root, also of negative numbers. See gradwire.cbrt."""
        return operations.apply("cbrt", (self,))

    def ceil(self) -> Tensor:
        """The least integer that is not below x. See gradwire.ceil."""
        return operations.apply("ceil", (self,))

    def clip(self, min: ArrayLike | None = None, max: ArrayLike | None = None) -> Tensor:
        """x, but no less than min and no more than max, either of which may be left out; the three broadcast
        together. See gradwire.clip.
        """
        return operations.apply("clip", (self, min, max))

    def copysign(self, x2: ArrayLike) -> Tensor:
        """The size of x1 with the sign of x2, that of zeros too. See gradwire.copysign."""
        return operations.apply("copysign", (self, x2))

    def corrcoef(self) -> Tensor:
        """The correlations of variables, which are the rows of x: their covariances over their standard deviations.
        See gradwire.corrcoef.
        """
        return operations.apply("corrcoef", (self,))

    def cos(self) -> Tensor:
        """The cosine. See gradwire.cos."""
        return operations.apply("cos", (self,))

    def cosh(self) -> Tensor:
        """The hyperbolic cosine. See gradwire.cosh."""
        return operations.apply("cosh", (self,))

    def count_nonzero(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """How many elements are not zero. See gradwire.count_nonzero."""
        return operations.apply("count_nonzero", (self,), {"axis": axis, "keepdims": keepdims})

    def cov(
        self, fweights: ArrayLike | None = None, aweights: ArrayLike | None = None, correction: float = 1
    ) -> Tensor:
        """The covariances of variables, which are the rows of x, and observations, which are its columns; the
        variance if there is one variable only. fweights say how often each observation was made, aweights how
        much it counts. See gradwire.cov.
        """
        return operations.apply("cov", (self, fweights, aweights), {"correction": correction})

    def cummax(self, axis: int | None = None) -> tuple[Tensor, ...]:
        """The largest elements so far along an axis, NaN after one, and the index of each, the last of equal ones;
        without an axis, of x flattened. See gradwire.cummax.
        """
        return operations.apply_many("cummax", (self,), {"axis": axis})

    def cummin(self, axis: int | None = None) -> tuple[Tensor, ...]:
        """The smallest elements so far along an axis, NaN after one, and the index of each, the last of equal ones;
        without an axis, of x flattened. See gradwire.cummin.
        """
        return operations.apply_many("cummin", (self,), {"axis": axis})

    def cumprod(self, axis: int | None = None) -> Tensor:
        """Running products along an axis; without one, of x flattened. See gradwire.cumprod."""
        return operations.apply("cumprod", (self,), {"axis": axis})

    def cumsum(self, axis: int | None = None) -> Tensor:
        """Running sums along an axis; without one, of x flattened. See gradwire.cumsum."""
        return operations.apply("cumsum", (self,), {"axis": axis})

    def deg2rad(self) -> Tensor:
        """Degrees as radians, x·π/180. See gradwire.deg2rad."""
        return operations.apply("deg2rad", (self,))

    def diag(self, k: int = 0) -> Tensor:
        """A matrix with the vector x on its k-th diagonal; or, of a matrix, its k-th diagonal. See gradwire.diag."""
        return operations.apply("diag", (self,), {"k": k})

    def diag_embed(
        self, offset: int = 0, axis1: int = -2, axis2: int = -1, shape: Sequence[int] | None = None
    ) -> Tensor:
        """Matrices, spanned by two axes of the result, with the last axis of x on a diagonal and zeros elsewhere.
        They are as small as can be and square, unless `shape` says how long the two axes are. See
        gradwire.diag_embed.
        """
        return operations.apply(
            "diag_embed", (self,), {"offset": offset, "axis1": axis1, "axis2": axis2, "shape": shape}
        )

    def diagflat(self, k: int = 0) -> Tensor:
        """A matrix with the elements of x, in C order, on its k-th diagonal. See gradwire.diagflat."""
        return operations.apply("diagflat", (self,), {"k": k})

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
        """The diagonal of the matrices that two axes span, as the last axis of the result. See gradwire.diagonal."""
        return operations.apply("diagonal", (self,), {"offset": offset, "axis1": axis1, "axis2": axis2})

    def diagonal_scatter(self, values: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
        """x with `values` on the diagonal of the matrices that two axes span. See gradwire.diagonal_scatter."""
        return operations.apply("diagonal_scatter", (self, values), {"offset": offset, "axis1": axis1, "axis2": axis2})

    def diff(
        self, prepend: ArrayLike | None = None, append: ArrayLike | None = None, axis: int = -1, n: int = 1
    ) -> Tensor:
        """Each element along an axis less the one before it, n times over; of bool, whether the two differ. What is
        to be prepended or appended first has the shape of x save along the axis. See gradwire.diff.
        """
        return operations.apply("diff", (self, prepend, append), {"axis": axis, "n": n})

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

    def fliplr(self) -> Tensor:
        """x in reverse order along axis 1. See gradwire.fliplr."""
        return operations.apply("fliplr", (self,))

    def flipud(self) -> Tensor:
        """x in reverse order along axis 0. See gradwire.flipud."""
        return operations.apply("flipud", (self,))

    def float_power(self, x2: ArrayLike) -> Tensor:
        """x1 to the power x2, always in float64. See gradwire.float_power."""
        return operations.apply("float_power", (self, x2))

    def floor(self) -> Tensor:
        """The greatest integer that is not above x. See gradwire.floor."""
        return operations.apply("floor", (self,))

    def fmax(self, x2: ArrayLike) -> Tensor:
        """The larger of x1 and x2; the other one if either is NaN. See gradwire.fmax."""
        return operations.apply("fmax", (self, x2))

    def fmin(self, x2: ArrayLike) -> Tensor:
        """The smaller of x1 and x2; the other one if either is NaN. See gradwire.fmin."""
        return operations.apply("fmin", (self, x2))

    def fmod(self, x2: ArrayLike) -> Tensor:
        """The remainder of x1 / x2 with the sign of x1. See gradwire.fmod."""
        return operations.apply("fmod", (self, x2))

    def frexp(self) -> tuple[Tensor, ...]:
        """The mantissa, of size ½ to 1, and the exponent of x = mantissa · 2^exponent. See gradwire.frexp."""
        return operations.apply_many("frexp", (self,))

    def gather(self, indices: ArrayLike, axis: int = -1) -> Tensor:
        """For each place in `indices`, the element of x at the same place, but with that index along the axis. Along
        other axes `indices` may be shorter than x, and doesn't broadcast. See gradwire.gather.
        """
        return operations.apply("gather", (self, indices), {"axis": axis})

    def gcd(self, x2: ArrayLike) -> Tensor:
        """The greatest common divisor of x1 and x2. See gradwire.gcd."""
        return operations.apply("gcd", (self, x2))

    def gradient(
        self, spacing: ArrayLike | None = None, axis: int | None = None, edge_order: Literal[1, 2] = 1
    ) -> Tensor:
        """The slope at each element along an axis, by central differences that are exact for parabolas; at the ends
        exact for lines, or with edge_order=2 for parabolas. Spacing is the distance of neighbours (by default 1)
        or the elements' places. The axis may be left out if x has one only. See gradwire.gradient.
        """
        return operations.apply("gradient", (self, spacing), {"axis": axis, "edge_order": edge_order})

    def heaviside(self, x2: ArrayLike) -> Tensor:
        """0 where x1 is negative, 1 where it is positive, and x2 where it is 0. See gradwire.heaviside."""
        return operations.apply("heaviside", (self, x2))

    def hypot(self, x2: ArrayLike) -> Tensor:
        """√(x1² + x2²) without overflow. See gradwire.hypot."""
        return operations.apply("hypot", (self, x2))

    def isclose(self, x2: ArrayLike, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
        """Whether |x1 − x2| ≤ atol + rtol·|x2|, or both are the same infinity, or NaN if `equal_nan`. See
        gradwire.isclose.
        """
        return operations.apply("isclose", (self, x2), {"rtol": rtol, "atol": atol, "equal_nan": equal_nan})

    def isfinite(self) -> Tensor:
        """Whether x is neither infinite nor NaN. See gradwire.isfinite."""
        return operations.apply("isfinite", (self,))

    def isinf(self) -> Tensor:
        """Whether x is +∞ or −∞. See gradwire.isinf."""
        return operations.apply("isinf", (self,))

    def isnan(self) -> Tensor:
        """Whether x is NaN. See gradwire.isnan."""
        return operations.apply("isnan", (self,))

    def isneginf(self) -> Tensor:
        """Whether x is −∞. See gradwire.isneginf."""
        return operations.apply("isneginf", (self,))

    def isposinf(self) -> Tensor:
        """Whether x is +∞. See gradwire.isposinf."""
        return operations.apply("isposinf", (self,))

    def kthvalue(self, k: int, axis: int = -1, keepdims: bool = False) -> tuple[Tensor, ...]:
        """The k-th smallest element along an axis, counted from 1, and its index. NaN counts as the largest. See
        gradwire.kthvalue.
        """
        return operations.apply_many("kthvalue", (self,), {"k": k, "axis": axis, "keepdims": keepdims})

    def lcm(self, x2: ArrayLike) -> Tensor:
        """The least common multiple of x1 and x2. See gradwire.lcm."""
        return operations.apply("lcm", (self, x2))

    def ldexp(self, x2: ArrayLike) -> Tensor:
        """x1 · 2^x2. The exponent need not be whole. See gradwire.ldexp."""
        return operations.apply("ldexp", (self, x2))

    def lerp(self, x2: ArrayLike, weight: ArrayLike) -> Tensor:
        """x1 + weight·(x2 − x1): x1 where the weight is 0, x2 where it is 1; the three broadcast together. See
        gradwire.lerp.
        """
        return operations.apply("lerp", (self, x2, weight))

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

    def logaddexp2(self, x2: ArrayLike) -> Tensor:
        """log₂(2^x1 + 2^x2) without overflow. See gradwire.logaddexp2."""
        return operations.apply("logaddexp2", (self, x2))

    def logcumsumexp(self, axis: int | None = None) -> Tensor:
        """Logarithms of running sums of exp(x) along an axis, without overflow; without an axis, of x flattened. See
        gradwire.logcumsumexp.
        """
        return operations.apply("logcumsumexp", (self,), {"axis": axis})

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

    def lower_median(
        self, axis: int | None = None, keepdims: bool = False, ignore_nan: bool = False
    ) -> tuple[Tensor, ...]:
        """The median, of two middle elements the lower one, and its index (without an axis, in x flattened). NaN if
        one is, unless NaN is to be ignored. See gradwire.lower_median.
        """
        return operations.apply_many(
            "lower_median", (self,), {"axis": axis, "keepdims": keepdims, "ignore_nan": ignore_nan}
        )

    def masked_fill(self, mask: ArrayLike, value: ArrayLike) -> Tensor:
        """x with `value` where the mask holds; the three broadcast together. See gradwire.masked_fill."""
        return operations.apply("masked_fill", (self, mask, value))

    def masked_scatter(self, mask: ArrayLike, values: ArrayLike) -> Tensor:
        """x with the elements where the mask holds replaced, in C order, by those of `values` from the first on. Too
        few values are an error. See gradwire.masked_scatter.
        """
        return operations.apply("masked_scatter", (self, mask, values))

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

    def median(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The middle element, or the mean of the two middle ones; NaN if one is. See gradwire.median."""
        return operations.apply("median", (self,), {"axis": axis, "keepdims": keepdims})

    def min(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The smallest element; NaN if one is. See gradwire.min."""
        return operations.apply("min", (self,), {"axis": axis, "keepdims": keepdims})

    def minimum(self, x2: ArrayLike) -> Tensor:
        """The smaller of x1 and x2; NaN if either is. See gradwire.minimum."""
        return operations.apply("minimum", (self, x2))

    def mode(self, axis: int = -1, keepdims: bool = False) -> tuple[Tensor, ...]:
        """The most frequent element along an axis, of several the smallest, and the index where it comes last. See
        gradwire.mode.
        """
        return operations.apply_many("mode", (self,), {"axis": axis, "keepdims": keepdims})

    def modf(self) -> tuple[Tensor, ...]:
        """The fraction of x and its whole part, both with the sign of x. See gradwire.modf."""
        return operations.apply_many("modf", (self,))

    def moveaxis(self, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
        """x with some axes moved from `source` to `destination`; the others keep their order. See gradwire.moveaxis."""
        return operations.apply("moveaxis", (self,), {"source": source, "destination": destination})

    def nan_to_num(self, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
        """x with `nan` for NaN, and `posinf` and `neginf` for the infinities: by default the largest finite numbers.
        See gradwire.nan_to_num.
        """
        return operations.apply("nan_to_num", (self,), {"nan": nan, "posinf": posinf, "neginf": neginf})

    def nancumsum(self, axis: int | None = None) -> Tensor:
        """Running sums along an axis, for which NaN counts as 0; without an axis, of x flattened. See
        gradwire.nancumsum.
        """
        return operations.apply("nancumsum", (self,), {"axis": axis})

    def nanmax(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The largest element but for NaN; NaN if all are. See gradwire.nanmax."""
        return operations.apply("nanmax", (self,), {"axis": axis, "keepdims": keepdims})

    def nanmean(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The mean of the elements that are not NaN; NaN if there are none. See gradwire.nanmean."""
        return operations.apply("nanmean", (self,), {"axis": axis, "keepdims": keepdims})

    def nanmedian(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The median of the elements that are not NaN; NaN if there are none. See gradwire.nanmedian."""
        return operations.apply("nanmedian", (self,), {"axis": axis, "keepdims": keepdims})

    def nanmin(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The smallest element but for NaN; NaN if all are. See gradwire.nanmin."""
        return operations.apply("nanmin", (self,), {"axis": axis, "keepdims": keepdims})

    def nanprod(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The product of the elements that are not NaN; 1 if there are none. See gradwire.nanprod."""
        return operations.apply("nanprod", (self,), {"axis": axis, "keepdims": keepdims})

    def nanquantile(
        self,
        q: ArrayLike,
        axis: int | Sequence[int] | None = None,
        keepdims: bool = False,
        method: Literal["linear", "lower", "higher", "midpoint", "nearest"] = "linear",
    ) -> Tensor:
        """As quantile, of the elements that are not NaN; NaN if there are none. The quantiles' axes come first.
        Between two elements `method` takes a share of both (linear), one of them, or the middle; q outside of 0
        to 1 is an error when it is computed. See gradwire.nanquantile.
        """
        return operations.apply("nanquantile", (self, q), {"axis": axis, "keepdims": keepdims, "method": method})

    def nanstd(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
        """The standard deviation of the elements that are not NaN. See gradwire.nanstd."""
        return operations.apply("nanstd", (self,), {"axis": axis, "keepdims": keepdims, "correction": correction})

    def nansum(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The sum of the elements that are not NaN; 0 if there are none. See gradwire.nansum."""
        return operations.apply("nansum", (self,), {"axis": axis, "keepdims": keepdims})

    def nanvar(self, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
        """The variance of the elements that are not NaN. See gradwire.nanvar."""
        return operations.apply("nanvar", (self,), {"axis": axis, "keepdims": keepdims, "correction": correction})

    def nextafter(self, x2: ArrayLike) -> Tensor:
        """The number that comes next after x1 towards x2. See gradwire.nextafter."""
        return operations.apply("nextafter", (self, x2))

    def outer(self, x2: ArrayLike) -> Tensor:
        """x1[i]·x2[j] for all i and j, the operands flattened. See gradwire.outer."""
        return operations.apply("outer", (self, x2))

    def positive(self) -> Tensor:
        """x itself, if it is a number. See gradwire.positive."""
        return operations.apply("positive", (self,))

    def prod(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The product. Integers multiply in int64 or uint64. See gradwire.prod."""
        return operations.apply("prod", (self,), {"axis": axis, "keepdims": keepdims})

    def ptp(self, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
        """The largest element less the smallest: the range, from peak to peak. See gradwire.ptp."""
        return operations.apply("ptp", (self,), {"axis": axis, "keepdims": keepdims})

    def put(self, indices: ArrayLike, values: ArrayLike, accumulate: bool = False) -> Tensor:
        """x with `values` at `indices`, which count its elements in C order; if they accumulate, added to what is
        there. See gradwire.put.
        """
        return operations.apply("put", (self, indices, values), {"accumulate": accumulate})

    def put_along_axis(self, indices: ArrayLike, values: ArrayLike, axis: int) -> Tensor:
        """x with, in each line along an axis, the elements at the matching line of `indices` replaced by those of
        `values`; other axes broadcast together. See gradwire.put_along_axis.
        """
        return operations.apply("put_along_axis", (self, indices, values), {"axis": axis})

    def quantile(
        self,
        q: ArrayLike,
        axis: int | Sequence[int] | None = None,
        keepdims: bool = False,
        method: Literal["linear", "lower", "higher", "midpoint", "nearest"] = "linear",
    ) -> Tensor:
        """What the shares q of the elements are not above; NaN if one element is. The quantiles' axes come first.
        Between two elements `method` takes a share of both (linear), one of them, or the middle; q outside of 0
        to 1 is an error when it is computed. See gradwire.quantile.
        """
        return operations.apply("quantile", (self, q), {"axis": axis, "keepdims": keepdims, "method": method})

    def rad2deg(self) -> Tensor:
        """Radians as degrees, x·180/π. See gradwire.rad2deg."""
        return operations.apply("rad2deg", (self,))

    def ravel(self) -> Tensor:
        """The elements of x, in C order, along one axis. See gradwire.ravel."""
        return operations.apply("ravel", (self,))

    def reciprocal(self) -> Tensor:
        """1/x. See gradwire.reciprocal."""
        return operations.apply("reciprocal", (self,))

    def relu(self) -> Tensor:
        """The larger of x and 0. See gradwire.relu."""
        return operations.apply("relu", (self,))

    def repeat(self, repeats: int | Sequence[int], axis: int | None = None) -> Tensor:
        """Each element of x along an axis repeated, all equally often or each as often as its count; without an
        axis, of x flattened. See gradwire.repeat.
        """
        return operations.apply("repeat", (self,), {"repeats": repeats, "axis": axis})

    def roll(self, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Tensor:
        """x with its elements moved on by `shift` along an axis, those at the end to the beginning; several shifts
        go with several axes, and without an axis x is rolled as if it were flat. See gradwire.roll.
        """
        return operations.apply("roll", (self,), {"shift": shift, "axis": axis})

    def rot90(self, k: int = 1, axes: Sequence[int] = (0, 1)) -> Tensor:
        """x turned by k quarter turns in the plane of two axes, from the first towards the second. See
        gradwire.rot90.
        """
        return operations.apply("rot90", (self,), {"k": k, "axes": axes})

    def round(self, decimals: int = 0) -> Tensor:
        """The number nearest to x with so many decimals (before the point, if negative); of two, the even one. See
        gradwire.round.
        """
        return operations.apply("round", (self,), {"decimals": decimals})

    def rsqrt(self) -> Tensor:
        """1/√x. See gradwire.rsqrt."""
        return operations.apply("rsqrt", (self,))

    def scatter(
        self,
        indices: ArrayLike,
        values: ArrayLike,
        axis: int = -1,
        reduction: Literal["set", "add", "multiply", "mean", "max", "min"] = "set",
        include_self: bool = True,
    ) -> Tensor:
        """x with each of `values` brought to its own place, but with the index given for it along the axis: there it
        replaces what x has, or is reduced with it to the sum, product, mean, largest or smallest; without
        `include_self`, what x has there doesn't count. Along other axes `indices` may be shorter than x, and
        nothing broadcasts but a scalar. Of several values for one element, the last replaces it. See
        gradwire.scatter.
        """
        return operations.apply(
            "scatter", (self, indices, values), {"axis": axis, "reduction": reduction, "include_self": include_self}
        )

    def searchsorted(self, x2: ArrayLike, side: Literal["left", "right"] = "left") -> Tensor:
        """The places in x1, a line in increasing order, at which the elements of x2 would keep it so: of several the
        first (left) or the last (right). See gradwire.searchsorted.
        """
        return operations.apply("searchsorted", (self, x2), {"side": side})

    def sigmoid(self) -> Tensor:
        """1/(1 + exp(−x)). See gradwire.sigmoid."""
        return operations.apply("sigmoid", (self,))

    def sign(self) -> Tensor:
        """−1, 0 or 1 as x is negative, zero or positive. See gradwire.sign."""
        return operations.apply("sign", (self,))

    def signbit(self) -> Tensor:
        """Whether x has a minus sign, as −0.0 has. See gradwire.signbit."""
        return operations.apply("signbit", (self,))

    def sin(self) -> Tensor:
        """The sine. See gradwire.sin."""
        return operations.apply("sin", (self,))

    def sinh(self) -> Tensor:
        """The hyperbolic sine. See gradwire.sinh."""
        return operations.apply("sinh", (self,))

    def sort(self, axis: int = -1, descending: bool = False) -> Tensor:
        """The elements in increasing order along an axis, or in decreasing order. NaN counts as the largest. See
        gradwire.sort.
        """
        return operations.apply("sort", (self,), {"axis": axis, "descending": descending})

    def spacing(self) -> Tensor:
        """The distance from x to the number that comes next, with the sign of x. See gradwire.spacing."""
        return operations.apply("spacing", (self,))

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

    def tile(self, reps: int | Sequence[int]) -> Tensor:
        """x repeated as a whole, so many times along each axis; axes that `reps` or x lack are taken as the first
        ones. See gradwire.tile.
        """
        return operations.apply("tile", (self,), {"reps": reps})

    def topk(self, k: int, axis: int = -1, largest: bool = True) -> tuple[Tensor, ...]:
        """The k largest elements along an axis, largest first, or the k smallest, smallest first; and their indices.
        Of equal elements the first come first; NaN counts as the largest. See gradwire.topk.
        """
        return operations.apply_many("topk", (self,), {"k": k, "axis": axis, "largest": largest})

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
