"""Numba's module `types`, as far as kernels have them: in signatures."""

from kjit.compiled.signatures import TupleType
from kjit.dtypes import (ArrayType, b1, bool_, boolean, complex64, complex128, float32, float64, int8, int16, int32, int64, intp, uint8, uint16,
                         uint32, uint64, uintp)

__all__ = [
    "Array", "Tuple", "UniTuple", "ArrayType", "b1", "bool_", "boolean", "complex64", "complex128", "float32", "float64", "int8", "int16", "int32",
    "int64", "intp", "uint8", "uint16", "uint32", "uint64", "uintp", "none", "void", "unicode_type", "string", "double", "single"
]

none = void = None
unicode_type = string = str
double = float64
single = float32
Tuple = TupleType


def UniTuple(element, count):
    return TupleType((element,) * count)


def Array(element, rank, layout):
    """Array(float64, 2, "C")."""
    dimensions = [slice(None)] * rank
    if layout == "C":
        dimensions[-1] = slice(None, None, 1)
    return ArrayType(element, tuple(dimensions))
