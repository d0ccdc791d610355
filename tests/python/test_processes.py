"""Kernels in other processes: pickles, multiprocessing's ways of starting, executors, fork after parallel loops, Ctrl-C."""

import concurrent.futures
import functools
import multiprocessing
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import traceback
import unittest

import numpy as np

from kjit import njit, prange

POWER = 3


@njit
def cube(x):
    """Of a number."""
    return x**POWER


@njit
def power(x, n=2):
    return x**n


@njit(parallel=True)
def summed(x):
    total = 0.0
    for i in prange(len(x)):
        total += x[i]
    return total


def helper(x):
    return x + 1


def make(k):

    @njit(nogil=True)
    def closure(x, y: "anything" = k) -> "something":  # noqa: F821
        return helper(x) * k + np.abs(y)

    return closure


@njit
def even(n):
    return True if n == 0 else odd(n - 1)


@njit
def odd(n):
    return False if n == 0 else even(n - 1)


def run(text, *args, **environment):
    """A program of its own: (exit status, output)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w") as file:
            file.write(textwrap.dedent(text))
        done = subprocess.run([sys.executable, path, *args], capture_output=True, text=True, timeout=120, env={**os.environ, **environment},
                              start_new_session=True)
        return done.returncode, done.stdout + done.stderr


class Pickles(unittest.TestCase):

    def test_by_name_and_by_value(self):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            copy = pickle.loads(pickle.dumps(make(5), protocol))
            self.assertEqual((copy(2), copy(2, -7.0)), (20, 22.0))
            self.assertEqual((copy.__name__, copy.targetoptions, copy.py_func(2)), ("closure", {"nogil": True}, 20))
        self.assertEqual(pickle.loads(pickle.dumps(cube))(2), 8)

    def test_by_name_it_is_the_same_object(self):
        module = type(sys)("a_module")
        sys.modules["a_module"] = module
        kernel = make(1)
        kernel.__module__, kernel.__qualname__, module.closure = "a_module", "closure", kernel
        self.assertIs(pickle.loads(pickle.dumps(kernel)), kernel)

    def test_kernels_that_call_each_other(self):
        copy = pickle.loads(pickle.dumps(even))
        self.assertEqual((copy(10), copy(7)), (True, False))

    def test_a_pickle_of_a_pickle(self):
        copy = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(make(5)))))
        self.assertEqual(copy(2), 20)

    def test_lines_of_errors_where_the_file_is_not(self):
        source = """
            import pickle, sys, traceback, os
            from kjit import njit

            @njit
            def fails(x):
                return 1 // x

            pickle.dump(fails, open(sys.argv[1], "wb"))
            """
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kernel.pickle")
            self.assertEqual(run(source, path), (0, ""))
            with open(path, "rb") as file:
                kernel = pickle.load(file)
        try:
            kernel(0)
        except ZeroDivisionError as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
        self.assertEqual((last.name, last.lineno, last.line), ("fails", 7, "return 1 // x"))


class Pools(unittest.TestCase):

    def test_every_way_of_starting(self):
        summed(np.ones(10_000))  # the parent has threads already
        for method in ("fork", "spawn", "forkserver"):
            with self.subTest(method), multiprocessing.get_context(method).Pool(2) as pool:
                self.assertEqual(pool.map(cube, range(5)), [0, 1, 8, 27, 64])
                self.assertEqual(pool.starmap(power, [(x, 3) for x in range(4)]), [0, 1, 8, 27])
                self.assertEqual(pool.map(functools.partial(power, n=2), [3, 4]), [9, 16])
                self.assertEqual(pool.map(make(5), [2]), [20])
                self.assertEqual(pool.map(summed, [np.ones(1000)] * 3), [1000.0] * 3)

    def test_process_executor(self):
        with concurrent.futures.ProcessPoolExecutor(2) as pool:
            self.assertEqual(list(pool.map(cube, range(4))), [0, 1, 8, 27])
            error = pool.submit(power, "x", 2).exception()
            self.assertIn("E0", str(error))

    def test_workers_draw_different_numbers(self):
        draws()
        for method in ("fork", "spawn"):
            with multiprocessing.get_context(method).Pool(2) as pool:
                found = pool.map(_draw_and_wait, range(4), chunksize=1)
            self.assertEqual(len({number for number, _ in found}), 4, found)
            self.assertEqual(len({worker for _, worker in found}), 2)

    def test_streams_of_processes_have_nothing_in_common(self):
        """Ranks, workers of any kind, processes that they fork, and theirs: each call of each draws another number."""
        found = []
        for rank, spawned in (("0", ""), ("1", ""), ("0", "1")):
            status, text = run(_DRAWING, "both", PMI_RANK=rank, PMI_SPAWNED=spawned)
            self.assertEqual(status, 0, text)
            found += text.split()
        self.assertEqual((len(found), len(set(found))), (3 * 23, 3 * 23), found)

    def test_streams_repeat_with_the_program(self):
        for mode in ("both", "explicit"):
            runs = {tuple(sorted(run(_DRAWING, mode, PMI_RANK=rank, KJIT_SEED="5")[1].split())) for rank in ("0", "3") for _ in range(2)}
            self.assertEqual(len(runs), 2, mode)
        alone = run(_DRAWING, "alone", KJIT_SEED="7")[1]
        self.assertEqual(alone, run(_DRAWING, "alone", KJIT_SEED="7", PMI_RANK="0")[1])
        self.assertEqual(alone, run(_DRAWING, "seeded")[1])
        self.assertNotEqual(alone, run(_DRAWING, "alone", KJIT_SEED="8")[1])
        self.assertEqual(run(_DRAWING, "stream", PMI_RANK="0")[1], run(_DRAWING, "stream", PMI_RANK="1")[1])

    def test_streams_under_cpython(self):
        for mode in ("seeded", "stream"):
            first = [run(_DRAWING, mode, PMI_RANK="1", KJIT_DISABLE_JIT=off)[1].split()[0] for off in ("0", "1")]
            self.assertEqual(first[0], first[1])
        found = [number for rank in ("0", "1") for number in run(_DRAWING, "both", PMI_RANK=rank, KJIT_DISABLE_JIT="1")[1].split()]
        self.assertEqual((len(found), len(set(found))), (2 * 23, 2 * 23), found)

    def test_errors_travel(self):
        with multiprocessing.get_context("fork").Pool(1) as pool:
            with self.assertRaises(IndexError):
                pool.apply(njit(_first), (np.zeros(0),))


@njit
def draws():
    return random.random()


def _draw_and_wait(_):
    time.sleep(0.1)
    return draws(), os.getpid()


def _first(x):
    return x[0]


# Prints what its processes draw, each number once: 3 calls of this one, of 2 workers of a pool (a worker forks one more), of a process
# that multiprocessing spawns, and of 2 forks, of which each forks again.
_DRAWING = """
    import multiprocessing, os, random, sys
    import kjit

    mode = sys.argv[1]
    if mode == "seeded":
        kjit.random_stream(7)
    if mode == "stream":
        kjit.random_stream(7, 3)

    @kjit.njit
    def draw():
        return random.random()

    def show(count):
        os.write(1, "".join(f"{draw()!r}\\n" for _ in range(count)).encode())

    def forking(depth):
        child = os.fork()
        if child == 0:
            show(2)
            if depth > 1:
                forking(depth - 1)
            os._exit(0)
        os.waitpid(child, 0)

    def work(_):
        show(2)
        forking(1)

    if __name__ == "__main__":
        show(3)
        if mode == "explicit":
            kjit.random_stream(9)
        if mode in ("both", "explicit"):
            for _ in range(2):
                forking(2)
            for method in ("fork", "spawn"):
                for _ in range(2 if method == "fork" else 1):
                    worker = multiprocessing.get_context(method).Process(target=work, args=(0, ))
                    worker.start()
                    worker.join()
    """


class Ends(unittest.TestCase):

    def test_daemon_threads_in_kernels_at_the_end(self):
        source = """
            import sys, threading, time
            from kjit import njit

            @njit(nogil=True)
            def work(n):
                x = 1
                for i in range(n):
                    x ^= x << 1 ^ i
                return x

            @njit(nogil=True)
            def prints(n):
                for i in range(n):
                    print(i)

            class Stream:
                def write(self, text):
                    for _ in range(10):
                        text = text + " "
                def flush(self):
                    pass

            def repeat(kernel, n):
                while True:
                    kernel(n)

            sys.stdout = Stream()
            work(1), prints(1)
            for kernel, n in ((work, 10), (work, 1000), (work, 100_000), (prints, 10), (prints, 1000)):
                threading.Thread(target=repeat, args=(kernel, n), daemon=True).start()
            time.sleep(0.05)
            """
        for _ in range(10):
            self.assertEqual(run(source), (0, ""))

    def test_control_c_after_a_fork_in_a_thread(self):
        status, text = run("""
            import os, signal, sys, threading, time
            from kjit import njit

            @njit
            def endless(step):
                i = 1
                while i > 0:
                    i ^= step
                return i

            def forks():
                endless(-1)
                child = os.fork()
                if child == 0:
                    try:
                        os.write(ready, b"x")
                        endless(0)
                    except KeyboardInterrupt:
                        os._exit(7)
                    os._exit(1)
                statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

            wait, ready = os.pipe()
            statuses = []
            children = threading.Thread(target=forks)
            children.start()
            os.read(wait, 1)
            time.sleep(0.3)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.killpg(0, signal.SIGINT)
            children.join(60)
            print(statuses, flush=True)
            if children.is_alive():
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.killpg(0, signal.SIGKILL)
            """)
        self.assertEqual((status, text), (0, "[7]\n"))


class Programs(unittest.TestCase):

    def test_kernels_of_the_main_program(self):
        status, text = run("""
            import multiprocessing, sys
            from kjit import njit

            OFFSET = 10

            @njit
            def shifted(x):
                return x + OFFSET

            if __name__ == "__main__":
                for method in ("fork", "spawn"):
                    with multiprocessing.get_context(method).Pool(2) as pool:
                        print(pool.map(shifted, range(3)))
            """)
        self.assertEqual((status, text), (0, "[10, 11, 12]\n[10, 11, 12]\n"))

    def test_the_package_as_a_program(self):
        done = subprocess.run([sys.executable, "-m", "kjit", "doctor"], capture_output=True, text=True, timeout=60)
        self.assertRegex(done.stdout, r"NumPy +2.*\nengine +/.*_engine.abi3.so\n")
        off = subprocess.run([sys.executable, "-m", "kjit", "doctor"], capture_output=True, text=True, env={**os.environ, "KJIT_DISABLE_JIT": "1"})
        self.assertIn("KJIT_DISABLE_JIT is set", off.stdout)
        with tempfile.NamedTemporaryFile("w", suffix=".k") as file:
            file.write("import random\nfrom kjit import njit\n@njit\ndef f(n):\n    return random.random() * n\nprint(f(1), random.random())\n")
            file.flush()
            runs = [subprocess.run([sys.executable, "-m", "kjit", "run", file.name], capture_output=True, text=True, env=environment).stdout
                    for environment in (os.environ, {**os.environ, "KJIT_DISABLE_JIT": "1"})]
        self.assertEqual(runs[0], runs[1])
        self.assertRegex(runs[0], r"^0\.\d+ 0\.\d+\n$")

    def test_the_doctor_names_the_folder_of_the_cache(self):
        for environment, folder in (({"KJIT_CACHE_DIR": "/somewhere"}, "/somewhere"), ({"XDG_CACHE_HOME": "/x"}, "/x/kjit"),
                                    ({"XDG_CACHE_HOME": "relative", "HOME": "/home/me"}, "/home/me/.cache/kjit"), ({"KJIT_CACHE": "0"}, "off .*")):
            kept = {name: value for name, value in os.environ.items() if name not in ("KJIT_CACHE_DIR", "XDG_CACHE_HOME")}
            done = subprocess.run([sys.executable, "-m", "kjit", "doctor"], capture_output=True, text=True, env={**kept, **environment})
            self.assertRegex(done.stdout, rf"\ncache +{folder}\n", done.stderr)

    def test_control_c_ends_a_pool(self):
        for pool in ("multiprocessing.Pool(2)", "concurrent.futures.ThreadPoolExecutor(2)", "concurrent.futures.ProcessPoolExecutor(2)"):
            with self.subTest(pool):
                self.check_control_c(pool)

    def check_control_c(self, pool):
        source = textwrap.dedent(f"""
            import concurrent.futures, multiprocessing, sys, time
            from kjit import njit

            @njit(nogil=True)
            def work(n):
                x = 1
                for i in range(n):
                    x ^= x << 1 ^ i
                return x

            if __name__ == "__main__":
                work(1)
                with {pool} as pool:
                    print("ready", flush=True)
                    list(pool.map(work, [2_000_000_000] * 2))
            """)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "program.py")
            with open(path, "w") as file:
                file.write(source)
            process = subprocess.Popen([sys.executable, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
            self.assertEqual(process.stdout.readline(), "ready\n")
            time.sleep(0.5)
            os.killpg(process.pid, signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        self.assertIn("KeyboardInterrupt", errors)
        self.assertNotEqual(process.returncode, 0)

    def test_the_second_process_finds_the_code(self):
        source = """
            import sys, time
            from kjit import njit, _engine

            @njit
            def work(x):
                s = 0.0
                for v in x:
                    s += v * v
                return s

            import numpy as np
            x = np.arange(10.0)
            start = time.perf_counter()
            work(x)
            print(time.perf_counter() - start)
            """
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "program.py")
            with open(path, "w") as file:
                file.write(textwrap.dedent(source))
            environment = {**os.environ, "KJIT_CACHE_DIR": os.path.join(folder, "cache")}
            for _ in range(2):
                subprocess.run([sys.executable, path], check=True, capture_output=True, env=environment)
            entries = [name for _, _, files in os.walk(os.path.join(folder, "cache")) for name in files]
            self.assertEqual(len(entries), 1)


if __name__ == "__main__":
    unittest.main()
