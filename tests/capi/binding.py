#!/usr/bin/env python3
"""The C interface through ctypes, as a binding in another language uses it: tests/capi/binding.py LIBRARY"""

import ctypes as c
import sys
import unittest

NONE, BOOL, I64, F64, TEXT, ARRAY, TUPLE = 0, 1, 5, 11, 14, 15, 16
DONE, BAD_SOURCE, KERNEL_FAILED, CALLBACK_FAILED = 0, 2, 3, 4


class Text(c.Structure):
    _fields_ = [("data", c.c_char_p), ("size", c.c_int64)]


class Array(c.Structure):
    _fields_ = [("data", c.c_void_p), ("shape", c.POINTER(c.c_int64)), ("strides", c.POINTER(c.c_int64)),
                ("element", c.c_int32), ("rank", c.c_int32)]


class Tuple(c.Structure):
    _fields_ = [("items", c.c_void_p), ("count", c.c_int64)]


class As(c.Union):
    _fields_ = [("i", c.c_int64), ("u", c.c_uint64), ("f", c.c_double), ("c", c.c_double * 2), ("text", Text),
                ("array", Array), ("tuple", Tuple)]


class Value(c.Structure):
    _fields_ = [("kind", c.c_int32), ("flags", c.c_int32), ("as_", As)]


WRITE = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(c.c_char), c.c_size_t)


class CallOptions(c.Structure):
    _fields_ = [("size", c.c_size_t), ("threads", c.c_int32), ("schedule", c.c_int32), ("seed", c.c_uint64),
                ("stream", c.c_int64), ("timeout", c.c_double), ("cancel", c.c_void_p), ("write", WRITE),
                ("progress", c.c_void_p), ("user", c.c_void_p), ("argv", c.c_void_p), ("argc", c.c_size_t)]


def load_library(path):
    library = c.CDLL(path)
    for name in ("kjit_failure_text", "kjit_failure_kind", "kjit_function_signature", "kjit_version"):
        getattr(library, name).restype = c.c_char_p
    library.kjit_result_value.restype = c.POINTER(Value)
    library.kjit_cancel_new.restype = c.c_void_p
    return library


LIBRARY = load_library(sys.argv.pop(1))


class KernelError(Exception):
    pass


def checked(function, *args):
    """Calls a function whose last parameter is the failure."""
    failure = c.c_void_p()
    if function(*args, c.byref(failure)) != DONE:
        text = LIBRARY.kjit_failure_text(failure).decode()
        LIBRARY.kjit_failure_free(failure)
        raise KernelError(text)


def to_value(x):
    value = Value()
    if isinstance(x, bool):
        value.kind, value.as_.i = BOOL, x
    elif isinstance(x, int):
        value.kind, value.as_.i = I64, x
    elif isinstance(x, float):
        value.kind, value.as_.f = F64, x
    elif isinstance(x, str):
        data = x.encode()
        value.kind, value.as_.text = TEXT, Text(data, len(data))
        value.keep = data
    else:  # a ctypes array of doubles
        shape = (c.c_int64 * 1)(len(x))
        value.kind = ARRAY
        value.as_.array = Array(c.addressof(x), shape, None, F64, 1)
        value.keep = shape
    return value


def from_value(value):
    if value.kind == TUPLE:
        items = c.cast(value.as_.tuple.items, c.POINTER(Value))
        return tuple(from_value(items[i]) for i in range(value.as_.tuple.count))
    if value.kind == ARRAY:
        array = value.as_.array
        return list(c.cast(array.data, c.POINTER(c.c_double))[:array.shape[0]])
    if value.kind == TEXT:
        return value.as_.text.data.decode()
    return {NONE: None, BOOL: bool(value.as_.i), I64: value.as_.i, F64: value.as_.f}[value.kind]


class Module:
    def __init__(self, source):
        self.engine, self.handle = c.c_void_p(), c.c_void_p()
        checked(LIBRARY.kjit_engine_new, None, c.byref(self.engine))
        text = source.encode()
        checked(LIBRARY.kjit_load_source, self.engine, text, c.c_size_t(len(text)), b"t.k", c.byref(self.handle))

    def call(self, name, *args, options=None):
        values = [to_value(x) for x in args]
        array = (Value * len(args))(*values)
        result = c.c_void_p()
        options = None if options is None else c.byref(options)
        checked(LIBRARY.kjit_call, self.handle, name.encode(), array, c.c_size_t(len(args)), options, c.byref(result))
        value = from_value(LIBRARY.kjit_result_value(result).contents)
        LIBRARY.kjit_result_free(result)
        return value

    def close(self):
        LIBRARY.kjit_engine_free(self.engine)
        LIBRARY.kjit_module_free(self.handle)


class BindingTest(unittest.TestCase):
    def module(self, source):
        module = Module(source)
        self.addCleanup(module.close)
        return module

    def test_values(self):
        module = self.module("def f(a, k, name):\n    a[1] = k\n    return a * 2.0, len(a), name + '?', k > 1, None\n")
        numbers = (c.c_double * 3)(1, 2, 3)
        self.assertEqual(module.call("f", numbers, 5.0, "grün"), ([2, 10, 6], 3, "grün?", True, None))
        self.assertEqual(list(numbers), [1, 5, 3])

    def test_mistakes(self):
        with self.assertRaisesRegex(KernelError, r"t.k:1:6: error\["):
            Module("def f(:\n")
        with self.assertRaisesRegex(KernelError, "ZeroDivisionError"):
            self.module("def f(n):\n    return 1 // n\n").call("f", 0)

    def test_print(self):
        lines = []
        options = CallOptions()
        LIBRARY.kjit_call_options_init(c.byref(options))
        options.write = WRITE(lambda user, text, size: lines.append(text[:size]))
        self.module("def f(n):\n    print(n)\n").call("f", 3, options=options)
        self.assertEqual(b"".join(lines), b"3\n")

    def test_timeout(self):
        options = CallOptions()
        LIBRARY.kjit_call_options_init(c.byref(options))
        options.timeout = 0.05
        with self.assertRaisesRegex(KernelError, "TimeoutError"):
            self.module("def f():\n    while True:\n        pass\n").call("f", options=options)

    def test_signature(self):
        module = self.module("def f(x, k):\n    return x[k]\n")
        function = c.c_void_p()
        types = (c.c_char_p * 2)(b"f64[:]", b"i64")
        checked(LIBRARY.kjit_find, module.handle, b"f", types, c.c_size_t(2), c.byref(function))
        self.assertEqual(LIBRARY.kjit_function_signature(function), b"f(x: f64[:], k: i64) -> f64")
        LIBRARY.kjit_function_free(function)


if __name__ == "__main__":
    unittest.main()
