#!/usr/bin/env python3
"""What a call from Python costs, and the first calls of the course's kernels: bench/python_calls.py kjit|numba

With a Python that has the package and joblib (build/python_users), kjit's from PYTHONPATH=build/release/python or a wheel. Run it twice: the second
run of kjit finds its code in the cache (KJIT_CACHE=0: never). docs/python.md has the numbers.
"""
import importlib
import pathlib
import runpy
import sys
import time
import timeit

import numpy as np

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent / "examples" / "python"

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
def of_a_tuple(abc):
    return abc[0][0] + abc[1][0] + abc[2][0]


@jit.vectorize
def plus(x, y):
    return x + y


def kernel_of(program, name):
    """Of examples/python, which import kjit: with Numba, that has its name."""
    return runpy.run_path(str(EXAMPLES / program), run_name="example")[name]


def milliseconds(function, *args):
    start = time.perf_counter()
    function(*args)
    return 1e3 * (time.perf_counter() - start)


def main():
    arrays = [np.ones(10) for _ in range(3)]
    for kernel, args in ((three, arrays), (three_nogil, arrays), (of_a_tuple, [tuple(arrays)]), (plus, arrays[:2]), (plus, [arrays[0], 1.5]),
                         (plus, [1.0, 2.0])):
        first = milliseconds(kernel, *args)
        names = {"f": kernel, **{f"x{k}": arg for k, arg in enumerate(args)}}
        call = f"f({', '.join(f'x{k}' for k in range(len(args)))})"
        best = min(timeit.repeat(call, globals=names, number=30_000, repeat=9)) / 30_000
        print(f"{kernel.__name__:16} first {first:8.2f} ms, a call {1e9 * best:6.0f} ns")
    sys.modules["kjit"] = jit
    mask = (np.arange(20000) % 7 == 0).astype(np.int64)
    for program, name, small, large in (("01_sum_range.py", "sum_range", (10, ), (10**8, )), ("02_calc_pi.py", "calc_pi_kjit", (10, ), (10**7, )),
                                        ("04_primes.py", "find_sum", (10, ), (300_000, )),
                                        ("06_matrix_fill.py", "fill", (np.zeros((9, 9)), ), (np.zeros((2000, 2000)), )),
                                        ("07_word_autocorr.py", "autocorrelation", (mask[:99], 10), (mask, 100))):
        kernel = kernel_of(program, name)
        first = milliseconds(kernel, *small)
        print(f"{name:16} first {first:8.2f} ms, a run {min(milliseconds(kernel, *large) for _ in range(3)):8.2f} ms")


if __name__ == "__main__":
    main()
