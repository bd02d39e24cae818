"""PyTorch's counterparts of functions of single elements, of pairs of them, and of integers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import NO_COUNTERPART, Tensor, torch


def _cbrt(x: Tensor) -> Tensor:
    return torch.sign(x) * torch.abs(x).pow(1 / 3)


def _modf(x: Tensor) -> tuple[Tensor, Tensor]:
    return torch.frac(x), torch.trunc(x)


def _heaviside(x: Tensor, at_zero: Tensor) -> Tensor:
    """torch's own has no derivative."""
    return torch.where(x == 0, at_zero, (x > 0).to(x.dtype))


def _clip(x: Tensor, *bounds: Tensor, without: tuple[str, ...]) -> Tensor:
    given = iter(bounds)
    return torch.clamp(x, *(None if name in without else next(given, None) for name in ("min", "max")))


def _round(x: Tensor, decimals: int) -> Tensor:
    return torch.round(x, decimals=decimals)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        **{
            name: getattr(torch, name)
            for name in (  # noqa: SIM905
                "angle bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign deg2rad"
                " float_power fmax fmin fmod frexp gcd isclose isneginf isposinf lcm lerp logaddexp2 nan_to_num"
                " nextafter positive rad2deg rsqrt signbit"
            ).split()
        },
        "bitwise_invert": torch.bitwise_not,
        "cbrt": _cbrt,
        "clip": _clip,
        "clip_max": torch.clamp_max,
        "clip_min": torch.clamp_min,
        "heaviside": _heaviside,
        # torch's own warns when it broadcasts.
        "ldexp": lambda x, exponent: x * torch.exp2(exponent),
        "modf": _modf,
        "round": _round,
        "spacing": NO_COUNTERPART,
    }
