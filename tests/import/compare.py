#!/usr/bin/env python3
"""Translated C against compiled C: tests/import/compare.py --kjit KJIT [--count 1000] [--seed 1] FILE.c...

Each file is translated by `kjit import functions` and compiled by clang -O1 -fwrapv into a shared library. Every function then gets the
same random and edge values in both; results and all arrays must agree bit for bit (NaNs count as one). Scalars come from the whole range
of their type; `// inputs: n = int(0, 12)` in front of a function narrows a parameter. Arrays have 24 elements.
The kernels run in the interpreter, at O0 and at O3. Exit status 1 if anything differs.
"""

import argparse
import ctypes
import math
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile

LENGTH = 24  # elements of every array
CTYPES = {"f64": ctypes.c_double, "f32": ctypes.c_float, "i8": ctypes.c_int8, "u8": ctypes.c_uint8, "i16": ctypes.c_int16,
          "u16": ctypes.c_uint16, "i32": ctypes.c_int32, "u32": ctypes.c_uint32, "i64": ctypes.c_int64, "u64": ctypes.c_uint64}
NUMPY = {"f64": "float64", "f32": "float32", **{f"{s}{b}": f"{'u' if s == 'u' else ''}int{b}" for s in "iu" for b in (8, 16, 32, 64)}}
SIZES = {"char": 8, "short": 16, "int": 32, "long": 64}
EDGE_FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 1e300, -1e-300, 5e-324, math.inf, -math.inf, math.nan, 2.0**53 + 2, 1e9 + 0.5]


def c_type(words):
    """'unsigned long' -> 'u64', 'const double' -> 'f64', 'vec' -> None."""
    words = [w for w in words if w not in ("const", "static", "signed", "inline")]
    text = " ".join(words)
    known = {"double": "f64", "float": "f32", "size_t": "u64", "uint64_t": "u64", "int64_t": "i64", "uint32_t": "u32", "int32_t": "i32",
             "uint8_t": "u8", "int8_t": "i8", "uint16_t": "u16", "int16_t": "i16", "long long": "i64", "unsigned long long": "u64",
             "unsigned": "u32", "void": "void"}
    if text in known:
        return known[text]
    unsigned = words[0] == "unsigned"
    rest = words[1:] if unsigned else words
    if len(rest) == 1 and rest[0] in SIZES:
        return f"{'u' if unsigned else 'i'}{SIZES[rest[0]]}"
    return None


class Function:
    """A function of the source: result, parameters as (name, element type, pointer?, dimensions), narrowed inputs."""

    HEAD = re.compile(r"^((?:static )?[a-z_0-9]+(?: [a-z_0-9]+)*?) (\**)(\w+)\(([^)]*)\) \{", re.MULTILINE)

    def __init__(self, match, inputs):
        self.name = match.group(3)
        self.is_static = match.group(1).startswith("static")
        self.result = c_type(match.group(1).split())
        self.parameters = []
        self.inputs = inputs
        for text in filter(None, (part.strip() for part in match.group(4).split(","))):
            declared = re.match(r"(.*?)(\**)(\w+)((?:\[\d*\])*)$", text)
            dims = [int(d) for d in re.findall(r"\[(\d*)\]", declared.group(4)) if d]
            pointer = bool(declared.group(2)) or "[" in text
            self.parameters.append((declared.group(3), c_type(declared.group(1).split()), pointer, dims))

    def is_comparable(self):
        return not self.is_static and self.result is not None and all(kind for _, kind, _, _ in self.parameters)


def functions_of(source):
    for match in Function.HEAD.finditer(source):
        line = source[:match.start()].rstrip("\n").rsplit("\n", 1)[-1]
        narrowed = dict(re.findall(r"(\w+) = int\((-?\d+, -?\d+)\)", line)) if line.startswith("// inputs:") else {}
        yield Function(match, {name: tuple(map(int, span.split(", "))) for name, span in narrowed.items()})


def draw(rng, kind, span=None):
    if span:
        return rng.randint(*span)
    if kind in ("f64", "f32"):
        if rng.random() < 0.15:
            value = rng.choice(EDGE_FLOATS)
        else:
            value = rng.choice([rng.uniform(-10, 10), rng.gauss(0, 1) * 10.0**rng.randint(-20, 20), float(rng.randint(-50, 50))])
        return ctypes.c_float(value).value if kind == "f32" else value
    bits, signed = int(kind[1:]), kind[0] == "i"
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    pick = rng.random()
    if pick < 0.15:
        return rng.choice([low, high, 0, 1, low + 1, high - 1])
    return max(low, min(high, rng.randint(-40, 40))) if pick < 0.6 else rng.randint(low, high)


def draw_arguments(rng, function):
    """One call: a scalar, or a list of elements, for each parameter."""
    arguments = []
    for name, kind, pointer, dims in function.parameters:
        size = math.prod(dims) if len(dims) > 1 else LENGTH
        arguments.append([draw(rng, kind) for _ in range(size)] if pointer else draw(rng, kind, function.inputs.get(name)))
    return arguments


def bits_of(value, kind):
    if kind == "f64":
        return "nan" if value != value else struct.pack("<d", value).hex()
    if kind == "f32":
        return "nan" if value != value else struct.pack("<f", value).hex()
    return str(int(value))


def run_compiled(library, function, calls):
    entry = getattr(library, function.name)
    entry.restype = None if function.result == "void" else CTYPES[function.result]
    outputs = []
    for arguments in calls:
        passed = []
        for (_, kind, pointer, _), value in zip(function.parameters, arguments):
            passed.append((CTYPES[kind] * len(value))(*value) if pointer else CTYPES[kind](value))
        result = entry(*passed)
        words = [] if function.result == "void" else [bits_of(result, function.result)]
        for (_, kind, pointer, _), value in zip(function.parameters, passed):
            words += [bits_of(v, kind) for v in value] if pointer else []
        outputs.append(words)
    return outputs


def write_npy(path, kind, rows):
    """Numbers (rank 1) or lists of numbers (rank 2) as a .npy file of version 1.0."""
    wide = isinstance(rows[0], list)
    shape = f"({len(rows)}, {len(rows[0])})" if wide else f"({len(rows)},)"
    descr = f"<{'f' if kind[0] == 'f' else kind[0]}{int(kind[1:]) // 8}"
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    code = {"f64": "d", "f32": "f", "i8": "b", "u8": "B", "i16": "h", "u16": "H", "i32": "i", "u32": "I", "i64": "q", "u64": "Q"}[kind]
    flat = [v for row in rows for v in row] if wide else rows
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(flat)}{code}", *flat))


def driver(function):
    """A kernel that makes all calls, whose arguments are the columns of its parameters, and prints a line for each."""
    columns = [f"_c{k}" for k in range(len(function.parameters))]
    lines = [f"def _drive({', '.join(columns)}):", f"    for _t in range(len({columns[0]})):"]
    arguments, shown = [], []
    for k, (_, kind, pointer, dims) in enumerate(function.parameters):
        if not pointer:
            arguments.append(f"_c{k}[_t]" if kind in ("f64", "f32", "u64") else f"int(_c{k}[_t])")
            continue
        if len(dims) > 1:
            loops = [f"        for _i in range({dims[0]}):", f"            for _j in range({dims[1]}):"]
            lines += [f"        _p{k} = np.zeros({tuple(dims)}, dtype=np.{NUMPY[kind]})", *loops,
                      f"                _p{k}[_i, _j] = _c{k}[_t, _i * {dims[1]} + _j]"]
            shown += [*loops, f"                print(_p{k}[_i, _j], end=' ')"]
        else:
            lines.append(f"        _p{k} = _c{k}[_t].copy()")
            shown += [f"        for _e in _p{k}:", "            print(_e, end=' ')"]
        arguments.append(f"_p{k}")
    call = f"{function.name}({', '.join(arguments)})"
    lines.append(f"        {call}" if function.result == "void" else f"        print({call}, end=' ')")
    return lines + shown + ["        print()"]


def read_words(function, line):
    kinds = [] if function.result == "void" else [function.result]
    for name, kind, pointer, dims in function.parameters:
        kinds += [kind] * (math.prod(dims) if len(dims) > 1 else LENGTH) if pointer else []
    words = line.split()
    if len(words) != len(kinds):
        return [f"{len(words)} values instead of {len(kinds)}"]
    return [bits_of(float(w), k) if k[0] == "f" else str(int({"True": 1, "False": 0}.get(w, w))) for w, k in zip(words, kinds)]


def compare(path, options, folder):
    """Prints what differs; the number of functions compared and of functions that differ."""
    source = path.read_text(encoding="utf-8")
    kernel, library = folder / (path.stem + ".k"), folder / (path.stem + ".so")
    is_cpp = path.suffix == ".cpp"
    flags = ["-std=c++20"] if is_cpp else []
    translated = subprocess.run([options.kjit, "import", "functions", str(path), "-o", str(kernel), "--", *flags], capture_output=True, text=True)
    if translated.returncode != 0:
        print(translated.stderr)
        return 0, 1
    subprocess.run(["clang++-19" if is_cpp else "clang-19", *flags, "-O1", "-fwrapv", "-ffp-contract=off", "-fno-builtin", "-w", "-shared", "-fPIC", str(path), "-o", str(library), "-lm"],
                   check=True)
    loaded = ctypes.CDLL(str(library))
    rng = random.Random(f"{options.seed} {path.name}")
    exported = [f for f in functions_of(source) if f.is_comparable() and hasattr(loaded, f.name)]
    chosen = [f for f in exported if not options.function or f.name in options.function]
    calls = {f.name: [draw_arguments(rng, f) for _ in range(options.count)] for f in chosen}
    text = kernel.read_text(encoding="utf-8")
    if "import numpy" not in text:
        text = "import numpy as np\n" + text
    expected = {f.name: run_compiled(loaded, f, calls[f.name]) for f in chosen}
    wrong = set()
    for level in options.levels.split(","):
        for f in chosen:
            script = folder / f"{path.stem}_{f.name}.k"
            script.write_text(text + "\n\n" + "\n".join(driver(f)) + "\n", encoding="utf-8")
            files = []
            for k, (_, kind, _, _) in enumerate(f.parameters):
                files.append(folder / f"{k}.npy")
                write_npy(files[-1], kind, [call[k] for call in calls[f.name]])
            done = subprocess.run([options.kjit, "run", f"--{level}" if level == "interpret" else f"-{level}", str(script), "_drive",
                                   *(f"@{file}" for file in files)], capture_output=True, text=True, timeout=600)
            if done.returncode != 0:
                print(f"{path.name}: {f.name} ({level}): {done.stderr.strip()[:1500]}")
                wrong.add(f.name)
                continue
            for arguments, wanted, line in zip(calls[f.name], expected[f.name], done.stdout.splitlines()):
                got = read_words(f, line)
                if got != wanted:
                    print(f"{path.name}: {f.name}{tuple(arguments)} ({level}): C {wanted}, kernel {got}")
                    wrong.add(f.name)
                    break
    return len(chosen), len(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--levels", default="interpret,O0,O3")
    parser.add_argument("--function", action="append")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    total, wrong = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for path in options.files:
            compared, differ = compare(path, options, pathlib.Path(folder))
            total, wrong = total + compared, wrong + differ
    print(f"{total} functions, {options.count} inputs each ({options.levels}): {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
