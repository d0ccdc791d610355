"""What `python3 -m kjit doctor` tells."""

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
        return f"none: functions run under CPython ({compiled.why_not()})"
    try:
        from kjit import _engine
    except ImportError as error:
        return f"cannot be loaded: {error}"
    return _engine.__file__


def _cache():
    try:
        from kjit import _engine
    except ImportError:
        return "none, as nothing is compiled"
    return _engine.cache_folder() or "off (KJIT_CACHE=0, or none of KJIT_CACHE_DIR, XDG_CACHE_HOME and HOME is set)"
