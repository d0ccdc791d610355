#!/usr/bin/env python3
"""Random C functions, translated and compiled: tests/import/random_c.py --kjit KJIT [--count 200] [--seed 1] [--inputs 20]

Writes C without undefined behaviour (under -fwrapv): integers of all widths, floats, arrays, all loops, switch with fall-through, forward and
backward goto, break and continue, side effects in expressions, calls between functions. compare.py does the rest. Prints the seed of every
file whose results differ and keeps the file; exit status 1 then.
"""

import argparse
import pathlib
import random
import sys
import tempfile

import compare

INTS = ["int", "unsigned", "short", "unsigned char", "long", "unsigned long", "signed char"]


class Generator:
    """One function at a time. `scope` holds (name, type) of the scalars that may be read and written."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.functions = []  # (name, result, parameter types): what later functions may call

    def pick(self, *choices):
        return self.rng.choice(choices)

    # ---- expressions ----

    def integer(self, depth):
        names = [n for n, t in self.scope if t != "double" and t != "float"]
        kind = self.rng.random()
        if depth <= 0 or kind < 0.2:
            if names and self.rng.random() < 0.75:
                return self.rng.choice(names)
            return self.pick("0", "1", "2", "7", "-1", "255", "65535", "2147483647", "-2147483647", "3u", "4000000000u", "5L", "11ul")
        a, b = self.integer(depth - 1), self.integer(depth - 1)
        if kind < 0.55:
            return f"({a} {self.pick('+', '-', '*', '&', '|', '^')} {b})"
        if kind < 0.62:
            return f"({a} {self.pick('/', '%')} (({b} & 15) + {self.rng.randint(1, 9)}))"
        if kind < 0.68:
            return f"({a} {self.pick('<<', '>>')} ({b} & 7))" if a[0] != "-" else f"({a})"
        if kind < 0.76:
            return f"({a} {self.pick('<', '<=', '==', '!=', '>', '>=', '&&', '||')} {b})"
        if kind < 0.81:
            return f"({self.pick('-', '~', '!')}{a})" if a[0] != "-" else f"(~({a}))"
        if kind < 0.87:
            return f"({self.integer(depth - 1)} ? {a} : {b})"
        if kind < 0.93:
            return f"(({self.rng.choice(INTS)}){a})"
        if kind < 0.945:
            return self.bits(a, b)
        if kind < 0.97 and self.arrays:
            return f"{self.rng.choice(self.arrays)}[{a} & 15]"
        if kind < 0.985 and any(result != "double" for _, result, _ in self.functions):
            return self.call(depth)
        return f"((int)({self.floating(depth - 1)} > {self.floating(depth - 1)}))"

    def bits(self, a, b):
        return self.pick(f"((union {{ unsigned u; unsigned char b[4]; }}){{(unsigned){a}}}).b[{b} & 3]",
                         f"((union {{ unsigned long w; struct {{ int low; short mid, high; }} s; }}){{(unsigned long){a}}}).s.{self.pick('low', 'mid', 'high')}",
                         f"__builtin_popcount((unsigned){a})", f"__builtin_clz((unsigned){a} | 1)", f"__builtin_ctzl((unsigned long){a} | 4096)",
                         f"__builtin_expect({a} > 3, 1)")

    def floating(self, depth):
        names = [n for n, t in self.scope if t in ("double", "float")]
        kind = self.rng.random()
        if depth <= 0 or kind < 0.25:
            if names and self.rng.random() < 0.7:
                return self.rng.choice(names)
            return self.pick("0.5", "1.0", "-2.25", "3.0f", "1e10", "0.1", "0.1f")
        if kind < 0.7:
            return f"({self.floating(depth - 1)} {self.pick('+', '-', '*', '/')} {self.floating(depth - 1)})"
        if kind < 0.8:
            return f"({self.floating(depth - 1)} {self.pick('+', '*', '-')} {self.integer(depth - 1)})"
        if kind < 0.9:
            return f"{self.pick('floor', 'fabs', 'ceil', 'trunc', 'sqrt')}({self.floating(depth - 1)})"
        return f"({self.integer(depth - 1)} ? {self.floating(depth - 1)} : {self.floating(depth - 1)})"

    def value(self, kind, depth=3):
        return self.floating(depth) if kind in ("double", "float") else self.integer(depth)

    def call(self, depth):
        name, _, parameters = self.rng.choice([row for row in self.functions if row[1] != "double"])
        return f"{name}({', '.join(self.value(kind, depth - 2) for kind in parameters)})"

    # ---- statements ----

    def assignable(self):
        return [(n, t) for n, t in self.scope if n not in self.counters]

    def statement(self, depth, indent, in_loop):
        pad = "  " * indent
        name, kind = self.rng.choice(self.assignable())
        choice = self.rng.random()
        if depth <= 0 or choice < 0.4:
            if kind in ("double", "float"):
                return [f"{pad}{name} {self.pick('=', '+=', '-=', '*=')} {self.value(kind)};"]
            if choice < 0.08:
                return [f"{pad}{self.pick('++', '--')}{name};"]
            if choice < 0.14 and self.arrays:
                # C leaves open whether the step comes before the right side is evaluated, which must not see the variable therefore.
                scope, self.scope = self.scope, [(n, t) for n, t in self.scope if n != name]
                right = self.integer(2)
                self.scope = scope
                return [f"{pad}{self.rng.choice(self.arrays)}[{name}{self.pick('++', '--')} & 15] {self.pick('=', '+=', '^=')} {right};"]
            if choice < 0.2:
                other = self.rng.choice([n for n, t in self.assignable() if t not in ("double", "float")] or [name])
                if other == name:
                    return [f"{pad}{name} += 3;"]
                scope, self.scope = self.scope, [(n, t) for n, t in self.scope if n != other]
                right = self.integer(1)
                self.scope = scope
                return [f"{pad}{name} = {other}{self.pick('++', '--')} {self.pick('+', '^', '-')} {right};"]
            return [f"{pad}{name} {self.pick('=', '=', '+=', '-=', '*=', '&=', '|=', '^=')} {self.value(kind)};"]
        if choice < 0.55:
            lines = [f"{pad}if ({self.integer(2)}) {{", *self.block(depth - 1, indent + 1, in_loop)]
            if self.rng.random() < 0.5:
                lines += [f"{pad}}} else {{", *self.block(depth - 1, indent + 1, in_loop)]
            return lines + [f"{pad}}}"]
        if choice < 0.78:
            return self.loop(depth, indent)
        if choice < 0.86:
            return self.switch(depth, indent, in_loop)
        if choice < 0.88:
            return self.entered_branch(depth, indent, in_loop)
        if choice < 0.93 and in_loop:
            return [f"{pad}if ({self.integer(2)}) {self.pick('break', 'continue')};"]
        if choice < 0.96 and self.labels:
            return [f"{pad}if ({self.integer(2)}) goto {self.labels[-1]};"]
        return [f"{pad}if ({self.integer(2)}) return {self.value(self.result, 2)};"]

    def loop(self, depth, indent):
        pad = "  " * indent
        self.number += 1
        counter = f"k{self.number}"
        self.scope.append((counter, "int"))
        self.counters.add(counter)
        body = self.block(depth - 1, indent + 1, True)
        self.scope.pop()
        bound = f"({self.integer(1)} & {self.pick(3, 7)})"
        form = self.rng.random()
        if form < 0.5:
            head = self.pick(f"for (int {counter} = 0; {counter} < 5; {counter}++)", f"for (int {counter} = 6; {counter} >= 1; {counter} -= 2)",
                             f"for (int {counter} = {bound}; {counter} <= 6; ++{counter})")
            return [f"{pad}{head} {{", *body, f"{pad}}}"]
        if form < 0.75:
            return [f"{pad}{{", f"{pad}int {counter} = {bound};", f"{pad}while ({counter}-- > 0) {{", *body, f"{pad}}}", f"{pad}}}"]
        return [f"{pad}{{", f"{pad}int {counter} = {bound};", f"{pad}do {{", *body, f"{pad}}} while (++{counter} < 5);", f"{pad}}}"]

    def entered_branch(self, depth, indent, in_loop):
        """A goto into the block of an if."""
        pad = "  " * indent
        self.number += 1
        label = f"in{self.number}"
        head = [f"{pad}{{", f"{pad}if ({self.integer(1)}) goto {label};", *self.block(0, indent, False)]
        body = [f"{pad}if ({self.integer(1)}) {{", *self.block(0, indent + 1, False), f"{pad}{label}:;",
                *self.block(depth - 1, indent + 1, in_loop), f"{pad}}}"]
        return head + body + [f"{pad}}}"]

    def switch(self, depth, indent, in_loop):
        pad = "  " * indent
        lines = [f"{pad}switch ({self.integer(1)} & 3) {{"]
        for case in self.rng.sample(range(4), 3):
            lines += [f"{pad}case {case}:", *self.block(depth - 1, indent + 1, False)]
            if self.rng.random() < 0.6:
                lines.append(f"{pad}  break;")
        if self.rng.random() < 0.5:
            lines += [f"{pad}default:", *self.block(depth - 1, indent + 1, False)]
        return lines + [f"{pad}}}"]

    def block(self, depth, indent, in_loop):
        lines = []
        for _ in range(self.rng.randint(1, 3)):
            lines += self.statement(depth, indent, in_loop)
        return lines

    def function(self, name):
        self.number, self.counters, self.labels = 0, set(), []
        parameters = [(f"p{k}", self.rng.choice(INTS + ["double", "double", "float"])) for k in range(self.rng.randint(1, 3))]
        self.result = self.rng.choice(INTS + ["double"])
        with_array = self.rng.random() < 0.5
        self.arrays = ["a"] if with_array else []
        self.scope = list(parameters)
        lines = []
        for k in range(2):
            kind = self.rng.choice(INTS + ["double"])
            lines.append(f"  {kind} v{k} = {self.value(kind, 2)};")
            self.scope.append((f"v{k}", kind))
        use_goto = self.rng.random() < 0.3
        if use_goto:
            self.labels = ["done"]
        for _ in range(self.rng.randint(2, 5)):
            lines += self.statement(2, 1, False)
        if use_goto:
            lines.append("done:")
        lines.append(f"  return {self.value(self.result, 2)};")
        array = [f"{self.pick('int', 'short', 'unsigned', 'long')} *a"] if with_array else []
        head = f"{self.result} {name}({', '.join(array + [f'{kind} {p}' for p, kind in parameters])}) {{"
        if not with_array:
            self.functions.append((name, self.result, [kind for _, kind in parameters]))
        return "\n".join([head, *lines, "}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--count", type=int, default=200, help="functions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=20, help="calls of each")
    parser.add_argument("--levels", default="interpret,O3")
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()))
    given = parser.parse_args()
    options = argparse.Namespace(kjit=given.kjit, count=given.inputs, seed=given.seed, levels=given.levels, function=None)
    total, wrong = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range((given.count + 4) // 5):
            seed = given.seed * 100003 + number
            generator = Generator(seed)
            path = pathlib.Path(folder) / f"random_{seed}.c"
            text = "#include <math.h>\n\n" + "\n\n".join(generator.function(f"f{k}") for k in range(5)) + "\n"
            path.write_text(text, encoding="utf-8")
            compared, differ = compare.compare(path, options, pathlib.Path(folder))
            total, wrong = total + compared, wrong + differ
            if differ:
                kept = given.keep / path.name
                kept.write_text(text, encoding="utf-8")
                print(f"seed {seed}: {kept}")
    print(f"{total} random functions, {given.inputs} inputs each ({given.levels}): {wrong} differ")
    return 1 if wrong or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
