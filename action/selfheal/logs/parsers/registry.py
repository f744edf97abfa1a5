"""All parsers; a new one is one more line.

Order matters only for lines that two tools could have written: the earlier parser claims its span.
"""

from selfheal.logs.parsers.flake8 import Flake8Parser
from selfheal.logs.parsers.formatters import FormatterParser
from selfheal.logs.parsers.interface import ParserFactory
from selfheal.logs.parsers.mypy import MypyParser
from selfheal.logs.parsers.pylint import PylintParser
from selfheal.logs.parsers.pyright import PyrightParser
from selfheal.logs.parsers.pytest import PytestParser
from selfheal.logs.parsers.ruff import RuffParser
from selfheal.logs.parsers.shell import ShellParser
from selfheal.logs.parsers.signs import SignParser
from selfheal.logs.parsers.traceback import TracebackParser
from selfheal.logs.parsers.unittest import UnittestParser

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
    SignParser,
    ShellParser,
)
