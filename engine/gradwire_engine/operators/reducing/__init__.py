"""Operators along axes: sums, extremes, order, statistics."""
