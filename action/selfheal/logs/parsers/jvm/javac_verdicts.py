"""What kind of failure a message of a JVM compiler is."""

import re

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import Stage
from selfheal.logs.repository import Repository

_SYNTAX = re.compile(
    r".{0,80} expected$|reached end of file|illegal (?:start of|character|escape|line end)|unclosed |not a statement"
    r"|'?(?:else|catch|finally|case)'? without|orphaned |invalid method declaration"
    r"|empty character literal|malformed "
    r"|unnamed classes are|class, interface|unbalanced |<identifier>|[Ee]xpecting |Unexpected tokens|Syntax error"
)
_NO_PACKAGE = re.compile(r"package ([\w.]{1,300}) does not exist|module not found: ([\w.]{1,300})")
_NO_CLASS_FILE = re.compile(r"cannot access |class file for ([\w.]{1,300}) not found")
# Their second part says nothing of whose package it is.
_SHARED = ("com.github", "com.google", "io.github", "org.apache", "org.eclipse", "org.springframework")


def judge_javac(message: str, repository: Repository, *, is_first: bool) -> tuple[Category, Stage, str, str]:
    """Category, stage, reason and advice. `is_first` where the same file had no error before this one."""
    if _SYNTAX.match(message) is not None:
        if is_first:
            return Category.SYNTAX, Stage.SYNTAX, "the compiler can't parse the file", ""
        return Category.BUILD, Stage.BUILD, "the file does not compile", ""
    missing = _NO_PACKAGE.match(message)
    if missing is not None:
        name = missing.group(1) or missing.group(2)
        if _is_own(name, repository):
            return Category.BUILD, Stage.BUILD, f"the repository has no package {name}", ""
        advice = f"Add the dependency that provides {name} to the build file."
        return Category.DEPENDENCY, Stage.BUILD, f"the package {name} comes from no declared dependency", advice
    if _NO_CLASS_FILE.search(message) is not None:
        return Category.DEPENDENCY, Stage.BUILD, "a class that a dependency needs is on no path", ""
    return Category.BUILD, Stage.BUILD, "the file does not compile", ""


def _is_own(package: str, repository: Repository) -> bool:
    """True where the repository has files in a package that shares the first parts of the name."""
    parts = package.split(".")
    shared = 3 if ".".join(parts[:2]) in _SHARED else 2
    stem = f"/{'/'.join(parts[:shared])}/"
    sources = (file for file in repository.known_files if file.endswith((".java", ".kt", ".groovy", ".scala")))
    return any(stem in f"/{file}" for file in sources)
