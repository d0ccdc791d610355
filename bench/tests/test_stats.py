import math
import random
import unittest

from harness import stats


class Median(unittest.TestCase):
    def test_equal_samples_have_no_width(self):
        self.assertEqual(stats.bootstrap_median([2.0] * 9), stats.Estimate(2.0, 2.0, 2.0, 9))

    def test_interval_holds_the_median(self):
        found = stats.bootstrap_median([1.0, 2.0, 3.0, 4.0, 100.0])
        self.assertEqual(found.median, 3.0)
        self.assertTrue(found.low <= 3.0 <= found.high)

    def test_same_samples_same_interval(self):
        samples = [random.Random(5).gauss(1, 0.1) for _ in range(20)]
        self.assertEqual(stats.bootstrap_median(samples), stats.bootstrap_median(samples))

    def test_interval_covers_the_true_median_about_as_often_as_it_says(self):
        draw = random.Random(11)
        hits = 0
        for trial in range(200):
            found = stats.bootstrap_median([draw.expovariate(1.0) for _ in range(25)], seed=trial)
            hits += found.low <= math.log(2) <= found.high
        self.assertTrue(175 <= hits <= 200, hits)

    def test_more_samples_are_narrower(self):
        draw = random.Random(3)
        few, many = ([draw.gauss(1, 0.1) for _ in range(count)] for count in (8, 200))
        self.assertLess(stats.bootstrap_median(many).relative_width(), stats.bootstrap_median(few).relative_width())

    def test_one_sample_says_nothing_about_its_spread(self):
        self.assertEqual(stats.bootstrap_median([1.0]).relative_width(), math.inf)

    def test_no_samples(self):
        with self.assertRaises(ValueError):
            stats.bootstrap_median([])


class Ratios(unittest.TestCase):
    def test_quotient_of_medians(self):
        found = stats.ratio_interval([2.0] * 5, [4.0] * 5)
        self.assertEqual((found.median, found.low, found.high), (0.5, 0.5, 0.5))

    def test_overlap(self):
        a, b, c = (stats.Estimate(0, low, high, 9) for low, high in ((1, 2), (2, 3), (2.5, 3)))
        self.assertTrue(stats.overlap(a, b) and stats.overlap(b, a) and stats.overlap(b, c))
        self.assertFalse(stats.overlap(a, c))

    def test_geometric_mean(self):
        self.assertAlmostEqual(stats.geometric_mean([1, 4, 16]), 4)
        with self.assertRaises(ValueError):
            stats.geometric_mean([1, 0])


class BreakEven(unittest.TestCase):
    """N calls of 10 s each against a first of `first` and N - 1 of 1 s."""

    def test_first_call_is_faster_already(self):
        self.assertEqual(stats.break_even_calls(10, 9, 1), 1)

    def test_equal_counts(self):
        self.assertEqual(stats.break_even_calls(10, 19, 1), 2)  # 20 and 20
        self.assertEqual(stats.break_even_calls(10, 19.5, 1), 3)

    def test_never(self):
        self.assertIsNone(stats.break_even_calls(1, 5, 1))

    def test_it_is_the_least_number(self):
        for first in (11.0, 50.0, 123.4):
            calls = stats.break_even_calls(10, first, 1.5)
            total = lambda n: first + (n - 1) * 1.5
            self.assertLessEqual(total(calls), 10 * calls)
            self.assertGreater(total(calls - 1), 10 * (calls - 1))
