"""Operators on single elements, and on pairs of them."""
