"""Measures one case: every contestant is started, its answer is compared, and only those that are right are timed.

A cell of the result is a dictionary: {"status": "ok" | "wrong" | "failed" | "missing", "reason"} and, if ok, what was measured.
"""

import os
import pathlib
import tempfile

from . import compare, npy, rounds, stats
from .contestants import REFERENCE, Job
from .tools import NotAvailable
from .worker import Worker, WorkerFailed

MARGIN_OF_PEAK = 1.5  # a rate so much above the machine's peak cannot be: the loop was removed


def write_inputs(case, folder):
    """Argument words, and the types as Pythran names them."""
    import numpy
    words, signature = [], []
    for place, value in enumerate(case.module.inputs(case.size)):
        if isinstance(value, numpy.ndarray):
            path = os.path.join(folder, f"argument{place}.npy")
            numpy.save(path, value)
            words.append("@" + path)
            signature.append(f"{value.dtype}[{','.join(':' * value.ndim)}]")
        else:
            words.append(repr(value))
            signature.append(type(value).__name__)
    return words, signature


class CaseRun:
    """The contestants of one case in one sitting, from their start to their cells. `builds`: a folder that all sittings share."""

    def __init__(self, case, contestants, places, builds, threads, noise, budget, say):
        self.case, self.contestants, self.places, self.builds = case, contestants, places, pathlib.Path(builds)
        self.threads, self.noise, self.budget, self.say = threads, noise, budget, say
        self.cells, self.workers, self.reference = {}, {}, None

    def run(self):
        with tempfile.TemporaryDirectory(prefix="kjit-bench-") as folder:
            self.folder = pathlib.Path(folder)
            self.words, self.signature = write_inputs(self.case, folder)
            try:
                for contestant in self.contestants:
                    self._start(contestant)
                samples = rounds.measure(self.workers, self.noise, self.budget, self._failed, self._slow())
                for name, taken in samples.items():
                    self._finish(name, taken)
            finally:
                for worker in self.workers.values():
                    worker.kill()
        return self.cells

    def _start(self, contestant):
        """Start, first call, answer: a contestant that is wrong never gets as far as a clock."""
        name = contestant.name
        self.say(f"{self.case.name}: {name}")
        scratch = self.folder / name.replace(" ", "_")
        scratch.mkdir()
        builds = self.builds / self.case.name / scratch.name
        builds.mkdir(parents=True, exist_ok=True)
        threads = (contestant.threads or self.threads) if contestant.form == "parallel" else 1
        job = Job(self.case, self.places, str(scratch), str(builds), self.words, self.signature, str(scratch / "answer.npy"), threads)
        try:
            launch = contestant.launch(job)
            worker = Worker(launch.command, str(scratch / "errors.txt"), launch.environment)
            self.workers[name] = worker
            first = worker.ready()
            verdict = self._verdict(contestant, self._answer(worker, job.answer))
        except NotAvailable as reason:
            refused = str(reason).startswith("does not compile")
            self.cells[name] = {"status": "failed" if refused else "missing", "reason": str(reason)}
            return
        except (WorkerFailed, OSError, ValueError) as error:
            self._failed(name, error)
            return
        self.cells[name] = {"status": "ok" if verdict.right() else "wrong", "verdict": verdict.kind, "reason": verdict.detail,
                            "form": contestant.form, "family": contestant.family, "threads": threads}
        if not verdict.right():
            self.workers.pop(name).kill()
            return
        self.cells[name] |= {"build_s": launch.build_s, "process_s": first["process_s"], "first_s": first["first_s"],
                             "compile_s": first.get("compile_s"), "before_kb": first["before_kb"]}

    def _slow(self):
        """Interpreters have nothing to compile: their first call tells how long the next will take."""
        return {name for name in self.workers if self.cells[name]["family"] == "interpreted"
                and self.cells[name]["first_s"] > 10 * rounds.BATCH_SECONDS}

    def _answer(self, worker, path):
        """The worker stores it after it has reported its first call: a call of the clock waits for that, and is no sample."""
        worker.time(0)
        return npy.read(path)

    def _verdict(self, contestant, answer):
        if self.reference is None:
            self.reference = answer
            return compare.Verdict("same", f"reference: {contestant.name}")
        return compare.compare(answer, self.reference, self.case.rtol, contestant.exact and not self.case.random)

    def _failed(self, name, error):
        self.cells[name] = {"status": "failed", "reason": str(error)}
        if name in self.workers:
            self.workers.pop(name).kill()

    def _finish(self, name, samples):
        """The answer again after the last call, then what was measured."""
        worker = self.workers[name]
        cell = self.cells[name]
        path = self.folder / name.replace(" ", "_") / "answer.npy"
        first = npy.read(path)
        path.unlink()
        try:
            last = worker.finish()
            verdict = compare.compare(npy.read(path), first, self.case.rtol)
        except (WorkerFailed, OSError, ValueError) as error:
            self._failed(name, error)
            return
        if not verdict.right():
            self.cells[name] = {"status": "wrong", "reason": f"the last call differs from the first: {verdict.detail}"}
            return
        cell |= measured(samples) | {"peak_kb": last["peak_kb"]}
        if cell["compile_s"] is None:
            cell["compile_s"] = max(0.0, cell["first_s"] - cell["wall"]["median"])


def measured(samples):
    trusted = samples.trusted()
    wall, cpu = stats.bootstrap_median(trusted), stats.bootstrap_median(samples.cpu)
    return {"wall": vars(wall), "cpu": vars(cpu), "samples": samples.wall, "calls": samples.calls, "disturbed": samples.disturbed(),
            "quiet_samples": sum(samples.quiet), "asynchronous": samples.suspicious > max(1, sum(samples.quiet) // 2)}


def removed_loop(case, cell, peak):
    """Whether a cell claims more work a second than the machine can do. `peak`: {"flops", "bytes"} of one thread; None: unknown."""
    seconds = cell["wall"]["median"] / MARGIN_OF_PEAK
    flops = case.work("flops")
    return bool(peak and flops and flops / seconds > peak["flops"] * cell["threads"] * MARGIN_OF_PEAK)
