"""Sparse matrix times vector, compressed rows.

Measures: gathers, short inner loops. Does not measure: arithmetic.
"""
import numpy as np

SIZES = {"full": 60_000, "quick": 10_000}
RESULT = 4
NONZEROS = 12


def inputs(n):
    rng = np.random.default_rng(11)
    return np.arange(0, NONZEROS * n + 1, NONZEROS), rng.integers(0, n, NONZEROS * n), rng.random(NONZEROS * n), rng.random(n), np.zeros(n)


def flops(n):
    return 2 * NONZEROS * n


def bytes(n):
    return 16 * NONZEROS * n + 24 * n


def numpy_form(begins, columns, values, x, y):
    y[:] = np.add.reduceat(values * x[columns], begins[:-1])
