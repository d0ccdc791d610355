"""Product of two matrices by three loops, the inner two exchanged.

Measures: loads along rows, vectorised multiply-adds. NumPy's column is one thread of BLAS, which blocks for the caches: this is what a hand-written loop
gives away.
"""
import numpy as np

SIZES = {"full": 160, "quick": 64}
RESULT = 2


def inputs(n):
    rng = np.random.default_rng(2)
    return rng.random((n, n)), rng.random((n, n)), np.zeros((n, n))


def flops(n):
    return 2 * n ** 3


def bytes(n):
    return 3 * 8 * n * n


def numpy_form(a, b, c):
    np.matmul(a, b, out=c)


def jax_form(a, b, c):
    return a @ b


def taichi_form():
    import taichi as ti

    @ti.kernel
    def kernel(a: ti.types.ndarray(), b: ti.types.ndarray(), c: ti.types.ndarray()):
        for i in range(a.shape[0]):
            for j in range(b.shape[1]):
                c[i, j] = 0.0
            for k in range(a.shape[1]):
                x = a[i, k]
                for j in range(b.shape[1]):
                    c[i, j] += x * b[k, j]

    return kernel
