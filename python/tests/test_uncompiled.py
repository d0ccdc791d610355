"""What programs for the engine find where functions run under CPython."""

import asyncio
import unittest

import numpy as np

import kjit
from kjit import guvectorize, njit, vectorize


@njit
def add(x, y):
    return x + y


@njit(parallel=True)
def summed(x):
    total = 0.0
    for i in kjit.prange(len(x)):
        total += x[i] * 0.1
    return total


@vectorize
def clipped(x, low):
    return low if x < low else x


@guvectorize(["(i8[:], i8[:], i8[:])"], "(n)->(),()")
def extremes(x, low, high):
    low[0] = high[0] = x[0]
    for value in x:
        low[0] = min(low[0], value)
        high[0] = max(high[0], value)


class Uncompiled(unittest.TestCase):

    def test_exceptions_are_there(self):
        self.assertTrue(issubclass(kjit.CompileError, TypeError))
        self.assertTrue(issubclass(kjit.Cancelled, Exception) and issubclass(kjit.KjitWarning, UserWarning))

    def test_kernels(self):
        add.compile("f8(f8, f8)")
        add.specialize(1, 2)
        add.recompile()
        self.assertEqual((add(1, 2), add.signatures, add.nopython_signatures), (3, [], []))
        self.assertEqual(asyncio.run(add.aio(1, y=2)), 3)
        x = np.arange(10_000.0)
        self.assertEqual(asyncio.run(summed.aio(x)), summed(x))

    def test_what_is_missing_says_why(self):
        for call in (add.inspect_types, add.inspect_llvm, add.inspect_asm, add.parallel_diagnostics, lambda: kjit.typeof(1)):
            with self.assertRaisesRegex(RuntimeError, "is of compiled code, and functions run under CPython here: this kjit has no extension"):
                call()

    def test_vectorize(self):
        self.assertEqual(clipped([1, 2, 3], [[1.5], [3]]).tolist(), [[1.5, 2.0, 3.0], [3.0, 3.0, 3.0]])
        self.assertEqual((clipped(1, 2), clipped.nin, clipped.__name__), (2, 2, "clipped"))
        out = np.empty(3)
        self.assertIs(clipped([1, 2, 3], 2, out=out), out)
        self.assertEqual(out.tolist(), [2, 2, 3])
        total = vectorize(["int64(int64, int64)", "float64(float64, float64)"], identity=0)(add.py_func)
        self.assertEqual((total.reduce([1, 2, 3]), total.accumulate([1, 2]).tolist(), total.outer([1], [2, 3]).tolist()), (6, [1, 3], [[3, 4]]))
        self.assertEqual((total(np.int32(1), 2).dtype, total([1.5], 2).tolist()), (np.int64, [3.5]))
        with self.assertRaisesRegex(TypeError, "declared for no arguments"):
            total(1j, 2)

    def test_guvectorize(self):
        low, high = extremes(np.array([[3, 1, 2], [5, 9, 7]]))
        self.assertEqual((low.tolist(), high.tolist()), ([1, 5], [3, 9]))

        @guvectorize("(n)->(n)")
        def backwards(x, result):
            result[:] = x[::-1]

        out = np.empty((2, 3))
        backwards(np.arange(6.0).reshape(2, 3), out)
        self.assertEqual(out.tolist(), [[2.0, 1.0, 0.0], [5.0, 4.0, 3.0]])


if __name__ == "__main__":
    unittest.main()
