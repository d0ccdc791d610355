#!/usr/bin/env python3
"""What a call from Python costs, and the first calls of the course's kernels: bench/python_calls.py kjit|numba

With the Python that has the package, kjit's from PYTHONPATH=build/release/python or a wheel. Run it twice: the second run of kjit finds
its code in the cache (KJIT_CACHE=0: never). docs/python.md has the numbers.
"""
import importlib
import random
import sys
import time
import timeit

import numpy as np

start = time.perf_counter()
jit = importlib.import_module(sys.argv[1])
print(f"{sys.argv[1]} import {1e3 * (time.perf_counter() - start):.1f} ms beyond NumPy's")


@jit.njit
def three(a, b, c):
    return a[0] + b[0] + c[0]


@jit.njit(nogil=True)
def three_nogil(a, b, c):
    return a[0] + b[0] + c[0]


@jit.njit
def calc_pi(n):
    inside = 0
    for i in range(n):
        x = random.uniform(-1, 1)
        y = random.uniform(-1, 1)
        if x**2 + y**2 < 1.0:
            inside += 1
    return 4 * inside / n


@jit.njit
def sum_range(a):
    x = 0
    for i in range(a):
        x += i
    return x


@jit.njit
def is_prime(num):
    if num <= 1:
        return False
    elif num <= 3:
        return True
    elif num % 2 == 0 or num % 3 == 0:
        return False
    i = 5
    while i * i <= num:
        if num % i == 0 or num % (i + 2) == 0:
            return False
        i += 6
    return True


@jit.njit
def find_sum(num):
    sum_of_primes = 0
    ix = 2
    while ix <= num:
        if is_prime(ix):
            sum_of_primes += ix
        ix += 1
    return sum_of_primes


@jit.njit
def fill(n):
    M = np.zeros((n, n))
    for i in range(M.shape[0]):
        for j in range(M.shape[1]):
            M[i, j] = i**2 + j**2
    return M


@jit.njit
def autocorrelation(mask, timesteps):
    acf = np.zeros((timesteps, ))
    chosen = mask.sum()
    for t in range(timesteps):
        for i in range(1, len(mask) - t):
            acf[t] += mask[i] * mask[i + t]
        acf[t] /= chosen
    return acf


def milliseconds(function, *args):
    start = time.perf_counter()
    function(*args)
    return 1e3 * (time.perf_counter() - start)


def main():
    arrays = [np.ones(10) for _ in range(3)]
    for kernel in (three, three_nogil):
        first = milliseconds(kernel, *arrays)
        names = dict(f=kernel, a=arrays[0], b=arrays[1], c=arrays[2])
        best = min(timeit.repeat("f(a, b, c)", globals=names, number=100_000, repeat=9)) / 100_000
        print(f"{kernel.__name__:16} first {first:8.2f} ms, a call {1e9 * best:6.0f} ns")
    mask = (np.arange(20000) % 7 == 0).astype(np.int64)
    for kernel, small, large in ((calc_pi, (10, ), (10**7, )), (sum_range, (10, ), (10**8, )), (find_sum, (10, ), (300_000, )),
                                 (fill, (10, ), (2000, )), (autocorrelation, (mask[:99], 10), (mask, 100))):
        first = milliseconds(kernel, *small)
        print(f"{kernel.__name__:16} first {first:8.2f} ms, a run {min(milliseconds(kernel, *large) for _ in range(3)):8.2f} ms")


if __name__ == "__main__":
    main()
