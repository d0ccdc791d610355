"""Kernels in a pool of processes, with Pool.map and Pool.starmap.

    python 08_pool_map.py
"""
import multiprocessing as mp

from kjit import njit


@njit
def square(x):
    return x * x


@njit
def power_n(x, n):
    return x**n


if __name__ == "__main__":
    with mp.Pool(processes=2) as pool:
        print(pool.map(square, range(20)))
    with mp.Pool(processes=2) as pool:
        print(pool.starmap(power_n, [(x, 2) for x in range(20)]))
