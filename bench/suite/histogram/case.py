"""Counts of values in bins.

Measures: updates of integers that meet. In parallel the iterations meet in the same bins: a contestant that does not order them gives a wrong answer.
"""
import numpy as np

SIZES = {"full": 1_000_000, "quick": 200_000}
RESULT = 1


def inputs(n):
    return np.random.default_rng(5).integers(0, 64, n), np.zeros(64, dtype=np.int64)


def numpy_form(values, counts):
    counts[:] = np.bincount(values, minlength=len(counts))


def jax_form(values, counts):
    import jax.numpy as jnp
    return jnp.zeros_like(counts).at[values].add(1)
