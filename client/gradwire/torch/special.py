"""PyTorch's special."""
