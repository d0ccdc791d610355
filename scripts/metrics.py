#!/usr/bin/env python3
"""Prints the ten longest files and functions of the C++ sources. Information only: it never fails.

Functions are found by clang-format's layout: a line that begins in column 0 or 2 and ends in ") {" opens one, the brace in the
same column closes it. That is exact enough to see where a file grows.
"""

import pathlib
import re
import sys

OPENS = re.compile(r"^( {0,2})(?!(?:if|for|while|switch|else|do|namespace|struct|class|enum|union|extern)\b)\S.*\).*\{$")


def functions(lines):
    """(length, first line number, text of the head) of each function."""
    start = None
    for number, line in enumerate(lines, 1):
        match = OPENS.match(line)
        if start is None and match:
            start, indent, head = number, match.group(1), line.strip(" {")
        elif start is not None and re.match(rf"^{indent}\}}", line):
            yield number - start + 1, start, head
            start = None


def main():
    root = pathlib.Path(__file__).parent.parent
    files = [f for top in ("jit", "runtime", "tools", "tests") for ext in ("h", "cpp") for f in (root / top).rglob(f"*.{ext}")]
    sizes, longest = [], []
    for file in files:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        name = file.relative_to(root)
        sizes.append((len(lines), str(name)))
        longest += [(length, f"{name}:{start}", head) for length, start, head in functions(lines)]
    print(f"{len(files)} files, {sum(n for n, _ in sizes)} lines, {len(longest)} functions")
    print("\nlongest files")
    for count, name in sorted(sizes, reverse=True)[:10]:
        print(f"{count:6}  {name}")
    print("\nlongest functions")
    for count, place, head in sorted(longest, reverse=True)[:10]:
        print(f"{count:6}  {place}  {head[:80]}")


if __name__ == "__main__":
    main()
    sys.exit(0)
