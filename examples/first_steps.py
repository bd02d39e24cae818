"""A gradient, accumulated and zeroed: `python examples/first_steps.py [HOST:PORT]`; no address, no server."""

import sys

import gradwire as gw


def main() -> None:
    with gw.connect(*sys.argv[1:2]):
        x = gw.arange(4.0)
        x.requires_grad_(True)
        y = 2 * gw.dot(x, x)
        print("y =", y.item())

        y.backward()
        print("x.grad =", x.grad)

        x.sum().backward()
        print("plus the gradient of x.sum():", x.grad)

        x.grad = None
        x.sum().backward()
        print("without what was there before:", x.grad)


if __name__ == "__main__":
    main()
