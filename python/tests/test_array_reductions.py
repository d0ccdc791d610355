"""Arrays that parallel loops accumulate in, against the block rule."""

import unittest

from by_blocks import cut, fold, reduced, rough
from kjit import njit, prange
from kjit.parallel.blocks import block_count

try:
    import numpy as np
except ImportError:
    np = None


@njit(parallel=True)
def scatter(h, x):
    for i in prange(len(x)):
        h[i * i % len(h)] += x[i]


@njit(parallel=True)
def scatter_differences(h, x):
    for i in prange(len(x)):
        h[i % h.shape[0], i * i % h.shape[1]] -= x[i]


@njit(parallel=True)
def scatter_products(h, x):
    for i in prange(len(x)):
        h[i % len(h)] *= x[i]


@njit(parallel=True)
def with_a_sum(h, x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        h[i * i % len(h)] += x[i]
    return s


@njit(parallel=True)
def with_a_product(h, x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        h[i * i % len(h)] *= -1
    return s


@njit(parallel=True)
def never_accumulated(a, x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        if False:
            a[i * i % len(a)] += x[i]
    return s


@njit(parallel=True)
def elements_that_may_meet(a, x):
    s = 0.0
    for i in prange(1, len(x)):
        s += x[i]
        k = i * 1099511627776
        if 0 <= k < len(a):
            a[k] += x[i]
    return s


@njit(parallel=True)
def own_elements(a, x):
    s = 0.0
    n = len(x)
    for i in prange(n):
        s += x[i]
        a[n - 1 - i] += x[i]
    for i in prange(n // 2):
        s += x[i]
        a[2 * i] += x[i]
        a[i * 2 + 1] -= x[i]
    return s


@njit(parallel=True)
def neighbours(a, x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        a[i] += x[i]
        a[i + 1] += x[i]
    return s


@njit(parallel=True)
def own_rows(a, x):
    for i in prange(len(x)):
        for k in range(3):
            a[i, k % 2] += x[i] * k


@njit(parallel=True)
def into_a_module_variable(x):
    for i in prange(len(x)):
        TABLE[i % 2] += x[i]


@njit(parallel=True)
def read_as_well(h, x):
    for i in prange(len(x)):
        h[i % 2] += x[i] + h[2]


@njit(parallel=True)
def in_a_branch_not_taken(n):
    for i in prange(n):
        if i < 0:
            missing[i % 2] += 1.0  # noqa: F821
    return n


TABLE = None if np is None else np.zeros(2)


def scattered(h, x, index, most, update=lambda a, b: a + b, identity=-0.0):
    """By blocks, each of which fills an array of its own."""
    parts = []
    for block in cut(len(x), most):
        part = np.full(h.shape, identity, h.dtype)
        for i in block:
            part[index(i)] = update(part[index(i)], x[i])
        parts.append(part)
    whole = fold(parts, np.multiply if identity == 1.0 else np.add)
    return h * whole if identity == 1.0 else h + whole


@unittest.skipIf(np is None, "NumPy is not installed")
class Arrays(unittest.TestCase):

    def check(self, found, expected):
        self.assertEqual(found.dtype, expected.dtype)
        self.assertEqual(found.tobytes(), expected.tobytes())

    def test_blocks_have_arrays_of_their_own(self):
        for n, size in ((3000, 5), (6000, 1), (100, 3), (11, 5), (5000, 2)):
            h, x = np.array(rough(size, 7)), rough(n)
            expected = scattered(h, x, lambda i: i * i % size, min(1024, n // size))
            scatter(h, x)
            self.check(h, expected)

    def test_an_array_with_more_elements_than_iterations_is_updated_in_place(self):
        h, x = np.array(rough(60, 7)), rough(100)
        expected = h.copy()
        scatter.py_func(expected, x)
        scatter(h, x)
        self.check(h, expected)

    def test_differences_and_two_axes(self):
        h, x = np.array(rough(6, 5)).reshape(2, 3), rough(3000)
        expected = scattered(h, x, lambda i: (i % 2, i * i % 3), 3000 // 6, lambda a, b: a - b)
        scatter_differences(h, x)
        self.check(h, expected)

    def test_products(self):
        h, x = np.ones(2), [1.0 + 1e-8 * v for v in rough(999)]
        expected = scattered(h, x, lambda i: i % 2, 999 // 2, lambda a, b: a * b, 1.0)
        scatter_products(h, x)
        self.check(h, expected)

    def test_narrow_and_complex_elements(self):
        for dtype, identity in ((np.float32, -0.0), (np.complex128, complex(-0.0, -0.0))):
            h, x = np.zeros(3, dtype), np.array(rough(1000)).astype(dtype)
            expected = scattered(h, x, lambda i: i * i % 3, 1000 // 3, identity=identity)
            scatter(h, x)
            self.check(h, expected)

    def test_integers_are_updated_in_place(self):
        h = np.zeros(3, np.int64)
        scatter(h, list(range(1000)))
        expected = np.zeros(3, np.int64)
        scatter.py_func(expected, list(range(1000)))
        self.check(h, expected)

    def test_the_blocks_are_those_of_the_whole_loop(self):
        x = rough(3000)
        self.assertEqual(with_a_sum(np.zeros(10), x), reduced(0.0, x, most=300))
        self.assertEqual(with_a_sum(np.zeros(2000), x), reduced(0.0, x, most=1))
        self.assertEqual(with_a_sum(np.zeros(10, np.int64), [1, 2, 3]), 6)

    def test_products_of_integers_count_among_the_elements(self):
        x = rough(3000)
        self.assertEqual(with_a_product(np.ones(10, np.int64), x), reduced(0.0, x, most=300))
        self.assertEqual(with_a_product(np.ones(10, np.int32), x), reduced(0.0, x))

    def test_the_memory_of_all_blocks_is_bounded(self):
        h, x = np.zeros((1000, 1000)), np.zeros(1)
        self.assertEqual([block_count(10**9, [h]), block_count(10**9, [h, h]), block_count(10**9, [x])], [8, 4, 1024])

    def test_what_is_never_executed_accumulates_nothing(self):
        x = rough(3000)
        self.assertEqual(never_accumulated(np.zeros(10), x), reduced(0.0, x))

    def test_factors_that_may_wrap_around_tell_no_elements_apart(self):
        x = rough(3000)
        self.assertEqual(elements_that_may_meet(np.zeros(10), x), reduced(0.0, x[1:], most=299))

    def test_own_elements_need_no_blocks(self):
        x = rough(3000)
        self.assertEqual(own_elements(np.zeros(3000), x), reduced(reduced(0.0, x), x[:1500]))
        self.assertEqual(neighbours(np.zeros(3001), x), reduced(0.0, x, most=1))
        a, expected = np.zeros((300, 2)), np.zeros((300, 2))
        own_rows.py_func(expected, x[:300])
        own_rows(a, x[:300])
        self.check(a, expected)

    def test_module_variables(self):
        TABLE[:] = 0.5
        expected = scattered(TABLE, rough(500), lambda i: i % 2, 250)
        into_a_module_variable(rough(500))
        self.check(TABLE, expected)

    def test_an_array_that_is_read_keeps_the_order(self):
        h, x = np.zeros(3), rough(500)
        expected = h.copy()
        read_as_well.py_func(expected, x)
        read_as_well(h, x)
        self.check(h, expected)

    def test_a_name_that_is_never_read_may_be_unbound(self):
        self.assertEqual(in_a_branch_not_taken(5), 5)


if __name__ == "__main__":
    unittest.main()
