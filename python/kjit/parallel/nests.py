"""Loops over prange that share one range of iterations: the rules of find_nest() in jit/analysis/parallel_plan.cpp.

That the function draws no random numbers is a rule as well, which is left to the run time (drawing.py).
"""

import ast

from kjit.parallel.liveness import live_after
from kjit.parallel.names import is_kernel
from kjit.parallel.walk import assigned_names, names_in

_OWN_OPTIONS = ("chunk", "num_threads")


def find_nest(function, loop, names):
    """`loop` and the loops that run with it, outermost first. `function` is the tree of the function of these names."""
    nest = [loop]
    while inner := _nested_in(nest, names):
        nest.append(inner)
    later = live_after(function, loop) | names.captured_inside
    while len(nest) > 1 and (_moves_a_bound(nest) or {loop.target.id for loop in nest} & later):
        nest.pop()
    return nest


def _nested_in(nest, names):
    outer = nest[-1]
    inner = outer.body[0]
    if len(outer.body) != 1 or not names.is_parallel_loop(inner) or outer.orelse or inner.orelse:
        return None
    own_options = any(keyword.arg in _OWN_OPTIONS for keyword in inner.iter.keywords)
    return None if own_options or _depends_on(inner.iter, nest, names) else inner


def _depends_on(iterations, nest, names):
    """What an element or the call of a kernel gives may change from one iteration to the next."""
    variables = {loop.target.id for loop in nest}
    nodes = [node for bound in iterations.args for node in ast.walk(bound)]
    return any(isinstance(node, ast.Name) and node.id in variables or _is_element(node) or _is_kernel_call(node, names)
               for node in nodes)


def _is_element(node):
    of_shape = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    return isinstance(node, (ast.Subscript, ast.Starred)) and not of_shape


def _is_kernel_call(node, names):
    """A name that is not known yet may become one; a method is none."""
    if not isinstance(node, ast.Call):
        return False
    called = names.resolve(node.func)
    return is_kernel(called) or called is None and isinstance(node.func, ast.Name)


def _moves_a_bound(nest):
    """Does the body assign what the ranges are made of, or a loop variable?"""
    bounds = names_in(loop.iter for loop in nest[1:])
    return bool(assigned_names(nest[-1].body) & (bounds | {loop.target.id for loop in nest}))
