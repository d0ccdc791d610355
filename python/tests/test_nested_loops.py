"""Nests of parallel loops: those that share one range of iterations, and those that do not."""

import random
import unittest

from by_blocks import cut, fold, reduced, rough
from kjit import njit, prange, random_stream

try:
    import numpy as np
except ImportError:
    np = None


@njit(parallel=True)
def whole(x, n, m):
    s = 0.0
    for i in prange(n):
        for j in prange(m):
            s += x[i * m + j]
    return s


@njit(parallel=True)
def three_deep(x, n, m):
    s = 0.0
    for i in prange(n):
        for j in prange(m):
            for k in prange(2):
                s += x[(i * m + j) * 2 + k]
    return s


@njit(parallel=True)
def kept_apart(x, n, m, kind):
    s = 0.0
    last = 0
    if kind == "statement":
        for i in prange(n):
            row = i * m
            for j in prange(m):
                s += x[row + j]
    if kind == "depends":
        for i in prange(n):
            for j in prange(m + i - i):
                s += x[i * m + j]
    if kind == "option":
        for i in prange(n):
            for j in prange(m, chunk=2):
                s += x[i * m + j]
    if kind == "call":
        for i in prange(n):
            for j in prange(same(m)):
                s += x[i * m + j]
    if kind == "element":
        sizes = [m]
        for i in prange(n):
            for j in prange(sizes[0]):
                s += x[i * m + j]
    if kind == "else":
        for i in prange(n):
            for j in prange(m):
                s += x[i * m + j]
            else:
                last = 1
    if kind == "variable":
        for i in prange(n):
            for j in prange(m):
                s += x[i * m + j]
        last = i
    return s, last


@njit(parallel=True)
def a_variable_set_again(x, n, m):
    s = 0.0
    for i in prange(n):
        for j in prange(m):
            s += x[i * m + j]
    for i in range(2):
        s += i
    return s


def same(m):
    return m


@njit(parallel=True)
def drawing(x, n, m):
    s = 0.0
    for i in prange(n):
        for j in prange(m):
            s += x[i * m + j] + draw()
    return s


def draw():
    return 0.0 * random.random()


@njit(parallel=True)
def draws(n):
    drawn = []
    s = 0.0
    for i in prange(n):
        s += random.random()
        drawn.append(random.random())
        for j in prange(2):
            drawn.append(random.random())
            s += random.random()
    drawn.append(random.random())
    return drawn, s


@njit(parallel=True)
def row_sums(c, a):
    for i in prange(a.shape[0]):
        for j in prange(a.shape[1]):
            c[i] += a[i, j]


@njit(parallel=True)
def scatter_in_both(h, x, m):
    for i in prange(len(x)):
        v = x[i]
        for j in prange(m):
            h[(i + j * j) % 2] += v


@njit(parallel=True)
def bounds_are_evaluated(n, m):
    s = 0.0
    for i in prange(counted(n)):
        for j in prange(1 // m):
            s += 1.0
    return s


calls = []


def counted(n):
    calls.append(n)
    return n


def by_rows(x, n, m):
    """The inner loop is a parallel loop of its own, which continues its block's partial sum."""
    parts = []
    for block in cut(n):
        s = -0.0
        for i in block:
            s = reduced(s, x[i * m:(i + 1) * m])
        parts.append(s)
    return 0.0 + fold(parts, lambda a, b: a + b)


class Nests(unittest.TestCase):
    SIZES = ((3, 5), (40, 70), (1500, 3), (1, 2000), (0, 3), (3, 0))

    def test_one_range_of_iterations(self):
        for n, m in self.SIZES:
            x = rough(2 * n * m)
            self.assertEqual(whole(x, n, m), reduced(0.0, x[:n * m]))
            self.assertEqual(three_deep(x, n, m), reduced(0.0, x))
            self.assertEqual(a_variable_set_again(x, n, m), reduced(0.0, x[:n * m]) + 1)

    def test_kept_apart(self):
        n, m = 40, 70
        x = rough(n * m)
        for kind in ("statement", "depends", "option", "call", "element", "else", "variable"):
            self.assertEqual(kept_apart(x, n, m, kind)[0], by_rows(x, n, m), kind)
        self.assertEqual(kept_apart(x, n, m, "variable")[1], n - 1)

    def test_loops_that_draw_are_kept_apart(self):
        x = rough(40 * 70)
        self.assertNotEqual(by_rows(x, 40, 70), reduced(0.0, x))
        self.assertEqual(drawing(x, 40, 70), by_rows(x, 40, 70))

    def test_streams_are_those_of_the_iterations(self):
        for n in (0, 3, 1500):
            random_stream(4)
            found = draws(n)[0]
            random_stream(4)
            self.assertEqual(found, draws.py_func(n)[0])

    def test_bounds(self):
        self.assertEqual(bounds_are_evaluated(0, 0), 0.0)
        with self.assertRaises(ZeroDivisionError):
            bounds_are_evaluated(1, 0)
        self.assertEqual(bounds_are_evaluated(3, 1), 3.0)
        self.assertEqual(calls, [0, 1, 3])

    @unittest.skipIf(np is None, "NumPy is not installed")
    def test_iterations_of_the_nest_meet_in_an_array(self):
        a = np.array(rough(2 * 900)).reshape(2, 900)
        c, expected = np.zeros(2), []
        for block in cut(1800, 900):
            part = np.full(2, -0.0)
            for i in block:
                part[i // 900] += a[i // 900, i % 900]
            expected.append(part)
        row_sums(c, a)
        self.assertEqual(c.tobytes(), (np.zeros(2) + fold(expected, np.add)).tobytes())

    @unittest.skipIf(np is None, "NumPy is not installed")
    def test_arrays_of_blocks_within_blocks(self):
        x, h = rough(90), np.zeros(2)
        scatter_in_both(h, x, 9)
        outer = []
        for block in cut(90, 45):
            part = np.full(2, -0.0)
            for i in block:
                inner = [np.full(2, -0.0) for _ in range(4)]
                for number, js in enumerate(cut(9, 4)):
                    for j in js:
                        inner[number][(i + j * j) % 2] += x[i]
                part += fold(inner, np.add)
            outer.append(part)
        self.assertEqual(h.tobytes(), (np.zeros(2) + fold(outer, np.add)).tobytes())


if __name__ == "__main__":
    unittest.main()
