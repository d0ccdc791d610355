"""The decorators over the engine: functions are compiled at their first call. Used where kjit has its extension, kjit._engine, and
KJIT_DISABLE_JIT is not set; else kjit runs functions under CPython as they are."""

import importlib.util
import os


def is_available():
    """Cheap: the extension is only looked for, and opened when the first function is decorated."""
    if os.environ.get("KJIT_DISABLE_JIT", "0") not in ("", "0"):
        return False
    return importlib.util.find_spec("kjit._engine") is not None
