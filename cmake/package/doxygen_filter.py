#!/usr/bin/env python3
"""The filter of Doxyfile: ordinary comments in front of a declaration, or behind one in its line, become Doxygen's.

The headers are written for their readers; `//` in front of a declaration becomes `///`, behind one `///<`.
"""

import re
import sys


def filtered(text):
    for line in text.replace("::inline KJIT_ABI", "").split("\n"):
        if re.match(r"\s*//(?!/)", line):
            yield re.sub(r"([<>@#\\])", r"\\\1", line.replace("//", "///", 1))
        else:
            yield re.sub(r"([;,{)]\s*)//(?![/<])", r"\1///<", line, count=1)


def filtered_c(text):
    text = re.sub(r"(^|\n)(\s*)/\*(?!\*)", r"\1\2/**", text)  # in front
    return re.sub(r"([;,{)0-9] +)/\*(?!\*)", r"\1/**<", text)  # behind


path = sys.argv[1]
with open(path, encoding="utf-8") as file:
    source = file.read()
if path.endswith(".md"):
    print(source, end="")
elif path.endswith("/c.h"):
    print(filtered_c(source), end="")
else:
    print("\n".join(filtered(source)), end="")
