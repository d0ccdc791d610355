"""Fast Fourier transform of a power of two, in complex numbers.

Measures: complex products, strides that double, a table of roots. NumPy's column is its own library. The input is permuted already.
"""
import numpy as np

SIZES = {"full": 1 << 15, "quick": 1 << 12}
RESULT = 2
RTOL = 1e-8


def inputs(n):
    rng = np.random.default_rng(15)
    x = rng.random(n) + 1j * rng.random(n)
    roots = np.exp(-2j * np.pi * np.arange(n // 2) / n)
    return x, roots, np.zeros(n, dtype=np.complex128)


def flops(n):
    return 5 * n * (n.bit_length() - 1)


def bytes(n):
    return 32 * n


def numpy_form(x, roots, out):
    bits = len(x).bit_length() - 1
    order = np.arange(len(x))
    reverse = np.zeros_like(order)
    for k in range(bits):
        reverse |= ((order >> k) & 1) << (bits - 1 - k)
    out[:] = np.fft.fft(x[reverse])
