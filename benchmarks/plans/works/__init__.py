"""The works, in the order of the table."""

from collections.abc import Callable, Mapping

from benchmarks.plans.work import Work
from benchmarks.plans.works import convolution, elementwise, mixture, networks, recurrent, rosenbrock, transformer

Maker = Callable[[bool], Work]
"""Makes a work; a small one, if asked."""

WORKS: Mapping[str, Maker] = {
    "mlp-64": lambda small: networks.mlp(small, 64),
    "mlp-512": lambda small: networks.mlp(small, 512),
    "logistic": networks.logistic,
    "chain": elementwise.chain,
    "scalar": elementwise.scalar,
    "convolution": convolution.convolutions,
    "transformer": transformer.block,
    "recurrent": recurrent.cell,
    "mixture": mixture.mixture,
    "rosenbrock": rosenbrock.gradient,
    "rosenbrock-hvp": rosenbrock.product,
}
