"""Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
SC'11.

A block is a pure function of a 128-bit counter and a 64-bit key. kjit's counter is {block, lane}, each of 64 bits, low word
first. One block gives two draws of 64 bits: x0 | x1 << 32 and x2 | x3 << 32.
"""

MASK32 = 0xFFFFFFFF
MASK64 = 0xFFFFFFFFFFFFFFFF
_M0, _M1 = 0xD2511F53, 0xCD9E8D57  # multipliers of the two halves
_W0, _W1 = 0x9E3779B9, 0xBB67AE85  # key increments: golden ratio and sqrt(3) - 1
_ROUNDS = 10
_TO_UNIT = 2.0**-53


def philox4x32(counter, key):
    """The four words of one block. The counter's words are integers, or uint64 arrays of one shape; the key's are integers."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(_ROUNDS):
        p0 = c0 * _M0
        p1 = c2 * _M1
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK32, (p0 >> 32) ^ c3 ^ k1, p0 & MASK32
        k0 = (k0 + _W0) & MASK32
        k1 = (k1 + _W1) & MASK32
    return c0, c1, c2, c3


def draws(key, lane, block):
    """Both 64-bit draws of one block."""
    counter = (block & MASK32, block >> 32, lane & MASK32, lane >> 32)
    x0, x1, x2, x3 = philox4x32(counter, (key & MASK32, key >> 32))
    return x0 | x1 << 32, x2 | x3 << 32


def to_unit(word):
    """A draw as a float in [0, 1) with 53 random bits; exact, so arrays and scalars agree."""
    return (word >> 11) * _TO_UNIT


def block_range(key, lane, first, count):
    """Draws of blocks first .. first + count - 1 of one lane, as lists (words, units)."""
    numpy = _numpy_if_worth(count)
    if numpy is None:
        words = [word for block in range(first, first + count) for word in draws(key, lane, block)]
        return words, [to_unit(word) for word in words]
    blocks = numpy.arange(first, first + count, dtype=numpy.uint64)
    pairs = _draws_of_arrays(numpy, key, (blocks & MASK32, blocks >> 32, _filled(numpy, lane & MASK32, count),
                                          _filled(numpy, lane >> 32, count)))
    words = pairs.reshape(-1)
    return words.tolist(), _units(words)


def lane_range(key, first_lane, count, block):
    """The two draws of one block for lanes first_lane .. first_lane + count - 1: lists of pairs (words, units)."""
    numpy = _numpy_if_worth(count)
    if numpy is None:
        words = [draws(key, lane, block) for lane in range(first_lane, first_lane + count)]
        return words, [tuple(map(to_unit, pair)) for pair in words]
    lanes = numpy.uint64(first_lane) + numpy.arange(count, dtype=numpy.uint64)
    pairs = _draws_of_arrays(numpy, key, (_filled(numpy, block & MASK32, count), _filled(numpy, block >> 32, count),
                                          lanes & MASK32, lanes >> 32))
    return pairs.tolist(), _units(pairs)


def _numpy_if_worth(count):
    """NumPy, unless it is missing or its import would cost more than it saves."""
    if count < 64:
        return None
    try:
        import numpy
    except ImportError:
        return None
    return numpy


def _filled(numpy, value, count):
    return numpy.full(count, value, dtype=numpy.uint64)


def _draws_of_arrays(numpy, key, counter):
    """Array of shape (blocks, 2)."""
    x0, x1, x2, x3 = philox4x32(counter, (key & MASK32, key >> 32))
    return numpy.stack((x0 | x1 << 32, x2 | x3 << 32), axis=1)


def _units(words):
    return ((words >> 11) * _TO_UNIT).tolist()
