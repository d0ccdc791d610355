"""Arrays that a loop passes to kernels which only accumulate in them: escapes() of jit/analysis/races/escapes.cpp, and what
races.cpp knows of the subscripts there. A kernel that is defined below its caller is not known yet, and not looked into.
"""

import ast
import copy
from collections import Counter

from kjit.parallel.names import Names, is_kernel
from kjit.parallel.source import find_tree, parse_module
from kjit.parallel.updates import array_update, shape_read
from kjit.parallel.walk import assigned_names, own_nodes


def passed_arrays(call, names, callers=()):
    """For each argument that is a name, and only accumulated in: the name, the operators and the subscripts of the updates."""
    callee = names.resolve(call.func)
    if not is_kernel(callee) or callee in callers:
        return
    module = parse_module(callee.__code__)
    tree = module and find_tree(module, callee.__code__)
    arguments = tree and bind_arguments(call, tree.args)
    if not arguments:
        return
    for parameter, argument in arguments.items():
        found = isinstance(argument, ast.Name) and _accumulated(tree, parameter, Names(callee), (*callers, callee))
        if found:
            operators, subscripts = found
            kept = {name: value for name, value in arguments.items() if name not in assigned_names(tree.body)}
            yield argument.id, operators, [_Substitution(kept).visit(copy.deepcopy(subscript)) for subscript in subscripts]


def bind_arguments(call, parameters):
    """{parameter: argument}; empty if they cannot be told."""
    if parameters.vararg or parameters.kwarg or any(isinstance(argument, ast.Starred) for argument in call.args):
        return {}
    names = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
    bound = dict(zip(names, call.args))
    bound.update((keyword.arg, keyword.value) for keyword in call.keywords)
    return {} if None in bound else bound


def _accumulated(tree, parameter, names, callers):
    """Operators and subscripts of the updates of a parameter; None if anything else is done with it."""
    occurrences = Counter(node.id for part in tree.body for node in ast.walk(part) if isinstance(node, ast.Name))
    understood, operators, subscripts = 0, set(), []
    for node in own_nodes(tree.body):
        for found in filter(None, (array_update(node), shape_read(node))):
            name, operator, count = found
            if name == parameter:
                understood += count
                operators.update(operator or ())
                subscripts += [node.target.slice] if operator else []
        if isinstance(node, ast.Call):
            for name, passed, inner in passed_arrays(node, names, callers):
                if name == parameter:
                    understood += 1
                    operators |= passed
                    subscripts += inner
    return (operators, subscripts) if understood == occurrences[parameter] and operators else None


class _Substitution(ast.NodeTransformer):
    """Arguments for parameters; what else the callee names, nobody knows outside of it: a form that no rule takes."""

    def __init__(self, arguments):
        self._arguments = arguments

    def visit_Name(self, node):
        return copy.deepcopy(self._arguments.get(node.id, ast.Call(node, [], [])))
