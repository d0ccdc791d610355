"""@stencil: relative indices, neighbourhoods, borders, results; from Python and in kernels, compiled and under CPython."""

import os
import pickle
import subprocess
import sys
import unittest

import numpy as np

import kjit
from kjit import njit, stencil

WEIGHT = 0.25


@stencil
def cross(a):
    """The mean of four neighbours."""
    return WEIGHT * (a[0, 1] + a[1, 0] + a[0, -1] + a[-1, 0])


@stencil(cval=-1)
def shifted(a, k=2):
    return a[-2] + k


@stencil(neighborhood=((-2, 1), ))
def in_a_loop(a):
    total = 0.0
    for i in range(-2, 2):
        total += a[i]
    return total / 4


@stencil(standard_indexing=("weights", ))
def weighted(a, weights, b):
    if a[0] > 2:
        return weights[0] * a[0] + weights[1] * b[1]
    return weights[1] * 1.0


@stencil
def middle(a):
    return np.sort(a[-1:2])[1]


@stencil(parallel=True)
def corner(a):
    return a[0, 0, 1] - a[1,
                          1, 0]


@njit
def twice(a):
    return cross(cross(a))


@njit
def into(a, out):
    cross(a, out=out)
    return out.sum()


def cross_by_slices(a):
    result = np.zeros(a.shape)
    result[1:-1, 1:-1] = 0.25 * (a[1:-1, 2:] + a[2:, 1:-1] + a[1:-1, :-2] + a[:-2, 1:-1])
    return result


class Stencils(unittest.TestCase):
    a = np.arange(20.0).reshape(4, 5)**2

    def test_neighbours_and_borders(self):
        self.assertEqual(cross(self.a).tolist(), cross_by_slices(self.a).tolist())
        self.assertEqual(cross(self.a.T).tolist(), cross_by_slices(self.a.T).tolist())
        self.assertEqual(shifted(np.arange(5)).tolist(), [-1, -1, 2, 3, 4])
        self.assertEqual(shifted(np.arange(3), 10).tolist(), [-1, -1, 10])
        self.assertEqual(corner(np.arange(27).reshape(3, 3, 3))[:2, :2, :2].tolist(), [[[-11] * 2] * 2] * 2)
        self.assertTrue(np.array_equal(middle(np.array([3, 1, 2, 5])), [0, 2, 2, 0]))

    def test_types_of_results(self):
        self.assertEqual(cross(self.a.astype(int)).dtype, np.float64)
        self.assertEqual(shifted(np.arange(5)).dtype, np.int64)
        self.assertEqual(stencil(cval=np.nan)(_next)(np.arange(3.0)).tolist()[:2], [1.0, 2.0])
        self.assertTrue(np.isnan(stencil(cval=np.nan)(_next)(np.arange(3.0))[2]))
        self.assertEqual(stencil(_next)(np.arange(3) * 1j).tolist(), [1j, 2j, 0])

    def test_small_arrays(self):
        for shape in ((0, 0), (1, 1), (2, 5), (5, 2)):
            self.assertEqual(cross(np.ones(shape)).tolist(), np.zeros(shape).tolist())
        self.assertEqual(shifted(np.arange(1)).tolist(), [-1])

    def test_a_neighbourhood_that_is_given(self):
        a = np.arange(6.0)
        self.assertEqual(in_a_loop(a).tolist(), [0, 0, 1.5, 2.5, 3.5, 0])
        self.assertEqual(stencil(neighborhood=((-1, 1), ))(_by_functions)(a).tolist(), [0, 2, 4, 6, 8, 0])

    def test_variables_begin_anew_for_each_element(self):
        a = np.array([0, 5, 0, 7, 0])
        self.assertEqual(stencil(_with_variables)(a).tolist(), [5, 0, 21, 0, 0])
        with self.assertRaises((UnboundLocalError, kjit.CompileError)):
            stencil(_unbound)(a)

    def test_several_arrays(self):
        a, b = np.arange(5), np.arange(5.0) * 10
        self.assertEqual(weighted(a, np.array([1.0, 2.0]), b).tolist(), [2, 2, 2, 83, 0])
        with self.assertRaisesRegex(ValueError, "the array b is smaller than a"):
            weighted(a, np.array([1.0, 2.0]), b[:3])

    def test_a_result_that_is_passed(self):
        out = np.full((4, 5), 7.0)
        self.assertIs(cross(self.a, out=out), out)
        self.assertEqual((out[0, 0], out[1:-1, 1:-1].tolist()), (7.0, cross_by_slices(self.a)[1:-1, 1:-1].tolist()))
        out = np.full(4, 7)
        shifted(np.arange(4), out=out)
        self.assertEqual(out.tolist(), [-1, -1, 2, 3])

    def test_in_kernels(self):
        self.assertEqual(twice(self.a).tolist(), cross_by_slices(cross_by_slices(self.a)).tolist())
        self.assertEqual(into(self.a, np.zeros((4, 5))), cross_by_slices(self.a).sum())

    def test_names_outside(self):
        global WEIGHT
        k = 3

        @stencil
        def scaled(a):
            return a[1] * k

        self.assertEqual(scaled(np.arange(3)).tolist(), [3, 6, 0])
        k = 4
        self.assertEqual(scaled(np.arange(3)).tolist(), [4, 8, 0])
        try:
            WEIGHT = 1.0
            self.assertEqual(cross(self.a).tolist(), (4 * cross_by_slices(self.a)).tolist())
        finally:
            WEIGHT = 0.25

    def test_it_is_a_kernel(self):
        self.assertEqual((cross.__name__, cross.__doc__, cross.__module__), ("cross", "The mean of four neighbours.", __name__))
        cross(self.a)
        if kjit.compiled.is_available():
            self.assertIn(("f64[:, ::1]", "None"), cross.signatures)
            copy = pickle.loads(pickle.dumps(_local(5)))  # other functions travel as their names
            self.assertEqual(copy(np.arange(3)).tolist(), [5, 10, 0])

    def test_the_same_under_cpython(self):
        if kjit.compiled.is_available():
            done = subprocess.run([sys.executable, __file__], env={**os.environ, "KJIT_DISABLE_JIT": "1"}, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_lines_of_errors(self):

        @stencil
        def fails(a):
            if a[0] > 5:
                return 1
            return 1 // a[1]

        try:
            fails(np.array([1, 1, 0]))
        except ZeroDivisionError as error:
            trace = error.__traceback__
            while trace.tb_next:
                trace = trace.tb_next
            line = fails_line = trace.tb_lineno
            self.assertEqual(trace.tb_frame.f_code.co_filename, __file__)
            with open(__file__) as file:
                self.assertEqual(file.readlines()[line - 1].strip(), "return 1 // a[1]", fails_line)
        else:
            if kjit.compiled.is_available():  # NumPy's division has a warning there
                self.fail("no error")

    def test_mistakes(self):
        for function, error, words in ((_variable, ValueError, "index i is no constant: give the stencil its neighborhood"),
                                       (_writes, TypeError, "'a' is written in line"), (_no_array, TypeError, "first parameter"),
                                       (_two_ranks, TypeError, "as many parts"), (_keywords, TypeError, "passed by position")):
            with self.subTest(function.__name__), self.assertRaisesRegex(error, words):
                stencil(function)
        with self.assertRaisesRegex(ValueError, "the mode 'constant' alone, not 'wrap'"):
            stencil("wrap")
        with self.assertRaisesRegex(TypeError, "unknown option 'cvalue'"):
            stencil(cvalue=1)


def _next(a):
    return a[1]


def _by_functions(a):
    one = 1
    return a[abs(one)] + a[-abs(one)] * (a[int(1.5) - abs(-one)] - a[0] + 1)


def _with_variables(a):
    """The neighbour, three times where the element before it is one, too."""
    x = a[1]
    total = x
    for i in range(2):
        total += x * (1 if a[1] > 5 else 0)
    return total


def _unbound(a):
    if a[0] == 0:
        x = a[1]
    return x


def _local(k):

    @stencil
    def local(a):
        return a[1] * k

    return local


def _variable(a):
    i = 1
    return a[i]


def _writes(a):
    a[0] = 1
    return a[0]


def _no_array(k, a):
    return a[0] + k


def _two_ranks(a, b):
    return a[0] + b[0, 1]


def _keywords(a, *, k):
    return a[0] + k


if __name__ == "__main__":
    unittest.main()
