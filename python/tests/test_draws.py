"""The functions of `random` and `numpy.random` as formulas over draws."""

import math
import random
import unittest

import kjit
from kjit import philox

try:
    import numpy as np
except ImportError:
    np = None


def units(seed, count):
    return [philox.to_unit(philox.draws(seed, 0, d >> 1)[d & 1]) for d in range(count)]


def word(seed, number):
    return philox.draws(seed, 0, number >> 1)[number & 1]


class PythonRandom(unittest.TestCase):

    def setUp(self):
        random.seed(11)

    def test_random(self):
        self.assertEqual([random.random() for _ in range(5)], units(11, 5))

    def test_uniform(self):
        self.assertEqual(random.uniform(-2.0, 3.0), -2.0 + 5.0 * units(11, 1)[0])

    def test_randint_includes_both_ends(self):
        self.assertEqual(random.randint(-3, 6), -3 + ((word(11, 0) * 10) >> 64))
        self.assertEqual({random.randint(1, 3) for _ in range(100)}, {1, 2, 3})

    def test_randrange(self):
        self.assertEqual(random.randrange(10), (word(11, 0) * 10) >> 64)
        self.assertEqual(random.randrange(5, 10), 5 + ((word(11, 1) * 5) >> 64))
        self.assertEqual(random.randrange(0, 100, 7), 7 * ((word(11, 2) * 15) >> 64))

    def test_gauss_takes_two_draws(self):
        u1, u2, u3 = units(11, 3)
        z = math.sqrt(-2.0 * math.log(1.0 - u1)) * math.cos(2.0 * math.pi * u2)
        self.assertEqual(random.gauss(10.0, 2.0), 10.0 + z * 2.0)
        self.assertEqual(random.random(), u3)

    def test_expovariate(self):
        self.assertEqual(random.expovariate(4.0), -math.log(1.0 - units(11, 1)[0]) / 4.0)

    def test_choice_and_shuffle(self):
        self.assertEqual(random.choice("abcdef"), "abcdef"[(word(11, 0) * 6) >> 64])
        random.seed(11)
        values, expected = list(range(6)), list(range(6))
        random.shuffle(values)
        for draw, i in enumerate(reversed(range(1, 6))):
            j = (word(11, draw) * (i + 1)) >> 64
            expected[i], expected[j] = expected[j], expected[i]
        self.assertEqual(values, expected)

    def test_getrandbits_takes_the_high_bits(self):
        self.assertEqual([random.getrandbits(8), random.getrandbits(64)], [word(11, 0) >> 56, word(11, 1)])
        self.assertEqual(random.getrandbits(0), 0)
        with self.assertRaises(OverflowError):
            random.getrandbits(65)

    def test_empty_range(self):
        with self.assertRaises(ValueError):
            random.randint(3, 2)

    def test_seed_restarts_the_loops(self):
        first = [random.random() for _ in kjit.prange(3)]
        random.seed(11)
        self.assertEqual([random.random() for _ in kjit.prange(3)], first)


@unittest.skipIf(np is None, "NumPy is not installed")
class NumpyRandom(unittest.TestCase):

    def setUp(self):
        np.random.seed(3)

    def test_scalars_and_arrays_are_the_same_draws(self):
        self.assertEqual(np.random.rand(), units(3, 1)[0])
        self.assertEqual(np.random.rand(2, 3).ravel().tolist(), units(3, 7)[1:])

    def test_one_stream_with_the_module_random(self):
        self.assertEqual([np.random.rand(), random.random()], units(3, 2))

    def test_uniform(self):
        self.assertEqual(np.random.uniform(-1, 1, (2, 2)).ravel().tolist(), [-1 + 2 * u for u in units(3, 4)])

    def test_normal_is_gauss(self):
        array = np.random.normal(5.0, 2.0, 4)
        random.seed(3)
        self.assertEqual(array.tolist(), [random.gauss(5.0, 2.0) for _ in range(4)])
        random.seed(3)
        standard = np.random.randn(4).tolist()
        random.seed(3)
        self.assertEqual(standard, [random.gauss() for _ in range(4)])

    def test_randint(self):
        self.assertEqual(np.random.randint(10), (word(3, 0) * 10) >> 64)
        array = np.random.randint(-5, 5, (2, 2))
        self.assertEqual(array.dtype, np.int64)
        self.assertEqual(array.ravel().tolist(), [-5 + ((word(3, d) * 10) >> 64) for d in range(1, 5)])

    def test_random_names(self):
        drawn = [f() for f in (np.random.random, np.random.random_sample, np.random.ranf, np.random.sample)]
        self.assertEqual(drawn, units(3, 4))


if __name__ == "__main__":
    unittest.main()
