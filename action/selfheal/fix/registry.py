"""All strategies, the exact ones first. Adding one is a line here."""

from selfheal.fix.configuration.broken_text import ConfigurationText
from selfheal.fix.configuration.keys import ConfigurationKeys
from selfheal.fix.documentation.warnings_as_errors import DocumentationWarnings
from selfheal.fix.fill_line import FillLine
from selfheal.fix.forking import ForkRewrite
from selfheal.fix.golang.go_repair import GoRepair
from selfheal.fix.import_name import ImportName
from selfheal.fix.interface import Strategy
from selfheal.fix.lint.model import LintModel
from selfheal.fix.lint.rewrite import LintRewrite, LintRewriteOne
from selfheal.fix.missing_export import MissingExport
from selfheal.fix.other_languages import OtherOperatorSwap, RewriteOtherFunction
from selfheal.fix.rewrite_function import RewriteFunction
from selfheal.fix.search.branch_strategy import BranchSearch
from selfheal.fix.search.pairs import PairSearch
from selfheal.fix.search.reverting import RevertHunk
from selfheal.fix.search.strategy import OperatorSearch, PartialSearch, WiderSearch
from selfheal.fix.search_replace import SearchReplace
from selfheal.fix.syntax.conflict_markers import ConflictMarkers
from selfheal.fix.syntax.model import SyntaxModel
from selfheal.fix.syntax.newer_than_python import NewerThanPython
from selfheal.fix.syntax.python_syntax import PythonSyntax
from selfheal.fix.syntax.told_token import ToldToken
from selfheal.fix.tools import ProjectFixer, RuleFixer
from selfheal.fix.types.type_model import TypeModel
from selfheal.fix.types.type_repair import TypeRepair
from selfheal.fix.types.typescript.tsc_repair import TscRepair

_SEARCHES: tuple[Strategy, ...] = (
    OperatorSearch(),
    BranchSearch(),
    PairSearch(),
    WiderSearch(),
    PartialSearch(),
    RevertHunk(),
)
CODE_STRATEGIES: tuple[Strategy, ...] = (
    ConflictMarkers(),
    ConfigurationText(),
    ConfigurationKeys(),
    DocumentationWarnings(),
    PythonSyntax(),
    NewerThanPython(),
    ToldToken(),
    ProjectFixer(),
    LintRewrite(),
    RuleFixer(),
    LintRewriteOne(),
    TypeRepair(),
    TscRepair(),
    GoRepair(),
    ImportName(),
    MissingExport(),
    LintModel(),
    TypeModel(),
    SyntaxModel(),
    *_SEARCHES,
    RewriteFunction(),
    OtherOperatorSwap(),
    RewriteOtherFunction(),
    ForkRewrite(),
    FillLine(),
    SearchReplace(),
)
"""What the fixer may use."""

GUESSING = frozenset(one.name for one in CODE_STRATEGIES if one.uses_model or one in _SEARCHES)
"""Names of the strategies for whose patches nothing speaks but that the command passes."""

DEPENDENCY_STRATEGIES: tuple[Strategy, ...] = (ImportName(), MissingExport())
"""What the dependency agent may use."""
