"""Arithmetic on single floats: done by Python, which takes a tenth of the time that NumPy takes to start.

Numbers are float64 until they leave a run of such steps: what float32 loses is lost once, at the end. Where Python
would raise an error for what is infinite or NaN in NumPy, NumPy does the run again.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradwire_engine.plans.program import Code, Joined, Step
from gradwire_engine.spec import Array

EXPRESSIONS: dict[Any, str] = {
    np.add: "{} + {}",
    np.subtract: "{} - {}",
    np.multiply: "{} * {}",
    np.divide: "{} / {}",
    np.negative: "-{}",
    np.square: "{0} * {0}",
    np.reciprocal: "1.0 / {}",
    np.absolute: "abs({})",
    np.sin: "sin({})",
    np.cos: "cos({})",
    np.tan: "tan({})",
    np.arctan: "atan({})",
    np.exp: "exp({})",
    np.log: "log({})",
    np.sqrt: "sqrt({})",
    np.sinh: "sinh({})",
    np.cosh: "cosh({})",
    np.tanh: "tanh({})",
}
"""Python for kernels; the functions are those of `math`."""
DEEPEST = 16
"""Parentheses in parentheses; Python has a limit."""
LONGEST = 10_000
"""Steps in one run: the time to compile a function grows faster than the function."""


@dataclass(frozen=True, eq=False)
class Scalars(Joined):
    """A run of arithmetic on floats, by kernels that are in EXPRESSIONS: from 0-d arrays, into 0-d arrays.

    Attributes:
        inputs, outputs: the registers that it is called with, in this order.
    """

    inputs: Sequence[int]
    outputs: Sequence[int]

    @functools.cached_property
    def compiled(self) -> Callable[..., None]:
        """The run as a function of Python."""
        lines = [f"def run({', '.join(f'a{r}' for r in (*self.inputs, *self.outputs))}):"]
        lines += [f" v{r} = a{r}.item()" for r in self.inputs]
        lines += [f" {line}" for line in self._statements()]
        lines += [f" a{r}[()] = v{r}" for r in self.outputs]
        names = dict(vars(math))
        exec("\n".join(lines), names)
        return names["run"]

    def _statements(self) -> Iterator[str]:
        """An assignment for each result, but what is needed once only stands where it is needed."""
        uses, outputs = Counter(self.outputs), frozenset(self.outputs)
        for step in self.steps:
            # What stands twice in an expression is needed twice.
            uses.update(step.inputs * (1 + EXPRESSIONS[step.function].count("{0}") // 2))
        inner: dict[int, tuple[str, int]] = {}
        for step in self.steps:
            operands = [inner.pop(r, (f"v{r}", 0)) for r in step.inputs]
            text = EXPRESSIONS[step.function].format(*(text for text, _ in operands))
            depth = 1 + max(depth for _, depth in operands)
            (result,) = step.outputs
            if uses[result] == 1 and depth < DEEPEST and result not in outputs:
                inner[result] = f"({text})", depth
            else:
                yield f"v{result} = {text}"

    def bind(self, scratch: Sequence[Array]) -> Callable[..., None]:
        """What runs it, given the arrays of `inputs` and `outputs`."""
        compiled = self.compiled

        def run(*arrays: Array) -> None:
            try:
                compiled(*arrays)
            except (ArithmeticError, ValueError):
                self.run_by_numpy(arrays)

        return run

    def run_by_numpy(self, arrays: Sequence[Array]) -> None:
        """The same, but slower, and right for numbers that aren't finite."""
        values: dict[int, Any] = {r: array[()] for r, array in zip(self.inputs, arrays, strict=False)}
        for step in self.steps:
            ufunc: Any = step.function
            values[step.outputs[0]] = ufunc(*(values[r] for r in step.inputs))
        for r, array in zip(self.outputs, arrays[len(self.inputs) :], strict=True):
            array[()] = values[r]


def with_scalars(code: Code) -> list[Step]:
    """The steps, with runs of arithmetic on single floats made one step each."""
    order: list[Step | list[Step]] = []
    run: list[Step] = []
    made: set[int] = set()
    floats = [not shape and dtype.kind == "f" and dtype.itemsize > 2 for shape, dtype in code.program.specs]
    base = code.base
    if sum(floats) < 2:
        return code.steps
    for step in code.steps:
        scalar = step.function in EXPRESSIONS and all(floats[r] for r in (*step.inputs, *step.outputs))
        waits = not scalar and not made.isdisjoint([base.get(r, r) for r in step.inputs])
        if run and (waits or len(run) == LONGEST):
            order.append(run)
            run, made = [], set[int]()
        if scalar:
            run.append(step)
            made.update(step.outputs)
        else:
            # What needn't wait for the run comes before it, so that the run can go on.
            order.append(step)
    order.append(run)
    return _joined(code, order)


def _joined(code: Code, order: Sequence[Step | list[Step]]) -> list[Step]:
    """Each list made one step."""
    base = code.base
    readers: dict[int, set[int]] = {code.root(r): {-1} for r in code.program.outputs}
    for i, item in enumerate(order):
        for step in [item] if isinstance(item, Step) else item:
            for r in step.inputs:
                readers.setdefault(base.get(r, r), set()).add(i)
    result: list[Step] = []
    for i, item in enumerate(order):
        if isinstance(item, Step):
            result.append(item)
        elif len(item) < 2:
            result += item
        else:
            made = {step.outputs[0] for step in item}
            # Views of what is made here are it itself; others may look at one element of many.
            plain = [
                step._replace(inputs=tuple([base.get(r, r) if base.get(r, r) in made else r for r in step.inputs]))
                for step in item
            ]
            inputs = tuple(dict.fromkeys(r for step in plain for r in step.inputs if r not in made))
            outputs = tuple(step.outputs[0] for step in item if readers.get(step.outputs[0], {i}) != {i})
            result.append(Step(Scalars(plain, inputs, outputs), inputs, outputs, number=item[0].number))
    return result
