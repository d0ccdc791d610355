"""The number of blocks against the table that the runtime is compared with, too (tests/unit/block_counts.def)."""

import pathlib
import re
import types
import unittest

from kjit.parallel.blocks import block_count

TABLE = pathlib.Path(__file__).parents[2] / "tests/unit/block_counts.def"


class BlockCounts(unittest.TestCase):
    def test_they_are_those_of_the_runtime(self):
        rows = [tuple(map(int, row)) for row in re.findall(r"^ROW\((\d+), (\d+), (\d+), (\d+)\)", TABLE.read_text(), re.M)]
        self.assertEqual(len(rows), 208)
        for trips, elements, size, blocks in rows:
            array = types.SimpleNamespace(size=elements, nbytes=size)
            with self.subTest(trips=trips, elements=elements):
                self.assertEqual(block_count(trips, [array] if elements else []), blocks)


if __name__ == "__main__":
    unittest.main()
