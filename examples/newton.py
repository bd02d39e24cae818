"""Newton's method by exact second derivatives: `python examples/newton.py [HOST:PORT]`."""

import sys

import numpy as np

import gradwire as gw


def rosenbrock(p: gw.Tensor) -> gw.Tensor:
    """A curved valley whose lowest point is (1, 1)."""
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def main() -> None:
    value_and_slope, curvature = gw.value_and_grad(rosenbrock), gw.hessian(rosenbrock)
    with gw.connect(*sys.argv[1:2]):
        point = np.array([-1.2, 1.0])
        for step in range(1, 8):
            value, slope = value_and_slope(point)
            point = point - np.linalg.solve(curvature(point).numpy(), slope.numpy())
            print(f"{step}: f = {value.item():.2e}, next point ({point[0]:.6f}, {point[1]:.6f})")
    assert np.allclose(point, 1)


if __name__ == "__main__":
    main()
