"""Compiles functions that are decorated with njit, or runs them under plain CPython.

With kjit's extension (a wheel has it) and without KJIT_DISABLE_JIT=1 in the environment, decorated functions are machine code: see
compiled/. Else, or in kernel files with this folder on PYTHONPATH, they run as they are:

A `.k` file is a Python 3 file. With the folder that holds this package on PYTHONPATH, `python3 file.k` computes what
`kjit run file.k` computes: the decorators return the function as it is, or with parallel loops that reduce by blocks (see
parallel/), `prange` counts as `range` does, and the functions of the modules `random` and `numpy.random` draw from kjit's
streams (see stream.py), wherever they were imported from and in any order.

NumPy is the only dependency, and is imported only when a kernel uses arrays, narrow types or many random numbers.
"""

from kjit import compiled as _compiled
from kjit import importing as _importing
from kjit.compiled.failures import Cancelled, CompileError, KjitWarning
from kjit.dtypes import (b1, bool_, boolean, c64, c128, complex64, complex128, f32, f64, float32, float64, i8, i16, i32, i64,
                         int8, int16, int32, int64, intp, u8, u16, u32, u64, uint8, uint16, uint32, uint64, uintp)
from kjit.extern import extern, register_function
from kjit.loops import atomic_add, atomic_max, atomic_min, get_num_threads, prange, scratch
from kjit.stencils import stencil

if _compiled.is_available():
    from kjit.compiled.lazy import guvectorize, jit, njit, random_stream, set_num_threads, typeof, vectorize
else:
    from kjit import patching as _patching
    from kjit.decorators import guvectorize, jit, njit, vectorize
    from kjit.loops import set_num_threads
    from kjit.stream import random_stream
    from kjit.uncompiled import typeof
    _patching.install()

from kjit.compiled import types  # as late as this: it is made of the names above

__all__ = [
    "njit", "jit", "vectorize", "extern", "register_function", "prange", "atomic_add", "atomic_max", "atomic_min",
    "scratch", "get_num_threads", "set_num_threads", "random_stream", "b1", "bool_", "boolean", "c64", "c128",
    "complex64", "complex128", "f32", "f64", "float32", "float64", "i8", "i16", "i32", "i64", "int8", "int16", "int32",
    "int64", "intp", "u8", "u16", "u32", "u64", "uint8", "uint16", "uint32", "uint64", "uintp"
]

_importing.install()
