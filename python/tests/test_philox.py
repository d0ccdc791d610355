"""The generator against the known-answer vectors of Random123 (kat_vectors, philox4x32 with 10 rounds)."""

import unittest

from kjit import philox

ONES = 0xFFFFFFFF
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
     (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]


class KnownAnswers(unittest.TestCase):

    def test_vectors(self):
        for counter, key, words in VECTORS:
            self.assertEqual(philox.philox4x32(counter, key), words)

    def test_draws_join_words_low_first(self):
        counter, key, words = VECTORS[2]
        first, second = philox.draws(key[0] | key[1] << 32, counter[2] | counter[3] << 32, counter[0] | counter[1] << 32)
        self.assertEqual(first, words[0] | words[1] << 32)
        self.assertEqual(second, words[2] | words[3] << 32)


class Ranges(unittest.TestCase):
    KEY = 0x123456789ABCDEF0
    LANE = (3 << 40) + 77

    def test_a_range_of_blocks_is_its_blocks(self):
        for count in (1, 63, 64, 200):  # below and above the use of NumPy
            words, units = philox.block_range(self.KEY, self.LANE, 5, count)
            expected = [word for block in range(5, 5 + count) for word in philox.draws(self.KEY, self.LANE, block)]
            self.assertEqual(words, expected)
            self.assertEqual(units, [philox.to_unit(word) for word in expected])

    def test_a_range_of_lanes_is_its_lanes(self):
        for count in (1, 63, 64, 200):
            words, units = philox.lane_range(self.KEY, self.LANE, count, 2)
            expected = [philox.draws(self.KEY, lane, 2) for lane in range(self.LANE, self.LANE + count)]
            self.assertEqual([tuple(pair) for pair in words], expected)
            self.assertEqual([tuple(pair) for pair in units], [tuple(map(philox.to_unit, pair)) for pair in expected])

    def test_the_block_number_crosses_32_bits(self):
        words, _ = philox.block_range(self.KEY, self.LANE, (1 << 32) - 32, 64)
        self.assertEqual(words[64], philox.draws(self.KEY, self.LANE, 1 << 32)[0])

    def test_units_are_below_one(self):
        self.assertEqual(philox.to_unit(0), 0.0)
        self.assertEqual(philox.to_unit(philox.MASK64), 1.0 - 2.0**-53)


if __name__ == "__main__":
    unittest.main()
