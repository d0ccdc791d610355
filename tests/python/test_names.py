"""What the names of a function mean that stand outside of it: constants, modules, other kernels, closures; and when they change."""

import cmath
import enum
import math
import math as m
import operator
import random
import types
import unittest
from math import sqrt
from operator import mul as product
from random import random as draw

import numpy as np
import numpy.random as rnd
from numpy import exp

import kjit
import kjit as numba
from kjit import f32, njit, prange

SCALE = 10
PAIR = (1, 2.5, "x")
INFINITE = -math.inf
NARROW = np.float32(1.5)
SETTINGS = types.SimpleNamespace(depth=3, label="L")


class Colour(enum.IntEnum):
    RED = 4


class Config:
    size = 7


class Derived(Config):
    pass


@njit
def modules(x):
    return m.floor(x) + sqrt(x) + exp(x) + np.pi + cmath.phase(1j)


@njit
def with_operators(x, y):
    return operator.add(x, y), operator.truediv(x, y), operator.neg(x), operator.lt(x, y), product(x, y), operator.iadd(x, y)


@numba.njit
def constants(x):
    return x * SCALE + PAIR[1], PAIR[2], INFINITE, NARROW, SETTINGS.depth, Colour.RED, Config.size


@njit
def scaled(x):
    return x * SCALE


@njit
def calls_scaled(x):
    return scaled(x) + plain(x)


def plain(x):
    return x + SCALE


@njit
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@njit
def is_even(n):
    return True if n == 0 else is_odd(n - 1)


@njit
def is_odd(n):
    return False if n == 0 else is_even(n - 1)


@njit
def draws():
    return draw(), random.random(), rnd.random()


@njit
def typed(x: f32, y: "np.ndarray", n: int = SCALE, *, flag: np.bool_ = True) -> np.float32:
    return x + y[0] + n


@njit
def undefined(x):
    return x + nowhere  # noqa: F821


@njit
def inherited(x):
    return x + Derived.size


@njit
def absolute(x):
    return abs(x)


def make(k):

    @njit
    def inner(x):
        return x * k

    return inner


def make_counter():
    count = 1

    def raise_it():
        nonlocal count
        count += 1

    @njit
    def read(x):
        return x + count

    return read, raise_it


class Names(unittest.TestCase):

    def test_modules_and_functions(self):
        self.assertAlmostEqual(modules(4.5), modules.py_func(4.5), places=12)

    def test_the_module_operator(self):
        self.assertEqual(with_operators(7, 2), with_operators.py_func(7, 2))

    def test_constants(self):
        self.assertEqual(constants(2), constants.py_func(2))

    def test_other_functions_come_along(self):
        self.assertEqual(calls_scaled(2), 32)

    def test_recursion(self):
        self.assertEqual(fib(15), 610)
        self.assertEqual((is_even(10), is_even(7)), (True, False))

    def test_closures(self):
        double, triple = make(2), make(3)
        self.assertEqual((double(5), triple(5), double(1.5)), (10, 15, 3.0))

    def test_a_kernel_that_was_passed_in(self):
        apply = _applying(make(2))
        self.assertEqual(apply(10), 21)

    def test_annotations_of_others(self):
        self.assertEqual(typed(1, np.array([2.0])), 13.0)

    def test_random_names(self):
        kjit.random_stream(7)
        first = draws()
        kjit.random_stream(7)
        self.assertEqual(draws(), first)
        self.assertNotEqual(draws(), first)

    def test_prange_under_its_own_names(self):
        self.assertEqual(_summed(100), 4950)
        self.assertEqual(kjit.njit(parallel=True)(_summed_with_module)(100), 4950)

    def test_a_method_as_a_function(self):

        class Model:
            factor = 3

            @staticmethod
            @njit
            def run(x):
                return x + 1

        self.assertEqual(Model.run(2), 3)
        self.assertEqual(Model().run(2), 3)

    def test_a_name_that_is_not_there(self):
        with self.assertRaises(kjit.CompileError) as caught:
            undefined(1)
        text = str(caught.exception)
        line = undefined.py_func.__code__.co_firstlineno + 2
        self.assertIn(f"{__file__}:{line}:16: error[E0401]: name 'nowhere' is not defined", text)


@njit(parallel=True)
def _summed(n):
    s = 0
    for i in prange(n):
        s += i
    return s


def _summed_with_module(n):
    s = 0
    for i in numba.prange(n):
        s += i
    return s


def _applying(kernel):

    @njit
    def apply(x):
        return kernel(x) + 1

    return apply


TABLE = np.arange(5.0)
LIST = [1, 2]


@njit
def looked_up(i: int, factor=2.0, *, shift=0):
    TABLE[0] += 1
    return TABLE[i] * factor + shift


@njit
def no_parameters():
    return len(TABLE)


@njit
def calls_looked_up(i):
    return looked_up(i)


@njit
def reads_a_list(i):
    return LIST[i]


class Arrays(unittest.TestCase):

    def tearDown(self):
        global TABLE
        TABLE = np.arange(5.0)

    def test_an_array_outside_is_read_and_written(self):
        global TABLE
        self.assertEqual((looked_up(3), looked_up(i=4, shift=1), no_parameters()), (6.0, 9.0, 5))
        self.assertEqual(TABLE[0], 2.0)
        TABLE[3] = 10
        self.assertEqual(looked_up(3), 20.0)
        TABLE = np.arange(3, dtype=np.int32)
        self.assertEqual((looked_up(2, 3), no_parameters()), (6, 3))
        self.assertEqual(looked_up.signatures[-1], ("i64", "i64", "i64"))

    def test_arrays_in_cells(self):
        self.assertEqual(_closed(np.array([5, 6]))(1), 6)
        kernel = _closed(np.array([5, 6]))
        kernel.specialize(1)
        self.assertIn("ret", kernel.inspect_asm()["i64", ])
        self.assertEqual(kernel(0), 5)

    def test_pickles_take_arrays_along(self):
        import pickle
        self.assertEqual(pickle.loads(pickle.dumps(_closed(np.array([5, 6]))))(1), 6)

    def test_read_only(self):
        global TABLE
        TABLE.flags.writeable = False
        with self.assertRaisesRegex(ValueError, "'TABLE' of looked_up"):
            looked_up(1)

    def test_what_cannot_be_read_is_explained(self):
        with self.assertRaisesRegex(kjit.CompileError, "note: 'TABLE' is an array, which only .* pass it as an argument"):
            calls_looked_up(1)
        with self.assertRaisesRegex(kjit.CompileError, "note: 'LIST' is a list"):
            reads_a_list(1)


def _closed(table):

    @njit
    def get(i):
        return table[i]

    return get


class Changes(unittest.TestCase):

    def tearDown(self):
        global SCALE
        SCALE = 10

    def test_a_constant_of_the_module(self):
        global SCALE
        self.assertEqual(scaled(2), 20)
        SCALE = 11
        self.assertEqual(scaled(2), 22)
        SCALE = 2.5
        self.assertEqual(scaled(2), 5.0)

    def test_a_constant_of_a_callee(self):
        global SCALE
        self.assertEqual(calls_scaled(2), 32)
        SCALE = 20
        self.assertEqual(calls_scaled(2), 62)

    def test_a_callee(self):
        global plain
        old = plain
        self.assertEqual(calls_scaled(2), 32)
        try:
            plain = _other_plain
            self.assertEqual(calls_scaled(2), 20)
        finally:
            plain = old

    def test_a_cell(self):
        read, raise_it = make_counter()
        self.assertEqual(read(1), 2)
        raise_it()
        self.assertEqual(read(1), 3)

    def test_an_attribute(self):
        self.assertEqual(constants(1)[4], 3)
        SETTINGS.depth = 5
        try:
            self.assertEqual(constants(1)[4], 5)
        finally:
            SETTINGS.depth = 3

    def test_an_attribute_of_a_class(self):
        old = Config.size
        self.assertEqual((constants(1)[6], inherited(1)), (7, 8))
        try:
            Config.size = 2.5
            self.assertEqual((constants(1)[6], inherited(1)), (2.5, 3.5))
            Derived.size = 4
            self.assertEqual((constants(1)[6], inherited(1)), (2.5, 5))
            del Derived.size
            self.assertEqual(inherited(1), 3.5)
        finally:
            Config.size = old

    def test_the_owner_of_an_attribute(self):
        global SETTINGS, Config
        old = SETTINGS, Config
        self.assertEqual(constants(1)[4:], (3, 4, 7))
        try:
            SETTINGS = types.SimpleNamespace(depth=30)
            Config = type("Config", (), {"size": 70})
            self.assertEqual(constants(1)[4:], (30, 4, 70))
        finally:
            SETTINGS, Config = old

    def test_a_name_that_comes_later(self):

        @njit
        def f(x):
            return x + later  # noqa: F821

        with self.assertRaisesRegex(kjit.CompileError, "'later' is not defined"):
            f(1)
        globals()["later"] = 5
        try:
            self.assertEqual(f(1), 6)
        finally:
            del globals()["later"]
        with self.assertRaisesRegex(kjit.CompileError, "'later' is not defined"):
            f(1)

    def test_a_variable_that_is_assigned_later(self):

        @njit
        def f(x):
            return x + number

        with self.assertRaisesRegex(kjit.CompileError, "'number' is not defined"):
            f(1)
        number = 4
        self.assertEqual(f(1), 5)
        del number
        with self.assertRaises(kjit.CompileError):
            f(1)

    def test_an_attribute_that_comes_later(self):
        for owner in (types.SimpleNamespace(), type("Owner", (), {}), types.ModuleType("owner")):
            with self.subTest(type(owner).__name__):

                @njit
                def f(x):
                    return x + owner.depth

                with self.assertRaises(kjit.CompileError):
                    f(1)
                owner.depth = 5
                self.assertEqual(f(1), 6)

    def test_a_value_that_kernels_have_not_is_replaced(self):
        global LIST
        old = LIST
        with self.assertRaises(kjit.CompileError):
            reads_a_list(1)
        try:
            LIST = (1, 2)
            self.assertEqual(reads_a_list(1), 2)
            LIST = np.array([5, 6])
            self.assertEqual(reads_a_list(1), 6)
        finally:
            LIST = old

    def test_a_name_of_pythons_own(self):
        self.assertEqual(absolute(-3), 3)
        globals()["abs"] = _other_plain
        try:
            self.assertEqual(absolute(-3), 0)
        finally:
            del globals()["abs"]
        self.assertEqual(absolute(-3), 3)

    def test_a_value_that_calls_the_kernel_when_it_goes(self):
        global TABLE
        called = []

        class Calling(np.ndarray):

            def __del__(self):
                if self.base is None:
                    called.append(no_parameters())

        for size in range(6, 10):
            TABLE = Calling(size)
            self.assertEqual(no_parameters(), size)
        TABLE = np.arange(5.0)
        self.assertEqual(no_parameters(), 5)
        self.assertEqual(len(called), 4)

    def test_an_equal_value_compiles_nothing(self):
        global SCALE
        SCALE = 1000
        scaled(1)
        forms = scaled.signatures
        SCALE = int("1000")
        scaled(1)
        self.assertEqual(scaled.signatures, forms)


def _other_plain(x):
    return 0


if __name__ == "__main__":
    unittest.main()
