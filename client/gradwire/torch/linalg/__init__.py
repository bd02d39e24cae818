"""PyTorch's linalg."""
