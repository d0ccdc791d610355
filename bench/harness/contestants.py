"""Who takes part: one row each. A row knows which cases it can run, and makes the command of its worker (harness/worker.py).

A `launch` function gets a Job and returns a Launch, or raises NotAvailable with the reason; compiling ahead of time belongs to it and is timed.
"""

import dataclasses
import os
import re
import shutil
import subprocess
import time

from .tools import NotAvailable, Places, environment_without_threads, program

WORKERS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "workers")
BUILD_TIMEOUT = 300


@dataclasses.dataclass
class Job:
    case: object
    places: Places
    scratch: str         # a folder of this case and contestant, in this sitting
    builds: str          # one that all sittings share: what is compiled ahead of time is compiled once
    words: list          # arguments as a worker reads them
    signature: list      # of each: "int", "float", or "float64[:,:]"
    answer: str          # file
    threads: int


@dataclasses.dataclass
class Launch:
    command: list
    environment: dict = dataclasses.field(default_factory=dict)
    build_s: float = 0.0


@dataclasses.dataclass(frozen=True)
class Contestant:
    name: str
    family: str           # "interpreted", "compiled", "arrays", "kjit"
    form: str             # "serial", "parallel", "fastmath": the function of kernel.k, or the compiler's options
    launch: object
    wants: object         # case -> whether the case has what it needs; else it is left out without a word
    exact: bool = False   # wants every bit of the reference
    scales: bool = False  # is also measured on fewer threads
    threads: int = 0      # 0: as many as the run has, if parallel


# ---- workers --------------------------------------------------------------------------------------------------------------------


def kernel_file(job, form):
    path = os.path.join(job.scratch, "kernel.k")
    with open(path, "w", encoding="utf-8") as file:
        file.write(job.case.form_text(form))
    return path


def python_worker(python, mode, job, source=None, extra=None):
    """`source` is what the mode reads; without it, the case."""
    command = [str(python), os.path.join(WORKERS, "python_worker.py"), mode, str(source or job.case.folder / "case.py"), job.answer,
               str(job.case.result), *job.words]
    return Launch(command, environment_without_threads() | (extra or {}))


def threads_of(job):
    text = str(job.threads)
    return {"BENCH_THREADS": text, "OMP_NUM_THREADS": text, "NUMBA_NUM_THREADS": text, "NUMEXPR_MAX_THREADS": text}


def cpython(job):
    return python_worker(job.places.python(), "kernel", job, kernel_file(job, "serial"))


def pypy(job):
    """Arrays are lists (workers/lists_as_arrays.py): that is how PyPy is fast."""
    return python_worker(program("pypy3", "Debian's pypy3"), "kernel", job, kernel_file(job, "serial"))


def numpy(job):
    return python_worker(job.places.python(), "numpy", job)


def peer_arrays(name):
    def launch(job):
        return python_worker(job.places.peer_python(name), name, job, extra=threads_of(job))
    return launch


def jax(job):
    """One thread: XLA takes its pool's size from the processors that it may use."""
    launch = python_worker(job.places.peer_python("jax"), "jax", job)
    if job.threads == 1:
        launch.command = [program("taskset", "util-linux"), "-c", str(min(os.sched_getaffinity(0))), *launch.command]
    return launch


def numba(form):
    def launch(job):
        return python_worker(job.places.peer_python("numba"), "numba", job, kernel_file(job, form), threads_of(job))
    return launch


def kjit(form, *options):
    def launch(job):
        command = [str(job.places.worker()), kernel_file(job, form), "kernel", job.answer, str(job.case.result), "--threads",
                   str(job.threads), *options, "--", *job.words]
        return Launch(command)
    return launch


def luajit(job):
    command = [program("luajit", "Debian's luajit"), os.path.join(WORKERS, "lua_worker.lua"), str(job.case.folder / "kernel.lua"),
               job.answer, str(job.case.result), *job.words]
    return Launch(command)


# ---- compiled ahead of time -----------------------------------------------------------------------------------------------------


def build(command, output, environment=None):
    """Seconds; NotAvailable with the compiler's last words if it refuses. `output` is the file that the command makes; if an earlier sitting
    made it, the seconds are those of then."""
    record = output + ".seconds"
    if os.path.exists(record):
        with open(record, encoding="utf-8") as file:
            return float(file.read())
    seconds = time_build(command, environment)
    with open(record, "w", encoding="utf-8") as file:
        file.write(repr(seconds))
    return seconds


def time_build(command, environment):
    begin = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=BUILD_TIMEOUT,
                              env={**os.environ, **(environment or {})})
    except subprocess.TimeoutExpired:
        raise NotAvailable(f"compiling took more than {BUILD_TIMEOUT} s") from None
    if done.returncode != 0:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        errors = [line for line in lines if "error" in line.lower()] or lines[-1:] or ["the compiler failed"]
        raise NotAvailable("does not compile: " + errors[0].strip()[:300])
    return time.perf_counter() - begin


def cpp(*options):
    def launch(job):
        library = os.path.join(job.builds, "kernel.so")
        seconds = build([program("clang++-19", "Debian's clang-19"), "-std=c++20", "-O3", "-march=native", "-fPIC", "-shared", *options,
                         str(job.case.folder / "kernel.cpp"), "-o", library], library)
        launch = python_worker(job.places.python(), "library", job, library, threads_of(job))
        launch.build_s = seconds
        return launch
    return launch


def pythran_source(text, signature):
    """kernel.k as Pythran wants it: no decorators, ordinary ranges, and the types of its arguments."""
    text = re.sub(r"^from kjit import .*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^@njit.*$", "", text, flags=re.MULTILINE)
    return f"#pythran export kernel({', '.join(signature)})\n" + re.sub(r"\bprange\(", "range(", text)


def pythran(job):
    python = job.places.peer_python("pythran")
    source, module = os.path.join(job.builds, "kernel_pythran.py"), os.path.join(job.builds, "kernel_pythran.so")
    with open(source, "w", encoding="utf-8") as file:
        file.write(pythran_source(job.case.text(), job.signature))
    compilers = {"CC": "clang-19", "CXX": "clang++-19"} if shutil.which("clang++-19") else {}
    seconds = build([str(python), "-m", "pythran.run", "-O3", "-march=native", source, "-o", module], module, compilers)
    launch = python_worker(python, "extension", job, module)
    launch.build_s = seconds
    return launch


def mojo(job):
    python = job.places.peer_python("mojo")
    library = os.path.join(job.builds, "kernel_mojo.so")
    seconds = build([str(python.parent / "mojo"), "build", "--emit", "shared-lib", str(job.case.folder / "kernel.mojo"), "-o", library], library)
    launch = python_worker(python, "library", job, library)
    launch.build_s = seconds
    return launch


# ---- which cases ----------------------------------------------------------------------------------------------------------------


def has_function(form):
    return lambda case: form in case.forms()


def has_file(name):
    return lambda case: (case.folder / name).exists()


def has_array_form(name):
    return lambda case: case.has_form(name)


def is_fast_cpp(case):
    return "fastmath" in case.forms() and (case.folder / "kernel.cpp").exists()


def is_parallel_cpp(case):
    return "parallel" in case.forms() and (case.folder / "kernel.cpp").exists()


STRICT = "-ffp-contract=off"
# The first one is the reference of answers. NumPy may use several threads inside BLAS: it gets one, as `numpy` is a baseline.
CONTESTANTS = [
    Contestant("CPython", "interpreted", "serial", cpython, has_function("serial")),
    Contestant("PyPy", "interpreted", "serial", pypy, has_function("serial")),
    Contestant("kjit interpreter", "interpreted", "serial", kjit("serial", "--interpret"), has_function("serial"), exact=True),
    Contestant("NumPy", "arrays", "serial", numpy, has_array_form("numpy")),
    Contestant("numexpr", "arrays", "parallel", peer_arrays("numexpr"), has_array_form("numexpr")),
    Contestant("JAX", "arrays", "parallel", jax, has_array_form("jax")),
    Contestant("Taichi", "compiled", "parallel", peer_arrays("taichi"), has_array_form("taichi")),
    Contestant("Dask", "arrays", "parallel", peer_arrays("dask"), has_array_form("dask")),
    Contestant("joblib", "interpreted", "parallel", peer_arrays("joblib"), has_array_form("joblib")),
    Contestant("Pythran", "compiled", "serial", pythran, has_function("serial")),
    Contestant("LuaJIT", "compiled", "serial", luajit, has_file("kernel.lua")),
    Contestant("Mojo", "compiled", "serial", mojo, has_file("kernel.mojo")),
    Contestant("Numba", "compiled", "serial", numba("serial"), has_function("serial")),
    Contestant("C++", "compiled", "serial", cpp(STRICT), has_file("kernel.cpp")),
    Contestant("kjit", "kjit", "serial", kjit("serial"), has_function("serial"), exact=True),
    Contestant("Numba parallel", "compiled", "parallel", numba("parallel"), has_function("parallel"), scales=True),
    Contestant("C++ OpenMP", "compiled", "parallel", cpp(STRICT, "-fopenmp"), is_parallel_cpp, scales=True),
    Contestant("kjit parallel", "kjit", "parallel", kjit("parallel"), has_function("parallel"), scales=True),
    Contestant("Numba fastmath", "compiled", "fastmath", numba("fastmath"), has_function("fastmath")),
    Contestant("C++ -ffast-math", "compiled", "fastmath", cpp("-ffast-math"), is_fast_cpp),
    Contestant("kjit fastmath", "kjit", "fastmath", kjit("fastmath"), has_function("fastmath")),
]


def with_fewer_threads(contestants, most):
    """The rows, and those that scale again for 1, 2, 4 .. threads, under names of their own."""
    fewer = [1 << k for k in range(most.bit_length()) if 1 << k < most]
    return list(contestants) + [dataclasses.replace(row, name=f"{row.name} @{count}", threads=count)
                                for row in contestants if row.scales for count in fewer]


BY_NAME = {contestant.name: contestant for contestant in CONTESTANTS}
REFERENCE = CONTESTANTS[0].name
INTERPRETED = ("CPython", "PyPy", "kjit interpreter", "NumPy")
