"""prange and what goes with parallel loops. Under CPython a parallel loop runs its iterations in order on one thread."""

import os

from kjit.stream import STREAM

_SCHEDULES = ("static", "dynamic", "guided", "auto")
_threads = None  # what set_num_threads asked for


def prange(*bounds, schedule="auto", chunk=0, num_threads=0, unchecked=False):
    """As range(); each iteration draws from a random stream of its own. The options change no result."""
    if schedule not in _SCHEDULES:
        raise ValueError(f"prange() schedule must be one of {', '.join(_SCHEDULES)}: '{schedule}'")
    if chunk < 0 or num_threads < 0:
        raise ValueError("prange() chunk and num_threads must not be negative")
    return ParallelRange(range(*bounds))


class ParallelRange:
    """The iterations of one parallel loop. `values` has a length and gives the loop variable's values."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        region = STREAM.open_region(len(self.values))
        outside = STREAM.save()
        enter_iteration = STREAM.enter_iteration
        try:
            for iteration, value in enumerate(self.values):
                enter_iteration(region, iteration)
                yield value
        finally:
            STREAM.restore(outside)


def atomic_add(array, index, value):
    """array[index] += value, as one indivisible step; returns the old element."""
    old = array[index]
    array[index] = old + value
    return old


def atomic_min(array, index, value):
    """array[index] = min(array[index], value) as one indivisible step; returns the old element."""
    old = array[index]
    array[index] = min(old, value)
    return old


def atomic_max(array, index, value):
    """array[index] = max(array[index], value) as one indivisible step; returns the old element."""
    old = array[index]
    array[index] = max(old, value)
    return old


def scratch(shape, dtype="float64"):
    """An array of zeros for the use of one iteration, private to the thread that runs it."""
    import numpy
    return numpy.zeros(shape, dtype)


def set_num_threads(count):
    global _threads
    if count < 1:
        raise ValueError("the number of threads must be at least 1")
    _threads = count


def get_num_threads():
    return _threads or len(os.sched_getaffinity(0))
