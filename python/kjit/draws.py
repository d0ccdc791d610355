"""Random numbers: the functions of the module `random` and of `numpy.random` over kjit's streams.

Each function takes a fixed number of draws (the normal ones two), in the order in which its values are stored, so that compiled,
interpreted and vectorised code agree. Arguments and errors are those of the functions that they replace.
"""

import math
import os

from kjit.stream import STREAM

_unit = STREAM.unit


# ---- module random ----
def random():
    return _unit()


def uniform(a, b):
    return a + (b - a) * _unit()


def randint(a, b):
    return randrange(a, b + 1)


def randrange(start, stop=None, step=1):
    choices = range(start) if stop is None else range(start, stop, step)
    if not choices:
        raise ValueError(f"empty range for randrange() ({choices.start}, {choices.stop}, {choices.start - choices.stop})")
    count = (choices[-1] - choices.start) // choices.step + 1  # len() cannot give 2**64
    return choices.start + choices.step * STREAM.below(count)


def gauss(mu=0.0, sigma=1.0):
    u1 = _unit()
    u2 = _unit()
    z = math.sqrt(-2.0 * math.log(1.0 - u1)) * math.cos(2.0 * math.pi * u2)
    return mu + z * sigma


def expovariate(lambd=1.0):
    return -math.log(1.0 - _unit()) / lambd


def choice(seq):
    if len(seq) == 0:
        raise IndexError("cannot choose from an empty sequence")
    return seq[STREAM.below(len(seq))]


def shuffle(x):
    """Fisher-Yates from the end."""
    for i in reversed(range(1, len(x))):
        j = STREAM.below(i + 1)
        x[i], x[j] = x[j], x[i]


def getrandbits(k):
    """The high bits of one draw."""
    if k < 0:
        raise ValueError("number of bits must be non-negative")
    if k > 64:
        raise OverflowError("getrandbits() of more than 64 bits does not fit an integer")
    return STREAM.word() >> (64 - k)


def seed(a=None):
    """Starts the stream of this seed; without one, the operating system chooses."""
    if a is None:
        a = int.from_bytes(os.urandom(8), "little")
    STREAM.restart(int(a))


PYTHON_FUNCTIONS = {
    "random": random, "uniform": uniform, "randint": randint, "randrange": randrange, "gauss": gauss, "normalvariate": gauss,
    "expovariate": expovariate, "choice": choice, "shuffle": shuffle, "getrandbits": getrandbits,
    "seed": seed
}


# ---- module numpy.random: without a size a scalar, else an array filled in row-major order ----
def _array(size, values_of, dtype=float):
    """An array of shape `size` with the values that values_of(count) gives."""
    import numpy
    shape = tuple(size) if isinstance(size, (tuple, list)) else (size,)
    return numpy.array(values_of(math.prod(shape)), dtype=dtype).reshape(shape)


def np_random_sample(size=None):
    return _unit() if size is None else _array(size, STREAM.unit_list)


def np_rand(*shape):
    return np_random_sample(shape or None)


def np_uniform(low=0.0, high=1.0, size=None):
    if size is None:
        return uniform(low, high)
    return _array(size, lambda count: [low + (high - low) * u for u in STREAM.unit_list(count)])


def np_normal(loc=0.0, scale=1.0, size=None):
    if size is None:
        return gauss(loc, scale)
    return _array(size, lambda count: [gauss(loc, scale) for _ in range(count)])


def np_standard_normal(size=None):
    return np_normal(size=size)


def np_randn(*shape):
    return np_normal(size=shape or None)


def np_randint(low, high=None, size=None, dtype=int):
    low, high = (0, low) if high is None else (low, high)
    if low >= high:
        raise ValueError("low >= high")
    if size is None:
        return low + STREAM.below(high - low)
    return _array(size, lambda count: [low + STREAM.below(high - low) for _ in range(count)], dtype)


def np_shuffle(x):
    """Whole rows of an array change places."""
    for i in reversed(range(1, len(x))):
        j = STREAM.below(i + 1)
        x[[i, j]] = x[[j, i]]


NUMPY_FUNCTIONS = {
    "random": np_random_sample, "random_sample": np_random_sample, "ranf": np_random_sample, "sample": np_random_sample,
    "rand": np_rand, "uniform": np_uniform, "normal": np_normal, "standard_normal": np_standard_normal, "randn": np_randn,
    "randint": np_randint, "shuffle": np_shuffle, "seed": seed
}
