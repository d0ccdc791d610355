"""Softmax of the rows of a matrix.

Measures: exp in a loop, a maximum and a sum before it. Under fastmath: vectorised exp. Does not measure: memory.
"""
import numpy as np

SIZES = {"full": 500, "quick": 150}
RESULT = 1
FASTMATH = True


def inputs(n):
    x = np.random.default_rng(14).normal(size=(n, n))
    return x, np.zeros_like(x)


def numpy_form(x, out):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    out[:] = e / e.sum(axis=1, keepdims=True)


def jax_form(x, out):
    import jax
    return jax.nn.softmax(x, axis=1)
