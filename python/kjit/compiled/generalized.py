"""@guvectorize: a kernel over some axes of its arrays becomes a function over arrays with more of them."""

import functools

from kjit import generalized
from kjit.compiled import pickling
from kjit.compiled.decorators import jit
from kjit.compiled.kernel import make_kernel
from kjit.compiled.signatures import argument_lists
from kjit.compiled.source import Source
from kjit.elementwise import check_target


def guvectorize(signatures, layout=None, *, target="cpu", **options):
    """@guvectorize(["void(float64[:], float64, float64[:])"], "(n),()->(n)"); without signatures: @guvectorize("(n),()->(n)"), and
    the results are passed."""
    check_target("guvectorize", target)
    if layout is None:
        signatures, layout = [], signatures

    def decorate(function):
        return Generalized(function, argument_lists(signatures), layout, target == "parallel", options)

    return decorate


class Generalized(pickling.ByNameOrState, generalized.Generalized):
    """With the loop over the axes in front compiled, too."""

    def __init__(self, function, signatures, layout, parallel, options):
        declared = [tuple(texts) for texts in signatures]
        super().__init__(function, declared, layout)
        options = {name: value for name, value in options.items() if name not in ("nopython", "writable_args")}
        self.__setstate__((jit(**options)(function), declared, layout, parallel, options))
        for texts in declared:
            self._kernel._specialise(tuple(_as_called(text, axes) for text, axes in zip(texts, self.inputs + self.outputs)))

    def __getstate__(self):
        return self._kernel, self._declared, self.signature, self._parallel, self._options

    def __setstate__(self, state):
        self._kernel, declared, layout, self._parallel, self._options = state
        functools.update_wrapper(self, self._kernel, updated=())
        self.py_func = self._kernel.py_func
        self.begin(declared, layout)

    def _make_loop(self, forms):
        moving = [k for k, (moves, _) in enumerate(forms) if moves]
        if not moving:
            return self._kernel
        names = [f"x{k}" for k in range(self.nin + self.nout)]
        parts = [name if not moves else f"{name}[i]" if index else f"{name}[i:i + 1]" for name, (moves, index) in zip(names, forms)]
        loop = "prange" if self._parallel else "range"
        lines = [f"def loop({', '.join(names)}):\n", f"    for i in {loop}({names[moving[0]]}.shape[0]):\n", f"        kernel({', '.join(parts)})\n"]
        from kjit import prange
        variables = {"kernel": self._kernel, "prange": prange, "__name__": self.__module__}
        exec("".join(lines), variables)
        options = dict(self._options, parallel=self._parallel)
        return make_kernel(variables["loop"], options, Source(lines, 1, f"<guvectorize of {self.__name__}>"))


def _as_called(text, axes):
    """Results are views of rows; numbers that are declared as arrays have one element."""
    if "[" not in text:
        return text
    return text.partition("[")[0] + ("[" + ", ".join([":"] * (len(axes) - 1) + ["::1"]) + "]" if axes else "[::1]")
