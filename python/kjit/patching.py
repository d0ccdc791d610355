"""Puts kjit's random functions in the place of those of the modules `random` and `numpy.random`.

`install()` patches what is loaded and rebinds names that kernel files took earlier (`from random import uniform`), so that the
order of imports does not matter; NumPy is patched when it gets imported. `uninstall()` gives the modules their own functions
back, for programs that do other things as well.
"""

import importlib.abc
import random
import sys

from kjit import draws

_replaced = {}  # (module name, function name) -> the original


def install():
    _patch(random, draws.PYTHON_FUNCTIONS)
    if "numpy.random" in sys.modules:
        _patch(sys.modules["numpy.random"], draws.NUMPY_FUNCTIONS)
    elif not any(isinstance(finder, _NumpyRandomFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _NumpyRandomFinder())


def uninstall():
    for (module, name), original in _replaced.items():
        setattr(sys.modules[module], name, original)
    _replaced.clear()
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _NumpyRandomFinder)]


def _patch(module, functions):
    by_identity = {}
    for name, function in functions.items():
        original = getattr(module, name)
        if original is function:
            continue
        _replaced[module.__name__, name] = original
        by_identity[id(original)] = (original, function)
        setattr(module, name, function)
    for namespace in _kernel_namespaces():
        _rebind(namespace, by_identity)


def _rebind(namespace, by_identity):
    for name, value in list(namespace.items()):
        original, function = by_identity.get(id(value), (None, None))
        if original is not None and original is value:
            namespace[name] = function


def _kernel_namespaces():
    """Globals of the modules that are being imported right now, of the program, and of every loaded `.k` file."""
    found = [module.__dict__ for name, module in list(sys.modules.items())
             if name == "__main__" or str(getattr(module, "__file__", None)).endswith(".k")]
    frame = sys._getframe()
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.partition(".")[0] not in ("kjit", "numpy", "random", "importlib"):
            found.append(frame.f_globals)
        frame = frame.f_back
    return found


class _NumpyRandomFinder(importlib.abc.MetaPathFinder):
    """Patches numpy.random as soon as it has been loaded."""

    def find_spec(self, name, path, target=None):
        if name != "numpy.random":
            return None
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self)), None)
        if spec is not None:
            spec.loader = _PatchingLoader(spec.loader)
        return spec


class _PatchingLoader(importlib.abc.Loader):

    def __init__(self, loader):
        self._loader = loader

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        module.__loader__ = module.__spec__.loader = self._loader
        _patch(module, draws.NUMPY_FUNCTIONS)
