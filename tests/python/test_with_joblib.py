"""Kernels under joblib: Parallel with its ways of running, and Memory."""

import random
import subprocess
import sys
import tempfile
import textwrap
import unittest

import numpy as np
from joblib import Memory, Parallel, delayed

from kjit import njit, prange

SCALE = 2


@njit(nogil=True)
def row(i, n):
    result = np.zeros(n)
    for j in range(n):
        result[j] = i**2 + j**2 * SCALE
    return result


@njit
def draw():
    return random.random()


@njit(parallel=True)
def summed(x):
    total = 0.0
    for i in prange(len(x)):
        total += x[i]
    return total


class Joblib(unittest.TestCase):
    expected = [row.py_func(i, 5).tolist() for i in range(8)]

    def test_backends(self):
        for backend in ("loky", "threading", "multiprocessing"):
            with self.subTest(backend):
                rows = Parallel(n_jobs=2, backend=backend)(delayed(row)(i, 5) for i in range(8))
                self.assertEqual(np.array(rows).tolist(), self.expected)

    def test_generators_and_verbose(self):
        for order in ("generator", "generator_unordered"):
            rows = list(Parallel(n_jobs=2, return_as=order)(delayed(row)(i, 5) for i in range(8)))
            self.assertEqual(sorted(map(list, rows)), sorted(self.expected))

    def test_parallel_kernels_inside(self):
        x = np.arange(20_000.0)
        self.assertEqual(Parallel(n_jobs=2)(delayed(summed)(x) for _ in range(4)), [summed(x)] * 4)

    def test_workers_draw_numbers_of_their_own(self):
        drawn = []
        for backend in ("loky", "threading", "multiprocessing"):
            drawn += Parallel(n_jobs=3, backend=backend)(delayed(draw)() for _ in range(9))
        self.assertEqual(len(set(drawn)), len(drawn), drawn)

    def test_memory(self):
        with tempfile.TemporaryDirectory() as folder:
            cached = Memory(folder, verbose=0).cache(row.py_func)
            self.assertEqual(cached(2, 5).tolist(), self.expected[2])
            kept = Memory(folder, verbose=0).cache(_through_kernel)
            self.assertEqual(kept(2).tolist(), self.expected[2])
            self.assertEqual(kept(2).tolist(), self.expected[2])

    def test_kernels_of_the_main_program(self):
        program = textwrap.dedent("""
            from joblib import Parallel, delayed
            from kjit import njit
            N = 10
            @njit
            def func(i):
                s = N
                for j in range(i):
                    s += j
                return s
            print(sum(Parallel(n_jobs=2)(delayed(func)(i) for i in range(20))))
            """)
        with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
            file.write(program)
            file.flush()
            done = subprocess.run([sys.executable, file.name], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.stdout, "1340\n", done.stderr)


def _through_kernel(i):
    return row(i, 5)


if __name__ == "__main__":
    unittest.main()
