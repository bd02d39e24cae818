"""PyTorch's nn: its functions."""

from gradwire.torch.nn import functional as functional
