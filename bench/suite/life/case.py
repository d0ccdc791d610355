"""Generations of Conway's game of life on a torus.

Measures: small integers, remainders in subscripts. Does not measure: bit tricks.
"""
import numpy as np

SIZES = {"full": 300, "quick": 80}
RESULT = 1


def inputs(n):
    cells = np.random.default_rng(4).integers(0, 2, (n, n)).astype(np.int64)
    return cells, np.zeros_like(cells), 2


def numpy_form(start, cells, pairs):
    cells[:] = start
    for _ in range(2 * pairs):
        around = sum(np.roll(cells, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx)
        cells[:] = (around == 3) | ((around == 2) & (cells == 1))
