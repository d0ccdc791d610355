"""Sum of 0 .. n - 1 in a loop.

Measures: whether the loop becomes a closed form; then only what a call costs. Does not measure: loops.
"""
SIZES = {"full": 20_000_000, "quick": 1_000_000}
RESULT = "i8"


def inputs(n):
    return (n,)


def flops(n):
    return n


def bytes(n):
    return 1


def numpy_form(n):
    import numpy as np
    return int(np.arange(n).sum())
