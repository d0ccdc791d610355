"""Expressions of a loop in terms of what it does not compute: a variable that it assigns once, and a function of one return
statement, are replaced by what they stand for. This is as much as the compiler's analysis knows of k in

    k = int(cell(i, 2))
    a[k] += x
"""

import ast
import copy
from collections import Counter

from kjit.parallel.callees import bind_arguments
from kjit.parallel.source import find_tree, parse_module
from kjit.parallel.walk import names_in, own_nodes

_MOST_STEPS = 100  # chains of definitions can have exponentially many uses


class Expansion(ast.NodeTransformer):
    """Of expressions in these statements; `names` are those of their function."""

    def __init__(self, body, names):
        self._names = names
        self._values = _assigned_once(body)
        self._steps = 0

    def of(self, expression):
        self._steps = 0
        return self.visit(copy.deepcopy(expression))

    def visit_Name(self, node):
        return self._replaced(node, self._values.get(node.id))

    def visit_Call(self, node):
        called = self._names.resolve(node.func)
        if _is_integer_type(called) and len(node.args) == 1 and not node.keywords:
            return self.visit(node.args[0])
        node.args = [self.visit(argument) for argument in node.args]
        return self._replaced(node, self._returned(called, node) if hasattr(called, "__code__") else None)

    def _returned(self, function, call):
        """What the call of a function that only returns an expression stands for; else None."""
        module = parse_module(function.__code__)
        tree = module and find_tree(module, function.__code__)
        if not tree or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Return) or tree.body[0].value is None:
            return None
        arguments = bind_arguments(call, tree.args)
        value = tree.body[0].value
        captured = (names_in([value]) - arguments.keys()) & self._names.locals  # other variables of the same names
        return _Arguments(arguments).visit(copy.deepcopy(value)) if arguments and not captured else None

    def _replaced(self, node, value):
        self._steps += 1
        return node if value is None or self._steps > _MOST_STEPS else self.visit(copy.deepcopy(value))


def _assigned_once(body):
    """{name: value} of the assignments to names that nothing else in these statements assigns."""
    nodes = list(own_nodes(body))
    stores = Counter(node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
    assignments = [node for node in nodes if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
    return {node.targets[0].id: node.value for node in assignments if len(node.targets) == 1 and stores[node.targets[0].id] == 1}


def _is_integer_type(value):
    return isinstance(value, type) and value.__name__ in ("int", "int64")


class _Arguments(ast.NodeTransformer):
    """Puts arguments in the place of parameters."""

    def __init__(self, arguments):
        self._arguments = arguments

    def visit_Name(self, node):
        return copy.deepcopy(self._arguments.get(node.id, node))
