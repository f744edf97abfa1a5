"""What a failing run says of its packages: pure reading of the output, no index is asked."""

import builtins
import re
import sys
from dataclasses import dataclass

from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.tree import TreeView
from selfheal.fix.import_name import modules_of

_NO_MODULE = re.compile(r"No module named '?([\w.]{1,200})'?")
_NO_NAME = re.compile(r"cannot import name '(\w{1,200})' from (?:partially initialized module )?'([\w.]{1,200})'")
_NO_ATTRIBUTE = re.compile(r"module '([\w.]{1,200})' has no attribute '(\w{1,200})'")
_SITE = re.compile(r"(?:site|dist)-packages/((?:[\w.-]+/)*[\w-]+)(?:\.py)?")
_INSTALLED_AT = re.compile(r" \((?:/[^()\s]*|unknown location)\)")
_PLACE = re.compile(r'^\s*File "([^"\n]+)", line \d+|^(\S[^\s:]*\.py):\d+: ', re.MULTILINE)
"""A place as Python and as pytest write it."""
_OBJECT = re.compile(r"'(\w{1,100})' object has no attribute")
_CALL = re.compile(r"(?:(\w{1,100})\.)?(\w{1,100})\(\) (?:missing \d|got an unexpected|got multiple|takes )")
_BARE_NAME = re.compile(
    r"(?:unexpected keyword argument|has no attribute|missing \d+ required (?:positional|keyword)|No module named"
    r"|cannot import name|DeprecationWarning|(?:has been|have been|was|were|is|are) (?:removed|moved|renamed)|no longer"
    r"|[Nn]ot supported|takes \d+ positional|takes no|is deprecated|cannot be created|[Rr]equire[sd]?\b|incompatib"
    r"|bad escape|instead\b)"
)
"""Words of errors that come of an interface that moved."""


@dataclass(frozen=True, slots=True)
class MissingModule:
    """A module that nothing installed and the repository itself does not hold."""

    module: str

    @property
    def top(self) -> str:
        """Its first part."""
        return self.module.partition(".")[0]


@dataclass(frozen=True, slots=True)
class MissingName:
    """A name that a module no longer has. `module` is as the message spells it."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything at once. `packages` are top folders of installed files in the traceback, the last one first."""

    missing_modules: tuple[MissingModule, ...]
    missing_names: tuple[MissingName, ...]
    packages: tuple[str, ...]
    words: frozenset[str]
    """Names in the messages, for finding the lines of a change log that speak of them."""
    message: str
    """The error's own line."""

    @property
    def quoted_names(self) -> frozenset[str]:
        """The names that the message puts in quotes."""
        return frozenset(re.findall(r"['`\"]([A-Za-z_]\w+)['`\"]", self.message))

    @property
    def is_about_packages(self) -> bool:
        """True where a package may be the cause: something of it is missing, or the error was raised in it."""
        return bool(self.missing_modules or self.missing_names or self.packages)


def read_evidence(diagnosis: Diagnosis, output: str, tree: TreeView) -> Evidence:
    """Read the failures' messages and the output's installed frames."""
    own = {module.partition(".")[0] for module in modules_of(tree)} | {"tests", "test", "conftest"}
    texts = "\n".join((*(f"{one.message}\n{one.excerpt}" for one in diagnosis.failures), output))
    modules = [MissingModule(name) for name in dict.fromkeys(_NO_MODULE.findall(texts))]
    names = [MissingName(module, name) for name, module in dict.fromkeys(_NO_NAME.findall(texts))]
    names += [MissingName(module, name) for module, name in dict.fromkeys(_NO_ATTRIBUTE.findall(texts))]
    message = diagnosis.failures[0].message if diagnosis.failures else diagnosis.summary
    words = frozenset(re.findall(r"[A-Za-z_]\w{2,}", message)) | {one.name for one in names}
    return Evidence(
        missing_modules=tuple(one for one in modules if one.top not in own and one.top not in _STANDARD),
        missing_names=tuple(one for one in names if _foreign(one.module, own)),
        packages=_packages(output),
        words=words,
        message=_INSTALLED_AT.sub("", message.splitlines()[0])[:300] if message else "",
    )


def may_be_dependency(diagnosis: Diagnosis, output: str, tree: TreeView) -> bool:
    """Tell whether it is worth an environment to ask: a package lacks something, raised it, or was called wrongly.

    An error that only passed through a package on its way from the repository's own code is no sign.
    """
    found = read_evidence(diagnosis, output, tree)
    if found.missing_modules or found.missing_names:
        return True
    texts = "\n".join(failure.message for failure in diagnosis.failures)
    is_import = any(failure.code in ("ImportError", "ModuleNotFoundError") for failure in diagnosis.failures)
    if not is_import and not _BARE_NAME.search(texts):
        return False
    return _was_raised_in_package(output) or _names_foreign(texts, tree)


def _was_raised_in_package(output: str) -> bool:
    """True where the last place of a traceback is an installed file that is no test runner's."""
    places = [match[1] or match[2] for match in _PLACE.finditer(output)]
    if not places or (site := _SITE.search(places[-1])) is None:
        return False
    return site[1].partition("/")[0] not in _RUNNERS


def _names_foreign(texts: str, tree: TreeView) -> bool:
    """True where a class or function that was used wrongly is defined nowhere in the repository, nor is it Python's."""
    named = {match[1] for match in _OBJECT.finditer(texts)} | {match[1] or match[2] for match in _CALL.finditer(texts)}
    named = {name for name in named if name and not hasattr(builtins, name) and not name.startswith("<")}
    for path in tree.paths():
        raw = tree.read(path) if named and path.endswith(".py") else None
        text = raw.decode("utf-8", "replace") if raw is not None else ""
        named = {name for name in named if not re.search(rf"\b(?:class|def)\s+{re.escape(name)}\b", text)}
    return bool(named)


def _packages(output: str) -> tuple[str, ...]:
    """Top folders below site-packages, the last frame first; what only runs the tests comes last."""
    tops = [match[1].partition("/")[0].removesuffix(".py") for match in _SITE.finditer(output)]
    ordered = list(dict.fromkeys(reversed(tops)))
    runners = [top for top in ordered if top in _RUNNERS]
    return tuple([top for top in ordered if top not in _RUNNERS] + runners)


def _foreign(module: str, own: set[str]) -> bool:
    top = module.partition(".")[0]
    return top not in own and top not in _STANDARD


_STANDARD = frozenset(sys.stdlib_module_names) - {"distutils", "imp", "asyncore", "asynchat", "smtpd", "cgi", "pipes"}
_RUNNERS = frozenset({"_pytest", "pytest", "pluggy", "xdist"})
