"""@guvectorize without the engine, and what it has in common with it: layouts, sizes, results."""

import functools
import math
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
        self._chosen = {}

    def __call__(self, *args, out=None):
        given = list(args[self.nin:]) or ([out] if isinstance(out, np.ndarray) else list(out or []))
        if len(args) not in (self.nin, self.nin + self.nout) or len(given) not in (0, self.nout):
            raise TypeError(f"{self.__name__}() takes {self.nin} arguments and {self.nout} results, not {len(args)}")
        inputs = args[:self.nin]
        texts, types = self._declared_for(inputs)
        arrays = [arg if type(arg) is np.ndarray and arg.dtype == type_ else np.asarray(arg, type_) for arg, type_ in zip(inputs, types)]
        sizes, outer = self._sizes(arrays)
        results = given or [self._new(axes, text, sizes, outer) for axes, text in zip(self.outputs, self._result_texts(texts))]
        self._run(arrays, results, outer, texts)
        return results[0] if self.nout == 1 else tuple(results)

    def _declared_for(self, inputs):
        """Texts of the signature, and types of the arrays; for the same kinds of arguments the same."""
        kinds = tuple([arg.dtype if type(arg) is np.ndarray else type(arg) for arg in inputs])
        found = self._chosen.get(kinds)
        if found is None:
            types = [np.asarray(arg).dtype for arg in inputs]
            texts = declared_for(self.__name__, self._declared, types, [type(arg) for arg in inputs])
            found = texts, types if texts is None else [dtype_of(text) for text in texts[:self.nin]]
            if all(isinstance(kind, np.dtype) or issubclass(kind, (float, complex, np.generic)) for kind in kinds):
                self._chosen[kinds] = found
        return found

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
        different = set(fronts) - {()}
        return sizes, np.broadcast_shapes(*different) if len(different) > 1 else next(iter(different), ())

    def _new(self, axes, text, sizes, outer):
        missing = [axis for axis in axes if axis not in sizes]
        if missing:
            raise ValueError(f"{self.__name__}(): the size of axis {missing[0]} is not known: pass an array for the result")
        return np.empty(outer + tuple(sizes[axis] for axis in axes), dtype_of(text))

    def _run(self, arrays, results, outer, texts):
        """All axes in front are one for the loop; what has none is the same in each iteration."""
        count = math.prod(outer)
        values, forms = [], []
        for k, (array, axes) in enumerate(zip(arrays, self.inputs)):
            is_array = bool(axes) or texts is not None and "[" in texts[k]
            moves = array.ndim > len(axes)
            if moves:
                array = _in_one(array if array.shape[:array.ndim - len(axes)] == outer else _spread(array, axes, outer), axes, outer, count)
            elif not axes:
                array = array.reshape(1) if is_array else array[()]
            values.append(array)
            forms.append((moves, bool(axes) or not is_array))
        for result, axes in zip(results, self.outputs):
            if result.shape[:result.ndim - len(axes)] != outer:
                raise ValueError(f"{self.__name__}(): the array for a result has the shape {result.shape}, and not {outer} in front")
            values.append(_in_one(result, axes, outer, count) if outer else result if axes else result.reshape(1))
            forms.append((bool(outer), bool(axes)))
        self._loop(tuple(forms))(*values)
        for result, kept in zip(results, values[self.nin:]):
            if kept is not result and not np.shares_memory(result, kept):
                result[...] = kept.reshape(result.shape)

    def _loop(self, forms):
        if forms not in self._loops:
            self._loops[forms] = self._make_loop(forms)
        return self._loops[forms]

    def _make_loop(self, forms):
        """A function of all arrays. `forms`: of each whether the function has a part of it, and x[i], not x[i:i + 1]."""

        def loop(*arrays):
            if not any(moves for moves, _ in forms):
                return self.py_func(*arrays)
            count = next(len(array) for array, (moves, _) in zip(arrays, forms) if moves)
            for i in range(count):
                self.py_func(*(array if not moves else array[i] if index else array[i:i + 1] for array, (moves, index) in zip(arrays, forms)))

        return loop


def _spread(array, axes, outer):
    return np.broadcast_to(array, outer + array.shape[array.ndim - len(axes):])


def _in_one(array, axes, outer, count):
    return array if len(outer) == 1 else array.reshape((count, *array.shape[array.ndim - len(axes):]))


def _axes_of(layout):
    left, arrow, right = layout.replace(" ", "").partition("->")
    sides = [[tuple(filter(None, group.split(","))) for group in _GROUP.findall(side)] for side in (left, right)]
    if not arrow or not all(sides):
        raise ValueError(f"not a layout like '(n),()->(n)': '{layout}'")
    return sides
