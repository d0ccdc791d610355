"""The results as one HTML page that needs no network. Tables are HTML; figures (figures.py) are inlined SVG."""

import html
import math

from . import figures, markdown, views

STYLE = """
:root { --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --paper: #ffffff; --accent: #0b6e75; --bad: #a4262c; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 1.5rem clamp(0.8rem, 3vw, 2.5rem) 4rem; color: var(--ink); background: var(--paper);
       font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 0.3rem; } h2 { font-size: 1.2rem; margin: 2.4rem 0 0.4rem; border-bottom: 1px solid var(--line); }
p, li { max-width: 78ch; } .soft, .soft li { color: var(--soft); font-size: 0.86rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 0.6rem 0; }
table { border-collapse: collapse; font-size: 0.82rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
thead th { vertical-align: bottom; color: var(--soft); font-weight: 600; white-space: normal; max-width: 6rem; }
th:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); font-weight: 600; }
td.none { color: #9aa3af; } td.bad { color: var(--bad); font-weight: 600; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 1.2rem; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem; }
figure svg { width: 100%; height: auto; display: block; } figcaption { font-size: 0.84rem; color: var(--soft); }
.figures-of-merit { display: flex; flex-wrap: wrap; gap: 1rem 2.2rem; margin: 1rem 0; } .merit b { font-size: 1.5rem; color: var(--accent); display: block; }
.warning { border-left: 4px solid #c77700; padding: 0.4rem 0.8rem; background: #fff6e5; }
"""
# Factors over the baseline: slower is reddish, faster goes through pale to deep green; a step is a factor of about three.
SHADES = [(0.33, "#f3b7ae"), (0.95, "#f9dcd5"), (1.05, "#f4f4f2"), (3, "#e2f1e8"), (10, "#c0e3cf"), (30, "#93d0ae"), (100, "#5fb88a"),
          (300, "#2f9a69"), (math.inf, "#127a4b")]


def shade(factor):
    return next(colour for limit, colour in SHADES if factor < limit)


def tag(name, content, **attributes):
    text = "".join(f' {key.rstrip("_")}="{html.escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{text}>{content}</{name}>"


def table(head, rows):
    """`rows` of ready cells, the first of them a <th>."""
    top = tag("thead", tag("tr", "".join(tag("th", html.escape(name), scope="col") for name in head)))
    return tag("div", tag("table", top + tag("tbody", "".join(tag("tr", "".join(row)) for row in rows))), class_="scroll", tabindex="0")


def factor_text(factor):
    return f"{factor:.0f}x" if factor >= 10 else f"{factor:.1f}x" if factor >= 1 else f"{factor:.2f}x"


def heat_cell(cell, factor):
    if factor is None:
        bad = cell and cell["status"] in ("wrong", "failed")
        return tag("td", cell["status"] if bad else "", class_="bad" if bad else "none", title=cell["reason"] if cell else "")
    ink = "#ffffff" if factor >= 100 else "#1c2430"
    mark = "~" if cell["disturbed"] else ""
    return tag("td", factor_text(factor) + mark, style=f"background:{shade(factor)};color:{ink}",
               title=f"{views.seconds_text(cell['wall']['median'])} a call")


def heat_map(results, baseline):
    # kjit's own columns first: the table is wider than most windows.
    names = sorted((name for name in views.contestants(results) if name != baseline), key=lambda name: name not in views.RIVALS)
    factors = views.speedups(results, baseline)
    rows = []
    for kernel, found in factors.items():
        cells = results["kernels"][kernel]["cells"]
        base = views.seconds_text(cells[baseline]["wall"]["median"])
        rows.append([tag("th", html.escape(kernel), scope="row", title=results["kernels"][kernel]["title"]), tag("td", base)]
                    + [heat_cell(cells.get(name), found.get(name)) for name in names])
    return table(["kernel", baseline, *names], rows) if rows else ""


def steady_cell(cell):
    kind = "none" if cell is None or cell["status"] == "missing" else "bad" if cell["status"] != "ok" else ""
    text = views.cell_text(cell).replace("*", "")
    return tag("td", html.escape(text), class_=kind, title=(cell or {}).get("reason", ""))


def steady(results):
    names = views.contestants(results)
    return table(["kernel", *names], [[tag("th", html.escape(kernel), scope="row"), *(steady_cell(row["cells"].get(name)) for name in names)]
                                      for kernel, row in results["kernels"].items()])


def losses(results):
    rows = [[tag("th", html.escape(loss.kernel), scope="row"), tag("td", loss.ours), tag("td", views.seconds_text(loss.our_seconds)),
             tag("td", loss.peer), tag("td", views.seconds_text(loss.peer_seconds)), tag("td", factor_text(loss.factor)),
             tag("td", "yes" if loss.certain else "within the noise")] for loss in views.losses(results)]
    return table(["kernel", "kjit", "a call", "faster", "a call", "by", "certain"], rows) if rows else "<p>Nowhere, in this run.</p>"


def break_even(results):
    names = [name for name in views.contestants(results) if name in views.COMPILERS]
    rows = []
    for kernel, row in results["kernels"].items():
        cells = [tag("td", views.calls_text(views.break_even(row["cells"], name)) if views.ok(row["cells"], name) else "") for name in names]
        if any("call" in cell for cell in cells):
            rows.append([tag("th", html.escape(kernel), scope="row"), *cells])
    return table(["kernel", *names], rows)


def lines(items):
    return tag("ul", "".join(tag("li", html.escape(item.removeprefix("* ").replace("`", ""))) for item in items)) if items else ""


def merits(results):
    found = views.summary(results)
    return tag("div", "".join(tag("div", tag("b", factor_text(value)) + html.escape(text), class_="merit") for text, value in found),
               class_="figures-of-merit")


def noise_warning(results):
    noise = results.get("noise", {})
    share = noise.get("disturbed", 0) / max(1, noise.get("checks", 1))
    if share < 0.2:
        return ""
    return tag("p", f"The machine was not quiet: {100 * share:.0f} % of the checks of the reference loop were more than 10 % slow. Cells marked ~ "
               "were measured in between; take their ratios as rough.", class_="warning")


def figure(content, caption):
    return tag("figure", content + tag("figcaption", html.escape(caption))) if content else ""


def render(results):
    heat = "".join(tag("h2", f"Speed-up over {baseline}") + heat_map(results, baseline)
                   for baseline in ("CPython", "NumPy", "kjit interpreter") if views.speedups(results, baseline))
    drawn = "".join(figure(content, caption) for content, caption in figures.all_figures(results))
    troubles = markdown.trouble_lines(results)
    body = [
        tag("h1", "kjit and its peers"), tag("p", "Every answer was compared before any time was taken. Medians of interleaved calls; hover "
                                             "over a cell for its time or its reason."),
        noise_warning(results), merits(results), heat,
        tag("h2", "Where kjit loses"), tag("p", "Peers with the same freedom: serial against serial, parallel against parallel."), losses(results),
        tag("h2", "Figures"), tag("div", drawn, class_="figures"),
        tag("h2", "When compiling has paid for itself"), tag("p", "Calls after which the whole process, its start and all compiling "
                                                             "included, has been faster than CPython."), break_even(results),
        tag("h2", "Time of one call"), tag("p", "Median, half width of the 95 % interval; ~: disturbed; -: not available."), steady(results),
        tag("h2", "Wrong answers and failures") + lines(troubles) if troubles else "",
        tag("h2", "Left out") + lines(markdown.missing_lines(results)) if markdown.missing_lines(results) else "",
        tag("h2", "Measured on"), tag("div", lines(markdown.machine_lines(results)), class_="soft"),
    ]
    head = ('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>kjit benchmarks</title>'
            + tag("style", STYLE))
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{"".join(body)}</body></html>\n'
