"""Makes client/gradwire/functions.py and methods.py from the engine's operators; with --check fails if they differ.

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
        # Written by hand in creation.py.
        *("full", "arange", "eye", "linspace", "clip"),
        # Behind x[…], or made by derivatives only.
        *("getitem", "basic_index", "array_index", "index_add", "check_indices", "identity"),
    )
)

NOT_METHODS = frozenset(
    (
        # Written by hand in tensors.py.
        *("reshape", "transpose"),
        # Python has operators for them.
        *("add", "subtract", "multiply", "divide", "negative", "floor_divide", "remainder", "power"),
        *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
        "stop_gradient",
    )
)

NAMESPACES = {
    "nn": (
        "Functions of neural networks, by PyTorch's functional names.",
        """celu conv1d conv2d conv3d avg_pool1d avg_pool2d binary_cross_entropy binary_cross_entropy_with_logits
        cosine_similarity cross_entropy elu embedding gelu glu group_norm hardsigmoid hardswish hardtanh huber_loss
        kl_div l1_loss layer_norm leaky_relu linear log_softmax logsigmoid max_pool1d max_pool2d mish mse_loss nll_loss
        one_hot pad relu relu6 rms_norm scaled_dot_product_attention selu sigmoid silu smooth_l1_loss softmax softmin
        softplus softsign tanh tanhshrink batch_norm instance_norm""",
    ),
    "linalg": (
        "Linear algebra, by NumPy's names.",
        """cholesky cross det diagonal eigh eigvalsh eigh inv lstsq matmul matrix_norm matrix_power matrix_transpose
        multi_dot norm outer pinv qr slogdet solve svd svdvals tensordot trace vecdot vector_norm solve_triangular""",
    ),
    "special": (
        "Special functions, by SciPy's names.",
        """digamma erf erfc erfinv exp2 expit expm1 gamma gammaln i0 i0e i1 i1e lgamma log1p log_ndtr log_softmax
        logit logsumexp ndtr ndtri polygamma softmax xlog1py xlogy zeta""",
    ),
}
"""Modules that only gather functions: what operators there are of these."""

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
    methods = [o for o in operators if o.name not in NOT_METHODS and o.operands[0] in ("x", "x1")]
    if not (TARGET / "functions.py").exists():
        # The examples need a package that can be imported: first without them.
        _write({"functions.py": _functions(operators, examples=False), "methods.py": _methods(methods)})
        _write(_namespaces(operators))
    pages = {"functions.py": _functions(operators, examples=True), "methods.py": _methods(methods)}
    pages = {name: _formatted(text) for name, text in (pages | _namespaces(operators)).items()}
    if "--check" in sys.argv:
        stale = [name for name, text in pages.items() if (TARGET / name).read_text() != text]
        if stale:
            print(f"error: stale in {TARGET}: {', '.join(stale)}: run 'make generate'", file=sys.stderr)
            return 1
        print("the SDK's functions are up to date")
        return 0
    _write(pages)
    return 0


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
    known = {operator.name for operator in operators}
    for module, (title, wanted) in NAMESPACES.items():
        names = sorted(known.intersection(wanted.split()))
        imports = "".join(f"    {name},\n" for name in names)
        listed = "".join(f'    "{name}",\n' for name in names)
        pages[f"{module}.py"] = (
            f'"""{title}\n\nGenerated from the engine\'s operators by tools/generate_functions.py (`make generate`).'
            f' Do not edit.\n"""\n\nfrom gradwire.functions import (\n{imports})\n\n__all__ = [\n{listed}]\n'
        )
    return pages


def _functions(operators: list[Operator], examples: bool) -> str:
    names = "".join(f'    "{operator.name}",\n' for operator in sorted(operators, key=lambda o: o.name))
    parts = [HEADER.format(title="Every operator as a function."), f"__all__ = [\n{names}]\n"]
    for operator in operators:
        body = _doc(operator, 4, examples)
        operands = ", ".join(_plain(name) for name in operator.operands)
        given = f"({operands},)" if len(operator.operands) == 1 else f"({operands})"
        if operator.operands[-1].startswith("*"):
            given = _plain(operator.operands[0])
        parameters = [f"{_plain(name)}: {_operand_type(name)}" for name in operator.operands]
        parts.append(_def(operator, parameters, body, given))
    return "\n\n".join(parts)


def _methods(operators: list[Operator]) -> str:
    parts = [HEADER.format(title="Operators as methods of Tensor."), "class Methods:"]
    parts += ['    """What Tensor inherits."""\n\n    __slots__ = ()\n']
    for operator in operators:
        rest = [f"{name}: ArrayLike" for name in operator.operands[1:]]
        given = f"({', '.join(('self', *operator.operands[1:]))}{',' * (not rest)})"
        summary = f"{_sentence(operator.summary)} See gradwire.{operator.name}."
        lines = textwrap.wrap(summary, 106, break_long_words=False)
        body = '"""' + "\n".join(lines) + ("\n" if len(lines) > 1 else "") + '"""'
        parts.append(
            textwrap.indent(_def(operator, ["self", *rest], textwrap.indent(body, "    ") + "\n", given), "    ")
        )
    return "\n".join(parts)


def _def(operator: Operator, parameters: list[str], body: str, given: str) -> str:
    fields = operator.attributes.model_fields
    required = [f"{name}: {_type(field.annotation)}" for name, field in fields.items() if field.is_required()]
    optional = [
        f"{name}: {_type(field.annotation)} = {_literal(field.default)}"
        for name, field in fields.items()
        if not field.is_required()
    ]
    many = _has_several_results(operator)
    result = "tuple[Tensor, ...]" if many else "Tensor"
    attributes = "".join(f'"{name}": {name}, ' for name in fields).removesuffix(", ")
    arguments = f'"{operator.name}", {given}' + (f", {{{attributes}}}" if attributes else "")
    return (
        f"def {operator.name}({', '.join(parameters + required + optional)}) -> {result}:\n{body}"
        f"    return operations.{'apply_many' if many else 'apply'}({arguments})\n"
    )


def _has_several_results(operator: Operator) -> bool:
    sample = operator.samples[0]
    specs = [Spec(np.shape(x), np.asarray(x).dtype) for x in sample.inputs]
    attributes = operator.validated(sample.attributes)
    return not isinstance(operator.infer(*specs, **vars(attributes)), Spec)


def _plain(name: str) -> str:
    return name.removeprefix("*")


def _operand_type(name: str) -> str:
    return "Sequence[ArrayLike]" if name.startswith("*") else "ArrayLike"


def _type(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is typing.Annotated:
        return _type(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        parts = list(dict.fromkeys(_type(part) for part in get_args(annotation)))
        return " | ".join(sorted(parts, key=lambda part: part == "None"))
    if origin is tuple:
        return "Sequence[int]"
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
    inputs = [_rounded(x) for x in sample.inputs]
    if any(text is None for text in inputs) or any(np.size(x) == 0 for x in sample.inputs):
        return None
    if operator.operands[-1].startswith("*"):
        inputs = [f"[{', '.join(map(str, inputs))}]"]
    attributes = [
        f"{name}={f'{value.name!r}'.replace(chr(39), chr(34)) if isinstance(value, np.dtype) else _literal(value)}"
        for name, value in sample.attributes.items()
    ]
    return f"gw.{operator.name}({', '.join([*map(str, inputs), *attributes])})"


def _rounded(x: Any) -> str | None:
    array = np.asarray(x)
    if array.size > 24:
        return None
    if array.dtype.kind == "f":
        array = np.round(array, 1)
    return repr(array.tolist())


if __name__ == "__main__":
    sys.exit(main())
