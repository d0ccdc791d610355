"""Does a running function draw random numbers, itself or through what it calls?

Asked at run time because a kernel may call functions that stand below it. Names are resolved as they are bound then.
"""

import dis
import sys
import types

from kjit import draws
from kjit.parallel.names import closure_values, is_kernel

_DRAWING = frozenset(draws.PYTHON_FUNCTIONS.values()) | frozenset(draws.NUMPY_FUNCTIONS.values())
_known = {}  # code object -> answer


def caller_draws():
    frame = sys._getframe(1)
    if frame.f_code not in _known:
        _known[frame.f_code] = _draws(frame.f_code, {**frame.f_globals, **frame.f_locals}, set())
    return _known[frame.f_code]


def _draws(code, namespace, seen):
    if code in seen:
        return False
    seen.add(code)
    inner = [part for part in code.co_consts if isinstance(part, types.CodeType)]
    return (any(_function_draws(function, seen) for function in _named_functions(code, namespace)) or
            any(_draws(part, namespace, seen) for part in inner))


def _named_functions(code, namespace):
    """Functions that the code names, as variables or as attributes of modules."""
    names, attributes = _names(code)
    values = [namespace[name] for name in names if name in namespace]
    modules = [value for value in values if isinstance(value, types.ModuleType)]
    for module in modules:
        members = [vars(module)[name] for name in attributes if name in vars(module)]
        modules.extend(member for member in members if isinstance(member, types.ModuleType) and member not in modules)
        values.extend(members)
    return [value for value in values if isinstance(value, types.FunctionType)]


def _names(code):
    names, attributes = {*code.co_varnames, *code.co_freevars, *code.co_cellvars}, set()
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            names.add(instruction.argval)
        elif instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            attributes.add(instruction.argval)
    return names, attributes


def _function_draws(function, seen):
    namespace = {**function.__globals__, **closure_values(function)}
    return function in _DRAWING or is_kernel(function) and _draws(function.__code__, namespace, seen)
