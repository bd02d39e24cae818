"""What elements between those of an array are sums of: the indices and weights that interpolation takes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from gradwire_engine.errors import InvalidArgumentError
from gradwire_engine.spec import Array

MAX_WEIGHTS = 1 << 26
"""How many weights one axis may take."""


class Taps(NamedTuple):
    """For each element of a result the indices of those it is a sum of, and their weights: both terms × elements."""

    indices: Array
    weights: Array


def _near(t: Any, a: float) -> Any:
    """The cubic kernel at a distance t of at most 1."""
    return ((a + 2) * t - (a + 3)) * t * t + 1


def _far(t: Any, a: float) -> Any:
    """The cubic kernel at a distance t between 1 and 2."""
    return ((t * a - 5 * a) * t + 8 * a) * t - 4 * a


def cubic_weights(t: Any, a: float = -0.75) -> list[Any]:
    """Weights of the two elements before and the two after a position that is t beyond the second."""
    return [_far(t + 1, a), _near(t, a), _near(1 - t, a), _far(2 - t, a)]


def _step(n: int, m: int, scale: float | None, align_corners: bool) -> float:
    """How far apart the centres of m elements are among n."""
    if align_corners:
        return (n - 1) / (m - 1) if m > 1 else 0.0
    return 1 / scale if scale else n / max(m, 1)


def _nearest(n: int, m: int, step: float, shift: float) -> Taps:
    # In float32, as PyTorch has it: a step of 0.6 takes five elements exactly to the third.
    places = np.floor(((np.arange(m) + shift) * step).astype(np.float32)).astype(np.int64)
    return Taps(np.minimum(places, n - 1)[None], np.ones((1, m)))


def _between(n: int, m: int, step: float, align_corners: bool, cubic: bool) -> Taps:
    positions = np.arange(m) * step if align_corners else (np.arange(m) + 0.5) * step - 0.5
    if not cubic:
        positions = np.maximum(positions, 0)
    low = np.minimum(np.floor(positions), n - 1)
    t = np.clip(positions - low, 0, 1)
    weights = cubic_weights(t) if cubic else [1 - t, t]
    first = low.astype(np.int64) - int(cubic)
    return Taps(np.clip([first + i for i in range(len(weights))], 0, n - 1), np.array(weights))


def _terms(most: int, m: int) -> int:
    """How many terms each of m elements has, if one of them has this many."""
    if most * m > MAX_WEIGHTS:
        raise InvalidArgumentError(
            f"{m} elements that are sums of up to {most} others take too many weights", "ATTRIBUTE_INVALID"
        )
    return max(int(most), 1)


def _windows(starts: Array, ends: Array, weigh: Callable[[Array], Array]) -> Taps:
    """Elements from `starts` to before `ends`, weighted by weigh(indices) so that the weights of each add up to 1."""
    reach = np.arange(_terms((ends - starts).max(initial=1), len(starts)))[:, None]
    indices = np.minimum(starts + reach, ends - 1)
    weights = np.where(reach < ends - starts, weigh(starts + reach), 0.0)
    return Taps(indices, weights / weights.sum(0))


def _area(n: int, m: int) -> Taps:
    i = np.arange(m)
    return _windows(i * n // m, -(-(i + 1) * n // m), np.ones_like)


def _antialiased(n: int, m: int, step: float, cubic: bool) -> Taps:
    wide = max(step, 1.0)
    reach = (2 if cubic else 1) * wide
    centres = step * (np.arange(m) + 0.5)
    starts = np.maximum((centres - reach + 0.5).astype(np.int64), 0)
    ends = np.minimum((centres + reach + 0.5).astype(np.int64), n)

    def weigh(indices: Array) -> Array:
        t = np.abs((indices - centres + 0.5) / wide)
        if not cubic:
            return np.maximum(1 - t, 0)
        return np.where(t < 1, _near(t, -0.5), np.where(t < 2, _far(t, -0.5), 0))

    return _windows(starts, ends, weigh)


def _transposed(taps: Taps, n: int) -> Taps:
    """The same weights seen from each of the n elements they are for."""
    terms, m = np.nonzero(taps.weights)
    indices, weights = taps.indices[terms, m], taps.weights[terms, m]
    order = np.argsort(indices, kind="stable")
    counts = np.bincount(indices, minlength=n)
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    shape = _terms(counts.max(initial=1), n), n
    found = Taps(np.zeros(shape, np.int64), np.zeros(shape))
    found.indices[place, indices[order]] = m[order]
    found.weights[place, indices[order]] = weights[order]
    return found


def is_plain(n: int, m: int, mode: str, antialias: bool) -> bool:
    """Whether a scale that isn't quite the lengths' has no say, as in PyTorch: elements stay, or are doubled."""
    return (n == m and (antialias or mode not in ("cubic", "nearest-exact"))) or (2 * n == m and mode == "nearest")


def taps_of(
    n: int, m: int, mode: str, scale: float | None, align_corners: bool, antialias: bool, transposed: bool
) -> Taps:
    """The weights that make m elements of n."""
    if transposed:
        return _transposed(taps_of(n, m, mode, scale, align_corners, antialias, False), n)
    step = _step(n, m, None if is_plain(n, m, mode, antialias) else scale, align_corners)
    if antialias:
        return _antialiased(n, m, step, mode == "cubic")
    if mode in ("linear", "cubic"):
        return _between(n, m, step, align_corners, mode == "cubic")
    return _area(n, m) if mode == "area" else _nearest(n, m, step, 0.5 if mode == "nearest-exact" else 0)
