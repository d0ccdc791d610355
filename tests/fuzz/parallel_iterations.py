"""What one iteration of a random parallel loop does: see parallel_programs.py."""

from parallel_forms import (ACCUMULATORS, BITS, DRAWS, FLAGS, MAXIMA, MINIMA, OWN_ELEMENTS, SCATTERS, SCATTER_SHAPES, SUMS,
                            WRAPPING)
from programs import BOOL, FLOAT, INT, LIMIT, PAIR, Generator, Scope


class Accumulator:
    """A variable that iterations accumulate in: the forms that its updates may have, and the type of what is accumulated."""

    def __init__(self, name, forms, operand):
        self.name, self.forms, self.operand = name, forms, operand


class Array:
    """An array of one kernel: `shape` is text in terms of n and w. Parameters are made by the script, others by the kernel."""

    def __init__(self, name, shape, dtype, is_parameter, start="0"):
        self.name, self.shape, self.dtype, self.is_parameter, self.start = name, shape, dtype, is_parameter, start

    @property
    def rank(self):
        return len(self.shape)

    def made(self):
        shape = self.shape[0] if self.rank == 1 else f"({', '.join(self.shape)})"
        return f"np.full({shape}, {self.start}, dtype=np.{self.dtype})"


class Kernel:
    """What is known of the kernel that is being written."""

    def __init__(self, sizes, has_errors):
        self.sizes, self.has_errors = sizes, has_errors
        self.before, self.after = [], []  # lines around the loops
        self.accumulators, self.arrays = [], []
        self.scatters = []  # pairs (array, operators) that iterations accumulate in

    @property
    def most(self):
        return max(n for n, _ in self.sizes)


class IterationGenerator(Generator):
    """Writes the bodies of parallel loops."""

    def __init__(self, number):
        super().__init__(number)
        self.kernel = None
        self.variables = []      # of the parallel loops around this place
        self.serial_depth = 0    # of branches and inner loops around it
        self.may_skip = False    # can an iteration have left before it?
        self.budget = 0          # how often this place may still be multiplied
        self.summing = []        # parallel functions that iterations may call

    # ---- helpers ----

    def chance_of(self, *weighted):
        """One of the pairs (weight, item)."""
        return self.random.choices([item for _, item in weighted], [weight for weight, _ in weighted])[0]

    def captured(self, write):
        """The lines that `write` emits, taken out of the program."""
        saved, self.lines = self.lines, []
        write()
        lines, self.lines = self.lines, saved
        return lines

    def inside(self, write):
        """Writes a part whose variables are unknown behind it."""
        self.scope = Scope(self.scope)
        self.serial_depth += 1
        write()
        self.serial_depth -= 1
        self.scope = self.scope.outer

    def integer_leaf(self):
        return (self.pick(self.variables), LIMIT) if self.variables and self.chance(0.4) else super().integer_leaf()

    def floating(self, depth):
        """Leaves that differ from one iteration to the next, so that it shows when values get lost or mixed up."""
        if depth > 0 or not self.variables or self.chance(0.5):
            return super().floating(depth)
        i = self.pick(self.variables)
        return self.pick([f"(0.37 * {i})", f"(1.0 / ({i} * {i} + 3))", f"float(data[{i} % len(data)])", f"math.sin({i})"])

    def variable(self, kind, name):
        self.scope.values[kind].append(name)
        return name

    def private(self, indent, kind, text):
        name = self.fresh("v")
        self.emit(indent, f"{name} = {text}")
        return self.variable(kind, name)

    def emit_form(self, indent, form, **parts):
        first, *rest = form.format(**parts).split("\n")
        self.emit(indent, first)
        for line in rest:
            self.emit(indent + 1, line)

    # ---- scalar accumulators ----

    def accumulate(self, indent):
        known = self.kernel.accumulators
        accumulator = self.pick(known) if known and self.chance(0.35) else self.new_accumulator()
        self.update(indent, accumulator)

    def new_accumulator(self):
        start, forms, operand = self.chance_of((6, self.float_sum()), (4, self.extreme(FLOAT)), (2, self.extreme(INT)),
                                               (3, self.flag()), (2, self.pick(BITS)), *ACCUMULATORS)
        accumulator = Accumulator(self.fresh("s"), forms, operand)
        self.kernel.before.append(f"{accumulator.name} = {start}")
        self.kernel.after.append(f"print({accumulator.name})")
        self.kernel.accumulators.append(accumulator)
        return accumulator

    def float_sum(self):
        return self.pick(["0.0", "-0.0", "1e10", "0.125"]), SUMS, FLOAT

    def extreme(self, kind):
        start = {FLOAT: ["0.0", "1e300", "-1e300", "3.5"], INT: ["0", "1000000", "-1000000"]}[kind]
        return self.pick(start), self.pick(MINIMA + MAXIMA), f"bound {kind}"

    def flag(self):
        start, forms = self.pick(FLAGS)
        return start, forms, BOOL

    def update(self, indent, accumulator):
        form, operand = self.pick(accumulator.forms), accumulator.operand
        value = condition = None
        if operand.startswith("bound"):
            kind = operand.split()[1]
            value = self.private(indent, kind, self.value(kind, 2))
        elif operand == BOOL:
            condition = self.private(indent, BOOL, self.boolean(2))
        test = f"({self.operand(INT)} < {self.operand(INT)})"
        e, f = (None, None) if value or condition else (self.operand(operand), self.operand(operand))
        self.emit_form(indent, form, s=accumulator.name, e=e, f=f, v=value, c=condition, t=test)

    def operand(self, kind):
        if kind == FLOAT:
            return self.floating(2)
        integer = self.small(2, 2**31)[0]
        real = f"bounded({self.floating(2)})"
        factor = f"1.0 + 1e-3 * math.sin({real})"
        return {INT: integer, "sign": f"(1 - 2 * ({integer} & 1))", "factor": f"({factor})", "float32": f"np.float32({real})",
                "factor32": f"np.float32({factor})", "int32": f"np.int32({integer} % 100003)",
                "uint8": f"np.uint8({integer} & 255)", "complex": f"complex({self.floating(1)}, {real})"}[kind]

    def position(self, indent):
        """The smallest or largest value together with where it is."""
        best, where = self.fresh("s"), self.fresh("w")
        kind = self.pick([INT, FLOAT])
        is_less = self.chance(0.5)
        start = self.pick(["0", "1000", "-1000"] if kind == INT else ["0.0", "1e30", "-1e30"])
        self.kernel.before += [f"{best} = {start}", f"{where} = -1"]
        self.kernel.after.append(f"print({best}, {where})")
        value = self.private(indent, kind, self.value(kind, 2))
        place = self.place(indent)
        self.emit(indent, f"if {value} {'<' if is_less else '>'} {best}:")
        self.emit(indent + 1, f"{best} = {value}")
        self.emit(indent + 1, f"{where} = {place}")

    def place(self, indent):
        """What cannot fail: blocks of iterations evaluate it more often than Python does."""
        i = self.variables[-1]
        value = self.private(indent, INT, self.small(1, LIMIT)[0])
        return self.pick([i, " + 10000 * ".join(self.variables), f"{i} >> 1", f"({i} << 3) % 1000", f"{i} // 7", f"{i} ** 2", value])

    # ---- elements of the iteration's own ----

    def new_array(self, shape, dtype, start="0"):  # in place of the base's, which is for serial programs
        array = Array(self.fresh("m" if len(shape) == 2 else "a"), shape, dtype, self.chance(0.6), start)
        self.kernel.arrays.append(array)
        return array

    def own_elements(self, indent):
        dtype = self.pick(["float64", "float64", "int64", "float32"])
        write = self.own_vector if len(self.variables) == 1 and self.chance(0.7) else self.own_matrix
        write(indent, dtype)

    def stored(self, dtype):
        return {"float64": lambda: self.floating(2), "float32": lambda: f"np.float32(bounded({self.floating(2)}))",
                "int64": lambda: self.small(2, 2**31)[0]}[dtype]()

    def own_vector(self, indent, dtype):
        i = self.variables[0]
        array = self.new_array(("3 * n + 10",), dtype)
        form = self.pick(OWN_ELEMENTS).format(i=i)
        element = f"{array.name}[{form}]"
        self.emit(indent, f"{element} = {self.stored(dtype)}")
        if self.chance(0.3):
            self.emit(indent, f"{element} += {self.stored(dtype)}")
        if self.chance(0.3) and dtype != "float32":
            convert = "int" if dtype == "int64" else "float"
            self.private(indent, INT if dtype == "int64" else FLOAT, f"{convert}({element})")
        if form.startswith("2 *"):
            self.emit(indent, f"{array.name}[2 * {i}] = {self.stored(dtype)}")

    def own_matrix(self, indent, dtype):
        if len(self.variables) > 1:
            return self.own_cell(indent, dtype)
        i, j, shape = self.variables[0], self.fresh("j"), ("3 * n + 10", "w + 4")
        is_row = self.chance(0.7)
        name = self.new_array(shape if is_row else shape[::-1], dtype).name
        if not is_row:
            return self.own_column(indent, dtype, name, i, j)
        shape = self.random.randrange(4)
        if shape == 0:
            return self.emit(indent, f"{name}[{i}, {self.pick([':', '1:3'])}] = {self.stored(dtype)}")
        if shape == 1:
            callee = self.pick(["fill", "fill_in_parallel"])
            numbers = "float64" if dtype == "float32" else dtype  # k * step of a float32 is one of float64 in kernels only
            return self.emit(indent, f"{callee}({name}[{i}], {self.stored(numbers)}, {self.stored(numbers)})")
        if shape == 2:
            self.emit(indent, f"row{j} = {name}[{i}]")
        self.cells(indent, f"row{j}[{j}]" if shape == 2 else f"{name}[{i}, {j}]", j, dtype)

    def own_column(self, indent, dtype, name, i, j):
        if self.chance(0.5):
            return self.emit(indent, f"{name}[:, {i}] = {self.stored(dtype)}")
        self.cells(indent, f"{name}[{j}, {i}]", j, dtype)

    def cells(self, indent, element, j, dtype):
        self.emit(indent, f"for {j} in range({self.pick(['3', 'w % 5'])}):")
        self.inside(lambda: (self.variable(INT, j), self.emit(indent + 1, f"{element} = {self.stored(dtype)}")))

    def own_cell(self, indent, dtype):
        i, j = self.variables[:2]
        rows, columns = "3 * n + 10", "w + n + 4"
        is_plain = self.chance(0.6)
        array = self.new_array((rows, columns) if is_plain else (columns, rows), dtype)
        element = f"{array.name}[{i}, {j}]" if is_plain else f"{array.name}[{j}, {i}]"
        self.emit(indent, f"{element} {self.pick(['=', '=', '+=', '-='])} {self.stored(dtype)}")

    def own_by_calls(self, indent):
        """Indices that chains of functions compute, in elements of the iteration's own and in such as are only read."""
        i = self.variables[0]
        if len(self.variables) > 1:
            return self.private(indent, FLOAT, f"float(data[at({i}, {self.variables[1]}, 5) % len(data)])")
        name = self.new_array(("3 * n + 10",), "float64").name
        index = self.pick([f"own({i})", f"own_or({i}, 2 * {i} + 1, {self.boolean(1)})", f"own_or({i}, 2 * {i}, {self.boolean(1)})"])
        read = self.pick([f"at({i} - 1, {i} + 1, 4)", f"cell({i}, w, 3)", f"clamp({i}, len(grid))"])
        self.emit(indent, f"{name}[{index}] = float(grid[{read} % len(grid)]) + {self.floating(1)}")

    def own_slice(self, indent):
        """A block of elements, cut off at the end of the array or empty; its length is a value as well."""
        i, part, size = self.variables[0], self.fresh("part"), self.pick(["3", "4", "w % 4"])
        if len(self.variables) > 1:
            return self.keep(indent)
        name = self.new_array((self.pick(["3 * n + 10", "n + 5"]),), "float64").name
        low = self.fresh("low")
        self.emit(indent, f"{low} = {i} * {'4' if size[0] == 'w' else size}")
        shape = self.random.randrange(3)
        if shape == 0:
            self.emit(indent, f"{name}[{low}:{low} + {size}] = {self.floating(2)}")
        else:
            self.emit(indent, f"{part} = {name}[{low}:{low} + {size}]")
            k = self.fresh("k")
            self.emit(indent, f"for {k} in range(len({part})):")
            self.inside(lambda: (self.variable(INT, k), self.emit(indent + 1, f"{part}[{k}] = {self.floating(1)}")))
        length = f"len(grid[{self.pick([i, f'{i} % 50', f'40 - {i}'])}:{self.pick(['10', f'{i} + 5', '-3'])}])"
        self.private(indent, INT, f"{length} if {low} >= 0 else 0")

    def rebound(self, indent):
        """A variable for arrays of several origins, set anew in a loop that may be left at any time."""
        row, j, i = self.fresh("row"), self.fresh("j"), self.variables[0]
        if len(self.variables) > 1:
            return self.keep(indent)
        name = self.new_array(("3 * n + 10", "w + 4"), "float64").name
        fresh, mine = f"np.full(4, {self.floating(1)})", self.pick([f"{name}[{i}]", f"{name}[{i}, 1:4]", f"{name}[{i}, ::-1]"])
        first, second = self.pick([(fresh, mine), (mine, fresh), (mine, mine), (fresh, fresh)])
        self.emit(indent, f"{row} = {first}")
        self.emit(indent, f"for {j} in range({self.pick(['3', 'w % 3', '1'])}):")
        self.inside(lambda: self.rebinding_round(indent + 1, row, j, second))
        if self.chance(0.4):
            self.emit(indent, "else:")
            self.emit(indent + 1, self.pick([f"{row} = {fresh}", f"{row} = {mine}", f"{row}[1] = 0.25"]))
        self.emit(indent, f"{row}[{self.pick(['0', '1', '-1'])}] = {self.floating(2)}")

    def rebinding_round(self, indent, row, j, other):
        self.variable(INT, j)
        if self.chance(0.7):
            self.emit(indent, f"if {self.boolean(1)}:")
            self.emit(indent + 1, f"{row} = {other}")
            self.emit(indent + 1, self.pick(["break", "continue", "pass"]))
        if self.chance(0.4):
            self.emit(indent, f"{row}[0] = {self.floating(1)}")
        self.emit(indent, self.pick([f"{row} = {other}", "pass"]))

    def wrapping(self, indent):
        """Indices from products that wrap: iterations that meet must still do so in order."""
        name = self.new_array(("3 * n + 10",), self.pick(["float64", "int64"])).name
        k, form = self.fresh("k"), self.pick([0, 1, 2] if len(self.variables) == 1 else [0, 2])
        self.emit(indent, f"{k} = int(wrapped({self.variables[-1]}, {self.pick(WRAPPING)}))")
        self.emit(indent, f"if 0 <= {k} < len({name}):")
        self.emit(indent + 1, [f"{name}[{k}] = 1", f"{name}[{k}] = {self.variables[-1]}", f"{name}[{k}] += 1"][form])

    # ---- elements that iterations share ----

    def scatter(self, indent):
        known = self.kernel.scatters
        array, name, operators, values = self.pick(known) if known and self.chance(0.3) else self.new_scatter()
        index = ", ".join(self.scattered_index(f"{name}.shape[{axis}]") for axis in range(array.rank))
        if self.chance(0.3) and array.rank == 1:
            index = self.private(indent, INT, self.scattered_index(f"len({name})"))
        self.emit(indent, f"{name}[{index}] {self.pick(operators)} {self.operand_of(values)}")

    def operand_of(self, values):
        return values if values in ("True", "1") else self.operand(values)

    def scattered_index(self, length):
        looked_up = self.scope.array_names(INT)
        if looked_up and self.chance(0.4):
            return f"int({self.element(self.pick(looked_up), 1)}) % {length}"
        # Not the variable itself: `j % (w + 1)` of j below w is j to the compiler, but not to CPython's half (python/README.md).
        return f"{self.pick([f'({self.variables[-1]} * 3)', self.small(1, LIMIT)[0]])} % {length}"

    def new_scatter(self):
        dtype, operators, values = self.chance_of(*SCATTERS)
        array = self.new_array(self.pick(SCATTER_SHAPES), dtype, {"&=": "-1", "*=": "1"}.get(operators[0], "0"))
        name = self.strided(array) if self.chance(0.2) else array.name
        found = array, name, operators, values
        self.kernel.scatters.append(found)
        return found

    def strided(self, array):
        """The name of a view of every other element."""
        array.shape = tuple(f"2 * ({size})" for size in array.shape)
        name = self.fresh("view")
        self.kernel.before.append(f"{name} = {array.name}[{', '.join(self.pick(['::2', '1::2', '::-1']) for _ in array.shape)}]")
        return name

    # ---- what an iteration keeps to itself ----

    def keep(self, indent):
        kind = self.pick([INT, FLOAT, FLOAT, BOOL, PAIR])
        self.private(indent, kind, self.value(kind, 2))

    def keep_array(self, indent):
        name = self.fresh("r")
        values = [self.floating(1), self.floating(1)]
        shapes = [f"np.array([{', '.join(values)}])", f"np.full(3, {values[0]})", "np.zeros(2)"]
        self.emit(indent, f"{name} = {self.pick(shapes)}")
        self.emit(indent, f"{name}[{self.small(1, LIMIT)[0]} % len({name})] = {self.floating(1)}")
        self.scope.arrays[FLOAT].append(name)
        if self.chance(0.5):
            self.private(indent, FLOAT, f"float({name}.sum())")
        if self.is_certain() and self.chance(0.3):
            last = self.fresh("last")
            self.kernel.before.append(f"{last} = np.zeros(1)")
            self.emit(indent, f"{last} = {name}")
            self.kernel.after.append(f"print({last})")

    def keep_text(self, indent):
        name = self.fresh("t")
        i, flag = self.variables[-1], self.boolean(1)
        self.emit(indent, f"{name} = " + self.pick([f'f"{{{i}}}:{{{flag}}}"', f'"ab" * ({i} % 4)', f"str({self.floating(1)})"]))
        self.private(indent, INT, self.pick([f"len({name})", f'{name}.find("1")']))
        if self.is_certain() and self.chance(0.4):
            last = self.fresh("last")
            self.kernel.before.append(f'{last} = "none"')
            self.emit(indent, f"{last} = {name}")
            self.kernel.after.append(f"print({last})")

    def keep_array_in_tuple(self, indent):
        name, array = self.fresh("p"), self.fresh("r")
        self.emit(indent, f"{name} = (np.full(2, {self.floating(1)}), {self.small(1, LIMIT)[0]})")
        self.emit(indent, f"{array}, {self.variable(INT, self.fresh('v'))} = {name}")
        self.scope.arrays[FLOAT].append(array)
        if self.is_certain() and self.chance(0.3):
            last = self.fresh("last")
            self.kernel.before.append(f"{last} = (np.zeros(2), 0)")
            self.emit(indent, f"{last} = {name}")
            self.kernel.after.append(f"print({last}[0][0], {last}[1])")

    def is_certain(self):
        """Does each iteration come here, and is it one of the outermost loop?"""
        return self.serial_depth == 0 and not self.may_skip and len(self.variables) == 1

    def last_value(self, indent):
        if not self.is_certain():
            return self.keep(indent)
        kind = self.pick([INT, FLOAT, BOOL, PAIR])
        name = self.fresh("last")
        self.kernel.before.append(f"{name} = " + {INT: "-1", FLOAT: "0.25", BOOL: "False", PAIR: "(0, 0.5)"}[kind])
        self.emit(indent, f"{name} = {self.value(kind, 2)}")
        self.kernel.after.append(f"print({name})")
        self.variable(kind, name)

    def value_from_before(self, indent):
        """An inner loop's variable has the value from before if there are no rounds, which are as many in each iteration."""
        if not self.is_certain():
            return self.keep(indent)
        name = self.fresh("k")
        self.kernel.before.append(f"{name} = {self.random.randint(-9, 9)}")
        self.emit(indent, f"for {name} in range({self.pick(['3', 'w % 3', '0'])}):")
        self.inside(lambda: self.stop_early(indent + 1, name))
        self.variable(INT, name)
        if self.chance(0.5):
            self.kernel.after.append(f"print({name})")

    def stop_early(self, indent, name):
        self.variable(INT, name)
        self.emit(indent, f"if {self.boolean(1)}:")
        self.emit(indent + 1, self.pick(["break", "continue", "pass"]))

    def searched(self, indent):
        """A loop that may break, with an else."""
        name, j = self.fresh("v"), self.fresh("j")
        if self.chance(0.5):
            self.emit(indent, f"{name} = {self.small(1, LIMIT)[0]}")
        self.emit(indent, f"for {j} in range({self.pick(['3', 'w % 3', 'w', '1, 4'])}):")
        self.inside(lambda: self.searching_round(indent + 1, name, j))
        self.emit(indent, "else:")
        self.emit(indent + 1, f"{name} = {self.small(1, LIMIT)[0]}")
        self.variable(INT, name)

    def searching_round(self, indent, name, j):
        self.variable(INT, j)
        if self.chance(0.3):
            self.emit(indent, f"if {self.boolean(1)}:")
            self.emit(indent + 1, "continue")
        self.emit(indent, f"if {self.boolean(1)}:")
        self.emit(indent + 1, f"{name} = {self.pick([j, self.small(1, LIMIT)[0]])}")
        self.emit(indent + 1, "break")

    def counted_while(self, indent):
        """As a for loop, with its ways out: it writes a row of the iteration's own."""
        i, u = self.variables[0], self.fresh("u")
        name = self.new_array(("3 * n + 10", "w + 4"), "float64").name if len(self.variables) == 1 else None
        start, limit, step = self.pick([("0", "3", 1), ("1", "w", 1), ("0", "w + 4", 2), ("w + 3", "0", -1)])
        self.emit(indent, f"{u} = {start}")
        self.emit(indent, self.pick([f"while {u} {'<' if step > 0 else '>='} {limit}:", "while True:"]))
        self.inside(lambda: self.while_round(indent + 1, u, limit, step, f"{name}[{i}, {u}]" if name else None))
        if self.chance(0.4):
            self.emit(indent, "else:")
            self.emit(indent + 1, f"{u} += 1")
        self.variable(INT, u)

    def while_round(self, indent, u, limit, step, element):
        self.variable(INT, u)
        self.emit(indent, f"if {u} {'>=' if step > 0 else '<'} {limit} or {u} > 100:")
        self.emit(indent + 1, "break")
        if element:
            self.emit(indent, f"{element} = {self.floating(1)}")
        self.emit(indent, f"{u} += {step}")
        if self.chance(0.3):
            self.emit(indent, f"if {self.boolean(1)}:")
            self.emit(indent + 1, self.pick(["break", "continue"]))

    def sum_of_its_own(self, indent):
        name, j = self.fresh("v"), self.fresh("j")
        kind = self.pick([INT, FLOAT])
        self.emit(indent, f"{name} = {'0' if kind == INT else '0.0'}")
        self.emit(indent, f"for {j} in range({self.pick(['2', '3', 'w % 4'])}):")
        self.inside(lambda: (self.variable(INT, j), self.emit(indent + 1, f"{name} += {self.addend(kind)}")))
        self.variable(kind, name)

    def addend(self, kind):
        return self.small(1, 2**31)[0] if kind == INT else self.floating(1)

    def draw(self, indent):
        self.private(indent, *self.pick(DRAWS))

    # ---- output and errors ----

    def output(self, indent):
        period = self.kernel.most // 5 + 1
        self.emit(indent, f"if {self.variables[0]} % {period} == {self.random.randrange(period)}:")
        kind = self.pick([INT, FLOAT, BOOL, PAIR])
        value = self.value(kind, 1)
        shapes = [f"print({', '.join(self.variables)}, {value})", f'tell("{self.counter}", {value})', f'print({value}, end=";")']
        self.emit(indent + 1, self.pick(shapes))

    def error(self, indent):
        if not self.kernel.has_errors:
            return self.keep(indent)
        i = self.pick(self.variables)
        condition = self.pick([f"{i} == bad", f"{i} == bad + {self.random.randint(-9, 9)}", f"abs({i} - bad) < 5"])
        self.pick([self.raising, self.asserting, self.failing, self.failing_call])(indent, condition, i)

    def raising(self, indent, condition, i):
        name = self.pick(["ValueError", "RuntimeError", "OverflowError", "IndexError"])
        self.emit(indent, f"if {condition}:")
        self.emit(indent + 1, self.pick([f'raise {name}(f"at {{{i}}}")', f"raise {name}"]))

    def asserting(self, indent, condition, i):
        self.emit(indent, self.pick([f"assert not ({condition})", f'assert not ({condition}), f"fails at {{{i}}}"']))

    def failing(self, indent, condition, i):
        texts = [(INT, f"{self.small(1, 100)[0]} {self.pick(['//', '%'])} (0 if {condition} else 3)"),
                 (FLOAT, f"{self.floating(1)} / (0.0 if {condition} else 1.5)"),
                 (FLOAT, f"math.sqrt(-1.0 if {condition} else 2.0)"), (FLOAT, f"math.exp(1000.0 if {condition} else 2.0)")]
        index = self.pick(["9999999", "-9999999", f"{i} + 100000"])
        texts += [(FLOAT, f"float({self.pick(self.scope.array_names(FLOAT))}[{index} if {condition} else 0])")] * 2
        self.private(indent, *self.pick(texts))

    def failing_call(self, indent, condition, i):
        self.private(indent, INT, f"check({i}, bad)")

    # ---- control flow in an iteration ----

    def actions(self, indent, count):
        for _ in range(count):
            self.action(indent)

    def action(self, indent):
        self.chance_of((5, self.accumulate), (2, self.position), (4, self.own_elements), (4, self.scatter), (4, self.keep),
                       (1, self.keep_array), (1, self.keep_text), (1, self.keep_array_in_tuple), (2, self.last_value),
                       (1, self.value_from_before), (1, self.sum_of_its_own), (2, self.draw if self.draws else self.keep),
                       (1, self.output), (2, self.error), (3, self.branching), (2, self.inner_loop), (1, self.skip),
                       (1, self.call_of_sum), (2, self.inner_parallel_loop), (2, self.searched), (2, self.counted_while),
                       (2, self.rebound), (2, self.own_by_calls), (2, self.own_slice), (1, self.wrapping))(indent)

    def branching(self, indent):
        if self.serial_depth > 2:
            return self.keep(indent)
        condition = self.pick([self.boolean(2), f"{self.variables[-1]} % 3 == 1"])
        self.emit(indent, f"if {condition}:")
        self.inside(lambda: self.actions(indent + 1, self.random.randint(1, 2)))
        if self.chance(0.4):
            self.emit(indent, "else:")
            self.inside(lambda: self.actions(indent + 1, self.random.randint(1, 2)))

    def spending(self, factor, write):
        self.budget //= factor
        write()
        self.budget *= factor

    def inner_loop(self, indent):
        if self.budget < 4 or self.serial_depth > 2:
            return self.keep(indent)
        if self.chance(0.4):
            return self.pick([self.inner_while, self.over_values])(indent)
        j = self.fresh("j")
        self.emit(indent, f"for {j} in {self.pick(['range(3)', 'range(w % 4)', 'range(1, 4)', 'range(2, -1, -1)'])}:")
        self.round_of_four(indent, [(INT, j)])

    def round_of_four(self, indent, variables):
        """The body of a serial loop that makes 4 rounds at most."""
        def write():
            for kind, name in variables:
                self.variable(kind, name)
            self.actions(indent + 1, self.random.randint(1, 2))
        self.spending(4, lambda: self.inside(write))

    def inner_while(self, indent):
        name = self.fresh("u")
        self.emit(indent, f"{name} = {self.small(1, LIMIT)[0]} % 4")
        self.emit(indent, f"while {name} > 0:")
        self.emit(indent + 1, f"{name} -= 1")
        self.round_of_four(indent, [])
        self.variable(INT, name)

    def over_values(self, indent):
        value, k, e = self.fresh("v"), self.fresh("k"), self.fresh("e")
        self.emit(indent, f"for {k}, {e} in enumerate(grid[:{self.pick(['3', 'w % 4'])}]):")
        self.emit(indent + 1, f"{value} = float({e})")
        self.round_of_four(indent, [(INT, k), (FLOAT, value)])

    def skip(self, indent):
        if self.serial_depth or len(self.variables) > 1:
            return self.keep(indent)
        self.emit(indent, f"if {self.boolean(2)}:")
        self.emit(indent + 1, "continue")
        self.may_skip = True

    def call_of_sum(self, indent):
        if not self.summing or self.budget < 40:
            return self.keep(indent)
        arguments = [self.pick(["3", "7", "w % 9", "20"]), self.pick(self.scope.array_names(FLOAT)), self.floating(1)]
        self.private(indent, FLOAT, f"{self.pick(self.summing)}({', '.join(arguments)})")

    def inner_parallel_loop(self, indent):
        """With work around it, or as long as the outer variable says."""
        if self.budget < 60 or len(self.variables) > 1 or self.serial_depth > 1:
            return self.keep(indent)
        i, j = self.variables[0], self.fresh("j")
        form = self.pick(["prange(w)", f"prange(abs({i}))", f"prange({i}, {i} + 4)", "prange(w, 0, -1)", "prange(5)"])
        self.emit(indent, f"for {j} in {form}:")
        self.spending(50, lambda: self.iteration(indent + 1, j))

    def iteration(self, indent, name):
        saved = self.serial_depth, self.may_skip
        self.scope = Scope(self.scope)
        self.variable(INT, name)
        self.variables.append(name)
        self.serial_depth, self.may_skip = 0, False
        self.actions(indent, self.random.randint(1, 4 if len(self.variables) > 1 else 6))
        self.variables.pop()
        self.scope = self.scope.outer
        self.serial_depth, self.may_skip = saved
