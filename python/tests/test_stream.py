"""The stream rules of runtime/abi.h, each written out once more with single blocks."""

import unittest

from kjit import philox, prange, random_stream
from kjit.stream import GOLDEN, STREAM


def draw(key, lane, number):
    return philox.draws(key & philox.MASK64, lane, number >> 1)[number & 1]


class Streams(unittest.TestCase):

    def test_draws_of_a_call(self):
        random_stream(7, 3)
        key = 7 + 3 * GOLDEN
        self.assertEqual([STREAM.word() for _ in range(300)], [draw(key, 0, d) for d in range(300)])

    def test_units_and_words_share_one_sequence(self):
        random_stream(1)
        mixed = [STREAM.word(), STREAM.unit(), STREAM.word()]
        self.assertEqual(mixed, [draw(1, 0, 0), philox.to_unit(draw(1, 0, 1)), draw(1, 0, 2)])

    def test_unit_list_continues_the_stream(self):
        random_stream(1)
        values = [STREAM.unit()] + STREAM.unit_list(20) + [STREAM.unit()]
        self.assertEqual(values, [philox.to_unit(draw(1, 0, d)) for d in range(22)])

    def test_seed_is_taken_modulo_2_to_64(self):
        random_stream(-1)
        self.assertEqual(STREAM.word(), draw(philox.MASK64, 0, 0))


class ParallelLoops(unittest.TestCase):

    def setUp(self):
        random_stream(5)

    def test_each_iteration_is_a_stream(self):
        for i in prange(100):
            for d in range(20):
                self.assertEqual(STREAM.word(), draw(5, (1 << 40) + i, d))

    def test_the_lane_is_the_iteration_number_not_the_value(self):
        drawn = [STREAM.word() for _ in prange(30, 10, -7)]
        self.assertEqual(drawn, [draw(5, (1 << 40) + i, 0) for i in range(3)])

    def test_the_stream_goes_on_after_the_loop(self):
        first = STREAM.word()
        for _ in prange(3):
            STREAM.word()
        self.assertEqual([first, STREAM.word()], [draw(5, 0, 0), draw(5, 0, 1)])

    def test_loops_are_counted(self):
        for _ in prange(2):
            pass
        self.assertEqual([STREAM.word() for _ in prange(2)], [draw(5, (2 << 40) + i, 0) for i in range(2)])

    def test_nested_loop(self):
        for i in prange(3):
            STREAM.word()
            for region in range(2):
                lane = (1 << 40) + i
                words = philox.philox4x32((region, 1 << 31, lane & philox.MASK32, lane >> 32), (5, 0))
                key = words[0] | words[1] << 32
                for j in prange(4):
                    self.assertEqual(STREAM.word(), draw(key, (1 << 40) + j, 0))
            self.assertEqual(STREAM.word(), draw(5, (1 << 40) + i, 1))

    def test_iterations_without_draws_are_skipped(self):
        drawn = [STREAM.word() for i in prange(10000) if i % 97 == 5]
        self.assertEqual(drawn, [draw(5, (1 << 40) + i, 0) for i in range(5, 10000, 97)])

    def test_leaving_the_loop_early_restores_the_stream(self):
        for i in prange(10):
            STREAM.word()
            if i == 4:
                break
        self.assertEqual(STREAM.word(), draw(5, 0, 0))


if __name__ == "__main__":
    unittest.main()
