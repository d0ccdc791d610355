"""What a compiled kernel offers besides calls, for functions that run under CPython: the same where it can be, else an error that says
why it cannot."""

import functools

from kjit import compiled


def missing(what):
    """A function in the place of one that only the engine has."""

    def say(*_, **__):
        raise RuntimeError(f"{what} is of compiled code, and functions run under CPython here: {compiled.why_not()}")

    return say


def _nothing(*_, **__):
    """There is nothing to compile, and nothing to drop."""


async def _on_a_thread(function, *args, **keywords):
    """Cancelling ends the wait, and not the function, which no one can stop."""
    import asyncio  # takes longer than kjit
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(function, *args, **keywords))


_MISSING = ("inspect_types", "inspect_llvm", "inspect_asm", "parallel_diagnostics")


def with_attributes(function):
    function.signatures = []
    function.nopython_signatures = []
    function.specialize = function.compile = function.recompile = _nothing
    function.aio = functools.partial(_on_a_thread, function)
    for name in _MISSING:
        setattr(function, name, missing(f"{name}()"))
    return function


def make(function, options, source):
    """As compiled.kernel.make_kernel."""
    from kjit.decorators import jit
    return jit(**options)(function)


typeof = missing("kjit.typeof()")
