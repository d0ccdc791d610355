"""How kernels fail: exceptions with the user's lines, refusals with kjit's diagnostics, Ctrl-C, output, and what is left behind."""

import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
import unittest
import warnings
import weakref

import numpy as np

import kjit
from kjit import njit, prange


@njit
def inner(x, i):
    return x[i]


@njit
def outer(x, i):
    y = 1
    return inner(x, i) + y


@njit
def raises(x):
    if x > 1:
        raise ValueError("too large")
    return 1 // x


@njit
def leaves(code):
    sys.exit(code)


@njit(parallel=True)
def in_a_loop(x):
    for i in prange(len(x)):
        if x[i] == 7:
            raise KeyError("seven")


@njit
def unsupported(x):
    try:
        return x
    except ValueError:
        return 0


@njit
def prints(x):
    print("x is", x)


@njit(nogil=True)
def prints_without_lock(x):
    print("x is", x)


@njit
def spin(seconds_are_long):
    i = 0
    while True:
        i += seconds_are_long
        if i < 0:
            return i


@njit(nogil=True)
def spin_without_lock(seconds_are_long):
    i = 0
    while True:
        i += seconds_are_long
        if i < 0:
            return i


def line_of(function, offset):
    return function.py_func.__code__.co_firstlineno + offset


class Failures(unittest.TestCase):

    def test_frames_of_the_kernel_are_in_the_traceback(self):
        try:
            outer(np.zeros(3), 5)
        except IndexError as error:
            frames = traceback.extract_tb(error.__traceback__)
            text = traceback.format_exc()
        self.assertEqual([(frame.name, frame.lineno) for frame in frames[1:]],
                         [("outer", line_of(outer, 3)), ("inner", line_of(inner, 2))])
        self.assertEqual({frame.filename for frame in frames}, {__file__})
        self.assertIn("    return inner(x, i) + y\n", text)
        self.assertTrue(text.endswith("IndexError: x[i]: index 5 is out of range for axis 0 with size 3\n"), text)

    def test_pythons_exceptions(self):
        with self.assertRaisesRegex(ValueError, "^too large$"):
            raises(2)
        with self.assertRaises(ZeroDivisionError):
            raises(0)
        self.assertEqual(raises(1), 1)

    def test_exit_codes(self):
        for given, code in [(3, 3), (1, 1), (257, 1), ("1", "1"), ("no file", "no file")]:
            with self.assertRaises(SystemExit) as caught:
                leaves(given)
            self.assertEqual(caught.exception.code, code)

    def test_the_iteration_of_a_parallel_loop(self):
        with self.assertRaises(KeyError) as caught:
            in_a_loop(np.array([1, 7, 7]))
        self.assertIn("seven", str(caught.exception))
        if sys.version_info >= (3, 11):
            self.assertEqual(caught.exception.__notes__, ["in iteration i = 1"])

    def test_a_function_outside_of_the_language(self):
        with self.assertRaises(kjit.CompileError) as caught:
            unsupported(1)
        self.assertIn(f"{__file__}:{line_of(unsupported, 2)}:5: error[E0310]: 'try' is not part of the kernel language",
                      caught.exception.diagnostics)
        self.assertIsInstance(caught.exception, TypeError)

    def test_columns_and_lines_of_nested_functions(self):

        def nested(x):
            y = (x +
                 "text")
            return y

        with self.assertRaises(kjit.CompileError) as caught:
            njit(nested)(1)
        self.assertIn(f"{__file__}:{nested.__code__.co_firstlineno + 1}:", str(caught.exception))

    def test_what_has_no_source(self):
        space = {}
        exec("def f(x): return x", space)
        with self.assertRaisesRegex(TypeError, "source of f.*cannot be found"):
            njit(space["f"])
        with self.assertRaisesRegex(TypeError, "not lambdas"):
            njit(lambda x: x)(1)

    def test_unknown_options(self):
        with self.assertRaisesRegex(TypeError, "unknown option 'paralel'"):
            njit(paralel=True)

    def test_warnings_of_the_compiler(self):

        @njit(parallel=True)
        def unknown(a, b):
            for i in prange(len(b)):
                a[b[i]] = a[b[i] - 1] + i

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            unknown(np.zeros(9), np.array([3, 2, 1]))
        self.assertEqual(len(caught), 1)
        self.assertIn(f"{__file__}:", str(caught[0].message))


class Output(unittest.TestCase):

    def test_print_goes_to_pythons_stdout(self):
        for kernel in (prints, prints_without_lock):
            with contextlib.redirect_stdout(io.StringIO()) as out:
                kernel(1.5)
                kernel("text")
            self.assertEqual(out.getvalue(), "x is 1.5\nx is text\n")


class Interrupts(unittest.TestCase):

    def interrupt_soon(self, kernel):
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)) if kernel is spin_without_lock else None
        if timer is None:  # a thread of Python's would wait for the lock
            process = subprocess.Popen([sys.executable, "-c", f"import os, time; time.sleep(0.5); os.kill({os.getpid()}, 2)"])
        else:
            timer.start()
        start = time.perf_counter()
        with self.assertRaises(KeyboardInterrupt):
            kernel(1)
        if timer is None:
            process.wait()
        return time.perf_counter() - start

    def test_control_c(self):
        spin(2**62)
        spin_without_lock(2**62)
        self.assertLess(self.interrupt_soon(spin_without_lock), 0.3 + 0.2)
        self.assertLess(self.interrupt_soon(spin), 10)
        self.assertEqual(raises(1), 1)  # nothing is left of it

    def test_an_interrupt_that_was_handled_stops_no_later_kernel(self):
        spin(2**62)
        with self.assertRaises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        self.assertEqual(raises(1), 1)

    def test_a_handler_of_the_programs_own_keeps_the_kernel_running(self):
        seen = []
        spin(2**62)
        old = signal.signal(signal.SIGINT, lambda *_: seen.append(1))
        try:
            time.sleep(0.06)
            raises(1)
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            self.assertEqual(_busy(300_000_000), 300_000_000)
            time.sleep(0.2)
        finally:
            signal.signal(signal.SIGINT, old)
        self.assertEqual(seen, [1])
        time.sleep(0.06)  # afterwards it works again
        raises(1)
        self.assertLess(self.interrupt_soon(spin_without_lock), 0.3 + 0.2)


@njit(nogil=True)
def _busy(n):
    x = 0
    for i in range(n):
        x ^= x << 1 ^ i
    return n if x != 1 else 0


class Leaks(unittest.TestCase):

    def test_kernels_are_collected(self):

        def make(k):

            @njit
            def f(x):
                return x + k

            return f

        kernel = make(1)
        kernel(1)
        reference = weakref.ref(kernel)
        del kernel
        gc.collect()
        self.assertIsNone(reference())

    def test_code_is_freed_with_its_kernel(self):

        def make(k):

            @njit
            def f(x):
                s = 0
                for i in range(x):
                    s += i * k
                return s

            return f

        def cycle(numbers):
            for k in numbers:
                make(k)(10)
            gc.collect()

        cycle(range(200))
        before = _resident()
        cycle(range(200, 600))
        self.assertLess(_resident() - before, 1 << 20)

    def test_calls_leak_nothing(self):
        x = np.zeros(1000)
        kernel = njit(_copy)

        def work(n):
            for _ in range(n):
                kernel(x)
                with self.assertRaises(IndexError):
                    inner(x, 5000)

        work(200)
        before = _resident()
        work(2000)
        self.assertLess(_resident() - before, 2 << 20)
        self.assertLess(sys.getrefcount(x), 6)


    def test_nothing_leaks_where_memory_ends(self):
        try:
            from _testcapi import remove_mem_hooks, set_nomemory
        except ImportError:
            self.skipTest("this CPython has no module _testcapi")
        x = np.zeros(1000)
        kernel = njit(_many_parts)
        result = kernel(x)

        def each_in_turn(call):
            failures = 0
            for allowed in range(60):
                set_nomemory(allowed, allowed + 1)
                try:
                    call()
                except MemoryError:
                    failures += 1
                finally:
                    remove_mem_hooks()
            return failures

        del result
        before, memory = sys.getrefcount(x), 0
        for repeat in range(30):
            self.assertGreater(each_in_turn(lambda: kernel(x)), 3)
            self.assertGreater(each_in_turn(lambda: kernel.signatures), 1)
            memory = memory or _resident()
        self.assertEqual(sys.getrefcount(x), before)
        self.assertLess(_resident() - memory, 4 << 20)


def _many_parts(x):
    return x[1:], "text" + "more", (x + 1.0, x[2:]), x[3:], np.zeros(5000)


def _copy(x):
    return x + 1, x[1:], "text" + "more", len(x)


def _resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    unittest.main()
