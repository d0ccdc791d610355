"""@vectorize without the engine, and what it has in common with it: which types the elements get."""

import functools

import numpy as np

DTYPES = {
    "bool": "bool", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "u8": "uint8", "u16": "uint16", "u32": "uint32", "u64": "uint64",
    "f32": "float32", "f64": "float64", "c64": "complex64", "c128": "complex128"
}
TEXTS = {np.dtype(name): text for text, name in DTYPES.items()}
_WEAK = {bool: "biufc", int: "iufc", float: "fc", complex: "c"}


def is_weak(kind, type_):
    """May a number of Python's own become this type?"""
    return type_.kind in _WEAK.get(kind, "")


def dtype_of(text):
    """Of an element type, or of arrays of it."""
    return np.dtype(DTYPES[text.partition("[")[0]])


def declared_for(name, declared, types, kinds):
    """The texts of the first declared signature that holds arguments of these types without loss; None if nothing is declared."""
    for texts in declared:
        wanted = map(dtype_of, texts)
        if all(np.can_cast(type_, want, "safe") or is_weak(kind, want) for type_, kind, want in zip(types, kinds, wanted)):
            return texts
    if declared:
        raise TypeError(f"{name}() is declared for no arguments of these types: {', '.join(map(str, types))}")
    return None


def check_target(decorator, target):
    if target not in ("cpu", "parallel"):
        raise ValueError(f"{decorator}() target is 'cpu' or 'parallel', not '{target}'")


def typed(value):
    """NumPy's array of objects, with the type that its numbers have together."""
    return np.array(value.tolist()) if isinstance(value, np.ndarray) else value


class UfuncMethods:
    """What NumPy offers besides calls, element by element: right, and slower. Over nin, identity and _function."""

    nout = 1

    def _slow(self):
        options = {} if self.identity is None else {"identity": self.identity}
        return np.frompyfunc(self._function, self.nin, 1, **options)

    def reduce(self, array, axis=0, **options):
        return typed(self._slow().reduce(array, axis, **options))

    def accumulate(self, array, axis=0):
        return typed(self._slow().accumulate(array, axis))

    def outer(self, a, b):
        a, b = np.asarray(a), np.asarray(b)
        return self(a.reshape(a.shape + (1,) * b.ndim), b)


class Interpreted(UfuncMethods):
    """The function itself is called for each element."""

    def __init__(self, function, declared, identity):
        functools.update_wrapper(self, function)
        self.py_func = self._function = function
        self.identity = identity
        self.nin = function.__code__.co_argcount
        self._declared = declared
        self.types = []

    def __call__(self, *args, out=None):
        if len(args) != self.nin:
            raise TypeError(f"{self.__name__}() takes {self.nin} arguments, not {len(args)}")
        arrays = [np.asarray(arg) for arg in args]
        texts = declared_for(self.__name__, self._declared, [array.dtype for array in arrays], [type(arg) for arg in args])
        if texts is not None:
            arrays = [array.astype(dtype_of(text), copy=False) for array, text in zip(arrays, texts)]
        result = np.asarray(typed(self._slow()(*(array.astype(object) for array in arrays))))
        if out is None:
            return result[()]
        out = out[0] if isinstance(out, tuple) else out
        out[...] = result
        return out
