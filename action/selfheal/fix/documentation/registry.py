"""All documentation repairs, each with the warning that it is for. A new one is a line here."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from selfheal.contract.tree import TreeView
from selfheal.fix.documentation import directives, layout, links, names, tables, toctree
from selfheal.fix.documentation.page import Page


@dataclass(frozen=True, slots=True)
class Rule:
    """One warning and what mends it: several pages are samples, the likeliest first."""

    name: str
    says: re.Pattern[str]
    mend: Callable[[TreeView, Page, re.Match[str]], Iterable[Page]]
    needs_human: bool = False
    is_anywhere: bool = False
    """True where the warning names no page: each one is tried."""


def _rule(
    name: str,
    says: str,
    mend: Callable[[TreeView, Page, re.Match[str]], Iterable[Page]],
    *,
    needs_human: bool = False,
    is_anywhere: bool = False,
) -> Rule:
    return Rule(name, re.compile(says, re.DOTALL), mend, needs_human, is_anywhere)


RULES: tuple[Rule, ...] = (
    _rule("title", r"Title (?:under|over)line too short|matching underline|overline & underline", layout.underline),
    _rule("blank line", r"ends without a blank line", layout.blank_before),
    _rule("indentation", r"Unexpected indentation", layout.unexpected_indentation),
    _rule("inline mark", r"Inline (.+?) start-string without end-string", layout.inline),
    _rule("label", r"undefined label: '?([\w./: -]+?)'?(?: |$)", names.label),
    _rule("document", r"unknown document: '?([\w./-]+?)'?(?: |$)", names.document),
    _rule(
        "toctree entry",
        r"toctree contains reference to (?:nonexisting|non-existing) document '([^']+)'",
        names.document,
    ),
    _rule("role", r"Unknown interpreted text role \"([\w:.-]+)\"", names.role),
    _rule("directive", r"Unknown directive type:? [\"']([\w:.-]+)[\"']", names.directive),
    _rule("lexer", r"lexer name ['\"]([\w.+-]+)['\"] is not known", names.lexer),
    _rule("symbol", r"reference target not found: ([\w.]+)", names.symbol),
    _rule("target", r"Unknown target name: \"([^\"]+)\"", names.target),
    _rule("substitution", r"Undefined substitution referenced: \"([^\"]+)\"", names.substitution),
    _rule(
        "file",
        r"(?:(?:image|download) file not readable|[Ii]nclude file|InputError: .*|not found):? '?([\w./-]+\.\w+)",
        names.file,
    ),
    _rule("table", r"Malformed table", tables.malformed),
    _rule("directive option", r"unknown option: \"([\w-]+)\"", directives.option),
    _rule("directive content", r"maximum \d+ argument\(s\) allowed, \d+ supplied", directives.content),
    _rule("directive content", r"Content block expected for the", directives.lost_content),
    _rule("literal block", r"Literal block expected; none found", directives.literal),
    _rule(
        "documented name",
        r"autodoc: failed to import (?:\w+ )?'([\w.]+)' from module '([\w.]+)'",
        names.documented,
        is_anywhere=True,
    ),
    _rule("documented name", r"autodoc: failed to import module '([\w.]+)'()", names.documented, is_anywhere=True),
    _rule("citation", r"[Cc]itation not found: ([\w-]+)", names.citation),
    _rule("duplicate target", r"Duplicate explicit target name: \"([^\"]+)\"", names.duplicate_label, needs_human=True),
    _rule("duplicate label", r"duplicate label ([\w.-]+)", names.duplicate_label, needs_human=True),
    _rule("lonely document", r"document isn't included in any toctree", toctree.not_included),
    _rule(
        "Markdown anchor", r"contains a link '([^']+)', but .{0,200}does not contain an anchor", links.missing_anchor
    ),
    _rule("Markdown anchor", r"contains a link '(#[^']+)', but there is no such anchor", links.missing_anchor),
    _rule("Markdown link", r"contains a(?:n? \w+)? link '([^']+)', but the target", links.missing_page),
    _rule("navigation", r"A reference to '([^']+)' is included in the 'nav'", links.nav_entry),
)
"""A documented example (doctest) that fails is a test: no rule here changes one."""
