#!/usr/bin/env python3
"""Random parallel loops whose subscripts are known at run time only: compiled on threads they must give what they give in order.

    tests/fuzz/inspection.py --count 100 --seed 1 --kjit build/release/kjit

Early iterations work longest, so that iterations that meet and run on threads nevertheless end in another order. Loop number k of
seed s is made from s + k alone.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WAYS = (("--interpret",), ("-O0", "--threads", "4"), ("-O3", "--threads", "4"), ("-O3", "--threads", "3", "--schedule", "dynamic"))

HEAD = """import numpy as np
from kjit import njit, prange


def steps(n, factor, size):
    where = np.zeros(n, dtype=np.int64)
    for i in range(n):
        where[i] = i * factor % size
    return where


def bump(k):
    if k > 3:
        return k - 1
    return k + 2


@njit(parallel=True)
def f(a, m, b, where, off, n):
    for i in prange(n):
        t = 0
        for w in range((n - i) * 40):
            t ^= w * i
        t = t & 0
"""
TAIL = """    return a


a, m, b = np.ones(300, dtype=np.int64), np.ones((40, 9), dtype=np.int64), np.ones(300, dtype=np.int64)
for call in range(3):
    f(a, m, b, steps({count}, {factor}, {size}), steps({count} + 1, {stride}, 1 << 40), {count})
h = 0
for k in range(len(a)):
    h = (h * 31 + a[k] * 7 + b[k]) % 1000000007
for k in range(360):
    h = (h * 31 + m[k // 9, k % 9]) % 1000000007
print(h)
"""


class LoopMaker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []

    def pick(self, *choices):
        return self.random.choice(choices)

    def emit(self, depth, text):
        self.lines.append("    " * depth + text)

    def index(self):
        return self.pick("where[i]", "where[i]", "p", "off[i] + k", "bump(where[i])", "(where[i] + k) % 300", "where[i] % 40",
                         "min(p + k, 299)", "where[p % 20]")

    def target(self):
        return self.pick("a[{0}]", "a[{0}]", "a[{0}]", "m[({0}) % 40, k]", "m[i % 40, ({0}) % 9]", "v[({0}) % 100]").format(self.index())

    def value(self, target):
        return self.pick("i + t", "i + k + t", f"({target} * 3 + i) % 1000 + t", f"({self.target()} + i) % 1000 + t", "b[i] + i + t")

    def condition(self):
        return self.pick("where[i] % 3 != 0", "k != 2", "p > 5", "b[i % 300] > 0", f"{self.target()} > 4")

    def statement(self, depth):
        kind = self.random.random()
        target = self.target()
        if kind < 0.55:
            self.emit(depth, f"{target} = {self.value(target)}")
        elif kind < 0.65:
            self.emit(depth, f"{target} += {self.pick('i', 'k')} + t")
        elif kind < 0.85:
            self.emit(depth, f"if {self.condition()}:")
            self.emit(depth + 1, f"{target} = {self.value(target)}")
            if self.random.random() < 0.4:
                self.emit(depth, "else:")
                self.emit(depth + 1, self.pick("p = p + 1", "continue", f"{self.target()} = i + t"))
        else:
            self.emit(depth, f"v[p % 90:p % 90 + {self.random.randint(1, 4)}] = i + t")

    def make(self):
        self.emit(2, f"k = {self.random.randint(0, 3)}")
        self.emit(2, f"p = {self.pick('where[i]', 'where[i] * 2', 'i * 3', 'off[i]')}")
        self.emit(2, f"v = {self.pick('a[10:290]', 'a[::2]', 'a[100:]')}")
        depth = 2
        if self.random.random() < 0.5:
            self.emit(2, f"for k in range({self.pick('3', 'off[i + 1] - off[i]', 'where[i] % 4')}):")
            depth = 3
        for _ in range(self.random.randint(1, 3)):
            self.statement(depth)
        count = self.pick(5, 40, 90)
        numbers = {"count": count, "factor": self.pick(1, 3, 7), "size": self.pick(7, count, count, 97, 200), "stride": self.pick(1, 2, 3)}
        return HEAD + "\n".join(self.lines) + "\n" + TAIL.format(**numbers)


def results(kjit, path):
    for way in WAYS:
        done = subprocess.run([kjit, "run", path, *way, "--timeout", "60"], capture_output=True, text=True, check=False)
        yield way, done.returncode, done.stdout, done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=50, help="loops to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first loop")
    parser.add_argument("--kjit", default=os.path.join(ROOT, "build", "release", "kjit"), help="the executable")
    options = parser.parse_args()
    wrong = inspected = in_order = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            path = os.path.join(folder, "loop.k")
            text = LoopMaker(seed).make()
            with open(path, "w") as file:
                file.write(text)
            found = list(results(options.kjit, path))
            inspected += "a pass over the subscripts" in found[0][3]
            in_order += "one thread runs them" in found[0][3]
            refused += "error[E1" in found[0][3]
            for way, code, out, err in found[1:]:
                if (code, out) != found[0][1:3]:
                    wrong += 1
                    print(f"seed {seed}: {' '.join(way)} gives {out!r}, the interpreter {found[0][2]!r}\n{text}{err}")
                    break
            if found[0][1] != 0 and "error[E1" not in found[0][3] and "IndexError" not in found[0][3]:
                print(f"seed {seed}: {found[0][3]}\n{text}")
    print(f"{options.count} loops: {inspected} inspected, {in_order} in order, {refused} refused, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
