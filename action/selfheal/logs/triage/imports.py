"""A module or name that can't be imported: whose fault is it?"""

import re
import sys

from selfheal.contract.diagnosis import Category
from selfheal.logs.exceptions import Raised
from selfheal.logs.parsers.interface import Finding, LogContext
from selfheal.logs.triage.judgement import Judgement

_NO_MODULE = re.compile(r"No module named '?([\w.]{1,200})'?")
_NO_NAME = re.compile(
    r"cannot import name '?([\w.]{1,200})'? from (?:partially initialized module )?'?([\w.]{1,200})'?"
)
_DEFINED_IN = re.compile(r" (?:\(most likely due to a circular import\) )?\(([^()\n]{1,500}\.\w{1,5})\)")
_IS_CIRCULAR = "most likely due to a circular import"
# Modules that a Python build leaves out when a system library was missing.
_OPTIONAL_BUILD = frozenset(
    {"_ctypes", "_sqlite3", "sqlite3", "_tkinter", "tkinter", "_lzma", "_bz2", "_ssl", "readline"}
)


def judge_import(finding: Finding, context: LogContext) -> Judgement | None:
    """Judge ModuleNotFoundError and ImportError, whatever tool shows them."""
    raised = next(
        (one for one in reversed(finding.chain) if one.short_name in ("ModuleNotFoundError", "ImportError")), None
    )
    if raised is None or raised is not finding.chain[-1]:
        return None
    missing = _NO_MODULE.search(raised.message)
    if missing is not None:
        return _missing_module(missing.group(1), raised, context)
    name = _NO_NAME.search(raised.message)
    if name is None:
        return None
    module = name.group(2)
    top = module.partition(".")[0]
    # Python says which file the module is: one outside of every library is the repository's own.
    where = _DEFINED_IN.match(raised.message, name.end())
    is_own = context.repository.has_module(top) or (
        where is not None and context.repository.relative(where.group(1)) is not None
    )
    if _IS_CIRCULAR in raised.message and (is_own or where is None):
        return Judgement(Category.TEST, f"{module} is imported again before it has {name.group(1)}: a circular import")
    if is_own or top in sys.stdlib_module_names:
        return Judgement(Category.TEST, f"{module} has no name {name.group(1)}")
    return Judgement(
        Category.DEPENDENCY,
        f"{module} is not the repository's own and has no name {name.group(1)}: its installed version does not fit",
        advice=f"Pin {top} to a version that has {name.group(1)}, or import what the new version offers.",
    )


def _missing_module(module: str, raised: Raised, context: LogContext) -> Judgement:
    top, _, rest = module.partition(".")
    repository = context.repository
    if repository.has_dotted(module):
        return Judgement(
            Category.CONFIG,
            f"{module} lies in the repository but not on the import path",
            advice="Install the project in the job (`pip install -e .`) or set the test runner's python path.",
        )
    if repository.has_module(top) or (rest and _runs(top, raised, context)):
        if rest:
            return Judgement(Category.TEST, f"the repository's package {top} has no module {rest}")
        return Judgement(
            Category.CONFIG,
            f"{top} lies in the repository but not on the import path",
            advice="Install the project in the job (`pip install -e .`) or set the test runner's python path.",
        )
    if top in _OPTIONAL_BUILD:
        return Judgement(
            Category.ENVIRONMENT,
            f"this Python was built without {top}",
            advice="Use a Python that has it, or install the system library before Python is built.",
        )
    if rest:
        # Python names the first part that it did not find: what stands before the last dot was found.
        return Judgement(
            Category.DEPENDENCY,
            f"the {module.rpartition('.')[0]} that was found has no module {module.rpartition('.')[2]}",
            advice=f"Pin {top} to a version that has {module}, or correct the name.",
        )
    return Judgement(
        Category.DEPENDENCY,
        f"{top} is neither installed nor part of the repository",
        advice=f"Add the distribution that provides {top} to the project's dependencies.",
    )


def _runs(package: str, raised: Raised, context: LogContext) -> bool:
    """True where a file of the repository in a folder of that name was being run: the package is its own."""
    names = (context.repository.relative(frame.file) for frame in raised.frames)
    return any(name is not None and f"/{package}/" in f"/{name}" for name in names)
