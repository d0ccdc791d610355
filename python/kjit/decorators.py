"""The decorators of kernels. Under CPython they check their options and return the function itself, or one whose parallel loops
reduce by blocks."""

from kjit.options import check_options
from kjit.parallel.rewriting import blocked_function
from kjit.uncompiled import with_attributes

def jit(signature_or_function=None, **options):
    """@jit, @jit(...), @jit("f8(f8)"), @jit(float64(float64)), @jit([signature, ...])."""
    check_options(options)
    decorate = _parallel_kernel if options.get("parallel") else _kernel
    return decorate(signature_or_function) if _is_function(signature_or_function) else decorate


def njit(signature_or_function=None, **options):
    """The same as jit: every kernel is compiled, there is no object mode."""
    return jit(signature_or_function, **options)


def vectorize(signatures=None, *, target="cpu", identity=None, **options):
    """@vectorize, @vectorize([signature, ...]): NumPy calls the function for each element."""
    from kjit.elementwise import Interpreted, check_target
    check_target("vectorize", target)

    def decorate(function):
        return Interpreted(function, _declared(signatures), identity)

    if _is_function(signatures):
        function, signatures = signatures, None
        return decorate(function)
    return decorate


def guvectorize(signatures, layout=None, *, target="cpu", **options):
    """@guvectorize([signature, ...], "(n),()->(n)"): the function is called for each place of the axes in front."""
    from kjit.elementwise import check_target
    from kjit.generalized import Generalized
    check_target("guvectorize", target)
    if layout is None:
        signatures, layout = None, signatures
    return lambda function: Generalized(function, _declared(signatures), layout)


def _declared(signatures):
    from kjit.compiled.signatures import argument_lists
    return [] if signatures is None else [tuple(texts) for texts in argument_lists(signatures)]


def _is_function(value):
    return hasattr(value, "__code__")


def _kernel(function):
    function.py_func = function  # host code written for Numba reaches the interpreted function through it
    return with_attributes(function)


def _parallel_kernel(function):
    """Its py_func adds up in order, as Python does."""
    return with_attributes(blocked_function(_kernel(function)))
