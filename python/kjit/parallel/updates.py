"""Single updates of variables and array elements, by operators whose result depends on the order."""

import ast

OPERATORS = {ast.Add: "+", ast.Sub: "+", ast.Mult: "*"}
_SHAPE = ("shape", "size", "ndim")


# ---- x += e, x = x + e -------------------------------------------------------------------------------------------------
def scalar_update(node):
    """The name, its operator and how often the statement names it; None if it is no update."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and type(node.op) in OPERATORS:
        return node.target.id, OPERATORS[type(node.op)], 1
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        operator = _operator_on(node.value, name)
        return operator and (name, operator, 2)
    return None


def _operator_on(value, name):
    """The operator if `value` is `name + e`, `e + name`, `(name + a) - b` and so on."""
    operator = OPERATORS.get(type(value.op)) if isinstance(value, ast.BinOp) else None
    if operator is None:
        return None
    sides = [value.left] if isinstance(value.op, ast.Sub) else [value.left, value.right]
    found = any(side.id == name if isinstance(side, ast.Name) else _operator_on(side, name) == operator for side in sides)
    return operator if found else None


# ---- a[...] += e, and what may stand beside it: len(a), a.shape --------------------------------------------------------
def is_array_update(node):
    return isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript) and isinstance(node.target.value, ast.Name)


def array_update(node):
    if is_array_update(node) and type(node.op) in OPERATORS:
        return node.target.value.id, OPERATORS[type(node.op)], 1
    return None


def shape_read(node):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _SHAPE:
        return node.value.id, None, 1
    is_len = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1
    return (node.args[0].id, None, 1) if is_len and isinstance(node.args[0], ast.Name) else None
