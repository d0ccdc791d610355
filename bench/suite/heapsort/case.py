"""Heapsort.

Measures: data-dependent subscripts, swaps, branches that cannot be foreseen. NumPy's column is its own sort.
"""
import numpy as np

SIZES = {"full": 60_000, "quick": 10_000}
RESULT = 1


def inputs(n):
    return np.random.default_rng(10).random(n), np.zeros(n)


def numpy_form(values, out):
    out[:] = np.sort(values)
