#!/usr/bin/env python3
"""Numba's own tests with kjit in Numba's place: tests/python/numba_judge.py [MODULE...]

Needs a Python that has numba and kjit (PYTHONPATH=build/release/python); exit status 77 where one is missing. Nothing of numba is in
this repository: its tests are those of the installed package. Prints for each module how many tests pass, and why the others do not.
"""
import collections
import importlib
import re
import sys
import unittest
import warnings

# Not test_parfors and test_parallel_backend, which look at Numba's own intermediate code and threading layers.
MODULES = ["test_usecases", "test_range", "test_operators", "test_flow_control", "test_closure"]

try:
    import numba
    import numba.core.types
    import kjit
    from kjit.compiled import kernel as _  # noqa: F401
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)

_LAYOUT = re.compile(r"^(?:readonly )?(?:un)?(?:aligned )?array\((\w+), (\d+)d, (\w)")


def text_of(type_):
    """A type of Numba's as kjit reads it."""
    text = str(type_)
    match = _LAYOUT.match(text)
    if match:
        element, rank, layout = match.group(1), int(match.group(2)), match.group(3)
        return f"{element}[{', '.join([':'] * (rank - 1) + ['::1' if layout == 'C' else ':'])}]"
    if isinstance(type_, numba.core.types.BaseTuple):
        return f"Tuple(({', '.join(map(text_of, type_.types))},))"
    return text


def signature_of(given):
    if isinstance(given, list):
        return [signature_of(part) for part in given]
    arguments = getattr(given, "args", given)
    if isinstance(arguments, tuple) and not any(isinstance(part, str) for part in arguments):
        return f"({', '.join(map(text_of, arguments))},)" if arguments else None
    return given


def replacement(original_name):
    decorator = getattr(kjit, original_name)

    def jit(given=None, **options):
        options = {name: value for name, value in options.items() if not name.startswith("_") and name != "pipeline_class"}
        if hasattr(given, "__code__"):
            return decorator(given, **options)
        return decorator(signature_of(given), **options)

    return jit


def reason_of(error_text):
    """One word or two for the table."""
    found = re.search(r"error\[(E\d+)\]: (.*)", error_text)
    if found:
        return f"{found.group(1)} {re.sub(chr(39) + '[^' + chr(39) + ']*' + chr(39), '...', found.group(2))[:70]}"
    last = error_text.strip().splitlines()[-1]
    return re.sub(r"[\d']+", "#", last)[:90]


def judge(name):
    module = importlib.import_module(f"numba.tests.{name}")
    for attribute in ("jit", "njit", "vectorize"):
        if hasattr(module, attribute):
            setattr(module, attribute, replacement(attribute))
    if hasattr(module, "prange"):
        module.prange = kjit.prange
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    result = unittest.TestResult()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        suite.run(result)
    failed = {test.id() if hasattr(test, "id") else str(test): text for test, text in [*result.failures, *result.errors]}
    whole = {re.sub(r" [\[(].*", "", test) for test in failed}  # subtests are one test
    total = result.testsRun - len(result.skipped)
    print(f"{name}: {total - len(whole)} of {total} pass")
    for reason, count in collections.Counter(map(reason_of, failed.values())).most_common(25):
        print(f"    {count:3}  {reason}")
    return total - len(whole), total, failed


def main():
    numba.jit, numba.njit, numba.prange, numba.vectorize = replacement("jit"), replacement("njit"), kjit.prange, replacement("vectorize")
    passed = total = 0
    for name in sys.argv[1:] or MODULES:
        module_passed, module_total, failed = judge(name)
        passed, total = passed + module_passed, total + module_total
        if "-v" in sys.argv:
            print(*failed, sep="\n")
    print(f"all: {passed} of {total} pass")


if __name__ == "__main__":
    main()
