"""m[i, j] = i**2 + j**2.

Measures: one pass of writes, conversion of integers to floats. Does not measure: allocating, as the matrix is an argument.
"""
import numpy as np

SIZES = {"full": 1500, "quick": 300}
RESULT = 0


def inputs(n):
    return (np.zeros((n, n)),)


def flops(n):
    return n * n


def bytes(n):
    return 8 * n * n


def numpy_form(m):
    i = np.arange(m.shape[0]) ** 2
    m[:] = i[:, None] + i[None, :]
