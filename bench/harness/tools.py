"""The programs that contestants need: where they are, which version, or why they are not to be had. bench/setup makes what can be made."""

import dataclasses
import functools
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class NotAvailable(Exception):
    """A contestant that cannot take part; the text is the reason for the report."""


@dataclasses.dataclass(frozen=True)
class Places:
    build: pathlib.Path = ROOT / "build/release"
    peers: pathlib.Path = ROOT / "build/bench-peers"
    cpython: pathlib.Path = ROOT / "build/python/bin/python"

    def kjit(self):
        return existing(self.build / "kjit", "make build")

    def worker(self):
        return existing(self.build / "bench/workers/bench_worker", "configure with -DKJIT_BENCH=ON and build bench_worker")

    def python(self):
        """CPython with NumPy: that of the peers, so that all that run in CPython have one NumPy; else that of the tests."""
        mine = self.peers / "bin/python"
        return mine if mine.exists() else existing(self.cpython, "scripts/setup_python.sh")

    def peer_python(self, module):
        python = existing(self.peers / "bin/python", "bench/setup")
        if not has_module(str(python), module):
            raise NotAvailable(f"{module} is not in {self.peers.name} ({refusal(self.peers, module)})")
        return python


def existing(path, remedy):
    if not path.exists():
        raise NotAvailable(f"{path.name} is missing: {remedy}")
    return path


def refusal(folder, package):
    """Why bench/setup could not install it: it leaves a line in refused.txt."""
    notes = folder / "refused.txt"
    if notes.exists():
        for line in notes.read_text(encoding="utf-8").splitlines():
            if line.startswith(package + ":"):
                return line.partition(":")[2].strip()
    return "bench/setup was not run for it"


def program(name, remedy):
    path = shutil.which(name)
    if path is None:
        raise NotAvailable(f"{name} is not installed: {remedy}")
    return path


@functools.lru_cache(maxsize=None)
def has_module(python, module):
    return subprocess.run([python, "-c", f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"],
                          capture_output=True, check=False).returncode == 0


def first_line(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"unknown ({error})"
    return (done.stdout + done.stderr).strip().splitlines()[0] if done.stdout or done.stderr else "unknown"


def package_versions(python, packages):
    """{package: version} of those that are there."""
    code = ("import importlib.metadata as m, sys\nfor p in sys.argv[1:]:\n  try: print(p, m.version(p))\n"
            "  except m.PackageNotFoundError: pass")
    done = subprocess.run([str(python), "-c", code, *packages], capture_output=True, text=True, check=False)
    return dict(line.split() for line in done.stdout.splitlines())


def versions(places):
    """What took part, for the report."""
    found = {"kjit": first_line([str(places.build / "kjit"), "--version"]), "harness Python": sys.version.split()[0]}
    for name, command in (("CPython", [str(places.peers / "bin/python"), "--version"]), ("PyPy", ["pypy3", "-c", "import sys; print(sys.version.split('[')[1].split(' with')[0])"]),
                          ("LuaJIT", ["luajit", "-v"]), ("Clang", ["clang++-19", "--version"])):
        if shutil.which(command[0]):
            found[name] = first_line(command)
    if (places.peers / "bin/python").exists():
        found |= package_versions(places.peers / "bin/python", ["numpy", "numba", "llvmlite", "dask", "joblib", "pythran", "numexpr", "jax",
                                                                "jaxlib", "taichi", "mojo"])
    return found


def environment_without_threads():
    """Libraries with pools of their own get one thread unless a contestant says otherwise."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_MAX_THREADS")
    return {name: "1" for name in names} | {"PATH": os.environ.get("PATH", "")}
