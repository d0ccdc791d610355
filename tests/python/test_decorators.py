"""The decorators in Numba's spellings: options, signatures, vectorize; and what can be asked of a kernel."""

import contextlib
import io
import pickle
import sys
import traceback
import unittest
import warnings
from types import ModuleType as types_module

import numpy as np

import kjit
import kjit as numba
from kjit import float64, int64, jit, njit, types, vectorize


def add(x, y):
    return x + y


@vectorize
def clipped(x, low):
    return low if x < low else x


FACTOR = 2


@vectorize
def scaled(x):
    return x * FACTOR


def _recursive():

    @vectorize
    def factorial(n):
        return 1 if n < 2 else n * factorial(n - 1)

    return factorial


@njit
def uses_vectorized(x):
    return clipped(x, 0) + 1


@njit(parallel=True)
def total(a):
    result = 0.0
    for i in kjit.prange(len(a)):
        result += a[i]
    return result


class Signatures(unittest.TestCase):

    def test_forms(self):
        for given, wanted in (
            ("f8(f8, i4)", [("f64", "i32")]),
            ("float64(float64[:], int64[:, ::1])", [("f64[:]", "i64[:, ::1]")]),
            ("void(boolean, complex128)", [("bool", "c128")]),
            ("(f8, u1)", [("f64", "u8")]),
            (float64(float64, int64), [("f64", "i64")]),
            ((int64, float64[::1]), [("i64", "f64[::1]")]),
            ([float64(float64, float64), "i8(i8, i8)"], [("f64", "f64"), ("i64", "i64")]),
            (types.int64(types.int64, types.float64[:, :]), [("i64", "f64[:, :]")]),
            ("types.Tuple((i8, f8)), f4", None),
        ):
            with self.subTest(given=given):
                if wanted is None:
                    wanted = [("(i64, f64)", "f32")]
                    given = f"({given})"
                from kjit.compiled.signatures import argument_lists
                self.assertEqual(argument_lists(given), wanted)

    def test_with_a_signature_it_is_compiled_at_once(self):
        kernel = njit(["f8(f8, f8)", "i8(i8, i8)"])(add)
        self.assertEqual(kernel.signatures, [("f64", "f64"), ("i64", "i64")])
        self.assertEqual((kernel(1, 2), kernel(1.5, 2.0), kernel(1, 2.5)), (3, 3.5, 3.5))

    def test_mistakes_come_at_once_too(self):
        with self.assertRaisesRegex(kjit.CompileError, "E05"):
            njit("f8(f8, str)")(add)
        with self.assertRaisesRegex(TypeError, "no type 'f9'"):
            njit("f9(f9)")

    def test_numbas_options(self):
        for options in ({"nopython": True}, {"cache": True}, {"nogil": True}, {"fastmath": True}, {"fastmath": {"nsz", "contract"}},
                        {"boundscheck": False}, {"error_model": "numpy"}, {"inline": "always"}, {"parallel": True}, {"forceobj": False},
                        {"looplift": True, "debug": False}):
            with self.subTest(options=options):
                self.assertEqual(numba.jit(**options)(add)(1, 2), 3)

    def test_options_mean_something(self):

        def quotient(x, y):
            return x / y

        with self.assertRaises(ZeroDivisionError):
            njit(quotient)(1.0, 0.0)
        self.assertEqual(njit(error_model="numpy")(quotient)(1.0, 0.0), float("inf"))

    def test_decorating_twice(self):
        kernel = jit(njit(add), nogil=True)
        self.assertEqual((kernel(1, 2), kernel.targetoptions), (3, {"nogil": True}))


class Vectorize(unittest.TestCase):

    def test_arrays_and_numbers(self):
        self.assertEqual(clipped(np.array([-1.5, 2.5]), 0.0).tolist(), [0.0, 2.5])
        self.assertEqual(clipped(-3, -2), -2)
        self.assertEqual(clipped([1, 2, 3], [[2], [3]]).tolist(), [[2, 2, 3], [3, 3, 3]])
        self.assertEqual(clipped(np.zeros((0, 3)), 1.0).shape, (0, 3))

    def test_strides_and_out(self):
        x = np.arange(-6.0, 6.0).reshape(3, 4)
        out = np.empty((4, 3))
        self.assertIs(clipped(x.T, 0.0, out=out), out)
        self.assertTrue(np.array_equal(out, np.maximum(x.T, 0.0)))

    def test_numbers_among_arrays(self):
        x = np.arange(-2, 4)
        for low in (0, 0.5, np.float32(0.5), np.array(0.5), [0.5]):
            with self.subTest(low=low):
                expected = np.maximum(x, low)
                for _ in range(2):
                    found = clipped(x, low)
                    self.assertEqual(found.tolist(), expected.tolist())
        for _ in range(2):
            self.assertEqual(clipped(x.reshape(2, 3).T, 0.5).tolist(), np.maximum(x.reshape(2, 3).T, 0.5).tolist())
            self.assertEqual(clipped(x[::2], x[1::2]).tolist(), x[1::2].tolist())
            self.assertEqual(clipped(x.reshape(2, 3), x[:3]).tolist(), [[-2, -1, 0], [1, 2, 3]])
            self.assertIs(type(clipped(-3, -2)), np.int64)
            self.assertEqual(clipped(np.array(-3), np.array(-2)), -2)
            self.assertEqual(clipped(np.uint64(1), 2**63), 2**63)
            self.assertEqual(clipped(np.arange(3, dtype=np.uint64), 2**63).dtype, np.uint64)
        with self.assertRaisesRegex(TypeError, "takes 2 arguments, not 1"):
            clipped(x)
        with self.assertRaises(TypeError):
            clipped(x, "text")
        with self.assertRaises(TypeError):
            clipped(x.astype(object), 1)
        with self.assertRaises(ValueError):
            clipped(x, x[:2])

    def test_every_way_of_spreading(self):
        kernels = [vectorize(add), vectorize("f8(f8, f8)", target="parallel")(add)]
        shapes = [(), (1, ), (4, ), (3, 1), (3, 4), (1000, 4), (2, 3, 4), (2, 1, 1), (3, 0)]
        for first in shapes:
            for second in shapes:
                a, b = (np.arange(float(np.prod(shape))).reshape(shape) for shape in (first, second))
                try:
                    wanted = a + b
                except ValueError:
                    for kernel in kernels:
                        with self.assertRaises(ValueError):
                            kernel(a, b)
                    continue
                for kernel in kernels[:2 if first == (1000, 4) else 1]:
                    for x, y in ((a, b), (a.T.copy().T, b), (a, b)):
                        found = kernel(x, y)
                        self.assertTrue(found.shape == wanted.shape and np.array_equal(found, wanted), (first, second))
                    out = np.empty(wanted.shape)
                    self.assertIs(kernel(a, b, out=out), out)
                    self.assertTrue(np.array_equal(out, wanted))
        with self.assertRaises(ValueError):
            kernels[0](np.zeros((2, 3)), 1.0, out=np.empty(3))

    def test_a_constant_that_changes(self):
        global FACTOR
        try:
            for FACTOR, kind in ((2, "i"), (2.5, "f"), (3j, "c"), (4, "i")):
                for argument in (np.arange(3), 2, np.arange(4).reshape(2, 2).T, np.array([[1], [2]])):
                    with self.subTest(factor=FACTOR, argument=argument):
                        found = scaled(argument)
                        self.assertEqual((found.dtype.kind, found.tolist()), (kind, (argument * np.asarray(FACTOR)).tolist()))
        finally:
            FACTOR = 2

    def test_declared_types_of_numbers_among_arrays(self):
        kernel = vectorize(["float64(float64, float64)"])(add)
        for _ in range(2):
            self.assertEqual(kernel(np.arange(3), 1).tolist(), [1.0, 2.0, 3.0])
            self.assertEqual(kernel(np.arange(3, dtype=np.float32), np.int8(1)).dtype, np.float64)
            self.assertIs(type(kernel(1, 2)), np.float64)

    def test_declared_types(self):
        kernel = vectorize(["int64(int64, int64)", "float64(float64, float64)"], nopython=True, cache=True)(add)
        self.assertEqual(kernel(np.int32(1), np.int8(2)).dtype, np.int64)
        self.assertEqual(kernel(np.arange(3), 0.5).tolist(), [0.5, 1.5, 2.5])
        self.assertEqual(kernel.types, ["i64, i64 -> i64", "f64, f64 -> f64"])
        with self.assertRaisesRegex(TypeError, "declared for no arguments"):
            kernel(1j, 2)

    def test_parallel(self):
        kernel = vectorize("f8(f8, f8)", target="parallel")(add)
        x = np.random.default_rng(1).random((500, 300))
        self.assertTrue(np.array_equal(kernel(x, x[0]), x + x[0]))
        self.assertTrue(np.array_equal(kernel(x.T, 1.0), x.T + 1.0))

    def test_methods_of_ufuncs(self):
        kernel = vectorize(add)
        self.assertEqual(kernel.reduce(np.arange(5)), 10)
        self.assertEqual(kernel.reduce(np.ones((2, 3)), axis=1).tolist(), [3.0, 3.0])
        self.assertEqual(kernel.accumulate([1, 2, 3]).tolist(), [1, 3, 6])
        self.assertEqual(kernel.outer([1, 2], [10, 20]).tolist(), [[11, 21], [12, 22]])
        self.assertEqual((kernel.nin, kernel.nout, kernel.__name__), (2, 1, "add"))

    def test_in_kernels(self):
        self.assertEqual(uses_vectorized(-5), 1)

    def test_errors_are_those_of_the_function(self):

        @vectorize
        def inverse(x):
            return 1 // x

        try:
            inverse(np.array([1, 0]))
        except ZeroDivisionError as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
        self.assertEqual((last.filename, last.name), (__file__, "inverse"))

    def test_pickle(self):
        copy = pickle.loads(pickle.dumps(vectorize(["f8(f8, f8)"])(add)))
        self.assertEqual((copy(1, 2), copy.__name__, copy.nin), (3.0, "add", 2))
        self.assertIs(type(copy(1, 2)), np.float64)
        self.assertEqual(pickle.loads(pickle.dumps(_recursive()))([3, 4]).tolist(), [6, 24])
        sys.modules["a_module"] = module = types_module("a_module")
        module.clipped = other = vectorize(add)
        other.__module__, other.__qualname__ = "a_module", "clipped"
        self.assertIs(pickle.loads(pickle.dumps(other)), other)


@kjit.guvectorize(["void(int64[:], int64, int64[:])", "void(float64[:], float64, float64[:])"], "(n),()->(n)")
def plus(x, y, result):
    for i in range(x.shape[0]):
        result[i] = x[i] + y


@kjit.guvectorize(["(f8[:, :], f8[:, :], f8[:, :])"], "(m,n),(n,p)->(m,p)", target="parallel")
def product(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            c[i, j] = 0.0
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


@kjit.guvectorize(["(i8[:], i8[:], i8[:])"], "(n)->(),()")
def extremes(x, low, high):
    low[0] = high[0] = x[0]
    for value in x:
        low[0] = min(low[0], value)
        high[0] = max(high[0], value)


@kjit.guvectorize("(n)->(n)")
def reversed_rows(x, result):
    for i in range(len(x)):
        result[i] = x[-1 - i]


class Guvectorize(unittest.TestCase):

    def test_axes_in_front(self):
        x = np.arange(12.0).reshape(2, 2, 3)
        self.assertTrue(np.array_equal(plus(x, 1), x + 1))
        self.assertTrue(np.array_equal(plus(x, np.array([[1], [2]])), x + np.array([[1], [2]])[..., None]))
        self.assertEqual(plus(np.arange(3), 1).dtype, np.int64)
        self.assertTrue(np.array_equal(plus(x.T, 1.0), x.T + 1))

    def test_every_way_of_spreading(self):
        x = np.arange(12.0).reshape(2, 2, 3)
        for first in (x, x[0], x[0, 0], x[:, :1], x[:1], x[..., ::-1], x.T.copy().T):
            for second in (1.5, 2, np.float32(2), np.array([[1], [2]]), np.array([1, 2]), np.zeros((2, 2)), np.array(4.0)):
                wanted = first + np.asarray(second)[..., None]
                for _ in range(2):
                    found = plus(first, second)
                    self.assertEqual((found.dtype, found.tolist()), (np.float64, wanted.tolist()))
                out = np.empty(wanted.shape)
                self.assertIs(plus(first, second, out), out)
                self.assertEqual(out.tolist(), wanted.tolist())
        self.assertEqual(plus(np.zeros((0, 3)), 1.0).shape, (0, 3))
        self.assertEqual([part.shape for part in extremes(np.arange(3))], [(), ()])
        with self.assertRaises(ValueError):
            plus(x, np.zeros(3))
        with self.assertRaisesRegex(ValueError, "the array for a result has the shape"):
            plus(x, 1.0, np.zeros((2, 3)))

    def test_several_axes_in_parallel(self):
        a, b = np.random.default_rng(0).random((5, 4, 3)), np.arange(6.0).reshape(3, 2)
        self.assertTrue(np.allclose(product(a, b), a @ b))

    def test_results_of_one_element(self):
        low, high = extremes(np.array([[3, 1, 2], [5, 9, 7]]))
        self.assertEqual((low.tolist(), high.tolist()), ([1, 5], [3, 9]))

    def test_results_that_are_passed(self):
        x, out = np.arange(6.0).reshape(2, 3), np.empty((2, 3))
        self.assertIs(reversed_rows(x, out), out)
        self.assertEqual(out.tolist(), x[:, ::-1].tolist())
        out = np.empty((3, 2)).T
        plus(x, 1.0, out=out)
        self.assertEqual(out.tolist(), (x + 1).tolist())

    def test_pickle(self):
        for function, arguments in ((plus, (np.arange(3.0), 2)), (product, (np.ones((2, 3)), np.ones((3, 2)))), (extremes, (np.arange(4), ))):
            for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
                copy = pickle.loads(pickle.dumps(function, protocol))
                self.assertEqual(np.asarray(copy(*arguments)).tolist(), np.asarray(function(*arguments)).tolist())
                self.assertEqual((copy.__name__, copy.signature, copy.nout), (function.__name__, function.signature, function.nout))

    def test_mistakes(self):
        with self.assertRaisesRegex(TypeError, "pass arrays"):
            reversed_rows(np.arange(3))
        with self.assertRaisesRegex(ValueError, "axis n of .* has sizes 3 and 4"):
            product(np.zeros((2, 3)), np.zeros((4, 2)))
        with self.assertRaisesRegex(ValueError, "not a layout"):
            kjit.guvectorize([], "n->n")(add)
        with self.assertRaisesRegex(TypeError, "has 2 parameters"):
            kjit.guvectorize([], "(n),(n)->(n)")(add)


class Inspection(unittest.TestCase):

    def test_stages(self):
        kernel = njit(add)
        kernel(1, 2)
        self.assertIn("define", kernel.inspect_llvm(("f8", "f8")))
        self.assertEqual(list(kernel.inspect_llvm()), [("i64", "i64")])
        self.assertIn("ret", kernel.inspect_asm()["i64", "i64"])
        out = io.StringIO()
        kernel.inspect_types(file=out)
        self.assertIn("add.1(x: i64, y: i64) -> i64", out.getvalue())

    def test_diagnostics(self):
        total(np.ones(4))
        for signature in (None, ("f8[::1]",)):
            with contextlib.redirect_stdout(io.StringIO()) as out:
                total.parallel_diagnostics(signature)
            self.assertIn("for i in kjit.prange(len(a))", out.getvalue())
            self.assertIn("vector", out.getvalue())

    def test_specialize(self):
        kernel = njit(add)
        kernel.specialize(1, y=2.5)
        kernel.compile("f4(f4, f4)")
        self.assertEqual(kernel.signatures, [("i64", "f64"), ("f32", "f32")])

    def test_typeof(self):
        self.assertEqual([kjit.typeof(value) for value in (1, 1.5, True, "x", None, (1, 2.0), np.zeros((2, 2)), np.zeros((2, 2)).T, np.int8(1))],
                         ["i64", "f64", "bool", "str", "None", "(i64, f64)", "f64[:, ::1]", "f64[:, :]", "i8"])


if __name__ == "__main__":
    warnings.simplefilter("error", kjit.KjitWarning)
    unittest.main()
