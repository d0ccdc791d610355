"""What the names of a function mean that it does not define itself, and how a kernel file says so."""

import ast
import math
import sys
import types

import kjit

MODULES = frozenset({"math", "cmath", "random", "time", "sys", "numpy", "numpy.random", "numpy.linalg"})
_INT_RANGE = range(-2**63, 2**64)


def free_names(function, text):
    """Names that the text reads, in their order."""
    code = function.__code__
    known = {*code.co_varnames, *code.co_cellvars, "None"}  # None: what was blanked
    found = {}
    for node in ast.walk(text.tree):
        if isinstance(node, ast.Name) and (node.id not in known or node.id in code.co_freevars):
            found.setdefault(node.id, node)
    return list(found)


ABSENT = object()


class Place:
    """Where a name gets its value: a dictionary and a key, or an object and an attribute. `value` is ABSENT where there is none (yet)."""

    def __init__(self, place, name):
        self.place = place
        self.name = name
        if isinstance(place, dict):
            self.value = place.get(name, ABSENT)
        else:
            self.value = getattr(place, name, ABSENT) if not isinstance(place, types.CellType) else _contents(place)

    def row(self):
        """As the extension watches it."""
        return (self.place, self.name) if self.value is ABSENT else (self.place, self.name, self.value)


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:
        return ABSENT


def find(function, name):
    """The place of a name outside of the function. Python's own names are absent from the module, where they may be defined anew."""
    if name in function.__code__.co_freevars:
        return Place(function.__closure__[function.__code__.co_freevars.index(name)], "cell_contents")
    return Place(function.__globals__, name)


def has_attributes(value):
    """Kernels read attributes of modules, classes and namespaces, and not these themselves."""
    return isinstance(value, (types.ModuleType, type, types.SimpleNamespace))


def attribute_of(owner, name):
    """The place of an attribute. What a class inherits may stand in any of its bases."""
    return Place(owner if isinstance(owner, type) else vars(owner), name)


def import_line(name, value):
    """How a kernel file gets this value by an import; None if it does not."""
    if isinstance(value, types.ModuleType):
        return _module_line(name, value)
    found = _kjit_name(value) or _library_name(value)
    if found is None:
        return None
    module, original = found
    return f"from {module} import {original} as {name}"


def _module_line(name, module):
    if module is kjit or module.__name__ == "numba":
        return f"import kjit as {name}"
    if module.__name__ in ("numpy.random", "numpy.linalg"):
        return f"from numpy import {module.__name__.rpartition('.')[2]} as {name}"
    return f"import {module.__name__} as {name}" if module.__name__ in MODULES else None


def _kjit_name(value):
    for name in kjit.__all__:
        if getattr(kjit, name) is value:
            return "kjit", name
    return None


def _library_name(value):
    name = getattr(value, "__name__", None)
    if not isinstance(name, str) or isinstance(value, types.FunctionType) and not _is_library(value):
        return None
    for module_name in sorted(MODULES):
        module = sys.modules.get(module_name)
        if module is not None and _same(getattr(module, name, None), value):
            return module_name, name
    return None


def _is_library(function):
    return function.__module__.partition(".")[0] in ("numpy", "random")


def _same(found, value):
    return found is value or isinstance(value, types.MethodType) and found == value  # random.uniform: a method of an object


def literal(value):
    """A constant as kernel text; None if it is none."""
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return repr(value)
    if kind is int:
        return repr(value) if value in _INT_RANGE else None
    if kind is float:
        return _float_text(value)
    if kind is complex:
        return f"complex({_float_text(value.real)}, {_float_text(value.imag)})"
    if kind.__module__ == "numpy" and hasattr(value, "item"):
        return _numpy_text(value)
    if isinstance(value, tuple):
        return _tuple_text(value)
    if isinstance(value, (bool, int, float)):  # an IntEnum's member
        return literal(next(base for base in (bool, int, float) if isinstance(value, base))(value))
    return None


def _float_text(value):
    if math.isfinite(value):
        return repr(value)
    return "__import_math.nan" if math.isnan(value) else f"{'-' if value < 0 else ''}__import_math.inf"


def _numpy_text(value):
    if getattr(value, "ndim", 0) != 0 or value.dtype.kind not in "biufc":
        return None
    inner = literal(value.item())
    return None if inner is None else f"__import_numpy.{value.dtype.name if value.dtype.kind != 'b' else 'bool_'}({inner})"


def _tuple_text(value):
    parts = [literal(part) for part in value]
    if None in parts:
        return None
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


# Names that literal() uses; the file imports them where they occur.
HELPERS = {"__import_math": "import math as __import_math", "__import_numpy": "import numpy as __import_numpy"}
