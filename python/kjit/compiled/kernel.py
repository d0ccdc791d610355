"""Decorated functions: their options, methods and pickles. The calls themselves are the extension's (python/engine)."""

import functools
import inspect
import os

from kjit import _engine, processes
from kjit.compiled import failures, inspection, values
from kjit.compiled.binding import binder_of
from kjit.compiled.bundle import make_bundle
from kjit.compiled.signatures import argument_lists
from kjit.compiled.source import source_of

# What the kernel language knows; the others of kjit/options.py are Numba's and change nothing.
_IN_LANGUAGE = ("nogil", "parallel", "unchecked", "fastmath", "boundscheck", "error_model", "inline", "reduce")


def option_text(options):
    """As they stand in a decorator of a kernel file."""
    return ", ".join(f"{name}={_plain(options[name])!r}" for name in _IN_LANGUAGE if name in options and options[name] is not None)


def _plain(value):
    return sorted(value) if isinstance(value, (set, frozenset)) else value


def make_kernel(function, options, source=None):
    """A compiled form of a Python function; nothing is compiled yet."""
    code = function.__code__
    kernel = _engine.Kernel(code.co_name, code.co_argcount + code.co_kwonlyargcount, code.co_argcount)
    functools.update_wrapper(kernel, function)
    kernel.py_func = function
    kernel.targetoptions = options
    kernel.options = option_text(options)
    kernel.source = source or source_of(function)
    return kernel


# ---- what the extension calls ----
def prepare(kernel):
    bundle = make_bundle(kernel)
    files = tuple(bundle.files)
    kernel._unusable = bundle.unusable
    known = getattr(kernel, "_loaded", None)
    if known is None or known[0] != files:  # an assignment of an equal value changes nothing
        kernel._loaded = files, _engine.load(files)
    return kernel._loaded[1], tuple(bundle.watched), tuple(bundle.arrays)


def with_names(kernel, shapes):
    return _engine.load(tuple(make_bundle(kernel, shapes).files))


def bind(kernel, args, keywords):
    binder = vars(kernel).get("_binder")
    if binder is None:
        binder = kernel._binder = binder_of(kernel.py_func)
    return binder(*args, **keywords)


_engine.set_callbacks(prepare, bind, values.adapt, failures.failed, failures.refused, failures.warn, with_names, processes.first_stream)
_engine.random_stream(int(os.environ.get("KJIT_SEED", "0"), 0) % 2**64, None)
processes.on_fork(_engine.after_fork)


class _Methods:
    """They become the extension type's: a subclass would be called slower."""

    @property
    def __signature__(self):
        signature = vars(self).get("_signature")
        if signature is None:
            signature = self._signature = inspect.signature(self.py_func)
        return signature

    @property
    def signatures(self):
        """The types of the arguments that it was compiled for, each as a tuple of texts."""
        return [types for types, *_ in self._forms()]

    @property
    def nopython_signatures(self):
        return [signature for _, signature, *_ in self._forms()]

    def recompile(self):
        """Drops what was compiled; the next call compiles anew."""
        self._clear()

    def compile(self, signature):
        """Compiles for the types of a signature, as jit(signature) does."""
        for types in argument_lists(signature):
            self._specialise(types)

    def specialize(self, *args, **keywords):
        """Compiles for the types of these arguments, and calls nothing."""
        args, _ = values.adapt(self, bind(self, args, keywords))
        self._specialise_for(args)

    def inspect_types(self, file=None):
        inspection.print_types(self, file)

    def inspect_llvm(self, signature=None):
        return inspection.stages(self, "llvm-opt", signature)

    def inspect_asm(self, signature=None):
        return inspection.stages(self, "asm", signature)

    def parallel_diagnostics(self, signature=None, level=1):
        """Prints what became of each loop, and which edit would help: `kjit explain`, whatever the level."""
        inspection.print_explanation(self, signature)

    def aio(self, *args, **keywords):
        """await kernel.aio(...): the event loop goes on meanwhile, and cancelling stops the kernel."""
        from kjit.compiled import asynchronous
        return asynchronous.call(_without_lock(self), args, keywords)

    def __repr__(self):
        return f"<kjit kernel {self.__qualname__}{self.__signature__}>"

    def __reduce__(self):
        from kjit.compiled import pickling
        return pickling.reduce_kernel(self)

    def __setstate__(self, state):
        from kjit.compiled import pickling
        pickling.set_state(self, state)


def _without_lock(kernel):
    """The kernel with nogil=True."""
    if kernel.targetoptions.get("nogil"):
        return kernel
    twin = vars(kernel).get("_twin")
    if twin is None:
        twin = kernel._twin = make_kernel(kernel.py_func, dict(kernel.targetoptions, nogil=True), kernel.source)
    return twin


def _add_methods():
    for name, value in vars(_Methods).items():
        if name not in ("__module__", "__dict__", "__weakref__", "__doc__", "__qualname__"):
            setattr(_engine.Kernel, name, value)


_add_methods()
