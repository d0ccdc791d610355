"""Largest singular value of an infinite matrix by power iteration, elements computed as they are needed.

Measures: division in a reduction. Does not measure: memory.
"""
import numpy as np

SIZES = {"full": 400, "quick": 120}
RESULT = "f8"


def inputs(n):
    return np.ones(n), np.zeros(n), np.zeros(n)


def numpy_form(u, v, w):
    n = len(u)
    i = np.arange(n)
    a = 1.0 / ((i[:, None] + i) * (i[:, None] + i + 1) // 2 + i[:, None] + 1)
    u = np.ones(n)
    for _ in range(2):
        v = a.T @ (a @ u)
        u = a.T @ (a @ v)
    return float(np.sqrt((u @ v) / (v @ v)))
