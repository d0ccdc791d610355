"""Questions to the results that more than one report asks. All of them are functions of the dictionary that results.json holds."""

import dataclasses

from . import stats
from .contestants import CONTESTANTS

ORDER = [contestant.name for contestant in CONTESTANTS]

COMPILERS = ("kjit", "kjit parallel", "Numba", "Numba parallel", "Pythran", "C++", "JAX", "Taichi", "Mojo", "PyPy", "LuaJIT")
# kjit's contestant -> the peers that do the same thing with the same freedom.
RIVALS = {
    "kjit": ("Numba", "Pythran", "C++", "LuaJIT", "Mojo", "PyPy", "NumPy"),
    "kjit parallel": ("Numba parallel", "C++ OpenMP", "Taichi", "JAX", "numexpr", "Dask", "joblib"),
    "kjit fastmath": ("Numba fastmath", "C++ -ffast-math"),
}




@dataclasses.dataclass(frozen=True)
class Loss:
    kernel: str
    ours: str
    our_seconds: float
    peer: str
    peer_seconds: float
    certain: bool  # the intervals do not meet

    @property
    def factor(self):
        return self.our_seconds / self.peer_seconds


def contestants(results):
    """Names in the order of the harness' table, without the runs on fewer threads."""
    seen = {name for row in results["kernels"].values() for name in row["cells"] if " @" not in name}
    return [name for name in ORDER if name in seen] + sorted(seen - set(ORDER))


def scaling(results, name):
    """{kernel: {threads: speed-up over one thread}} of a contestant that was run on several counts."""
    curves = {}
    for kernel, row in results["kernels"].items():
        points = {cell["threads"]: cell["wall"]["median"] for other, cell in row["cells"].items()
                  if cell["status"] == "ok" and other.split(" @")[0] == name}
        if 1 in points and len(points) > 1:
            curves[kernel] = {threads: points[1] / seconds for threads, seconds in sorted(points.items())}
    return curves


def ok(cells, name):
    cell = cells.get(name)
    return cell if cell and cell["status"] == "ok" else None


def estimate(cell):
    return stats.Estimate(**cell["wall"])


def seconds_text(seconds):
    if seconds is None:
        return ""
    for unit, factor in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= factor:
            return f"{seconds / factor:.3g} {unit}" if seconds / factor < 1000 else f"{seconds / factor:.0f} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def calls_text(calls):
    return "never" if calls is None else "1 call" if calls == 1 else f"{calls:,} calls"


def cell_text(cell):
    if cell is None:
        return ""
    if cell["status"] == "missing":
        return "-"
    if cell["status"] != "ok":
        return f"**{cell['status']}**"
    width = estimate(cell).relative_width()
    marks = "~" if cell["disturbed"] else ""
    marks += " (loop removed)" if cell.get("removed_loop") else ""
    marks += " (clock not waited for)" if cell.get("asynchronous") else ""
    return f"{seconds_text(cell['wall']['median'])}" + (f" ±{100 * width:.0f} %" if width < 10 else "") + marks


def losses(results):
    """Where a peer is faster, the worst first."""
    found = []
    for kernel, row in results["kernels"].items():
        for ours, rivals in RIVALS.items():
            mine = ok(row["cells"], ours)
            for peer in rivals if mine else ():
                theirs = ok(row["cells"], peer)
                if theirs and theirs["wall"]["median"] < mine["wall"]["median"]:
                    certain = not stats.overlap(estimate(mine), estimate(theirs))
                    found.append(Loss(kernel, ours, mine["wall"]["median"], peer, theirs["wall"]["median"], certain))
    return sorted(found, key=lambda loss: -loss.factor)


def break_even(cells, name, baseline="CPython"):
    """Calls after which `name` has paid for itself, from the start of both processes on; None: never, or nothing to compare with."""
    base, mine = ok(cells, baseline), ok(cells, name)
    if not base or not mine:
        return None
    steady = mine["wall"]["median"]
    first = mine["process_s"] + mine["build_s"] - (base["process_s"] - base["first_s"])
    return stats.break_even_calls(base["wall"]["median"], first, steady)


def speedups(results, baseline):
    """{kernel: {contestant: factor over the baseline}}"""
    factors = {}
    for kernel, row in results["kernels"].items():
        base = ok(row["cells"], baseline)
        if base:
            factors[kernel] = {name: base["wall"]["median"] / cell["wall"]["median"] for name, cell in row["cells"].items()
                               if cell["status"] == "ok"}
    return factors


def roofline_fraction(results, kernel, name):
    """(what bounds the kernel, its share of that bound): "memory" or "arithmetic"; None if the case does not say its work."""
    row = results["kernels"][kernel]
    cell = ok(row["cells"], name)
    if not cell or not row["flops"] or not row["bytes"]:
        return None
    peak = results["peak"]
    flops, bandwidth = peak["flops"] * cell["threads"], peak["bytes"] * cell["threads"]
    bound = max(row["flops"] / flops, row["bytes"] / bandwidth)
    kind = "memory" if row["bytes"] / bandwidth >= row["flops"] / flops else "arithmetic"
    return kind, bound / cell["wall"]["median"]


def agreement(one, other):
    """(cells whose intervals meet, cells that both runs have, those that do not meet) of two runs."""
    apart, count = [], 0
    for kernel, row in one["kernels"].items():
        for name, cell in row["cells"].items():
            again = ok(other["kernels"].get(kernel, {"cells": {}})["cells"], name)
            if cell["status"] == "ok" and again:
                count += 1
                if not stats.overlap(estimate(cell), estimate(again)):
                    apart.append((kernel, name, again["wall"]["median"] / cell["wall"]["median"]))
    return count - len(apart), count, apart


def summary(results):
    """(text, geometric mean) of what a reader asks first. A loop that became a closed form would outweigh all others: it is left out."""
    asked = [("kjit over CPython, serial", "CPython", "kjit"), ("kjit over NumPy, serial", "NumPy", "kjit"),
             ("kjit over PyPy, serial", "PyPy", "kjit"), ("kjit over Numba, serial", "Numba", "kjit"),
             ("kjit over Numba, parallel", "Numba parallel", "kjit parallel"), ("kjit over C++ -O3, serial", "C++", "kjit"),
             ("kjit over C++ OpenMP", "C++ OpenMP", "kjit parallel")]
    found = []
    for text, baseline, name in asked:
        factors = [row[name] for kernel, row in speedups(results, baseline).items()
                   if name in row and not results["kernels"][kernel]["cells"][name].get("removed_loop")]
        if factors:
            found.append((f"{text} ({len(factors)} kernels)", stats.geometric_mean(factors)))
    return found
