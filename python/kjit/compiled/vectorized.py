"""@vectorize: a kernel of numbers becomes a function of arrays, with NumPy's broadcasting."""

import functools

import numpy as np

from kjit import _engine
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
        self._loops = {}  # (rank, forms of the arguments) -> kernel
        self._plans = {}  # kinds of arguments -> _Plan
        self._quick = {}  # those of them that the extension follows itself

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
            result = _engine.spread(self._quick, self._scalar, args)
            if result is not None:
                return result
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
        self._run(result, arrays)
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
        """`args` are numbers, and arrays that spread to the result's shape."""
        args = [arg[()] if isinstance(arg, np.ndarray) and arg.ndim == 0 else arg for arg in args]
        forms = tuple([_form_of(arg, result.shape) for arg in args])
        if result.ndim == 0:
            result[()] = self._scalar(*args)
        elif self._is_flat(result, args, forms):
            flat = [arg if form is None else arg.reshape(-1) for arg, form in zip(args, forms)]
            self._loop(1, tuple([form and (True, ) for form in forms]))(result.reshape(-1), *flat)
        else:
            self._loop(result.ndim, forms)(result, *args)

    def _is_flat(self, result, args, forms):
        """Is one loop over all elements possible, and better? It is where many rows are short."""
        if not self._may_be_flat(result.shape, result.size):
            return False
        whole = (True, ) * result.ndim
        return result.flags.c_contiguous and all(form is None or form == whole and arg.flags.c_contiguous for arg, form in zip(args, forms))

    def _may_be_flat(self, shape, size):
        return len(shape) > 1 and size >= _MANY and (self.parallel or shape[-1] < _LONG_ROW)

    def _loop(self, rank, forms):
        if (rank, forms) not in self._loops:
            self._loops[rank, forms] = _loop_kernel(self, rank, forms)
        return self._loops[rank, forms]

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
        if types == wanted:
            self._quick[kinds] = version, result_type, plan.loops
        return plan


_LONG_ROW, _MANY = 32, 2048  # elements; the latter also in the extension


def _common_shape(arrays):
    """np.broadcast is quick, and for few."""
    return np.broadcast(*arrays).shape if len(arrays) <= 32 else np.broadcast_shapes(*(array.shape for array in arrays))


def _form_of(arg, shape):
    """None: a number. Else for each axis of the array whether it moves with the result's; one of one element need not."""
    if not isinstance(arg, np.ndarray):
        return None
    if arg.shape == shape:
        return (True, ) * len(shape)
    front = len(shape) - arg.ndim
    form = tuple([size == wanted for size, wanted in zip(arg.shape, shape[front:])])
    if front < 0 or any(size != 1 and not moves for size, moves in zip(arg.shape, form)):
        raise ValueError(f"operands could not be broadcast together with shapes {arg.shape} {shape}")
    return form


class _Plan:
    """How calls with arguments of certain kinds are done. Valid as long as the function is this version."""

    def __init__(self, vectorized, version, kinds, types, wanted, result_type):
        self.version = version
        self._vectorized = vectorized
        self._scalar = vectorized._scalar
        self._result_type = result_type
        self._conversions = [(k, want) for k, (type_, want) in enumerate(zip(types, wanted)) if type_ != want]
        self._is_array = tuple(isinstance(kind, np.dtype) for kind in kinds)
        self._arrays = [k for k, is_array in enumerate(self._is_array) if is_array]
        self._integers = [k for k, kind in enumerate(kinds) if kind is int]
        self.loops = [None]  # for each rank the kernel for arrays of one shape

    def run(self, args):
        """None: not for these values."""
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
                return self._spread(args)
        rank = len(shape)
        if rank != 1 and (not rank or self._vectorized._may_be_flat(shape, args[self._arrays[0]].size)):
            return self._spread(args)
        result = np.empty(shape, self._result_type)
        self._loop(rank)(result, *args)
        return result

    def _loop(self, rank):
        self.loops.extend([None] * (rank + 1 - len(self.loops)))
        if self.loops[rank] is None:
            self.loops[rank] = self._vectorized._loop(rank, tuple((True, ) * rank if is_array else None for is_array in self._is_array))
        return self.loops[rank]

    def _spread(self, args):
        shape = _common_shape([args[k] for k in self._arrays])
        if not shape:
            return self._result_type.type(self._scalar(*[arg[()] if isinstance(arg, np.ndarray) else arg for arg in args]))
        result = np.empty(shape, self._result_type)
        self._vectorized._run(result, args)
        return result


_NUMBERS = (bool, int, float, complex)


def _loop_kernel(vectorized, rank, forms):
    """for i0 in ...: for i1 in ...: result[i0, i1] = scalar(x0[i0, i1], x1, x2[0, i1], ...)"""
    names = [f"x{k}" for k in range(vectorized.nin)]
    lines = [f"def loop(result, {', '.join(names)}):\n"]
    for axis in range(rank):
        loop = "prange" if axis == 0 and vectorized.parallel else "range"
        lines.append(f"{'    ' * (axis + 1)}for i{axis} in {loop}(result.shape[{axis}]):\n")
    values = ", ".join(name + _index(form, rank) for name, form in zip(names, forms))
    lines.append(f"{'    ' * (rank + 1)}result{_index((True, ) * rank, rank)} = scalar({values})\n")
    from kjit import prange
    variables = {"scalar": vectorized._scalar, "prange": prange, "__name__": vectorized.__module__}
    exec("".join(lines), variables)
    options = dict(vectorized._options, parallel=vectorized.parallel)
    return make_kernel(variables["loop"], options, Source(lines, 1, f"<vectorize of {vectorized.__name__}>"))


def _index(form, rank):
    if form is None:
        return ""
    return "[" + ", ".join(f"i{rank - len(form) + axis}" if moves else "0" for axis, moves in enumerate(form)) + "]"
