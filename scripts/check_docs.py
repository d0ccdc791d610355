#!/usr/bin/env python3
"""Checks the reference pages against the tables that they describe: scripts/check_docs.py [ROOT]

Every diagnostic of jit/support/diagnostics.def has a row in docs/errors.md and no other has; every name of
jit/library/builtins.def, jit/library/names.cpp and kernel_functions.def stands in the section of its module in
docs/language.md; every edge test that the reference names exists, and the reverse. Prints what is missing and exits with 1 if anything is.
"""

import pathlib
import re
import sys

# What gives a path a meaning in the two tables of names; modules have sections instead of names.
NAMES = re.compile(r'\b(?:annotation|constant|dtype|handler|kernel|alias|heaviside_row|prelude|plain|raises|element|KJIT_KERNEL_FUNCTION)\("([\w.]+)"')
NAME_TABLES = ["jit/library/builtins.def", "jit/library/names.cpp", "jit/library/arrays/kernel_functions.def"]
DIAGNOSTIC_ROW = re.compile(r"^KJIT_DIAG\((\w+),", re.MULTILINE)
DOCUMENTED_ID = re.compile(r"^\| `([EW]\d{4})` \|", re.MULTILINE)
SECTION = re.compile(r"^### ([\w.]+)$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)


def read(root, name):
    return (root / name).read_text(encoding="utf-8")


def wrong_diagnostics(root):
    ids = set(DIAGNOSTIC_ROW.findall(read(root, "jit/support/diagnostics.def")))
    documented = set(DOCUMENTED_ID.findall(read(root, "docs/errors.md")))
    for name in sorted(ids - documented):
        yield f"docs/errors.md: no row for {name} of jit/support/diagnostics.def"
    for name in sorted(documented - ids):
        yield f"docs/errors.md: {name} is not in jit/support/diagnostics.def"


def module_and_name(path, sections):
    """Of numpy.linalg.det: numpy.linalg and det; of numpy.add.reduce, a method of a function: numpy and add.reduce."""
    module, name = path.rsplit(".", 1)
    while module not in sections and "." in module:
        module, outer = module.rsplit(".", 1)
        name = f"{outer}.{name}"
    return module, name


def wrong_builtins(root):
    sections = {module: set(re.findall(r"`([\w.]+)`", text)) for module, text in SECTION.findall(read(root, "docs/language.md"))}
    found = [(table, NAMES.findall(read(root, table))) for table in NAME_TABLES]
    paths = sorted({path for _, names in found for path in names})
    for table, names in found:
        if not names:
            yield f"{table}: no name found; scripts/check_docs.py does not know its form any more"
    for path in paths:
        module, name = module_and_name(path, sections)
        if name not in sections.get(module, ()):
            yield f"docs/language.md: section '### {module}' does not list `{name}`"
    known = {" ".join(module_and_name(path, sections)) for path in paths}
    for module in sorted(sections):
        if not any(entry.startswith(module + " ") for entry in known):
            yield f"docs/language.md: section '### {module}' is about no module"


def wrong_edges(root):
    named = set(re.findall(r"`(\w+\.k)`", read(root, "docs/language.md").split("## Edges", 1)[-1].split("\n## ", 1)[0]))
    files = {file.name for file in (root / "tests/run/edges").glob("*.k")}
    for name in sorted(named - files):
        yield f"docs/language.md: tests/run/edges/{name} does not exist"
    for name in sorted(files - named):
        yield f"docs/language.md: the table of edges does not name tests/run/edges/{name}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    found = [*wrong_diagnostics(root), *wrong_builtins(root), *wrong_edges(root)]
    print("\n".join(found) if found else "reference pages: complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
