"""PyTorch's nn.functional."""

from gradwire.torch.nn.functional.convolution import *  # noqa: F403
from gradwire.torch.nn.functional.pooling import *  # noqa: F403
from gradwire.torch.nn.functional.shuffling import *  # noqa: F403
