"""Sums and products of parallel loops against the block rule, in every form that is recognised."""

import math
import unittest

import kjit
import numba as nb
from by_blocks import add, multiply, reduced, rough
from kjit import njit, prange
from kjit import prange as parallel_range

try:
    import numpy as np
except ImportError:
    np = None


@njit(parallel=True)
def total(x, s):
    for i in prange(len(x)):
        s += x[i]
    return s


@njit(parallel=True)
def difference(x, s):
    for i in parallel_range(len(x)):
        s -= x[i]
    return s


@njit(parallel=True)
def written_out(x):
    a = b = c = d = 0.0
    for i in kjit.prange(len(x)):
        a = a + x[i]
        b = x[i] + b
        c = c - x[i]
        d = (d + x[i]) - 0.5
    return a, b, c, d


@njit(parallel=True)
def product(x, s):
    for i in nb.prange(len(x)):
        s *= x[i]
    return s


@njit(parallel=True)
def in_branches(x):
    s = 0.0
    for i in prange(len(x)):
        if x[i] > 0:
            s += x[i]
            continue
        for k in range(2):
            s -= x[i] * k
    return s


@njit(parallel=True)
def two_operators(x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        s *= 1.0
    return s


@njit(parallel=True)
def used_otherwise(x, partial_sums):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
        partial_sums.append(s)
    return s


@njit(parallel=True)
def order_does_not_matter(x):
    low, where, high, bits, every, some = math.inf, -1, -math.inf, 0, True, False
    for i in prange(len(x)):
        if x[i] < low:
            low = x[i]
            where = i
        high = max(high, x[i])
        bits ^= i
        every = every and x[i] < 1e9
        some = some or x[i] > 1e9
    return low, where, high, bits, every, some


class Sums(unittest.TestCase):

    def check(self, found, expected):
        self.assertEqual(repr(found), repr(expected))

    def test_lengths_below_and_above_the_number_of_blocks(self):
        for n in (0, 1, 2, 3, 7, 8, 1000, 1023, 1024, 1025, 2047, 5000):
            x = rough(n)
            self.check(total(x, 0.25), reduced(0.25, x))

    def test_the_order_of_the_loop_gives_other_digits(self):
        self.assertNotEqual(total(rough(5000), 0.0), total.py_func(rough(5000), 0.0))

    def test_differences(self):
        x = rough(3000)
        self.check(difference(x, 1.5), reduced(1.5, [-v for v in x]))

    def test_every_written_form(self):
        x = rough(3000)
        plain = reduced(0.0, x)
        blocks_of_d = reduced(0.0, [(v, 0.5) for v in x], lambda a, v: a + v[0] - v[1] if isinstance(v, tuple) else a + v)
        self.check(written_out(x), (plain, plain, reduced(0.0, [-v for v in x]), blocks_of_d))

    def test_products(self):
        x = [1.0 + 1e-8 * v for v in rough(3000)]
        self.check(product(x, 3.0), reduced(3.0, x, multiply, 1.0))

    def test_in_branches_and_inner_loops(self):
        x = rough(3000)

        def step(s, v):
            if isinstance(v, float):
                return s + v
            return s + v[0] if v[0] > 0 else s - v[0] * 0 - v[0] * 1
        self.check(in_branches(x), reduced(0.0, [(v,) for v in x], step))

    def test_what_is_no_reduction_keeps_its_order(self):
        x, partial_sums = rough(3000), []
        in_order = total.py_func(x, 0.0)
        self.check(two_operators(x), in_order)
        self.check(used_otherwise(x, partial_sums), in_order)
        self.check(partial_sums[-1], in_order)

    def test_extremes_flags_and_bits(self):
        x = rough(3000)
        self.check(order_does_not_matter(x), order_does_not_matter.py_func(x))
        self.assertEqual(order_does_not_matter([5.0, math.nan, 2.0, 2.0])[:2], (2.0, 2))


class Types(unittest.TestCase):

    def check(self, found, expected):
        self.assertEqual(repr(found), repr(expected))

    def test_zeros_keep_their_sign(self):
        self.check(total([-0.0] * 5, -0.0), -0.0)
        self.check(total([0.0, -0.0], -0.0), 0.0)
        self.check(total([-0.0] * 5, 0), 0.0)
        self.check(product([-1.0, 0.0], 1), -0.0)

    def test_an_integer_start(self):
        self.check(total(rough(2000), 0), reduced(0.0, rough(2000)))
        self.check(total(list(range(2000)), 10**30), 10**30 + 1999000)
        self.check(product([3] * 100, 1), 3**100)
        self.check(total([1, 2], True), 4)

    def test_complex_numbers(self):
        x = [complex(a, b) for a, b in zip(rough(2000, 2), rough(2000, 3))]
        self.check(total(x, 1j), reduced(1j, x, add, complex(-0.0, -0.0)))
        self.check(total([complex(-0.0, -0.0)], complex(-0.0, -0.0)), complex(-0.0, -0.0))

    def test_products_of_complex_numbers_keep_their_order(self):
        x = [complex(1.0, v * 1e-6) for v in rough(2000)]
        self.check(product(x, 1j), product.py_func(x, 1j))

    def test_what_is_no_number(self):
        self.assertEqual(total(["a", "b", "c"], ""), "abc")

    @unittest.skipIf(np is None, "NumPy is not installed")
    def test_narrow_numbers_keep_their_width(self):
        x = np.array(rough(3000), np.float32)
        found = total(x, np.float32(0.5))
        self.assertIs(type(found), np.float32)
        self.check(found, reduced(np.float32(0.5), list(x), add, np.float32(-0.0)))
        self.check(total(np.array([150, 10], np.uint8), np.uint8(1)), np.uint8(161))


if __name__ == "__main__":
    unittest.main()
