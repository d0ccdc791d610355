"""Rank-two update and two products of matrix and vector (as in PolyBench's gemver).

Measures: four passes over a matrix, one of them along columns. Does not measure: blocking.
"""
import numpy as np

SIZES = {"full": 500, "quick": 150}
RESULT = 4


def inputs(n):
    rng = np.random.default_rng(16)
    return rng.random((n, n)), rng.random((4, n)), np.zeros((n, n)), np.zeros(n), np.zeros(n)


def flops(n):
    return 8 * n * n


def bytes(n):
    return 32 * n * n


def numpy_form(a, uv, b, x, w):
    b[:] = a + uv[0][:, None] * uv[1] + uv[2][:, None] * uv[3]
    x[:] = 1.2 * (b.T @ uv[1])
    w[:] = 1.5 * (b @ x)


def jax_form(a, uv, b, x, w):
    b = a + uv[0][:, None] * uv[1] + uv[2][:, None] * uv[3]
    return 1.5 * (b @ (1.2 * (b.T @ uv[1])))
