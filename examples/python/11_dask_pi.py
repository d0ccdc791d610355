"""Pi with Dask: delayed kernels on threads and processes, and a kernel over the blocks of an array.

    python 11_dask_pi.py [N]
"""
import random
import sys
import time

import dask
import dask.array as da
import numpy as np

import kjit


@kjit.njit(nogil=True)
def inside(n):
    count = 0
    for i in range(n):
        x = random.uniform(-1, 1)
        y = random.uniform(-1, 1)
        if x**2 + y**2 < 1.0:
            count += 1
    return count


@kjit.njit(nogil=True)
def inside_block(points):
    result = np.zeros((1, points.shape[1]), dtype=np.bool_)
    for j in range(points.shape[1]):
        result[0, j] = points[0, j]**2 + points[1, j]**2 < 1.0
    return result


if __name__ == "__main__":
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10**6
    parts = 8
    total = dask.delayed(sum)([dask.delayed(inside)(n // parts) for _ in range(parts)])
    for scheduler in ("threads", "processes"):
        start = time.perf_counter()
        pi = 4 * total.compute(scheduler=scheduler, num_workers=2) / n
        print(f"delayed, {scheduler}: {time.perf_counter() - start:.3f} s", file=sys.stderr)
        print(f"delayed, {scheduler}:", abs(pi - 3.14159) < 0.05)
    points = da.random.default_rng(1).uniform(-1, 1, (2, n), chunks=(2, n // parts))
    counted = points.map_blocks(inside_block, dtype=bool, chunks=(1, n // parts)).sum()
    print("map_blocks:", abs(4 * counted.compute() / n - 3.14159) < 0.05)
