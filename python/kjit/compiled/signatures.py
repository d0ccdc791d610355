"""Types as Numba's users write them -> the text that the engine reads: "f8(f8[:], i4)", float64(float64), (int64, f64[:, ::1])."""

import ast

from kjit.dtypes import ArrayType, KernelType, Signature

# Numba counts bytes in its short names: in texts of signatures, and only there, i8 is an integer of 64 bits.
_SHORT = {
    "b1": "bool", "i1": "i8", "i2": "i16", "i4": "i32", "i8": "i64", "u1": "u8", "u2": "u16", "u4": "u32", "u8": "u64", "f4": "f32",
    "f8": "f64", "c8": "c64", "c16": "c128"
}
_LONG = {
    "bool": "bool", "bool_": "bool", "boolean": "bool", "int_": "i64", "intp": "i64", "intc": "i32", "int": "i64", "long_": "i64",
    "longlong": "i64", "uintp": "u64", "uint": "u64", "float": "f64", "float_": "f64", "double": "f64", "complex": "c128", "str": "str",
    "string": "str", "unicode_type": "str", "none": "None", "void": "None", "None": "None", "complex64": "c64", "complex128": "c128"
}
_OWN = ("i16", "i32", "i64", "u16", "u32", "u64", "f32", "f64", "c64", "c128")
_SIZED = {f"{long}{bits}": f"{short}{bits}" for long, short in (("int", "i"), ("uint", "u"), ("float", "f")) for bits in (8, 16, 32, 64)}
NAMES = {**_LONG, **_SIZED, **_SHORT, **{name: name for name in _OWN}}


class TupleType:
    """types.Tuple((int64, float64)), types.UniTuple(float64, 3)."""

    def __init__(self, elements):
        self.elements = tuple(elements)

    def __repr__(self):
        return f"Tuple({', '.join(map(repr, self.elements))})"


def argument_lists(given):
    """What a decorator was given -> for each signature the texts of its arguments' types."""
    if isinstance(given, (list, set)) or isinstance(given, tuple) and any(map(_is_signature, given)):
        return [texts for part in given for texts in argument_lists(part)]
    if isinstance(given, str):
        return [_parse_signature(given)]
    if isinstance(given, Signature):
        return [tuple(map(type_text, given.arguments))]
    if isinstance(given, tuple):
        return [tuple(map(type_text, given))]
    raise TypeError(f"a signature is a text, a tuple of types, or result(arguments...): {given!r}")


def _is_signature(part):
    return isinstance(part, (tuple, Signature)) or isinstance(part, str) and "(" in part


def type_text(type_):
    if isinstance(type_, str):
        return _type_of(_parse(type_), type_)
    if isinstance(type_, KernelType):
        return NAMES[type_.name]
    if isinstance(type_, ArrayType):
        return _array_text(type_text(type_.element), [part.step for part in type_.dimensions])
    if isinstance(type_, TupleType):
        return _tuple_text(map(type_text, type_.elements))
    if type_ is None:
        return "None"
    if isinstance(type_, type) and type_.__name__ in NAMES:
        return NAMES[type_.__name__]
    raise TypeError(f"kernels have no type {type_!r}")


def _array_text(element, steps):
    contiguous = steps[-1] == 1 and all(step is None for step in steps[:-1])
    return f"{element}[{', '.join([':'] * (len(steps) - 1) + ['::1' if contiguous else ':'])}]"


def _tuple_text(elements):
    parts = list(elements)
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def _parse(text):
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise TypeError(f"not a signature: '{text}'") from None


def _parse_signature(text):
    node = _parse(text)
    if isinstance(node, ast.Call) and not node.keywords:
        return tuple(_type_of(part, text) for part in node.args)
    if isinstance(node, ast.Tuple):
        return tuple(_type_of(part, text) for part in node.elts)
    return (_type_of(node, text),)  # "(f8)" is f8


def _type_of(node, text):
    if isinstance(node, ast.Attribute):  # types.float64
        return _named(node.attr, text)
    if isinstance(node, ast.Name):
        return _named(node.id, text)
    if isinstance(node, ast.Constant) and node.value is None:
        return "None"
    if isinstance(node, ast.Tuple):
        return _tuple_text(_type_of(part, text) for part in node.elts)
    if isinstance(node, ast.Subscript):
        dimensions = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if all(isinstance(part, ast.Slice) for part in dimensions):
            return _array_text(_type_of(node.value, text), [part.step.value if part.step else None for part in dimensions])
    if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
        return _called(node, text)
    raise TypeError(f"kernels have no type '{ast.unparse(node)}': '{text}'")


def _called(node, text):
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    if name == "Tuple" and isinstance(node.args[0], (ast.Tuple, ast.List)):
        return _tuple_text(_type_of(part, text) for part in node.args[0].elts)
    if name == "UniTuple" and isinstance(node.args[1], ast.Constant):
        return _tuple_text([_type_of(node.args[0], text)] * node.args[1].value)
    raise TypeError(f"kernels have no type '{ast.unparse(node)}': '{text}'")


def _named(name, text):
    if name not in NAMES:
        raise TypeError(f"kernels have no type '{name}': '{text}'")
    return NAMES[name]
