"""@stencil: a function of an element and its neighbours becomes one of whole arrays."""

from kjit import compiled
from kjit.options import check_options

_OWN = ("neighborhood", "cval", "standard_indexing")


def stencil(func_or_mode="constant", **options):
    """@stencil, @stencil(neighborhood=((-2, 2), ), cval=0, standard_indexing=("weights", )): in the function, a[0, 1] is the element to the
    right of the one that is computed. Elements whose neighbourhood is not whole are `cval`."""
    own = {name: options.pop(name) for name in _OWN if name in options}
    check_options(options)
    if hasattr(func_or_mode, "__code__"):
        return _stencil(func_or_mode, own, options)
    if func_or_mode != "constant":
        raise ValueError(f"stencil() has the mode 'constant' alone, not '{func_or_mode}'")
    return lambda function: _stencil(function, own, options)


def _stencil(function, own, options):
    from kjit.neighbours import Neighbours
    neighbours = Neighbours(function, **own)
    if compiled.is_available():
        from kjit.compiled.kernel import make_kernel as make
    else:
        from kjit.uncompiled import make
    point = make(neighbours.point(), {name: value for name, value in options.items() if name != "parallel"}, neighbours.point_source)
    whole, source = neighbours.whole(point, bool(options.get("parallel")))
    return make(whole, options, source)
