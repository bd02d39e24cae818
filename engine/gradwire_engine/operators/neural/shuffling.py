"""Moving elements between channels and space, and between groups of channels."""

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Value
from gradwire_engine.operators.families import lowered, reshaped, sample_of
from gradwire_engine.operators.neural.windows import Positive
from gradwire_engine.operators.shaping.shapes import transpose


class UpscaleAttributes(Attributes):
    upscale_factor: Positive


class DownscaleAttributes(Attributes):
    downscale_factor: Positive


class GroupsAttributes(Attributes):
    groups: Positive


def _pixel_shuffle(x: Value, upscale_factor: int) -> Value:
    factor = upscale_factor
    if x.ndim < 3 or x.shape[-3] % factor**2:
        raise ShapeError(f"x must have the shape (…, C·{factor**2}, H, W), not {list(x.shape)}")
    *lead, channels, height, width = x.shape
    n = len(lead)
    parts = reshaped(x, (*lead, channels // factor**2, factor, factor, height, width))
    ordered = transpose(parts, axes=(*range(n + 1), n + 3, n + 1, n + 4, n + 2))
    return reshaped(ordered, (*lead, channels // factor**2, height * factor, width * factor))


def _pixel_unshuffle(x: Value, downscale_factor: int) -> Value:
    factor = downscale_factor
    if x.ndim < 3 or x.shape[-1] % factor or x.shape[-2] % factor:
        raise ShapeError(f"x must have the shape (…, C, H·{factor}, W·{factor}), not {list(x.shape)}")
    *lead, channels, height, width = x.shape
    n = len(lead)
    parts = reshaped(x, (*lead, channels, height // factor, factor, width // factor, factor))
    ordered = transpose(parts, axes=(*range(n + 1), n + 2, n + 4, n + 1, n + 3))
    return reshaped(ordered, (*lead, channels * factor**2, height // factor, width // factor))


def _channel_shuffle(x: Value, groups: int) -> Value:
    if x.ndim < 3 or x.shape[1] % groups:
        raise ShapeError(f"x must have the shape (N, C, …) with C a multiple of {groups}, not {list(x.shape)}")
    samples, channels, *rest = x.shape
    parts = reshaped(x, (samples, groups, channels // groups, *rest))
    return reshaped(transpose(parts, axes=(0, 2, 1, *range(3, parts.ndim))), x.shape)


pixel_shuffle = lowered(
    "pixel_shuffle",
    ("x",),
    "r² channels made the r × r elements of each pixel: (…, C·r², H, W) becomes (…, C, H·r, W·r).",
    _pixel_shuffle,
    derivative="pixel_unshuffle of the cotangent",
    attributes=UpscaleAttributes,
    samples=(sample_of((1, 4, 2, 1), upscale_factor=2), sample_of((9, 1, 2), upscale_factor=3)),
)
pixel_unshuffle = lowered(
    "pixel_unshuffle",
    ("x",),
    "Blocks of r × r elements made channels: (…, C, H·r, W·r) becomes (…, C·r², H, W); undoes pixel_shuffle.",
    _pixel_unshuffle,
    derivative="pixel_shuffle of the cotangent",
    attributes=DownscaleAttributes,
    samples=(sample_of((1, 1, 4, 2), downscale_factor=2), sample_of((1, 3, 3), downscale_factor=3)),
)
channel_shuffle = lowered(
    "channel_shuffle",
    ("x",),
    "Channels (axis 1) dealt out: of so many groups first the first of each, then the second of each.",
    _channel_shuffle,
    derivative="the cotangent's channels put back",
    attributes=GroupsAttributes,
    samples=(sample_of((1, 6, 2), groups=3), sample_of((0, 4, 1, 1), groups=2)),
)
