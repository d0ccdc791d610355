"""out = a * x + y over arrays that fit no cache.

Measures: memory. Does not measure: arithmetic.
"""
import numpy as np

SIZES = {"full": 4_000_000, "quick": 500_000}
RESULT = 2


def inputs(n):
    rng = np.random.default_rng(6)
    return rng.random(n), rng.random(n), np.zeros(n), 0.37


def flops(n):
    return 2 * n


def bytes(n):
    return 24 * n


def numpy_form(x, y, out, a):
    out[:] = a * x + y


def numexpr_form(x, y, out, a):
    import numexpr
    numexpr.evaluate("a * x + y", out=out)


def jax_form(x, y, out, a):
    return a * x + y


def taichi_form():
    import taichi as ti

    @ti.kernel
    def kernel(x: ti.types.ndarray(), y: ti.types.ndarray(), out: ti.types.ndarray(), a: ti.f64):
        for i in range(out.shape[0]):
            out[i] = a * x[i] + y[i]

    return kernel


def dask_form(x, y, out, a):
    import dask.array as da
    chunks = len(x) // 4
    out[:] = (a * da.from_array(x, chunks=chunks) + da.from_array(y, chunks=chunks)).compute()
