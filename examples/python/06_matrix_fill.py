"""A matrix, element by element: in one kernel, in a parallel kernel, and row by row over joblib's threads.

    python 06_matrix_fill.py [N]
"""
import sys
import time

import numpy as np
from joblib import Parallel, delayed

from kjit import njit, prange


@njit
def fill(M):
    for i in range(M.shape[0]):
        for j in range(M.shape[1]):
            M[i, j] = i**2 + j**2


@njit(parallel=True)
def fill_parallel(M):
    for i in prange(M.shape[0]):
        for j in range(M.shape[1]):
            M[i, j] = i**2 + j**2


@njit(nogil=True)
def calc_row(i, n):
    row = np.zeros(n)
    for j in range(n):
        row[j] = i**2 + j**2
    return row


def rows_in_jobs(n):
    return np.array(Parallel(n_jobs=4, backend="threading")(delayed(calc_row)(i, n) for i in range(n)))


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    index = np.arange(n, dtype=float)**2
    expected = index[:, None] + index
    for function in (fill, fill_parallel):
        M = np.zeros([n, n])
        function(M)  # compiles
        start = time.perf_counter()
        function(M)
        print(f"{function.__name__}: {time.perf_counter() - start:.4f} s", file=sys.stderr)
        print(function.__name__, np.array_equal(M, expected))
    start = time.perf_counter()
    M = rows_in_jobs(n)
    print(f"rows in four jobs: {time.perf_counter() - start:.4f} s", file=sys.stderr)
    print("rows", np.array_equal(M, expected))
