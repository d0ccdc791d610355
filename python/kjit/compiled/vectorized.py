"""@vectorize: a kernel of numbers becomes a function of arrays, with NumPy's broadcasting."""

import functools

import numpy as np

from kjit.compiled.decorators import jit
from kjit.compiled.kernel import make_kernel
from kjit.compiled.signatures import argument_lists
from kjit.compiled.source import Source

DTYPES = {
    "bool": "bool", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "u8": "uint8", "u16": "uint16", "u32": "uint32", "u64": "uint64",
    "f32": "float32", "f64": "float64", "c64": "complex64", "c128": "complex128"
}
_TEXTS = {np.dtype(name): text for text, name in DTYPES.items()}


def vectorize(signatures=None, *, target="cpu", identity=None, **options):
    """@vectorize, @vectorize(["float64(float64, float64)"]), target "cpu" or "parallel"."""
    if target not in ("cpu", "parallel"):
        raise ValueError(f"vectorize() target is 'cpu' or 'parallel', not '{target}'")

    def decorate(function):
        return Vectorized(function, [] if signatures is None else argument_lists(signatures), target == "parallel", identity, options)

    if hasattr(signatures, "__code__"):
        function, signatures = signatures, None
        return decorate(function)
    return decorate


class Vectorized:
    """Called like a ufunc of NumPy: arrays, numbers, out=."""

    nout = 1

    def __init__(self, function, signatures, parallel, identity, options):
        functools.update_wrapper(self, function)
        self.py_func = function
        self.identity = identity
        self.nin = function.__code__.co_argcount
        self.parallel = parallel
        self._declared = [tuple(texts) for texts in signatures]
        self._options = {name: value for name, value in options.items() if name != "nopython"}
        self._scalar = jit(**self._options)(function)
        self._loops = {}  # rank -> kernel
        for texts in self._declared:
            self._scalar._specialise(texts)

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
        if len(args) != self.nin:
            raise TypeError(f"{self.__name__}() takes {self.nin} arguments, not {len(args)}")
        arrays = self._converted([np.asarray(arg) for arg in args], args)
        result_type = self._result_type(arrays)
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
        if not shape and out is None:
            return result_type.type(self._scalar(*(array[()] for array in arrays)))
        result = np.empty(shape, result_type) if out is None else out
        self._run(result, [np.broadcast_to(array, result.shape) for array in arrays])
        return result

    def _converted(self, arrays, given):
        """As the first declared signature wants them that holds them without loss, else as they are: Python's numbers are weak."""
        for texts in self._declared:
            types = [np.dtype(DTYPES[text]) for text in texts]
            if all(np.can_cast(array.dtype, type_, "safe") or is_weak(arg, type_) for array, arg, type_ in zip(arrays, given, types)):
                return [array.astype(type_, copy=False) for array, type_ in zip(arrays, types)]
        if self._declared:
            raise TypeError(f"{self.__name__}() is declared for no arguments of these types: "
                            f"{', '.join(str(array.dtype) for array in arrays)}")
        return arrays

    def _result_type(self, arrays):
        for array in arrays:
            if array.dtype not in _TEXTS:
                raise TypeError(f"{self.__name__}(): kernels have no numbers of type {array.dtype}")
        types = tuple(_TEXTS[array.dtype] for array in arrays)
        known = {form[0]: form[2] for form in self._scalar._forms()}
        if types not in known:
            self._scalar._specialise(types)
            known = {form[0]: form[2] for form in self._scalar._forms()}
        if known[types] not in DTYPES:
            raise TypeError(f"{self.__name__}() returns {known[types]}, which is no element of an array")
        return np.dtype(DTYPES[known[types]])

    def _run(self, result, arrays):
        if result.ndim == 0:
            result[()] = self._scalar(*(array[()] for array in arrays))
        elif all(array.flags.c_contiguous for array in (result, *arrays)):
            self._loop(1)(result.reshape(-1), *(array.reshape(-1) for array in arrays))
        else:
            self._loop(result.ndim)(result, *arrays)

    def _loop(self, rank):
        if rank not in self._loops:
            self._loops[rank] = _loop_kernel(self, rank)
        return self._loops[rank]

    # What NumPy offers besides calls, element by element: right, and slower.
    def _slow(self):
        return np.frompyfunc(self._scalar, self.nin, 1) if self.identity is None else np.frompyfunc(
            self._scalar, self.nin, 1, identity=self.identity)

    def reduce(self, array, axis=0, **options):
        return _typed(self._slow().reduce(array, axis, **options))

    def accumulate(self, array, axis=0):
        return _typed(self._slow().accumulate(array, axis))

    def outer(self, a, b):
        a, b = np.asarray(a), np.asarray(b)
        return self(a.reshape(a.shape + (1,) * b.ndim), b)

    def __reduce__(self):
        return _restore, (jit(**self._options)(self.py_func), self._declared, self.parallel, self.identity, self._options)


def _restore(kernel, declared, parallel, identity, options):
    result = Vectorized.__new__(Vectorized)
    Vectorized.__init__(result, kernel.py_func, [], parallel, identity, options)
    result._scalar, result._declared = kernel, declared
    return result


def is_weak(value, type_):
    """May Python's own number become this type?"""
    kinds = {bool: "biufc", int: "iufc", float: "fc", complex: "c"}
    return type_.kind in kinds.get(type(value), "")


def _typed(value):
    if not isinstance(value, np.ndarray):
        return value
    return np.array(value.tolist())


def _loop_kernel(vectorized, rank):
    """for i0 in ...: for i1 in ...: result[i0, i1] = scalar(x0[i0, i1], ...)"""
    names = [f"x{k}" for k in range(vectorized.nin)]
    index = ", ".join(f"i{axis}" for axis in range(rank))
    lines = [f"def loop(result, {', '.join(names)}):\n"]
    for axis in range(rank):
        loop = "prange" if axis == 0 and vectorized.parallel else "range"
        lines.append(f"{'    ' * (axis + 1)}for i{axis} in {loop}(result.shape[{axis}]):\n")
    lines.append(f"{'    ' * (rank + 1)}result[{index}] = scalar({', '.join(f'{name}[{index}]' for name in names)})\n")
    from kjit import prange
    variables = {"scalar": vectorized._scalar, "prange": prange, "__name__": vectorized.__module__}
    exec("".join(lines), variables)
    options = dict(vectorized._options, parallel=vectorized.parallel)
    return make_kernel(variables["loop"], options, Source(lines, 1, f"<vectorize of {vectorized.__name__}>"))
