"""Worker threads that take jobs from a queue. With nogil=True the kernels of all threads run at the same time.

    python 03_queue_workers.py [THREADS [N]]
"""
import queue
import random
import sys
import threading
import time

import kjit


def calc_pi(n):
    inside = 0
    for i in range(n):
        x = random.uniform(-1, 1)
        y = random.uniform(-1, 1)
        if x**2 + y**2 < 1.0:
            inside += 1
    return 4 * inside / n


with_lock = kjit.njit(calc_pi)
without_lock = kjit.njit(nogil=True)(calc_pi)


def run(kernel, jobs, threads):
    """The kernel's results for the jobs, and the seconds that it took."""
    work, results = queue.Queue(), queue.Queue()
    for n in jobs:
        work.put(n)

    def worker():
        while True:
            try:
                n = work.get(block=False)
            except queue.Empty:
                break
            results.put(kernel(n))

    workers = [threading.Thread(target=worker) for _ in range(threads)]
    start = time.perf_counter()
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    return [results.get() for _ in jobs], time.perf_counter() - start


if __name__ == "__main__":
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    n = int(float(sys.argv[2])) if len(sys.argv) > 2 else 10**6
    for name, kernel in (("with the lock", with_lock), ("nogil", without_lock)):
        kernel(1)  # compiles
        results, seconds = run(kernel, [n] * 10, threads)
        print(f"{name}: {seconds:.3f} s", file=sys.stderr)
        print(name, len(results), all(abs(pi - 3.14159) < 0.05 for pi in results))
