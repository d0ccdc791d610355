"""Named tuples and dataclasses as arguments: their fields by name, in the kernel and in the functions that it calls."""

import collections
import os
import subprocess
import sys
import typing
import unittest
from dataclasses import dataclass, field

import numpy as np

import kjit
from kjit import njit


class Point(typing.NamedTuple):
    x: float
    y: float


class Turned(typing.NamedTuple):
    y: float
    x: float


Pair = collections.namedtuple("Pair", "first second")


@dataclass
class Body:
    mass: float
    place: Point
    path: np.ndarray
    label: str = "none"
    rest: list = field(default_factory=lambda: [1.0, 2.0])


@dataclass(frozen=True)
class Scene:
    body: Body
    step: float


@njit
def difference(p):
    return p.x - p.y


@njit
def norm2(p, k=1):
    return (p.x * p.x + p.y * p.y) * k


@njit
def calls(p, q):
    return norm2(p) + norm2(q, k=2) + plain(q)


def plain(point):
    return point.x


@njit
def move(body, by):
    place = body.place
    body.path[0] += by * place.x
    body.rest[1] = place.y
    return body.mass * body.path.sum(), body.label, len(body.path)


@njit
def of_a_scene(scene, factor=2.0, *, bias=0):
    body = scene.body
    return body.place.x * scene.step * factor + norm2(scene.body.place) + bias


@njit
def in_tuples(t):
    return t[1].y + t[0]


@njit
def recursive(p, n):
    return p.x if n == 0 else recursive(p, n - 1) + p.y


class Functions:

    @staticmethod
    @njit
    def sum(p):
        return p.x + p.y


@njit
def calls_an_attribute(p):
    return Functions.sum(p) * 2 + Functions.sum(p)


@njit
def total(points):
    result = 0.0
    for point in points:
        result += point.x
    return result


@njit
def by_index(p):
    return p[0], len(p), p


class Records(unittest.TestCase):

    def test_named_tuples(self):
        self.assertEqual((difference(Point(5, 2.0)), difference(Turned(5, 2.0))), (3.0, -3.0))
        self.assertEqual(difference(Point(5.5, 2.0)), 3.5)
        self.assertEqual(njit(_swapped)(Pair(1, "two")), ("two", 1))
        self.assertEqual(by_index(Point(1.0, 2.0)), (1.0, 2, (1.0, 2.0)))
        self.assertEqual(in_tuples((1, Point(2, 3))), 4)

    def test_functions_that_are_called(self):
        self.assertEqual(calls(Point(1.0, 2.0), Turned(3.0, 4.0)), 5 + 50 + 4)
        self.assertEqual(calls(Point(1.0, 2.0), Point(3.0, 4.0)), 5 + 50 + 3)
        self.assertEqual(recursive(Point(1, 10), 3), 31)
        self.assertEqual(calls_an_attribute(Turned(1, 10)), 33)

    def test_tuples_of_them(self):
        self.assertEqual(total((Point(1.0, 2.0), Point(3.0, 4.0))), 4.0)

    def test_dataclasses(self):
        body = Body(2.0, Point(3.0, 4.0), np.zeros(3))
        self.assertEqual(move(body, 10), (60.0, "none", 3))
        self.assertEqual((body.path.tolist(), body.rest), ([30.0, 0.0, 0.0], [1.0, 4.0]))
        self.assertEqual(of_a_scene(Scene(body, 0.5), bias=1), 3.0 + 25.0 + 1)
        self.assertEqual(of_a_scene(factor=0.0, scene=Scene(body, 0.5)), 25.0)
        self.assertIs(njit(_path)(body), body.path)

    def test_read_only_fields(self):
        body = Body(2.0, Point(3.0, 4.0), np.zeros(3))
        body.path.flags.writeable = False
        if kjit.compiled.is_available():
            with self.assertRaisesRegex(ValueError, "'body' of move.. is read-only"):
                move(body, 1)

    def test_names_that_change(self):
        global plain
        old = plain
        try:
            self.assertEqual(calls(Point(1.0, 2.0), Point(3.0, 4.0)), 58)
            plain = _other_plain
            self.assertEqual(calls(Point(1.0, 2.0), Point(3.0, 4.0)), 59)
        finally:
            plain = old

    @unittest.skipUnless(kjit.compiled.is_available(), "of compiled code")
    def test_what_is_not_there(self):
        with self.assertRaisesRegex(kjit.CompileError, "'z'|attribute z|no z"):
            njit(_third)(Point(1.0, 2.0))
        with self.assertRaisesRegex(kjit.CompileError, "attribute 'x'"):  # it could be the one or the other
            njit(_other_value)(Point(1.0, 2.0))
        with self.assertRaisesRegex(kjit.CompileError, "'x'|attribute x"):
            difference((1.0, 2.0))
        with self.assertRaisesRegex(TypeError, "argument 1: kernels take .*, no set"):
            of_a_scene(Scene({1}, 0.5))

    @unittest.skipUnless(kjit.compiled.is_available(), "of compiled code")
    def test_what_can_be_asked(self):
        kernel = njit(difference.py_func)
        kernel.specialize(Point(1, 2.0))
        kernel.specialize(Turned(1, 2.0))
        self.assertEqual(kernel.signatures, [("(i64, f64)", )] * 2)
        self.assertIn("ret", kernel.inspect_asm()["(i64, f64)", ])
        kernel(Point(3, 2.0))
        self.assertEqual(len(kernel.signatures), 2)
        self.assertEqual(kjit.typeof(Scene(Body(1.0, Point(1, 2), np.zeros(2)), 1)), "((f64, (i64, i64), f64[::1], str, f64[::1]), i64)")

    def test_the_same_under_cpython(self):
        if kjit.compiled.is_available():
            done = subprocess.run([sys.executable, __file__], env={**os.environ, "KJIT_DISABLE_JIT": "1"}, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)


def _swapped(pair):
    return pair.second, pair.first


def _path(body):
    return body.path


def _other_value(p):
    q = p
    total = q.x
    q = (total, 1.0)
    return total + q[0] + q[1]


def _other_plain(p):
    return p.y


def _third(p):
    return p.z


if __name__ == "__main__":
    unittest.main()
