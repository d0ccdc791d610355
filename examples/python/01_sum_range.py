"""A loop over integers: sum(range(n)) written out. The first call compiles, the second one runs what is there.

    python 01_sum_range.py [N]
"""
import sys
import time

import kjit as numba


@numba.jit
def sum_range(a):
    x = 0
    for i in range(a):
        x += i
    return x


if __name__ == "__main__":
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10**8
    for call in ("first", "second"):
        start = time.perf_counter()
        result = sum_range(n)
        print(f"{call} call: {time.perf_counter() - start:.6f} s", file=sys.stderr)
    print(result)
