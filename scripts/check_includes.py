#!/usr/bin/env python3
"""Checks the include directions: scripts/check_includes.py [ROOT]

Each folder may include what ALLOWED lists for it and nothing else; LLVM, OpenMP and Clang headers only where they belong.
Prints every offending line as file:line and exits with 1 if there is one. docs/architecture.md explains the directions.
"""

import pathlib
import re
import sys

SUPPORT = ["jit/support", "jit/include/kjit"]
TYPED = ["jit/typing", "library table", "jit/syntax", *SUPPORT]
RUNTIME = ["runtime interface", "runtime"]
# Parts of their own, because they are data that several folders read: numbers and layouts of the runtime, the table of builtins.
INTERFACE = re.compile(r"^runtime/(abi\.h|[a-z_]+\.def)$")
TABLE = re.compile(r"^jit/library/(builtins\.def|libm_table\.h)$")

# folder -> the folders that its files may include, besides their own
ALLOWED = {
    "jit/include/kjit": [],
    "jit/support": ["jit/include/kjit"],
    "jit/image": SUPPORT,
    "jit/syntax": SUPPORT,
    "jit/typing": ["library table", "jit/syntax", *SUPPORT, *RUNTIME],  # the runtime knows which format specifications are valid
    "jit/library": [*TYPED, *RUNTIME],
    "jit/analysis": ["jit/library", *TYPED, "runtime interface"],
    "jit/interpret": ["jit/analysis", "jit/library", *TYPED, *RUNTIME],
    "jit/lower": ["jit/analysis", "jit/library", *TYPED, *RUNTIME],
    "jit/codegen": ["library table", *SUPPORT, *RUNTIME],
    "jit/explain": ["jit/analysis", "jit/codegen", "jit/library", *TYPED],  # of the code generator its remarks
    "jit/ahead": ["jit/codegen", "jit/image", "jit/typing", *SUPPORT, "runtime interface"],
    # The runtime of libraries that are built ahead of time: what it needs to turn an error into its text.
    "jit/standalone": ["jit/driver", "jit/codegen", "jit/image", *SUPPORT, *RUNTIME],
    "jit/driver": ["jit/ahead", "jit/explain", "jit/image", "jit/codegen", "jit/lower", "jit/interpret", "jit/analysis", "jit/library", *TYPED, *RUNTIME],
    "jit/capi": ["jit/include/kjit"],
    "runtime": ["runtime interface"],
    "runtime interface": [],
    "library table": ["runtime interface"],
    "jit/async": [*SUPPORT, *RUNTIME],
    # The command line is a client of the public API; the driver serves `emit`, and support renders.
    "tools/kjit": ["jit/driver", "jit/image", *SUPPORT],
    "tests/harness": ["jit/include/kjit"],
    "tests/api": ["jit/include/kjit"],
    "python/engine": ["jit/image", "jit/include/kjit"],  # as the command line: its doctor names the cache folder
    "examples": ["jit/include/kjit"],
}
# External headers that only some folders may see.
RESTRICTED = [
    (re.compile(r"^llvm(-c)?/"), "LLVM", {"jit/lower", "jit/codegen", "jit/driver", "tools/kjit-import", "tests/unit", "tests/install", "cmake"}),
    (re.compile(r"^clang(-c)?/"), "Clang", {"tools/kjit-import"}),
    (re.compile(r"^omp\.h$"), "OpenMP", {"runtime"}),
    (re.compile(r"^(oneapi/)?tbb/"), "oneTBB", {"jit/async"}),
]
ROOTS = ["tools/kjit", "", "jit", "jit/include"]  # the -I folders of the build
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def folder_of(path):
    """The module that a file belongs to: "jit/syntax", "runtime", "tools/kjit"."""
    if INTERFACE.match(path.as_posix()):
        return "runtime interface"
    if TABLE.match(path.as_posix()):
        return "library table"
    parts = path.parent.parts
    depth = 3 if parts[:2] == ("jit", "include") else 1 if parts[:1] == ("runtime",) else 2
    return "/".join(parts[:depth])


def resolve(root, including, name):
    """The file of ours that `#include "name"` means, relative to the root; None for a header of somebody else."""
    for base in [including.parent.as_posix(), *ROOTS]:
        candidate = pathlib.PurePosixPath(base) / name
        if (root / candidate).is_file():
            return candidate
    return None


def check_line(root, path, quote, name):
    """What is wrong with this include, or None."""
    folder = folder_of(path)
    for pattern, label, allowed in RESTRICTED:
        if pattern.match(name):
            return None if folder in allowed else f"{label} headers are not for {folder}"
    target = resolve(root, path, name)
    if target is None:
        return f'no such file in the project: "{name}"' if quote == '"' else None
    other = folder_of(target)
    if other == folder or folder not in ALLOWED or other in ALLOWED[folder]:
        return None
    return f"{folder} must not include {other}"


def offences(root):
    tops = ["jit", "runtime", "tools", "python", "tests", "examples", "bench"]
    files = [f for top in tops for ext in ("h", "cpp", "def", "inc") for f in (root / top).rglob(f"*.{ext}")]
    for file in sorted(files):
        path = file.relative_to(root)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            problem = match and check_line(root, path, *match.groups())
            if problem:
                yield f"{path}:{number}: {problem}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    found = list(offences(root))
    print("\n".join(found) if found else "include directions: fine")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
