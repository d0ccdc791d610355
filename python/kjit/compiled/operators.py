"""Python's module `operator` in kernels: its functions, written out."""

import operator

_BINARY = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "lshift": "<<", "rshift": ">>", "and_": "&",
    "or_": "|", "xor": "^", "matmul": "@", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "is_": "is", "is_not": "is not"
}
_IN_PLACE = {
    "iadd": "+", "isub": "-", "imul": "*", "itruediv": "/", "ifloordiv": "//", "imod": "%", "ipow": "**", "ilshift": "<<", "irshift": ">>",
    "iand": "&", "ior": "|", "ixor": "^"
}
_UNARY = {"neg": "-", "pos": "+", "inv": "~", "invert": "~", "not_": "not "}
_OTHER = {"getitem": ("a, b", "a[b]"), "contains": ("a, b", "b in a"), "abs": ("a", "abs(a)"), "truth": ("a", "bool(a)"), "index": ("a", "a")}

MODULE = "kjit_operator"


def _definitions():
    for name, sign in _BINARY.items():
        yield name, f"def {name}(a, b):\n    return a {sign} b\n"
    for name, sign in _IN_PLACE.items():
        yield name, f"def {name}(a, b):\n    a {sign}= b\n    return a\n"
    for name, sign in _UNARY.items():
        yield name, f"def {name}(a):\n    return {sign}a\n"
    for name, (parameters, value) in _OTHER.items():
        yield name, f"def {name}({parameters}):\n    return {value}\n"


_TEXTS = dict(_definitions())
_NAMES = {id(getattr(operator, name)): name for name in _TEXTS}


def name_of(value):
    """The name that a function of the module has in FILE; None for anything else."""
    return _NAMES.get(id(value))


FILE = (MODULE, "<operator>", "\n".join(_TEXTS.values()))
