"""A contestant at work: a process that answers lines. It is stopped (SIGSTOP) while others are timed, so that idle thread pools that
spin cannot disturb them.

The worker writes one JSON object a line: after its first call {"first_s", "compile_s", "before_kb", "peak_kb"}; to "time N" (N calls, one
after the other) {"wall_s", "cpu_s"}; to "finish" {"peak_kb"}, when it has called the kernel once more and stored the answer again.
"""

import json
import os
import select
import signal
import subprocess
import time


class WorkerFailed(Exception):
    """The process said no, died or was too slow; the text is for the table."""


class Worker:
    def __init__(self, command, log, environment=None, timeout=300.0):
        self._timeout = timeout
        self._log = log
        self.started = time.perf_counter()
        with open(log, "wb") as errors:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                                             env={**os.environ, **(environment or {})}, bufsize=0)
        self._pending = b""

    def ready(self):
        """Waits for the first call; its "process_s" is the time from the start of the process to the answer."""
        reply = self._read()
        reply["process_s"] = time.perf_counter() - self.started
        self.pause()
        return reply

    def time(self, calls):
        """{"wall_s", "cpu_s"} of `calls` calls, and "outside_s": what it took seen from here, the check on the worker's own clock."""
        self._resume()
        begin = time.perf_counter()
        reply = self._ask(f"time {calls}")
        reply["outside_s"] = time.perf_counter() - begin
        self.pause()
        return reply

    def finish(self):
        self._resume()
        reply = self._ask("finish")
        self._close()
        self._process.wait(self._timeout)
        return reply

    def pause(self):
        os.kill(self._process.pid, signal.SIGSTOP)

    def kill(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._close()

    def _close(self):
        self._process.stdin.close()
        self._process.stdout.close()

    def _resume(self):
        os.kill(self._process.pid, signal.SIGCONT)

    def _ask(self, line):
        try:
            self._process.stdin.write(line.encode() + b"\n")
        except BrokenPipeError:
            raise WorkerFailed(self._last_words()) from None
        return self._read()

    def _read(self):
        limit = time.monotonic() + self._timeout
        while True:
            line, newline, rest = self._pending.partition(b"\n")
            if newline:
                self._pending = rest
                # What libraries print on their own is not for us.
                if line.startswith(b"{"):
                    return json.loads(line)
                continue
            self._pending += self._more(limit)

    def _more(self, limit):
        descriptor = self._process.stdout
        if not select.select([descriptor], [], [], max(0.0, limit - time.monotonic()))[0]:
            self.kill()
            raise WorkerFailed(f"no answer within {self._timeout:.0f} s")
        data = os.read(descriptor.fileno(), 65536)
        if not data:
            raise WorkerFailed(self._last_words())
        return data

    def _last_words(self):
        self._process.wait(self._timeout)
        with open(self._log, encoding="utf-8", errors="replace") as errors:
            lines = [line.strip() for line in errors if line.strip()]
        status = self._process.returncode
        what = f"killed by signal {-status}" if status < 0 else f"exit code {status}"
        return f"{lines[-1][:300]} ({what})" if lines else what
