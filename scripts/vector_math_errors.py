#!/usr/bin/env python3
"""Measures NumPy's element functions as kjit computes them against values of 200 bits: the table in docs/language.md.

    scripts/vector_math_errors.py [--count 20000] [--kjit build/release/kjit] [NAME...]

Wants a Python with NumPy and mpmath. Prints, for float64, the largest error seen in units of the last place, and where.
"""

import argparse
import math
import os
import random
import subprocess
import tempfile

import mpmath as mp
import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
mp.mp.prec = 200


def wide(r, low=-1022, high=1023):
    return math.ldexp(r.uniform(1, 2) * r.choice([-1, 1]), r.randint(low, high))


def within(low, high):
    return lambda r: r.uniform(low, high) if r.random() < 0.6 else wide(r, -60, 1) if r.random() < 0.7 else r.uniform(low, high) * 1e-3


def positive(r):
    return abs(wide(r)) if r.random() < 0.4 else r.uniform(0.5, 2) if r.random() < 0.6 else 1 + wide(r, -52, -1)


def angle(r):
    if r.random() < 0.4:
        return r.uniform(-10, 10)
    return r.randint(-10**6, 10**6) * math.pi / 2 if r.random() < 0.4 else wide(r, -30, 1023)


def unit(r):
    return r.uniform(-1, 1) if r.random() < 0.6 else (1 - abs(wide(r, -52, -2))) * r.choice([-1, 1]) if r.random() < 0.5 else wide(r, -30, -1)


def any_size(r):
    return r.uniform(-4, 4) if r.random() < 0.5 else wide(r, -60, 1000)


ONE = {
    "exp": (mp.exp, within(-745, 709.7)), "exp2": (lambda x: mp.power(2, x), within(-1074, 1023.9)), "expm1": (mp.expm1, within(-40, 709.7)),
    "log": (mp.log, positive), "log2": (lambda x: mp.log(x) / mp.log(2), positive), "log10": (mp.log10, positive),
    "log1p": (mp.log1p, lambda r: r.uniform(-1, 1) if r.random() < 0.5 else abs(wide(r))),
    "sin": (mp.sin, angle), "cos": (mp.cos, angle), "tan": (mp.tan, angle),
    "sinh": (mp.sinh, within(-710.4, 710.4)), "cosh": (mp.cosh, within(-710.4, 710.4)), "tanh": (mp.tanh, within(-20, 20)),
    "arcsin": (mp.asin, unit), "arccos": (mp.acos, unit), "arctan": (mp.atan, any_size), "arcsinh": (mp.asinh, any_size),
    "arccosh": (mp.acosh, lambda r: 1 + abs(wide(r, -52, 2)) if r.random() < 0.6 else abs(wide(r, 1, 1000))),
    "arctanh": (mp.atanh, unit), "cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), wide),
}
def power_arguments(r):
    base = abs(wide(r, -1000, 1000)) if r.random() < 0.3 else r.uniform(0, 10) if r.random() < 0.6 else 1 + wide(r, -40, -1)
    limit = 700 / max(abs(math.log(base)), 1e-9) if base > 0 else 1
    return base, r.uniform(-1, 1) * min(limit, 1e15)


def twice(draw):
    return lambda r: (draw(r), draw(r))


TWO = {"hypot": (mp.hypot, twice(any_size)), "arctan2": (mp.atan2, twice(any_size)), "power": (mp.power, power_arguments)}


def errors(got, want):
    """In units of the last place of the exact value."""
    for g, w in zip(got, want):
        size = abs(w)
        exponent = max(int(mp.floor(mp.log(size, 2))) - 52, -1074) if size else -1074
        yield float(abs(mp.mpf(float(g)) - w) / mp.mpf(2) ** exponent)


def measure(name, options, folder):
    r = random.Random(20261128)
    exact, draw = ONE.get(name) or TWO[name]
    arity = 1 if name in ONE else 2
    drawn = [draw(r) for _ in range(options.count)]
    arrays = [np.array(drawn)] if arity == 1 else [np.array(column) for column in zip(*drawn)]
    paths = [os.path.join(folder, f"x{k}.npy") for k in range(arity)]
    for path, array in zip(paths, arrays):
        np.save(path, array)
    kernel, out = os.path.join(folder, "k.k"), os.path.join(folder, "out.npy")
    with open(kernel, "w", encoding="utf-8") as file:
        file.write(f"import numpy as np\n\n\ndef f({', '.join('xy'[:arity])}):\n    return np.{name}({', '.join('xy'[:arity])})\n")
    subprocess.run([options.kjit, "run", kernel, "f", *("@" + path for path in paths), "--out", out], check=True, capture_output=True)
    want = [exact(*(mp.mpf(float(a[k])) for a in arrays)) for k in range(options.count)]
    worst, at = max((error, k) for k, error in enumerate(errors(np.load(out), want)))
    return worst, [float(a[at]) for a in arrays]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--kjit", default=os.path.join(ROOT, "build", "release", "kjit"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names or [*ONE, *TWO]:
            worst, at = measure(name, options, folder)
            print(f"{name:10} {worst:.2f} ulp at {', '.join(map(repr, at))}", flush=True)


if __name__ == "__main__":
    main()
