"""A benchmark of bench/suite: one folder with case.py, kernel.k, and the same kernel in other languages.

case.py is plain declarations; its docstring says what the case measures. Required: `SIZES` (full and quick), `inputs(n)` -> tuple of
numbers and NumPy arrays, `RESULT`: "f8" or "i8" for a returned number, else the index of the argument that the kernel fills. A kernel called
twice gives the same answer. Optional: `RTOL` for floats of contestants that add in another order; `flops(n)`, `bytes(n)`: the least
work, for the roofline and for the guard against loops that were removed; `RANDOM`: contestants draw numbers of their own; `FASTMATH`: there is
a form of it under fastmath;
`numpy_form`, `numexpr_form`, `jax_form`, `taichi_form`, `dask_form`, `joblib_form`.

kernel.k is written once, with `parallel=True` and prange where that is natural; the forms differ in their decorators only.
"""

import dataclasses
import importlib.util
import pathlib
import re
import types

SUITE = pathlib.Path(__file__).resolve().parent.parent / "suite"
DEFAULT_RTOL = 1e-9


@dataclasses.dataclass
class Case:
    name: str
    folder: pathlib.Path
    module: types.ModuleType
    size: int

    @property
    def result(self):
        return self.module.RESULT

    @property
    def rtol(self):
        return getattr(self.module, "RTOL", DEFAULT_RTOL)

    @property
    def random(self):
        return getattr(self.module, "RANDOM", False)

    @property
    def title(self):
        return (self.module.__doc__ or self.name).strip().splitlines()[0]

    def work(self, kind):
        """`kind` is "flops" or "bytes"; None if the case does not say."""
        count = getattr(self.module, kind, None)
        return count(self.size) if count else None

    def text(self):
        return (self.folder / "kernel.k").read_text(encoding="utf-8")

    def forms(self):
        """"serial" and what else there is of "parallel" and "fastmath"."""
        found = ["serial"]
        found += ["parallel"] if "parallel=True" in self.text() else []
        found += ["fastmath"] if getattr(self.module, "FASTMATH", False) else []
        return found

    def form_text(self, form):
        """kernel.k with the decorators of a form."""
        decorator = {"serial": "@njit", "parallel": "@njit(parallel=True)", "fastmath": "@njit(fastmath=True)"}[form]
        pattern = r"^@njit\(parallel=True\)$" if form != "fastmath" else r"^@njit(\(parallel=True\))?$"
        return re.sub(pattern, decorator, self.text(), flags=re.MULTILINE)

    def has_form(self, name):
        return hasattr(self.module, name + "_form")


def load_module(folder):
    spec = importlib.util.spec_from_file_location("case_" + folder.name, folder / "case.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_case(folder, preset):
    module = load_module(folder)
    return Case(folder.name, folder, module, module.SIZES[preset])


def load_cases(preset, wanted=None, suite=SUITE):
    """All folders of the suite, or those named in `wanted`; SystemExit names what does not exist."""
    names = sorted(folder.name for folder in suite.iterdir() if (folder / "case.py").is_file())
    unknown = sorted(set(wanted or ()) - set(names))
    if unknown:
        raise SystemExit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(names)}")
    return [load_case(suite / name, preset) for name in names if not wanted or name in wanted]
