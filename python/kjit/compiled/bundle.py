"""A kernel with all that it calls, as texts for the engine: each function is a file of its own, which imports the others."""

import ast
import enum
import types

import numpy as np

from kjit.compiled import names, operators, records
from kjit.compiled.source import FunctionText, source_of


class Bundle:
    """`files`: rows (module, file name, text), the kernel's first. `watched`: rows (dictionary or object, name or attribute[, value]),
    without a value for what is not there; when one changes, the bundle is another. `arrays`: those that the kernel reads outside of
    itself; they are parameters behind its own. `unusable`: names whose values kernels cannot have, with the reason."""

    def __init__(self):
        self.files = []
        self.watched = []
        self.arrays = []
        self.unusable = {}
        self._modules = {}  # function, shapes of its parameters (records.py) -> module
        self._places = set()  # that are watched

    def module_of(self, function, options, source, shapes=None):
        """The name of the module with this function; writes it if it is new."""
        key = function, shapes
        if key not in self._modules:
            module = self._modules[key] = f"kjit_function_{len(self._modules)}"
            self.files.append(None)
            position = len(self.files) - 1
            writer = _FileWriter(self, function, source or source_of(function), shapes, is_entry=position == 0)
            self.files[position] = (module, writer.filename, writer.write(options))
        return self._modules[key]

    def watch(self, place):
        key = id(place.place), place.name
        if key not in self._places:
            self._places.add(key)
            self.watched.append(place.row())

    def import_operator(self, operator, name):
        if operators.FILE not in self.files:
            self.files.append(operators.FILE)
        return f"from {operators.MODULE} import {operator} as {name}"


def make_bundle(kernel, shapes=None):
    """`shapes` of the arguments, if tuples with names are among them."""
    bundle = Bundle()
    bundle.module_of(kernel.py_func, kernel.options, kernel.source, shapes)
    return bundle


class _FileWriter:

    def __init__(self, bundle, function, source, shapes, is_entry):
        self._bundle = bundle
        self._is_entry = is_entry
        self._arrays = []  # names
        self._function = function
        self._text = FunctionText(source, function.__qualname__)
        self._shapes = shapes
        self._replaced = set()  # attributes
        self._lines = []  # that stand behind the function, so that its own lines keep their numbers
        self.filename = source.filename

    def write(self, options):
        self._clean_parameters()
        if self._shapes is not None:
            self._write_names_as_indices()
        for name in names.free_names(self._function, self._text):
            self._add_name(name)
        if self._arrays:
            self._text.add_parameters(self._arrays)
        decorator = f"@kjit_njit({options})"
        self._lines.append("from kjit import njit as kjit_njit")
        padding = "\n" * max(self._text.first_line - 2, 0)
        text = f"{padding}{decorator}\n{self._text.text()}\n" + "\n".join(self._lines) + "\n"
        imports = [line for name, line in names.HELPERS.items() if name in text]
        return text + "".join(line + "\n" for line in imports)

    # ---- the definition ----
    def _clean_parameters(self):
        """Defaults become their values, annotations that mean nothing to kernels go: both are Python's, and of the time of def."""
        arguments = self._text.tree.args
        defaults = self._function.__defaults__ or ()
        keyword_defaults = self._function.__kwdefaults__ or {}
        for node, value in zip(arguments.defaults, defaults):
            self._set_default(node, value)
        for argument, node in zip(arguments.kwonlyargs, arguments.kw_defaults):
            if node is not None:
                self._set_default(node, keyword_defaults[argument.arg])
        for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            if argument.annotation is not None and not self._is_kernel_type(argument.annotation):
                self._text.blank_annotation(argument)
                _forget(argument.annotation)
        if self._text.tree.returns is not None:
            self._text.blank_result()
            _forget(self._text.tree.returns)

    def _set_default(self, node, value):
        text = names.literal(value)
        if text is not None and not isinstance(node, ast.Constant):
            self._text.replace(node, text)
            _forget(node)

    def _is_kernel_type(self, node):
        root = node
        while isinstance(root, (ast.Subscript, ast.Attribute)):
            root = root.value
        if not isinstance(root, ast.Name):
            return False
        place = names.find(self._function, root.id)
        if place.value is names.ABSENT:
            return isinstance(node, ast.Name) and node.id in ("int", "float", "complex", "bool", "str")
        return names.import_line(root.id, place.value) is not None and not isinstance(node, ast.Attribute)

    # ---- tuples with names ----
    def _write_names_as_indices(self):
        shapes = records.Shapes(self._text.tree, records.parameters_of(self._function), self._shapes)
        records.rewrite(self._text, shapes)
        for node in ast.walk(self._text.tree):
            if isinstance(node, ast.Call):
                self._call_for_shapes(node, shapes)

    def _call_for_shapes(self, call, shapes):
        """The function that is called has its names written as indices, too."""
        value = self._value_of(call.func)
        function = getattr(value, "py_func", value)
        if not isinstance(function, types.FunctionType) or names.import_line("f", value) is not None:
            return
        given = shapes.of_arguments(call, records.parameters_of(function))
        if given is None or function is self._function and given == self._shapes:
            return
        module = self._bundle.module_of(function, getattr(value, "options", ""), getattr(value, "source", None), given)
        name = f"kjit_{module}_{function.__code__.co_name}"
        self._text.replace(call.func, name)
        self._replaced.add(call.func)
        line = f"from {module} import {function.__code__.co_name} as {name}"
        if line not in self._lines:
            self._lines.append(line)

    def _value_of(self, node):
        """Of a name outside of the function, or an attribute of one; None for any other."""
        if isinstance(node, ast.Name) and node.id not in self._function.__code__.co_varnames:
            return names.find(self._function, node.id).value
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = self._value_of(node.value)
            return names.attribute_of(owner, node.attr).value if names.has_attributes(owner) else None
        return None

    # ---- names ----
    def _add_name(self, name):
        place = names.find(self._function, name)
        value = place.value
        self._bundle.watch(place)
        if value is names.ABSENT:
            return
        if names.has_attributes(value) and names.import_line(name, value) is None:
            self._add_attributes(name, value)
            return
        if isinstance(value, np.ndarray) and self._is_entry:
            self._arrays.append(name)
            self._bundle.arrays.append(value)
            return
        line = self._line_for(name, value)
        if line is None:
            self._bundle.unusable[name] = _why_unusable(value)
        elif line:
            self._lines.append(line)

    def _line_for(self, name, value):
        """'' for the function itself; None for what kernels cannot use: the engine says where, if it is used."""
        line = names.import_line(name, value)
        if line is not None:
            return line
        operator = operators.name_of(value)
        if operator is not None:
            return self._bundle.import_operator(operator, name)
        function = getattr(value, "py_func", value)
        if isinstance(function, types.FunctionType):
            return self._import_of(name, value, function)
        text = names.literal(value)
        return None if text is None else f"{name} = {text}"

    def _import_of(self, name, value, function):
        if function is self._function:
            return ""
        options = getattr(value, "options", "")
        module = self._bundle.module_of(function, options, getattr(value, "source", None))
        return f"from {module} import {function.__code__.co_name} as {name}"

    def _add_attributes(self, name, owner):
        """settings.N becomes settings_N, a constant; the columns stay."""
        for node in ast.walk(self._text.tree):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name):
                continue
            if node.end_lineno != node.lineno or node in self._replaced:
                continue
            place = names.attribute_of(owner, node.attr)
            if not _is_constant_member(owner):
                self._bundle.watch(place)
            flat = f"{name}_{node.attr}"
            line = None if place.value is names.ABSENT else self._line_for(flat, place.value)
            if not line:
                continue
            self._text.replace(node, flat)
            if line not in self._lines:
                self._lines.append(line)


def _is_constant_member(owner):
    """An enumeration's, which Python lets nobody change, and finds slowly."""
    return isinstance(owner, enum.EnumMeta)


def _why_unusable(value):
    if isinstance(value, np.ndarray):
        return "an array, which only the function that Python calls can read outside of itself: pass it as an argument"
    if isinstance(value, (list, dict, set)):
        return f"a {type(value).__name__}, and kernels read numbers, texts, tuples and arrays outside of themselves: make it one of these"
    return f"of type {type(value).__qualname__}, which kernels do not have"


def _forget(node):
    """Names in it are not the function's any more."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            part.id = "None"
