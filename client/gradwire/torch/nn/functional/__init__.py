"""PyTorch's nn.functional."""

from gradwire.torch.nn.functional.activations import *  # noqa: F403
from gradwire.torch.nn.functional.distances import *  # noqa: F403
from gradwire.torch.nn.functional.losses import *  # noqa: F403
