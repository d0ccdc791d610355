"""Random programs with parallel loops that have one meaning: make_parallel_program(number) is the entry.

Expressions come from programs.py, with its bounds. What is special here is what an iteration may do (parallel_iterations.py): it
reads arrays that the loop does not write, writes elements of its own, accumulates in variables and arrays that it does not read
otherwise, and keeps the rest to itself. So each loop means the same in order and in parallel, and kjit has no reason to refuse
it.

What python/README.md names as a difference of the shim is not generated: float sums through views made in the loop or through
tuples, `+=` on elements of an iteration's own in other forms than a[c * i + d], nested ranges made from elements of tuples.
"""

from parallel_forms import DRAWS, HEADER, OPTIONS, RANGES
from parallel_iterations import IterationGenerator, Kernel
from programs import BOOL, FLOAT, INT, PAIR, Scope

NEVER = -10**6  # no iteration has this number
EDGE_SIZES = (0, 1, 2, 3, 17, 64, 1000, 1023, 1024, 1025, 2047, 2049, 3000, 5000)
SMALL_SIZES = (0, 1, 2, 5, 13, 30, 45)
RECTANGLES = ((0, 4), (3, 0), (1, 1), (2, 700), (31, 33), (32, 32), (45, 50), (1025, 2), (700, 4))
READ = ("table", "data", "grid")  # arrays that each kernel gets


class ParallelGenerator(IterationGenerator):
    """Writes loops, kernels and the script that calls them."""

    # ---- loops ----

    def range_text(self):
        return f"prange({self.chance_of(*RANGES)}{self.chance_of(*OPTIONS)})"

    def parallel_loop(self, is_nest):
        self.kernel.scatters.clear()
        i = self.fresh("i")
        is_read = self.chance(0.2)
        if is_read:
            self.kernel.before.append(f"{i} = -7")
        text = self.captured(lambda: self.nest_of(i) if is_nest else self.plain_loop(i))
        self.settle()
        return self.surrounded(text) + self.captured(lambda: self.behind(i, is_read))

    def settle(self):
        """The next loop may read what this one made."""
        if self.chance(0.5):
            return
        for accumulator in self.kernel.accumulators:
            kind = {FLOAT: FLOAT, "bound float": FLOAT, "sign": INT, BOOL: BOOL}.get(accumulator.operand)
            if kind:
                self.variable(kind, accumulator.name)
        self.kernel.accumulators.clear()
        self.scope.arrays[FLOAT] += [array.name for array in self.kernel.arrays if array.rank == 1 and array.dtype == "float64"]

    def plain_loop(self, i):
        self.emit(1, f"for {i} in {self.range_text()}:")
        self.iteration(2, i)

    def nest_of(self, i):
        """Loops that share one range, if nothing speaks against it."""
        j = self.fresh("j")
        self.emit(1, f"for {i} in {self.range_text()}:")
        self.emit(2, f"for {j} in prange({self.pick(['w', 'w', '1, w + 1', 'w, 0, -1', '0, w, 2'])}):")
        self.scope = Scope(self.scope)
        self.variable(INT, i)
        self.variables.append(i)
        self.iteration(3, j)
        self.variables.pop()
        self.scope = self.scope.outer

    def surrounded(self, loop):
        """The loop as it is, in a branch, or several times in a serial loop."""
        again = f"for {self.fresh('again')} in range({self.pick(['2', 'w % 3'])}):"
        around = self.chance_of((8, None), (1, "if flag:"), (1, again))
        return [f"    {around}", *("    " + line for line in loop)] if around else loop

    def behind(self, i, is_read):
        if is_read:
            self.emit(1, f"print({i})")
        if self.chance(0.25):
            self.emit(1, f"print({self.pick(DRAWS)[1]})")

    # ---- kernels ----

    def sum_function(self):
        """A parallel function that iterations of another one call."""
        name, i = self.fresh("sum"), self.fresh("i")
        self.scope = Scope()
        self.scope.values = {INT: [i, "n"], FLOAT: ["x"], BOOL: [], PAIR: []}
        self.scope.arrays[FLOAT].append("values")
        self.lines += ["", "", "@njit(parallel=True)", f"def {name}(n, values, x):", "    total = 0.0"]
        self.emit(1, f"for {i} in prange(n):")
        if self.chance(0.4):
            self.draw(2)
        if self.chance(0.2):
            self.emit(2, f"check({i}, n + {self.pick([1, 3, 50])})")
        self.emit(2, f"total += {self.floating(2)}")
        self.emit(1, "return total")
        self.summing.append(name)

    def some_sizes(self, is_nest):
        """Pairs (n, w), one for each call."""
        if is_nest:
            return self.random.sample(RECTANGLES, 2)
        return [(n, self.random.randint(0, 9)) for n in self.random.sample(self.pick([SMALL_SIZES, EDGE_SIZES]), 2)]

    def make_kernel(self):
        is_nest = self.chance(0.3)
        self.kernel = Kernel(self.some_sizes(is_nest), self.chance(0.3))
        self.budget = 20000 // max(max(n, 1) * (max(w, 1) if is_nest else 1) for n, w in self.kernel.sizes)
        self.draws = self.chance(0.3)
        name = self.fresh("kernel")
        self.scope = Scope()
        self.scope.values = {INT: ["n", "w"], FLOAT: ["x"], BOOL: ["flag"], PAIR: ["pair"]}
        self.scope.arrays = {INT: ["table"], FLOAT: ["data", "grid"]}
        loops = [self.parallel_loop(is_nest) for _ in range(self.pick([1, 1, 2]))]
        self.write_kernel(name, loops)
        self.write_calls(name)

    def write_kernel(self, name, loops):
        made_here = [array for array in self.kernel.arrays if not array.is_parameter]
        parameters = [*READ, *(array.name for array in self.kernel.arrays if array.is_parameter)]
        decorator = "@njit" if self.chance(0.05) else "@njit(parallel=True)"
        self.lines += ["", "", decorator, f"def {name}(n, w, bad, x, flag, pair, {', '.join(parameters)}):"]
        for line in [*(f"{array.name} = {array.made()}" for array in made_here), *self.kernel.before]:
            self.emit(1, line)
        for loop in loops:
            self.lines += loop
        for line in [*self.kernel.after, *map(self.shown, made_here)]:
            self.emit(1, line)

    def shown(self, array):
        return f"{'show' if array.rank == 1 else 'show_rows'}({array.name})"

    def write_calls(self, name):
        made = [array for array in self.kernel.arrays if array.is_parameter]
        self.lines += ["", ""]
        for number, (n, w) in enumerate(self.kernel.sizes):
            fails = self.kernel.has_errors and number + 1 == len(self.kernel.sizes)
            self.emit(0, f"n, w = {n}, {w}")
            for array in made:
                self.emit(0, f"{array.name} = {array.made()}")
            self.call_kernel(name, self.random.randint(0, max(n, w, 1)) if fails else NEVER, made)
            for array in made:
                self.emit(0, self.shown(array))

    def call_kernel(self, name, bad, made):
        values = [str(bad), self.pick(["0.5", "-1e3"]), self.pick(["True", "False"]), "(3, 0.25)"]
        arrays = [*map(self.shared(made), READ), *(self.doubled(array, made) for array in made)]
        self.emit(0, f"{name}(n, w, {', '.join(values + arrays)})")
        if self.chance(0.2):
            self.emit(0, "print(random.random())")

    def doubled(self, array, made):
        """Now and then two arrays that the kernel writes are one."""
        alike = [other.name for other in made if (other.shape, other.dtype) == (array.shape, array.dtype)]
        return self.pick(alike) if self.chance(0.12) else array.name

    def shared(self, made):
        """Now and then an array that is read is also one that the kernel writes, or shares memory with it."""
        def choose(name):
            dtype = "int64" if name == "table" else "float64"
            alike = [array.name for array in made if array.dtype == dtype and array.rank == 1 and array.start == "0"]
            if not alike or not self.chance(0.12):
                return name
            return self.pick(alike) + self.pick(["", "", "[::2]", "[1:]", "[::-1]"]) if self.kernel.most else self.pick(alike)
        return choose

    def program(self):
        self.lines += HEADER.splitlines()
        if self.chance(0.5):
            self.sum_function()
        self.lines += ["", ""]
        self.emit(0, f"random.seed({self.random.randint(0, 99)})")
        self.emit(0, f"table = np.random.randint(0, {self.pick([3, 50, 1000])}, {self.pick([5, 100])})")
        self.emit(0, f"data = np.random.uniform(-5.0, 5.0, {self.pick([1, 10, 500])})")
        self.emit(0, "grid = np.random.normal(0.0, 100.0, 37)")
        for _ in range(self.pick([1, 1, 2])):
            self.make_kernel()
        return "\n".join(self.lines) + "\n"


def make_parallel_program(number):
    return ParallelGenerator(number).program()
