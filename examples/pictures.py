"""Draws graphs, among them the README's: `python examples/pictures.py FOLDER`. Needs `pip install 'gradwire[draw]'`."""

import sys
from pathlib import Path

import numpy as np

import gradwire as gw


def quadratic() -> gw.Drawing:
    """The first lesson's 2·xᵀx."""
    x = gw.arange(4.0).requires_grad_()
    y = 2 * gw.dot(x, x)
    return gw.draw(y, x=x, y=y)


def quotient() -> gw.Drawing:
    """A quotient, in which x is used twice."""
    x = gw.tensor(2.0, requires_grad=True)
    return gw.draw(gw.sin(x) / (x**2 + 1), x=x)


def network() -> gw.Drawing:
    """A classifier and its loss."""
    images, labels = gw.tensor(np.zeros((64, 64))), gw.tensor(np.zeros(64, np.int64))
    w1, b1 = gw.zeros((64, 64)).requires_grad_(), gw.zeros(64).requires_grad_()
    w2, b2 = gw.zeros((64, 10)).requires_grad_(), gw.zeros(10).requires_grad_()
    logits = gw.tanh(images @ w1 + b1) @ w2 + b2
    loss = gw.cross_entropy(logits, labels)
    return gw.draw(loss, images=images, labels=labels, w1=w1, b1=b1, w2=w2, b2=b2, logits=logits, loss=loss)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    with gw.connect():
        for make in (quadratic, quotient, network):
            print(make().save(folder / f"{make.__name__}.svg"))


if __name__ == "__main__":
    main()
