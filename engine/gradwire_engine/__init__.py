"""Graphs of array operations, differentiated and run with NumPy."""

from gradwire_engine import blas

blas.choose_kernels()  # before NumPy is imported

from gradwire_engine import operators as operators  # noqa: E402
