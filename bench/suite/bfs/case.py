"""Breadth-first search of a random graph.

Measures: a queue, chains of dependent loads. Does not measure: arithmetic, threads.
"""
import numpy as np

SIZES = {"full": 120_000, "quick": 15_000}
RESULT = 2
DEGREE = 6


def inputs(n):
    neighbours = np.random.default_rng(13).integers(0, n, n * DEGREE)
    return neighbours, np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), DEGREE
