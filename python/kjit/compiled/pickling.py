"""Kernels travel as source and options, with the constants, modules and kernels that they use; their code comes from the disk cache
there. A kernel that another process can import travels as its name."""

import importlib
import sys
import types

from kjit.compiled import names
from kjit.compiled.kernel import make_kernel
from kjit.compiled.source import FunctionText


class ByNameOrState:
    """What a decorator has made of a kernel: its state is set when the object is known already, as kernels may use each other."""

    def __reduce__(self):
        return self.__qualname__ if is_importable(self) else (_new, (type(self),), self.__getstate__())


def _new(type_):
    return type_.__new__(type_)


def reduce_kernel(kernel):
    if is_importable(kernel):
        return kernel.__qualname__
    return restore, (kernel.source, kernel.py_func.__code__.co_name, kernel.targetoptions), _state_of(kernel)


def is_importable(kernel):
    found = sys.modules.get(kernel.__module__)
    if found is None or kernel.__module__ == "__main__":
        return False
    for part in kernel.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is kernel


def restore(source, name, options):
    """The kernel, still without what it uses: other kernels may use it in turn."""
    source.show()
    text = FunctionText(source, name)
    _without_the_past(text)
    code = compile("\n" * (text.first_line - 1) + text.text(), source.filename, "exec")
    variables = {"__name__": "kjit.pickled"}
    exec(code, variables)
    return make_kernel(variables[name], options, source)


def set_state(kernel, state):
    function = kernel.py_func
    variables, kernel.__module__, kernel.__qualname__, function.__defaults__, function.__kwdefaults__, function.__doc__ = state
    kernel.__doc__ = function.__doc__
    for name, value in variables.items():
        function.__globals__[name] = _from_portable(value)


def _state_of(kernel):
    function = kernel.py_func
    text = FunctionText(kernel.source, function.__qualname__)
    variables = {}
    for name in names.free_names(function, text):
        place = names.find(function, name)
        if place.value is not names.ABSENT:
            variables[name] = _portable(place.value)
    return variables, kernel.__module__, kernel.__qualname__, function.__defaults__, function.__kwdefaults__, function.__doc__


class _Module:
    """Modules do not pickle."""

    def __init__(self, name):
        self.name = name


def _portable(value):
    if isinstance(value, types.ModuleType):
        return _Module(value.__name__)
    if isinstance(value, types.FunctionType) and names.import_line("f", value) is None:
        return make_kernel(value, {})  # a plain function that the kernel calls
    return value


def _from_portable(value):
    return importlib.import_module(value.name) if isinstance(value, _Module) else value


def _without_the_past(text):
    """Annotations and defaults were evaluated where the function was made."""
    arguments = text.tree.args
    for node in [*arguments.defaults, *(node for node in arguments.kw_defaults if node is not None)]:
        text.replace(node, "None")
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        if argument.annotation is not None:
            text.blank_annotation(argument)
    if text.tree.returns is not None:
        text.blank_result()
