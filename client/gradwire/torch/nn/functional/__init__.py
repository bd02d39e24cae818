"""PyTorch's nn.functional."""
