"""Questions about parts of a function's syntax tree."""

import ast
import copy

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
           ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def own_nodes(parts):
    """All nodes of these statements or expressions in source order, without those of functions and comprehensions in them."""
    for part in parts:
        yield part
        if not isinstance(part, _SCOPES):
            yield from own_nodes(ast.iter_child_nodes(part))


class _Live(ast.NodeTransformer):
    """Leaves out branches of constant conditions that are never taken, as the compiler does."""

    def visit_If(self, node):
        node = self.generic_visit(node)
        if not isinstance(node.test, ast.Constant):
            return node
        return (node.body if node.test.value else node.orelse) or ast.copy_location(ast.Pass(), node)


def live(statements):
    """A copy of the statements without what is never executed."""
    return _Live().visit(ast.Module([copy.deepcopy(part) for part in statements], [])).body


def names_in(parts):
    return {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}


def assigned_names(parts):
    names = (node for part in parts for node in ast.walk(part) if isinstance(node, ast.Name))
    return {name.id for name in names if not isinstance(name.ctx, ast.Load)}


def may_leave(body):
    """Can control leave the loop that has this body other than by its end or an exception?"""
    return any(isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) for node in own_nodes(body)) or _breaks(body)


def _breaks(statements):
    for statement in statements:
        if isinstance(statement, ast.Break):
            return True
        inner = statement.orelse if isinstance(statement, _LOOPS) else ast.iter_child_nodes(statement)
        if not isinstance(statement, _SCOPES) and _breaks(inner):
            return True
    return False
