"""Arguments that kernels do not take as they are: what can be an array, a number or a tuple becomes one.

Lists, and arrays whose elements are not aligned (Dask's, out of messages), are copied in, and back if the kernel has written to them.
"""

import numbers

import numpy as np

from kjit.compiled import records


def adapt(kernel, args):
    """(arguments, function to call afterwards)."""
    copies = []
    adapted = tuple(_adapt(value, position, copies) for position, value in enumerate(args))
    return adapted, (lambda written: _copy_back(copies, written)) if copies else None


def _adapt(value, position, copies):
    if isinstance(value, list):
        array = _array(value, position)
        copies.append((position, value, array))
        return array
    if isinstance(value, tuple):
        parts = [_adapt(part, position, copies) for part in value]
        return tuple.__new__(type(value), parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, np.ndarray):
        return _plain_array(value, position, copies)
    if isinstance(value, numbers.Number) and not isinstance(value, np.generic):
        return _number(value, position)
    if value is None:
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):  # to NumPy a text of its own
        return np.frombuffer(value, np.uint8)
    if hasattr(value, "__array_interface__") or hasattr(value, "__array__") or _has_buffer(value):
        return _plain_array(np.asarray(value), position, copies)
    if hasattr(value, "__dlpack__"):
        return _plain_array(np.from_dlpack(value), position, copies)
    if records.is_record(value):
        return records.as_tuple(value, lambda part: _adapt(part, position, copies))
    raise TypeError(f"argument {position + 1}: kernels take numbers, strings, None, NumPy arrays and tuples of these, "
                    f"no {type(value).__qualname__}")


def _array(value, position):
    try:
        array = np.array(value)
    except ValueError:
        raise TypeError(f"argument {position + 1}: a list whose parts have different lengths is no array") from None
    if array.dtype.kind not in "biufc":
        raise TypeError(f"argument {position + 1}: kernels take lists of numbers, as arrays; this one would be an array of {array.dtype}")
    return array


def _plain_array(array, position, copies):
    if array.dtype.kind not in "biufc" or array.dtype.itemsize > 16 or array.dtype.name in ("float16", "longdouble", "float128"):
        raise TypeError(f"argument {position + 1}: arrays of {array.dtype} are not for kernels{_advice(array)}")
    if array.ndim == 0:
        return array[()]
    if not array.dtype.isnative:
        raise TypeError(f"argument {position + 1}: the array has the other byte order; array.astype(array.dtype.newbyteorder('=')) "
                        "is a copy in this machine's")
    if array.flags.aligned:
        return array
    aligned = array.copy()
    aligned.flags.writeable = array.flags.writeable
    copies.append((position, array, aligned))
    return aligned


def _advice(array):
    if array.dtype.kind == "O":
        return ": give it the type of its elements, array.astype(float)"
    if array.dtype.names:
        return ": pass its fields, array['" + array.dtype.names[0] + "']"
    if array.dtype.kind in "mM":
        return ": array.view('i8') has the numbers"
    return ""


def _number(value, position):
    for kind in (bool, int, float, complex):
        if isinstance(value, kind):
            return kind(value)
    raise TypeError(f"argument {position + 1}: kernels take no {type(value).__qualname__}")


def _has_buffer(value):
    try:
        memoryview(value)
    except TypeError:
        return False
    return True


def _copy_back(copies, written):
    for position, original, array in copies:
        if written >> min(position, 63) & 1:
            original[:] = array.tolist() if isinstance(original, list) else array
