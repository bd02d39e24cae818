"""What may stand between the brackets: all that NumPy takes, read and written."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import gradwire as gw

steady = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SHAPE = (3, 2, 4)
bounds = st.none() | st.integers(-5, 5)


@st.composite
def parts(draw: st.DrawFn, axis: int) -> tuple[Any, int]:
    """Something to index an axis with, and how many axes it takes."""
    length = SHAPE[axis]
    index = st.integers(-length, length - 1)
    kind = draw(st.sampled_from(["integer", "array", "list", "slice", "mask", "wide mask", "0-d"]))
    if kind == "integer":
        return draw(index), 1
    if kind == "0-d":
        return np.array(draw(index), draw(st.sampled_from(["int8", "int64"]))), 1
    if kind == "list":
        return draw(st.lists(index, min_size=2, max_size=2)), 1
    if kind == "array":
        shape = draw(st.sampled_from([(1,), (2,), (2, 1), (1, 2), (0,)]))
        return np.array(draw(st.lists(index, min_size=2, max_size=2)))[: np.prod(shape)].reshape(shape), 1
    if kind == "slice":
        return slice(draw(bounds), draw(bounds), draw(st.none() | st.sampled_from([1, 2, -1, -2]))), 1
    if kind == "wide mask" and axis + 1 < len(SHAPE):
        size = length * SHAPE[axis + 1]
        mask = draw(st.lists(st.booleans(), min_size=size, max_size=size))
        return np.array(mask).reshape(length, -1), 2
    mask = draw(st.lists(st.booleans(), min_size=length, max_size=length))
    return draw(st.sampled_from([np.array, list]))(mask), 1


@st.composite
def keys(draw: st.DrawFn) -> Any:
    """An index of an array of this shape, with None, truth values and an ellipsis anywhere."""
    found: list[Any] = []
    axis = 0
    other = st.sampled_from([None, True, False, np.array(True), np.bool_(False)])
    while axis < len(SHAPE) and draw(st.integers(0, 5)):
        part, taken = draw(parts(axis))
        found.append(part)
        axis += taken
    for extra in draw(st.lists(other, max_size=2)):
        found.insert(draw(st.integers(0, len(found))), extra)
    if axis == len(SHAPE) or not found or draw(st.booleans()):
        # Elsewhere than at the end, the parts would be for other axes.
        found.append(...)
    return found[0] if len(found) == 1 and not isinstance(found[0], list) else tuple(found)


def as_tensors(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(as_tensors(part) for part in key)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return gw.tensor(key) if isinstance(key, np.ndarray) else key


@steady
@given(key=keys(), tensors=st.booleans())
@example(key=(), tensors=False)
@example(key=True, tensors=False)
@example(key=(0, True, ..., [0, 1]), tensors=False)
@example(key=(..., np.array(1)), tensors=True)
@example(key=([], []), tensors=False)
@example(key=[[0, 1], [1, 0]], tensors=False)
@example(key=(slice(None), None, np.array([True, False]), None, slice(None, None, -1)), tensors=True)
def test_an_index_means_what_it_means_to_numpy(address: str | None, key: Any, tensors: bool) -> None:
    array = np.arange(24.0).reshape(SHAPE)
    try:
        expected = array[key]
    except IndexError:
        expected = None
    with gw.connect(address):
        x = gw.tensor(array)
        ours = as_tensors(key) if tensors else key
        if expected is None:
            with pytest.raises((gw.ShapeError, gw.IndexOutOfRangeError)):
                x[ours].numpy()
            return
        found = x[ours]
        assert found.shape == expected.shape
        np.testing.assert_array_equal(found.numpy(), expected)
        values = np.arange(expected.size, dtype=float).reshape(expected.shape) - 100
        array[key] = values
        np.testing.assert_array_equal(gw.index_set(x, ours, values).numpy(), array)
        added = np.arange(24.0).reshape(SHAPE)
        np.add.at(added, key, values)
        np.testing.assert_array_equal(gw.index_add(x, ours, values).numpy(), added)
