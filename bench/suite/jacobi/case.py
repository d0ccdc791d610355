"""Sweeps of a five-point stencil over a square.

Measures: loads along rows, vectorised arithmetic, memory once the grid leaves the caches. Does not measure: boundaries, convergence tests.
"""
import numpy as np

SIZES = {"full": 700, "quick": 200}
RESULT = 1
SWEEPS = 2


def inputs(n):
    rng = np.random.default_rng(1)
    old = rng.random((n, n))
    return old, old.copy(), SWEEPS


def flops(n):
    return 2 * SWEEPS * 4 * (n - 2) ** 2


def bytes(n):
    return 2 * SWEEPS * 16 * n * n


def numpy_form(u, v, sweeps):
    a, b = u.copy(), u.copy()
    for _ in range(sweeps):
        b[1:-1, 1:-1] = 0.25 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])
        a[1:-1, 1:-1] = 0.25 * (b[:-2, 1:-1] + b[2:, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:])
    v[:] = a


def numexpr_form(u, v, sweeps):
    import numexpr
    a, b = u.copy(), u.copy()
    for _ in range(sweeps):
        for x, y in ((a, b), (b, a)):
            up, down, left, right = x[:-2, 1:-1], x[2:, 1:-1], x[1:-1, :-2], x[1:-1, 2:]
            numexpr.evaluate("0.25 * (up + down + left + right)", out=y[1:-1, 1:-1])
    v[:] = a


def jax_form(u, v, sweeps):
    a = b = u
    for _ in range(sweeps):
        b = b.at[1:-1, 1:-1].set(0.25 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]))
        a = a.at[1:-1, 1:-1].set(0.25 * (b[:-2, 1:-1] + b[2:, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:]))
    return a
