"""The options of the decorators."""

# What the compiler accepts; the spellings are Numba's, so that its kernels run unchanged.
OPTIONS = frozenset({
    "nogil", "parallel", "unchecked", "fastmath", "cache", "boundscheck", "error_model", "inline", "nopython", "forceobj",
    "looplift", "debug", "locals", "reduce", "signature_or_function"
})


def check_options(options):
    unknown = sorted(set(options) - OPTIONS)
    if unknown:
        raise TypeError(f"jit() got an unknown option '{unknown[0]}'")
