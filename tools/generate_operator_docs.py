"""Makes docs/operators.md from the engine's operators; with --check fails if it differs.

Run it as `python tools/generate_operator_docs.py`.
"""

import importlib
import pkgutil
import sys
import types
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / tree) for tree in ("client", "engine", "server")]

from gradwire import manual  # noqa: E402
from gradwire_engine import operators  # noqa: E402
from gradwire_engine.graph import Differentiability, Operator  # noqa: E402

PAGE = ROOT / "docs" / "operators.md"
TORCH_NAMES = ROOT / "tests" / "torch_operators.txt"

ABSENT: dict[str, str] = {}
"""PyTorch's names that nothing stands for, and why."""


def main() -> int:
    text = "\n".join(page()) + "\n"
    if "--check" in sys.argv:
        if not PAGE.exists() or PAGE.read_text() != text:
            print(f"error: {PAGE} is stale: run 'make generate'", file=sys.stderr)
            return 1
        print("the operators' documentation is up to date")
        return 0
    PAGE.write_text(text)
    return 0


INTRODUCTION = """\
# Operators

Made from the declarations in `engine/gradwire_engine/operators` by `make generate`. Do not edit.

There are {count} operators. The wire, ListOperators and the SDK know them by the same names; `gradwire ops NAME` shows
one in a terminal. Operands come first, then attributes with their defaults. g is the cotangent of the result y. An
operator marked ∘ is defined by others, and is differentiated through them unless it says otherwise.

## Conventions

- **Ties.** `amax`, `amin`, and `max` and `min` over several axes share the derivative evenly among equals; `max` and
  `min` along one axis give it to the element that `argmax` and `argmin` name. `maximum` and `minimum` share evenly,
  `fmax` and `fmin` give it to x1. Pooling takes the first of equals.
- **Kinks.** The derivatives of `abs`, `relu`, `sign` and norms are 0 at 0; `clip` has slope 1 at its bounds.
- **Branches.** What `where` doesn't choose gets 0, even where its own derivative is infinite or NaN.
- **Integers and bool** count as float64 where a function is of real numbers. Python's numbers take the dtype of what
  they stand beside, as in NumPy 2. float16 is computed in float32 inside.
- **Matrices** are the last two axes; axes in front of them are a stack. A matrix that is singular, or not positive
  definite where it must be, is an error of the operator that meets it (`LinAlgError`), when it is computed.
- **Equal eigenvalues and singular values.** Eigenvectors and singular vectors have no derivative there, and what comes
  is infinite or NaN; the values have one, and it is finite.
- **Data decide no shapes.** What depends on data in its shape, such as a choice by mask, reads the data first, in the
  client.
- **Complex numbers** are not there, and so neither are Fourier transforms nor eigenvalues of matrices that aren't
  symmetric. Random numbers aren't either: `dropout_p` must be 0.
"""

TORCH = """
## PyTorch's names

PyTorch has {count} differentiable operators for dense arrays. {single} are one operator with a kernel of its own here,
{composed} are compositions (∘), {missing} are absent. `gradwire.torch` has them under PyTorch's names, with PyTorch's
arguments, and `python tests/torch_samples.py` compares them with PyTorch on its own samples.

| PyTorch | gradwire | |
|---|---|---|"""


def page() -> Iterator[str]:
    yield INTRODUCTION.format(count=len(Operator.registry))
    packages = [package.name for package in pkgutil.iter_modules(operators.__path__) if package.ispkg]
    yield " · ".join([*(f"[{package}](#{package})" for package in packages), "[PyTorch's names](#pytorchs-names)"])
    for package in packages:
        yield from part(importlib.import_module(f"{operators.__name__}.{package}"))
    yield from torch_table()


def part(package: types.ModuleType) -> Iterator[str]:
    yield f"\n## {package.__name__.rpartition('.')[2]}\n"
    yield summary_of(package)
    for module in pkgutil.iter_modules(package.__path__):
        declared = sorted(o.name for o in Operator.registry.values() if o.module == module.name)
        if declared:
            yield f"\n### {module.name}\n"
            yield summary_of(importlib.import_module(f"{package.__name__}.{module.name}"))
            for name in declared:
                yield from entry(Operator.registry[name])


def summary_of(module: types.ModuleType) -> str:
    return (module.__doc__ or "").strip().partition("\n")[0]


def entry(operator: Operator) -> Iterator[str]:
    yield ""
    yield f"**`{manual.signature_of(operator)}`**{' ∘' if operator.lower else ''}<br>"
    yield f"{operator.summary}<br>"
    yield f"{derivative_of(operator)}"


def derivative_of(operator: Operator) -> str:
    match operator.differentiability:
        case Differentiability.NOT_DIFFERENTIABLE:
            return "*Not differentiable.*"
        case Differentiability.MISSING:
            return "*Its derivative is missing.*"
        case _:
            return f"*Derivative:* {operator.derivative}"


def torch_table() -> Iterator[str]:
    names = TORCH_NAMES.read_text().split()
    found = {name: manual.counterpart_of(name) for name in names}
    composed = sum(way is not None and way.composed for way in found.values())
    missing = sum(way is None for way in found.values())
    single = len(names) - composed - missing
    yield TORCH.format(count=len(names), single=single, composed=composed, missing=missing)
    for name, way in found.items():
        if way is None:
            yield f"| `{name}` | {ABSENT.get(name, 'absent')} | |"
        else:
            yield f"| `{name}` | `{way.written.replace('|', chr(92) + '|')}` | {'∘' if way.composed else ''} |"


if __name__ == "__main__":
    sys.exit(main())
