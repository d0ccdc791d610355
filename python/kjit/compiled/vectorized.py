"""@vectorize: a kernel of numbers becomes a function of arrays, with NumPy's broadcasting."""

import functools

import numpy as np

from kjit.compiled import pickling
from kjit.compiled.decorators import jit
from kjit.compiled.kernel import make_kernel
from kjit.compiled.signatures import argument_lists
from kjit.compiled.source import Source
from kjit.elementwise import DTYPES, TEXTS, UfuncMethods, check_target, declared_for, dtype_of

def vectorize(signatures=None, *, target="cpu", identity=None, **options):
    """@vectorize, @vectorize(["float64(float64, float64)"]), target "cpu" or "parallel"."""
    check_target("vectorize", target)

    def decorate(function):
        return Vectorized(function, [] if signatures is None else argument_lists(signatures), target == "parallel", identity, options)

    if hasattr(signatures, "__code__"):
        function, signatures = signatures, None
        return decorate(function)
    return decorate


class Vectorized(UfuncMethods, pickling.ByNameOrState):
    """Called like a ufunc of NumPy: arrays, numbers, out=."""

    def __init__(self, function, signatures, parallel, identity, options):
        declared = [tuple(texts) for texts in signatures]
        options = {name: value for name, value in options.items() if name != "nopython"}
        self.__setstate__((jit(**options)(function), declared, parallel, identity, options))
        for texts in declared:
            self._scalar._specialise(texts)

    def __getstate__(self):
        return self._scalar, self._declared, self.parallel, self.identity, self._options

    def __setstate__(self, state):
        self._scalar, self._declared, self.parallel, self.identity, self._options = state
        functools.update_wrapper(self, self._scalar, updated=())
        self.py_func, self._function = self._scalar.py_func, self._scalar
        self.nin = self.py_func.__code__.co_argcount
        self._loops = {}  # (rank, which arguments are arrays) -> kernel
        self._plans = {}  # kinds of arguments -> _Plan

    # For kernels that call it: the function of numbers.
    @property
    def options(self):
        return self._scalar.options

    @property
    def source(self):
        return self._scalar.source

    @property
    def types(self):
        return [f"{', '.join(types)} -> {result}" for types, _, result, _ in self._scalar._forms()]

    def __call__(self, *args, out=None):
        if out is None:
            kinds = tuple([arg.dtype if type(arg) is np.ndarray else type(arg) for arg in args])
            plan = self._plans.get(kinds)
            if plan is None or plan.version != self._scalar._version():
                plan = self._plan_for(kinds)
            if plan is not None:
                result = plan.run(args)
                if result is not None:
                    return result
        return self._call(args, out[0] if isinstance(out, tuple) else out)

    def _call(self, args, out):
        """With all that NumPy has: lists, broadcasting, any strides, a given result."""
        if len(args) != self.nin:
            raise TypeError(f"{self.__name__}() takes {self.nin} arguments, not {len(args)}")
        arrays = [np.asarray(arg) for arg in args]
        types = self._types_for([array.dtype for array in arrays], [type(arg) for arg in args])
        arrays = [array.astype(type_, copy=False) for array, type_ in zip(arrays, types)]
        result_type = self._result_type(types)
        shape = _common_shape(arrays) if out is None else out.shape
        if not shape and out is None:
            return result_type.type(self._scalar(*(array[()] for array in arrays)))
        result = np.empty(shape, result_type) if out is None else out
        self._run(result, [_spread(array, shape) for array in arrays])
        return result

    def _types_for(self, types, kinds):
        """As they are, if nothing is declared."""
        texts = declared_for(self.__name__, self._declared, types, kinds)
        return types if texts is None else [dtype_of(text) for text in texts]

    def _result_type(self, types):
        for type_ in types:
            if type_ not in TEXTS:
                raise TypeError(f"{self.__name__}(): kernels have no numbers of type {type_}")
        result = self._scalar._specialise(tuple(TEXTS[type_] for type_ in types))[1]
        if result not in DTYPES:
            raise TypeError(f"{self.__name__}() returns {result}, which is no element of an array")
        return dtype_of(result)

    def _run(self, result, args):
        """`args` are numbers, and arrays of the result's shape."""
        arrays = tuple(isinstance(arg, np.ndarray) for arg in args)
        if result.ndim == 0:
            result[()] = self._scalar(*args)
        elif result.ndim > 1 and all(arg.flags.c_contiguous for arg, is_array in zip((result, *args), (True, *arrays)) if is_array):
            flat = [arg.reshape(-1) if is_array else arg for arg, is_array in zip(args, arrays)]
            self._loop(1, arrays)(result.reshape(-1), *flat)
        else:
            self._loop(result.ndim, arrays)(result, *args)

    def _loop(self, rank, arrays):
        if (rank, arrays) not in self._loops:
            self._loops[rank, arrays] = _loop_kernel(self, rank, arrays)
        return self._loops[rank, arrays]

    def _plan_for(self, kinds):
        """None: what an argument becomes depends on its value, or there is a mistake, which is not told here."""
        if len(kinds) != self.nin or not all(isinstance(kind, np.dtype) or kind in _NUMBERS or issubclass(kind, np.generic) for kind in kinds):
            return None
        types = [kind if isinstance(kind, np.dtype) else np.dtype(kind) for kind in kinds]
        version = self._scalar._version()
        try:
            wanted = self._types_for(types, kinds)
            result_type = self._result_type(wanted)
        except TypeError:
            return None
        plan = self._plans[kinds] = _Plan(self, version, kinds, types, wanted, result_type)
        return plan


def _common_shape(arrays):
    """np.broadcast is quick, and for few."""
    return np.broadcast(*arrays).shape if len(arrays) <= 32 else np.broadcast_shapes(*(array.shape for array in arrays))


def _spread(array, shape):
    if array.ndim == 0:
        return array[()]
    return array if array.shape == shape else np.broadcast_to(array, shape)


class _Plan:
    """How calls with arguments of certain kinds are done, if their arrays have one shape. Valid as long as the function is this version."""

    def __init__(self, vectorized, version, kinds, types, wanted, result_type):
        self.version = version
        self._vectorized = vectorized
        self._scalar = vectorized._scalar
        self._result_type = result_type
        self._conversions = [(k, want) for k, (type_, want) in enumerate(zip(types, wanted)) if type_ != want]
        self._is_array = tuple(isinstance(kind, np.dtype) for kind in kinds)
        self._arrays = [k for k, is_array in enumerate(self._is_array) if is_array]
        self._integers = [k for k, kind in enumerate(kinds) if kind is int]
        self._loop = vectorized._loop(1, self._is_array) if self._arrays else None

    def run(self, args):
        """None: not for these shapes and values."""
        for k in self._integers:
            if not -2**63 <= args[k] < 2**63:
                return None
        if self._conversions:
            args = list(args)
            for k, want in self._conversions:
                args[k] = args[k].astype(want) if self._is_array[k] else want.type(args[k])
        if not self._arrays:
            return self._result_type.type(self._scalar(*args))
        shape = args[self._arrays[0]].shape
        for k in self._arrays:
            if args[k].shape != shape:
                return None
        if len(shape) != 1:
            return self._run(shape, args)
        result = np.empty(shape, self._result_type)
        self._loop(result, *args)
        return result

    def _run(self, shape, args):
        if not shape:
            return None
        result = np.empty(shape, self._result_type)
        self._vectorized._run(result, args)
        return result


_NUMBERS = (bool, int, float, complex)


def _loop_kernel(vectorized, rank, arrays):
    """for i0 in ...: for i1 in ...: result[i0, i1] = scalar(x0[i0, i1], x1, ...)"""
    names = [f"x{k}" for k in range(vectorized.nin)]
    index = ", ".join(f"i{axis}" for axis in range(rank))
    lines = [f"def loop(result, {', '.join(names)}):\n"]
    for axis in range(rank):
        loop = "prange" if axis == 0 and vectorized.parallel else "range"
        lines.append(f"{'    ' * (axis + 1)}for i{axis} in {loop}(result.shape[{axis}]):\n")
    values = ", ".join(f"{name}[{index}]" if is_array else name for name, is_array in zip(names, arrays))
    lines.append(f"{'    ' * (rank + 1)}result[{index}] = scalar({values})\n")
    from kjit import prange
    variables = {"scalar": vectorized._scalar, "prange": prange, "__name__": vectorized.__module__}
    exec("".join(lines), variables)
    options = dict(vectorized._options, parallel=vectorized.parallel)
    return make_kernel(variables["loop"], options, Source(lines, 1, f"<vectorize of {vectorized.__name__}>"))
