"""PyTorch's own operator samples, replayed through `gradwire.torch`: values, first and second derivatives.

Run it as `python tests/torch_samples.py [NAME …]`. It needs torch and expecttest (`make oracle`). Names are PyTorch's,
such as nn.functional.conv2d; without any, all 382 differentiable operators of tests/torch_operators.txt are tried.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

import gradwire as gw

NAMES = Path(__file__).with_name("torch_operators.txt")
RTOL, ATOL = 1e-7, 1e-9
WITHOUT_DROPOUT: dict[str, dict[str, Any]] = {
    "nn.functional.scaled_dot_product_attention": {"dropout_p": 0.0},
    "nn.functional.multi_head_attention_forward": {"training": False},
}
"""What to change in samples that would drop elements at random, which can't be compared."""

Adapter = Callable[[Callable[..., Any]], Callable[..., Any]]


def _second_first(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b, *rest, **options: function(b, a, *rest, **options)


ADAPTED: dict[str, Adapter] = {
    "einsum": lambda einsum: lambda tensors, equation: einsum(equation, *tensors),
    "linalg.lstsq/grad_oriented": lambda lstsq: lambda a, b, driver: lstsq(a, b, driver=driver)[:2],
    "linalg.pinv/singular": lambda pinv: lambda a, b: pinv(a @ b.mT),
    **dict.fromkeys(
        ("nn.functional.embedding", "nn.functional.embedding_bag", "polygamma", "special.polygamma", "where"),
        _second_first,
    ),
}
"""Functions, or variants of them, whose samples are not simply their arguments: how to call them."""


NO_SECOND_DERIVATIVE = {"masked.logaddexp"}
"""Operators whose second derivative is NaN by PyTorch where an operand is −∞, and 0 by us: the NaNs aren't compared."""


@dataclasses.dataclass
class Report:
    """How an operator's samples went."""

    name: str
    samples: int = 0
    exact: int = 0
    second: int = 0
    float32: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)


class Mismatch(Exception):
    """Ours is not theirs."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--address", help="a server's HOST:PORT (default: embedded mode)")
    parser.add_argument("--failures", type=int, default=3, help="how many to show for each operator (default: 3)")
    parser.add_argument("--first-order", action="store_true", help="leave the second derivatives out")
    parser.add_argument("--float32", action="store_true", help="compare errors in float32 with PyTorch's as well")
    parser.add_argument("--json", type=Path, help="write the results there too")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    # PyTorch's fused attention has no second derivative, on the CPU either.
    torch.backends.cuda.enable_flash_sdp(False)
    names = asked.names or NAMES.read_text().split()
    started, reports = time.perf_counter(), []
    for name in names:
        report = replay(name, asked)
        reports.append(report)
        show(report, asked.failures)
    conclude(reports, time.perf_counter() - started)
    if asked.json:
        asked.json.write_text(json.dumps([dataclasses.asdict(report) for report in reports], indent=1))
    return int(any(report.exact < report.samples for report in reports))


def show(report: Report, most: int) -> None:
    whole = report.exact == report.samples > 0
    print(f"{'ok ' if whole else '** '}{report.name:48} {report.exact:5} of {report.samples:5}", flush=True)
    for failure in report.failures[:most]:
        print(f"      {failure}", flush=True)


def conclude(reports: Sequence[Report], seconds: float) -> None:
    samples, exact = sum(r.samples for r in reports), sum(r.exact for r in reports)
    second = sum(r.second for r in reports)
    whole = sum(r.exact == r.samples > 0 for r in reports)
    print(f"\n{whole} of {len(reports)} operators, {exact} of {samples} samples agree with torch {torch.__version__}")
    rough = sum(r.float32 for r in reports)
    print(f"{second} of them to the second derivative, {rough} in float32 too; {seconds:.0f} s")


def replay(name: str, asked: argparse.Namespace) -> Report:
    """Tries every sample of every variant that PyTorch has of an operator."""
    report = Report(name)
    try:
        function = function_named(name)
    except AttributeError:
        function = None
    for operator in (o for o in op_db if o.name == name and o.supports_autograd):
        torch.manual_seed(0)
        adapt = ADAPTED.get(f"{name}/{operator.variant_test_name}") or ADAPTED.get(name)
        tried = adapt(function) if adapt and function else function
        samples = operator.sample_inputs("cpu", torch.float64, requires_grad=True)
        with gw.connect(asked.address) if asked.address else gw.connect():
            for i, sample in enumerate(samples):
                report.samples += 1
                sample.kwargs |= WITHOUT_DROPOUT.get(name, {})
                try:
                    if tried is None:
                        raise NotImplementedError(f"gradwire.torch has no {name}")
                    pair = Pair(operator, tried, sample)
                    report.second += pair.compare(not asked.first_order and operator.supports_gradgrad)
                    report.exact += 1
                    if asked.float32:
                        pair.compare_float32()
                        report.float32 += 1
                except Exception as error:
                    where = f"{operator.variant_test_name or 'sample'} {i}"
                    report.failures.append(f"{where}: {type(error).__name__}: {error} — {brief(sample)}")
    return report


def function_named(name: str) -> Callable[..., Any]:
    """gradwire.torch's function of this dotted name."""
    module, _, last = f"gradwire.torch.{name}".rpartition(".")
    return getattr(importlib.import_module(module), last)


def brief(sample: Any) -> str:
    def shown(x: Any) -> Any:
        if isinstance(x, torch.Tensor):
            return f"{str(x.dtype).removeprefix('torch.')}{list(x.shape)}"
        if isinstance(x, list | tuple):
            return f"[{', '.join(map(str, map(shown, x)))}]"
        return repr(x)

    parts = [shown(sample.input), *map(shown, sample.args), *(f"{k}={shown(v)}" for k, v in sample.kwargs.items())]
    return f"({', '.join(map(str, parts))})"[:300]


# One sample


class Pair:
    """A sample, PyTorch's operator and our function."""

    def __init__(self, operator: Any, function: Callable[..., Any], sample: Any) -> None:
        self.operator = operator
        self.function = function
        self.sample = sample
        given = list(tensors_in((sample.input, sample.args, sample.kwargs)))
        self.arrays = [x.detach().clone() for x in given]
        self.wrt = [i for i, x in enumerate(given) if x.requires_grad]

    def compare(self, second_order: bool) -> bool:
        """Raises unless values and derivatives agree. Whether second derivatives were compared."""
        theirs, ours = self.their_leaves(torch.float64), self.our_tensors(torch.float64)
        expected, found = self.their_results(theirs), self.our_results(ours)
        if len(found) != len(expected):
            raise Mismatch(f"{len(found)} results, not {len(expected)}")
        for i, (mine, yours) in enumerate(zip(found, expected, strict=True)):
            close(f"value {i}", mine.numpy(), yours)
        smooth = [i for i, y in enumerate(expected) if y.requires_grad]
        if not smooth or not self.wrt:
            return False
        weights = self.weights([expected[i] for i in smooth])
        first = self.their_gradients(expected, smooth, weights, theirs, second_order)
        gradient = self.our_gradient(ours, smooth, weights)
        at, places = [ours[i] for i in self.wrt], tuple(range(len(self.wrt)))
        for i, mine, yours in zip(self.wrt, gradient(*at), first, strict=True):
            close(f"gradient of {i}", mine.numpy(), yours)
        if not second_order or not any(g.requires_grad for g in first):
            return False
        directions = self.weights(first)

        def slope(*moving: Any) -> Any:
            return total(gradient(*moving), directions)

        leaves = [theirs[i] for i in self.wrt]
        their_slope = total(first, map(torch.from_numpy, directions))
        second = torch.autograd.grad(their_slope, leaves, allow_unused=True, materialize_grads=True)
        for i, mine, yours in zip(self.wrt, gw.grad(slope, argnums=places)(*at), second, strict=True):
            array = mine.numpy()
            known = torch.from_numpy(np.where(np.isfinite(array), array, 1))
            unknown = yours.isnan() & (self.operator.name in NO_SECOND_DERIVATIVE)
            close(f"second derivative of {i}", array, torch.where(unknown, known, yours), loose=10)
        return True

    def compare_float32(self) -> None:
        """Raises if in float32 ours is much less exact than theirs, both held against float64."""
        exact, theirs = self.their_leaves(torch.float64), self.their_leaves(torch.float32)
        expected, rough = self.their_results(exact), self.their_results(theirs)
        ours = self.our_tensors(torch.float32)
        for i, (mine, yours, true) in enumerate(zip(self.our_results(ours), rough, expected, strict=True)):
            as_exact(f"float32 value {i}", mine, yours, true)
        smooth = [i for i, y in enumerate(expected) if y.requires_grad]
        if not smooth or not self.wrt:
            return
        weights = [w.astype(np.float32) for w in self.weights([expected[i] for i in smooth])]
        true = self.their_gradients(expected, smooth, [w.astype(float) for w in weights], exact, False)
        yours = self.their_gradients(rough, smooth, weights, theirs, False)
        mine = self.our_gradient(ours, smooth, weights)(*(ours[i] for i in self.wrt))
        for i, triple in enumerate(zip(mine, yours, true, strict=True)):
            as_exact(f"float32 gradient of {self.wrt[i]}", *triple)

    def their_leaves(self, dtype: Any) -> list[Any]:
        # A few samples have float32 operands beside float64: their gradients too are to be compared exactly.
        cast = [x.to(dtype) if x.dtype in (torch.float32, torch.float64) else x for x in self.arrays]
        return [x.clone().requires_grad_(i in self.wrt) for i, x in enumerate(cast)]

    def our_tensors(self, dtype: Any) -> list[Any]:
        return [gw.tensor(x.detach().numpy().copy()) for x in self.their_leaves(dtype)]

    def their_results(self, leaves: list[Any]) -> list[Any]:
        # Some operators write into their operand, and a leaf is not to be written into.
        given = iter([x * 1 if x.requires_grad else x for x in leaves])
        return self._results(self.operator.op, functools.partial(replaced, given, lambda dtype: dtype))

    def our_results(self, tensors: list[Any]) -> list[Any]:
        return self._results(self.function, functools.partial(replaced, iter(tensors), ours_of))

    def _results(self, function: Callable[..., Any], put: Callable[[Any], Any]) -> list[Any]:
        sample = self.sample
        first = put(sample.input)
        result = function(first, *map(put, sample.args), **{k: put(v) for k, v in sample.kwargs.items()})
        return outputs(sample.output_process_fn_grad(result))

    def weights(self, like: Sequence[Any]) -> list[Any]:
        """Random numbers, the same for the same shapes."""
        rng = np.random.default_rng(0)
        return [np.asarray(rng.standard_normal(tuple(y.shape))) for y in like]

    def their_gradients(
        self, results: list[Any], smooth: list[int], weights: list[Any], leaves: list[Any], again: bool
    ) -> Sequence[Any]:
        scalar = total([results[i] for i in smooth], map(torch.from_numpy, weights))
        return torch.autograd.grad(
            scalar, [leaves[i] for i in self.wrt], create_graph=again, allow_unused=True, materialize_grads=True
        )

    def our_gradient(self, tensors: list[Any], smooth: list[int], weights: list[Any]) -> Callable[..., Any]:
        def scalar(*moving: Any) -> Any:
            given = list(tensors)
            for i, x in zip(self.wrt, moving, strict=True):
                given[i] = x
            results = self.our_results(given)
            return total([results[i] for i in smooth], weights)

        return gw.grad(scalar, argnums=tuple(range(len(self.wrt))))


def total(values: Iterable[Any], weights: Iterable[Any]) -> Any:
    """The sum of all products."""
    return functools.reduce(lambda a, b: a + b, [(y * w).sum() for y, w in zip(values, weights, strict=True)])


def as_exact(what: str, mine: Any, yours: Any, true: Any) -> None:
    exact = true.detach().numpy(force=True).astype(float)
    if not exact.size:
        return
    with np.errstate(all="ignore"):
        errors = [
            np.abs(a - exact) for a in (mine.numpy().astype(float), yours.detach().numpy(force=True).astype(float))
        ]
    ours, theirs = (float(np.max(e[np.isfinite(exact)], initial=0)) for e in errors)
    scale = float(np.max(np.abs(exact[np.isfinite(exact)]), initial=0))
    if not ours <= 4 * theirs + 4 * np.finfo(np.float32).eps * scale:
        raise Mismatch(f"{what} is off by {ours:.2g}, torch's by {theirs:.2g}")


def close(what: str, mine: Any, yours: Any, loose: float = 1) -> None:
    yours = yours.detach().numpy(force=True)
    if mine.shape != yours.shape:
        raise Mismatch(f"{what} has shape {list(mine.shape)}, not {list(yours.shape)}")
    if not np.allclose(mine, yours, rtol=RTOL * loose, atol=ATOL * loose, equal_nan=True):
        error = np.nanmax(np.abs(mine.astype(float) - yours), initial=0)
        raise Mismatch(f"{what} is off by {error:.2g}: {flat(mine)}, not {flat(yours)}")


def flat(array: Any) -> str:
    return np.array2string(np.ravel(array)[:6], precision=5, separator=",")


# Their arguments as ours


def tensors_in(tree: Any) -> Iterator[Any]:
    """The tensors in nested arguments, in order."""
    if isinstance(tree, torch.Tensor):
        yield tree
    elif isinstance(tree, list | tuple):
        for part in tree:
            yield from tensors_in(part)
    elif isinstance(tree, dict):
        for part in tree.values():
            yield from tensors_in(part)
    elif isinstance(tree, slice):
        yield from tensors_in((tree.start, tree.stop, tree.step))


def replaced(given: Iterator[Any], dtype_of: Callable[[Any], Any], tree: Any) -> Any:
    """The same arguments with other tensors and dtypes."""
    if isinstance(tree, torch.Tensor):
        return next(given)
    if isinstance(tree, torch.Size):
        return tuple(tree)
    if isinstance(tree, torch.dtype):
        return dtype_of(tree)
    if isinstance(tree, list | tuple):
        return type(tree)([replaced(given, dtype_of, part) for part in tree])
    if isinstance(tree, slice):
        return slice(*[replaced(given, dtype_of, part) for part in (tree.start, tree.stop, tree.step)])
    return tree


def ours_of(dtype: Any) -> np.dtype:
    """NumPy's dtype for one of torch's."""
    return np.dtype(str(dtype).removeprefix("torch."))


def outputs(result: Any) -> list[Any]:
    """The tensors among the results, in order."""
    if isinstance(result, torch.Tensor | gw.Tensor):
        return [result]
    if isinstance(result, list | tuple):
        return [y for part in result for y in outputs(part)]
    return []


if __name__ == "__main__":
    sys.exit(main())
