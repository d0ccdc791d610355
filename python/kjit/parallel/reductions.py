"""What the iterations of a loop accumulate: the rules of jit/analysis/reductions.cpp and races.cpp, for operators whose result
depends on the order.

Integers are exact in any order, and minima, maxima and flags taken in order are what blocks of them combine to. That leaves +
and * of floats and complex numbers; which values are such is seen when the loop runs (blocks.py). A name is reduced if all its
occurrences in the loop belong to updates by one operator, so what is not recognised is never overlooked.
"""

import ast
from collections import Counter, namedtuple

from kjit.parallel.linear import touch_own_elements
from kjit.parallel.walk import names_in, own_nodes

_OPERATORS = {ast.Add: "+", ast.Sub: "+", ast.Mult: "*"}
_SHAPE = ("shape", "size", "ndim")


# Tuples of pairs (name, operator), and the other names that the loop reads: arrays among them may share memory with reduced ones.
Reductions = namedtuple("Reductions", "scalars arrays others")


def find_reductions(nest, names):
    """Of the iterations of these loops, outermost first, each of which is the whole body of the one before."""
    body = nest[0].body
    nodes = list(own_nodes(body))
    occurrences = Counter(name for part in body for node in ast.walk(part) for name in _mentioned(node))
    scalars = _accumulated(map(_scalar_update, nodes), occurrences)
    arrays = _accumulated((found for node in nodes for found in (_array_update(node), _shape_read(node))), occurrences)
    arrays = tuple((name, operator) for name, operator in arrays if not touch_own_elements(_targets(nodes, name), nest))
    others = names_in(body) - {name for name, _ in arrays} if arrays else ()
    return Reductions(tuple((name, operator) for name, operator in scalars if name in names.locals), arrays, tuple(sorted(others)))


def _mentioned(node):
    """Names that a node reads or binds, other than through Name nodes in it."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return node.names
    if isinstance(node, ast.keyword):
        return []
    bound = [getattr(node, field, None) for field in ("name", "arg", "asname", "rest")]
    return [name for name in bound if isinstance(name, str)]


def _accumulated(updates, occurrences):
    """Names all of whose occurrences are in `updates`, triples (name, operator or None, occurrences), with one operator."""
    explained, operators = Counter(), {}
    for name, operator, count in filter(None, updates):
        explained[name] += count
        operators.setdefault(name, set()).update(operator or ())
    return [(name, *found) for name, found in operators.items() if len(found) == 1 and explained[name] == occurrences[name]]


# ---- x += e, x = x + e -------------------------------------------------------------------------------------------------
def _scalar_update(node):
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and type(node.op) in _OPERATORS:
        return node.target.id, _OPERATORS[type(node.op)], 1
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        operator = _operator_on(node.value, name)
        return operator and (name, operator, 2)
    return None


def _operator_on(value, name):
    """The operator if `value` is `name + e`, `e + name`, `(name + a) - b` and so on."""
    operator = _OPERATORS.get(type(value.op)) if isinstance(value, ast.BinOp) else None
    if operator is None:
        return None
    sides = [value.left] if isinstance(value.op, ast.Sub) else [value.left, value.right]
    found = any(side.id == name if isinstance(side, ast.Name) else _operator_on(side, name) == operator for side in sides)
    return operator if found else None


# ---- a[...] += e, and what may stand beside it: len(a), a.shape --------------------------------------------------------
def _is_array_update(node):
    return isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript) and isinstance(node.target.value, ast.Name)


def _array_update(node):
    if _is_array_update(node) and type(node.op) in _OPERATORS:
        return node.target.value.id, _OPERATORS[type(node.op)], 1
    return None


def _shape_read(node):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _SHAPE:
        return node.value.id, None, 1
    is_len = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1
    return (node.args[0].id, None, 1) if is_len and isinstance(node.args[0], ast.Name) else None


def _targets(nodes, name):
    return [node.target for node in nodes if _is_array_update(node) and node.target.value.id == name]
