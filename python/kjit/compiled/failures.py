"""How kernels fail, as Python exceptions: with their own frames in the traceback."""

import ast
import builtins
import sys
import types
import warnings


class CompileError(TypeError):
    """A function outside of the kernel language, or not for these arguments. `diagnostics` is all that kjit has to say."""

    def __init__(self, message, diagnostics):
        super().__init__(f"{message}\n{diagnostics}" if diagnostics else message)
        self.message = message
        self.diagnostics = diagnostics

    def __reduce__(self):
        return CompileError, (self.message, self.diagnostics)


class Cancelled(Exception):
    """The call was stopped by its host."""


class KjitWarning(UserWarning):
    """What kjit has to say of a kernel that it has compiled."""


def failed(kernel, kind, message, frames, omitted, iteration, exit_code):
    error = _exception(kind, message, exit_code)
    if iteration and hasattr(error, "add_note"):  # CPython 3.11
        error.add_note("in iteration " + ", ".join(f"{name} = {value}" for name, value in iteration))
    if omitted and hasattr(error, "add_note"):
        error.add_note(f"{omitted} more calls before the last one are not shown")
    return error.with_traceback(_traceback(frames))


def _exception(kind, message, exit_code):
    if kind == "SystemExit":
        return SystemExit(message or exit_code)
    if kind == "Cancelled":
        return Cancelled(message)
    kind_of = getattr(builtins, kind, RuntimeError)
    return kind_of(message) if isinstance(kind_of, type) and issubclass(kind_of, BaseException) else RuntimeError(message)


def _traceback(frames):
    """Of outermost first."""
    result = None
    for name, filename, line, _column, _source in reversed(frames):
        frame, instruction = _frame(name, filename, line)
        result = types.TracebackType(result, frame, instruction, line)
    return result


def _frame(name, filename, line):
    """A frame that looks like the kernel's, and one of its instructions: debuggers and IPython look at it. It has a line and no columns, as
    the marks below the line would be those of another text."""
    tree = ast.parse("frame = _getframe()")
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = line
            node.col_offset = node.end_col_offset = -1
    code = compile(tree, filename, "exec").replace(co_name=name)
    variables = {"_getframe": sys._getframe, "__name__": name, "__file__": filename}
    exec(code, variables)
    frame = variables["frame"]
    return frame, frame.f_lasti


def refused(kernel, message, details):
    for name, why in getattr(kernel, "_unusable", {}).items():
        if f"name '{name}' is not defined" in details:
            details = f"{details.rstrip()}\nnote: '{name}' is {why}\n"
    return CompileError(message, details)


def warn(kernel, text):
    warnings.warn(text.rstrip(), KjitWarning, stacklevel=2)
