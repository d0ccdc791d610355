"""Numba's names over kjit, so that `from numba import njit, prange` works as it stands where Numba is not installed.

The short names i1 .. i8, f4, f8 are left out: Numba counts bytes in them, kjit counts bits.
"""

from kjit import (bool_, boolean, complex64, complex128, float32, float64, get_num_threads, int8, int16, int32, int64, intp, jit,
                  njit, prange, set_num_threads, uint8, uint16, uint32, uint64, uintp)

__all__ = [
    "njit", "jit", "prange", "get_num_threads", "set_num_threads", "bool_", "boolean", "int8", "int16", "int32", "int64", "intp",
    "uint8", "uint16", "uint32", "uint64", "uintp", "float32", "float64", "complex64", "complex128"
]
