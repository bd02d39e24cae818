"""Workers add their gradients to one stored gradient: `python examples/shared_session.py [HOST:PORT]`.

Each worker has its own connection and its own part of the data, joins the session by its name and finds the weights by
their label. The server adds up what they send, and the optimiser's step is one assignment there.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import gradwire as gw

WORKERS = 3


class Worker:
    """Holds a part of the data, and a place in the session."""

    def __init__(self, address: str | None, name: str, features: np.ndarray, targets: np.ndarray) -> None:
        self.session = gw.connect(address, session=name)
        self.weights = self.session["weights"]
        self.features = gw.tensor(features, session=self.session)
        self.targets = gw.tensor(targets, session=self.session)

    def add_gradient(self) -> None:
        """The mean square of this part's errors, differentiated into the gradient that all share."""
        errors = self.features @ self.weights - self.targets
        (errors**2).mean().backward()


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else None
    random = np.random.default_rng(0)
    features, wanted = random.normal(size=(300, 4)), np.array([1.0, -2.0, 3.0, 0.5])
    targets = features @ wanted
    with gw.connect(address) as session, ThreadPoolExecutor(WORKERS) as pool:
        weights = gw.tensor(np.zeros(4), label="weights", requires_grad=True)
        optimizer = gw.optim.SGD([weights], lr=0.1)
        parts = zip(np.split(features, WORKERS), np.split(targets, WORKERS), strict=True)
        workers = [Worker(address, session.name, *part) for part in parts]
        for _ in range(40):
            optimizer.zero_grad()
            session.flush()
            list(pool.map(Worker.add_gradient, workers))
            optimizer.step()
            session.flush()
        print("learnt:", weights.numpy().round(3), "wanted:", wanted)
        assert np.allclose(weights.numpy(), wanted, atol=1e-3)
        for worker in workers:
            worker.session.close()


if __name__ == "__main__":
    main()
