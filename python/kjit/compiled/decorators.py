"""njit and jit over the engine, with Numba's spellings."""

from kjit.compiled.kernel import check_options, make_kernel


def jit(signature_or_function=None, **options):
    """@jit, @jit(...), @jit("f8(f8)"), @jit(float64(float64)), @jit([signature, ...])."""
    check_options(options)
    if hasattr(signature_or_function, "__code__"):
        return make_kernel(signature_or_function, options)
    return lambda function: make_kernel(function, options)


def njit(signature_or_function=None, **options):
    """The same as jit: every kernel is compiled, there is no object mode."""
    return jit(signature_or_function, **options)
