#!/usr/bin/env python3
"""Writes runtime/unicode_tables.inc from the Unicode database of the CPython 3.11 that runs it.

    /usr/bin/python3 scripts/make_unicode_tables.py > runtime/unicode_tables.inc

The str methods themselves are asked, so that the tables hold what they answer: also the full case mappings (SpecialCasing.txt)
and the properties that unicodedata does not show (Cased, Case_Ignorable). tests/cli/unicode.sh compares all code points.
"""

import sys
import unicodedata

VERSION = "14.0.0"  # of CPython 3.11
CODES = [code for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]


def is_case_ignorable(char):
    """A capital sigma looks past such characters for a cased one, which makes it a final sigma."""
    return ("a" + char + "\u03a3").lower()[-1] == "\u03c2" and (" " + char + "\u03a3").lower()[-1] == "\u03c3"


FLAGS = [
    ("Alpha", str.isalpha), ("Decimal", str.isdecimal), ("Digit", str.isdigit), ("Numeric", str.isnumeric),
    ("Space", str.isspace), ("Printable", str.isprintable), ("Lower", str.islower), ("Upper", str.isupper),
    ("Title", lambda char: unicodedata.category(char) == "Lt"), ("CaseIgnorable", is_case_ignorable)
]
MAPPINGS = [("Upper", str.upper), ("Lower", str.lower), ("Title", str.title), ("Fold", str.casefold)]


def flags_of(code):
    if 0xD800 <= code <= 0xDFFF:
        return 0
    return sum(1 << bit for bit, (_, has) in enumerate(FLAGS) if has(chr(code)))


def flag_runs():
    """(first code, flags): valid up to the next row."""
    runs = []
    for code in range(0x110000):
        flags = flags_of(code)
        if not runs or runs[-1][1] != flags:
            runs.append((code, flags))
    return runs


def simple_runs(mapping):
    """[first, last, stride, delta] of the codes that map to one other code."""
    runs = []
    for code in CODES:
        mapped = mapping(chr(code))
        if len(mapped) != 1 or ord(mapped) == code:
            continue
        delta = ord(mapped) - code
        run = runs[-1] if runs else None
        if run and run[3] == delta and code - run[1] == run[2] and run[2] > 0:
            run[1] = code
        elif run and run[3] == delta and run[0] == run[1] and code - run[1] in (1, 2):
            run[1], run[2] = code, code - run[1]
        else:
            runs.append([code, code, 0, delta])
    return [(first, last, max(stride, 1), delta) for first, last, stride, delta in runs]


def special_rows(mapping):
    """(code, two or three codes)"""
    rows = []
    for code in CODES:
        mapped = [ord(char) for char in mapping(chr(code))]
        if len(mapped) > 1:
            rows.append((code, mapped + [0] * (3 - len(mapped))))
    return rows


def write(declaration, rows):
    print(f"constexpr {declaration}[] = {{")
    line = "   "
    for row in rows:
        if len(line) + len(row) + 2 > 128:
            print(line)
            line = "   "
        line += f" {row},"
    print(line.rstrip(","))
    print("};")


def main():
    if unicodedata.unidata_version != VERSION:
        sys.exit(f"make_unicode_tables.py: Unicode {VERSION} (CPython 3.11) is needed, not {unicodedata.unidata_version}")
    print(f"// Unicode {VERSION}. Made by scripts/make_unicode_tables.py; not to be edited.\n")
    write("FlagRun kFlagRuns", [f"{{0x{code:X}, 0x{flags:X}}}" for code, flags in flag_runs()])
    for name, mapping in MAPPINGS:
        write(f"MappingRun k{name}Runs", [f"{{0x{a:X}, 0x{b:X}, {s}, {d}}}" for a, b, s, d in simple_runs(mapping)])
        write(f"SpecialMapping k{name}Special",
              [f"{{0x{code:X}, {{{', '.join(f'0x{c:X}' for c in codes)}}}}}" for code, codes in special_rows(mapping)])


if __name__ == "__main__":
    main()
