"""The repair operators, as a table. Adding one is a line here and a function that yields changes."""

import ast
import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from selfheal.fix.search import (
    calls,
    conditions,
    constants,
    cuts,
    expressions,
    forgotten,
    missing_assignments,
    missing_else,
    names,
    operators,
    sister_functions,
    sisters,
    statements,
    type_tests,
)
from selfheal.fix.search.site import Change, Site


@dataclass(frozen=True, slots=True)
class Operator:
    """One kind of repair."""

    name: str
    changes: Callable[[Site, ast.AST], Iterator[Change]]
    is_blunt: bool = False
    """True for what takes code away: it silences a failure as easily as it mends one, so tests must be there to tell,
    and a person looks at it."""

    @property
    def prior(self) -> float:
        """How often fixes look like that, against the others: data, which `bench/operator_priors.py` fits."""
        return _priors()[self.name]


@functools.cache
def _priors() -> dict[str, float]:
    return dict(json.loads(files("selfheal.fix.search").joinpath("priors.json").read_text(encoding="utf-8")))


OPERATORS: tuple[Operator, ...] = (
    Operator("comparison", operators.comparisons),
    Operator("arithmetic", operators.computations),
    Operator("number", constants.numbers),
    Operator("off by one", constants.off_by_one),
    Operator("variable", names.variables),
    Operator("attribute or method", names.attributes),
    Operator("connective", operators.connectives),
    Operator("negated condition", conditions.negations),
    Operator("slice", cuts.slices),
    Operator("index", cuts.indexes),
    Operator("truth value", constants.truths),
    Operator("argument order", calls.argument_order),
    Operator("operand order", operators.operand_order),
    Operator("None or nothing", conditions.nothings),
    Operator("dropped value", statements.dropped_values),
    Operator("missing return", statements.returns),
    Operator("missing argument", calls.more_arguments),
    Operator("missing await", calls.awaiting),
    Operator("depth", statements.depths),
    Operator("jump", statements.jumps),
    Operator("missing copy", calls.copies),
    Operator("extra operand", operators.extra_operand),
    Operator("extra statement", statements.deletions, is_blunt=True),
    Operator("other branch", conditions.branches),
    Operator("key", names.strings_as_keys),
    Operator("text", constants.strings),
    Operator("format", constants.format_numbers),
    Operator("extra call", calls.unwrapping),
    Operator("one-sided call", calls.one_sided),
    Operator("missing call", calls.wrapping),
    Operator("extra argument", calls.fewer_arguments),
    Operator("order of values", cuts.tuples),
    Operator("order of statements", statements.orders),
    Operator("sign", operators.signs),
    Operator("missing guard", statements.guards),
    Operator("wider or narrower", conditions.terms),
    Operator("exchanged names", names.exchanges),
    Operator("missing sister", sisters.sisters),
    Operator("missing statement", statements.repetitions),
    Operator("overwritten entry", statements.overwriting),
    Operator("missing field", missing_assignments.fields),
    Operator("missing first value", missing_assignments.first_values),
    Operator("missing collecting", missing_assignments.collecting),
    Operator("forgotten name", forgotten.forgotten),
    Operator("borrowed statement", sister_functions.borrowed),
    Operator("missing else", missing_else.other_branches),
    Operator("missing other value", missing_else.other_values),
    Operator("missing alternative", missing_else.alternatives),
    Operator("type asked for", type_tests.type_tests),
    Operator("unasked value", conditions.unasked_values),
    Operator("shared default", statements.shared_defaults),
    Operator("forgotten update", statements.updates),
    Operator("missing limit", expressions.limits),
    Operator("open comparison", expressions.chains),
    Operator("missing operand", expressions.missing_operands),
    Operator("other expression", expressions.other_expressions),
    Operator("fixed answer", expressions.answers),
    Operator("fixed condition", conditions.fixed_conditions, is_blunt=True),
)

BLUNT = frozenset(one.name for one in OPERATORS if one.is_blunt)
"""Their names."""

LOOSE = frozenset(
    {
        *("missing limit", "missing operand", "extra operand", "other expression", "wider or narrower", "fixed answer"),
        *(
            "missing statement",
            "forgotten name",
            "borrowed statement",
            "type asked for",
            "missing else",
            "missing other value",
            "open comparison",
            "forgotten update",
            "missing guard",
            "text",
            "missing call",
        ),
    }
)
"""Names of those that make so much of a place that one of theirs may pass by chance."""
