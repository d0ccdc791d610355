"""What `python3 -m kjit doctor` tells."""

import importlib.util
import os
import platform
import sys

from kjit import compiled, get_num_threads


def report():
    rows = [("Python", f"{platform.python_version()} ({sys.executable})"), ("NumPy", _version("numpy")), ("engine", _engine()),
            ("threads", str(get_num_threads())), ("cache", _cache()), ("mpi4py", _version("mpi4py")), ("joblib", _version("joblib")),
            ("dask", _version("dask"))]
    return "\n".join(f"{name:8} {text}" for name, text in rows)


def _version(module):
    from importlib import metadata
    try:
        return metadata.version(module)
    except metadata.PackageNotFoundError:
        return "not installed"


def _engine():
    if not compiled.is_available():
        missing = importlib.util.find_spec("kjit._engine") is None
        return "none: functions run under CPython (" + ("this kjit has no extension" if missing else "KJIT_DISABLE_JIT is set") + ")"
    try:
        from kjit import _engine
    except ImportError as error:
        return f"cannot be loaded: {error}"
    return _engine.__file__


def _cache():
    """As docs/architecture.md says."""
    if os.environ.get("KJIT_CACHE") == "0":
        return "off (KJIT_CACHE=0)"
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("KJIT_CACHE_DIR") or os.path.join(home, "kjit")
