"""The decorators of kernels. Under CPython they check their options and return the function itself, or one whose parallel loops
reduce by blocks."""

from kjit.parallel.rewriting import blocked_function

# What the compiler accepts; the spellings are Numba's, so that its kernels run unchanged.
OPTIONS = frozenset({
    "nogil", "parallel", "unchecked", "fastmath", "cache", "boundscheck", "error_model", "inline", "nopython", "forceobj",
    "looplift", "debug", "locals", "reduce", "signature_or_function"
})


def jit(signature_or_function=None, **options):
    """@jit, @jit(...), @jit("f8(f8)"), @jit(float64(float64)), @jit([signature, ...])."""
    unknown = sorted(set(options) - OPTIONS)
    if unknown:
        raise TypeError(f"jit() got an unknown option '{unknown[0]}'")
    decorate = _parallel_kernel if options.get("parallel") else _kernel
    return decorate(signature_or_function) if _is_function(signature_or_function) else decorate


def njit(signature_or_function=None, **options):
    """The same as jit: every kernel is compiled, there is no object mode."""
    return jit(signature_or_function, **options)


def vectorize(signatures=None, **options):
    """@vectorize, @vectorize([signature, ...]): NumPy calls the function for each element."""

    def decorate(function):
        import numpy
        result = numpy.vectorize(function)
        result.py_func = function
        return result

    return decorate(signatures) if _is_function(signatures) else decorate


def _is_function(value):
    return hasattr(value, "__code__")


def _kernel(function):
    function.py_func = function  # host code written for Numba reaches the interpreted function through it
    return function


def _parallel_kernel(function):
    """Its py_func adds up in order, as Python does."""
    return blocked_function(_kernel(function))
