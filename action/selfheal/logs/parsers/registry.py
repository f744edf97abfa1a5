"""All parsers; a new one is one more line.

Order matters only for lines that two tools could have written: the earlier parser claims its span.
"""

from selfheal.logs.parsers.container.docker import DockerParser
from selfheal.logs.parsers.golang.build import GoBuildParser
from selfheal.logs.parsers.golang.gofmt import GofmtParser
from selfheal.logs.parsers.golang.golangci import GolangciParser
from selfheal.logs.parsers.golang.gotest import GoTestParser
from selfheal.logs.parsers.golang.mod import GoModParser
from selfheal.logs.parsers.golang.vet import GoVetParser
from selfheal.logs.parsers.interface import ParserFactory
from selfheal.logs.parsers.javascript.biome import BiomeParser
from selfheal.logs.parsers.javascript.eslint import EslintParser
from selfheal.logs.parsers.javascript.jest import JestParser
from selfheal.logs.parsers.javascript.mocha import MochaParser
from selfheal.logs.parsers.javascript.node import NodeParser
from selfheal.logs.parsers.javascript.npm import NpmParser
from selfheal.logs.parsers.javascript.pnpm import PnpmParser
from selfheal.logs.parsers.javascript.prettier import PrettierParser
from selfheal.logs.parsers.javascript.tsc import TscParser
from selfheal.logs.parsers.javascript.vitest import VitestParser
from selfheal.logs.parsers.javascript.yarn import YarnParser
from selfheal.logs.parsers.jvm.checkstyle import CheckstyleParser
from selfheal.logs.parsers.jvm.gradle import GradleParser
from selfheal.logs.parsers.jvm.javac import JavacParser
from selfheal.logs.parsers.jvm.junit_console import JUnitConsoleParser
from selfheal.logs.parsers.jvm.maven import MavenParser
from selfheal.logs.parsers.jvm.surefire import SurefireParser
from selfheal.logs.parsers.native.cmake import CMakeParser
from selfheal.logs.parsers.native.compilers import CompilerParser
from selfheal.logs.parsers.native.crashes import CrashParser
from selfheal.logs.parsers.native.ctest import CtestParser
from selfheal.logs.parsers.native.googletest import GoogleTestParser
from selfheal.logs.parsers.native.linker import LinkerParser
from selfheal.logs.parsers.native.make import MakeParser
from selfheal.logs.parsers.python.checker_config import CheckerConfigParser
from selfheal.logs.parsers.python.config_files import ConfigFileParser
from selfheal.logs.parsers.python.coverage import CoverageParser
from selfheal.logs.parsers.python.flake8 import Flake8Parser
from selfheal.logs.parsers.python.formatters import FormatterParser
from selfheal.logs.parsers.python.mkdocs import MkdocsParser
from selfheal.logs.parsers.python.mypy import MypyParser
from selfheal.logs.parsers.python.pip import PipParser
from selfheal.logs.parsers.python.poetry import PoetryParser
from selfheal.logs.parsers.python.pre_commit import PreCommitParser
from selfheal.logs.parsers.python.pylint import PylintParser
from selfheal.logs.parsers.python.pyright import PyrightParser
from selfheal.logs.parsers.python.pytest import PytestParser
from selfheal.logs.parsers.python.rewriters import RewriterParser
from selfheal.logs.parsers.python.ruff import RuffParser
from selfheal.logs.parsers.python.sphinx import SphinxParser
from selfheal.logs.parsers.python.tox_nox import ToxNoxParser
from selfheal.logs.parsers.python.traceback import TracebackParser
from selfheal.logs.parsers.python.unittest import UnittestParser
from selfheal.logs.parsers.python.uv import UvParser
from selfheal.logs.parsers.rust.cargo import CargoParser
from selfheal.logs.parsers.rust.cargo_test import CargoTestParser
from selfheal.logs.parsers.rust.rustc import RustcParser
from selfheal.logs.parsers.rust.rustfmt import RustfmtParser
from selfheal.logs.parsers.system.shell import ShellParser
from selfheal.logs.parsers.system.signs import SignParser

PARSERS: tuple[ParserFactory, ...] = (
    CoverageParser,
    PytestParser,
    UnittestParser,
    CheckerConfigParser,
    ConfigFileParser,
    SurefireParser,
    GradleParser,
    JUnitConsoleParser,
    GoogleTestParser,
    CrashParser,
    GoModParser,
    GoBuildParser,
    GolangciParser,
    GoVetParser,
    GoTestParser,
    GofmtParser,
    CargoTestParser,
    CargoParser,
    RustcParser,
    RustfmtParser,
    SphinxParser,
    MkdocsParser,
    PipParser,
    UvParser,
    PoetryParser,
    JestParser,
    VitestParser,
    MochaParser,
    TscParser,
    EslintParser,
    BiomeParser,
    PrettierParser,
    NodeParser,
    NpmParser,
    PnpmParser,
    YarnParser,
    TracebackParser,
    MypyParser,
    PyrightParser,
    RuffParser,
    PylintParser,
    Flake8Parser,
    FormatterParser,
    RewriterParser,
    PreCommitParser,
    ToxNoxParser,
    DockerParser,
    JavacParser,
    CheckstyleParser,
    MavenParser,
    CompilerParser,
    LinkerParser,
    CMakeParser,
    CtestParser,
    MakeParser,
    ShellParser,
    SignParser,
)
