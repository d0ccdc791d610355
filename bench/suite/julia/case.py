"""Escape times of a Julia set in complex numbers.

Measures: complex arithmetic, calls of a small function. Does not measure: memory.
"""
import numpy as np

SIZES = {"full": 260, "quick": 80}
RESULT = 0


def inputs(n):
    return np.zeros((n, n), dtype=np.int64), 60
