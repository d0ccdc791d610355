"""What goes into a kernel and what comes out: arguments, results, specialisations."""

import unittest

import numpy as np

import kjit


@kjit.njit
def scale(x, k):
    """Doubles and such."""
    total = 0.0
    for i in range(len(x)):
        x[i] *= k
        total += x[i]
    return total


@kjit.njit
def same(value):
    return value


@kjit.njit
def doubled(x):
    return x * 2


@kjit.njit
def options(x, k=2, *, offset=0.5):
    return x * k + offset


@kjit.njit
def total(a):
    s = 0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s += a[i, j]
    return s


class Arguments(unittest.TestCase):

    def test_arrays_are_not_copied(self):
        x = np.arange(4.0)
        self.assertEqual(scale(x, 3), 18.0)
        self.assertEqual(x.tolist(), [0.0, 3.0, 6.0, 9.0])

    def test_every_stride(self):
        base = np.arange(24.0).reshape(4, 6)
        for view in (base, base[::2], base[:, ::-1], base.T, base[1:3, 4:1:-2], np.broadcast_to(base[0], (3, 6)), base[:0]):
            self.assertEqual(total(view), view.sum())
        scale(base[0, ::2], 10)
        self.assertEqual(base[0].tolist(), [0.0, 1.0, 20.0, 3.0, 40.0, 5.0])

    def test_every_element_type(self):
        for name in "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split():
            x = np.array([1, 0, 1], dtype=name)
            with self.subTest(name):
                self.assertIs(same(x), x)
                y = same(x[1:])
                self.assertEqual((y.dtype, y.tolist()), (x.dtype, x[1:].tolist()))
                element = same(x[0])
                self.assertEqual(element, x[0])
                if name not in ("bool", "int64", "float64", "complex128"):
                    self.assertIs(type(element), x.dtype.type)

    def test_scalars(self):
        for value in (True, False, 3, -2**63, 2**63 - 1, 1.5, float("inf"), 2 - 3j, "text äöü", "", None, (), (1,), (1, 2.5, "x"),
                      ((1, True), None, 2j)):
            with self.subTest(value=value):
                result = same(value)
                self.assertEqual(result, value)
                self.assertIs(type(result), type(value))

    def test_tuples_of_arrays(self):
        x = np.arange(3.0)
        first, second = same((x, (x[1:], 7)))
        self.assertEqual((first.tolist(), second[0].tolist(), second[1]), ([0.0, 1.0, 2.0], [1.0, 2.0], 7))

    def test_integers_beyond_64_bits(self):
        self.assertEqual(same(2**64 - 1), np.uint64(2**64 - 1))
        with self.assertRaisesRegex(OverflowError, "argument 1"):
            same(2**64)

    def test_keywords_and_defaults(self):
        self.assertEqual(options(10), 20.5)
        self.assertEqual(options(10, 3), 30.5)
        self.assertEqual(options(x=1, k=4, offset=0), 4)
        self.assertEqual(options(1, offset=1.5), 3.5)
        with self.assertRaises(TypeError):
            options()
        with self.assertRaises(TypeError):
            options(1, nothing=2)

    def test_read_only(self):
        x = np.arange(3.0)
        x.flags.writeable = False
        self.assertEqual(doubled(x).tolist(), [0.0, 2.0, 4.0])
        with self.assertRaisesRegex(ValueError, "'x' of scale.. is read-only"):
            scale(x, 2)
        self.assertFalse(same(x[1:]).flags.writeable)

    def test_refused_with_words(self):
        for value, words in ((np.array([1, "a"], dtype=object), "array.astype"), (np.arange(3, dtype=">i4"), "byte order"),
                             (np.zeros(2, dtype=[("a", "f8")]), "pass its fields"), ({1}, "no set"), (np.zeros(2, "f2"), "float16"),
                             ([1, [2]], "list"), ("\ud800", "")):
            with self.subTest(words), self.assertRaisesRegex((TypeError, UnicodeError), words):
                same(value)

    def test_lists_are_copied_in_and_back(self):
        values = [1.0, 2.0]
        self.assertEqual(scale(values, 2), 6.0)
        self.assertEqual(values, [2.0, 4.0])
        self.assertEqual(doubled([[1, 2], [3, 4]]).tolist(), [[2, 4], [6, 8]])

    def test_elements_that_are_not_aligned_are_copied_in_and_back(self):
        x = np.zeros(25, np.uint8)[1:].view("f8")
        x[:] = [1.0, 2.0, 3.0]
        self.assertEqual(scale(x, 2), 12.0)
        self.assertEqual(x.tolist(), [2.0, 4.0, 6.0])
        x.flags.writeable = False
        self.assertEqual(doubled(x).tolist(), [4.0, 8.0, 12.0])
        with self.assertRaisesRegex(ValueError, "read-only"):
            scale(x, 2)

    def test_what_has_a_buffer_or_an_interface(self):

        class Interface:
            __array_interface__ = np.arange(3.0).__array_interface__

        self.assertEqual(doubled(bytearray(b"\x01\x02")).tolist(), [2, 4])
        self.assertEqual(doubled(memoryview(np.arange(2))).tolist(), [0, 2])
        self.assertEqual(doubled(Interface()).shape, (3,))
        self.assertEqual(same(np.array(5.5)), 5.5)
        data = bytearray(8 * 2)
        scale(np.frombuffer(data), 2)
        import enum
        self.assertEqual(same(enum.IntEnum("E", "A B").B), 2)

    def test_a_subclass_of_an_array(self):
        self.assertEqual(total(np.arange(4.0).reshape(2, 2).view(type("Sub", (np.ndarray,), {}))), 6.0)


class Results(unittest.TestCase):

    def test_results_own_their_memory(self):
        results = [doubled(np.full(1000, float(i))) for i in range(50)]
        self.assertTrue(all(result[0] == result[-1] == 2.0 * i for i, result in enumerate(results)))
        self.assertTrue(results[0].flags.writeable and results[0].flags.aligned)

    def test_a_view_of_an_argument_is_one(self):
        x = np.arange(6.0)
        tail = kjit.njit(_tail)(x)
        tail[0] = 50.0
        self.assertEqual(x[2], 50.0)
        self.assertIs(tail.base, x)

    def test_an_array_outlives_its_source(self):
        tail = kjit.njit(_tail)(np.arange(6.0))
        self.assertEqual(tail.tolist(), [2.0, 3.0, 4.0, 5.0])

    def test_strided_results(self):
        self.assertEqual(kjit.njit(_every_second)(5).tolist(), [0, 2, 4])

    def test_none_and_tuples(self):
        self.assertIsNone(kjit.njit(_nothing)(1))
        self.assertEqual(kjit.njit(_pair)(2), (2, "two"))


def _tail(x):
    return x[2:]


def _every_second(n):
    return np.arange(n)[::2]


def _nothing(x):
    x + 1


def _pair(x):
    return x, "two"


class Specialisations(unittest.TestCase):

    def test_one_for_each_tuple_of_types(self):
        kernel = kjit.njit(_pair)
        for value in (1, 2, 1.5, np.float32(1), np.zeros(2), np.zeros(3), np.zeros((2, 2)), np.zeros((2, 2)).T):
            kernel(value)
        self.assertEqual(kernel.signatures, [("i64",), ("f64",), ("f32",), ("f64[::1]",), ("f64[:, ::1]",), ("f64[:, :]",)])
        self.assertEqual(kernel.nopython_signatures[0], "_pair(x: i64) -> (i64, str)")

    def test_attributes(self):
        self.assertEqual((scale.__name__, scale.__doc__, scale.__module__), ("scale", "Doubles and such.", __name__))
        self.assertEqual(options.py_func(10), 20.5)
        self.assertIn("options(x, k=2, *, offset=0.5)", repr(options))

    def test_recompile(self):
        kernel = kjit.njit(_pair)
        kernel(1)
        kernel.recompile()
        self.assertEqual(kernel.signatures, [])
        self.assertEqual(kernel(3), (3, "two"))


if __name__ == "__main__":
    unittest.main()
