"""The decorators over the engine: functions are compiled at their first call. Used where kjit has its extension, kjit._engine, and
KJIT_DISABLE_JIT is not set; else kjit runs functions under CPython as they are."""

import importlib.util
import os


def why_not():
    """None: functions are compiled. Cheap: the extension is only looked for, and opened when the first function is decorated."""
    if importlib.util.find_spec("kjit._engine") is None:
        return "this kjit has no extension"
    if os.environ.get("KJIT_DISABLE_JIT", "0") not in ("", "0"):
        return "KJIT_DISABLE_JIT is set"
    return None


def is_available():
    return why_not() is None
