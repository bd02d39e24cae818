"""What gradients through a server cost, beside what moving the same bytes costs: `python -m benchmarks`."""
