"""Graphs of array operations, differentiated and run with NumPy."""

from gradwire_engine import operators as operators
