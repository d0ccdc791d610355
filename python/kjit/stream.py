"""The random stream that the running kernel draws from; the rules are those of runtime/abi.h.

Draw number d of a stream is half (d & 1) of block (d >> 1) under (key, lane).
  stream s of a seed:                    key = seed + s * GOLDEN, lane = 0
  iteration i of the r-th prange loop:   the same key, lane = ((r + 1) << 40) + i
  a prange loop inside an iteration:     key = first draw of philox({r, 1 << 31, lane}, key), then as above with r = 0
A script draws from one stream: that of its process (processes.py), number 0 in a program of one process, unless random_stream() says
otherwise.
"""

import os

from kjit import philox, processes

GOLDEN = 0x9E3779B97F4A7C15
_MOST_BLOCKS = 4096    # computed at once; lists of this size stay in the cache
_TABLE_BLOCKS = 4      # an iteration's first blocks come from tables shared with its neighbours
_MOST_LANES = 4096


class Region:
    """One execution of a prange loop: its key, its lanes and blocks computed ahead for many iterations at once.

    Most iterations draw a few numbers only, so one NumPy call serves up to _MOST_LANES of them.
    """

    def __init__(self, key, base, trip_count):
        self.key = key
        self.base = base
        self.trip_count = trip_count
        self.tables = [None] * _TABLE_BLOCKS  # by block: (first iteration, pairs of words, pairs of units)

    def block(self, iteration, block):
        """(words, units) of one block of one iteration."""
        table = self.tables[block]
        if table is None or not 0 <= iteration - table[0] < len(table[1]):
            table = self.tables[block] = self._table(table, iteration, block)
        first, words, units = table
        return words[iteration - first], units[iteration - first]

    def _table(self, previous, iteration, block):
        size = 8 if previous is None else min(8 * len(previous[1]), _MOST_LANES)
        size = min(size, self.trip_count - iteration)
        return iteration, *philox.lane_range(self.key, self.base + iteration, size, block)


class Stream:
    """State of the generator. `units` and `words` are the same buffered draws, as floats and as integers; `next` is an index.
    `first_key` is what it was started with; `waits`: at the first draw the process's own number is added."""

    __slots__ = ("first_key", "waits", "key", "lane", "regions", "block", "units", "words", "next", "region", "iteration")

    def __init__(self, key):
        self.restart_in_process(key)

    def restart(self, key):
        self.first_key = self.key = key & philox.MASK64
        self.waits = False
        self.regions = 0
        self._move(0, None, 0)

    def restart_in_process(self, key):
        """As late as the first draw, as multiprocessing numbers its workers when kjit may be there already."""
        self.restart(key)
        self.waits = True

    def _begin(self):
        first_key = self.first_key
        self.restart(first_key + processes.first_stream() * GOLDEN)
        self.first_key = first_key

    def _move(self, lane, region, iteration):
        self.lane = lane
        self.region = region
        self.iteration = iteration
        self.block = 0  # the next one to compute
        self.units = self.words = ()
        self.next = 0

    def refill(self):
        """Buffers the next blocks: one first, then as many as were drawn so far."""
        if self.waits:
            self._begin()
        if self.region is not None and self.block < _TABLE_BLOCKS:
            self.words, self.units = self.region.block(self.iteration, self.block)
            self.block += 1
        else:
            count = min(max(self.block, 1), _MOST_BLOCKS)
            self.words, self.units = philox.block_range(self.key, self.lane, self.block, count)
            self.block += count
        self.next = 0

    def unit(self):
        """The next draw as a float in [0, 1)."""
        position = self.next
        try:
            value = self.units[position]
        except IndexError:
            self.refill()
            position = 0
            value = self.units[0]
        self.next = position + 1
        return value

    def word(self):
        """The next draw as an integer of 64 bits."""
        if self.next == len(self.words):
            self.refill()
        value = self.words[self.next]
        self.next += 1
        return value

    def below(self, count):
        """An integer in [0, count), by multiplication with the high half kept."""
        return (self.word() * count) >> 64

    def unit_list(self, count):
        """The next `count` draws as floats."""
        values = []
        while len(values) < count:
            if self.next == len(self.units):
                self.refill()
            taken = self.units[self.next:self.next + count - len(values)]
            values.extend(taken)
            self.next += len(taken)
        return values

    def open_region(self, trip_count):
        """Counts one more prange loop."""
        if self.waits:
            self._begin()
        number = self.regions
        self.regions += 1
        if self.lane == 0:
            return Region(self.key, (number + 1) << 40, trip_count)
        inner = philox.philox4x32((number & philox.MASK32, 1 << 31, self.lane & philox.MASK32, self.lane >> 32),
                                  (self.key & philox.MASK32, self.key >> 32))
        return Region(inner[0] | inner[1] << 32, 1 << 40, trip_count)

    def enter_iteration(self, region, iteration):
        self.key = region.key
        self.regions = 0
        self._move(region.base + iteration, region, iteration)

    def save(self):
        return tuple(getattr(self, name) for name in self.__slots__)

    def restore(self, saved):
        for name, value in zip(self.__slots__, saved):
            setattr(self, name, value)


def _environment_seed():
    return int(os.environ.get("KJIT_SEED", "0"), 0)


STREAM = Stream(_environment_seed())
processes.on_fork(lambda: STREAM.restart_in_process(STREAM.first_key))


def random_stream(seed=0, stream=None):
    """Starts stream number `stream` of `seed` from its beginning, as a call from the host does; without a number the stream of this
    process, which no other process of the program has."""
    if stream is None:
        STREAM.restart_in_process(seed)
    else:
        STREAM.restart(seed + stream * GOLDEN)
