"""Most reversals over all permutations.

Measures: integer moves in tiny arrays, bounds checks that cannot be lifted out of loops. Does not measure: arithmetic.
"""
import numpy as np

SIZES = {"full": 8, "quick": 7}
RESULT = "i8"


def inputs(n):
    return tuple(np.zeros(n, dtype=np.int64) for _ in range(3))
