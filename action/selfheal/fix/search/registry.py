"""The repair operators, as a table. Adding one is a line here and a function that yields changes."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from selfheal.fix.search import calls, conditions, constants, cuts, expressions, names, operators, statements
from selfheal.fix.search.site import Change, Site


@dataclass(frozen=True, slots=True)
class Operator:
    """One kind of repair. `prior` is how often real fixes look like that, against the others."""

    name: str
    prior: float
    changes: Callable[[Site, ast.AST], Iterator[Change]]
    is_blunt: bool = False
    """True for what takes code away: it silences a failure as easily as it mends one, so tests must be there to tell,
    and a person looks at it."""


OPERATORS: tuple[Operator, ...] = (
    Operator("comparison", 1.00, operators.comparisons),
    Operator("arithmetic", 0.90, operators.computations),
    Operator("number", 0.90, constants.numbers),
    Operator("off by one", 0.85, constants.off_by_one),
    Operator("variable", 0.80, names.variables),
    Operator("attribute or method", 0.85, names.attributes),
    Operator("connective", 0.80, operators.connectives),
    Operator("negated condition", 0.80, conditions.negations),
    Operator("slice", 0.80, cuts.slices),
    Operator("index", 0.80, cuts.indexes),
    Operator("truth value", 0.75, constants.truths),
    Operator("argument order", 0.75, calls.argument_order),
    Operator("operand order", 0.60, operators.operand_order),
    Operator("None or nothing", 0.70, conditions.nothings),
    Operator("missing return", 0.70, statements.returns),
    Operator("missing argument", 0.65, calls.more_arguments),
    Operator("missing await", 0.80, calls.awaiting),
    Operator("depth", 0.70, statements.depths),
    Operator("jump", 0.65, statements.jumps),
    Operator("missing copy", 0.70, calls.copies),
    Operator("extra operand", 0.60, operators.extra_operand),
    Operator("extra statement", 0.50, statements.deletions, is_blunt=True),
    Operator("other branch", 0.60, conditions.branches),
    Operator("key", 0.60, names.strings_as_keys),
    Operator("text", 0.50, constants.strings),
    Operator("format", 0.60, constants.format_numbers),
    Operator("extra call", 0.45, calls.unwrapping),
    Operator("missing call", 0.45, calls.wrapping),
    Operator("extra argument", 0.40, calls.fewer_arguments),
    Operator("order of values", 0.50, cuts.tuples),
    Operator("order of statements", 0.40, statements.orders),
    Operator("sign", 0.50, operators.signs),
    Operator("missing guard", 0.35, statements.guards),
    Operator("wider or narrower", 0.30, conditions.terms),
    Operator("missing statement", 0.30, statements.repetitions),
    Operator("shared default", 0.80, statements.shared_defaults),
    Operator("forgotten update", 0.25, statements.updates),
    Operator("missing limit", 0.30, expressions.limits),
    Operator("open comparison", 0.40, expressions.chains),
    Operator("missing operand", 0.30, expressions.missing_operands),
    Operator("other expression", 0.25, expressions.other_expressions),
    Operator("fixed answer", 0.40, expressions.answers),
    Operator("fixed condition", 0.15, conditions.fixed_conditions, is_blunt=True),
)

BLUNT = frozenset(one.name for one in OPERATORS if one.is_blunt)
"""Their names."""
