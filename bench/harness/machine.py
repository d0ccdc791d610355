"""What the figures were measured on."""

import ctypes
import datetime
import os
import pathlib
import platform
import re
import subprocess
import time


def read(path):
    try:
        return pathlib.Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def cpu_name():
    found = re.search(r"^model name\s*: (.*)$", read("/proc/cpuinfo") or "", re.MULTILINE)
    return found.group(1) if found else platform.processor()


def commit(root):
    done = subprocess.run(["git", "-C", str(root), "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def describe(root):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": cpu_name(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "governor": read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") or "not visible",
        "system": f"{platform.system()} {platform.release()}",
        "load": os.getloadavg(),
        "commit": commit(root),
    }


def peak_rates(library):
    """What one thread can do at most: {"flops", "bytes"} a second, measured by the loops of workers/reference_loop.c; the best of several."""
    functions = ctypes.CDLL(str(library))
    functions.peak_flops_loop.restype = ctypes.c_double
    rounds, size = 100_000, 4_000_000
    data = [(ctypes.c_double * size)() for _ in range(3)]
    return {"flops": 128.0 * rounds / best(lambda: functions.peak_flops_loop(ctypes.c_long(rounds))),
            "bytes": 24.0 * size / best(lambda: functions.triad_loop(*data, ctypes.c_long(size)))}


def best(function, count=25):
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        function()
        times.append(time.perf_counter() - begin)
    return min(times)
