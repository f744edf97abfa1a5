"""Modules without types: that is the dependencies' matter, and is said so."""

import re
from collections.abc import Iterable

from selfheal.contract.diagnosis import Failure

CODES = frozenset(
    {"import-untyped", "import-not-found", "import", "reportMissingModuleSource", "reportMissingTypeStubs"}
    | {"reportMissingImports"}
)
_STUBS = re.compile(r"pip install ((?:types-|[\w.]+-stubs)[\w.-]*)")
_MODULE = re.compile(r'(?:named|for|Import|Stub file not found for) "([\w.]+)"')


def handed_over(failures: Iterable[Failure]) -> str:
    """Say which stub distributions are missing; empty where that is not what failed."""
    asked = []
    for failure in failures:
        if failure.code in CODES:
            named = _STUBS.search(failure.message)
            module = _MODULE.search(failure.message)
            asked.append(named.group(1) if named else f"types for {module.group(1)}" if module else "stubs")
    wanted = ", ".join(dict.fromkeys(asked))
    return f"the checker needs {wanted}: a dependency to add, no code to change" if wanted else ""
