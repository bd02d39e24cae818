"""Convolutions over one, two and three axes, and their transposes.

y[n, o, i] = Σ w[o, c, k]·x[n, c, stride·i + dilation·k − padding] is linear in x, in w and, paired with a cotangent of
y, in that too. So three operators, each computing one of x, w and y from the other two, are each other's derivatives.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import as_in, broadcast, casting, lowered, reshaped, sample_of
from gradwire_engine.operators.neural.convolution_kernels import (
    convolution_kernel,
    convolution_scratch,
    transpose_kernel,
    transpose_scratch,
    weight_kernel,
    weight_scratch,
)
from gradwire_engine.operators.neural.convolution_windows import covered_lengths
from gradwire_engine.operators.neural.windows import Numbers, Positive, batched, per_axis, span, unbatched
from gradwire_engine.operators.shaping.creation import Length
from gradwire_engine.operators.shaping.shapes import swapaxes
from gradwire_engine.operators.work import multiplication
from gradwire_engine.spec import Shape, Spec


class ConvolutionAttributes(Attributes):
    """What x, the weight and y have to do with each other.

    Attributes:
        lengths: of the last axes of the result, whichever of the three it is.
        padding: zeros before x along each axis; those after it follow from the lengths. Negative, x is cut.
    """

    lengths: tuple[Length, ...]
    stride: tuple[Positive, ...]
    padding: tuple[int, ...]
    dilation: tuple[Positive, ...]
    groups: Positive = 1


class ConvAttributes(Attributes):
    stride: Numbers = 1
    padding: Numbers | Literal["same", "valid"] = 0
    dilation: Numbers = 1
    groups: int = 1


class ConvTransposeAttributes(Attributes):
    stride: Numbers = 1
    padding: Numbers = 0
    output_padding: Numbers = 0
    groups: int = 1
    dilation: Numbers = 1


# The three operators


def _check(attributes: ConvolutionAttributes, *operands: Spec) -> None:
    ndim = len(attributes.lengths)
    wanted = {ndim + 2, *(2 + len(given) for given in (attributes.stride, attributes.padding, attributes.dilation))}
    if not ndim or wanted != {len(x.shape) for x in operands}:
        raise ShapeError(f"operands, stride, padding and dilation must all be for the {ndim} axes of lengths")


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise ShapeError(what)


def _convolution_spec(x: Spec, weight: Spec, **attributes: Any) -> Spec:
    given = ConvolutionAttributes(**attributes)
    _check(given, x, weight)
    _require(x.shape[1] == weight.shape[1] * given.groups, _channels(x.shape[1], weight.shape[1], given.groups))
    _require(weight.shape[0] % given.groups == 0, _outputs(weight.shape[0], given.groups))
    return Spec((x.shape[0], weight.shape[0], *given.lengths), x.dtype)


def _transpose_spec(y: Spec, weight: Spec, **attributes: Any) -> Spec:
    given = ConvolutionAttributes(**attributes)
    _check(given, y, weight)
    _require(y.shape[1] == weight.shape[0], f"{y.shape[1]} channels, and a weight for {weight.shape[0]}")
    _require(weight.shape[0] % given.groups == 0, _outputs(weight.shape[0], given.groups))
    return Spec((y.shape[0], weight.shape[1] * given.groups, *given.lengths), y.dtype)


def _weight_spec(x: Spec, y: Spec, **attributes: Any) -> Spec:
    given = ConvolutionAttributes(**attributes)
    _check(given, x, y)
    _require(x.shape[0] == y.shape[0], f"x has {x.shape[0]} samples, and y {y.shape[0]}")
    _require(x.shape[1] % given.groups == 0, _outputs(x.shape[1], given.groups))
    _require(y.shape[1] % given.groups == 0, _outputs(y.shape[1], given.groups))
    return Spec((y.shape[1], x.shape[1] // given.groups, *given.lengths), x.dtype)


def _channels(channels: int, taken: int, groups: int) -> str:
    each = f"{taken} in each of {groups} groups" if groups > 1 else f"{taken}"
    return f"x has {channels} channels, and the weight takes {each}"


def _outputs(channels: int, groups: int) -> str:
    return f"{channels} channels can't be parted into {groups} groups"


# Zeros of the padding are counted like other elements.


def _convolution_flops(x: Spec, weight: Spec, lengths: Shape, **steps: Any) -> int:
    return x.shape[0] * multiplication(math.prod(lengths), math.prod(weight.shape[1:]), weight.shape[0])


def _transpose_flops(y: Spec, weight: Spec, **steps: Any) -> int:
    return y.shape[0] * multiplication(math.prod(y.shape[2:]), math.prod(weight.shape[1:]), weight.shape[0])


def _weight_flops(x: Spec, y: Spec, lengths: Shape, groups: int, **steps: Any) -> int:
    return y.shape[0] * multiplication(math.prod(y.shape[2:]), x.shape[1] // groups * math.prod(lengths), y.shape[1])


def _convolution_rule(g: Value, y: Value, x: Value, weight: Value, lengths: Shape, **steps: Any) -> Sequence[Value]:
    return (
        convolution_transpose(g, weight, lengths=x.shape[2:], **steps),
        convolution_weight(x, g, lengths=weight.shape[2:], **steps),
    )


def _transpose_rule(g: Value, x: Value, y: Value, weight: Value, lengths: Shape, **steps: Any) -> Sequence[Value]:
    return (
        convolution(g, weight, lengths=y.shape[2:], **steps),
        convolution_weight(g, y, lengths=weight.shape[2:], **steps),
    )


def _weight_rule(g: Value, weight: Value, x: Value, y: Value, lengths: Shape, **steps: Any) -> Sequence[Value]:
    return (
        convolution_transpose(y, g, lengths=x.shape[2:], **steps),
        convolution(x, g, lengths=y.shape[2:], **steps),
    )


def _batched(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    (first, second), by_weight = operands, operator is convolution_weight
    rows = (first if flags[0] else second).shape[0]
    if not flags[1] and not by_weight:
        # Rows of samples are more samples.
        y = operator(_merged(first), second, **attributes)
        return reshaped(y, (rows, first.shape[1], *y.shape[1:]))
    groups: int = attributes["groups"]
    if flags[0] or groups > 1 or operator is convolution_transpose:
        # Rows are groups: nothing passes from one to the other.
        groups *= rows
        first = _side_by_side(first if flags[0] else broadcast(first, (rows, *first.shape)))
    second = second if flags[1] else broadcast(second, (rows, *second.shape))
    y = operator(first, (_side_by_side if by_weight else _merged)(second), **{**attributes, "groups": groups})
    if by_weight:
        return reshaped(y, (rows, y.shape[0] // rows, *y.shape[1:]))
    return swapaxes(reshaped(y, (y.shape[0], rows, y.shape[1] // rows, *y.shape[2:])), axis1=0, axis2=1)


def _merged(x: Value) -> Value:
    return reshaped(x, (x.shape[0] * x.shape[1], *x.shape[2:]))


def _side_by_side(x: Value) -> Value:
    """The channels of all rows as channels of the same samples."""
    samples = swapaxes(x, axis1=0, axis2=1)
    return reshaped(samples, (x.shape[1], x.shape[0] * x.shape[2], *x.shape[3:]))


_one_axis = {"stride": (1,), "padding": (1,), "dilation": (1,)}
_two_axes = {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 2)}
_shapes: list[tuple[Shape, Shape, Shape, dict[str, Any]]] = [
    ((2, 2, 4), (3, 2, 2), (2, 3, 5), _one_axis),
    ((1, 2, 3, 4), (2, 2, 2, 2), (1, 2, 2, 2), _two_axes),
    ((0, 2, 3), (2, 2, 1), (0, 2, 3), {**_one_axis, "padding": (0,)}),
]
convolution: Operator = Operator(
    name="convolution",
    operands=("x", "weight"),
    infer=_convolution_spec,
    kernel=convolution_kernel,
    scratch=convolution_scratch,
    flops=_convolution_flops,
    vjp=_convolution_rule,
    batch=_batched,
    cast=casting(as_in(np.matmul)),
    summary="Σ weight[o, c, k]·x[n, c, stride·i + dilation·k − padding] over c and k, where x is 0 outside; i goes"
    " up to `lengths`.",
    derivative="∂x: convolution_transpose of the cotangent with the weight; ∂weight: convolution_weight of x with it",
    attributes=ConvolutionAttributes,
    samples=tuple(sample_of(x, w, lengths=y[2:], **steps) for x, w, y, steps in _shapes),
)
convolution_transpose: Operator = Operator(
    name="convolution_transpose",
    operands=("y", "weight"),
    infer=_transpose_spec,
    kernel=transpose_kernel,
    scratch=transpose_scratch,
    flops=_transpose_flops,
    vjp=_transpose_rule,
    batch=_batched,
    cast=casting(as_in(np.matmul)),
    summary="The adjoint of convolution as a function of x, whose lengths are `lengths`.",
    derivative="∂y: convolution of the cotangent with the weight; ∂weight: convolution_weight of the cotangent with y",
    attributes=ConvolutionAttributes,
    samples=tuple(sample_of(y, w, lengths=x[2:], **steps) for x, w, y, steps in _shapes),
)
convolution_weight: Operator = Operator(
    name="convolution_weight",
    operands=("x", "y"),
    infer=_weight_spec,
    kernel=weight_kernel,
    scratch=weight_scratch,
    flops=_weight_flops,
    vjp=_weight_rule,
    batch=_batched,
    cast=casting(as_in(np.matmul)),
    summary="The adjoint of convolution as a function of the weight, whose lengths are `lengths`.",
    derivative="∂x: convolution_transpose of y with the cotangent; ∂y: convolution of x with the cotangent",
    attributes=ConvolutionAttributes,
    samples=tuple(sample_of(x, y, lengths=w[2:], **steps) for x, w, y, steps in _shapes),
)


# As PyTorch has them


def _check_operands(x: Value, weight: Value, bias: Value | None, groups: int, ndim: int, channels: int) -> Value:
    """Samples of x. `channels` is the axis of the weight that counts x's."""
    samples = batched(x, ndim)
    if groups < 1:
        raise InvalidArgumentError(f"groups must be at least 1, not {groups}", "ATTRIBUTE_INVALID", attribute="groups")
    if weight.ndim != ndim + 2 or not all(weight.shape):
        order = "C_out, C_in/groups" if channels else "C_in, C_out/groups"
        raise ShapeError(f"weight must have the shape ({order}, kernel of {ndim}), not {list(weight.shape)}")
    taken = weight.shape[1] * groups if channels else weight.shape[0]
    _require(
        samples.shape[1] == taken,
        _channels(samples.shape[1], weight.shape[1], groups)
        if channels
        else f"x has {samples.shape[1]} channels, and the weight takes {taken}",
    )
    _require(weight.shape[0] % groups == 0, _outputs(weight.shape[0], groups))
    made = weight.shape[0] if channels else weight.shape[1] * groups
    if bias is not None and bias.shape != (made,):
        raise ShapeError(f"bias must have the shape [{made}], not {list(bias.shape)}")
    return samples


def _with_bias(y: Value, bias: Value | None) -> Value:
    return y if bias is None else y + reshaped(bias, (bias.size, *[1] * (y.ndim - 2)))


def _margins(
    padding: Numbers | Literal["same", "valid"], kernel: Shape, stride: Shape, dilation: Shape
) -> list[tuple[int, int]]:
    """Zeros before and after each axis."""
    if padding == "same":
        if any(step != 1 for step in stride):
            raise InvalidArgumentError(
                f"padding='same' needs a stride of 1, not {stride}", "ATTRIBUTE_INVALID", attribute="padding"
            )
        totals = [span(size, gap) - 1 for size, gap in zip(kernel, dilation, strict=True)]
        return [(total // 2, total - total // 2) for total in totals]
    given = 0 if padding == "valid" else padding
    assert not isinstance(given, str)
    return [(n, n) for n in per_axis(given, len(kernel), "padding", 0)]


def _conv(
    x: Value,
    weight: Value,
    bias: Value | None,
    stride: Numbers,
    padding: Numbers | Literal["same", "valid"],
    dilation: Numbers,
    groups: int,
    ndim: int,
) -> Value:
    samples = _check_operands(x, weight, bias, groups, ndim, 1)
    kernel = weight.shape[2:]
    steps, gaps = per_axis(stride, ndim, "stride"), per_axis(dilation, ndim, "dilation")
    margins = _margins(padding, kernel, steps, gaps)
    room = [
        n + sum(margin) - span(size, gap)
        for n, margin, size, gap in zip(samples.shape[2:], margins, kernel, gaps, strict=True)
    ]
    if min(room) < 0:
        spans = [span(size, gap) for size, gap in zip(kernel, gaps, strict=True)]
        around = [n + sum(margin) for n, margin in zip(samples.shape[2:], margins, strict=True)]
        raise ShapeError(f"the kernel, which spans {spans}, doesn't fit x with its padding, {around}")
    y = convolution(
        samples,
        weight,
        lengths=tuple(n // step + 1 for n, step in zip(room, steps, strict=True)),
        stride=steps,
        padding=tuple(low for low, _ in margins),
        dilation=gaps,
        groups=groups,
    )
    return unbatched(_with_bias(y, bias), x.ndim == ndim + 1)


def _conv_transpose(
    x: Value,
    weight: Value,
    bias: Value | None,
    stride: Numbers,
    padding: Numbers,
    output_padding: Numbers,
    groups: int,
    dilation: Numbers,
    ndim: int,
) -> Value:
    samples = _check_operands(x, weight, bias, groups, ndim, 0)
    steps, gaps = per_axis(stride, ndim, "stride"), per_axis(dilation, ndim, "dilation")
    margins = per_axis(padding, ndim, "padding", 0)
    extra = per_axis(output_padding, ndim, "output_padding", 0)
    if any(n >= max(step, gap) for n, step, gap in zip(extra, steps, gaps, strict=True)):
        raise InvalidArgumentError(
            f"output_padding must be less than stride or dilation, not {output_padding}",
            "ATTRIBUTE_INVALID",
            attribute="output_padding",
        )
    covered = covered_lengths(samples.shape[2:], weight.shape[2:], steps, gaps)
    lengths = tuple(n - 2 * low + more for n, low, more in zip(covered, margins, extra, strict=True))
    if min(lengths) < 1:
        raise ShapeError(f"padding {padding} leaves nothing of the result, whose lengths would be {list(lengths)}")
    y = convolution_transpose(
        samples, weight, lengths=lengths, stride=steps, padding=margins, dilation=gaps, groups=groups
    )
    return unbatched(_with_bias(y, bias), x.ndim == ndim + 1)


def _conv_operator(ndim: int, samples: Sequence[Sample]) -> Operator:
    axes = ("L", "H, W", "D, H, W")[ndim - 1]
    return lowered(
        f"conv{ndim}d",
        ("x", "weight", "bias?"),
        f"The convolution (as in neural networks, without turning the kernel round) of x, (N, C_in, {axes}) or without"
        " N, with the weight, (C_out, C_in/groups, *kernel), plus the bias, (C_out,). Windows begin `stride` apart and"
        " take every `dilation`-th element; `padding` zeros are put at both ends of each axis: so many that the lengths"
        " stay as they are (if the stride is 1) are 'same', none are 'valid'.",
        functools.partial(_conv, ndim=ndim),
        derivative="∂x: the transposed convolution of the cotangent; ∂weight: x's windows times the cotangent, summed;"
        " ∂bias: the cotangent, summed",
        cast=casting(as_in(np.matmul)),
        attributes=ConvAttributes,
        samples=samples,
    )


def _conv_transpose_operator(ndim: int, samples: Sequence[Sample]) -> Operator:
    axes = ("L", "H, W", "D, H, W")[ndim - 1]
    return lowered(
        f"conv_transpose{ndim}d",
        ("x", "weight", "bias?"),
        f"The adjoint of conv{ndim}d with the same arguments, plus the bias, (C_out,). x is (N, C_in, {axes}) or"
        f" without N, the weight (C_in, C_out/groups, *kernel). `output_padding` more elements come at the end of each"
        " axis: a stride makes the same length of several.",
        functools.partial(_conv_transpose, ndim=ndim),
        derivative="∂x: the convolution of the cotangent; ∂weight: the cotangent's windows times x, summed; ∂bias: the"
        " cotangent, summed",
        cast=casting(as_in(np.matmul)),
        attributes=ConvTransposeAttributes,
        samples=samples,
    )


conv1d = _conv_operator(
    1,
    (
        sample_of((1, 2, 5), (2, 2, 3), (2,)),
        sample_of((4, 6), (4, 2, 2), stride=2, dilation=3, padding=1, groups=2),
        sample_of((2, 1, 4), (1, 1, 3), padding="same"),
    ),
)
conv2d = _conv_operator(
    2,
    (
        sample_of((1, 2, 4, 4), (1, 2, 3, 3), (1,), padding=1),
        sample_of((2, 2, 4, 5), (2, 1, 2, 3), (2,), stride=(2, 1), groups=2, padding=(1, 0)),
        sample_of((2, 3, 4), (3, 2, 1, 1)),
    ),
)
conv3d = _conv_operator(
    3,
    (
        sample_of((1, 1, 3, 3, 2), (1, 1, 2, 1, 2), (1,), padding="same", dilation=2),
        sample_of((1, 3, 2, 4), (2, 1, 2, 1, 2), padding="valid", stride=(1, 1, 2)),
    ),
)
conv_transpose1d = _conv_transpose_operator(
    1,
    (
        sample_of((1, 2, 3), (2, 2, 3), (2,)),
        sample_of((4, 3), (4, 2, 2), stride=2, dilation=3, padding=1, output_padding=2, groups=2),
    ),
)
conv_transpose2d = _conv_transpose_operator(
    2,
    (
        sample_of((1, 1, 2, 3), (1, 2, 2, 2), (2,), stride=(2, 1)),
        sample_of((2, 2, 2, 2), (2, 1, 2, 3), (2,), padding=(0, 1), groups=2),
    ),
)
conv_transpose3d = _conv_transpose_operator(
    3,
    (
        sample_of((1, 1, 2, 1, 2), (1, 1, 2, 2, 2), (1,), stride=2, output_padding=(1, 0, 0)),
        sample_of((1, 2, 2, 1), (1, 1, 1, 2, 3), padding=(0, 0, 1)),
    ),
)
