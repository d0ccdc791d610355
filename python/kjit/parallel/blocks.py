"""How a parallel loop runs in blocks, and how the blocks' results combine. The rules are those of runtime/blocks.cpp.

The iteration space is cut by its length alone. Each block accumulates from the identity, partial results fold in a fixed tree,
and what a variable held before the loop comes in last: the same bits for any number of threads, and here.
"""

import itertools
import numbers
import operator
import sys

from kjit.loops import ParallelRange

MOST_BLOCKS = 1024
MOST_BYTES = 64 * 2**20  # of private arrays, in all blocks of a loop together
_FOLD = {"+": operator.iadd, "*": operator.imul}  # arrays in place
_UNBOUND = object()


def combine(partials, operation):
    """Folds a list in a fixed tree: neighbours at distance 1, then 2, 4, ..."""
    distance = 1
    while distance < len(partials):
        for i in range(0, len(partials) - distance, 2 * distance):
            partials[i] = operation(partials[i], partials[i + distance])
        distance *= 2
    return partials[0]


def block_count(trip_count, arrays):
    """Private arrays must pay: their memory is bounded, and a block has an iteration for each element to be filled and folded."""
    if not arrays:
        return min(trip_count, MOST_BLOCKS)
    elements = sum(array.size for array in arrays)
    size = sum(array.nbytes for array in arrays)
    most = min(trip_count, MOST_BLOCKS, MOST_BYTES // max(size, 1), trip_count // max(elements, 1))
    return min(trip_count, max(1, most))


class ScalarReduction:
    """A variable that all iterations accumulate in. Not active: one that is unbound, or holds what is not reduced by blocks."""

    def __init__(self, operator_, before):
        self._operation = _FOLD[operator_]
        self._before = before
        self.identity = _scalar_identity(operator_, before)
        self.active = self.identity is not None
        self.partials = []

    def total(self):
        if not self.partials:
            return self._before
        return self._operation(self._before, combine(self.partials, self._operation))


def _scalar_identity(operator_, before):
    """Of the type of `before`, so that narrow NumPy scalars keep their width. None: leave the iterations' order to the loop.

    A float variable that starts as an integer may lose the sign of a zero in its partials, but `before` + total does so anyway.
    """
    if isinstance(before, bool) or not isinstance(before, numbers.Complex):
        return None
    if operator_ == "*":
        return type(before)(1) if isinstance(before, numbers.Real) else None  # (1+0j) * z is not z for an infinite z
    if isinstance(before, numbers.Integral):
        return type(before)(0)
    return type(before)(-0.0 if isinstance(before, numbers.Real) else complex(-0.0, -0.0))  # -0.0 + x is x for both zeros


class ArrayReduction:
    """An array that iterations only accumulate in. Each block has a part of its own, or all work on the array itself."""

    def __init__(self, operator_, value):
        self._operation = _FOLD[operator_]
        self._identity = _array_identity(operator_, value)
        self._parts = []
        self.value = value
        self.bound = value is not _UNBOUND
        self.by_order = self._identity is not None  # do the elements depend on the order of the updates?
        self.counts = self.by_order or _is_integer_product(operator_, value)
        self.part = value

    def start_block(self):
        import numpy
        self.part = numpy.full(self.value.shape, self._identity, self.value.dtype)
        self._parts.append(self.part)

    def finish(self):
        self._operation(self.value, combine(self._parts, self._operation))


def _is_integer_product(operator_, value):
    """Compiled code copies such arrays, as no indivisible step multiplies. Exact in any order, they need no copies here, but the
    number of blocks is made for them."""
    return operator_ == "*" and _is_array(value) and value.dtype.kind in "iu" and value.itemsize == 8


def _is_array(value):
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def _array_identity(operator_, value):
    if not _is_array(value) or value.dtype.kind not in "fc":
        return None
    if operator_ == "*":
        return 1.0 if value.dtype.kind == "f" else None
    return -0.0 if value.dtype.kind == "f" else complex(-0.0, -0.0)


class Blocks:
    """One execution of a rewritten loop: an iterator over its blocks, each an iterator over the values of the loop's variable."""

    def __init__(self, iterations, scalars, arrays, others):
        frame = sys._getframe(1)  # values are taken by name: a variable may be unbound, which is no error before it is read
        self._iterations = iterations
        self.scalars = [ScalarReduction(operator_, _value(frame, name)) for name, operator_ in scalars]
        self.arrays = [ArrayReduction(operator_, _value(frame, name)) for name, operator_ in arrays]
        self._others = [_value(frame, name) for name in others]

    def __iter__(self):
        reduced = [array for array in self.arrays if array.by_order]
        sizes = _block_sizes(len(self._iterations), [array.value for array in self.arrays if array.counts])
        private = reduced if len(sizes) > 1 and not _share_memory(reduced, self._others) else []
        values = iter(self._iterations)
        try:
            for size in sizes:
                for array in private:
                    array.start_block()
                yield itertools.islice(values, size)
            next(values, None)  # to its end, also of an empty loop: it counts among the random streams
        finally:
            values.close()  # now, not when the exception is forgotten: it restores the random stream
        for array in private:
            array.finish()


def _share_memory(reduced, others):
    """Does one reach memory of another? Then all work on the arrays themselves, as what one accumulates another may read."""
    if not reduced:
        return False
    import numpy
    values = [array.value for array in reduced]
    pairs = [*itertools.combinations(values, 2), *itertools.product(values, others)]
    return any(isinstance(b, numpy.ndarray) and numpy.may_share_memory(a, b) for a, b in pairs)


def _block_sizes(trip_count, arrays):
    count = block_count(trip_count, arrays)
    firsts = [block * trip_count // count for block in range(count)] + [trip_count]
    return [end - first for first, end in zip(firsts, firsts[1:])]


def _value(frame, name):
    code = frame.f_code
    is_local = name in code.co_varnames or name in code.co_cellvars or name in code.co_freevars
    return (frame.f_locals if is_local else frame.f_globals).get(name, _UNBOUND)


class _RowMajor:
    """The iteration space of a nest of loops: a tuple of values for each iteration, the last one moving fastest."""

    def __init__(self, ranges):
        self._ranges = ranges

    def __len__(self):
        product = 1
        for values in self._ranges:
            product *= len(values)
        return product

    def __iter__(self):
        return _row_major(self._ranges, ())


def _row_major(ranges, outer):
    inner = ranges[1:]
    for value in ranges[0]:
        if inner:
            yield from _row_major(inner, (*outer, value))
        else:
            yield (*outer, value)


def together(*loops):
    """The loops of a nest as one parallel loop. Where an outer one is empty, the inner ones may stand for anything."""
    return ParallelRange(_RowMajor([loop.values for loop in loops]))
