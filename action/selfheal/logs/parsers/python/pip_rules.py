"""The lines in which pip says why it gave up: a table that grows by one entry a line."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category


@dataclass(frozen=True, slots=True)
class PipRule:
    """`pattern` matches the line without its margin; group 1 is the message. `more` is how many lines belong to it."""

    code: str
    pattern: re.Pattern[str]
    category: Category
    reason: str
    advice: str = ""
    more: int = 0


def _rule(code: str, pattern: str, category: Category, reason: str, advice: str = "", *, more: int = 0) -> PipRule:
    return PipRule(code, re.compile(pattern), category, reason, advice, more)


_ERROR = r"ERROR: "
PIP_RULES: tuple[PipRule, ...] = (
    _rule(
        "no-matching-distribution",
        _ERROR + r"(Could not find a version that satisfies the requirement .{1,2000})$",
        Category.DEPENDENCY,
        "the index has no such release for this Python and platform",
        "Correct the requirement's name or version.",
        more=1,
    ),
    _rule(
        "no-matching-distribution",
        _ERROR + r"(No matching distribution found for .{1,300})$",
        Category.DEPENDENCY,
        "the index has no such release for this Python and platform",
        "Correct the requirement's name or version.",
    ),
    _rule(
        "ResolutionImpossible",
        _ERROR + r"(Cannot install .{1,1000} because these package versions have conflicting dependencies\.)$",
        Category.DEPENDENCY,
        "pip can't satisfy the requirements together",
        "Loosen or align the conflicting version constraints.",
        more=25,
    ),
    _rule(
        "requires-python",
        _ERROR + r"(Package '?\S{1,200}?'? requires a different Python: .{1,200})$",
        Category.DEPENDENCY,
        "a package asks for another version of Python than the job's",
        "Use a Python that the package takes, or relax its requires-python.",
    ),
    _rule(
        "invalid-requirement",
        _ERROR + r"(Invalid (?:requirement|constraint)s?: .{1,500})$",
        Category.CONFIG,
        "a requirement can't be parsed",
        more=3,
    ),
    _rule(
        "requirements-file",
        _ERROR + r"(Could not open requirements file: .{1,500})$",
        Category.CONFIG,
        "a requirements file is missing",
    ),
    _rule(
        "not-a-project",
        _ERROR + r"(.{1,500}(?:does not appear to be a Python project|is not installable).{0,200})$",
        Category.CONFIG,
        "the folder holds no setup.py and no pyproject.toml",
        "Call pip in the folder that holds pyproject.toml.",
    ),
    _rule(
        "hash-mismatch",
        _ERROR + r"(THESE PACKAGES DO NOT MATCH THE HASHES.{1,400})$",
        Category.DEPENDENCY,
        "a downloaded package is not the one that the requirements pin by its hash",
        "Compile the requirements anew, after looking why the package changed.",
        more=6,
    ),
    _rule(
        "hash-missing",
        _ERROR + r"((?:In --require-hashes mode|Hashes are required in --require-hashes mode).{1,400})$",
        Category.DEPENDENCY,
        "a requirement has no hash or no exact version",
        "Compile the requirements with hashes anew.",
        more=6,
    ),
    _rule(
        "unsupported-wheel",
        _ERROR + r"(\S{1,300} is not a supported wheel on this platform\.)$",
        Category.DEPENDENCY,
        "a wheel is for another Python or platform",
    ),
    _rule(
        "permission",
        _ERROR + r"(Could not install packages due to an (?:OSError|EnvironmentError): \[Errno 13\].{1,300})$",
        Category.ENVIRONMENT,
        "the job may not write where pip installs",
        "Install into a virtual environment.",
    ),
    _rule(
        "connection",
        _ERROR + r"(Could not install packages due to an OSError: HTTPS?ConnectionPool.{1,500})$",
        Category.INFRA,
        "the package index can't be reached",
        "Run the job again; check the runner's network.",
    ),
    _rule(
        "http",
        _ERROR + r"(HTTP error 40[34] while getting .{1,500})$",
        Category.DEPENDENCY,
        "the index refuses or lacks a file",
    ),
    _rule(
        "virtualenv-required",
        _ERROR + r"(Could not find an activated virtualenv \(required\)\.)$",
        Category.ENVIRONMENT,
        "pip is told to install into virtual environments only",
        "Create and activate a virtual environment first.",
    ),
    _rule(
        "externally-managed-environment",
        r"error: (externally-managed-environment)$",
        Category.ENVIRONMENT,
        "the system's Python may not be changed by pip (PEP 668)",
        "Install into a virtual environment (`python -m venv`), or use the CI's own Python.",
        more=4,
    ),
    _rule(
        "BackendUnavailable",
        r"(?:× )?((?:\S{0,100}BackendUnavailable: )?Cannot import (?:build backend )?'[\w.:]{1,200}'.{0,100})$",
        Category.DEPENDENCY,
        "the build backend that pyproject.toml names is not installed",
        "Name it under build-system.requires.",
        more=1,
    ),
    _rule("usage", r"(no such option: -.{1,200})$", Category.CONFIG, "pip refused its command line"),
    _rule(
        "check",
        r"(\S{1,200} \d\S{0,60} (?:has requirement .{1,300}, but you have .{1,200}"
        r"|requires .{1,300}, which is not installed)\.)$",
        Category.DEPENDENCY,
        "the installed packages don't fit together",
    ),
)
"""In the order in which they are tried."""
