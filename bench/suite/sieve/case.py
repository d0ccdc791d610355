"""Number of primes below n by Eratosthenes' sieve.

Measures: writes with a stride. Does not measure: arithmetic.
"""
import numpy as np

SIZES = {"full": 1_500_000, "quick": 200_000}
RESULT = "i8"


def inputs(n):
    return (np.zeros(n, dtype=np.uint8),)


def numpy_form(composite):
    n = len(composite)
    composite[:] = 0
    for i in range(2, int(n ** 0.5) + 1):
        if composite[i] == 0:
            composite[i * i::i] = 1
    return int((composite[2:] == 0).sum())
