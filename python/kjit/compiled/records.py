"""Named tuples and dataclasses: kernels have tuples, so that p.x is written as p[0] for arguments of the class.

Shapes say what is known of a value: None, or (class or None, shapes of the elements) of a tuple with names in it.
"""

import ast
import dataclasses

_classes = {}  # dataclass -> the class of its tuples


def as_tuple(value, adapt):
    """Of a dataclass's object: its fields, each adapted, in a tuple with their names."""
    type_ = type(value)
    names = tuple(field.name for field in dataclasses.fields(value))
    if type_ not in _classes:
        _classes[type_] = type(type_.__name__, (tuple, ), {"_fields": names})
    return _classes[type_](adapt(getattr(value, name)) for name in names)


def is_record(value):
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


class Shapes:
    """Of the names of a function: its parameters, and variables that are parts of them."""

    def __init__(self, tree, parameters, shapes):
        self._known = {name: shape for name, shape in zip(parameters, shapes) if shape is not None}
        stored = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                stored[node.id] = stored.get(node.id, 0) + 1
        for name in stored:
            self._known.pop(name, None)  # a parameter that is another value later
        for _ in range(3):  # parts of parts
            for node in ast.walk(tree):
                name, shape = self._assigned(node)
                if shape is not None and stored[name] == 1 and name not in parameters:
                    self._known[name] = shape

    def _assigned(self, node):
        """(name, shape) of a variable that a statement gives a value."""
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id, self.of(node.value)
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            shape = self.of(node.iter)
            if shape is not None and len(set(shape[1])) == 1:
                return node.target.id, shape[1][0]
        return None, None

    def of(self, node):
        if isinstance(node, ast.Name):
            return self._known.get(node.id)
        if isinstance(node, ast.Attribute):
            index = self.index_of(node)
            return None if index is None else self.of(node.value)[1][index]
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
            shape = self.of(node.value)
            return shape[1][node.slice.value] if shape is not None and node.slice.value < len(shape[1]) else None
        return None

    def index_of(self, node):
        """The element that an attribute is; None for any other attribute."""
        shape = self.of(node.value)
        if shape is None or shape[0] is None or node.attr not in shape[0]._fields:
            return None
        return shape[0]._fields.index(node.attr)

    def of_arguments(self, call, parameters):
        """The shapes of the parameters of a function that is called; None if none has names."""
        found = {name: self.of(node) for name, node in zip(parameters, call.args) if not isinstance(node, ast.Starred)}
        found.update({keyword.arg: self.of(keyword.value) for keyword in call.keywords})
        shapes = tuple(map(found.get, parameters))
        return shapes if any(shape is not None for shape in shapes) else None


def rewrite(text, shapes):
    """p.x -> p[0]"""
    for node in ast.walk(text.tree):
        if isinstance(node, ast.Attribute):
            index = shapes.index_of(node)
            if index is not None:
                text.replace_rest(node, node.value, f"[{index}]")


def parameters_of(function):
    code = function.__code__
    return code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]
