"""Runs .k files under CPython for the file tests: PYTHONPATH=python cpython_worker.py

Reads one JSON request per line from stdin, answers with one JSON line on stdout:
  request  {"file", "argv", "seed", "calls": [[kernel, [argument, ...]], ...], "timeout"}
  answer   {"output", "exit", "error": [name, message] or null, "calls": [{"repr"} or {"error"}, ...], "died": text or null}

Each request runs in a forked child: whatever a script does to modules, limits or the process is gone afterwards, and a child that
hangs is killed. NumPy is imported once, before the first fork, which is why a request costs milliseconds.
"""

import json
import os
import select
import signal
import sys
import time
import types

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # forking a process with a thread pool is asking for trouble

import kjit  # noqa: E402
import numpy  # noqa: E402


class Discard:
    """stderr of scripts: warnings of NumPy and tracebacks, which no test looks at."""

    def write(self, text):
        return len(text)

    def flush(self):
        pass


def describe(error):
    return [type(error).__name__, str(error)]


def argument(text):
    """A list stands for an array, as on kjit's command line."""
    value = eval(text, {"np": numpy, "inf": float("inf"), "nan": float("nan")})
    return numpy.array(value) if isinstance(value, list) else value


def own_number(value):
    """kjit has one type for Python's int and np.int64, and so for bool, float and complex; it shows them as Python's."""
    if isinstance(value, tuple):
        return tuple(map(own_number, value))
    return value.item() if isinstance(value, (numpy.int64, numpy.float64, numpy.complex128, numpy.bool_)) else value


def call(namespace, number, kernel, arguments, seed):
    """The host's calls draw from streams of their own: the script has stream 0, the first call 1, and so on."""
    kjit.random_stream(seed, number + 1)
    try:
        return {"repr": repr(own_number(namespace[kernel](*map(argument, arguments))))}
    except Exception as error:  # whatever the kernel raises is the result
        return {"error": describe(error)}


def exit_status(error):
    if error.code is None:
        return 0
    return error.code if isinstance(error.code, int) else 1


def execute(request):
    """Runs the script as `python3 -m kjit run file.k argv...` would, then the calls in its namespace."""
    answer = {"exit": 0, "error": None, "calls": []}
    module = types.ModuleType("__main__")
    module.__file__ = request["file"]
    sys.modules["__main__"] = module
    sys.argv = [request["file"], *request["argv"]]
    sys.path[0] = os.path.dirname(request["file"])
    try:
        with open(request["file"], "rb") as file:
            exec(compile(file.read(), request["file"], "exec"), module.__dict__)
        for number, (kernel, arguments) in enumerate(request["calls"]):
            answer["calls"].append(call(module.__dict__, number, kernel, arguments, request["seed"]))
    except SystemExit as error:
        answer["exit"] = exit_status(error)
    except BaseException as error:  # noqa: B902 (also KeyboardInterrupt: it is what the script did)
        answer["exit"] = 1
        answer["error"] = describe(error)
    return answer


def run_child(request, output, result):
    """In the child: stdout of the script goes to `output`, the answer to `result`."""
    os.dup2(output, 1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 2)
    sys.stdout = open(1, "w", encoding="utf-8", newline="\n", closefd=False)
    sys.stderr = Discard()
    kjit.random_stream(request["seed"], 0)  # that of a process that nobody forked
    answer = execute(request)
    sys.stdout.flush()
    with open(result, "w", encoding="utf-8") as stream:
        json.dump(answer, stream)
    os._exit(0)


def collect(pipes, deadline):
    """Reads the pipes until all are closed; None if the deadline came first."""
    chunks = {pipe: [] for pipe in pipes}
    open_pipes = set(pipes)
    while open_pipes:
        ready, _, _ = select.select(list(open_pipes), [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return None
        for pipe in ready:
            data = os.read(pipe, 65536)
            chunks[pipe].append(data)
            if not data:
                open_pipes.discard(pipe)
    return [b"".join(chunks[pipe]) for pipe in pipes]


def answer_for(request):
    output, output_end = os.pipe()
    result, result_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(output)
        os.close(result)
        run_child(request, output_end, result_end)
    os.close(output_end)
    os.close(result_end)
    collected = collect([output, result], time.monotonic() + request["timeout"])
    if collected is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(output)
    os.close(result)
    if collected is None:
        return {"died": f"no end after {request['timeout']} s"}
    if not collected[1]:
        return {"died": f"wait status {status}"}
    return {**json.loads(collected[1]), "output": collected[0].decode("utf-8", "replace"), "died": None}


def main():
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        replies.write(json.dumps(answer_for(json.loads(line))) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
