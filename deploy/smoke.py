"""Take one gradient, through the server at ADDRESS or, without one, in this process."""

import sys

import gradwire as gw


def main() -> None:
    with gw.connect(*sys.argv[1:2]):
        x = gw.arange(4.0)
        x.requires_grad_(True)
        y = 2 * gw.dot(x, x)
        y.backward()
        assert x.grad is not None
        gradient = x.grad.tolist()
    assert gradient == [0.0, 4.0, 8.0, 12.0], gradient
    print("gradient", gradient)


if __name__ == "__main__":
    main()
