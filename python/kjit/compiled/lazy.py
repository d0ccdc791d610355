"""What `import kjit` gives: nothing is loaded before the first function is decorated."""

from kjit import loops

__all__ = ["jit", "njit", "vectorize", "guvectorize", "typeof", "random_stream", "set_num_threads"]


def jit(signature_or_function=None, **options):
    """@jit, @jit(...), @jit("f8(f8)"), @jit(float64(float64)), @jit([signature, ...])."""
    from kjit.compiled import decorators
    return decorators.jit(signature_or_function, **options)


def njit(signature_or_function=None, **options):
    """The same as jit: every kernel is compiled, there is no object mode."""
    return jit(signature_or_function, **options)


def vectorize(signatures=None, **options):
    """@vectorize, @vectorize(["float64(float64)"], target="parallel"): a function of numbers becomes one of arrays."""
    from kjit.compiled import vectorized
    return vectorized.vectorize(signatures, **options)


def guvectorize(signatures, layout=None, **options):
    """@guvectorize(["void(float64[:], float64, float64[:])"], "(n),()->(n)"): a function over some axes becomes one over more."""
    from kjit.compiled import generalized
    return generalized.guvectorize(signatures, layout, **options)


def typeof(value):
    """The type of an argument as text: what kernels are specialised for."""
    from kjit import _engine
    from kjit.compiled import values
    return _engine.type_of(values.adapt(None, (value, ))[0][0])


def random_stream(seed=0, stream=None):
    """The next call of a kernel that draws random numbers takes stream number `stream` of `seed`, later ones those behind it. Without a
    number: the streams of this process, which no other process of the program has."""
    from kjit.compiled import kernel  # sets the seed of the environment first
    kernel._engine.random_stream(seed % 2**64, None if stream is None else stream % 2**64)


def set_num_threads(count):
    """Of parallel loops, in all calls from now on."""
    from kjit import _engine
    loops.set_num_threads(count)
    _engine.set_threads(count)
