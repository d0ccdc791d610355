"""What a name in a function's source stands for, before the function has run."""

import ast
import builtins
import types

from kjit.loops import prange

_FOREIGN = ("numpy", "kjit", "random", "math")  # packages whose functions are no kernels


def is_kernel(value):
    return isinstance(value, types.FunctionType) and value.__globals__.get("__name__", "").partition(".")[0] not in _FOREIGN


def closure_values(function):
    """The variables of enclosing functions by name; those that are not set yet are left out."""
    values = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            values[name] = cell.cell_contents
        except ValueError:
            pass
    return values


class Names:
    """The names of one function."""

    def __init__(self, function):
        code = function.__code__
        self.locals = frozenset(code.co_varnames) | frozenset(code.co_cellvars)
        self.captured_inside = frozenset(code.co_cellvars)  # by functions that stand in this one
        self._outside = {**vars(builtins), **function.__globals__, **closure_values(function)}

    def resolve(self, node):
        """The value of `name` or `module.name`; None if it is a local's or not known yet."""
        if isinstance(node, ast.Name):
            return None if node.id in self.locals else self._outside.get(node.id)
        if isinstance(node, ast.Attribute):
            return getattr(self.resolve(node.value), node.attr, None)
        return None

    def is_parallel_loop(self, node):
        is_loop = isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Call)
        return is_loop and self.resolve(node.iter.func) is prange
