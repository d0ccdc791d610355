"""Many small calls over joblib's workers.

    python 05_joblib_sum.py
"""
from joblib import Parallel, delayed

from kjit import njit


@njit
def func(i):
    """The sum of 0 to i - 1."""
    s = 0
    for j in range(i):
        s += j
    return s


if __name__ == "__main__":
    results = Parallel(n_jobs=4)(delayed(func)(i) for i in range(1000))
    print(len(results), sum(results), results[:5])
