import array
import math
import unittest

from harness.compare import compare
from harness.npy import Answer


def floats(*values, shape=None):
    return Answer("f8", shape or (len(values),), array.array("d", values))


def integers(*values, shape=None):
    return Answer("i8", shape if shape is not None else (len(values),), array.array("q", values))


class Compare(unittest.TestCase):
    def test_same_bits(self):
        self.assertEqual(compare(floats(1.0, math.nan), floats(1.0, math.nan), 1e-9).kind, "same")

    def test_close(self):
        self.assertEqual(compare(floats(1.0 + 1e-12), floats(1.0), 1e-9).kind, "close")

    def test_far(self):
        verdict = compare(floats(1.0, 2.1), floats(1.0, 2.0), 1e-9)
        self.assertFalse(verdict.right())
        self.assertIn("1 of 2 elements differ; element 1 is 2.1, not 2.0", verdict.detail)

    def test_exact_wants_every_bit(self):
        self.assertFalse(compare(floats(1.0 + 1e-15), floats(1.0), 1e-9, exact=True).right())

    def test_nan_and_infinity_are_never_close_to_numbers(self):
        for bad, good in ((math.nan, 1.0), (1.0, math.nan), (math.inf, 1.0), (1.0, math.inf), (math.inf, -math.inf)):
            self.assertFalse(compare(floats(bad), floats(good), 1e-3).right(), (bad, good))

    def test_integers_have_no_tolerance(self):
        self.assertFalse(compare(integers(10**12 + 1), integers(10**12), 1e-3).right())

    def test_an_integer_is_no_float(self):
        self.assertFalse(compare(integers(1), floats(1.0), 1e-3).right())

    def test_shapes(self):
        self.assertFalse(compare(floats(1, 2, 3, 4), floats(1, 2, 3, 4, shape=(2, 2)), 1e-9).right())
        self.assertTrue(compare(integers(7), integers(7, shape=()), 1e-9).right())

    def test_integers_of_another_width(self):
        narrow = Answer("i4", (2,), array.array("i", [1, 2]))
        self.assertTrue(compare(narrow, integers(1, 2), 0).right())
        self.assertFalse(compare(narrow, integers(1, 3), 0).right())

    def test_small_elements_beside_large_ones(self):
        """Sums that cancel: the error is relative to what was added, within reason."""
        self.assertTrue(compare(floats(1.0, 1e-13), floats(1.0, 0.0), 1e-9).right())
        self.assertFalse(compare(floats(1.0, 1e-3), floats(1.0, 0.0), 1e-9).right())
