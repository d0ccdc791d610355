"""Questions about parts of a function's syntax tree."""

import ast

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
           ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def own_nodes(parts):
    """All nodes of these statements or expressions in source order, without those of functions and comprehensions in them."""
    for part in parts:
        yield part
        if not isinstance(part, _SCOPES):
            yield from own_nodes(ast.iter_child_nodes(part))


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
