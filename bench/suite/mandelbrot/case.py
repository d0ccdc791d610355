"""Escape times of the Mandelbrot set on a grid.

Measures: a data-dependent inner loop, branches, rows of unequal cost. Does not measure: memory; vectorising, which the exit prevents.
"""
import numpy as np

SIZES = {"full": 320, "quick": 96}
RESULT = 0


def inputs(n):
    return np.zeros((n, n), dtype=np.int64), 100


def numpy_form(image, limit):
    n = image.shape[0]
    c = (-2.0 + 2.5 * np.arange(n) / n)[None, :] + 1j * (-1.25 + 2.5 * np.arange(n) / n)[:, None]
    z = np.zeros_like(c)
    image[:] = limit
    for step in range(limit):
        left = (image == limit) & (z.real * z.real + z.imag * z.imag > 4.0)
        image[left] = step
        z[left] = 0.0
        c[left] = 0.0
        z = z * z + c
