"""Pi from random points.

Measures: random numbers in a loop. Does not measure: their quality. Each contestant draws its own, so answers agree to a few standard deviations only.
"""
SIZES = {"full": 2_000_000, "quick": 300_000}
RESULT = "f8"
RANDOM = True
RTOL = 0.005


def inputs(n):
    return (n,)


def numpy_form(n):
    import numpy as np
    x = np.random.uniform(-1, 1, n)
    y = np.random.uniform(-1, 1, n)
    return 4 * int(np.count_nonzero(x * x + y * y < 1.0)) / n


def joblib_form(n):
    import os
    import joblib
    import numpy as np

    def part(count, seed):
        rng = np.random.default_rng(seed)
        return int(np.count_nonzero(rng.uniform(-1, 1, count) ** 2 + rng.uniform(-1, 1, count) ** 2 < 1.0))

    jobs = int(os.environ.get("BENCH_THREADS", "1"))
    return 4 * sum(joblib.Parallel(n_jobs=jobs, backend="threading")(joblib.delayed(part)(n // jobs, k) for k in range(jobs))) / (n // jobs * jobs)


def dask_form(n):
    import dask.array as da
    x = da.random.uniform(-1, 1, n, chunks=n // 4)
    y = da.random.uniform(-1, 1, n, chunks=n // 4)
    return float(4 * (x * x + y * y < 1.0).sum().compute() / n)
