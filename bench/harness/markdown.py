"""The results as Markdown tables."""

from . import views


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def steady_table(results):
    names = views.contestants(results)
    rows = [[f"`{kernel}`", *(views.cell_text(row["cells"].get(name)) for name in names)] for kernel, row in results["kernels"].items()]
    return table(["kernel", *names], rows)


def machine_lines(results):
    m = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    noise = results.get("noise", {})
    return [f"{m['date']}, {m['cpu']}, {m['cores']} cores, {m['memory_gb']} GB, governor {m['governor']}, {m['system']}, load at the start "
            f"{m['load'][0]:.1f}; kjit at {m['commit']}; preset `{results['preset']}`, {results['threads']} threads, {results.get('sittings', 1)} sittings.",
            f"Reference loop: {noise.get('disturbed', 0)} of {noise.get('checks', 0)} checks were disturbed (more than 10 % slow).",
            f"Versions: {versions}."]


def losses_lines(results):
    lines = [f"* `{loss.kernel}`: {loss.ours} {views.seconds_text(loss.our_seconds)}, {loss.peer} {views.seconds_text(loss.peer_seconds)}"
             f" ({loss.factor:.2f} times as fast){'' if loss.certain else ', within the noise'}" for loss in views.losses(results)]
    return lines or ["Nowhere, in this run."]


def first_table(results):
    rows = []
    for kernel, row in results["kernels"].items():
        for name, cell in row["cells"].items():
            if cell["status"] == "ok" and name in views.COMPILERS:
                pays = views.break_even(row["cells"], name)
                rows.append([f"`{kernel}`", name, views.seconds_text(cell["build_s"]) if cell["build_s"] else "",
                             views.seconds_text(cell["compile_s"]), views.seconds_text(cell["process_s"]),
                             views.seconds_text(cell["wall"]["median"]), views.calls_text(pays), f"{cell['peak_kb'] / 1024:.0f} MB"])
    return table(["kernel", "contestant", "ahead of time", "compile", "start to answer", "steady", "pays after", "peak memory"], rows)


def trouble_lines(results):
    return [f"* `{kernel}`, {name}: {cell['status']}: {cell['reason']}" for kernel, row in results["kernels"].items()
            for name, cell in row["cells"].items() if cell["status"] in ("wrong", "failed")]


def missing_lines(results):
    reasons = {(name, cell["reason"]) for row in results["kernels"].values() for name, cell in row["cells"].items()
               if cell["status"] == "missing"}
    return [f"* {name}: {reason}" for name, reason in sorted(reasons)]


def render(results):
    parts = ["# Benchmarks", *machine_lines(results),
             "## Steady state", "Median of one call with the half width of its 95 % interval, over sittings; `~` marks cells that were measured while the "
             "machine was disturbed.", steady_table(results),
             "## Where kjit loses", "\n".join(losses_lines(results)),
             "## First call", "`pays after`: calls after which all calls together are faster than CPython's, starting the process included.",
             first_table(results)]
    for title, lines in (("## Wrong answers and failures", trouble_lines(results)), ("## Left out", missing_lines(results))):
        if lines:
            parts += [title, "\n".join(lines)]
    return "\n\n".join(parts) + "\n"
