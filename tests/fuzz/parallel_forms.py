"""The tables that random parallel programs are made from.

In forms, {s} is what is accumulated in, {e} and {f} are expressions, {v} is a variable with a value, {c} one with a truth value,
{t} a test; lines behind the first are indented.
"""

from programs import FLOAT, INT

HEADER = """\
import math
import random
import numpy as np
from kjit import njit, prange


def bounded(x):
    return x if -1e9 < x < 1e9 else 0.5


def check(i, bad):
    if abs(i - bad) < 3:
        raise ValueError(f"iteration {i} is bad")
    return i % 7


def tell(name, value):
    print(name, value)


def clamp(i, n):
    return max(0, min(i, n - 1))


def cell(i, j, n):
    return clamp(i, n) * n + clamp(j, n)


def at(i, j, n):
    return cell(i, j, n)


def twice(i):
    return 2 * i


def own(i):
    return twice(i) + 1


def own_or(i, other, flag):
    if flag:
        return own(i)
    return other


def wrapped(i, factor):
    return np.int64(i) * np.int64(factor)


def fill(row, start, step):
    for k in range(min(3, len(row))):
        row[k] = start
        start += step


@njit(parallel=True)
def fill_in_parallel(row, start, step):
    for k in prange(len(row)):
        row[k] = start + k * step


def show(a):
    for k in range(0, len(a), len(a) // 40 + 1):
        print(a[k], end=" ")
    print(len(a))


def show_rows(m):
    for r in range(0, len(m), len(m) // 15 + 1):
        for c in range(0, m.shape[1], m.shape[1] // 15 + 1):
            print(m[r, c], end=" ")
    print(len(m))
"""

SUMS = ("{s} += {e}", "{s} -= {e}", "{s} = {s} + {e}", "{s} = {e} + {s}", "{s} = {s} - {e}", "{s} = ({s} + {e}) - {f}")
PRODUCTS = ("{s} *= {e}", "{s} = {s} * {e}", "{s} = {e} * {s}")
MINIMA = (("{s} = min({s}, {v})",), ("{s} = {v} if {v} < {s} else {s}", "{s} = {v} if {s} > {v} else {s}"),
          ("if {v} < {s}:\n{s} = {v}", "if {s} > {v}:\n{s} = {v}"), ("if {v} <= {s}:\n{s} = {v}",),
          ("{s} = np.minimum({s}, {v} + 0)",))
MAXIMA = tuple(tuple(form.translate(str.maketrans("<>", "><")).replace("min", "max") for form in forms) for forms in MINIMA)
FLAGS = (("False", ("{s} = {s} or {c}", "if {c}:\n{s} = True", "{s} = {t} or {s}", "{s} = {c} or {s}")),
         ("True", ("{s} = {s} and {c}", "if {c}:\n{s} = False", "{s} = {t} and {s}", "{s} = {c} and {s}")),
         ("False", ("{s} |= {c}", "{s} = {s} | {c}")), ("True", ("{s} &= {c}",)), ("False", ("{s} ^= {c}", "{s} = {s} ^ {c}")))
BITS = (("0", ("{s} |= {e}", "{s} = {s} | {e}"), INT),
        ("0", ("{s} ^= {e}", "{s} = {e} ^ {s}"), INT), ("-1", ("{s} &= {e}",), INT))

# (weight, (value before the loop, forms, what is accumulated))
ACCUMULATORS = (
    (2, ("1.5", PRODUCTS, "factor")),
    (3, ("-5", SUMS, INT)),
    (1, ("1", PRODUCTS, "sign")),
    (2, ("np.float32(0.5)", SUMS[:5], "float32")),
    (1, ("np.float32(1.0)", PRODUCTS, "factor32")),
    (1, ("np.int32(7)", SUMS[:5], "int32")),
    (1, ("np.uint8(3)", SUMS[:3], "uint8")),
    (1, ("np.uint8(255)", ("{s} &= {e}",), "uint8")),
    (1, ("np.int32(1)", ("{s} ^= {e}",), "int32")),
    (1, ("0j", SUMS, "complex")),
    (1, ("complex(1.0, -2.0)", SUMS, "complex")),
)

# (weight, (type of the elements, operators, what is accumulated))
SCATTERS = (
    (5, ("float64", ("+=", "-="), FLOAT)),
    (2, ("float64", ("*=",), "factor")),
    (2, ("complex128", ("+=", "-="), "complex")),
    (2, ("float32", ("+=", "-="), "float32")),
    (3, ("int64", ("+=", "-="), INT)),
    (2, ("int32", ("+=", "-="), "int32")),
    (1, ("int64", ("*=",), "sign")),
    (1, ("int64", ("|=",), INT)),
    (1, ("int64", ("^=",), INT)),
    (1, ("int64", ("&=",), INT)),
    (1, ("uint8", ("|=",), "uint8")),
    (1, ("uint8", ("^=",), "uint8")),
    (1, ("bool_", ("=",), "True")),
    (1, ("int32", ("=",), "1")),
)
SCATTER_SHAPES = (("1",), ("3",), ("8",), ("40",), ("n // 2 + 1",), ("3", "4"), ("2", "w + 1"))

OWN_ELEMENTS = ("{i}", "{i}", "2 * {i} + 1", "n - 1 - {i}", "-1 - {i}", "{i} + 3", "3 * {i}", "{i} - 1", "({i} + 1) * 2")

DRAWS = ((FLOAT, "random.random()"), (FLOAT, "random.uniform(-2.0, 3.0)"), (FLOAT, "random.gauss(0.5, 2.0)"),
         (INT, "random.randint(-5, 5)"), (FLOAT, "float(np.random.random())"), (INT, "random.randrange(100)"))

# Factors of a product that wraps at 64 bits: by powers of two, so that iterations meet at last, and by an odd number.
WRAPPING = (2**62, 2**60 + 2**61, 2**40, 7046029254386353131)

RANGES = ((8, "n"), (1, "1, n"), (1, "0, n, 2"), (1, "n - 1, -1, -1"), (1, "n, 0, -3"), (1, "-n, 0"), (1, "-3, n"), (1, "n, 0"),
          (1, "min(n, 1)"), (1, "-n, n // 2, 3"))
OPTIONS = ((12, ""), *((1, f', schedule="{name}"') for name in ("static", "dynamic", "guided", "auto")),
           (1, ", chunk=3"), (1, ", chunk=100"), (1, ', schedule="dynamic", chunk=7'), (1, ', schedule="guided", chunk=1'),
           (1, ", num_threads=1"), (1, ", num_threads=5"))
