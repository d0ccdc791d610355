"""Writes a parallel loop that reduces in terms of blocks.py:

    for i in prange(n):                 _kjit_loop0 = Blocks(prange(n), (("s", "+"),), (), ())
        s += x[i]                       for _kjit_block0 in _kjit_loop0:
                                            s = _kjit_loop0.scalars[0].identity
                                            for i in _kjit_block0:
                                                s += x[i]
                                            _kjit_loop0.scalars[0].partials.append(s)
                                        s = _kjit_loop0.scalars[0].total()

with `if ... .active` before each statement on s, and arrays that stand for those that the loop accumulates in.
"""

import ast



def import_into(function):
    """What the loops written here use, under names of its own in a function's tree."""
    position = 0 if ast.get_docstring(function, clean=False) is None else 1
    function.body[position:position] = statements_at(
        function.body[position], "from kjit.parallel import blocks as _kjit_blocks, drawing as _kjit_drawing")


class LoopWriter:
    """Of one nest of loops, outermost first; `number` makes its names its own."""

    def __init__(self, number, nest, reductions):
        self._number = number
        self._nest = nest
        self._reductions = reductions

    def rename_arrays(self, body):
        """The body updates whatever array stands for a reduced one in the block."""
        new_names = {name: self._array(k) for k, (name, _) in enumerate(self._reductions.arrays)}
        for node in (node for statement in body for node in ast.walk(statement)):
            if isinstance(node, ast.Name):
                node.id = new_names.get(node.id, node.id)

    def write(self, body, otherwise):
        block = self._statements(f"for _kjit_block{self._number} in _kjit_loop{self._number}:\n pass")
        block[0].body = [
            *self._for_each_scalar("{variable} = {state}.identity"),
            *self._for_each_array(),
            self._iterations(body),
            *self._for_each_scalar("{state}.partials.append({variable})")
        ]
        return [*self._opening(), *block, *self._for_each_scalar("{variable} = {state}.total()"), *otherwise]

    def _opening(self):
        """The ranges are evaluated once, an inner one only if the outer one has iterations."""
        ranges = [f"_kjit_range{self._number}_{k}" for k in range(len(self._nest))]
        opening = self._statements(f"{ranges[0]} = None")
        opening[0].value = self._nest[0].iter
        for outer, inner, loop in zip(ranges, ranges[1:], self._nest[1:]):
            opening += self._statements(f"{inner} = None if {outer} else {outer}")
            opening[-1].value.body = loop.iter
        whole = ranges[0] if len(ranges) == 1 else f"_kjit_blocks.together({', '.join(ranges)})"
        reduced = ", ".join(map(repr, self._reductions))
        return opening + self._statements(f"_kjit_loop{self._number} = _kjit_blocks.Blocks({whole}, {reduced})")

    def _iterations(self, body):
        targets = [loop.target for loop in self._nest]
        loop = self._statements(f"for _ in _kjit_block{self._number}:\n pass")[0]
        loop.target = targets[0] if len(targets) == 1 else ast.copy_location(ast.Tuple(targets, ast.Store()), targets[0])
        loop.body = body
        return loop

    def _for_each_scalar(self, action):
        lines = []
        for k, (name, _) in enumerate(self._reductions.scalars):
            state = f"_kjit_loop{self._number}.scalars[{k}]"
            lines.append(f"if {state}.active:\n " + action.format(variable=name, state=state))
        return self._statements("\n".join(lines))

    def _for_each_array(self):
        states = [f"_kjit_loop{self._number}.arrays[{k}]" for k in range(len(self._reductions.arrays))]
        lines = [f"if {state}.bound:\n {self._array(k)} = {state}.part" for k, state in enumerate(states)]
        return self._statements("\n".join(lines))

    def _array(self, k):
        return f"_kjit_array{self._number}_{k}"

    def _statements(self, text):
        return statements_at(self._nest[0].iter, text)


def statements_at(place, text):
    """Statements that tracebacks take for the line of `place`."""
    statements = ast.parse(text).body
    for node in (node for statement in statements for node in ast.walk(statement)):
        if hasattr(node, "lineno"):
            ast.copy_location(node, place)
    return statements


def choice_of_nest(loop, together, separate):
    """Loops that draw random numbers do not share one range of iterations: each has streams of its own."""
    choice = statements_at(loop.iter, "if _kjit_drawing.caller_draws():\n pass\nelse:\n pass")
    choice[0].body, choice[0].orelse = separate, together
    return choice
