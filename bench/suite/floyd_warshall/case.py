"""Shortest paths between all pairs.

Measures: minima over rows that alias. Does not measure: blocking for caches.
"""
import numpy as np

SIZES = {"full": 130, "quick": 50}
RESULT = 1


def inputs(n):
    weights = np.random.default_rng(9).integers(1, 1000, (n, n)).astype(float)
    return weights, np.zeros((n, n))


def numpy_form(weights, d):
    d[:] = weights
    for k in range(len(d)):
        np.minimum(d, d[:, k, None] + d[None, k, :], out=d)
