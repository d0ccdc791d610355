"""What @stencil makes of a function: one that computes an element at given indices, and one that does so for all of an array.

Both are Python, and kernels: numbers of elements are those of the first array, and the type of the result is that of the elements.
"""

import ast
import copy
import types

import numpy as np

from kjit.compiled.source import FunctionText, Source, source_of


class Neighbours:

    def __init__(self, function, neighborhood=None, cval=None, standard_indexing=()):
        code = function.__code__
        if code.co_kwonlyargcount or code.co_flags & 0x0C or not code.co_argcount:  # *args, **keywords
            raise TypeError(f"{function.__name__}(): a stencil has parameters that are passed by position, the first of them an array")
        self._function = function
        self._cval = None if cval is None else _literal(cval)
        self._parameters = code.co_varnames[:code.co_argcount]
        self._absolute = (standard_indexing, ) if isinstance(standard_indexing, str) else tuple(standard_indexing)
        self._source = source_of(function)
        self._text = FunctionText(self._source, function.__name__)
        accesses = [node for node in ast.walk(self._text.tree) if self._is_relative(node)]
        self._relative = [name for name in self._parameters if any(node.value.id == name for node in accesses)]
        if self._parameters[0] not in self._relative:
            raise TypeError(f"{function.__name__}(): the first parameter of a stencil is an array that it reads by relative indices")
        self._rank = len(_parts(accesses[0]))
        self._extents = self._extents_of(accesses) if neighborhood is None else [tuple(extent) for extent in neighborhood]
        if len(self._extents) != self._rank or any(len(_parts(node)) != self._rank for node in accesses):
            raise TypeError(f"{function.__name__}(): all relative indices, and the neighbourhood, have as many parts as the array axes")

    # ---- one element ----
    def point(self):
        """A function with the indices as first parameters."""
        self._statements = _inlined(copy.deepcopy(self._text.tree.body), _Mover(self._is_relative))
        self._move_accesses(self._text.tree.body)
        self._text.put_first([f"kjit_i{axis}" for axis in range(self._rank)])
        lines = self._text.text().splitlines(keepends=True)
        self.point_source = Source(lines, self._text.first_line, self._source.filename)
        point = _function_like(self._function, self.point_source, {})
        point.__defaults__ = self._function.__defaults__
        return point

    def _is_relative(self, node):
        return (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in self._parameters
                and node.value.id not in self._absolute)

    def _move_accesses(self, nodes):
        """The outermost ones are written anew, with those in them."""
        for node in nodes:
            if not self._is_relative(node):
                self._move_accesses(ast.iter_child_nodes(node))
                continue
            if not isinstance(node.ctx, ast.Load):
                raise TypeError(f"{self._function.__name__}(): a stencil reads its arrays, and '{node.value.id}' is written in line "
                                f"{self._text.first_line + node.lineno - self._text.tree.lineno}")
            given = node.slice
            moved = _Mover(self._is_relative).visit(node)
            self._text.replace(given, ", ".join(map(ast.unparse, _parts(moved))))

    def _extents_of(self, accesses):
        """(lowest, highest) of each axis; the element itself belongs to it."""
        extents = [(0, 0)] * self._rank
        for node in accesses:
            for axis, part in enumerate(_parts(node)[:self._rank]):
                for offset in self._offsets(part):
                    extents[axis] = min(extents[axis][0], offset), max(extents[axis][1], offset)
        return extents

    def _offsets(self, part):
        try:
            if isinstance(part, ast.Slice):
                return ast.literal_eval(part.lower), ast.literal_eval(part.upper) - 1
            return (int(ast.literal_eval(part)), )
        except (ValueError, TypeError):
            raise ValueError(f"{self._function.__name__}(): the index {ast.unparse(part)} is no constant: give the stencil its "
                             "neighborhood=((lowest, highest), ...)") from None

    # ---- all of them ----
    def whole(self, point, parallel):
        """The function of whole arrays, with its source."""
        name = self._function.__name__
        lines = [line + "\n" for line in self._lines("kjit_prange" if parallel else "range")]
        source = Source(lines, 1, f"<stencil {name} of {self._source.filename}:{self._text.first_line}>")
        source.show()
        from kjit import prange
        whole = _function_like(self._function, source, {"kjit_point": point, "kjit_np": np, "kjit_prange": prange})
        whole.__defaults__ = (*(self._function.__defaults__ or ()), None)
        whole.__doc__ = self._function.__doc__
        return whole, source

    def _lines(self, loop):
        first, axes = self._parameters[0], range(self._rank)
        sizes = [f"kjit_n{axis}" for axis in axes]
        indices = ", ".join(f"kjit_i{axis}" for axis in axes)
        lows = [max(0, -low) for low, _ in self._extents]
        highs = [max(0, high) for _, high in self._extents]
        smallest = [low + high + 1 for low, high in zip(lows, highs)]
        tiny = ", ".join(f"kjit_np.zeros({_tuple(smallest)}, {name}.dtype)" if name in self._relative else name for name in self._parameters)
        yield f"def {self._function.__name__}({', '.join(self._declared())}):"
        yield f"    {_tuple(sizes)} = {first}.shape"
        for other in self._relative[1:]:
            yield f"    if {' or '.join(f'{other}.shape[{axis}] < kjit_n{axis}' for axis in axes)}:"
            yield f"        raise ValueError('the array {other} is smaller than {first}')"
        yield "    if out is None:"
        # The type of the result is that of an element: of the first, or of one among zeros where the array is too small for any.
        yield f"        if {' and '.join(f'{size} >= {least}' for size, least in zip(sizes, smallest))}:"
        yield f"            kjit_result = kjit_np.full({first}.shape, kjit_point({', '.join(map(str, lows))}, {', '.join(self._parameters)}))"
        yield "        else:"
        yield f"            kjit_result = kjit_np.full({first}.shape, kjit_point({', '.join(map(str, lows))}, {tiny}))"
        yield f"        kjit_result[:] = {self._cval or 0}"
        yield "    else:"
        yield "        kjit_result = out"
        if self._cval is not None:
            yield f"        kjit_result[:] = {self._cval}"
        for axis in axes:
            end = f"{sizes[axis]} - {highs[axis]}" if highs[axis] else sizes[axis]
            yield f"{'    ' * (axis + 1)}for kjit_i{axis} in {loop if axis == 0 else 'range'}({lows[axis]}, {end}):"
        inner = "    " * (self._rank + 1)
        if self._statements is None:
            yield f"{inner}kjit_result[{indices}] = kjit_point({indices}, {', '.join(self._parameters)})"
        else:  # the compiler knows more of a loop without calls
            *statements, result = self._statements
            yield from (inner + line for statement in statements for line in ast.unparse(statement).splitlines())
            yield f"{inner}kjit_result[{indices}] = {ast.unparse(result.value)}"
        yield "    return kjit_result"

    def _declared(self):
        """Parameters with their defaults, and the array for the result."""
        defaults = self._function.__defaults__ or ()
        plain = len(self._parameters) - len(defaults)
        return [*self._parameters[:plain], *(f"{name}={_literal(value)}" for name, value in zip(self._parameters[plain:], defaults)), "out=None"]


class _Mover(ast.NodeTransformer):
    """a[0, -1:2] -> a[kjit_i0, kjit_i1 - 1:kjit_i1 + 2]"""

    def __init__(self, is_relative):
        self._is_relative = is_relative

    def visit_Subscript(self, node):
        is_relative = self._is_relative(node)
        node = self.generic_visit(node)
        if is_relative:
            parts = [_moved(part, f"kjit_i{axis}") for axis, part in enumerate(_parts(node))]
            node.slice = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
        return node


def _literal(value):
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return "kjit_np.nan" if value != value else "kjit_np.inf" if value > 0 else "-kjit_np.inf"
    if not isinstance(value, (bool, int, float, complex, str, type(None))):
        raise TypeError(f"defaults and cval of stencils are numbers and texts, not {value!r}")
    return repr(value)


def _moved(part, index):
    if isinstance(part, ast.Slice):
        if part.lower is None or part.upper is None:
            raise TypeError(f"a slice in a stencil has both ends: {ast.unparse(part)}")
        return ast.Slice(_moved(part.lower, index), _moved(part.upper, index), part.step)
    return ast.parse(_sum(index, ast.unparse(part)), mode="eval").body


def _sum(index, offset):
    if offset == "0":
        return index
    return f"{index} - {offset[1:]}" if offset[0] == "-" and offset[1:].isdigit() else f"{index} + ({offset})"


def _parts(node):
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _tuple(parts):
    return f"({', '.join(map(str, parts))}, )"


def _inlined(statements, mover):
    """The body as that of a loop; None where it would mean something else: returns in the middle, variables that keep the value of the
    iteration before."""
    if isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant):
        statements = statements[1:]  # the docstring
    nodes = [node for statement in statements for node in ast.walk(statement)]
    leaves = [node for node in nodes if isinstance(node, (ast.Return, ast.FunctionDef, ast.Lambda, ast.comprehension, ast.NamedExpr))]
    if not statements or leaves != [statements[-1]] or not isinstance(leaves[0], ast.Return) or leaves[0].value is None:
        return None
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return [mover.visit(statement) for statement in statements] if all(_begins_anew(name, statements) for name in stored) else None


def _begins_anew(name, statements):
    """Is it assigned before it is read, or the variable of one loop that is read nowhere else?"""
    first, *others = [statement for statement in statements if _has_name(statement, name)]
    if isinstance(first, ast.Assign):
        return all(isinstance(target, ast.Name) for target in first.targets) and not _has_name(first.value, name)
    return isinstance(first, ast.For) and not others and isinstance(first.target, ast.Name) and first.target.id == name


def _has_name(tree, name):
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


def _function_like(function, source, values):
    """The function that the text defines, in the place of another: with its globals, the cells of the functions around it, and cells with
    `values`."""
    inner = ast.increment_lineno(ast.parse("".join(source.lines)), source.first_line - 1)
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
    cells.update((name, types.CellType(value)) for name, value in values.items())
    outer = ast.parse(f"def outer({', '.join(cells)}): pass")
    outer.body[0].body = inner.body
    code = _code_in(_code_in(compile(outer, source.filename, "exec"), "outer"), function.__name__)
    made = types.FunctionType(code, function.__globals__, function.__name__, None, tuple(cells[name] for name in code.co_freevars))
    made.__qualname__ = function.__qualname__
    return made


def _code_in(code, name):
    return next(part for part in code.co_consts if isinstance(part, types.CodeType) and part.co_name == name)
