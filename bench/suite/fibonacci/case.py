"""Fibonacci numbers by recursion.

Measures: calls. Does not measure: anything else.
"""
SIZES = {"full": 27, "quick": 22}
RESULT = "i8"


def inputs(n):
    return (n,)
