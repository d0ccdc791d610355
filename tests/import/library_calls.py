"""One function with inputs: how it is called in C, and by a kernel that takes the inputs as columns. See libraries.py."""

import ctypes
import math
import subprocess

import compare


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
