"""Keywords and defaults: the arguments of a call as one tuple, in the order of the parameters."""

import inspect
import types


def binder_of(function):
    """A function with the parameters of this one that returns their values. Python itself sorts them out, and says what is wrong with a
    call as it would of the function itself."""
    code = function.__code__
    names = iter(code.co_varnames)
    before = [next(names) for _ in range(code.co_argcount)]
    keyword_only = [next(names) for _ in range(code.co_kwonlyargcount)]
    rest = [next(names)] if code.co_flags & inspect.CO_VARARGS else []
    others = [next(names)] if code.co_flags & inspect.CO_VARKEYWORDS else []
    parameters = [*before[:code.co_posonlyargcount], *(["/"] if code.co_posonlyargcount else []), *before[code.co_posonlyargcount:]]
    parameters += [f"*{rest[0]}"] if rest else ["*"] if keyword_only else []
    parameters += [*keyword_only, *(f"**{name}" for name in others)]
    values = "".join(f"{name}, " for name in [*before, *rest, *keyword_only, *others])
    space = {}
    exec(f"def bind({', '.join(parameters)}): return ({values})", space)
    binder = types.FunctionType(space["bind"].__code__.replace(co_name=function.__name__), {}, function.__name__, function.__defaults__)
    binder.__kwdefaults__ = function.__kwdefaults__
    binder.__qualname__ = function.__qualname__
    return binder
