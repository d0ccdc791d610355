"""Subscripts that differ from iteration to iteration: sums of integer multiples of names."""

import ast

from kjit.parallel.walk import assigned_names

# Products with larger numbers may wrap around, and iterations meet: kMaxCoefficient of facts/affine.cpp, for the index behind the
# first one of the loop.
_LARGEST_FACTOR = 2**40


def touch_own_elements(subscripts, nest):
    """Do the iterations of a nest of loops never meet in an element that one of these subscripts names?

    They do not if each loop variable decides one axis by itself. A negative index counts as one of the other end.
    """
    changing = assigned_names(nest[:1])
    indices = [subscript.elts if isinstance(subscript, ast.Tuple) else [subscript] for subscript in subscripts]
    axes = [[_linear(index[axis]) for index in indices] for axis in range(min(map(len, indices)))]
    variables = {loop.target.id for loop in nest}
    if variables & assigned_names(nest[-1].body):
        return False
    seconds = {loop.target.id: _second(loop) for loop in nest}
    return all(any(_tells_apart(forms, variable, seconds[variable], changing - {variable}) for forms in axes) for variable in variables)


def _second(loop):
    """The constant in the second value of `for i in range(start, stop, step)`: start + step."""
    arguments = loop.iter.args if isinstance(loop.iter, ast.Call) else []
    start = _linear(arguments[0]) if len(arguments) > 1 else {}
    step = _linear(arguments[2]) if len(arguments) > 2 else {None: 1}
    return (start or {}).get(None, 0) + (step or {}).get(None, 0)


def _tells_apart(forms, variable, second, changing):
    """If any two of these indices of one axis, of any two iterations, are equal: is `variable` equal as well?"""
    if any(form is None or changing & form.keys() for form in forms):
        return False
    factors = {form.get(variable, 0) for form in forms}
    offsets = {form.get(None, 0) for form in forms}
    others = [{name: factor for name, factor in form.items() if name not in (variable, None)} for form in forms]
    if len(factors) > 1 or 0 in factors or any(other != others[0] for other in others):
        return False
    if any(abs(factor * second + offset) > _LARGEST_FACTOR for factor in factors for offset in offsets):
        return False
    return all(len({offset % factor for offset in offsets}) == len(offsets) for factor in factors)


def _linear(node):
    """{name: factor}, with the constant under None; None if the expression is of another form."""
    if isinstance(node, ast.Constant):
        return {None: node.value} if type(node.value) is int else None
    if isinstance(node, ast.Name):
        return {node.id: 1}
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _scaled(_linear(node.operand), -1)
    if isinstance(node, ast.BinOp):
        return _linear_operation(node.op, _linear(node.left), _linear(node.right))
    return None


def _linear_operation(operator, left, right):
    if left is None or right is None:
        return None
    if isinstance(operator, ast.Add):
        return _sum(left, right)
    if isinstance(operator, ast.Sub):
        return _sum(left, _scaled(right, -1))
    if isinstance(operator, ast.Mult) and left.keys() <= {None}:
        return _scaled(right, left.get(None, 0))
    if isinstance(operator, ast.Mult) and right.keys() <= {None}:
        return _scaled(left, right.get(None, 0))
    return None


def _scaled(form, factor):
    return None if form is None else _form({name: factor * value for name, value in form.items()})


def _sum(left, right):
    return _form({name: left.get(name, 0) + right.get(name, 0) for name in left.keys() | right.keys()})


def _form(factors):
    if any(abs(factor) > _LARGEST_FACTOR for factor in factors.values()):
        return None
    return {name: factor for name, factor in factors.items() if factor != 0}
