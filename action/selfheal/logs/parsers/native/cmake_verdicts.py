"""What kind of failure a message of CMake or ninja is: a table, the first row that fits."""

import re

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import Stage
from selfheal.logs.parsers.native.verdicts import Verdict

# Whoever reads outages judges these.
_NETWORK = re.compile(
    r"Could ?n.t resolve host|Failed to connect|Timeout was reached|Failed to clone repository|unable to access '"
    r"|[Ee]rror: downloading|Each download failed|SSL (?:connect|peer)|HTTP response code said error"
)
_RULES: tuple[tuple[re.Pattern[str], Category, Stage, str, str], ...] = (
    (
        re.compile(
            r"Parse error|.{0,40}Syntax error in cmake code|Invalid character escape|Flow control statements are not"
        ),
        Category.SYNTAX,
        Stage.SYNTAX,
        "CMake can't parse the file",
        "",
    ),
    (
        re.compile(
            r".{0,400}(?:CMAKE_\w{1,20}_COMPILER(?::| not set| could be found"
            r"| .{0,60}(?:is not a full path|not able to compile))"
            r"|Could not find compiler|is not able to compile a simple test|unable to find a build program"
            r"|CMAKE_MAKE_PROGRAM is not set"
            r"|Generator .{0,200}could not find)",
        ),
        Category.ENVIRONMENT,
        Stage.BUILD,
        "CMake finds no compiler or build program that works",
        "Install the compiler and the build program in the job (Debian: build-essential ninja-build), or set CC, CXX.",
    ),
    (
        re.compile(r"CMake \d[\d.]{0,20} or higher is required"),
        Category.CONFIG,
        Stage.BUILD,
        "the project asks for a newer CMake than the one installed",
        "",
    ),
    (
        re.compile(
            r"The source directory|Could not create named generator|.{0,200}does not match the (?:source"
            r"|generator)|could not load cache"
            r"|Compatibility with CMake < |The (?:build|binary) directory|No such preset"
            r"|Could not read presets|Unknown argument|not a directory"
        ),
        Category.CONFIG,
        Stage.BUILD,
        "CMake was called or configured wrongly",
        "",
    ),
    (
        re.compile(
            r"By not providing|Could not find a (?:package )?configuration file|.{0,60}Could NOT find"
            r"|.{0,100}required packages? w(?:as|ere) not found"
            r"|Could not find (?!the CMAKE)[\w:]{1,60} (?:using|library|include)"
            r"|Unable to find (?:the )?(?:required )?(?:package|library)"
            r"|.{0,200}is required but (?:was )?not found"
        ),
        Category.DEPENDENCY,
        Stage.BUILD,
        "find_package finds no such package",
        "Install the package (its -dev or -devel package), or make it optional.",
    ),
)


_NESTED = re.compile(r"(?:Build|CMake|Configure|Download) step for .{1,200} failed")


def judge_cmake(message: str, command: str) -> Verdict | None:
    """Judge an error by its words and by the command that raised it; None where the network is to blame."""
    if _NETWORK.search(message) is not None:
        return None
    if _NESTED.search(message) is not None:
        return Verdict(Category.BUILD, Stage.ENDING, "a build inside this build failed; what it printed tells why")
    for pattern, category, stage, reason, advice in _RULES:
        if pattern.match(message) is not None:
            return Verdict(category, stage, reason, advice=advice)
    if command in ("find_library", "find_path", "find_program", "find_package", "pkg_check_modules"):
        return Verdict(Category.DEPENDENCY, Stage.BUILD, f"{command} does not find what it needs")
    return Verdict(Category.BUILD, Stage.BUILD, "CMake refuses the build description")


def judge_ninja(text: str) -> Verdict:
    """Judge ninja's own error; that a command of its failed is only an echo."""
    if "subcommand failed" in text:
        return Verdict(Category.BUILD, Stage.ENDING, "a command of the build failed; what it printed tells why")
    if text.startswith(("loading '", "unknown target", "chdir to")):
        return Verdict(Category.CONFIG, Stage.BUILD, "ninja was called where there is no such thing to build")
    if re.match(r"\S{1,300}:\d{1,7}: ", text) is not None:
        return Verdict(Category.SYNTAX, Stage.SYNTAX, "ninja can't parse its file")
    return Verdict(Category.BUILD, Stage.BUILD, "ninja can't make a file")
