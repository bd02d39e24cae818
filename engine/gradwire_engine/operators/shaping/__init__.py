"""Operators that make arrays, and put the same elements into another shape."""
