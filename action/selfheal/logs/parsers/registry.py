"""All parsers; a new one is one more line.

Order matters only for lines that two tools could have written: the earlier parser claims its span.
"""

from selfheal.logs.parsers.interface import ParserFactory
from selfheal.logs.parsers.native.cmake import CMakeParser
from selfheal.logs.parsers.native.compilers import CompilerParser
from selfheal.logs.parsers.native.crashes import CrashParser
from selfheal.logs.parsers.native.ctest import CtestParser
from selfheal.logs.parsers.native.googletest import GoogleTestParser
from selfheal.logs.parsers.native.linker import LinkerParser
from selfheal.logs.parsers.native.make import MakeParser
from selfheal.logs.parsers.python.flake8 import Flake8Parser
from selfheal.logs.parsers.python.formatters import FormatterParser
from selfheal.logs.parsers.python.mypy import MypyParser
from selfheal.logs.parsers.python.pylint import PylintParser
from selfheal.logs.parsers.python.pyright import PyrightParser
from selfheal.logs.parsers.python.pytest import PytestParser
from selfheal.logs.parsers.python.ruff import RuffParser
from selfheal.logs.parsers.python.traceback import TracebackParser
from selfheal.logs.parsers.python.unittest import UnittestParser
from selfheal.logs.parsers.system.shell import ShellParser
from selfheal.logs.parsers.system.signs import SignParser

PARSERS: tuple[ParserFactory, ...] = (
    PytestParser,
    UnittestParser,
    TracebackParser,
    MypyParser,
    PyrightParser,
    RuffParser,
    PylintParser,
    Flake8Parser,
    FormatterParser,
    CompilerParser,
    LinkerParser,
    CMakeParser,
    GoogleTestParser,
    CrashParser,
    CtestParser,
    MakeParser,
    SignParser,
    ShellParser,
)
