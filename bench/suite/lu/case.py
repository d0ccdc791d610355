"""Decomposition into triangular matrices, without pivoting.

Measures: triangular loops. Does not measure: blocking, pivoting.
"""
import numpy as np

SIZES = {"full": 160, "quick": 60}
RESULT = 1


def inputs(n):
    return np.random.default_rng(12).random((n, n)) + n * np.eye(n), np.zeros((n, n))


def flops(n):
    return 2 * n ** 3 // 3


def bytes(n):
    return 16 * n * n


def numpy_form(a, lu):
    lu[:] = a
    for k in range(len(a) - 1):
        lu[k + 1:, k] /= lu[k, k]
        lu[k + 1:, k + 1:] -= lu[k + 1:, k, None] * lu[None, k, k + 1:]
