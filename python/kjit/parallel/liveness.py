"""Which names may be read after a loop before they are set again: backward liveness, as in jit/analysis/liveness.cpp."""

import ast


def live_after(function, loop):
    analysis = _Liveness(loop)
    analysis.block(function.body, set(), (set(), set()))
    return analysis.result


def _names(node, context):
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, context)}


class _Liveness:
    """Each method takes what is live after a part, and at break and continue of the loop around it; it gives what is before."""

    def __init__(self, target):
        self._target = target
        self.result = set()

    def block(self, statements, after, exits):
        for statement in reversed(statements):
            after = self._statement(statement, after, exits)
        return after

    def _statement(self, statement, after, exits):
        if isinstance(statement, ast.Break):
            return exits[0]
        if isinstance(statement, ast.Continue):
            return exits[1]
        if isinstance(statement, (ast.Return, ast.Raise)):
            return _names(statement, ast.Load)
        if isinstance(statement, ast.If):
            branches = self.block(statement.body, after, exits) | self.block(statement.orelse, after, exits)
            return branches | _names(statement.test, ast.Load)
        if isinstance(statement, (ast.For, ast.While)):
            return self._loop(statement, after, exits)
        return self._simple(statement, after)

    def _simple(self, statement, after):
        if isinstance(statement, ast.AugAssign):
            return after | _names(statement, (ast.Load, ast.Store))
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            after = after - _names(statement, ast.Store)
        return after | _names(statement, ast.Load)

    def _loop(self, loop, after, exits):
        head = self.block(loop.orelse, after, exits)
        if loop is self._target:
            self.result |= head
        counted = isinstance(loop, ast.For)
        head = head if counted else head | _names(loop.test, ast.Load)
        size = -1
        while len(head) > size:
            size = len(head)
            body = self.block(loop.body, head, (after, head))
            head = head | (body - _names(loop.target, ast.Store) if counted else body)
        return head | _names(loop.iter, ast.Load) if counted else head
