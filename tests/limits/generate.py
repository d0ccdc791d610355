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
