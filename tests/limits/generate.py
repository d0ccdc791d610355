#!/usr/bin/env python3
"""Writes the test files that are too long to be kept: limits/generate.py FOLDER

Each stated limit gets a file at its edge, which must work, and one just over it, which must give the error of that limit, never a
stack overflow. The numbers repeat those of jit/syntax/limits.h, on purpose: who changes a limit is told here.
"""

import pathlib
import sys

EXPRESSION_NESTING = 200
EXPRESSION_HEIGHT = 1000
BLOCK_NESTING = 200
STATEMENT_HEIGHT = 1000
ARGUMENTS = 255
SOURCE_BYTES = 64 << 20
RANK = 32
TUPLE_VALUES = 255

NO_DEEP_BLOCKS = "# nopython: CPython stops at 100 levels of indentation\n"
NO_HIGH_TREES = "# nopython: CPython's own parser gives up on such an expression or chain\n"


def nested(opening, core, closing, depth, marker=""):
    return f"print({opening * depth}{core}{closing * depth}){marker}\n"


def blocks(depth, keyword, marker=""):
    """`depth` blocks inside each other, the last one prints."""
    lines = ["  " * level + keyword for level in range(depth)]
    lines[-1] += marker
    return "\n".join(lines) + "\n" + "  " * depth + "print(7)\n"


def parameters(count, marker=""):
    names = ", ".join(f"p{i}" for i in range(count))
    return f"def f({names}):{marker}\n    return p0 + p{count - 1}\n"


def call(count, marker=""):
    return f"print(f({', '.join(str(i) for i in range(count))})){marker}\n"


def elif_chain(branches, marker=""):
    """One `if` and `branches` times `elif`; the last one is taken."""
    lines = ["def f(x):", "    if x == 0:", "        return 0"]
    for i in range(1, branches + 1):
        lines += [f"    elif x == {i}:", f"        return {i}"]
    lines[-2] += marker
    return "\n".join([*lines, "    return -1", f"print(f({branches}))"]) + "\n"


def long_file(lines):
    """Functions of twenty lines, each called once: nothing may depend on the square of the length."""
    text, calls = [], []
    for number in range(lines // 20):
        text += [f"def f{number}(x):", *[f"    x = x * 3 + {i}" for i in range(18)], "    return x % 1000"]
        calls.append(f"f{number}({number})")
    half = len(calls) // 2  # two lines, as one chain of + may not be longer than EXPRESSION_HEIGHT
    total = sum(eval_long(number) for number in range(len(calls)))
    return "\n".join([*text, "total = " + " + ".join(calls[:half]), "total += " + " + ".join(calls[half:]), "print(total)",
                      f"# expect: {total}"]) + "\n"


def large_function(statements):
    """Too large to be optimised: it is compiled all the same, in time that grows with its size."""
    lines, cells = [], [1] + [0] * 96
    for i in range(statements):
        to, by = i * 31 % 97, i * 7 % 89
        lines.append(f"    a[{to}] = (a[{by}] + a[{to}] + x) % 1000003")
        cells[to] = (cells[by] + cells[to] + 5) % 1000003
    return "\n".join(["import numpy as np", "def f(a, x):", *lines, "    return a.sum()", "a = np.zeros(97, dtype=np.int64)", "a[0] = 1",
                      "print(f(a, 5))", f"# expect: {sum(cells)}"]) + "\n"


def long_script(statements):
    """Arrays in variables, each of which is released on each way out: nothing may depend on the square of their number."""
    lines = [line for i in range(statements) for line in (f"x{i} = a[::-1] * {i} + a", f"t += x{i}.sum()")]
    total = sum(i * 3 + 3 for i in range(statements))  # a.sum() is 3
    return "\n".join(["import numpy as np", "a = np.arange(3.0)", "t = 0.0", *lines, "print(t)", f"# expect: {float(total)}"]) + "\n"


def chain_of_variables(length):
    """Each variable has its type from the one before: those that are assigned once, and those that are assigned twice."""
    once = [f"    a{i + 1} = a{i} + 1" for i in range(length)]
    twice = [line for i in range(length // 10) for line in (f"    b{i + 1} = b{i}", f"    b{i + 1} += 1")]
    return "\n".join(["def f(a0):", *once, f"    return a{length}", "def g(b0):", *twice, f"    return b{length // 10}",
                      "print(f(1), g(1.5))", f"# expect: {length + 1} {length // 10 + 1.5}"]) + "\n"


def eval_long(x):
    for i in range(18):
        x = x * 3 + i
    return x % 1000


def source_of(size, head):
    return head + "#" * (size - len(head) - 1) + "\n"


def zeros(rank):
    return f"import numpy as np\na = np.zeros(({'1, ' * rank}))\na[{', '.join(['0'] * rank)}] = 7.0\nprint(a.ndim, a.sum())\n"


def expression_files():
    n = EXPRESSION_NESTING - 1  # print's own bracket is one level
    for name, opening, core, closing, printed in [("brackets", "(", "7", ")", "7"), ("minus", "-", "7", "", str(7 * (-1)**n)),
                                                  ("not", "not ", "True", "", str(n % 2 == 0)),
                                                  ("conditional", "7 if True else ", "1", "", "7")]:
        yield f"nesting_{name}", nested(opening, core, closing, n) + f"# expect: {printed}\n"
        yield f"nesting_{name}_over", nested(opening, core, closing, n + 1, "  # error: E0901")
        yield f"nesting_{name}_absurd", nested(opening, core, closing, 100_000, "  # error: E0901")
    chain = EXPRESSION_HEIGHT - 2  # print's call is one level, the last operand another
    yield "chain", f"x = 1\nprint(x{' + x' * chain})\n# expect: {chain + 1}\n"
    yield "chain_over", f"x = 1\nprint(x{' + x' * (chain + 1)})  # error: E0903\n"
    yield "chain_absurd", f"x = 1\nprint(x{' + x' * 50_000})  # error: E0903\n"
    yield from chain_files()
    yield from recursion_files()


def chain_files():
    """Flat chains that the typed tree nests: at the limit, over it, and far over it."""
    chain = EXPRESSION_HEIGHT - 2
    for name, first, link, printed in [("less", "x", " <= x", "True"), ("equal", "x", " == x", "True"), ("and", "x", " and x", "1"),
                                       ("or", "y", " or y", "0"), ("is", "(x is None)", " == (x is None)", "True"),
                                       ("concatenation", "len('a'", " + 'b'", str(chain - 1))]:
        closing = ")" * first.count("(", 0, 4) if name == "concatenation" else ""
        links = chain - 2 if name in ("concatenation", "is") else chain
        head = "x = 1\ny = 0\n"
        yield f"chain_{name}", NO_HIGH_TREES + f"{head}print({first}{link * links}{closing})\n# expect: {printed}\n"
        yield f"chain_{name}_over", f"{head}print({first}{link * (chain + 2)}{closing})  # error: E0903\n"
        yield f"chain_{name}_absurd", f"{head}print({first}{link * 100_000}{closing})  # error: E0903\n"
    for name, keyword in [("if", "if"), ("while", "while"), ("assert", "assert")]:
        block = "" if keyword == "assert" else ":"
        body = "" if keyword == "assert" else "\n    pass"
        yield f"chain_{name}_absurd", f"x = 1\n{keyword} x{' and x' * 100_000}{block}  # error: E0903{body}\n"


def recursion_files():
    """Everything else that a stage could walk by recursion, a hundred thousand times."""
    many = 100_000
    for name, text, error in [
            ("attributes", f"x = 1.0\nprint(x{'.real' * many})", "E0903"), ("subscripts", f"x = 1\nprint(x{'[0]' * many})", "E0903"),
            ("calls", f"def f(): return 1\nprint(f{'()' * many})", "E0903"),
            ("methods", f"x = 'a'\nprint(x{'.upper()' * many})", "E0903"), ("powers", f"x = 1\nprint(x{' ** x' * many})", "E0901"),
            ("slices", f"import numpy as np\nx = np.zeros(3)\nprint(x{'[:]' * many})", "E0903"),
            ("tuples", f"x = {'(' * many}1{',)' * many}", "E0901"), ("lists", f"x = {'[' * many}1{']' * many}", "E0901"),
            ("dicts", f"x = {'{1: ' * many}1{'}' * many}", "E0901"), ("lambdas", f"x = {'lambda: ' * many}1", "E0901"),
            ("targets", f"{'(' * many}a{',)' * many} = 1", "E0901"),
            ("nested_calls", f"def f(x): return x\nprint({'f(' * many}1{')' * many})", "E0901"),
            ("annotation", f"def f(x: {'tuple[' * many}int{']' * many}): return 1", "E0901"),
            ("union", f"def f(x: int{' | None' * many}): return 1", "E0903"),
            ("tuple_values", f"print(({'1, ' * many})[0])", "E0908"),
            ("stars", f"print({'*' * 2 * many}1)", "E0200"), ("conditions", f"x = 1\nprint({'1 if x else ' * many}2)", "E0901")]:
        lines = text.split("\n")
        if name == "annotation" or name == "union":
            lines[-1] = lines[-1].replace("): return 1", f"):  # error: {error}\n    return 1")
        else:
            lines[-1] += f"  # error: {error}"
        yield f"many_{name}", "\n".join(lines) + "\n"
    shared = "".join(f"C{i + 1} = C{i} + C{i}\n" for i in range(61))
    yield "constants_doubled", f"C0 = 1\n{shared}print(C61)\n# expect: {2**61}\n"
    counted = "".join(f"C{i + 1} = C{i} + 1\n" for i in range(900))
    yield "constants_counted", f"C0 = 1\n{counted}print(C900)\n# expect: 901\n"
    yield "tuple_compared", f"x = ({'1, ' * 100})\ny = ({'1, ' * 99}2,)\nprint(x < y, x == y, 2 in x)\n# expect: True False False\n"
    yield "tuple_at_limit", (f"def f(x):\n    return ({'x, ' * TUPLE_VALUES})\n"
                             f"print(f(7)[{TUPLE_VALUES - 1}], f(1) < f(2), f(3) == f(3))\n# expect: 7 True True\n")
    yield "tuple_over_limit", f"def f(x):\n    return ({'x, ' * (TUPLE_VALUES + 1)})  # error: E0908\nprint(f(7)[0])\n"
    doubled = [f"    t{i + 1} = (t{i}, t{i})" for i in range(24)]
    doubled[7] += "  # error: E0908"  # 2**8 values
    yield "tuple_doubled", "\n".join(["def f(t0):", *doubled, "    return t24", "print(len(f(1)))"]) + "\n"
    yield "statements_in_a_line", "x = 1\n" + "x += 1; " * 4_000 + "print(x)\n# expect: 4001\n"


def statement_files():
    n = BLOCK_NESTING
    for name, keyword in [("if", "if True:"), ("while", "while True:"), ("for", "for i in range(1):")]:
        leave = "" if name != "while" else "  " * n + "raise ValueError('out')\n"
        error = "" if name != "while" else "# expect error: ValueError: out\n"
        yield f"blocks_{name}", NO_DEEP_BLOCKS + blocks(n, keyword) + leave + "# expect: 7\n" + error
        yield f"blocks_{name}_over", blocks(n + 1, keyword, "  # error: E0902")
    yield "blocks_absurd", "\n".join(" " * level + "if 1:" + ("  # error: E0902" if level == n else "") for level in range(5_000)) + \
        "\n" + " " * 5_000 + "pass\n"
    yield "elif", NO_HIGH_TREES + elif_chain(STATEMENT_HEIGHT - 2) + f"# expect: {STATEMENT_HEIGHT - 2}\n"
    yield "elif_over", elif_chain(STATEMENT_HEIGHT - 1, "  # error: E0907")


def program_files():
    yield "arguments", parameters(ARGUMENTS) + call(ARGUMENTS) + f"# expect: {ARGUMENTS - 1}\n"
    yield "arguments_over", parameters(2) + call(ARGUMENTS + 1, "  # error: E0904")
    yield "parameters_over", parameters(ARGUMENTS + 1, "  # error: E0905")
    yield "literal_u64", f"print({2**64 - 1})\n# expect: {2**64 - 1}\n"
    yield "literal_u64_over", f"print({2**64})  # error: E0107\n"
    yield "literal_i64", f"print({2**63 - 1}, {-2**63})\n# expect: {2**63 - 1} {-2**63}\n"
    yield "rank", zeros(RANK) + f"# expect: {RANK} 7.0\n"
    yield "lines_10000", long_file(10_000)
    yield "variables_2000", chain_of_variables(2_000)
    yield "statements_16000", large_function(16_000)
    yield "arrays_300", long_script(300)
    yield "source_64_mib", source_of(SOURCE_BYTES, "print(1)\n# expect: 1\n")
    yield "source_64_mib_over", source_of(SOURCE_BYTES + 1, "print(1)  # error: E0906\n")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    written = set()
    for name, text in [*expression_files(), *statement_files(), *program_files()]:
        file = folder / f"{name}.k"
        written.add(file)
        if not file.is_file() or file.read_text() != text:
            file.write_text(text)
    for stale in set(folder.glob("*.k")) - written:
        stale.unlink()


if __name__ == "__main__":
    main()
