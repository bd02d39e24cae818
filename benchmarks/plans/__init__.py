"""Plans beside PyTorch eager, JAX's jit, HIPS autograd and NumPy: the time of value and all gradients of nine works."""
