"""C functions and functions of the host in kernel files: @extern("libm.so.6") and @extern."""

import ctypes
import functools
import inspect

from kjit.dtypes import ArrayType, KernelType

_C_TYPES = {
    "bool": ctypes.c_bool, "int8": ctypes.c_int8, "int16": ctypes.c_int16, "int32": ctypes.c_int32, "int64": ctypes.c_int64,
    "uint8": ctypes.c_uint8, "uint16": ctypes.c_uint16, "uint32": ctypes.c_uint32, "uint64": ctypes.c_uint64,
    "float32": ctypes.c_float, "float64": ctypes.c_double
}
_PYTHON_TYPES = {bool: ctypes.c_bool, int: ctypes.c_int64, float: ctypes.c_double}

_host_functions = {}


def register_function(name, function):
    """The function that a declaration `@extern` of this name calls, as Engine::register_function gives one to the compiler."""
    if name in _host_functions:
        raise ValueError(f"a function '{name}' is registered already")
    _host_functions[name] = function


def extern(library=None, *, thread_safe=False):
    """@extern("libm.so.6") above `def cbrt(x: f64) -> f64: ...`, or @extern for a function that the host has registered."""
    if callable(library):
        return _host_function(library)
    if library is None:
        return _host_function
    return functools.partial(_c_function, library)


def _host_function(declaration):
    name = declaration.__name__

    @functools.wraps(declaration)
    def call(*args):
        if name not in _host_functions:
            raise NameError(f"the host has registered no function '{name}'")
        return _host_functions[name](*args)

    return call


def _c_function(library, declaration):
    signature = inspect.signature(declaration)
    types = [parameter.annotation for parameter in signature.parameters.values()]
    function = getattr(ctypes.CDLL(library), declaration.__name__)
    function.argtypes = [_argument_type(type_) for type_ in types]
    function.restype = _result_type(signature.return_annotation)

    @functools.wraps(declaration)
    def call(*args, **keywords):
        bound = signature.bind(*args, **keywords)
        bound.apply_defaults()
        return function(*map(_argument, types, bound.args))

    return call


def _argument_type(type_):
    return ctypes.c_void_p if isinstance(type_, ArrayType) else _scalar_type(type_)


def _scalar_type(type_):
    if isinstance(type_, KernelType):
        return _C_TYPES[type_.name]
    return _PYTHON_TYPES[type_]


def _result_type(type_):
    return None if type_ in (None, inspect.Signature.empty) else _scalar_type(type_)


def _argument(type_, value):
    if not isinstance(type_, ArrayType):
        c_type = _scalar_type(type_)
        return c_type(float(value) if c_type in (ctypes.c_float, ctypes.c_double) else int(value))
    if value.dtype != type_.element.dtype or not value.flags.c_contiguous:
        raise TypeError(f"{type_} is wanted, not an array of {value.dtype}")
    return value.ctypes.data
