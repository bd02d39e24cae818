"""Makes client/gradwire/functions/ and methods.py from the engine's operators; with --check fails if they differ.

Run it as `python tools/generate_functions.py`. The examples in the docstrings are computed in embedded mode.
"""

import subprocess
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import numpy as np

sys.path[:0] = [str(Path(__file__).parent.parent / tree) for tree in ("client", "engine", "server")]

import gradwire_engine.operators  # noqa: E402, F401  # fills the registry
from gradwire_engine.graph import Differentiability, Operator, Sample  # noqa: E402
from gradwire_engine.spec import Spec  # noqa: E402

TARGET = Path(__file__).parent.parent / "client" / "gradwire"

NOT_FUNCTIONS = frozenset(
    (
        # Written by hand in creation.py and contraction.py.
        *("full", "arange", "eye", "linspace", "einsum"),
        # Behind x[…], behind clip, or made by derivatives only.
        *("getitem", "basic_index", "array_index", "index_add", "check_indices", "check_shares"),
        "identity",
        *("index_set", "index_multiply", "index_max", "index_min", "index_reduce", "grouping_order"),
        *("clip_min", "clip_max"),
        # What convolutions and pools are made of.
        *("convolution", "convolution_transpose", "convolution_weight", "windows_add", "window_sum"),
        *("window_argmax", "unpool", "adaptive_sum", "adaptive_spread"),
    )
)

NOT_METHODS = frozenset(
    (
        # Written by hand in tensors.py.
        *("reshape", "transpose"),
        # Python has operators for them.
        *("add", "subtract", "multiply", "divide", "negative", "floor_divide", "remainder", "power"),
        *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
        *("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_invert", "bitwise_left_shift", "bitwise_right_shift"),
        "stop_gradient",
    )
)

METHOD_MODULES = frozenset(
    (
        *("arithmetic", "comparison", "diagonals", "differences", "elementwise", "floats", "indexing", "integers"),
        *("linalg", "ordering", "quantiles", "reductions", "repeating", "running", "scattering", "shapes"),
        "statistics",
    )
)
"""Where those operators are declared that are methods too; the rest are functions only."""

NAMESPACES = {
    "nn": (
        "Functions of neural networks, by PyTorch's functional names.",
        "activations attention convolution distances embeddings losses margins networks normalization padding pooling"
        " rectifiers resampling shuffling windows",
        "gelu relu sigmoid softplus tanh",
    ),
    "linalg": (
        "Linear algebra, by NumPy's names.",
        "decompositions determinants factorizations least_squares linalg matrix_functions norms solvers triangular",
        "cross diagonal matrix_power multi_dot tensordot trace vander vecdot",
    ),
    "special": (
        "Special functions, by SciPy's names.",
        "bessel special",
        "erf exp2 expm1 log1p log_softmax logsumexp softmax",
    ),
}
"""Modules that only gather functions: title, where the operators are declared, and others by name."""

FALLBACK = """
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        from gradwire.torch_names import found

        return found(__name__, name)
"""
"""PyTorch's functions, where their names are free."""

HEADER = '''"""{title}

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

'''


def main() -> int:
    operators = [o for _, o in sorted(Operator.registry.items()) if o.operands and o.name not in NOT_FUNCTIONS]
    methods = [
        o
        for o in operators
        if o.module in METHOD_MODULES and o.name not in NOT_METHODS and o.operands[0] in ("x", "x1")
    ]
    if "--check" not in sys.argv:
        # The examples need functions that can be called: first without them.
        (TARGET / "functions").mkdir(exist_ok=True)
        _write(_functions(operators, examples=False) | {"methods.py": _methods(methods)} | _namespaces(operators))
    pages = _functions(operators, examples=True) | {"methods.py": _methods(methods)} | _namespaces(operators)
    pages = {name: _formatted(text) for name, text in pages.items()}
    present = {f"functions/{path.name}" for path in (TARGET / "functions").glob("*.py")}
    if "--check" in sys.argv:
        stale = [name for name, text in pages.items() if not _is(TARGET / name, text)]
        stale += sorted(present - set(pages))
        if stale:
            print(f"error: stale in {TARGET}: {', '.join(stale)}: run 'make generate'", file=sys.stderr)
            return 1
        print("the SDK's functions are up to date")
        return 0
    for name in present - set(pages):
        (TARGET / name).unlink()
    _write(pages)
    return 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


def _write(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        (TARGET / name).write_text(text)


def _formatted(text: str) -> str:
    ruff = Path(sys.executable).parent / "ruff"
    for command in (["check", "--fix", "--quiet", "--select", "F401,RUF022,I"], ["format", "--quiet"]):
        arguments = [str(ruff), *command, "--stdin-filename", str(TARGET / "generated.py"), "-"]
        text = subprocess.run(arguments, input=text, capture_output=True, text=True, check=True).stdout
    return text


def _namespaces(operators: list[Operator]) -> dict[str, str]:
    pages: dict[str, str] = {}
    for module, (title, modules, others) in NAMESPACES.items():
        names = sorted(o.name for o in operators if o.module in modules.split() or o.name in others.split())
        imports = "".join(f"    {name},\n" for name in names)
        listed = "".join(f'    "{name}",\n' for name in names)
        pages[f"{module}.py"] = (
            f'"""{title}\n\nGenerated from the engine\'s operators by tools/generate_functions.py (`make generate`).'
            f' Do not edit.\n"""\n\nfrom typing import TYPE_CHECKING, Any\n\n'
            f"from gradwire.functions import (\n{imports})\n\n__all__ = [\n{listed}]\n{FALLBACK}"
        )
    return pages


def _functions(operators: list[Operator], examples: bool) -> dict[str, str]:
    """A page for each of the engine's modules, and one that has all names."""
    modules = sorted({operator.module for operator in operators})
    pages = {
        f"functions/{module}.py": _page(module, [o for o in operators if o.module == module], examples)
        for module in modules
    }
    everything = "".join(f"from gradwire.functions.{module} import *  # noqa: F403\n" for module in modules)
    exported = "".join(f"__all__ += {module}.__all__\n" for module in modules)
    pages["functions/__init__.py"] = f'''"""Every operator as a function.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from gradwire.functions import {", ".join(modules)}
{everything}
__all__: list[str] = []
{exported}'''
    return pages


def _page(module: str, operators: list[Operator], examples: bool) -> str:
    names = "".join(f'    "{operator.name}",\n' for operator in operators)
    title = f"Functions for the operators that the engine declares in {module}.py."
    parts = [HEADER.format(title=title), f"__all__ = [\n{names}]\n"]
    for operator in operators:
        body = _doc(operator, 4, examples)
        operands = ", ".join(_plain(name) for name in operator.operands)
        given = f"({operands},)" if len(operator.operands) == 1 else f"({operands})"
        if operator.operands[-1].startswith("*"):
            first = "".join(f"{_plain(name)}, " for name in operator.operands[:-1])
            last = _plain(operator.operands[-1])
            given = f"({first}*{last})" if first else last
        parameters = [f"{_plain(name)}: {_operand_type(name)}" for name in operator.operands]
        parts.append(_def(operator, parameters, body, given))
    return "\n\n".join(parts)


def _methods(operators: list[Operator]) -> str:
    parts = [HEADER.format(title="Operators as methods of Tensor."), "class Methods:"]
    parts += ['    """What Tensor inherits."""\n\n    __slots__ = ()\n']
    for operator in operators:
        rest = [f"{_plain(name)}: {_operand_type(name)}" for name in operator.operands[1:]]
        given = f"({', '.join(('self', *map(_spread, operator.operands[1:])))}{',' * (not rest)})"
        summary = f"{_sentence(operator.summary)} See gradwire.{operator.name}."
        lines = textwrap.wrap(summary, 106, break_long_words=False)
        body = '"""' + "\n".join(lines) + ("\n" if len(lines) > 1 else "") + '"""'
        parts.append(
            textwrap.indent(_def(operator, ["self", *rest], textwrap.indent(body, "    ") + "\n", given), "    ")
        )
    return "\n".join(parts)


def _def(operator: Operator, parameters: list[str], body: str, given: str) -> str:
    fields = {name: field for name, field in operator.attributes.model_fields.items() if name != "without"}
    required = [f"{name}: {_type(field.annotation)}" for name, field in fields.items() if field.is_required()]
    optional = [
        f"{name}: {_type(field.annotation)} = {_literal(field.default)}"
        for name, field in fields.items()
        if not field.is_required()
    ]
    operands = [p for p in parameters if not p.endswith("| None")]
    left_out = [f"{p} = None" for p in parameters if p.endswith("| None")]
    many = _has_several_results(operator)
    result = "tuple[Tensor, ...]" if many else "Tensor"
    attributes = "".join(f'"{name}": {name}, ' for name in fields).removesuffix(", ")
    arguments = f'"{operator.name}", {given}' + (f", {{{attributes}}}" if attributes else "")
    return (
        f"def {operator.name}({', '.join(operands + required + left_out + optional)}) -> {result}:\n{body}"
        f"    return operations.{'apply_many' if many else 'apply'}({arguments})\n"
    )


def _has_several_results(operator: Operator) -> bool:
    sample = operator.samples[0]
    specs = [Spec(np.shape(x), np.asarray(x).dtype) for x in sample.inputs]
    attributes = operator.validated(sample.attributes)
    return not isinstance(operator.infer(*specs, **vars(attributes)), Spec)


def _plain(name: str) -> str:
    return name.strip("*?")


def _spread(name: str) -> str:
    return name.rstrip("?")


def _operand_type(name: str) -> str:
    if name.startswith("*"):
        return "Sequence[ArrayLike]"
    return "ArrayLike | None" if name.endswith("?") else "ArrayLike"


def _type(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is typing.Annotated:
        return _type(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        parts = list(dict.fromkeys(_type(part) for part in get_args(annotation)))
        return " | ".join(sorted(parts, key=lambda part: part == "None"))
    if origin is tuple:
        inner = list(dict.fromkeys(_type(part) for part in get_args(annotation) if part is not ...))
        return f"Sequence[{' | '.join(inner)}]"
    if origin is typing.Literal:
        return f"Literal[{', '.join(_literal(value) for value in get_args(annotation))}]"
    if annotation is type(None):
        return "None"
    if (origin or annotation) is np.dtype:
        return "DTypeLike"
    return annotation.__name__


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _sentence(text: str) -> str:
    text = text.strip().replace("\\", "\\\\")
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _doc(operator: Operator, indent: int, examples: bool) -> str:
    rule = operator.differentiability
    derivative = {
        Differentiability.NOT_DIFFERENTIABLE: "Not differentiable",
        Differentiability.MISSING: "Derivative: not available yet",
    }.get(rule, f"Derivative: {operator.derivative}")
    paragraphs = [_sentence(operator.summary), _sentence(derivative)]
    width = 120 - indent
    text = "\n\n".join(textwrap.fill(p, width - 3, break_long_words=False) for p in paragraphs)
    if examples and (example := _example(operator)):
        text += f"\n\n{example}"
    return textwrap.indent(f'"""{text}\n"""', " " * indent, lambda line: bool(line.strip())) + "\n"


def _example(operator: Operator) -> str:
    import gradwire as gw
    from gradwire.errors import GradwireError

    for sample in operator.samples:
        call = _call(operator, sample)
        if call is None:
            continue
        with gw.connect():
            try:
                result = repr(eval(call, {"gw": gw}))
            except GradwireError as error:
                print(f"warning: no example for {operator.name}: {error}", file=sys.stderr)
                return ""
        if "\n\n" in result:
            continue
        lines = [">>> import gradwire as gw", ">>> with gw.connect():"]
        lines += [f"...     {line}" for line in _wrapped(call)]
        return "\n".join([*lines, result])
    return ""


def _wrapped(call: str) -> Iterator[str]:
    if len(call) <= 100:
        yield call
        return
    name, _, rest = call.partition("(")
    yield f"{name}("
    yield from (f"    {line}" for line in textwrap.wrap(rest[:-1], 96, break_long_words=False))
    yield ")"


def _call(operator: Operator, sample: Sample) -> str | None:
    """The operator's function on small round numbers like the sample's."""
    inputs: list[str | None] = [_rounded(x) for x in sample.inputs]
    if any(text is None for text in inputs) or any(np.size(x) == 0 for x in sample.inputs):
        return None
    if operator.operands[-1].startswith("*"):
        fixed = len(operator.operands) - 1
        inputs[fixed:] = [f"[{', '.join(map(str, inputs[fixed:]))}]"]
    if sample.attributes.get("without"):
        return None
    attributes = [
        f"{name}={f'{value.name!r}'.replace(chr(39), chr(34)) if isinstance(value, np.dtype) else _literal(value)}"
        for name, value in sample.attributes.items()
    ]
    # By keyword where required attributes come between, as with optional operands.
    inputs = [
        f"{_plain(name)}={text}" if name.endswith("?") else text
        for name, text in zip(operator.operands, inputs, strict=False)
    ]
    return f"gw.{operator.name}({', '.join([*map(str, inputs), *attributes])})"


def _rounded(x: Any) -> str | None:
    array = np.asarray(x)
    if array.size > 24:
        return None
    if array.dtype.kind == "f":
        array = np.round(array, 1)
    return repr(array.tolist()).replace("nan", 'float("nan")')


if __name__ == "__main__":
    sys.exit(main())
