"""A function whose parallel loops run by blocks. Entry: blocked_function().

The source is parsed again, the loops that reduce are written anew, and the code object is taken from the compiled module: no part
of the module, decorators included, runs again, and lines and names are those of the source.
"""

import ast
import copy
import types

from kjit.parallel.emission import LoopWriter, choice_of_nest, import_into
from kjit.parallel.names import Names
from kjit.parallel.nests import find_nest
from kjit.parallel.reductions import find_reductions
from kjit.parallel.source import find_code, find_tree, parse_module
from kjit.parallel.walk import may_leave

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def blocked_function(function):
    """`function` itself if no parallel loop in it reduces anything, or if its source cannot be read."""
    module = isinstance(function, types.FunctionType) and parse_module(function.__code__)
    tree = module and find_tree(module, function.__code__)
    if not tree:
        return function
    rewriter = _Rewriter(tree, Names(function))
    rewriter.rewrite()
    if rewriter.count == 0:
        return function
    import_into(tree)
    compiled = compile(module, function.__code__.co_filename, "exec", dont_inherit=True)
    return _with_code(function, find_code(compiled, function.__code__))


def _with_code(function, code):
    made = types.FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    for attribute in ("__kwdefaults__", "__annotations__", "__doc__", "__qualname__", "__module__"):
        setattr(made, attribute, getattr(function, attribute))
    made.__dict__.update(function.__dict__)
    return made


class _Rewriter(ast.NodeTransformer):
    """Of one function's tree, in place. `count` is the number of loops written anew."""

    def __init__(self, tree, names):
        self.count = 0
        self._tree = tree
        self._names = names

    def rewrite(self):
        for node in ast.walk(self._tree):  # before anything changes
            if self._names.is_parallel_loop(node):
                node.nest_depth = len(find_nest(self._tree, node, self._names))
        self._tree.body = self._visit_all(self._tree.body)

    def visit(self, node):
        return node if isinstance(node, _SCOPES) else super().visit(node)

    def visit_For(self, loop):
        if not self._names.is_parallel_loop(loop):
            return self.generic_visit(loop)
        together = self._write(copy.deepcopy(loop), loop.nest_depth) if loop.nest_depth > 1 else None
        separate = self._write(loop, 1) or [self.generic_visit(loop)]
        return choice_of_nest(loop, together, separate) if together else separate

    def _write(self, loop, depth):
        """Statements in place of the nest of `depth` loops that begins with `loop`; None if it needs no blocks."""
        nest = [loop]
        while len(nest) < depth:
            nest.append(nest[-1].body[0])
        reductions = find_reductions(nest, self._names)
        if not (reductions.scalars or reductions.arrays) or may_leave(nest[-1].body):
            return None
        self.count += 1
        writer = LoopWriter(self.count, nest, reductions)
        writer.rename_arrays(nest[-1].body)
        return writer.write(self._visit_all(nest[-1].body), self._visit_all(loop.orelse))

    def _visit_all(self, statements):
        written = [self.visit(statement) for statement in statements]
        return [part for parts in written for part in (parts if isinstance(parts, list) else [parts])]
