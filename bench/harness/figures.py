"""The figures of the page, drawn with matplotlib as SVG; none where there is no matplotlib."""

import io
import re

from . import views

COLOURS = {"kjit": "#0b6e75", "kjit parallel": "#12a5ae", "Numba": "#c4572b", "Numba parallel": "#eb9a6c", "C++": "#4c5a73",
           "C++ OpenMP": "#93a0b8", "Pythran": "#7a4fa0", "JAX": "#b5912c", "PyPy": "#77804e", "LuaJIT": "#31508f", "Taichi": "#a03f6b",
           "Mojo": "#8a8a8a"}


def pyplot():
    try:
        import matplotlib
    except ImportError:
        return None
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "kjit", "font.size": 10, "axes.spines.top": False,
                         "axes.spines.right": False, "axes.grid": True, "grid.color": "#e6e9ee", "axes.edgecolor": "#8a94a3",
                         "legend.frameon": False, "legend.fontsize": 8})
    return plt


def svg(plt, figure):
    text = io.StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return re.sub(r"^.*?(?=<svg)", "", text.getvalue(), flags=re.DOTALL)


def axes(plt, x, y, size=(5.6, 4.0)):
    figure, ax = plt.subplots(figsize=size)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    return figure, ax


def scaling(plt, results):
    curves = {name: views.scaling(results, name) for name in ("kjit parallel", "Numba parallel", "C++ OpenMP")}
    if not any(curves.values()):
        return ""
    figure, ax = axes(plt, "threads", "times as fast as on one")
    for name, found in curves.items():
        for number, points in enumerate(found.values()):
            ax.plot(list(points), list(points.values()), "o-", color=COLOURS[name], alpha=0.55, markersize=3, label=name if number == 0 else None)
    most = results["threads"]
    ax.plot([1, most], [1, most], "--", color="#444444", label="ideal")
    ax.set_xticks(sorted({1, most} | {count for found in curves.values() for points in found.values() for count in points}))
    ax.legend()
    return svg(plt, figure)


def first_against_steady(plt, results):
    figure, ax = axes(plt, "steady call, s", "process start to first answer, s")
    for name in views.COMPILERS:
        found = [cell for row in results["kernels"].values() if (cell := views.ok(row["cells"], name))]
        if found:
            ax.scatter([cell["wall"]["median"] for cell in found], [cell["process_s"] + cell["build_s"] for cell in found], s=16,
                       color=COLOURS.get(name), label=name, alpha=0.85)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.legend(ncols=2)
    return svg(plt, figure)


def memory(plt, results):
    names = [name for name in views.contestants(results) if any(views.ok(row["cells"], name) for row in results["kernels"].values())]
    values = [[cell["peak_kb"] / 1024 for row in results["kernels"].values() if (cell := views.ok(row["cells"], name))] for name in names]
    figure, ax = axes(plt, "peak memory of the process, MB (one point a kernel)", "")
    for place, (name, found) in enumerate(zip(names, values)):
        ax.plot(found, [place] * len(found), "o", color=COLOURS.get(name, "#6b7686"), alpha=0.6, markersize=5)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlim(left=0)
    return svg(plt, figure)


def roofline(plt, results):
    figure, ax = axes(plt, "arithmetic intensity, operations a byte", "operations a second")
    peak = results["peak"]
    points = [(kernel, row["flops"] / row["bytes"], row) for kernel, row in results["kernels"].items() if row["flops"] and row["bytes"]]
    if not points:
        plt.close(figure)
        return ""
    low, high = min(x for _, x, _ in points) / 2, max(max(x for _, x, _ in points) * 2, 2 * peak["flops"] / peak["bytes"])
    for threads in sorted({1, results["threads"]}):
        ridge = peak["flops"] / peak["bytes"]
        ax.plot([low, ridge, high], [low * peak["bytes"] * threads, peak["flops"] * threads, peak["flops"] * threads], color="#444444",
                lw=1.2, ls="-" if threads == 1 else "--", label=f"{threads} thread{'s' if threads > 1 else ''}")
    for name in ("kjit", "kjit parallel"):
        found = [(x, row["flops"] / cell["wall"]["median"], kernel) for kernel, x, row in points if (cell := views.ok(row["cells"], name))]
        ax.scatter([x for x, _, _ in found], [y for _, y, _ in found], s=18, color=COLOURS[name], label=name, zorder=3)
        if name == "kjit":
            for x, y, kernel in found:
                ax.annotate(kernel, (x, y), fontsize=7, xytext=(3, 3), textcoords="offset points", color="#5b6675")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.legend()
    return svg(plt, figure)


def all_figures(results):
    """(SVG, caption) of each figure that the results have something for."""
    plt = pyplot()
    if plt is None:
        return []
    return [
        (scaling(plt, results), "Scaling: each line is a kernel; the broken line is the ideal."),
        (first_against_steady(plt, results), "First call against steady state; compiling ahead of time counts as part of the first call."),
        (roofline(plt, results), "Roofline: the least work that a kernel has to do over the time that kjit takes; peaks are measured, not "
                                 "the maker's. Points above a slope run from the caches."),
        (memory(plt, results), "Peak memory of a process that runs the kernel, its inputs and interpreter included."),
    ]
