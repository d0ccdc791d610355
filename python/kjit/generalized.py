"""@guvectorize without the engine, and what it has in common with it: layouts, sizes, results."""

import functools
import re

import numpy as np

from kjit.elementwise import declared_for, dtype_of

_GROUP = re.compile(r"\(([^()]*)\)")


class Generalized:
    """Called like a generalised ufunc of NumPy. The function gets its results as arrays, also those of one element. Here it is called
    for each place of the axes in front."""

    def __init__(self, function, declared, layout):
        functools.update_wrapper(self, function)
        self.py_func = function
        self.begin(declared, layout)
        if function.__code__.co_argcount != self.nin + self.nout:
            raise TypeError(f"{self.__name__}() has {function.__code__.co_argcount} parameters, and the layout '{layout}' "
                            f"{self.nin + self.nout}")

    def begin(self, declared, layout):
        self._declared = declared
        self.signature = layout
        self.inputs, self.outputs = _axes_of(layout)
        self.nin, self.nout = len(self.inputs), len(self.outputs)
        self._loops = {}

    def __call__(self, *args, out=None):
        given = list(args[self.nin:]) or ([out] if isinstance(out, np.ndarray) else list(out or []))
        if len(args) not in (self.nin, self.nin + self.nout) or len(given) not in (0, self.nout):
            raise TypeError(f"{self.__name__}() takes {self.nin} arguments and {self.nout} results, not {len(args)}")
        arrays = [np.asarray(arg) for arg in args[:self.nin]]
        texts = declared_for(self.__name__, self._declared, [array.dtype for array in arrays], [type(arg) for arg in args[:self.nin]])
        if texts is not None:
            arrays = [array.astype(dtype_of(text), copy=False) for array, text in zip(arrays, texts)]
        sizes, outer = self._sizes(arrays)
        results = given or [self._new(axes, text, sizes, outer) for axes, text in zip(self.outputs, self._result_texts(texts))]
        self._run(arrays, results, outer, texts)
        return results[0] if self.nout == 1 else tuple(results)

    def _result_texts(self, texts):
        if texts is None:
            raise TypeError(f"{self.__name__}() has no signatures that tell the types of its results: pass arrays for them")
        return texts[self.nin:]

    def _sizes(self, arrays):
        """The size of each named axis, and the shape of what stands in front of them."""
        sizes, fronts = {}, []
        for array, axes in zip(arrays, self.inputs):
            if array.ndim < len(axes):
                raise ValueError(f"{self.__name__}(): an argument has {array.ndim} axes, and '{self.signature}' asks for {len(axes)}")
            front = array.ndim - len(axes)
            fronts.append(array.shape[:front])
            for axis, size in zip(axes, array.shape[front:]):
                if sizes.setdefault(axis, size) != size:
                    raise ValueError(f"{self.__name__}(): axis {axis} of '{self.signature}' has sizes {sizes[axis]} and {size}")
        return sizes, np.broadcast_shapes(*fronts)

    def _new(self, axes, text, sizes, outer):
        missing = [axis for axis in axes if axis not in sizes]
        if missing:
            raise ValueError(f"{self.__name__}(): the size of axis {missing[0]} is not known: pass an array for the result")
        return np.empty(outer + tuple(sizes[axis] for axis in axes), dtype_of(text))

    def _run(self, arrays, results, outer, texts):
        """All axes in front are one for the loop."""
        count = int(np.prod(outer, dtype=np.int64))
        flat = [np.broadcast_to(array, outer + array.shape[array.ndim - len(axes):]).reshape((count, *array.shape[array.ndim - len(axes):]))
                for array, axes in zip(arrays, self.inputs)]
        flat_results = [result.reshape((count, *result.shape[result.ndim - len(axes):])) for result, axes in zip(results, self.outputs)]
        as_arrays = tuple(text is not None and "[" in text for text in (texts[:self.nin] if texts else [None] * self.nin))
        self._loop(as_arrays)(*flat, *flat_results)
        for result, kept in zip(results, flat_results):
            if not np.shares_memory(result, kept):
                result[...] = kept.reshape(result.shape)

    def _loop(self, as_arrays):
        if as_arrays not in self._loops:
            whole = [bool(axes) for axes in self.inputs + self.outputs]
            one = [*as_arrays, *[True] * self.nout]  # numbers that the function has as arrays
            self._loops[as_arrays] = self._make_loop([whole[k] or not one[k] for k in range(self.nin + self.nout)])
        return self._loops[as_arrays]

    def _make_loop(self, indexed):
        """A function of all arrays. `indexed`: of which of them the function has x[i], and not x[i:i + 1]."""

        def loop(*arrays):
            for i in range(len(arrays[0])):
                self.py_func(*(array[i] if index else array[i:i + 1] for array, index in zip(arrays, indexed)))

        return loop


def _axes_of(layout):
    left, arrow, right = layout.replace(" ", "").partition("->")
    sides = [[tuple(filter(None, group.split(","))) for group in _GROUP.findall(side)] for side in (left, right)]
    if not arrow or not all(sides):
        raise ValueError(f"not a layout like '(n),()->(n)': '{layout}'")
    return sides
