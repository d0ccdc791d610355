#!/usr/bin/env python3
"""Random expressions of whole arrays, computed by NumPy 2 in this process and by kjit at every level; all must agree. Every third
case is several statements: arrays in variables, read once or more, with writes, other names, loops and branches between.

    build/python/bin/python tests/fuzz/arrays.py --count 500 --seed 1 --kjit build/release/kjit

Compared are dtype, shape and every element: integers, bools, float arithmetic and sums bit for bit (a NaN is a NaN), element
functions within 2 ulp. Expression number k of seed s is made from s + k alone. Exit status 1 after a difference.
"""

import argparse
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings

# NumPy's loops for newer CPUs fuse the products of complex numbers where an array is contiguous and not where it is strided.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V3 X86_V4 AVX512_ICL AVX512_SPR")

warnings.simplefilter("ignore")

import numpy as np  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LEGS = (["--interpret"], ["-O0"], ["-O3"], ["-O3", "--threads", "3"])
DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "complex64",
          "complex128"]
REALS = [name for name in DTYPES if not name.startswith("complex")]
FLOATS = ["float32", "float64"]
INTEGERS = [name for name in REALS if "int" in name]
SHAPES = [(3,), (1,), (4,), (0,), (7,), (2, 3), (1, 3), (2, 1), (3, 4), (4, 1), (2, 3, 4), (1, 3, 1), (2, 0), (5, 7), (20,)]
SPECIAL = ["0.0", "-0.0", "np.inf", "-np.inf", "np.nan", "1.0", "-1.5", "0.5", "2.0", "1e10", "-3.25", "1e-8", "7.0", "100.0"]
FUNCTIONS = ["np.sin", "np.cos", "np.exp", "np.log", "np.sqrt", "np.tanh", "np.arctan", "np.log1p", "np.expm1", "np.cbrt", "np.exp2"]
EXACT = ["np.abs", "np.floor", "np.ceil", "np.trunc", "np.rint", "np.sqrt", "np.square", "np.negative", "np.isnan", "np.isinf",
         "np.isfinite", "np.sign"]


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.arrays = {}  # name -> (source text)
        self.tolerance = 0

    def literal(self, dtype):
        r = self.rng
        if dtype == "bool":
            return r.choice(["True", "False"])
        if dtype.startswith("complex"):
            return f"complex({self.finite()}, {self.finite()})"
        if dtype.startswith("float"):
            return r.choice(SPECIAL) if r.random() < 0.4 else repr(round(r.uniform(-4, 4), 2))
        low, high = (0, 12) if dtype.startswith("u") else (-9, 12)
        if r.random() < 0.1:
            info = np.iinfo(dtype)
            return str(r.choice([info.min, info.max, info.max - 1]))
        return str(r.randint(low, high))

    def finite(self):
        return repr(round(self.rng.uniform(-3, 3), 1))

    def array(self, dtype, shape):
        """A new input; its text makes it in Python and in kjit alike."""
        name = f"x{len(self.arrays)}"
        count = math.prod(shape)
        if count == 0:
            size = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
            text = f"np.zeros({size}, dtype=np.{self.dtype_name(dtype)})"
        else:
            text = f"np.array([{', '.join(self.literal(dtype) for _ in range(count))}], dtype=np.{self.dtype_name(dtype)})"
            if len(shape) > 1:
                text += f".reshape({', '.join(map(str, shape))})"
        self.arrays[name] = text
        return name

    @staticmethod
    def dtype_name(dtype):
        return "bool_" if dtype == "bool" else dtype

    # ---- shapes ----

    def compatible(self, shape):
        """A shape that broadcasts to `shape`, by the text of a view if need be."""
        r = self.rng
        part = list(shape)[r.randint(0, len(shape)) if r.random() < 0.25 and len(shape) > 1 else 0:] or [1]
        return tuple(1 if size > 1 and r.random() < 0.15 else size for size in part)

    def leaf(self, shape, dtypes):
        r = self.rng
        own = self.compatible(shape)
        dtype = r.choice(dtypes)
        kind = r.random()
        if kind < 0.5 or not own:
            return self.array(dtype, own)
        if kind < 0.6:
            return self.array(dtype, own) + "[::-1]"
        if kind < 0.7:
            return self.array(dtype, own[:-1] + (2 * own[-1],)) + "[..., ::2]"
        if kind < 0.8 and len(own) > 1:
            return self.array(dtype, own[::-1]) + ".T"
        if kind < 0.9:
            return self.array(dtype, (own[0] + 1,) + own[1:]) + "[1:]"
        return self.array(dtype, own[:-1] + (own[-1] + 2,)) + "[..., 1:-1]"

    # ---- expressions ----

    def scalar(self, dtypes):
        r = self.rng
        if r.random() < 0.3:
            dtype = r.choice([d for d in dtypes if d != "bool"] or ["int64"])
            value = "2.5" if "float" in dtype else "complex(1.0, 2.0)" if "complex" in dtype else "3"
            return f"np.{self.dtype_name(dtype)}({value})"
        return r.choice(["2", "1", "3", "0.5", "1.5", "-1.25"]) if "float64" in dtypes else r.choice(["1", "2", "3"])

    def expression(self, shape, depth, dtypes):
        r = self.rng
        if depth == 0:
            return self.leaf(shape, dtypes)
        kind = r.random()
        left = self.expression(shape, depth - 1, dtypes)
        if kind < 0.5:
            right = self.scalar(dtypes) if r.random() < 0.3 else self.expression(shape, depth - 1, dtypes)
            operators = ["+", "-", "*", "/"] + (["//", "%"] if dtypes is not DTYPES else [])
            if dtypes is INTEGERS:
                operators += ["&", "|", "^", "<<", ">>", "//", "%"]
            if r.random() < 0.5:
                left, right = right, left
            return f"({left} {r.choice(operators)} {right})"
        if kind < 0.6 and dtypes is not DTYPES:
            right = self.scalar(dtypes) if r.random() < 0.4 else self.expression(shape, depth - 1, dtypes)
            return f"({left} {r.choice(['<', '<=', '==', '!=', '>', '>='])} {right})"
        if kind < 0.7:
            right = self.expression(shape, depth - 1, dtypes)
            condition = self.leaf(shape, ["bool"])
            return f"np.where({condition}, {left}, {right})"
        if kind < 0.78 and dtypes is not DTYPES:
            right = self.expression(shape, depth - 1, dtypes)
            return f"np.{r.choice(['minimum', 'maximum'])}({left}, {right})"
        if kind < 0.86 and dtypes is FLOATS:
            if r.random() < 0.5:
                return f"{r.choice(EXACT)}({left})"
            self.tolerance = 2
            return f"{r.choice(FUNCTIONS)}({left})"
        if kind < 0.92:
            target = r.choice([d for d in (FLOATS if dtypes is FLOATS else dtypes) if d != "bool"] or ["int64"])
            return f"({left}).astype(np.{target})"
        return f"(-{left})" if dtypes is not INTEGERS else f"(~{left})"

    def view(self):
        """A view of an array of floats, with gaps: the order of its elements decides the bits of its sums. Its rank."""
        r = self.rng
        rank = r.choice([2, 2, 3])
        sizes = [r.randint(1, 9 if rank == 3 else 30) for _ in range(rank)]
        cuts = [r.choice(["1:", ":-1", "1:-1", "::2", "::-1", ":"]) for _ in range(rank)]
        text = self.array(r.choice(FLOATS), tuple(size + 2 for size in sizes)) + f"[{', '.join(cuts)}]"
        return text + r.choice(["", "", ".T"]), rank

    def folded(self, text, value):
        r = self.rng
        rank, kind = value.ndim, value.dtype.kind
        if r.random() < 0.3:
            (text, rank), kind = self.view(), "f"
        axes = [None] + list(range(rank)) + [-1]
        if rank > 1:
            axes += [(0, rank - 1), tuple(range(1, rank))]
        axis = r.choice(axes)
        names = ["sum", "any", "all", "min", "max", "mean", "cumsum"]
        if kind == "c":
            names = ["sum", "any", "mean"]
        elif kind == "f":
            names += ["prod", "var", "std"]
        name = r.choice(names)
        if name == "cumsum" and (isinstance(axis, tuple) or kind == "b"):
            name = "any"
        keep = ", keepdims=True" if r.random() < 0.3 and axis is not None and name != "cumsum" else ""
        return f"np.{name}({text}, axis={axis}{keep})" if axis is not None else f"np.{name}({text})"

    def statements(self, text, value):
        """Lines that change a copy of the value; `r` at the end."""
        r = self.rng
        lines = [f"    r = ({text}).copy()"]
        kind = r.randrange(6)
        one = "True" if value.dtype.kind == "b" else "1"
        if kind == 0:
            lines.append(f"    r[r != r] = {one}")
        elif kind == 1 and value.dtype.kind in "iuf":
            lines.append("    r[r > 1] += 1")
        elif kind == 2 and value.shape[0] > 1:
            lines.append("    r[1:] = r[:-1]")
        elif kind == 3 and value.shape[0] > 1 and value.dtype.kind != "b":
            lines.append("    r[1:] += r[:-1]")
        elif kind == 4 and value.dtype.kind != "b":
            lines.append("    r *= 2")
        elif kind == 5 and value.shape[0] > 2:
            lines.append("    r = r[np.array([2, 0, -1])]")
        return lines


class StatementMaker(Maker):
    """Functions of several statements. Each is run by NumPy as it is made: what fails there, or gives a variable another type, is
    left out again."""

    def __init__(self, seed, dtypes, shape):
        super().__init__(seed)
        self.dtypes = dtypes
        self.shape = shape
        self.env = {}  # all variables behind the statements so far
        self.lines = []
        self.names = []  # of the arrays that may be read
        self.inner = 0  # names of blocks

    def literal(self, dtype):
        """Numbers of which few are equal: what is read too late shows."""
        r = self.rng
        if dtype == "bool":
            return r.choice(["True", "False"])
        return repr(round(r.uniform(-4, 4), 2)) if dtype.startswith("float") else str(r.randint(1, 12))

    def inputs(self):
        r = self.rng
        for _ in range(r.randint(2, 4)):
            name = self.array(r.choice(self.dtypes), self.compatible(self.shape) if r.random() < 0.2 else self.shape)
            self.names.append(name)
            self.env[name] = eval(self.arrays[name])

    def some_name(self):
        """The last ones more often, so that many variables are read once, soon."""
        r = self.rng
        return r.choice(self.names[-2:] if r.random() < 0.5 else self.names)

    def leaf(self, shape, dtypes):
        r = self.rng
        name = self.some_name()
        kind = r.random()
        if kind < 0.85:
            return name
        if kind < 0.93:
            return name + "[::-1]"
        return name + ".T" if len(set(self.shape)) == 1 and len(self.shape) == 2 else f"np.abs({name})"

    def temporary(self):
        r = self.rng
        old = [name for name in self.names if name.startswith("t")]
        name = r.choice(old) if old and r.random() < 0.25 else f"t{len(self.env)}"
        return f"{name} = {self.expression(self.shape, r.choice([1, 1, 1, 2]), self.dtypes)}"

    def write(self):
        r = self.rng
        target = r.choice(self.names)
        dtype = self.env[target].dtype if target in self.env else None
        alike = [name for name in self.names if name in self.env and self.env[name].dtype == dtype] or [target]
        source = r.choice(alike)
        return r.choice([
            f"{target}[0] = {source}[-1]",
            f"{target}[1:] = {source}[:-1]",
            f"{target}[:] = {source} + {r.choice(alike)}",
            f"{target}[:] = {source}",
            f"{target} += {source}",
            f"{target} *= 2",
            f"{target}[::2] += 1",
            f"np.add({target}, {source}, out={target})",
        ])

    def other_name(self):
        r = self.rng
        return f"a{len(self.env)} = {r.choice(self.names)}{r.choice(['', '[::-1]', '[1:]', '[:-1]', '[...]'])}"

    def statement(self):
        r = self.rng
        kind = r.random()
        if kind < 0.65:
            return [self.temporary()]
        if kind < 0.85:
            return [self.write()]
        if kind < 0.92:
            return [self.other_name()]
        names = list(self.names)
        lines = [r.choice(["for i in range(2):", f"if {names[0]}.shape[0] > {r.randint(1, 4)}:"])]
        for _ in range(r.randint(1, 3)):
            line = self.temporary() if r.random() < 0.7 else self.write()
            lines.append("    " + line)
            if re.match(r"t\d+ = ", line) and (line.split()[0] not in names or r.random() < 0.5):
                self.inner += 1
                self.names.append(f"b{self.inner}")  # a name of its own: it is not set behind the block
                lines[-1] = f"    b{self.inner} = {line.split(' = ', 1)[1]}"
            elif re.match(r"t\d+ = ", line):  # it keeps its type
                name, text = line.split(" = ", 1)
                lines[-1] = f"    {name} = ({text}).astype(np.{self.dtype_name(str(self.env[name].dtype))})" if name in self.env else "    pass"
        self.names = names
        return lines

    def run(self, lines):
        """The arrays behind the statements and these, or None if one fails or gives a variable another type."""
        env = {name: eval(source) for name, source in self.arrays.items()}
        try:
            exec("\n".join(self.lines + lines), {"np": np}, env)
        except (TypeError, ValueError, OverflowError, IndexError, NameError):
            return None
        arrays = {name: value for name, value in env.items() if isinstance(value, np.ndarray)}
        for name, value in arrays.items():
            before = self.env.get(name, value)
            if value.dtype == np.float16 or value.ndim == 0 or before.dtype != value.dtype or before.ndim != value.ndim:
                return None
        return arrays

    def accept(self, lines):
        if lines[0].startswith("if ") and self.run(["if True:"] + lines[1:]) is None:
            return False
        arrays = self.run(lines)
        if arrays is None:
            return False
        self.lines += lines
        self.names += [name for name in arrays if name not in self.env and not name.startswith("b")]
        self.env = arrays
        return True

    def make(self):
        """Statements that end with `w = ...`, or None."""
        self.inputs()
        for _ in range(self.rng.randint(3, 9)):
            self.accept(self.statement())
        return self.lines if self.accept([f"w = {self.expression(self.shape, 2, self.dtypes)}"]) else None


def make_statements(seed):
    """A case of make_case() of several statements. Arguments are results, too, where their type is the result's."""
    for attempt in range(1000):
        r = random.Random(f"{seed}/{attempt}")
        dtypes = r.choice([["float64"], ["float64"], FLOATS, ["int64"], INTEGERS, ["float32", "float64", "int32"]])
        maker = StatementMaker(f"{seed}/{attempt}", dtypes, r.choice([(4,), (7,), (1,), (0,), (3, 4), (3, 3), (20,), (2, 3, 2)]))
        with np.errstate(all="ignore"):
            lines = maker.make()
            if lines is None or maker.tolerance or out_of_range_cast("\n".join(lines), {}):
                continue
            value = maker.env["w"]
            parts = ["w"] + [name for name in maker.arrays if maker.env[name].dtype == value.dtype]
            lines.append(f"r = np.concatenate(({', '.join(f'{part}.ravel()' for part in parts)},))")
            body = "def f(" + ", ".join(maker.arrays) + "):\n" + "".join(f"    {line}\n" for line in lines) + "    return r\n"
            names = {"np": np}
            exec(body, names)
            expected = names["f"](*(eval(source) for source in maker.arrays.values()))
        return body, maker.arrays, expected, True, 0, np.zeros(expected.size)
    raise RuntimeError(f"no statements for seed {seed}")


class Nudged:
    """NumPy whose element functions are off by two units in the last place, up, down or at random."""

    def __init__(self, direction):
        self.direction = direction
        self.rng = np.random.default_rng(1)

    def __getattr__(self, name):
        function = getattr(np, name)
        return self.nudge(function) if "np." + name in FUNCTIONS else function

    def nudge(self, function):
        def nudged(x):
            value = function(x)
            ends = self.rng.choice([-np.inf, np.inf], np.shape(value)) if self.direction == 0 else self.direction * np.inf
            ends = np.asarray(ends, dtype=value.dtype)
            return np.nextafter(np.nextafter(value, ends), ends)
        return nudged


def spread(text, inputs, expected):
    """How far the value is from the expected one if element functions are less exact, element by element."""
    widest = np.zeros(np.shape(expected))
    for direction in (-1, 0, 1):
        distance = np.abs(np.asarray(eval(text, {"np": Nudged(direction)}, dict(inputs)), dtype=np.float64) - np.asarray(expected, dtype=np.float64))
        widest = np.fmax(widest, np.where(np.isfinite(distance), distance, 0))
    return widest.ravel()


def make_case(seed):
    """(a function, inputs, expected value, whether it is an array, tolerance in ulp, further tolerance)"""
    if seed % 3 == 0:
        return make_statements(seed)
    for attempt in range(100):
        maker = Maker(f"{seed}/{attempt}")
        r = maker.rng
        shape = r.choice(SHAPES)
        dtypes = r.choice([FLOATS, FLOATS, INTEGERS, REALS, DTYPES, DTYPES])
        text = maker.expression(shape, r.choice([1, 1, 2, 2, 3]), dtypes)
        with np.errstate(all="ignore"):
            try:
                inputs = {name: eval(source) for name, source in maker.arrays.items()}
                value = eval(text, {"np": np}, dict(inputs))
            except (TypeError, ValueError, OverflowError):
                continue
            if not isinstance(value, np.ndarray) or value.dtype == np.float16 or value.ndim == 0:
                continue
            lines = [f"    r = {text}"]
            kind = r.random()
            if kind < 0.3 and maker.tolerance == 0:
                lines = [f"    r = {maker.folded(text, value)}"]
            elif kind < 0.5 and maker.tolerance == 0:
                lines = maker.statements(text, value)
            names = {"np": np}
            body = "def f(" + ", ".join(maker.arrays) + "):\n" + "\n".join(lines) + "\n    return r\n"
            try:
                exec(body, names)
                expected = names["f"](**{name: value.copy() for name, value in inputs.items()})
            except (TypeError, ValueError, OverflowError, np.exceptions.AxisError):
                continue
            if np.asarray(expected).dtype == np.float16 or out_of_range_cast(text, inputs):
                continue
            slack = spread(text, inputs, expected) if maker.tolerance else np.zeros(np.size(expected))
        return body, maker.arrays, np.asarray(expected), np.ndim(expected) > 0, maker.tolerance, slack
    raise RuntimeError(f"no expression for seed {seed}")


def out_of_range_cast(text, inputs):
    """Casts of floats to integers that do not hold them have no defined result, nor have casts of complex numbers in kjit. (uint64 beside
    a signed type is float64.)"""
    inexact = any(value.dtype.kind in "fc" or value.dtype == np.uint64 for value in inputs.values()) or "/" in text or "float" in text or "." in re.sub(r"np\.|\.astype|\.T|\.\.\.", "", text)
    return bool(re.search(r"astype\(np\.u?int", text)) and inexact


def program(cases):
    lines = ["import numpy as np", ""]
    for k, (body, _, expected, is_array, *_) in enumerate(cases):
        lines.append(body.replace("def f(", f"def f{k}(", 1))
    # A function for each case: one long script would take the compiler more than linear time.
    for k, (_, inputs, expected, is_array, *_) in enumerate(cases):
        lines.append(f"def case{k}():")
        for name, source in inputs.items():
            lines.append(f"    {name} = {source}")
        lines.append(f"    r = f{k}({', '.join(inputs)})")
        lines.append(f'    print("case", {k})')
        if is_array:
            lines.append(f"    print(r.dtype == np.{Maker.dtype_name(str(expected.dtype))}, r.shape)")
            lines.append("    v = r.ravel()")
            lines.append("    for i in range(v.size):")
            lines.append("        print(v[i])")
        else:
            lines.append("    print(r)")
        lines.append("")
    lines += [f"case{k}()" for k in range(len(cases))]
    return "\n".join(lines) + "\n"


def ulps(a, b, dtype):
    if a == b or (a != a and b != b):
        return 0
    if a != a or b != b or math.isinf(a) or math.isinf(b):
        return math.inf
    return abs(a - b) / float(np.spacing(max(abs(np.dtype(dtype).type(a)), abs(np.dtype(dtype).type(b)))))


def same_number(expected, text, dtype, tolerance, slack):
    kind = np.dtype(dtype).kind
    if kind == "b":
        return text == str(bool(expected))
    if kind in "iu":
        return text == str(int(expected))
    if kind == "c":
        part = np.float32 if np.dtype(dtype).itemsize == 8 else np.float64
        number = complex(text)
        return all(ulps(float(part(e)), float(part(g)), part) <= max(tolerance, 0)
                   for e, g in ((expected.real, number.real), (expected.imag, number.imag)))
    got = float(np.dtype(dtype).type(float(text)))
    want = float(expected)
    if want == got == 0 and tolerance == 0:
        return math.copysign(1, want) == math.copysign(1, got)
    return ulps(want, got, dtype) <= tolerance or abs(want - got) <= 2 * slack


def check(case, lines):
    """What is wrong with the lines that a case printed, or None."""
    _, _, expected, is_array, tolerance, slack = case
    if is_array:
        shape = f"True {expected.shape}"
        if not lines or lines[0] != shape:
            return f"dtype and shape: {lines[:1]}, expected {expected.dtype} {expected.shape}"
        lines = lines[1:]
    values = expected.ravel() if is_array else [expected[()]]
    if len(lines) != len(values):
        return f"{len(lines)} values, expected {len(values)}"
    for k, (value, text) in enumerate(zip(values, lines)):
        if not same_number(value, text, expected.dtype, tolerance, slack[k]):
            return f"element {k}: {text}, expected {value!r}"
    return None


def run_batch(cases, first, options, folder):
    path = os.path.join(folder, "arrays.k")
    with open(path, "w", encoding="utf-8") as file:
        file.write(program(cases))
    failures = []
    for leg in LEGS:
        done = subprocess.run([options.kjit, "run", path, *leg], capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            if len(cases) > 1:  # find the one
                for k, case in enumerate(cases):
                    failures += run_batch([case], first + k, options, folder)
                return failures
            return [(first, leg, "\n".join(done.stderr.splitlines()[:6]), cases[0])]
        parts = done.stdout.split("case ")[1:]
        for k, part in enumerate(parts):
            problem = check(cases[k], part.splitlines()[1:])
            if problem:
                failures.append((first + k, leg, problem, cases[k]))
        if failures:
            return failures
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0, help="of the first expression")
    parser.add_argument("--batch", type=int, default=50, help="expressions in one file")
    parser.add_argument("--progress", action="store_true")
    parser.add_argument("--kjit", default=os.path.join(ROOT, "build", "release", "kjit"))
    options = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for first in range(options.seed, options.seed + options.count, options.batch):
            count = min(options.batch, options.seed + options.count - first)
            cases = [make_case(first + k) for k in range(count)]
            for seed, leg, problem, case in run_batch(cases, first, options, folder):
                bad += 1
                print(f"--- seed {seed} {' '.join(leg)}: {problem}")
                for name, source in case[1].items():
                    print(f"{name} = {source}")
                print(case[0], flush=True)
            if options.progress:
                print(f"... {first + count - options.seed} expressions, {bad} differences", flush=True)
    print(f"{options.count} expressions, {bad} differences")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
