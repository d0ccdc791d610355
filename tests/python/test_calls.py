"""What goes into a kernel and what comes out: arguments, results, specialisations."""

import array
import sys
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
def by_place(x, /, k):
    return x * k


@kjit.njit
def second(x, y):
    return y


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

    def test_every_kind_of_value_in_tuples(self):
        for value in ((True, 1, 2.5), (np.int8(1), 2.5, np.int16(3)), (np.complex64(1j), True), (None, 1), ((), 1.5), ("a", (True, ("b", 2))),
                      (True, (np.int8(2), (np.float32(1.5), ), 3j), "c")):
            with self.subTest(value=value):
                self.assertEqual(same(value), value)
                self.assertEqual(same((True, value)), (True, value))

    def test_limits_of_tuples(self):
        self.assertEqual(kjit.njit(_first)(tuple(range(255))), 0)
        with self.assertRaisesRegex(TypeError, "argument 2: a tuple has at most 255 values in kernels, and this one 256: pass an array"):
            second(1, (0, ) * 256)
        with self.assertRaisesRegex(TypeError, "argument 2: the arguments of a call have at most 512 values together"):
            second((0, ) * 200, ((0, ) * 200, (0, ) * 200))
        with self.assertRaisesRegex(TypeError, "take 16384 bytes, an array 16 and 16 for each axis"):
            second(1, (np.zeros((1, ) * 32), ) * 40)

    def test_integers_beyond_64_bits(self):
        self.assertEqual(same(2**64 - 1), np.uint64(2**64 - 1))
        with self.assertRaisesRegex(OverflowError, "argument 1"):
            same(2**64)

    def test_keywords_and_defaults(self):
        self.assertEqual(options(10), 20.5)
        self.assertEqual(options(10, 3), 30.5)
        self.assertEqual(options(x=1, k=4, offset=0), 4)
        self.assertEqual(options(1, offset=1.5), 3.5)

    def test_pythons_words_for_calls_that_are_wrong(self):
        for kernel, args, keywords in ((options, (), {}), (options, (1, ), {"nothing": 2}), (options, (1, 2, 3), {}), (options, (1, ), {"x": 2}),
                                       (options, (1, 2, 3), {"offset": 1}), (by_place, (), {"x": 1, "k": 2}), (by_place, (1, ), {}),
                                       (by_place, (1, 2, 3), {}), (options, (1, 2, 3, 4), {})):
            with self.subTest(args=args, keywords=keywords):
                with self.assertRaises(TypeError) as wanted:
                    kernel.py_func(*args, **keywords)
                with self.assertRaises(TypeError) as found:
                    kernel(*args, **keywords)
                self.assertEqual(str(found.exception), str(wanted.exception))

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
        self.assertEqual(same((None, [5]))[1].tolist(), [5])

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
        self.assertEqual(doubled(b"\x01\x02").tolist(), [2, 4])
        self.assertEqual((len(doubled(b"")), same(b"ab").tolist(), same((b"c", 1))[0].tolist()), (0, [97, 98], [99]))
        self.assertEqual((kjit.typeof(b"ab"), kjit.typeof([1.5])), ("u8[::1]", "f64[::1]"))
        with self.assertRaisesRegex(ValueError, "read-only"):
            scale(b"ab", 2)
        self.assertEqual(doubled(array.array("h", [1, 2])).tolist(), [2, 4])
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

    def test_arguments_that_share_memory_keep_their_types(self):
        x = np.arange(6.0)
        for y in (x.view(np.int64), x.view(np.uint64), x[1:], x[::2], x[::-1], x.view(np.int32), x.view(np.int32)[1:], x.view(np.int8)[-1:],
                  x.reshape(2, 3), x.view("c16")):
            with self.subTest(dtype=y.dtype, strides=y.strides):
                result = second(x, y)
                self.assertEqual((result.dtype, result.shape, result.strides), (y.dtype, y.shape, y.strides))
                self.assertTrue(np.shares_memory(result, y))
                self.assertEqual(result.tolist(), y.tolist())
                self.assertIs(second((x, y.copy()), y), y)

    def test_arrays_in_tuples_are_views_of_arguments(self):
        x, y = np.arange(6.0), np.arange(4)
        self.assertIs(same((x, 1))[0], x)
        (first, (rest, number)), whole = kjit.njit(_parts)((x, (y, 5)))
        self.assertTrue(np.shares_memory(first, x) and np.shares_memory(rest, y))
        self.assertIs(whole, y)
        x[1], y[2] = 10.0, 20
        self.assertEqual((first.tolist(), rest.tolist(), number), ([10.0, 2.0, 3.0, 4.0, 5.0], [20, 3], 5))
        x.flags.writeable = False
        self.assertFalse(kjit.njit(_parts)((x, (y, 5)))[0][0].flags.writeable)

    def test_a_view_keeps_what_it_is_a_part_of(self):
        before = sys.getrefcount(None)
        view = kjit.njit(_parts)((np.arange(1000.0), (np.arange(4), 5)))[0][0]
        junk = [np.zeros(1000) for _ in range(10)]
        self.assertEqual((view.tolist(), len(junk)), (list(map(float, range(1, 1000))), 10))
        self.assertLess(sys.getrefcount(None), before + 50)

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


def _first(t):
    return t[0]


def _parts(pair):
    x, rest = pair
    y, number = rest
    return (x[1:], (y[2:], number)), y


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
