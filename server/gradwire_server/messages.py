"""Between the contract's messages and the engine's own types."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from gradwire.v1 import graph_pb2, operator_pb2, tensor_pb2
from gradwire_engine.errors import DTypeError, InvalidArgumentError
from gradwire_engine.graph import Differentiability, Operator
from gradwire_engine.memory import Buffer
from gradwire_engine.operators.indices.index import ARRAY, Item, Slice
from gradwire_engine.spec import DTYPES, MAX_NDIM, Array, DType, Spec

_DTYPE_OF: dict[int, DType] = {
    number: DTYPES[name.removeprefix("DATA_TYPE_").lower()]
    for name, number in tensor_pb2.DataType.items()
    if name.removeprefix("DATA_TYPE_").lower() in DTYPES
}
_NUMBER_OF = {dtype: number for number, dtype in _DTYPE_OF.items()}


def dtype_from(number: int, *, field: str = "", **metadata: str) -> DType:
    """Raises DTypeError for one that isn't supported."""
    if number not in _DTYPE_OF:
        name = next((name for name, n in tensor_pb2.DataType.items() if n == number), number)
        raise DTypeError(
            f"dtype {name} is not supported here", "DTYPE_UNSUPPORTED", field=field, dtype=name, **metadata
        )
    return _DTYPE_OF[number]


def spec_from(message: tensor_pb2.TensorSpec, field: str) -> Spec:
    """Raises InvalidArgumentError or DTypeError naming the field."""
    if len(message.shape) > MAX_NDIM or any(n < 0 for n in message.shape):
        raise InvalidArgumentError(
            f"a shape has at most {MAX_NDIM} axes of length 0 or more; this one is {list(message.shape)[:8]}",
            "FIELD_INVALID",
            field=f"{field}.shape",
        )
    spec = Spec(tuple(message.shape), dtype_from(message.dtype, field=f"{field}.dtype"))
    if spec.is_impossible:
        raise InvalidArgumentError("the axes are too long for any array", "FIELD_INVALID", field=f"{field}.shape")
    return spec


def spec_to(spec: Spec) -> tensor_pb2.TensorSpec:
    return tensor_pb2.TensorSpec(dtype=_NUMBER_OF[spec.dtype], shape=spec.shape)  # pyright: ignore[reportArgumentType]


def header(value_id: int, spec: Spec) -> tensor_pb2.TensorHeader:
    return tensor_pb2.TensorHeader(value_id=value_id, spec=spec_to(spec))


def attributes_from(message: Mapping[str, graph_pb2.Attribute]) -> dict[str, Any]:
    """Attributes as the engine's operators take them; the operator checks them."""
    return {name: _attribute(name, attribute) for name, attribute in message.items()}


def _attribute(name: str, attribute: graph_pb2.Attribute) -> Any:
    match attribute.WhichOneof("value"):
        case None:
            return None
        case "dtype_value":
            return dtype_from(attribute.dtype_value, attribute=name)
        case "int_list":
            return tuple(attribute.int_list.values)
        case "list_value":
            return tuple(_attribute(name, item) for item in attribute.list_value.values)
        case "index_list":
            return tuple(map(_index_item, attribute.index_list.items))
        case kind:
            return getattr(attribute, kind)


def _index_item(item: graph_pb2.IndexItem) -> Item:
    match item.WhichOneof("item"):
        case "integer":
            return item.integer
        case "slice":
            part = item.slice
            return Slice(**{field.name: value for field, value in part.ListFields()})
        case "ellipsis":
            return ...
        case "new_axis":
            return None
        case "array":
            return ARRAY
        case None:
            raise InvalidArgumentError("an index item is empty", "ATTRIBUTE_INVALID", attribute="index")


def operator_to(operator: Operator) -> operator_pb2.Operator:
    """The operator as ListOperators shows it."""
    schemas = operator.attributes.model_json_schema().get("properties", {})
    state = {
        Differentiability.NOT_DIFFERENTIABLE: operator_pb2.DIFFERENTIABILITY_NOT_DIFFERENTIABLE,
        Differentiability.MISSING: operator_pb2.DIFFERENTIABILITY_MISSING,
    }.get(operator.differentiability, operator_pb2.DIFFERENTIABILITY_RULE)
    return operator_pb2.Operator(
        name=operator.name,
        summary=operator.summary,
        derivative=operator.derivative,
        operands=[
            operator_pb2.Operand(name=name.strip("*?"), variadic=name.startswith("*"), optional=name.endswith("?"))
            for name in operator.operands
        ],
        attributes=[
            operator_pb2.AttributeSchema(
                name=name,
                required=field.is_required(),
                default_json="" if field.is_required() else json.dumps(field.default, default=str),
                schema_json=json.dumps({k: v for k, v in schemas[name].items() if k not in ("title", "default")}),
            )
            for name, field in operator.attributes.model_fields.items()
        ],
        differentiability=state,
    )


def chunks(value_id: int, buffer: Buffer, size: int) -> Iterator[tensor_pb2.TensorChunk]:
    """A buffer's bytes in chunks of at most `size`."""
    data = bytes_of(buffer.array)
    for offset in range(0, len(data), size):
        yield tensor_pb2.TensorChunk(value_id=value_id, offset=offset, data=data[offset : offset + size].tobytes())


def bytes_of(array: Array) -> Array:
    """The bytes of an array in C order, in place."""
    return array.reshape(-1).view(np.uint8) if array.nbytes else np.empty(0, np.uint8)
