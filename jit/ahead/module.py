"""Kernels compiled ahead of time by kjit, as Python functions: needs NumPy and the shared library beside this file, no kjit.

Arguments are checked as they are on the command line of kjit: arrays must have the element type, the number of axes and the layout that the
kernel was built for, and are passed without copies; numbers must fit. Overloads are chosen by the arguments' types. A kernel that fails raises
Python's exception; the kernel's traceback is in its notes (Python 3.11). What a kernel prints goes to sys.stdout.

Thread rules: calls release Python's lock, so they run at the same time on several threads. Arrays that a kernel changes are the caller's to
guard. `kernel.options(threads=1, seed=3)` is the same kernel with other options; the default is all processors and seed 0.
"""

import builtins as _builtins
import ctypes as _ctypes
import os as _os
import sys as _sys
import threading as _threading
import weakref as _weakref

import numpy as _np


class _Options(_ctypes.Structure):  # kjit_rt_options of kjit/rt.h
    _fields_ = [("seed", _ctypes.c_uint64), ("stream", _ctypes.c_int64), ("threads", _ctypes.c_int32), ("reserved", _ctypes.c_int32),
                ("stop", _ctypes.c_void_p), ("write", _ctypes.c_void_p), ("user", _ctypes.c_void_p)]


class _Text(_ctypes.Structure):  # kjit_rt_text
    _fields_ = [("data", _ctypes.c_void_p), ("size", _ctypes.c_int64), ("owner", _ctypes.c_void_p)]


def _array_struct(rank):
    fields = [("data", _ctypes.c_void_p), ("owner", _ctypes.c_void_p), ("shape", _ctypes.c_int64 * rank), ("strides", _ctypes.c_int64 * rank)]
    return type(f"_Array{rank}", (_ctypes.Structure,), {"_fields_": fields})


_C_TYPES = {"bool": _ctypes.c_bool, "i8": _ctypes.c_int8, "i16": _ctypes.c_int16, "i32": _ctypes.c_int32, "i64": _ctypes.c_int64,
            "u8": _ctypes.c_uint8, "u16": _ctypes.c_uint16, "u32": _ctypes.c_uint32, "u64": _ctypes.c_uint64,
            "f32": _ctypes.c_float, "f64": _ctypes.c_double}
_DTYPES = {"bool": "bool", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "u8": "uint8", "u16": "uint16", "u32": "uint32",
           "u64": "uint64", "f32": "float32", "f64": "float64", "c64": "complex64", "c128": "complex128"}
_PYTHONS = {"bool": bool, "i64": int, "f64": float, "c128": complex}  # what kernels' values are outside; the others are NumPy's scalars


class _Refused(TypeError):
    """The arguments are not for this overload."""


class _DoesNotFit(_Refused):
    """A number that is too large for this overload: another may have room for it."""


# How a value of a type is passed and returned. A type is "i64", "str", None, ["f64", rank, contiguous, written] or a tuple of types.

def _words(type_, value, name, keep):
    """The value as C's arguments, appended to `keep`."""
    if type_ is None:
        if value is not None:
            raise _Refused(f"{name} must be None")
    elif isinstance(type_, tuple):
        if not isinstance(value, tuple) or len(value) != len(type_):
            raise _Refused(f"{name} must be a tuple of {len(type_)}, not {_kind(value)}")
        for index, (each, part) in enumerate(zip(type_, value)):
            _words(each, part, f"{name}[{index}]", keep)
    elif isinstance(type_, list):
        _array_words(type_, value, name, keep)
    elif type_ == "str":
        if not isinstance(value, str):
            raise _Refused(f"{name} must be a str, not {_kind(value)}")
        data = value.encode()
        keep += [_ctypes.c_char_p(data), _ctypes.c_int64(len(data))]
    else:
        _number_words(type_, value, name, keep)


def _number_words(type_, value, name, keep):
    if not isinstance(value, (bool, int, float, complex, _np.number, _np.bool_)):
        raise _Refused(f"{name} must be {_DTYPES[type_]}, not {_kind(value)}")
    if _rank(value) > _RANKS[type_[0]]:
        raise _Refused(f"{name} must be {_DTYPES[type_]}, not {_kind(value)}: {value!r}")
    if type_[0] == "c":
        c_type = _ctypes.c_float if type_ == "c64" else _ctypes.c_double
        number = complex(value)
        keep += [c_type(number.real), c_type(number.imag)]
        return
    if type_[0] in "iu":
        limits = _np.iinfo(_DTYPES[type_])
        if not limits.min <= int(value) <= limits.max:
            raise _DoesNotFit(f"{name} = {value} does not fit in {_DTYPES[type_]}")
        value = int(value)
    elif type_[0] == "f":
        value = float(value)
    keep.append(_C_TYPES[type_](bool(value) if type_ == "bool" else value))


_RANKS = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}  # a number may be passed as one of a wider kind


def _rank(value):
    if isinstance(value, (bool, _np.bool_)):
        return 0
    if isinstance(value, (int, _np.integer)):
        return 1
    return 2 if isinstance(value, (float, _np.floating)) else 3


def _array_words(type_, value, name, keep):
    element, rank, contiguous, written = type_
    dtype = _np.dtype(_DTYPES[element])
    if not isinstance(value, _np.ndarray):
        raise _Refused(f"{name} must be an array of {dtype}, not {_kind(value)}")
    if value.dtype != dtype or value.ndim != rank:
        raise _Refused(f"{name} must be an array of {dtype} with {rank} axes, not of {value.dtype} with {value.ndim}")
    if written and not value.flags.writeable:
        raise ValueError(f"{name} is read-only, and the kernel writes to it")
    if contiguous and not value.flags.c_contiguous:
        raise _Refused(f"{name} must be row-major without gaps: pass np.ascontiguousarray({name}), or build the kernel for strided arrays")
    if any(stride % dtype.itemsize for stride in value.strides) or not value.flags.aligned:
        raise _Refused(f"{name} must have whole elements as strides, and be aligned: pass {name}.copy()")
    keep.append(_ctypes.c_void_p(value.ctypes.data))
    keep += [_ctypes.c_int64(extent) for extent in value.shape]
    if not contiguous:
        keep += [_ctypes.c_int64(stride // dtype.itemsize) for stride in value.strides]


def _kind(value):
    return f"an array of {value.dtype}" if isinstance(value, _np.ndarray) else type(value).__name__


def _is_exact(type_, value):
    """Would the value have this type in a kernel? Among overloads such a one comes first."""
    if type_ is None or type_ == "str":
        return isinstance(value, type(None) if type_ is None else str)
    if isinstance(type_, tuple):
        return isinstance(value, tuple) and len(value) == len(type_) and all(map(_is_exact, type_, value))
    if isinstance(type_, list):
        return isinstance(value, _np.ndarray) and value.dtype == _DTYPES[type_[0]] and value.ndim == type_[1]
    if isinstance(value, _np.generic):
        return value.dtype == _DTYPES[type_]
    return type(value) is _PYTHONS.get(type_)


# Results: the places that the C function writes to, in order, and the value that they make.

def _places(type_, places):
    if isinstance(type_, tuple):
        for each in type_:
            _places(each, places)
    elif isinstance(type_, list):
        places.append(_array_struct(type_[1])())
    elif type_ == "str":
        places.append(_Text())
    elif type_ in ("c64", "c128"):
        places.append(((_ctypes.c_float if type_ == "c64" else _ctypes.c_double) * 2)())
    elif type_ is not None:
        places.append(_C_TYPES[type_]())


def _take(type_, places):
    if type_ is None:
        return None
    if isinstance(type_, tuple):
        return tuple(_take(each, places) for each in type_)
    place = next(places)
    if isinstance(type_, list):
        return _take_array(_np.dtype(_DTYPES[type_[0]]), place)
    if type_ == "str":
        text = _ctypes.string_at(place.data, place.size).decode() if place.size else ""
        _release(place.owner)
        return text
    value = complex(*place) if type_[0] == "c" else place.value
    return _PYTHONS[type_](value) if type_ in _PYTHONS else _np.dtype(_DTYPES[type_]).type(value)


def _take_array(dtype, place):
    """The kernel's memory, freed with the last view of it."""
    shape = tuple(place.shape)
    count = 1
    for extent in shape:
        count *= extent
    if count == 0:
        _release(place.owner)
        return _np.empty(shape, dtype)
    memory = (_ctypes.c_char * (count * dtype.itemsize)).from_address(place.data)
    _weakref.finalize(memory, _release, place.owner).atexit = False
    return _np.frombuffer(memory, dtype).reshape(shape)


_printing = _threading.local()  # .error: what sys.stdout raised during this thread's call


@_ctypes.CFUNCTYPE(None, _ctypes.c_void_p, _ctypes.c_void_p, _ctypes.c_int64)
def _write(_user, data, size):
    if _printing.error is not None:
        return
    try:
        _sys.stdout.write(_ctypes.string_at(data, size).decode(errors="replace"))
    except BaseException as error:
        _printing.error = error


class _Function:
    """One C function: a kernel for one tuple of types."""

    def __init__(self, symbol, signature, parameters, result, doc):
        self.symbol, self.signature, self.parameters, self.result, self.doc = symbol, signature, parameters, result, doc
        self.names = [name for name, _ in parameters]

    def bind(self, args, kwargs):
        """The arguments in the order of the parameters."""
        if len(args) > len(self.names):
            raise _Refused(f"{self.signature} takes {len(self.names)} arguments, not {len(args)}")
        values = dict(zip(self.names, args))
        for name, value in kwargs.items():
            if name in values or name not in self.names:
                raise _Refused(f"{self.signature} got {name!r} twice" if name in values else f"{self.signature} has no parameter {name!r}")
            values[name] = value
        missing = [name for name in self.names if name not in values]
        if missing:
            raise _Refused(f"{self.signature} lacks {', '.join(missing)}")
        return [values[name] for name in self.names]

    def is_exact(self, values):
        return all(_is_exact(type_, value) for (_, type_), value in zip(self.parameters, values))

    def call(self, values, threads, seed):
        words, places = [], []
        for (name, type_), value in zip(self.parameters, values):
            _words(type_, value, name, words)
        _places(self.result, places)
        options = _Options(seed=seed, threads=threads, write=_ctypes.cast(_write, _ctypes.c_void_p))
        outer, _printing.error = getattr(_printing, "error", None), None
        status = getattr(_library, self.symbol)(*words, *map(_ctypes.byref, places), _ctypes.byref(options))
        unprinted, _printing.error = _printing.error, outer
        if status != 0:
            raise _error()
        result = _take(self.result, iter(places))
        if unprinted is not None:
            raise unprinted
        return result


def _error():
    kind, message, traceback = _library_error().decode(), _library_message().decode(), _library_traceback().decode()
    error = getattr(_builtins, kind, RuntimeError)(message)
    if hasattr(error, "add_note"):
        error.add_note(traceback)
    return error


class _Kernel:
    """A kernel, for one or several tuples of types: call it like a function."""

    def __init__(self, name, functions, threads=0, seed=0):
        self.__name__ = self.__qualname__ = name
        self.__doc__ = "\n\n".join(part for f in functions for part in (f.signature, f.doc) if part)
        self._functions, self._threads, self._seed = functions, threads, seed

    def options(self, *, threads=None, seed=None):
        """The same kernel with another number of threads (0: all) or another seed of its random streams."""
        return _Kernel(self.__name__, self._functions, self._threads if threads is None else threads, self._seed if seed is None else seed)

    def __call__(self, /, *args, **kwargs):
        refused, bound = [], []
        for function in self._functions:
            try:
                bound.append((function, function.bind(args, kwargs)))
            except _Refused as error:
                refused.append(error)
        for function, values in sorted(bound, key=lambda each: not each[0].is_exact(each[1])):
            try:
                return function.call(values, self._threads, self._seed)
            except _Refused as error:
                refused.append(error)
        misfits = [each for each in refused if isinstance(each, _DoesNotFit)]
        if misfits:
            raise OverflowError("; ".join(map(str, misfits))) from None
        if len(refused) == 1:
            raise TypeError(str(refused[0])) from None
        built = "; ".join(f.signature for f in self._functions)
        raise TypeError(f"no kernel {self.__name__} for these arguments, it was built as {built}: " + "; ".join(map(str, refused))) from None

    def __repr__(self):
        return f"<kernel {'; '.join(f.signature for f in self._functions)}>"
