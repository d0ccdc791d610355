"""A function whose loops were rewritten is otherwise the function that stands in the source."""

import os
import random
import subprocess
import sys
import tempfile
import traceback
import unittest

import kjit
from by_blocks import reduced, rough
from kjit import njit, prange
from kjit.stream import STREAM

applied = []
factor = 2.0


def noted(function):
    applied.append(function.__name__)
    return function


@njit(parallel=True, fastmath=False)
@noted
def documented(x: list, start: float = 1.5, *, scale=1.0) -> float:
    """What it does."""
    s = start
    for i in prange(len(x)):
        s += x[i] * scale
    return s


@njit(parallel=True)
def fails_at(n, bad):
    s = 0.0
    for i in prange(n):
        s += 1.0 / (i - bad)  # the failing line
    return s


@njit(parallel=True)
def unbound(n):
    for i in prange(n):
        s += 1.0  # noqa: F821
    return n


@njit(parallel=True)
def bound_on_some_paths(n):
    if n < 0:
        s = 0.0
    t = 0.0
    for i in prange(n):
        t += rough(n)[i]
        if i < 0:
            s += 1.0
    return t


@njit(parallel=True)
def two_loops(x):
    s = t = 0.0
    for i in prange(len(x)):
        s += x[i]
    else:
        t = 100.0
    last = i
    for i in prange(2, len(x), 3):
        t += x[i]
    return s, t, last, i


@njit(parallel=True)
def left_early(n):
    s = 0.0
    for i in prange(n):
        s += 0.5
        if i == 3:
            break
    return s


@njit(parallel=True)
def nothing_to_reduce(x):
    for i in prange(len(x)):
        x[i] = 1.0


@njit
def not_parallel(x):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
    return s


@njit(parallel=True)
def plain_range(x, prange=range):
    s = 0.0
    for i in prange(len(x)):
        s += x[i]
    return s


def make(scale, x):

    @njit(parallel=True)
    def inner(count=len(x)):
        nonlocal scale
        s = 0.0
        for i in prange(count):
            s += x[i] * scale * factor
        scale += 1.0
        return s
    return inner


class Functions(unittest.TestCase):

    def test_what_belongs_to_the_function(self):
        original = documented.py_func
        self.assertIsNot(documented, original)
        for attribute in ("__name__", "__qualname__", "__doc__", "__annotations__", "__defaults__", "__kwdefaults__",
                          "__module__", "__globals__", "__closure__"):
            self.assertEqual(getattr(documented, attribute), getattr(original, attribute))
        self.assertEqual(documented(rough(2000), scale=0.5), reduced(1.5, [v * 0.5 for v in rough(2000)]))

    def test_decorators_run_once(self):
        self.assertEqual(applied, ["documented"])

    def test_closures_share_their_variables(self):
        x = rough(2000)
        inner = make(1.0, x)
        self.assertEqual([inner(), inner()], [reduced(0.0, [v * scale * factor for v in x]) for scale in (1.0, 2.0)])
        self.assertIs(inner.__closure__, inner.py_func.__closure__)

    def test_functions_without_reductions_are_returned(self):
        for function in (nothing_to_reduce, not_parallel, left_early, plain_range):
            self.assertIs(function.py_func, function)
        self.assertEqual([left_early(10), plain_range([1.0, 2.0])], [2.0, 3.0])

    def test_without_source(self):
        namespace = {"prange": prange, "njit": njit}
        exec("@njit(parallel=True)\ndef f(n):\n    s = 0.0\n    for i in prange(n):\n        s += 0.5\n    return s\n", namespace)
        self.assertEqual(namespace["f"](4), 2.0)

    def test_every_form_of_the_decorator(self):
        for decorated in (kjit.jit(not_parallel, parallel=True), kjit.njit("f8(f8[:])", parallel=True)(not_parallel)):
            self.assertEqual(decorated(rough(2000)), reduced(0.0, rough(2000)))


class Loops(unittest.TestCase):

    def test_loop_variables_and_else(self):
        x = rough(2000)
        self.assertEqual(two_loops(x), (reduced(0.0, x), reduced(100.0, x[2::3]), 1999, 1997))

    def test_an_error_is_at_its_line(self):
        try:
            fails_at(3000, 1234)
        except ZeroDivisionError as error:
            frames = traceback.extract_tb(error.__traceback__)
        self.assertEqual([frame.name for frame in frames], ["test_an_error_is_at_its_line", "fails_at"])
        self.assertIn("# the failing line", frames[-1].line)
        self.assertEqual(frames[-1].filename, fails_at.py_func.__code__.co_filename)

    def test_an_error_restores_the_random_stream(self):
        random.seed(3)
        expected = random.random()
        random.seed(3)
        try:
            fails_at(3000, 1234)
        except ZeroDivisionError:
            self.assertEqual((STREAM.lane, random.random()), (0, expected))

    def test_unbound_variables(self):
        self.assertEqual(unbound(0), 0)
        with self.assertRaisesRegex(UnboundLocalError, "'s'"):
            unbound(1)
        self.assertEqual(bound_on_some_paths(1500), reduced(0.0, rough(1500)))


KERNEL = """from kjit import njit, prange

@njit(parallel=True)
def total(n):
    s = 0.0
    for i in prange(n):
        s += 1.0 / (i + 1)
    return s
"""


class Files(unittest.TestCase):

    def run_file(self, name, *launcher):
        with tempfile.TemporaryDirectory() as folder:
            for file_name, text in (("lib.k", KERNEL), ("main.k", KERNEL + "\nprint(total(5000))\n"),
                                    ("user.k", "import kjit\nfrom lib import total\nprint(total(5000))\n")):
                with open(os.path.join(folder, file_name), "w", encoding="utf-8") as file:
                    file.write(text)
            path = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
            done = subprocess.run([sys.executable, *launcher, name], capture_output=True, text=True, cwd=folder, check=False,
                                  env={**os.environ, "PYTHONPATH": path})
            self.assertEqual(done.stderr, "")
            return float(done.stdout)

    def test_every_way_to_run_a_file(self):
        expected = reduced(0.0, [1.0 / (i + 1) for i in range(5000)])
        self.assertNotEqual(expected, sum(1.0 / (i + 1) for i in range(5000)))
        self.assertEqual(self.run_file("main.k"), expected)
        self.assertEqual(self.run_file("user.k"), expected)
        self.assertEqual(self.run_file("main.k", "-m", "kjit", "run"), expected)


if __name__ == "__main__":
    unittest.main()
