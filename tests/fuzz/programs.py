"""Random kernel files whose meaning is fixed: make_program(number) is the entry.

Each expression comes with a bound on its magnitude, so that no integer leaves 64 bits, where kjit wraps and Python does not.
Variables keep one type, indices are reduced to the length, and elements are read through int() or float(), as NumPy's scalars
have rules of their own for division by zero. Some divisions may still fail: then both sides must fail in the same way.
"""

import random

LIMIT = 2**40  # of what an integer variable may hold
TOP = 2**62    # of what an integer expression may reach
INT, FLOAT, BOOL, PAIR = "int", "float", "bool", "pair"


class Function:
    def __init__(self, name, parameters, result):
        self.name, self.parameters, self.result = name, parameters, result


class Scope:
    """Names of one function, by type, and whether they may be assigned."""

    def __init__(self, outer=None):
        self.outer = outer
        self.values = {INT: [], FLOAT: [], BOOL: [], PAIR: []}
        self.fixed = set()
        self.arrays = {INT: [], FLOAT: []}

    def names(self, kind):
        return self.values[kind] + (self.outer.names(kind) if self.outer else [])

    def array_names(self, kind):
        return self.arrays[kind] + (self.outer.array_names(kind) if self.outer else [])

    def assignable(self, kind):
        return [name for name in self.values[kind] if name not in self.fixed]


class Generator:
    def __init__(self, number):
        self.random = random.Random(number)
        self.lines = []
        self.functions = []
        self.counter = 0
        self.scope = Scope()
        self.loops = 0
        self.cost = 1  # how often the present place runs, at most
        self.result = None

    # ---- helpers ----

    def fresh(self, prefix):
        self.counter += 1
        return f"{prefix}{self.counter}"

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, items):
        return self.random.choice(items)

    def emit(self, indent, text):
        self.lines.append("    " * indent + text)

    # ---- integers: (text, bound) ----

    def integer(self, depth):
        text, bound = self.integer_leaf() if depth <= 0 or self.chance(0.2) else self.integer_node(depth - 1)
        if bound >= TOP:
            raise AssertionError("an integer expression is out of bounds")
        return text, bound

    def small(self, depth, limit):
        text, bound = self.integer(depth)
        if bound < limit:
            return text, bound
        return f"({text} % {limit - 1})", limit

    def integer_leaf(self):
        names = self.scope.names(INT)
        if names and self.chance(0.65):
            return self.pick(names), LIMIT
        value = self.pick([0, 1, -1, 2, 3, 7, 10, 255, -256, 1000, self.random.randint(-100, 100), self.random.randint(-10**6, 10**6)])
        return (str(value) if value >= 0 else f"({value})"), abs(value)

    def integer_node(self, depth):
        return self.pick([self.sum_of, self.sum_of, self.product, self.divided, self.bits, self.unary, self.choice_of_ints, self.call_of_int,
                          self.element_of_int, self.builtin_of_int, self.int_of_float, self.shifted, self.bool_as_int, self.part_of_pair])(depth)

    def sum_of(self, depth):
        left, a = self.small(depth, 2**60)
        right, b = self.small(depth, 2**60)
        return f"({left} {self.pick('+-')} {right})", a + b

    def product(self, depth):
        left, a = self.small(depth, 2**30)
        right, b = self.small(depth, 2**30)
        return f"({left} * {right})", max(a * b, 1)

    def divisor(self, depth):
        text, bound = self.integer(depth)
        if self.chance(0.03):
            return text, bound
        return f"({text} or {self.pick([1, -1, 3, -7])})", max(bound, 7)

    def divided(self, depth):
        left, a = self.small(depth, 2**60)
        right, b = self.divisor(depth)
        if self.chance(0.5):
            return f"({left} // {right})", a + 1
        return f"({left} % {right})", b

    def bits(self, depth):
        left, a = self.small(depth, 2**60)
        right, b = self.small(depth, 2**60)
        return f"({left} {self.pick('&|^')} {right})", 2 * max(a, b) + 2

    def shifted(self, depth):
        left, a = self.small(depth, 2**40)
        count = self.random.randint(0, 18)
        if self.chance(0.5):
            return f"({left} << {count})", a * 2**count
        right, _ = self.small(depth, 2**20)
        return f"({left} >> ({right} & {self.pick([3, 31, 127])}))", a + 1

    def unary(self, depth):
        text, bound = self.small(depth, 2**60)
        return (f"(-{text})", bound) if self.chance(0.5) else (f"(~{text})", bound + 1)

    def choice_of_ints(self, depth):
        left, a = self.integer(depth)
        right, b = self.integer(depth)
        if self.chance(0.3):
            return f"({left} {self.pick(['and', 'or'])} {right})", max(a, b)
        return f"({left} if {self.boolean(depth)} else {right})", max(a, b)

    def builtin_of_int(self, depth):
        left, a = self.small(depth, 2**60)
        right, b = self.small(depth, 2**60)
        power, c = self.small(depth, 2**8)
        return self.pick([(f"abs({left})", a), (f"min({left}, {right})", max(a, b)), (f"max({left}, {right}, 5)", max(a, b, 5)),
                          (f"{power} ** {self.random.randint(0, 6)}", max(c, 1) ** 6), (f"round({left})", a),
                          (f"divmod({left}, {self.pick([3, -4, 10])})[{self.pick([0, 1])}]", a + 11), (f"int({left})", a),
                          (f"(({left} + {right}) * 2 - ({right} - 1))", 3 * (a + b) + 8)][: 7 if max(a, b) > 2**58 else 8])

    def int_of_float(self, depth):
        text = self.floating(depth)
        name = self.pick(["int", "round", "math.floor", "math.ceil"])
        return f"{name}(bounded({text}))", 2**31

    def bool_as_int(self, depth):
        text, bound = self.small(depth, 2**40)
        return f"({text} + {self.boolean(depth)})", bound + 1

    def part_of_pair(self, depth):
        names = self.scope.names(PAIR)
        return (f"{self.pick(names)}[{self.pick([0, -2])}]", LIMIT) if names else self.integer(depth)

    def element_of_int(self, depth):
        names = self.scope.array_names(INT)
        if not names:
            return self.integer(depth)
        return f"int({self.element(self.pick(names), depth)})", 2**31

    def element(self, array, depth):
        text, _ = self.integer(depth)
        if self.chance(0.3):
            return f"{array}[-1 - {text} % len({array})]"
        return f"{array}[{text} % len({array})]"

    def call_of_int(self, depth):
        return self.call(INT, depth) or self.integer(depth)

    def call(self, kind, depth):
        functions = [function for function in self.functions if function.result == kind]
        if not functions or self.cost > 30:
            return None
        function = self.pick(functions)
        arguments = [self.argument(parameter, depth) for parameter in function.parameters]
        if arguments and self.chance(0.2):
            arguments[-1] = f"{function.parameters[-1][0]}={arguments[-1]}"
        text = f"{function.name}({', '.join(arguments)})"
        return (text, LIMIT) if kind == INT else text

    def argument(self, parameter, depth):
        _, kind = parameter
        if kind == INT:
            return self.small(depth, LIMIT)[0]
        if kind == FLOAT:
            return self.floating(depth)
        if kind == BOOL:
            return self.boolean(depth)
        if kind == PAIR:
            return self.pair(depth)
        names = self.scope.array_names(kind[1])
        return self.pick(names) if names else f"np.ones(3, dtype=np.{'int64' if kind[1] == INT else 'float64'})"

    # ---- floats ----

    def floating(self, depth):
        if depth <= 0 or self.chance(0.2):
            names = self.scope.names(FLOAT)
            if names and self.chance(0.7):
                return self.pick(names)
            return self.pick(["0.0", "1.0", "0.5", "(-2.5)", "1e-3", "3.25", "1e10", "(-0.0)", str(round(self.random.uniform(-50, 50), 3)).join("()")])
        return self.pick([self.float_arithmetic, self.float_arithmetic, self.true_division, self.float_choice, self.float_function, self.float_element,
                          self.mixed, self.float_call, self.float_floor, self.float_of_pair])(depth - 1)

    def float_arithmetic(self, depth):
        return f"({self.floating(depth)} {self.pick('+-*')} {self.floating(depth)})"

    def true_division(self, depth):
        if self.chance(0.5):
            return f"({self.small(depth, 2**50)[0]} / {self.divisor(depth)[0]})"
        return f"({self.floating(depth)} / ({self.floating(depth)} or 1.5))"

    def float_floor(self, depth):
        return f"({self.floating(depth)} {self.pick(['//', '%'])} ({self.floating(depth)} or {self.pick(['0.75', '-3.0'])}))"

    def float_choice(self, depth):
        left, right = self.floating(depth), self.floating(depth)
        if self.chance(0.3):
            return f"({left} {self.pick(['and', 'or'])} {right})"
        return f"({left} if {self.boolean(depth)} else {right})"

    def float_function(self, depth):
        x, y = self.floating(depth), self.floating(depth)
        return self.pick([f"math.sqrt(abs({x}))", f"math.sin(bounded({x}))", f"math.cos(bounded({x}))", f"abs({x})", f"min({x}, {y})", f"max({x}, {y})",
                          f"(-{x})", f"math.exp(-abs(bounded({x})) / 1e3)", f"math.atan2({x}, {y})", f"bounded({x}) ** 3", f"round(bounded({x}), 2)",
                          f"math.fabs({x})", f"math.copysign({x}, {y})", f"float({self.small(depth, 2**50)[0]})"])

    def float_element(self, depth):
        names = self.scope.array_names(FLOAT)
        return f"float({self.element(self.pick(names), depth)})" if names else self.floating(depth)

    def mixed(self, depth):
        sides = [self.small(depth, 2**50)[0], self.floating(depth)]
        self.random.shuffle(sides)
        return f"({sides[0]} {self.pick('+-*')} {sides[1]})"

    def float_call(self, depth):
        return self.call(FLOAT, depth) or self.floating(depth)

    def float_of_pair(self, depth):
        names = self.scope.names(PAIR)
        return f"{self.pick(names)}[1]" if names else self.floating(depth)

    # ---- truth values and pairs ----

    def boolean(self, depth):
        names = self.scope.names(BOOL)
        if depth <= 0 or self.chance(0.1):
            return self.pick(names) if names and self.chance(0.6) else self.pick(["True", "False"])
        depth -= 1
        ordered = ["<", "<=", ">", ">=", "==", "!="]
        return self.pick([
            lambda: f"({self.integer(depth)[0]} {self.pick(ordered)} {self.integer(depth)[0]})",
            lambda: f"({self.floating(depth)} {self.pick(ordered)} {self.floating(depth)})",
            lambda: f"({self.integer(depth)[0]} {self.pick(ordered)} {self.floating(depth)})",
            lambda: f"({self.integer(depth)[0]} {self.pick(ordered)} {self.integer(depth)[0]} {self.pick(ordered)} {self.integer(depth)[0]})",
            lambda: f"({self.boolean(depth)} {self.pick(['and', 'or', '==', '!=', '^', '&', '|'])} {self.boolean(depth)})",
            lambda: f"(not {self.pick([self.boolean(depth), self.integer(depth)[0], self.floating(depth)])})",
            lambda: f"({self.integer(depth)[0]} in ({self.integer(0)[0]}, {self.integer(0)[0]}, 0))",
            lambda: f"bool({self.pick([self.integer(depth)[0], self.floating(depth)])})",
            lambda: f"({self.boolean(depth)} if {self.boolean(depth)} else {self.boolean(depth)})",
            lambda: self.call(BOOL, depth) or self.boolean(depth),
        ])()

    def pair(self, depth):
        names = self.scope.names(PAIR)
        if names and self.chance(0.3):
            return self.pick(names)
        made = self.call(PAIR, depth) if self.chance(0.3) else None
        return made or f"({self.small(depth, LIMIT)[0]}, {self.floating(depth)})"

    def value(self, kind, depth):
        if kind == INT:
            return self.small(depth, LIMIT)[0]
        return {FLOAT: self.floating, BOOL: self.boolean, PAIR: self.pair}[kind](depth)

    # ---- statements ----

    def block(self, indent, count):
        for _ in range(count):
            self.statement(indent)

    def statement(self, indent):
        simple = [self.assign, self.assign, self.augment, self.show, self.store, self.unpack, self.swap, self.early_exit]
        compound = [self.branch, self.count_up, self.over_array, self.count_down]
        if indent < 5 and self.cost < 200 and self.chance(0.35):
            self.pick(compound)(indent)
        else:
            self.pick(simple)(indent)

    def assign(self, indent):
        kind = self.pick([INT, INT, FLOAT, FLOAT, BOOL, PAIR])
        names = self.scope.assignable(kind)
        if names:
            self.emit(indent, f"{self.pick(names)} = {self.value(kind, 3)}")
        else:
            self.augment(indent)

    def augment(self, indent):
        names = self.scope.assignable(FLOAT)
        if names and self.chance(0.5):
            self.emit(indent, f"{self.pick(names)} {self.pick(['+=', '-=', '*='])} {self.floating(2)}")
            return
        names = self.scope.assignable(INT)
        if not names:
            return self.show(indent)
        name = self.pick(names)
        self.emit(indent, f"{name} {self.pick(['+=', '-=', '^='])} {self.small(2, 2**40)[0]}")
        self.emit(indent, f"{name} %= {LIMIT - 1}")

    def show(self, indent):
        if self.cost > 60:
            return self.emit(indent, "pass")
        kind = self.pick([INT, FLOAT, BOOL, PAIR])
        value = self.value(kind, 3)
        shapes = [f"print({value})", f"print({self.counter}, {value}, sep=':')"]
        if kind == INT:
            shapes.append(f'print(f"{{{value}:>8}}|")')
        if kind == FLOAT:
            shapes.append(f'print(f"{{{value}:.3f}}", end=";")')
        self.emit(indent, self.pick(shapes))

    def store(self, indent):
        kind = self.pick([INT, FLOAT])
        names = self.scope.array_names(kind)
        if not names:
            return self.assign(indent)
        array = self.pick(names)
        value = self.small(2, 2**31)[0] if kind == INT else self.floating(2)
        if kind == FLOAT and self.chance(0.3):
            self.emit(indent, f"{self.element(array, 1)} {self.pick(['+=', '-=', '*='])} bounded({value})")
        else:
            self.emit(indent, f"{self.element(array, 1)} = {value}")

    def unpack(self, indent):
        ints, floats = self.scope.assignable(INT), self.scope.assignable(FLOAT)
        if not ints or not floats:
            return self.show(indent)
        self.emit(indent, f"{self.pick(ints)}, {self.pick(floats)} = {self.pair(2)}")

    def swap(self, indent):
        kind = self.pick([INT, FLOAT])
        names = self.scope.assignable(kind)
        if len(names) < 2:
            return self.assign(indent)
        first, second = self.random.sample(names, 2)
        self.emit(indent, f"{first}, {second} = {self.pick([second, self.value(kind, 2)])}, {first}")

    def early_exit(self, indent):
        if self.loops and self.chance(0.7):
            self.emit(indent, f"if {self.boolean(2)}:")
            self.emit(indent + 1, self.pick(["break", "continue"]))
        elif self.result and self.chance(0.4):
            self.emit(indent, f"if {self.boolean(2)}:")
            self.emit(indent + 1, f"return {self.value(self.result, 2)}")
        else:
            self.assign(indent)

    def branch(self, indent):
        self.emit(indent, f"if {self.boolean(3)}:")
        self.block(indent + 1, self.random.randint(1, 3))
        if self.chance(0.3):
            self.emit(indent, f"elif {self.boolean(2)}:")
            self.block(indent + 1, self.random.randint(1, 2))
        if self.chance(0.6):
            self.emit(indent, "else:")
            self.block(indent + 1, self.random.randint(1, 3))

    def loop_body(self, indent, trips, variables):
        cost, self.cost = self.cost, self.cost * trips
        self.loops += 1
        for kind, name in variables:
            self.scope.values[kind].append(name)
            self.scope.fixed.add(name)
        self.block(indent + 1, self.random.randint(1, 4))
        for kind, name in variables:
            self.scope.values[kind].remove(name)
        self.loops -= 1
        self.cost = cost
        if self.chance(0.2):
            self.emit(indent, "else:")
            self.block(indent + 1, 1)

    def count_up(self, indent):
        name = self.fresh("i")
        trips = self.random.randint(0, 7)
        start = self.pick([0, 0, self.random.randint(-5, 5)])
        step = self.pick([1, 1, 2, -1, -3])
        stop = start + step * trips
        form = f"range({stop})" if start == 0 and step == 1 else f"range({start}, {stop}, {step})"
        if self.chance(0.3):
            text, _ = self.integer(1)
            form = f"range({text} % {trips + 1})"
        if self.chance(0.15):
            form = f"reversed({form})"
        self.emit(indent, f"for {name} in {form}:")
        self.loop_body(indent, max(trips, 1), [(INT, name)])

    def over_array(self, indent):
        kind = self.pick([INT, FLOAT])
        names = self.scope.array_names(kind)
        if not names:
            return self.count_up(indent)
        array, index, item = self.pick(names), self.fresh("k"), self.fresh("e")
        convert = "int" if kind == INT else "float"
        other = self.pick(names)
        form = self.pick([f"for {index}, {item} in enumerate({array}):", f"for {index}, ({item}, _) in enumerate(zip({array}, {other})):",
                          f"for {index}, {item} in zip(range(1, 50), reversed({array})):"])
        self.emit(indent, form)
        value = self.fresh("v")
        self.emit(indent + 1, f"{value} = {convert}({item})")
        self.loop_body(indent, 6, [(INT, index), (kind, value)])

    def count_down(self, indent):
        name = self.fresh("w")
        trips = self.random.randint(1, 6)
        self.emit(indent, f"{name} = {trips}")
        self.emit(indent, self.pick([f"while {name} > 0:", f"while {name}:", f"while 0 < {name} <= {trips}:"]))
        self.emit(indent + 1, f"{name} -= 1")
        self.loop_body(indent, trips, [(INT, name)])

    # ---- functions and the file ----

    def declare(self, indent, count):
        """Variables of every type, with their first values."""
        kinds = [INT, FLOAT, INT, FLOAT, BOOL, PAIR]
        for i in range(count):
            kind = kinds[i % len(kinds)]
            name = self.fresh({INT: "n", FLOAT: "x", BOOL: "b", PAIR: "p"}[kind])
            self.emit(indent, f"{name} = {self.value(kind, 1)}")
            self.scope.values[kind].append(name)
        for kind in (INT, FLOAT):
            if self.chance(0.4):
                self.new_array(indent, kind)

    def new_array(self, indent, kind):
        name = self.fresh("a")
        dtype = "np.int64" if kind == INT else "np.float64"
        values = ", ".join(self.small(0, 2**31)[0] if kind == INT else self.floating(0) for _ in range(self.random.randint(1, 5)))
        length = self.random.randint(1, 6)
        self.emit(indent, f"{name} = " + self.pick([f"np.array([{values}], dtype={dtype})", f"np.zeros({length}, dtype={dtype})",
                                                   f"np.full({length}, {self.small(0, 2**31)[0] if kind == INT else self.floating(0)}, dtype={dtype})"]))
        self.scope.arrays[kind].append(name)

    def function(self, indent):
        name = self.fresh("f")
        parameters = [(self.fresh("q"), self.pick([INT, INT, FLOAT, FLOAT, BOOL, PAIR, ("array", INT), ("array", FLOAT)]))
                      for _ in range(self.random.randint(0, 4))]
        result = self.pick([INT, FLOAT, BOOL, PAIR])
        self.emit(indent, f"def {name}({', '.join(parameter for parameter, _ in parameters)}):")
        saved = self.scope, self.loops, self.result, self.cost
        self.scope, self.loops, self.result = Scope(self.scope), 0, result
        self.cost = 20  # it may be called in a loop
        for parameter, kind in parameters:
            (self.scope.arrays[kind[1]] if isinstance(kind, tuple) else self.scope.values[kind]).append(parameter)
        self.scope.fixed.update(parameter for parameter, _ in parameters if self.chance(0.5))
        functions = list(self.functions)
        self.declare(indent + 1, self.random.randint(2, 5))
        if indent == 0 and self.chance(0.3):
            self.function(indent + 1)
        self.block(indent + 1, self.random.randint(2, 6))
        self.emit(indent + 1, f"return {self.value(result, 3)}")
        self.functions = functions
        self.scope, self.loops, self.result, self.cost = saved
        self.functions.append(Function(name, parameters, result))

    def recursive(self):
        name = self.fresh("r")
        depth, value = self.fresh("q"), self.fresh("q")
        self.scope = Scope(self.scope)
        self.scope.values[INT] += [depth, value]
        self.emit(0, f"def {name}({depth}, {value}):")
        self.emit(1, f"if {depth} <= 0:")
        self.emit(2, f"return {self.small(2, LIMIT)[0]}")
        self.emit(1, f"return ({name}({depth} - 1, {self.small(2, LIMIT)[0]}) + {self.small(1, LIMIT)[0]}) % {LIMIT - 1}")
        self.scope = self.scope.outer
        wrapper, argument = self.fresh("f"), self.fresh("q")
        self.emit(0, f"def {wrapper}({argument}):")
        self.emit(1, f"return {name}({argument} % 5, {argument})")
        self.functions.append(Function(wrapper, [(argument, INT)], INT))

    def program(self):
        self.emit(0, "import math")
        self.emit(0, "import numpy as np")
        self.emit(0, "def bounded(x):")
        self.emit(1, "return x if -1e9 < x < 1e9 else 0.5")
        self.declare(0, self.random.randint(0, 6))
        for _ in range(self.random.randint(1, 4)):
            self.function(0) if self.chance(0.8) else self.recursive()
        self.declare(0, 4)
        self.block(0, self.random.randint(4, 10))
        for function in self.functions:
            made = self.call(function.result, 2)
            self.emit(0, f"print({made[0] if function.result == INT else made})")
        for kind in (INT, FLOAT, BOOL, PAIR):
            for name in self.scope.values[kind]:
                self.emit(0, f"print({name})")
        for name in self.scope.arrays[INT] + self.scope.arrays[FLOAT]:
            self.emit(0, f"print({name}.sum(), {name})" if self.chance(0.5) else f"print({name})")
        return "\n".join(self.lines) + "\n"


def make_program(number):
    return Generator(number).program()
