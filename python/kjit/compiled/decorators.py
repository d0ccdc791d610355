"""njit and jit over the engine, with Numba's spellings."""

from kjit.compiled.kernel import make_kernel
from kjit.compiled.signatures import argument_lists
from kjit.options import check_options


def jit(signature_or_function=None, **options):
    """@jit, @jit(...), @jit("f8(f8)"), @jit(float64(float64)), @jit([signature, ...]): with signatures, compiled at once."""
    check_options(options)
    given = options.pop("signature_or_function", signature_or_function)
    if hasattr(given, "__code__"):
        return make_kernel(given, options)
    if hasattr(given, "py_func"):  # decorated already
        return make_kernel(given.py_func, options, given.source)
    signatures = [] if given is None else argument_lists(given)

    def decorate(function):
        kernel = make_kernel(function, options)
        for types in signatures:
            kernel._specialise(types)
        return kernel

    return decorate
