"""Five bodies under gravitation.

Measures: latency of a chain of square roots and divisions over tiny arrays. Does not measure: vectors, threads, memory.
"""
import numpy as np

SIZES = {"full": 15_000, "quick": 2_000}
RESULT = 1


def inputs(n):
    rng = np.random.default_rng(3)
    start = rng.random((5, 7))
    start[:, :3] *= 30.0
    start[:, 6] += 0.1
    return start, np.zeros((5, 7)), n
