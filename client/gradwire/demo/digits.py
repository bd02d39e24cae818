"""Trains a network on handwritten digits. Its weights live on the server, batches go out, losses come back."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

import gradwire as gw
from gradwire import Tensor
from gradwire.demo.report import Report

BATCH, EPOCHS, HELD_OUT = 64, 10, 360
WANTED_ACCURACY = 0.95


@dataclass(frozen=True)
class Digits:
    """Images as rows of 64 numbers from 0 to 1, and the digits that they show."""

    images: NDArray[np.float64]
    labels: NDArray[np.int64]

    def batches(self, random: np.random.Generator) -> Iterator[Digits]:
        """All images once in random order, save those that are too few for a batch."""
        order = random.permutation(len(self.labels))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            yield Digits(self.images[chosen], self.labels[chosen])


def load() -> tuple[Digits, Digits]:
    """scikit-learn's 1,797 digits: those to train on, and those held out."""
    from sklearn import datasets  # pyright: ignore[reportMissingTypeStubs]

    loaded: Any = datasets.load_digits()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    order = np.random.default_rng(0).permutation(len(loaded.target))
    images, labels = loaded.data[order] / 16, loaded.target[order].astype(np.int64)
    return Digits(images[HELD_OUT:], labels[HELD_OUT:]), Digits(images[:HELD_OUT], labels[:HELD_OUT])


class Network:
    """64 inputs, 64 hidden units, 10 outputs."""

    def __init__(self, random: np.random.Generator) -> None:
        self.w1 = gw.tensor(random.normal(0, np.sqrt(2 / 64), (64, 64)), requires_grad=True)
        self.b1 = gw.zeros(64).requires_grad_()
        self.w2 = gw.tensor(random.normal(0, np.sqrt(1 / 64), (64, 10)), requires_grad=True)
        self.b2 = gw.zeros(10).requires_grad_()

    @property
    def parameters(self) -> dict[str, Tensor]:
        """The leaves to train, by name."""
        return {"w1": self.w1, "b1": self.b1, "w2": self.w2, "b2": self.b2}

    def __call__(self, images: Tensor) -> Tensor:
        return gw.relu(images @ self.w1 + self.b1) @ self.w2 + self.b2


def train(report: Report) -> None:
    """Trains a network, and checks what it makes of digits that it has never seen."""
    report.title(f"A 64-64-10 network learns handwritten digits: batches of {BATCH}, Adam")
    random = np.random.default_rng(1)
    training, held_out = load()
    network = Network(random)
    optimizer = gw.optim.Adam(network.parameters, lr=5e-3)
    images, labels = gw.zeros((BATCH, 64)), gw.zeros(BATCH, dtype="int64")
    test_images, test_labels = gw.tensor(held_out.images), gw.tensor(held_out.labels)
    began, steps = time.monotonic(), 0
    loss = value = accuracy = None
    with Bar(report.console, EPOCHS * (len(training.labels) // BATCH)) as bar:
        for _ in range(EPOCHS):
            for batch in training.batches(random):
                images.assign(batch.images)
                labels.assign(batch.labels)
                loss = gw.cross_entropy(network(images), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                value = loss.item()
                steps += 1
                bar.step(value, accuracy)
            accuracy = (gw.argmax(network(test_images), axis=1) == test_labels).mean().item()
            bar.step(value, accuracy, 0)
    assert loss is not None
    assert accuracy is not None
    seconds = time.monotonic() - began
    report.note(f"{steps} steps in {seconds:.1f} s ({steps / seconds:.0f} a second), loss {value:.3f}")
    report.line(
        f"accuracy on {HELD_OUT} held-out digits",
        f"{accuracy:.1%}",
        f"at least {WANTED_ACCURACY:.0%}",
        accuracy >= WANTED_ACCURACY,
    )
    picture = gw.draw(loss, images=images, labels=labels, loss=loss, **network.parameters)
    path = picture.save(Path(tempfile.mkdtemp(prefix="gradwire-")) / "network.svg")
    report.note(f"its graph: {path}")


class Bar:
    """A progress bar with loss and accuracy; nothing where the output isn't a terminal."""

    def __init__(self, console: Console, total: int) -> None:
        columns = ("  training", BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
        text = TextColumn("loss {task.fields[loss]}  held-out accuracy {task.fields[accuracy]}")
        self._progress = Progress(*columns, text, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("training", total=total, loss="", accuracy="")

    def step(self, loss: float | None, accuracy: float | None, steps: int = 1) -> None:
        """Shows how far training has come."""
        self._progress.update(
            self._task,
            advance=steps,
            loss="" if loss is None else f"{loss:.3f}",
            accuracy="–" if accuracy is None else f"{accuracy:.1%}",
        )

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
