"""Decorators, type names and the helpers of parallel loops."""

import unittest

import kjit
import numba

try:
    import numpy as np
except ImportError:
    np = None


class Decorators(unittest.TestCase):

    def test_every_form_returns_the_function(self):
        def f(x):
            return x + 1
        forms = [
            kjit.njit, kjit.jit,
            kjit.njit(),
            kjit.njit(parallel=True, fastmath={"nnan"}),
            kjit.jit(nopython=True, nogil=True),
            kjit.njit("f8(f8)"),
            numba.jit(numba.float64(numba.float64)),
            numba.njit([numba.float64(numba.int64)], cache=True)
        ]
        for decorate in forms:
            self.assertIs(decorate(f), f)
        self.assertIs(f.py_func, f)

    def test_unknown_option(self):
        with self.assertRaisesRegex(TypeError, "unknown option 'fast'"):
            kjit.njit(fast=True)


class Types(unittest.TestCase):

    def test_annotations(self):
        self.assertEqual(repr(kjit.f64[:, ::1]), "float64[:, ::1]")
        self.assertEqual(repr(kjit.i32[:]), "int32[:]")
        self.assertEqual(repr(numba.float64(numba.int64, numba.float64[:])), "float64(int64, float64[:])")

    def test_casts_to_pythons_types(self):
        self.assertEqual([kjit.i64(2.9), kjit.f64(2), kjit.c128(1), kjit.boolean(3)], [2, 2.0, 1 + 0j, True])
        self.assertEqual(kjit.i64(2**63), -2**63)

    @unittest.skipIf(np is None, "NumPy is not installed")
    def test_narrow_casts_wrap(self):
        self.assertEqual([kjit.u8(300), kjit.i8(200), kjit.u64(-1), kjit.i32(-2.7)], [44, -56, 2**64 - 1, -2])
        self.assertEqual(kjit.f32(0.1), np.float32(0.1))

    @unittest.skipIf(np is None, "NumPy is not installed")
    def test_dtypes(self):
        self.assertEqual(np.zeros(2, kjit.u16).dtype, np.uint16)
        self.assertEqual(np.zeros(2, dtype=kjit.boolean).dtype, np.bool_)

    @unittest.skipIf(np is None, "NumPy is not installed")
    def test_scratch_is_zeros(self):
        a = kjit.scratch((2, 3), kjit.f32)
        self.assertEqual((a.shape, a.dtype, a.any()), ((2, 3), np.float32, False))


class Loops(unittest.TestCase):

    def test_prange_counts_as_range(self):
        self.assertEqual(list(kjit.prange(10, 0, -3, schedule="dynamic", chunk=2, num_threads=4)), [10, 7, 4, 1])

    def test_prange_refuses_what_it_does_not_know(self):
        with self.assertRaises(ValueError):
            kjit.prange(3, schedule="fair")
        with self.assertRaises(ValueError):
            kjit.prange(0, 3, 0)

    def test_atomics_return_the_old_element(self):
        a = [5, 7]
        self.assertEqual([kjit.atomic_add(a, 0, 2), kjit.atomic_min(a, 1, 3), kjit.atomic_max(a, 1, 1)], [5, 7, 3])
        self.assertEqual(a, [7, 3])

    def test_threads(self):
        self.assertGreaterEqual(kjit.get_num_threads(), 1)
        with self.assertRaises(ValueError):
            kjit.set_num_threads(0)


if __name__ == "__main__":
    unittest.main()
