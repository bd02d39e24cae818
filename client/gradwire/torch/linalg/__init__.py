"""PyTorch's linalg."""

from gradwire.torch.linalg.diagonals import *  # noqa: F403
