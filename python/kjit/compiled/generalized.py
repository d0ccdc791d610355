"""@guvectorize: a kernel over some axes of its arrays becomes a function over arrays with more of them."""

import functools
import re

import numpy as np

from kjit.compiled.decorators import jit
from kjit.compiled.kernel import make_kernel
from kjit.compiled.signatures import argument_lists
from kjit.compiled.source import Source
from kjit.compiled.vectorized import DTYPES, is_weak

_GROUP = re.compile(r"\(([^()]*)\)")


def guvectorize(signatures, layout=None, *, target="cpu", **options):
    """@guvectorize(["void(float64[:], float64, float64[:])"], "(n),()->(n)"); without signatures: @guvectorize("(n),()->(n)"), and
    the results are passed."""
    if target not in ("cpu", "parallel"):
        raise ValueError(f"guvectorize() target is 'cpu' or 'parallel', not '{target}'")
    if layout is None:
        signatures, layout = [], signatures

    def decorate(function):
        return Generalized(function, argument_lists(signatures), layout, target == "parallel", options)

    return decorate


class Generalized:
    """Called like a generalised ufunc of NumPy. The kernel gets its results as arrays, also those of one element."""

    def __init__(self, function, signatures, layout, parallel, options):
        functools.update_wrapper(self, function)
        self.py_func = function
        self.signature = layout
        self.inputs, self.outputs = _axes_of(layout)
        self.nin, self.nout = len(self.inputs), len(self.outputs)
        if function.__code__.co_argcount != self.nin + self.nout:
            raise TypeError(f"{self.__name__}() has {function.__code__.co_argcount} parameters, and the layout '{layout}' "
                            f"{self.nin + self.nout}")
        self._declared = [tuple(texts) for texts in signatures]
        self._parallel = parallel
        self._options = {name: value for name, value in options.items() if name not in ("nopython", "writable_args")}
        self._kernel = jit(**self._options)(function)
        self._loops = {}
        for texts in self._declared:
            self._kernel._specialise(tuple(_as_called(text, axes) for text, axes in zip(texts, self.inputs + self.outputs)))

    def __call__(self, *args, out=None):
        given = list(args[self.nin:]) or ([out] if isinstance(out, np.ndarray) else list(out or []))
        if len(args) not in (self.nin, self.nin + self.nout) or len(given) not in (0, self.nout):
            raise TypeError(f"{self.__name__}() takes {self.nin} arguments and {self.nout} results, not {len(args)}")
        arrays = [np.asarray(arg) for arg in args[:self.nin]]
        texts = self._texts_for(arrays, args)
        if texts is not None:
            arrays = [array.astype(_dtype(text), copy=False) for array, text in zip(arrays, texts)]
        sizes, outer = self._sizes(arrays)
        results = given or [self._new(axes, text, sizes, outer) for axes, text in zip(self.outputs, self._result_texts(texts))]
        self._run(arrays, results, sizes, outer, texts)
        return results[0] if self.nout == 1 else tuple(results)

    def _texts_for(self, arrays, args):
        for texts in self._declared:
            types = [_dtype(text) for text in texts[:self.nin]]
            if all(np.can_cast(array.dtype, type_, "safe") or is_weak(arg, type_) for array, arg, type_ in zip(arrays, args, types)):
                return texts
        if self._declared:
            raise TypeError(f"{self.__name__}() is declared for no arguments of these types: {', '.join(str(a.dtype) for a in arrays)}")
        return None

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
        return np.empty(outer + tuple(sizes[axis] for axis in axes), _dtype(text))

    def _run(self, arrays, results, sizes, outer, texts):
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
            self._loops[as_arrays] = self._make_loop(as_arrays)
        return self._loops[as_arrays]

    def _make_loop(self, as_arrays):
        names = [f"x{k}" for k in range(self.nin + self.nout)]
        whole = [bool(axes) for axes in self.inputs + self.outputs]
        one = [*as_arrays, *[True] * self.nout]  # numbers that the kernel has as arrays
        parts = [f"{name}[i]" if whole[k] or not one[k] else f"{name}[i:i + 1]" for k, name in enumerate(names)]
        loop = "prange" if self._parallel else "range"
        lines = [f"def loop({', '.join(names)}):\n", f"    for i in {loop}({names[0]}.shape[0]):\n", f"        kernel({', '.join(parts)})\n"]
        from kjit import prange
        variables = {"kernel": self._kernel, "prange": prange, "__name__": self.__module__}
        exec("".join(lines), variables)
        options = dict(self._options, parallel=self._parallel)
        return make_kernel(variables["loop"], options, Source(lines, 1, f"<guvectorize of {self.__name__}>"))


def _axes_of(layout):
    left, arrow, right = layout.replace(" ", "").partition("->")
    sides = [[tuple(filter(None, group.split(","))) for group in _GROUP.findall(side)] for side in (left, right)]
    if not arrow or not all(sides):
        raise ValueError(f"not a layout like '(n),()->(n)': '{layout}'")
    return sides


def _dtype(text):
    return np.dtype(DTYPES[text.partition("[")[0]])


def _as_called(text, axes):
    """Results are views of rows; numbers that are declared as arrays have one element."""
    if "[" not in text:
        return text
    return text.partition("[")[0] + ("[" + ", ".join([":"] * (len(axes) - 1) + ["::1"]) + "]" if axes else "[::1]")
