"""What the kernels of bench/suite use of NumPy, over lists: for PyPy, whose loops over NumPy's arrays are slower than CPython's.

Not an array library: elements one at a time, one or two axes, C order. Integers do not wrap.
"""

import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "harness"))
import npy  # noqa: E402

int8 = int16 = int32 = int64 = uint8 = uint16 = uint32 = uint64 = int
float32 = float64 = float
complex128 = complex
bool_ = bool
sqrt, sin, cos, exp, log, floor, pi, inf = math.sqrt, math.sin, math.cos, math.exp, math.log, math.floor, math.pi, math.inf

KINDS = {int: "i8", bool: "i8", float: "f8", complex: "c16"}  # what answers are stored as


class Array:
    __slots__ = ("shape", "items", "width", "kind")

    def __init__(self, shape, items, kind):
        self.shape, self.items, self.kind = shape, items, kind
        self.width = shape[1] if len(shape) == 2 else 1

    @property
    def size(self):
        return len(self.items)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, place):
        if type(place) is tuple:
            return self.items[place[0] * self.width + place[1]]
        return self.items[place]

    def __setitem__(self, place, value):
        if type(place) is tuple:
            self.items[place[0] * self.width + place[1]] = value
        elif type(place) is int:
            self.items[place] = value
        else:
            self.items[place] = value.items if isinstance(value, Array) else [value] * len(self.items[place])

    def __iter__(self):
        return iter(self.items)

    def copy(self):
        return Array(self.shape, self.items[:], self.kind)


def _filled(shape, dtype, value):
    shape = shape if isinstance(shape, tuple) else (shape,)
    zero = dtype(value)
    return Array(shape, [zero] * math.prod(shape), KINDS[dtype])


def zeros(shape, dtype=float):
    return _filled(shape, dtype, 0)


def ones(shape, dtype=float):
    return _filled(shape, dtype, 1)


def full(shape, value, dtype=None):
    return _filled(shape, dtype or type(value), value)


empty = zeros


def load(path):
    answer = npy.read(path)
    values = answer.values.tolist()
    if answer.dtype[0] == "c":
        values = [complex(re, im) for re, im in zip(values[::2], values[1::2])]
    return Array(answer.shape, values, {"f": "f8", "c": "c16"}.get(answer.dtype[0], "i8"))
