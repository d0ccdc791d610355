"""A sum, whole and in two parts; and what has no place in 64 bits.

    python 13_split_sum.py
"""
import numpy as np

import kjit


@kjit.njit
def total(x):
    result = 0
    for value in x:
        result += value
    return result


@kjit.njit
def factorial(number):
    if number > 20:
        raise OverflowError("factorials beyond 20! have more than 64 bits: use Python's own integers")
    fact = 1
    for n in range(1, number + 1):
        fact *= n
    return fact


if __name__ == "__main__":
    x = np.array([1, 2, 4, 4])
    print(total(x), total(x[:2]) + total(x[2:]), total([1, 2, 4, 4]))
    print(factorial(20))
    try:
        factorial(21)
    except OverflowError as error:
        print(error)
