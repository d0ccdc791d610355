"""Levenshtein's distance of two texts.

Measures: dynamic programming with a dependence along the row; minima. Does not measure: threads, vectors.
"""
import numpy as np

SIZES = {"full": 900, "quick": 250}
RESULT = "i8"


def inputs(n):
    rng = np.random.default_rng(8)
    return rng.integers(0, 4, n), rng.integers(0, 4, n), np.zeros(n + 1, dtype=np.int64)
