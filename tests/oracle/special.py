"""PyTorch's counterparts of the special functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import Tensor, torch


def _multigammaln(x: Tensor, d: int) -> Tensor:
    return torch.special.multigammaln(x, d)


def _polygamma(x: Tensor, n: int) -> Tensor:
    return torch.special.polygamma(n, x)


def _bessel(functions: tuple[Callable[[Tensor], Tensor], ...]) -> Callable[..., Tensor]:
    """By torch's two orders, and the recurrence that leads to the next two."""

    def of_order(x: Tensor, n: int) -> Tensor:
        values = [function(x) for function in functions]
        for k in range(1, n):
            values.append(values[k - 1] - 2 * k / x * values[k])
        return values[n]

    return of_order


def _spherical(x: Tensor, n: int) -> Tensor:
    values = [torch.sin(x) / x, (torch.sin(x) / x - torch.cos(x)) / x]
    for k in range(1, n):
        values.append((2 * k + 1) / x * values[k] - values[k - 1])
    return values[n]


def _ierfcx(x: Tensor, n: int) -> Tensor:
    values = [torch.full_like(x, 2 / torch.pi**0.5), torch.special.erfcx(x)]
    for k in range(1, n + 1):
        values.append((values[k - 1] - 2 * x * values[k]) / (2 * k))
    return values[n + 1]


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        **{
            name: getattr(torch.special, name)
            for name in (  # noqa: SIM905
                "digamma entr erfc erfcx erfinv gammaln i0 i0e i1 i1e log_ndtr logit ndtr ndtri xlog1py xlogy"
            ).split()
        },
        "ierfcx": _ierfcx,
        "iv": _bessel((torch.special.i0, torch.special.i1)),
        "ive": _bessel((torch.special.i0e, torch.special.i1e)),
        "multigammaln": _multigammaln,
        "polygamma": _polygamma,
        "sinc": "torch's second derivative at 0 is 0, and by itself it is tested to be −π²/3",
        "spherical_jn": _spherical,
    }
