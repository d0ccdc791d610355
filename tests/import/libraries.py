#!/usr/bin/env python3
"""Libraries of others, translated function by function: tests/import/libraries.py --kjit KJIT [--folder DIR] [LIBRARY...]

Sources come from Debian (`apt-get source` with a deb-src entry and folders of this script's own) into a scratch folder. All functions of
a library are translated by `kjit import functions`; what was translated is called with random and edge values, and so is the original,
compiled by clang -O1 -fwrapv -ffp-contract=off. Results and all arrays must agree bit for bit (NaNs count as one). Inputs for which the
kernel raises (an integer conversion out of range, a subscript out of range) are undefined in C and left out.

Prints a line for each library, the refusals by reason, and what differs. Exit status 1 if a rate is below what the table asks for; 77 if
no sources could be had (each library is named).
"""

import argparse
import collections
import concurrent.futures
import ctypes
import dataclasses
import hashlib
import json
import math
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import compare

CLANG = "clang-19"
OPTIMISED = ["-O1", "-fwrapv", "-ffp-contract=off", "-fno-builtin", "-w", "-fPIC"]
KINDS = {"double": "f64", "float": "f32", "char": "i8", "signed char": "i8", "unsigned char": "u8", "short": "i16", "unsigned short": "u16",
         "int": "i32", "unsigned int": "u32", "long": "i64", "unsigned long": "u64", "long long": "i64", "unsigned long long": "u64",
         "long double": "f64", "void": "void"}


@dataclasses.dataclass
class Library:
    package: str
    sources: list  # glob patterns below the sources
    flags: list
    wanted_translated: float  # of all functions
    wanted_equal: float  # of all functions of other files' use (not static)
    own: str  # a part of the path of the files whose functions count
    prepare: object = None  # called with the folder of the sources
    inputs: dict = dataclasses.field(default_factory=dict)  # parameter -> function(rng) -> value, or "function.parameter"
    leave_out: str = r"$^"  # file names
    length: int = 32  # of arrays whose length is not declared
    callbacks: str = ""  # C of functions that are passed as arguments
    callback_of: dict = dataclasses.field(default_factory=dict)  # type of a parameter -> name of a callback


def integers(low, high):
    return lambda rng: rng.randint(low, high)


def reals(low, high):
    return lambda rng: rng.uniform(low, high)


def prepare_musl(folder):
    """Headers that musl's own build writes; long double as on machines where it is double; hidden functions can be called."""
    bits = folder / "obj" / "bits"
    bits.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "arch/arm/bits/float.h", bits)
    script = (folder / "tools/mkalltypes.sed", folder / "arch/x86_64/bits/alltypes.h.in", folder / "include/alltypes.h.in")
    (bits / "alltypes.h").write_bytes(subprocess.run(["sed", "-f", *map(str, script)], capture_output=True, check=True).stdout)
    features = folder / "src/include/features.h"
    features.write_text(re.sub(r"#define hidden .*", "#define hidden", features.read_text()))


CALLBACKS = """
int call_nn(void *p, int n, const double *x, double *fvec, int iflag) {
  for (int i = 0; i < n; i++) fvec[i] = x[i] * x[i] * 0.5 - (i > 0 ? x[i - 1] : 1.0) + 0.25 * i;
  return 0;
}
int call_der_nn(void *p, int n, const double *x, double *fvec, double *fjac, int ldfjac, int iflag) {
  for (int i = 0; i < n; i++) {
    if (iflag == 1) fvec[i] = x[i] * x[i] * 0.5 - (i > 0 ? x[i - 1] : 1.0) + 0.25 * i;
    else for (int j = 0; j < n; j++) fjac[i + j * ldfjac] = i == j ? x[i] : i == j + 1 ? -1.0 : 0.0;
  }
  return 0;
}
int call_mn(void *p, int m, int n, const double *x, double *fvec, int iflag) {
  for (int i = 0; i < m; i++) fvec[i] = x[i % n] * (1.0 + 0.5 * i) - 0.3 * i * i;
  return 0;
}
int call_der_mn(void *p, int m, int n, const double *x, double *fvec, double *fjac, int ldfjac, int iflag) {
  for (int i = 0; i < m; i++) {
    if (iflag == 1) fvec[i] = x[i % n] * (1.0 + 0.5 * i) - 0.3 * i * i;
    else for (int j = 0; j < n; j++) fjac[i + j * ldfjac] = j == i % n ? 1.0 + 0.5 * i : 0.0;
  }
  return 0;
}
int call_str_mn(void *p, int m, int n, const double *x, double *fvec, double *fjrow, int iflag) {
  if (iflag == 1) for (int i = 0; i < m; i++) fvec[i] = x[i % n] * (1.0 + 0.5 * i) - 0.3 * i * i;
  else for (int j = 0; j < n; j++) fjrow[j] = j == (iflag - 2) % n ? 1.0 + 0.5 * (iflag - 2) : 0.0;
  return 0;
}
"""

LIBRARIES = {
    "erfa": Library("erfa", ["src/*.c"], ["-Isrc"], 0.9, 0.9, "/src/", leave_out=r"^t_erfa|^erfaversion",
                    inputs={"iy": integers(1890, 2120), "im": integers(-1, 14), "id": integers(-1, 33), "ihr": integers(-1, 25),
                            "imn": integers(-1, 61), "ndp": integers(-6, 10), "days": reals(-40, 40), "angle": reals(-40, 40), "n": integers(1, 3), "date1": reals(2.4e6, 2.5e6),
                            "date2": reals(-1e4, 1e4), "dj1": reals(2.4e6, 2.5e6), "dj2": reals(-1e4, 1e4), "tt1": reals(2.4e6, 2.5e6),
                            "ut11": reals(2.4e6, 2.5e6), "utc1": reals(2.4e6, 2.5e6), "tai1": reals(2.4e6, 2.5e6)}),
    "musl": Library("musl", ["src/math/*.c", "src/fenv/fenv.c"],
                    ["-std=c99", "-nostdinc", "-ffreestanding", "-D_XOPEN_SOURCE=700", "-Iobj", "-Iarch/x86_64", "-Iarch/generic",
                     "-Isrc/include", "-Isrc/internal", "-Iinclude", "-mlong-double-64"], 0.8, 0.8, "/src/math/", prepare_musl,
                    inputs={f"{f}.n": integers(-60, 60) for f in ("jn", "yn", "jnf", "ynf")} |
                    {"__rem_pio2_large.e0": integers(0, 900), "__rem_pio2_large.nx": integers(1, 3), "__rem_pio2_large.prec": integers(0, 2),
                     "__rem_pio2_large.x": lambda rng: [float(rng.randint(1, 2**24 - 1)) for _ in range(32)]}),
    "cminpack": Library("cminpack", ["*.c"], ["-I."], 0.8, 0.8, "/", leave_out=r"_\.c$", length=128, callbacks=CALLBACKS,
                        callback_of={"cminpack_func_nn": "call_nn", "cminpack_funcder_nn": "call_der_nn", "cminpack_func_mn": "call_mn",
                                     "cminpack_funcder_mn": "call_der_mn", "cminpack_funcderstr_mn": "call_str_mn"},
                        inputs={"m": integers(3, 5), "n": integers(1, 3), **{ld: integers(5, 5) for ld in ("lda", "ldq", "ldr", "ldfjac")},
                                "lr": integers(6, 6), "ls": integers(24, 24), "lwa": integers(128, 128), "lipvt": integers(5, 5),
                                "ml": integers(0, 3), "mu": integers(0, 3), "mode": integers(1, 2), "nprint": integers(0, 0),
                                "maxfev": integers(1, 60), "i": integers(1, 3), "pivot": integers(0, 1),
                                "ipvt": lambda rng: rng.sample([1, 2, 3], 3) + [1] * 125,
                                "covar.ipvt": lambda rng: [1, 2, 3] + [1] * 125, "tol": reals(0, 1e-3),
                                "ftol": reals(0, 1e-3), "xtol": reals(0, 1e-3), "gtol": reals(0, 1e-3), "epsfcn": reals(0, 1e-6),
                                "factor": reals(0.1, 100), "delta": reals(0.01, 10),
                                **{a: lambda rng: [rng.uniform(-3, 3) for _ in range(128)] for a in ("wa", "fjac", "r", "a", "q", "s")}}),
}


# ---- sources ----


def download(library, folder):
    """The unpacked sources, or None and why. Only this script's own apt folders and sources.list are used."""
    apt = folder / "apt"
    for part in ("lists/partial", "cache/archives/partial", "state"):
        (apt / part).mkdir(parents=True, exist_ok=True)
    release = next((line.split("=")[1].strip('"\n') for line in open("/etc/os-release") if line.startswith("VERSION_CODENAME")), "bookworm")
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (apt / "sources.list").write_text(f"deb-src [signed-by={keyring}] http://deb.debian.org/debian {release} main\n")
    settings = {"Dir::Etc::sourcelist": apt / "sources.list", "Dir::Etc::sourceparts": "/dev/null", "Dir::State": apt / "state",
                "Dir::State::lists": apt / "lists", "Dir::Cache": apt / "cache", "Acquire::Retries": "1", "Acquire::http::Timeout": "20"}
    options = [f"-o{key}={value}" for key, value in settings.items()]
    if not any((apt / "lists").glob("*Sources*")):
        done = subprocess.run(["apt-get", *options, "-qq", "update"], capture_output=True, text=True)
        if done.returncode != 0:
            return None, done.stderr.strip().splitlines()[-1:] or "apt-get update failed"
    if not list(folder.glob(f"{library.package}_*.dsc")):
        subprocess.run(["apt-get", *options, "-qq", "source", "--download-only", library.package], cwd=folder, capture_output=True)
    return unpack(library, folder)


def unpack(library, folder):
    """The upstream archive alone, if it is the one that the .dsc names."""
    for dsc in folder.glob(f"{library.package}_*.dsc"):
        for digest, name in re.findall(r"^ ([0-9a-f]{64}) \d+ (\S+\.orig\.tar\.\S+)$", dsc.read_text(), re.MULTILINE):
            archive = folder / name
            if not archive.exists() or name.endswith(".asc"):
                continue
            if hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
                return None, f"{name} is not what {dsc.name} says"
            target = folder / library.package
            if not target.exists():
                target.mkdir()
                subprocess.run(["tar", "xf", str(archive), "--strip-components=1", "-C", str(target)], check=True)
            return target, None
    return None, f"no source package '{library.package}'"


# ---- what the functions look like ----


@dataclasses.dataclass
class Parameter:
    name: str
    kind: str  # "f64", ..., "record", "function", "void*"
    pointer: bool = False
    dims: tuple = ()  # behind the first
    record: list = None  # [(field, kind, dims)]
    type_name: str = ""


class Signatures:
    """Functions with a body of one source file, from Clang's tree."""

    def __init__(self, tree, is_own):
        self.typedefs, self.records, self.functions, self.last_record = {}, {}, {}, None
        for node in tree["inner"]:
            kind = node.get("kind")
            if kind == "RecordDecl" and node.get("completeDefinition"):
                self.last_record = [(f["name"], f["type"]) for f in node.get("inner", []) if f["kind"] == "FieldDecl" and "name" in f]
                if "name" in node:
                    self.records[f"{node['tagUsed']} {node['name']}"] = self.last_record
            if kind == "TypedefDecl":
                text = node["type"].get("desugaredQualType", node["type"]["qualType"])
                is_record = node["type"]["qualType"].startswith("struct ")
                if is_record and text not in self.records and self.last_record is not None:
                    self.records[text] = self.records[node["type"]["qualType"]] = self.last_record
                self.typedefs[node["name"]] = node["type"]["qualType"] if "(*)(" not in text else node["name"]
            has_body = kind == "FunctionDecl" and any(part["kind"] == "CompoundStmt" for part in node.get("inner", []))
            if has_body and is_own(node) and node.get("storageClass") != "static" and not node.get("inline"):
                self.functions[node["name"]] = self.function(node)

    def resolved(self, text):
        text = re.sub(r"\b(const|volatile|restrict|__restrict)\b", "", text)
        text = re.sub(r"\s+", " ", text).strip()
        base = re.match(r"[\w ]+", text).group().strip() if re.match(r"\w", text) else ""
        for _ in range(8):
            if base not in self.typedefs or self.typedefs[base] == base:
                break
            text = text.replace(base, self.typedefs[base], 1)
            base = re.match(r"[\w ]+", text).group().strip()
        return re.sub(r"\s+", " ", text).strip()

    def function(self, node):
        text = node["type"]["qualType"]
        result = self.resolved(text[:text.index("(")])
        parameters = [self.parameter(p.get("name", ""), p["type"]["qualType"]) for p in node["inner"] if p["kind"] == "ParmVarDecl"]
        return KINDS.get(result), parameters

    def parameter(self, name, written):
        text = self.resolved(written)
        shape = re.fullmatch(r"([\w ]+?) ?(\*|\(\*\)((?:\[\d+\])+))?", text)
        if not shape or "(*)(" in written or text in self.typedefs:
            return Parameter(name, "function", type_name=re.sub(r"\bconst\b", "", written).strip())
        base, pointer = shape.group(1), bool(shape.group(2))
        dims = tuple(int(d) for d in re.findall(r"\d+", shape.group(3) or ""))
        if base == "void":
            return Parameter(name, "void*")
        if base in self.records:
            return Parameter(name, "record", pointer, dims, [self.field(f, t) for f, t in self.records[base]])
        return Parameter(name, KINDS.get(base, "unknown"), pointer, dims)

    def field(self, name, field_type):
        text = self.resolved(field_type["qualType"])
        return name, KINDS.get(re.match(r"[\w ]+?(?= ?\[|$)", text).group(), "unknown"), tuple(int(d) for d in re.findall(r"\[(\d+)\]", text))


def signatures(library, folder, files):
    def of_file(path):
        done = subprocess.run([CLANG, "-fsyntax-only", "-w", "-Xclang", "-ast-dump=json", *library.flags, str(path)], cwd=folder,
                              capture_output=True, text=True, check=True)
        in_headers = [False]

        def is_own(node):  # a node names its file only where that changes
            place = node.get("loc", {})
            place = place.get("expansionLoc", place)
            if "file" in place:
                in_headers[0] = "includedFrom" in place
            return "includedFrom" not in place

        return Signatures(json.loads(done.stdout), is_own).functions

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return {name: signature for functions in pool.map(of_file, files) for name, signature in functions.items()}


# ---- calls ----


class Case:
    """A function with inputs: how it is called in C, and by a kernel that takes the inputs as columns."""

    def __init__(self, library, name, kernel, result, parameters):
        self.library, self.name, self.kernel, self.result, self.parameters = library, name, kernel, result, parameters
        self.slots = []  # (parameter, field or None, kind, dims or None for a number)
        for p in parameters:
            if p.kind == "record":
                self.slots += [(p, f, kind, ((3,) if p.pointer else ()) + dims or None) for f, kind, dims in p.record]
            elif p.kind not in ("function", "void*"):
                self.slots.append((p, None, p.kind, ((8 if p.dims else library.length),) + p.dims if p.pointer else None))

    def problem(self):
        if self.result is None:
            return "its result"
        for p in self.parameters:
            kinds = [kind for _, kind, _ in p.record] if p.record else [p.kind]
            if any(kind not in compare.CTYPES for kind in kinds) and p.kind not in ("function", "void*"):
                return f"the type of '{p.name}'"
            if p.kind == "function" and p.type_name not in self.library.callback_of:
                return f"the function '{p.name}'"
        return None

    def draw(self, rng):
        """A value for each slot: a number, or a flat list."""
        values = []
        for p, field, kind, dims in self.slots:
            chosen = self.library.inputs.get(f"{self.name}.{p.name}") or self.library.inputs.get(p.name)
            if chosen and field is None:
                value = chosen(rng)
                if dims and not isinstance(value, list):
                    value = [chosen(rng) for _ in range(math.prod(dims))]
                values.append(value if dims else value if not isinstance(value, list) else value[0])
            elif dims:
                values.append([compare.draw(rng, kind) for _ in range(math.prod(dims))])
            else:
                values.append(compare.draw(rng, kind))
        return values

    def kinds(self):
        return ([] if self.result == "void" else [self.result])

    def run_compiled(self, loaded, calls):
        entry = getattr(loaded, self.name)
        entry.restype = None if self.result == "void" else compare.CTYPES[self.result]
        for values in calls:
            passed, kept, left = [], [], iter(values)
            for p in self.parameters:
                passed.append(self.c_argument(p, left, kept, loaded))
            result = entry(*passed)
            words = [] if self.result == "void" else [compare.bits_of(result, self.result)]
            for kind, memory in kept:
                words += [compare.bits_of(v, kind) for v in flat(memory)]
            yield words

    def c_argument(self, p, left, kept, loaded):
        if p.kind == "function":
            return ctypes.cast(getattr(loaded, self.library.callback_of[p.type_name]), ctypes.c_void_p)
        if p.kind == "void*":
            return None
        if p.kind != "record":
            value, c_kind = next(left), compare.CTYPES[p.kind]
            if not p.pointer:
                return c_kind(value)
            memory = (c_kind * len(value))(*value)
            kept.append((p.kind, memory))
            return memory

        class Record(ctypes.Structure):
            _fields_ = [(f, compare.CTYPES[kind] * math.prod(dims) if dims else compare.CTYPES[kind]) for f, kind, dims in p.record]

        records = (Record * 3)()
        for f, kind, dims in p.record:
            value, each = next(left), math.prod(dims)
            for k in range(3 if p.pointer else 1):
                if dims:
                    getattr(records[k], f)[:] = value[k * each:(k + 1) * each]
                else:
                    setattr(records[k], f, value[k] if p.pointer else value)
        if not p.pointer:
            return records[0]
        for f, kind, dims in p.record:
            kept.append((kind, Fields(records, f)))
        return records

    def driver(self):
        """Prints a line for each call: the result, then all arrays."""
        columns = [f"_c{k}" for k in range(len(self.slots))]
        lines = [f"def _drive({', '.join(columns) or '_c0'}):", f"    for _t in range(len({columns[0] if columns else '_c0'})):"]
        arguments, shown, k = [], [], 0
        for p in self.parameters:
            if p.kind == "function":
                arguments.append(self.library.callback_of[p.type_name])
            elif p.kind == "void*":
                arguments.append("None")
            for _, field, kind, dims in self.slots[k:k + (len(p.record) if p.record else p.kind not in ("function", "void*"))]:
                if dims is None:
                    arguments.append(f"_c{k}[_t]" if kind in ("f64", "f32", "u64") else f"int(_c{k}[_t])")
                else:
                    lines.append(f"        _p{k} = _c{k}[_t].copy()")
                    arguments.append(f"_p{k}" if len(dims) == 1 else f"_p{k}.reshape({', '.join(map(str, dims))})")
                    shown += [f"        for _e{k} in _p{k}:", f"            print(_e{k}, end=' ')"] if p.pointer else []
                k += 1
        call = f"{self.kernel}({', '.join(arguments)})"
        lines.append(f"        {call}" if self.result == "void" else f"        print({call}, end=' ')")
        return lines + shown + ["        print()"]

    def read(self, line):
        kinds = [] if self.result == "void" else [self.result]
        for p, _, kind, dims in self.slots:
            kinds += [kind] * math.prod(dims) if dims and p.pointer else []
        words = line.split()
        if len(words) != len(kinds):
            return [f"{len(words)} values instead of {len(kinds)}"]
        try:
            return [compare.bits_of(float(w), k) if k[0] == "f" else str(int({"True": 1, "False": 0}.get(w, w))) for w, k in zip(words, kinds)]
        except ValueError as problem:
            return [str(problem)]


class Fields:
    """One field of all records of an array."""

    def __init__(self, records, name):
        self.records, self.name = records, name


def flat(memory):
    if isinstance(memory, Fields):
        for record in memory.records:
            value = getattr(record, memory.name)
            yield from (value if hasattr(value, "__len__") else [value])
    else:
        yield from memory


def run_kernel(case, text, calls, kjit, folder):
    """A list of words, or None where the kernel raised, for each call; or text of an error."""
    script = folder / "driver.k"
    script.write_text(text + "\n\n" + "\n".join(case.driver()) + "\n", encoding="utf-8")
    outputs, first = [], 0
    for _ in range(len(calls) + 1):
        files = []
        for k, (_, _, kind, dims) in enumerate(case.slots):
            files.append(folder / f"{k}.npy")
            compare.write_npy(files[-1], kind, [call[k] for call in calls[first:]])
        if not case.slots:
            files.append(folder / "0.npy")
            compare.write_npy(files[-1], "f64", [0.0] * (len(calls) - first))
        try:
            done = subprocess.run([kjit, "run", "-O3", str(script), "_drive", *(f"@{file}" for file in files)], capture_output=True,
                                  text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return "does not end in 300 s"
        complete = done.stdout.split("\n")[:-1]
        outputs += [case.read(line) for line in complete[:len(calls) - first]]
        if done.returncode == 0:
            return outputs
        if done.returncode != 1 or "Traceback" not in done.stderr:
            return done.stderr.strip()[:400]
        outputs.append(None)
        first = len(outputs)
        if first >= len(calls):
            return outputs
    return outputs


# ---- a library ----


def translate(library, kjit, folder, files, kernel):
    done = subprocess.run([kjit, "import", "functions", *map(str, files), "-o", str(kernel), "--", *library.flags], cwd=folder,
                          capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"{library.package}: kjit import: {done.stderr[:2000]}")
    table = done.stderr[done.stderr.index("\nfunction "):].splitlines()[2:]
    outcomes = []
    for line in table:
        name, _, result = line.partition(" ")
        outcomes.append((name, result.strip()))
    return outcomes


def measure(name, library, options, folder):
    sources, why = download(library, folder)
    if not sources:
        print(f"{name}: skipped: {why}")
        return None
    if library.prepare:
        library.prepare(sources)
    files = sorted(path for pattern in library.sources for path in sources.glob(pattern) if not re.search(library.leave_out, path.name))
    work = folder / f"{name}.work"
    work.mkdir(exist_ok=True)
    if library.callbacks:
        (work / "callbacks.c").write_text(library.callbacks)
        files.append(work / "callbacks.c")
    kernel, shared = work / f"{name}.k", work / f"{name}.so"
    outcomes = [(f, r) for f, r in translate(library, options.kjit, sources, files, kernel) if not f.startswith("call_")]
    translated = [f for f, r in outcomes if r == "translated"]
    rate = len(translated) / len(outcomes)
    print(f"{name}: {len(translated)} of {len(outcomes)} functions translated ({rate:.1%})")
    reasons = collections.Counter(re.sub(r"'[^']*'", "'...'", r.removeprefix("refused: ")) for _, r in outcomes if r != "translated")
    for reason, count in reasons.most_common():
        print(f"  {count:4} refused: {reason}")

    subprocess.run([CLANG, *OPTIMISED, *library.flags, "-shared", "-Wl,-Bsymbolic", *map(str, files), "-o", str(shared),
                    *([] if "-nostdinc" in library.flags else ["-lm"])], cwd=sources, check=True)
    loaded, text = ctypes.CDLL(str(shared)), kernel.read_text(encoding="utf-8")
    if "import numpy" not in text:
        text = "import numpy as np\n" + text
    defined = set(re.findall(r"^def (\w+)\(", text, re.MULTILINE))
    exported = {f: s for f, s in signatures(library, sources, files).items() if hasattr(loaded, f) and not f.startswith("call_")}
    if options.function:
        exported = {f: s for f, s in exported.items() if f in options.function}
    refused = {f for f, r in outcomes if r != "translated"}
    equal, differ, left_out, raised, total_calls = [], [], [], 0, 0

    def one(item):
        f, (result, parameters) = item
        kernel_name = f if f in defined else f + "_"
        if f in refused or kernel_name not in defined:
            return f, "refused", 0
        case = Case(library, f, kernel_name, result, parameters)
        if case.problem():
            return f, f"left out: {case.problem()}", 0
        rng = random.Random(f"{options.seed} {f}")
        calls = [case.draw(rng) for _ in range(options.count)]
        with tempfile.TemporaryDirectory() as scratch:
            got = run_kernel(case, text, calls, options.kjit, pathlib.Path(scratch))
        if isinstance(got, str):
            return f, got, 0
        defined_calls = [call for call, words in zip(calls, got) if words is not None]
        wanted = list(case.run_compiled(loaded, defined_calls))
        for call, words, expected in zip(defined_calls, [w for w in got if w is not None], wanted):
            if words != expected:
                at = next((k for k, (a, b) in enumerate(zip(words, expected)) if a != b), 0)
                return f, f"differs for {str(call)[:300]}: value {at}: C {expected[at:at + 1]}, kernel {words[at:at + 1]}", 0
        if not defined_calls:
            return f, "raised for all inputs", len(calls)
        return f, "equal", len(calls) - len(defined_calls)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for f, verdict, raising in pool.map(one, sorted(exported.items())):
            raised, total_calls = raised + raising, total_calls + options.count
            if verdict == "equal":
                equal.append(f)
            elif verdict.startswith("left out"):
                left_out.append(f)
                print(f"  {f}: {verdict}")
            elif verdict != "refused":
                differ.append(f)
                print(f"  {f}: {verdict}")
    share = len(equal) / max(len(exported), 1)
    print(f"{name}: {len(equal)} of {len(exported)} functions that can be called are bit-equal ({share:.1%}) on {options.count} inputs each; "
          f"{len(differ)} differ, {len(left_out)} not called; {raised} of {total_calls} inputs left out, as the kernel raises", flush=True)
    return options.function is not None or (rate >= library.wanted_translated and share >= library.wanted_equal)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "kjit-libraries")
    parser.add_argument("--count", type=int, default=200, help="inputs of each function")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--function", action="append", help="compare only this one (repeatable)")
    parser.add_argument("libraries", nargs="*", metavar="LIBRARY", help=f"of {', '.join(LIBRARIES)}; all without it")
    options = parser.parse_args()
    options.kjit = str(pathlib.Path(options.kjit).resolve())
    options.folder.mkdir(parents=True, exist_ok=True)
    if not shutil.which("apt-get") or not shutil.which(CLANG):
        print("skipped: apt-get and clang-19 are needed")
        return 77
    verdicts = [measure(name, LIBRARIES[name], options, options.folder.resolve()) for name in options.libraries or LIBRARIES]
    if all(verdict is None for verdict in verdicts):
        return 77
    return 0 if all(verdict in (True, None) for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
