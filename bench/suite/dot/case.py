"""Sum of products.

Measures: a reduction, strict (one addition after the other) and under fastmath (vectorised). NumPy's column is BLAS.
"""
import numpy as np

SIZES = {"full": 1_500_000, "quick": 200_000}
RESULT = "f8"
FASTMATH = True


def inputs(n):
    rng = np.random.default_rng(7)
    return rng.random(n), rng.random(n)


def flops(n):
    return 2 * n


def bytes(n):
    return 16 * n


def numpy_form(x, y):
    return float(np.dot(x, y))


def numexpr_form(x, y):
    import numexpr
    return float(numexpr.evaluate("sum(x * y)"))


def jax_form(x, y):
    import jax.numpy as jnp
    return jnp.sum(x * y)
