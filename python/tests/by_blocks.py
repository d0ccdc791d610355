"""The block rule written out once more, for the tests to compare with."""

import math


def cut(trip_count, most=1024):
    """The iteration numbers of each block."""
    count = min(trip_count, most)
    return [range(math.floor(b * trip_count / count), math.floor((b + 1) * trip_count / count)) for b in range(count)]


def fold(partials, operation):
    """Pairs of neighbours, then pairs of pairs; one that is left over waits."""
    while len(partials) > 1:
        pairs = [partials[k:k + 2] for k in range(0, len(partials), 2)]
        partials = [operation(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return partials[0]


def add(a, b):
    return a + b


def multiply(a, b):
    return a * b


def accumulate(values, start, operation):
    for value in values:
        start = operation(start, value)
    return start


def reduced(before, values, operation=add, identity=-0.0, most=1024):
    if not values:
        return before
    parts = [accumulate((values[i] for i in block), identity, operation) for block in cut(len(values), most)]
    return operation(before, fold(parts, operation))


def rough(count, seed=1):
    """Numbers of very different sizes: nearly every order of additions gives other digits."""
    values = []
    for _ in range(count):
        seed = seed * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        values.append(((seed >> 11) * 2.0**-52 - 1.0) * 10.0**(seed >> 32 & 3))
    return values
