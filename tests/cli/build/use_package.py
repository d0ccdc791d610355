"""The Python package that `kjit build --target python` makes of lib.k: values, arrays, errors, overloads, options. argv: its folder."""

import gc
import io
import sys
import threading

import numpy as np

sys.path.insert(0, sys.argv[1])
import lib


def refused(call, error, *parts):
    try:
        call()
    except error as raised:
        text = str(raised)
        for part in parts:
            assert part in text, text
        assert type(raised) is error, type(raised)
        return raised
    raise AssertionError(f"no {error.__name__}")


def same(a, b):
    assert type(a) is type(b) and a == b, (a, b)


# Numbers come back as Python's, where Python has such a type.
same(lib.square(3), 9 + 0j)
same(lib.square(1 + 2j), (1 + 2j) ** 2)
same(lib.narrow(-3, 4, 1.5, True), (True, np.float32(1.5)))
same(lib.narrow(np.int8(5), b=4, double=False, c=np.float32(0.25)), (False, np.float32(0.25)))
same(lib.pair((3, 4.5)), 7)
same(lib.pair(p=(np.int64(3), 4)), 7)
same(lib.greet("wörld"), "hello, wörld")
same(lib.greet(""), "hello, ")

# Overloads by the arguments' types.
x = np.array([1.0, 2.0, 4.5])
same(lib.mean(x), 2.5)
same(lib.mean(x.astype(np.float32)), 2.5)
refused(lambda: lib.mean(x.astype(np.int64)), TypeError, "mean(x: f64[::1]) -> f64", "int64")
refused(lambda: lib.mean([1.0, 2.0]), TypeError, "list")

# Arrays: strided ones without a copy, returned ones with the memory of the kernel, changed ones in place.
same(lib.at(x[::-1], 0), 4.5)
same(lib.at(np.arange(20.0).reshape(4, 5)[:, 3], 2), 13.0)
table, size = lib.outer(x)
same(size, 9)
assert (table == np.outer(x, x)).all() and table.flags.writeable
part = table[1:, 1:]
del table
gc.collect()
assert (part == np.outer(x, x)[1:, 1:]).all()
empty, _ = lib.outer(np.empty(0))
assert empty.shape == (0, 0) and empty.dtype == np.float64
for _ in range(1000):  # would be 8 GB
    lib.outer(np.ones(1000))
lib.parallel_error(x[:2].copy())
refused(lambda: lib.mean(np.arange(6.0)[::2]), TypeError, "np.ascontiguousarray(x)")
frozen = np.ones(2)
frozen.flags.writeable = False
refused(lambda: lib.parallel_error(frozen), ValueError, "read-only")
same(lib.mean(frozen), 1.0)

# What does not fit is refused before the kernel runs.
refused(lambda: lib.narrow(200, 1, 1.0, True), OverflowError, "a = 200 does not fit in int8")
refused(lambda: lib.speak(2.5), TypeError, "int64")
refused(lambda: lib.speak(), TypeError, "lacks n")
refused(lambda: lib.speak(1, 2), TypeError, "takes 1")
refused(lambda: lib.speak(1, n=2), TypeError, "twice")
refused(lambda: lib.speak(m=2), TypeError, "no parameter 'm'")
refused(lambda: lib.pair((1, 2, 3)), TypeError, "tuple of 2")
refused(lambda: lib.greet(b"x"), TypeError, "str")
refused(lambda: lib.at(np.datetime64("2020-01-01"), 0), TypeError, "array")
refused(lambda: lib.speak(np.datetime64("2020-01-01")), TypeError, "int64")

# The kernel's own errors, with the kernel's traceback.
error = refused(lambda: lib.at(x, 7), IndexError)
if hasattr(error, "__notes__"):
    assert "in at" in error.__notes__[0] and "lib.k" in error.__notes__[0], error.__notes__
values = np.ones(5)
error = refused(lambda: lib.parallel_error(values), ValueError, "negative")
same(lib.mean.options(threads=1)(np.ones(3)), 1.0)

# Printing.
sys.stdout, stdout = io.StringIO(), sys.stdout
lib.speak(2)
printed, sys.stdout = sys.stdout.getvalue(), stdout
same(printed, "line 0;line 1;\n")


class Full(io.StringIO):
    def write(self, text):
        raise OSError("full")


sys.stdout = Full()
try:
    refused(lambda: lib.speak(2), OSError, "full")
finally:
    sys.stdout = stdout

# Threads, names, documentation.
wrong = []


def call_often(k):
    try:
        wrong.extend(j for j in range(300) if lib.at(np.full(5, float(k)), 2) != k)
    except Exception as raised:
        wrong.append(raised)


threads = [threading.Thread(target=call_often, args=(k,)) for k in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
same(wrong, [])
assert "All products of two elements." in lib.outer.__doc__ and "Lengths in metres" in lib.outer.__doc__
assert set(lib.__all__) == {"mean", "at", "outer", "square", "greet", "narrow", "speak", "parallel_error", "pair"}
print("ok", repr(lib.at))
