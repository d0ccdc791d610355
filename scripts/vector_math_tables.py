#!/usr/bin/env python3
"""Writes runtime/vector_math/tables.h: the constants of the functions in that folder, computed with 60 digits (needs mpmath).

A polynomial interpolates its function at Chebyshev's points, which is within a factor of about three of the best one of its degree;
the error that is printed behind it is relative to the function that is computed from it, in units of 2**-53.
"""

import os

import mpmath as mp

mp.mp.dps = 60
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def hexadecimal(value):
    return float(value).hex()


def split(value, bits=53):
    """value = sum of parts; each a double, the first with `bits` bits."""
    scale = mp.mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(value), 2))))
    head = mp.nint(value * scale) / scale
    return [head, mp.mpf(float(value - head)), mp.mpf(float(value - head - mp.mpf(float(value - head))))]


def polynomial(function, low, high, degree, contribution):
    """Coefficients from the constant upwards, as doubles, and the largest value of |contribution(x, error)| in 2**-53."""
    low, high = mp.mpf(low), mp.mpf(high)
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    matrix = mp.matrix(degree + 1, degree + 1)
    for i, x in enumerate(nodes):
        for j in range(degree + 1):
            matrix[i, j] = x**j
    solution = mp.lu_solve(matrix, mp.matrix([function(x) for x in nodes]))
    rounded = [mp.mpf(float(c)) for c in solution]
    worst = 0
    for k in range(401):
        x = low + (high - low) * k / 400
        if x == 0:
            continue
        error = mp.polyval(rounded[::-1], x) - function(x)
        worst = max(worst, abs(contribution(x, error)))
    return rounded, worst * mp.mpf(2) ** 53



def exp_rest(r):
    return mp.mpf(1) / 2 + r / 6 + r * r / 24 if abs(r) < mp.mpf(10) ** -15 else (mp.expm1(r) - r) / r**2


def sin_rest(z):
    r = mp.sqrt(z)
    return -mp.mpf(1) / 6 + z / 120 if z < mp.mpf(10) ** -20 else (mp.sin(r) - r) / (r * z)


def cos_rest(z):
    r = mp.sqrt(z)
    return mp.mpf(1) / 24 - z / 720 if z < mp.mpf(10) ** -15 else (mp.cos(r) - 1 + z / 2) / z**2


def log_rest(z):
    """log((1 + s) / (1 - s)) = 2 s + s z rest(z), z = s * s"""
    s = mp.sqrt(z)
    return mp.mpf(2) / 3 + 2 * z / 5 if z < mp.mpf(10) ** -20 else (2 * mp.atanh(s) - 2 * s) / (s * z)


def precise_log_rest(z):
    """atanh(s) / s = 1 + z / 3 + z^2 rest(z), z = s * s"""
    s = mp.sqrt(z)
    return mp.mpf(1) / 5 + z / 7 if z < mp.mpf(10) ** -12 else (mp.atanh(s) / s - 1 - z / 3) / z**2


def atan_rest(z):
    r = mp.sqrt(z)
    return -mp.mpf(1) / 3 + z / 5 if z < mp.mpf(10) ** -20 else (mp.atan(r) - r) / (r * z)


def asin_rest(z):
    r = mp.sqrt(z)
    return mp.mpf(1) / 6 + 3 * z / 40 if z < mp.mpf(10) ** -20 else (mp.asin(r) - r) / (r * z)


def main():
    ln2 = mp.log(2)
    lines = ["#pragma once", "// Made by scripts/vector_math_tables.py: run it again instead of changing this.", "",
             "#include <stdint.h>", "", "namespace kjit::vector_math {", ""]

    def constant(name, value):
        lines.append(f"constexpr double {name} = {hexadecimal(value)};")

    def parts(name, value, count=2, bits=53):
        for suffix, part in zip(["Hi", "Lo", "Tail"][:count], split(value, bits)):
            constant(name + suffix, part)

    parts("kLn2", ln2)
    constant("kLog2E", 1 / ln2)
    parts("kInvLn2", 1 / ln2)
    parts("kInvLn10", 1 / mp.log(10))
    parts("kLog10Of2", mp.log(2, 10), bits=40)  # a product with an exponent is exact
    parts("kHalfPi", mp.pi / 2, 3)
    parts("kPi", mp.pi)
    constant("kTwoOverPi", 2 / mp.pi)
    parts("kQuarterPi", mp.pi / 4)
    parts("kThird", mp.mpf(1) / 3)
    constant("kTanEighthPi", mp.tan(mp.pi / 8))
    constant("kTanThreeEighthsPi", mp.tan(3 * mp.pi / 8))
    lines.append("")

    def table(name, comment, result):
        coefficients, worst = result
        lines.append(f"// {comment}: {mp.nstr(worst, 2)}")
        rows = [hexadecimal(c) for c in coefficients]
        lines.append(f"constexpr double {name}[] = {{{', '.join(rows)}}};")

    half = ln2 / 2
    table("kExp", "exp(r) = 1 + r + r^2 P(r), |r| <= ln(2) / 2", polynomial(exp_rest, -half, half, 10, lambda r, e: r * r * e / mp.exp(r)))
    top = (mp.pi / 4) ** 2 * mp.mpf("1.0001")
    table("kSin", "sin(r) = r + r z P(z), z = r^2, |r| <= pi/4", polynomial(sin_rest, 0, top, 6, lambda z, e: z * e * mp.sqrt(z) / mp.sin(mp.sqrt(z))))
    table("kCos", "cos(r) = 1 - z/2 + z^2 P(z)", polynomial(cos_rest, 0, top, 6, lambda z, e: z * z * e / mp.cos(mp.sqrt(z))))
    top = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2
    table("kLog", "log(1 + f) = 2 s + s z P(z), s = f / (2 + f), z = s^2, 1 + f in [sqrt(1/2), sqrt(2)]", polynomial(log_rest, 0, top, 7, lambda z, e: z * e / 2))
    table("kPreciseLog", "log(1 + f) = 2 s (1 + z / 3 + z^2 P(z)), as above", polynomial(precise_log_rest, 0, top, 7, lambda z, e: z * z * e))
    table("kAtan", "atan(r) = r + r z P(z), z = r^2, |r| <= tan(pi/8)", polynomial(atan_rest, 0, mp.tan(mp.pi / 8) ** 2 * mp.mpf("1.0001"), 11, lambda z, e: z * e * mp.sqrt(z) / mp.atan(mp.sqrt(z))))
    table("kAsin", "asin(r) = r + r z P(z), z = r^2, |r| <= 1/2", polynomial(asin_rest, 0, mp.mpf(1) / 4, 12, lambda z, e: z * e * mp.sqrt(z) / mp.asin(mp.sqrt(z))))
    table("kCbrt", "the cube root on [1, 8], a first guess", polynomial(mp.cbrt, 1, 8, 5, lambda x, e: e / mp.cbrt(x)))
    words = 20
    mp.mp.dps = 420
    bits = int(mp.floor(2 / mp.pi * mp.mpf(2) ** (64 * words)))
    rows = [f"0x{bits >> (64 * (words - 1 - k)) & (2**64 - 1):016x}" for k in range(words)]
    lines += ["", f"// The first {64 * words} bits of 2 / pi behind the point.", f"constexpr uint64_t kTwoOverPiBits[] = {{{', '.join(rows)}}};",
              "", "}  // namespace kjit::vector_math", ""]
    with open(os.path.join(ROOT, "runtime", "vector_math", "tables.h"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
