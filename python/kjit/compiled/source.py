"""The text of a function as the engine reads it: at its own lines, without its decorators and what only Python understands."""

import ast
import inspect
import linecache
import textwrap


class Source:
    """Where a function stands. `lines` begin with its decorators, at `first_line` of the file."""

    def __init__(self, lines, first_line, filename):
        self.lines = lines
        self.first_line = first_line
        self.filename = filename

    def __getstate__(self):
        return self.lines, self.first_line, self.filename

    def __setstate__(self, state):
        self.lines, self.first_line, self.filename = state

    def show(self):
        """Makes the lines known to tracebacks, where the file is not on this machine."""
        if not linecache.getlines(self.filename):
            before = ["\n"] * (self.first_line - 1)
            linecache.cache[self.filename] = (sum(map(len, self.lines)), None, before + self.lines, self.filename)


def source_of(function):
    code = function.__code__
    try:
        lines, first_line = inspect.getsourcelines(code)
    except (OSError, TypeError):
        raise TypeError(f"kjit compiles the source of {function.__qualname__}(), which cannot be found: '{code.co_filename}' is no file. "
                        "Define it in a file, a notebook or IPython") from None
    return Source(lines, max(first_line, 1), code.co_filename)


class FunctionText:
    """The definition alone, with an edit list: replacements keep the columns of what stands before them on their line."""

    def __init__(self, source, name):
        text = textwrap.dedent("".join(source.lines))
        try:
            tree = ast.parse(text).body[0]
        except SyntaxError:  # a lambda in the middle of an expression, or more than one line can say
            tree = None
        if not isinstance(tree, ast.FunctionDef):
            what = "async functions" if isinstance(tree, ast.AsyncFunctionDef) else "lambdas"
            raise TypeError(f"kjit compiles functions that are written with def, not {what}: {name} in {source.filename}, line {source.first_line}")
        tree.decorator_list = []  # what they name is not the function's
        self.tree = tree
        self.first_line = source.first_line + tree.lineno - 1
        self._lines = [line.encode() for line in text.splitlines(keepends=True)]  # positions of trees count bytes
        self._edits = []

    def replace(self, node, text, end=None):
        """`end`: up to the end of this node. Only what stands on one line keeps its line."""
        last = end or node
        self._edits.append((node.lineno, node.col_offset, last.end_lineno, last.end_col_offset, text))

    def replace_rest(self, node, part, text):
        """What stands behind a part of a node."""
        self._edits.append((part.end_lineno, part.end_col_offset, node.end_lineno, node.end_col_offset, text))

    def blank(self, line, column, end_line, end_column):
        self._edits.append((line, column, end_line, end_column, None))

    def add_parameters(self, names):
        """Behind all others, by keyword alone."""
        arguments = self.tree.args
        parts = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *arguments.defaults, *filter(None, arguments.kw_defaults)]
        parts += [argument.annotation for argument in parts if isinstance(argument, ast.arg) and argument.annotation]
        if parts:
            last = max(parts, key=lambda part: (part.end_lineno, part.end_col_offset))
            line, column = last.end_lineno, last.end_col_offset
        else:
            line = self.tree.lineno
            column = self._lines[line - 1].index(b"(") + 1
        text = ", ".join(([] if arguments.kwonlyargs else ["*"]) + names)
        self._edits.append((line, column, line, column, (", " if parts else "") + text))

    def put_first(self, names):
        """More parameters, in front of all others, of which there is one at least."""
        first = [*self.tree.args.posonlyargs, *self.tree.args.args][0]
        self._edits.append((first.lineno, first.col_offset, first.lineno, first.col_offset, "".join(f"{name}, " for name in names)))

    def blank_annotation(self, argument):
        annotation = argument.annotation
        self.blank(argument.lineno, argument.col_offset + len(argument.arg.encode()), annotation.end_lineno, annotation.end_col_offset)

    def blank_result(self):
        """From the arrow on."""
        node = self.tree.returns
        line = node.lineno
        column = self._lines[line - 1].rfind(b"->", 0, node.col_offset)
        while column < 0 and line > self.tree.lineno:
            line -= 1
            column = self._lines[line - 1].rfind(b"->")
        self.blank(line, column, node.end_lineno, node.end_col_offset)

    def text(self):
        lines = list(self._lines)
        for line, column, end_line, end_column, new in sorted(self._edits, reverse=True):
            _edit(lines, line - 1, column, end_line - 1, end_column, new)
        return b"".join(lines[self.tree.lineno - 1:self.tree.end_lineno]).decode()


def _edit(lines, line, column, end_line, end_column, new):
    """None as new text: blanks. Line ends stay, so that the lines below keep their numbers."""
    rest = lines[end_line][end_column:]
    if new is None:
        new = " " * (end_column - column) if line == end_line else ""
    head = lines[line][:column] + new.encode()
    if line == end_line:
        lines[line] = head + rest
        return
    # A definition of several lines in parentheses: a line may end anywhere in it.
    lines[line] = head + b"\n"
    for between in range(line + 1, end_line):
        lines[between] = b"\n"
    lines[end_line] = b" " * min(end_column, 1) + rest
