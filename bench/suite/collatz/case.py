"""Longest chain of Collatz's iteration below n.

Measures: integer branches, chains of unequal length, a maximum over iterations.
"""
SIZES = {"full": 60_000, "quick": 8_000}
RESULT = "i8"


def inputs(n):
    return (n,)
