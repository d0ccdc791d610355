"""Sum of the primes up to n by trial division.

Measures: integer remainders, loops that end early, iterations of growing length. Does not measure: memory.
"""
SIZES = {"full": 120_000, "quick": 20_000}
RESULT = "i8"


def inputs(n):
    return (n,)
