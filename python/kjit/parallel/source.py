"""The syntax tree of a function that exists: its source is parsed again."""

import ast
import linecache
import types


def parse_module(code):
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename)
    try:
        return ast.parse("".join(lines)) if lines else None
    except SyntaxError:  # the file has changed since it was loaded
        return None


def find_tree(module, code):
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first_line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first_line == code.co_firstlineno:
                return node
    return None


def find_code(within, code):
    for part in within.co_consts:
        if isinstance(part, types.CodeType):
            is_it = part.co_name == code.co_name and part.co_firstlineno == code.co_firstlineno
            found = part if is_it else find_code(part, code)
            if found:
                return found
    return None
