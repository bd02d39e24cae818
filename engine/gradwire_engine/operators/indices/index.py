"""Index expressions: the Python form of what stands between the brackets of x[…]."""

import enum
from collections.abc import Iterator, Sequence
from types import EllipsisType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from gradwire_engine.errors import IndexOutOfRangeError, InvalidArgumentError
from gradwire_engine.spec import Shape, broadcast_shapes


class Slice(BaseModel):
    """start:stop:step."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    start: int | None = None
    stop: int | None = None
    step: int | None = None

    def range_of(self, length: int) -> range:
        """The indices that it picks of an axis."""
        return range(*slice(self.start, self.stop, self.step).indices(length))


class Indices(enum.Enum):
    """Marks a position that takes its indices from the next integer array."""

    ARRAY = "array"


ARRAY = Indices.ARRAY

_length = {"type": ["integer", "null"]}
_item_schemas = [
    {"properties": {"integer": {"type": "integer"}}, "required": ["integer"]},
    {"properties": {"slice": {"type": "object", "properties": {"start": _length, "stop": _length, "step": _length}}}},
    {"properties": {"ellipsis": {"type": "object"}}, "required": ["ellipsis"]},
    {"properties": {"new_axis": {"type": "object"}}, "required": ["new_axis"]},
    {"properties": {"array": {"type": "object"}}, "required": ["array"]},
]

Item = int | Slice | EllipsisType | Indices | None
Index = tuple[Item, ...]
IndexAttribute = Annotated[
    Index, WithJsonSchema({"type": "array", "items": {"type": "object", "oneOf": _item_schemas}})
]


def result_shape(shape: Shape, index: Index, arrays: Sequence[Shape]) -> Shape:
    """The shape of x[index], for x of this shape and index arrays of those, as in NumPy."""
    if index.count(ARRAY) != len(arrays):
        raise InvalidArgumentError(
            f"the index has {index.count(ARRAY)} positions for arrays, and there are {len(arrays)} arrays",
            "ATTRIBUTE_INVALID",
            attribute="index",
        )
    if index.count(Ellipsis) > 1:
        raise InvalidArgumentError("an index can have one ellipsis only", "ATTRIBUTE_INVALID", attribute="index")
    joint = broadcast_shapes(arrays) if arrays else ()
    result: list[int] = []
    joint_at: list[int] = []
    runs, in_run = 0, False
    for item, axis in _with_axes(index, len(shape)):
        is_joint = item is ARRAY or (bool(arrays) and isinstance(item, int))
        if is_joint:
            joint_at.append(len(result))
            runs += not in_run
        elif item is None:
            result.append(1)
        elif isinstance(item, Slice):
            result.append(len(_checked(item).range_of(shape[axis])))
        in_run = is_joint
        if isinstance(item, int) and not -shape[axis] <= item < shape[axis]:
            raise IndexOutOfRangeError(
                f"index {item} is out of range for axis {axis} of length {shape[axis]}", index=item, axis=axis
            )
    # NumPy's rule: array indices that stand apart from each other put their axes first.
    place = joint_at[0] if runs == 1 else 0
    return (*result[:place], *joint, *result[place:])


def arrays_stand_apart(index: Index) -> bool:
    """Whether arrays, with the integers beside them, are more than one run, so that NumPy puts their axes first."""
    joint = [item is ARRAY or isinstance(item, int) for item in index]
    return sum(now and not before for before, now in zip([False, *joint], joint, strict=False)) > 1


def _with_axes(index: Index, ndim: int) -> Iterator[tuple[Item, int]]:
    """Each item with the axis it is for, and full slices for the axes that no item is for."""
    unused = ndim - sum(item is not None and item is not Ellipsis for item in index)
    if unused < 0:
        raise IndexOutOfRangeError(f"{ndim - unused} indices for {ndim} dimension{'s' * (ndim != 1)}", ndim=ndim)
    axis = 0
    for item in index if Ellipsis in index else (*index, Ellipsis):
        if item is Ellipsis:
            yield item, axis
            yield from ((Slice(), axis + i) for i in range(unused))
            axis += unused
        else:
            yield item, axis
            axis += item is not None


def _checked(item: Slice) -> Slice:
    if item.step == 0:
        raise InvalidArgumentError("a slice's step must not be 0", "ATTRIBUTE_INVALID", attribute="index")
    return item
