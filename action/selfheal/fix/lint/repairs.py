"""All exact repairs, by the codes that they answer. Adding a family is a line here."""

from functools import cache

from selfheal.fix.lint import (
    annotations,
    branches,
    calls,
    classes,
    comparisons,
    comprehensions,
    conditions,
    dead_code,
    defaults,
    docstrings,
    exceptions,
    extraction,
    fstrings,
    import_lines,
    indentation,
    logging_texts,
    long_lines,
    loops,
    naming,
    one_liners,
    paths,
    redefinitions,
    resources,
    returns,
    try_blocks,
    undefined_names,
    unicode_signs,
    unused_arguments,
    unused_imports,
    unused_variables,
    whitespace,
)
from selfheal.fix.lint.finding import Repair, Rule

RULES: tuple[Rule, ...] = (
    *unused_imports.RULES,
    *unused_variables.RULES,
    *unused_arguments.RULES,
    *redefinitions.RULES,
    *undefined_names.RULES,
    *defaults.RULES,
    *exceptions.RULES,
    *comparisons.RULES,
    *conditions.RULES,
    *dead_code.RULES,
    *one_liners.RULES,
    *branches.RULES,
    *extraction.RULES,
    *returns.RULES,
    *loops.RULES,
    *try_blocks.RULES,
    *paths.RULES,
    *comprehensions.RULES,
    *logging_texts.RULES,
    *fstrings.RULES,
    *calls.RULES,
    *resources.RULES,
    *naming.RULES,
    *classes.RULES,
    *import_lines.RULES,
    *annotations.RULES,
    *docstrings.RULES,
    *unicode_signs.RULES,
    *whitespace.RULES,
    *indentation.RULES,
    *long_lines.RULES,
)
"""In the order in which edits of one place are preferred: what takes code away first, its layout last."""


@cache
def repairs() -> dict[str, tuple[int, Repair]]:
    """The repair of each code, and its place in the order."""
    return {code: (place, rule.repair) for place, rule in enumerate(RULES) for code in rule.codes}


@cache
def rule_of() -> dict[str, frozenset[str]]:
    """The codes that mean the same as a code, itself among them."""
    return {code: rule.codes for rule in RULES for code in rule.codes}
