#!/usr/bin/env python3
"""Random parallel loops: what the race analysis proves is compared with what really happens.

    tests/fuzz/races.py --count 300 --seed 1 --kjit build/release/kjit

Each loop is run in Python on arrays that note who touches which element, for many sizes. A loop that kjit calls disjoint must never
meet in an element; one that it refuses as a race must do so for some size. Loop number k of seed s is made from s + k alone.

Products that wrap at 64 bits are written wrap(...): kjit gets the product alone, Python a function that wraps.
"""

import argparse
import collections
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LENGTHS = (1, 2, 3, 5, 8, 13, 30, 64, 200)
NUMBERS = ((-3, 1), (0, 3), (0, 41), (1, 7), (2, -4), (3, 3), (5, 12), (8, 1), (9, 3), (9, 0), (13, 7), (30, 12), (40, 41))  # n, m
WRAPPING = (2**62, 2**60 + 2**61, 2**40, 7046029254386353131)

# Chains of calls that compute indices, and functions that write.
HELPERS = """\
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


def own_or(i, j):
    if j > 2:
        return own(i)
    return own(j)


def same(v):
    return v


def put(v, k, x):
    same(v)[k] = x


def fill(v, start, stop):
    for k in range(start, stop):
        if k >= 40:
            return
        put(v, k, 0.5)


"""


class LoopMaker:
    """The text of one kernel f(a, b, g, n, m): vectors a and b, a matrix g, two integers."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    def emit(self, depth, text):
        self.lines.append("    " * depth + text)

    def term(self, name):
        factor = self.pick(1, 1, 1, 1, -1, 2, 2, 3, -2, 4)
        return name if factor == 1 else f"{factor} * {name}"

    def affine(self, names):
        text = " + ".join([self.term(name) for name in names if self.chance(0.75)] or [names[0]])
        if self.chance(0.6):
            text += f" + {self.random.randint(-3, 4)}"
        if self.chance(0.12):
            text += " + " + self.pick("n", "m")
        return text

    def index(self, names):
        name = self.random.choice(names)
        shapes = [
            (12, lambda: str(self.pick(0, 1, 2, -1, -2))),
            (8, lambda: f"({self.affine(names)}) % {self.pick(2, 3, 4, 8, 'n')}"),
            (6, lambda: f"({self.affine(names)}) // {self.pick(2, 3)}"),
            (4, lambda: f"min({name}, {self.pick('n - 1', '7')})"),
            (3, lambda: f"max({name}, {self.pick('0', '3')})"),
            (4, lambda: f"{names[0]} * {self.pick('n', 'm')} + {names[-1]}"),
            (6, lambda: f"{self.pick('n', 'len(a)')} - 1 - {name}"),
            (6, lambda: self.pick(f"own({name})", f"own_or({name}, {names[-1]})", f"at({name}, {names[-1]}, n)", f"clamp({name}, 9)",
                                  f"own(at({name}, 0, 3))")),
            (3, lambda: f"wrap({name} * {self.pick(*WRAPPING)})"),
            (3, lambda: f"len(a[{self.affine(names)}:{self.pick('10', 'n', name)}])"),
            (3, lambda: f"{name} * m"),
            (57, lambda: self.affine(names)),
        ]
        weights = [weight for weight, _ in shapes]
        return self.random.choices(shapes, weights)[0][1]()

    def bound(self):
        return self.pick("n", "n", "n - 1", "10", "5", "m", "len(a)")

    def condition(self, names):
        name = self.random.choice(names)
        number = self.random.randint(-3, 4)
        test = self.pick(f"{name} > {number}", f"{name} < n - 1", f"{name} == {number}", f"{name} != {number}", f"{name} % 2 == 0",
                         f"0 < {name} < n", f"b[{name} % 5] > 0.5")
        return self.pick(test, test, test, f"{test} and {name} < 6", f"not ({test})", f"{test} or {name} > 3")

    def outer_range(self):
        return self.pick(self.bound(), self.bound(), f"{self.pick('0', '1', '2', 'm')}, {self.bound()}",
                         f"{self.pick('0', '1')}, {self.bound()}, {self.pick(2, 3, 4)}",
                         f"{self.bound()}, {self.pick('-1', '0')}, {self.pick(-1, -2)}")

    def inner_range(self):
        return self.pick(self.bound(), f"1, {self.bound()}", "i, i + 3", "i, min(i + 4, n)", "i + 1, n", "i, n")

    def make(self):
        self.emit(0, "@njit(parallel=True)")
        self.emit(0, "def f(a, b, g, n, m):")
        self.emit(1, f"for i in prange({self.outer_range()}):")
        names, depth = ["i"], 2
        if self.chance(0.3):
            self.emit(depth, f"k = {self.index(names)}")
            names = names + ["k"]
        if self.chance(0.15):
            self.emit(depth, f"if {self.condition(names)}:")
            self.emit(depth + 1, "continue")
        if self.chance(0.25):
            names = names + self.search(depth, names)
        if self.chance(0.45):
            names, depth = self.inner_loop(names, depth)
        if self.chance(0.35):
            self.emit(depth, f"if {self.condition(names)}:")
            depth += 1
        is_matrix = self.chance(0.3)
        for _ in range(self.pick(1, 1, 1, 2)):
            self.access(depth, names, is_matrix)
        return "\n".join(self.lines) + "\n"

    def inner_loop(self, names, depth):
        """The names and the depth inside it."""
        shape = self.random.randrange(10)
        if shape < 6:
            self.emit(depth, f"for j in range({self.inner_range()}):")
        elif shape < 8:
            self.emit(depth, f"j = {self.pick('0', '1', 'i', '-2')}")
            self.emit(depth, f"while j < {self.pick('4', 'n', 'i + 3')}:")
            self.emit(depth + 1, f"j += {self.pick('1', '2')}")
        else:
            self.emit(depth, "if m > 0:")
            self.emit(depth + 1, f"for j in range(0, {self.pick('4', 'n')}, m):")
            depth += 1
        if self.chance(0.25):
            self.emit(depth + 1, f"if {self.condition(names + ['j'])}:")
            self.emit(depth + 2, self.pick("break", "continue"))
        return names + ["j"], depth + 1

    def search(self, depth, names):
        """A loop that may break, with a value or an array that it sets; what may be used behind it."""
        rebinds = self.chance(0.5)
        self.emit(depth, f"v = {self.pick('a', 'np.zeros(300)', 'a[1:]')}" if rebinds else f"t = {self.index(names)}")
        setting = f"v = {self.pick('a', 'a', 'np.zeros(300)')}" if rebinds else f"t = {self.index(names + ['j'])}"
        self.emit(depth, f"for j in range({self.pick('3', 'm', '1', 'i, i + 2')}):")
        self.emit(depth + 1, f"if {self.condition(names + ['j'])}:")
        self.emit(depth + 2, setting)
        self.emit(depth + 2, self.pick("break", "break", "continue", "pass"))
        if self.chance(0.5):
            self.emit(depth + 1, f"v = {self.pick('np.zeros(300)', 'a')}" if rebinds else "t = i")
        if self.chance(0.5):
            self.emit(depth, "else:")
            self.emit(depth + 1, self.pick("v = np.zeros(300)", "v = a") if rebinds else self.pick("t = i", "a[0] = 0.5 * i"))
        if rebinds:
            self.emit(depth, f"v[{self.index(names)}] = 0.5 * i")
        return [] if rebinds else ["t"]

    def access(self, depth, names, is_matrix):
        target, source = (self.element(names, is_matrix) for _ in range(2))
        value = f"{self.pick(names[-1], source)} + {names[-1]} * 0.5"
        shape = self.random.randrange(12)
        if is_matrix or shape < 9:
            return self.emit(depth, f"{target} = {value}")
        low, size = self.index(names), self.pick("2", "m", "4")
        if shape == 9:
            self.emit(depth, f"w = a[{low}:{low} + {size}]")
            self.emit(depth, f"for q in range(len(w)):")
            return self.emit(depth + 1, f"w[q] = {value}")
        if shape == 10:
            return self.emit(depth, f"fill(a, {low}, {low} + {size})")
        return self.emit(depth, f"put(a, {low}, {value})")

    def element(self, names, is_matrix):
        return f"g[{self.index(names)}, {self.index(names)}]" if is_matrix else f"a[{self.index(names)}]"


class Wrap:
    """A value as a 64-bit integer; notes those that a test for large integers finds."""

    def __init__(self):
        self.is_large = False

    def __call__(self, value):
        self.is_large = self.is_large or abs(value) >= 2**62
        return (value + 2**63) % 2**64 - 2**63


class Zeros:
    """What np.zeros makes for an iteration alone."""

    def __init__(self, size):
        self.values = [0.0] * size

    def __len__(self):
        return len(self.values)

    def __getitem__(self, key):
        return self.values[key]

    def __setitem__(self, key, value):
        self.values[key] = value


class NumPy:
    zeros = Zeros


class Noted:
    """An array that notes each access as (element, is a write)."""

    def __init__(self, shape, log):
        self.shape = shape
        self.log = log

    def __len__(self):
        return self.shape[0]

    def note(self, key, is_write):
        key = key if isinstance(key, tuple) else (key,)
        if any(index < -size or index >= size for index, size in zip(key, self.shape)):
            raise IndexError(key)
        element = tuple(index % size for index, size in zip(key, self.shape))
        self.log.append(((len(self.shape), element), is_write))

    def __getitem__(self, key):
        if isinstance(key, slice):
            return Part(self, range(len(self))[key])
        self.note(key, False)
        return 0.0

    def __setitem__(self, key, value):
        self.note(key, True)


class Part:
    """A slice of a noted vector."""

    def __init__(self, whole, places):
        self.whole, self.places = whole, places

    def __len__(self):
        return len(self.places)

    def __getitem__(self, key):
        return self.whole[self.places[key]]

    def __setitem__(self, key, value):
        self.whole[self.places[key]] = value


def run(kernel, length, n, m):
    """Do two iterations meet? Did the loop come to its end? Did several iterations touch anything? And were integers large?"""
    log, iterations, wrap = [], [], Wrap()

    def prange(*bounds):
        for value in range(*bounds):
            log.clear()
            yield value
            iterations.append(list(log))

    names = {"prange": prange, "njit": lambda **options: lambda function: function, "wrap": wrap, "np": NumPy}
    exec(HELPERS + kernel, names)
    completed = True
    try:
        names["f"](Noted((length,), log), [0.0, 1.0, 0.0, 1.0, 1.0], Noted((length, length + 1), log), n, m)
    except (IndexError, ZeroDivisionError, ValueError, UnboundLocalError):
        completed = False
        iterations.append(list(log))
    touched, written = collections.defaultdict(set), set()
    for number, accesses in enumerate(iterations):
        for element, is_write in accesses:
            touched[element].add(number)
            if is_write:
                written.add(element)
    meets = any(len(touched[element]) > 1 for element in written)
    return meets, completed, sum(map(bool, iterations)) > 1, wrap.is_large


def verdict(kjit, kernel, folder):
    path = os.path.join(folder, "loop.k")
    call = "a = np.zeros(9)\nf(a, np.zeros(5), np.zeros((9, 10)), 3, 4)\n"
    with open(path, "w") as file:
        file.write("import numpy as np\nfrom kjit import njit, prange\n\n\n" + HELPERS + kernel.replace("wrap(", "(") + "\n\n" + call)
    done = subprocess.run([kjit, "emit", "--stage", "parallel", path], capture_output=True, text=True, timeout=60, check=False)
    if "error[E1006]" in done.stderr:
        return "race"
    if done.returncode != 0:
        return f"kjit emit failed ({done.returncode}): {done.stderr.strip()}"
    if any(words in done.stdout for words in ("serial if indices", "is negative", "unknown", "inspected")):
        return "unknown"  # or left to a test at run time
    return "disjoint unless large" if "62 bits" in done.stdout else "disjoint"


def judge(kernel, found):
    """What is wrong with the verdict, or None."""
    if "failed" in found:
        return found
    met_at_all = could_meet = False
    for length in LENGTHS:
        for n, m in NUMBERS:
            meets, completed, is_busy, is_large = run(kernel, length, n, m)
            met_at_all = met_at_all or meets
            could_meet = could_meet or (completed and is_busy)
            is_sure = found == "disjoint" or (found == "disjoint unless large" and not is_large)
            if is_sure and meets and completed:
                return f"called disjoint, but iterations meet with len(a) = {length}, n = {n}, m = {m}"
    if found == "race" and could_meet and not met_at_all:
        return "called a race, but no two iterations met"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="loops to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first loop")
    parser.add_argument("--kjit", default=os.path.join(ROOT, "build", "release", "kjit"), help="the executable")
    options = parser.parse_args()
    counts = collections.Counter()
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            kernel = LoopMaker(seed).make()
            found = verdict(options.kjit, kernel, folder)
            counts[found.split(" (")[0]] += 1
            wrong = judge(kernel, found)
            if wrong:
                failures += 1
                print(f"seed {seed}: {wrong}\n{kernel}")
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())) + f", {failures} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
