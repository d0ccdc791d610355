"""A contestant in Python: python_worker.py MODE SOURCE ANSWER RESULT ARGUMENT... answers the lines that harness/worker.py documents.

MODE says what SOURCE is and where the function comes from: `kernel` (a kernel file as CPython or PyPy run it), `numba` (the same under Numba's
decorators), `library` (a shared object with C's calling convention), `extension` (a Python extension), or the name of an array library, whose form
is in a case.py. Arguments are numbers, or @file.npy. Runs under any Python 3.9.
"""

import gc
import importlib.machinery
import importlib.util
import json
import os
import resource
import struct
import sys
import time
import types

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def load(path, name):
    """The module of a file with any suffix."""
    loader = importlib.machinery.SourceFileLoader(name, path)
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def argument(word):
    if not word.startswith("@"):
        return float(word) if any(c in word for c in ".einf") else int(word)
    import numpy  # under PyPy it is lists_as_arrays
    return numpy.load(word[1:])


# ---- where the function comes from ----------------------------------------------------------------------------------------------


def use_lists_under_pypy(words, source):
    """Only where arrays are used: python/kjit asks for NumPy's, too, when it draws many numbers, and does without."""
    if sys.implementation.name != "pypy":
        return
    with open(source, encoding="utf-8") as file:
        if "import numpy" not in file.read() and not any(word.startswith("@") for word in words):
            return
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import lists_as_arrays
    sys.modules["numpy"] = lists_as_arrays


def from_kernel_file(source, args, result):
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.path.join(ROOT, "python"))
    return load(source, "kernel_of_case").kernel


def from_numba(source, args, result):
    """The same text; the names that it imports from kjit are Numba's."""
    sys.dont_write_bytecode = True
    import numba
    kjit = types.ModuleType("kjit")
    kjit.njit, kjit.prange = numba.njit, numba.prange
    sys.modules["kjit"] = kjit
    numba.set_num_threads(min(int(os.environ.get("BENCH_THREADS", "1")), numba.config.NUMBA_NUM_THREADS))
    return load(source, "kernel_of_case").kernel


def from_library(source, args, result):
    """C's convention: an array is its address and its extents."""
    import ctypes
    function = getattr(ctypes.CDLL(source), "kernel")
    function.restype = {"f8": ctypes.c_double, "i8": ctypes.c_int64}.get(result)
    values = []
    for value in args:
        if isinstance(value, int):
            values.append(ctypes.c_int64(value))
        elif isinstance(value, float):
            values.append(ctypes.c_double(value))
        else:
            values += [ctypes.c_void_p(value.ctypes.data), *map(ctypes.c_int64, value.shape)]
    return lambda *_: function(*values)


def from_extension(source, args, result):
    spec = importlib.util.spec_from_file_location(os.path.basename(source).split(".")[0], source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.kernel


def from_jax(case, args):
    """Inputs lie on the device already; a call is over when its answer is there."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax
    jax.config.update("jax_enable_x64", True)
    static = tuple(i for i, value in enumerate(args) if isinstance(value, int))
    function = jax.jit(case.jax_form, static_argnums=static)
    held = [value if isinstance(value, (int, float)) else jax.numpy.asarray(value) for value in args]
    return lambda *_: function(*held).block_until_ready()


def from_taichi(case, args):
    import taichi
    taichi.init(arch=taichi.cpu, default_fp=taichi.f64, default_ip=taichi.i64, offline_cache=False, log_level=taichi.ERROR,
                cpu_max_num_threads=int(os.environ.get("BENCH_THREADS", "1")))
    function = case.taichi_form()

    def call(*values):
        value = function(*values)
        taichi.sync()
        return value
    return call


def from_case(name, source, args):
    case = load(source, "case")
    if name == "jax":
        return from_jax(case, args)
    if name == "taichi":
        return from_taichi(case, args)
    if name == "numexpr":
        import numexpr
        numexpr.set_num_threads(int(os.environ.get("BENCH_THREADS", "1")))
    return getattr(case, name + "_form")


MODES = {"kernel": from_kernel_file, "numba": from_numba, "library": from_library, "extension": from_extension}


def find_function(mode, source, args, result):
    if mode in MODES:
        return MODES[mode](source, args, result)
    return from_case(mode, source, args)


# ---- the worker -----------------------------------------------------------------------------------------------------------------


def memory_kb():
    """The peak of this program: ru_maxrss would have that of the process which started it."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def say(**values):
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def store(path, value, args, result):
    """The answer of a call: what it returned, or the argument that it filled. A scalar is stored without NumPy, which PyPy may lack."""
    if value is None:
        value = args[int(result)]
    if isinstance(value, (bool, int, float)):
        return write_npy(path, result, (), [value])
    if hasattr(value, "items"):
        pairs = value.kind == "c16"
        return write_npy(path, value.kind, value.shape, [x for z in value.items for x in (z.real, z.imag)] if pairs else value.items)
    import numpy
    numpy.save(path, numpy.ascontiguousarray(value))


def write_npy(path, dtype, shape, values):
    header = "{'descr': '<%s', 'fortran_order': False, 'shape': %r, }" % (dtype, tuple(shape))
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack("<%d%s" % (len(values), "q" if dtype == "i8" else "d"), *values))


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def serve(function, args, answer, result):
    filled = None if result in ("f8", "i8") else args[int(result)]
    original = None if filled is None else filled.copy()
    before = memory_kb()
    begin = time.perf_counter()
    value = function(*args)
    first = time.perf_counter() - begin
    say(first_s=first, before_kb=before, peak_kb=memory_kb())
    store(answer, value, args, result)
    if sys.implementation.name == "cpython":
        gc.disable()  # as timeit does
    for line in sys.stdin:
        if line.startswith("time"):
            count = int(line.split()[1])
            cpu, begin = cpu_seconds(), time.perf_counter()
            for _ in range(count):
                function(*args)
            wall = time.perf_counter() - begin
            say(wall_s=wall, cpu_s=cpu_seconds() - cpu)
        else:
            # What was there before the first call again: a call that does nothing any more is found out.
            if filled is not None:
                filled[:] = original
            store(answer, function(*args), args, result)
            say(peak_kb=memory_kb())
            return


def main():
    mode, source, answer, result, *words = sys.argv[1:]
    use_lists_under_pypy(words, source)
    args = [argument(word) for word in words]
    serve(find_function(mode, source, args, result), args, answer, result)


main()
