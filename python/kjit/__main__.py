"""python3 -m kjit run FILE.k [KERNEL [ARG...]] [--seed N] [-- ARG...]
   python3 -m kjit doctor

Runs a kernel file under CPython as `kjit run` does. Unlike plain `python3 FILE.k` it also covers files that draw random numbers
without importing kjit or numba. With KERNEL it calls that function with Python literals and prints the result.
"""

import argparse
import ast
import os
import runpy
import sys

from kjit import compiled, random_stream


def _parse(arguments):
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="python3 -m kjit", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="run|doctor", dest="command")
    commands.add_parser("doctor", help="versions, the engine, the cache, threads")
    run = commands.add_parser("run")
    run.add_argument("file")
    run.add_argument("kernel", nargs="?")
    run.add_argument("arguments", nargs="*", type=ast.literal_eval, metavar="arg")
    run.add_argument("--seed", type=lambda text: int(text, 0), default=int(os.environ.get("KJIT_SEED", "0"), 0))
    return parser.parse_args(arguments[:split]), arguments[split + 1:]


def main():
    options, script_arguments = _parse(sys.argv[1:])
    if options.command == "doctor":
        from kjit.doctor import report
        print(report())
        return
    if compiled.is_available():  # the decorators of this process compile
        os.environ["KJIT_DISABLE_JIT"] = "1"
        os.execv(sys.executable, [sys.executable, "-m", "kjit", *sys.argv[1:]])
    sys.argv = [options.file, *script_arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(options.file))
    random_stream(options.seed)
    if options.kernel is None:
        runpy.run_path(options.file, run_name="__main__")
        return
    functions = runpy.run_path(options.file, run_name=os.path.splitext(os.path.basename(options.file))[0])
    if options.kernel not in functions:
        sys.exit(f"{options.file} has no kernel '{options.kernel}'")
    result = functions[options.kernel](*options.arguments)
    if result is not None:
        print(repr(result))


if __name__ == "__main__":
    main()
