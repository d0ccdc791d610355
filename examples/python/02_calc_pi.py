"""Pi from random points: plain Python, NumPy and kjit.

    python 02_calc_pi.py [N]

`random.uniform` in a kernel draws from kjit's streams, so a run repeats; each call takes the next stream.
"""
import random
import sys
import time

import numpy as np

import kjit


def calc_pi(n):
    inside = 0
    for i in range(n):
        x = random.uniform(-1, 1)
        y = random.uniform(-1, 1)
        if x**2 + y**2 < 1.0:
            inside += 1
    return 4 * inside / n


def calc_pi_numpy(n):
    points = np.random.uniform(-1, 1, (2, n))
    return 4 * np.count_nonzero((points**2).sum(axis=0) < 1.0) / n


calc_pi_kjit = kjit.njit(calc_pi)


@kjit.njit(parallel=True)
def calc_pi_parallel(n):
    inside = 0
    for i in kjit.prange(n):
        x = random.uniform(-1, 1)
        y = random.uniform(-1, 1)
        if x**2 + y**2 < 1.0:
            inside += 1
    return 4 * inside / n


if __name__ == "__main__":
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10**6
    for function in (calc_pi, calc_pi_numpy, calc_pi_kjit, calc_pi_parallel):
        start = time.perf_counter()
        result = function(n)
        print(f"{function.__name__}: {time.perf_counter() - start:.3f} s", file=sys.stderr)
        print(abs(result - 3.14159) < 0.05)
    kjit.random_stream(1)
    print(calc_pi_kjit(n))
    kjit.random_stream(1)
    print(calc_pi_kjit(n))
