#!/usr/bin/env python3
"""Writes tests/unit/np_promotion_golden.h, the dtypes of operators as the NumPy that runs this has them.

    build/python/bin/python tests/fuzz/np_promotion_golden.py > tests/unit/np_promotion_golden.h
"""

import operator
import warnings

import numpy as np

CODES = "?bhiqBHIQfdFD"
OPERATORS = [("Add", operator.add), ("Sub", operator.sub), ("Mul", operator.mul), ("TrueDiv", operator.truediv),
             ("FloorDiv", operator.floordiv), ("Mod", operator.mod), ("Pow", operator.pow), ("Shl", operator.lshift),
             ("Shr", operator.rshift), ("BitAnd", operator.and_), ("BitOr", operator.or_), ("BitXor", operator.xor)]


def code(function, a, b):
    try:
        char = function(a, b).dtype.char
    except TypeError:
        return "-"
    return {"l": "q", "L": "Q"}.get(char, char)


def main():
    warnings.simplefilter("ignore")
    arrays = [np.ones(1, dtype=c) for c in CODES]
    weak = [1, 1.0, 1j]
    print("// Made by tests/fuzz/np_promotion_golden.py from NumPy %s; rows: left operand %s, columns: the same, then a Python int,"
          % (np.__version__, CODES))
    print("// float and complex. '-': TypeError.")
    print("constexpr NpGolden kNpGolden[] = {")
    for name, function in OPERATORS:
        for k, left in enumerate(arrays):
            row = "".join(code(function, left, right) for right in arrays + weak)
            print('    {typed::BinaryOp::%s, %d, "%s"},' % (name, k, row))
    print("};")


main()
