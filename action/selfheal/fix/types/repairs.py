"""Which repairs answer which code of mypy or rule of pyright. Adding one is a line here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from selfheal.fix.types.arguments_mismatch import fit
from selfheal.fix.types.assignment import widen
from selfheal.fix.types.awaiting import add_await, make_async
from selfheal.fix.types.conversions import convert
from selfheal.fix.types.finding import Finding, Question
from selfheal.fix.types.mend import Mend
from selfheal.fix.types.missing_annotations import annotate_function, questions_of_function
from selfheal.fix.types.missing_argument import pass_missing
from selfheal.fix.types.misspelt import correct_attribute, correct_dotted, correct_key, correct_keyword
from selfheal.fix.types.none_narrowing import give_empty, make_sure
from selfheal.fix.types.override import follow_base
from selfheal.fix.types.possibly_unbound import bind_always
from selfheal.fix.types.redefinition import define_once
from selfheal.fix.types.redundant import call_condition, drop_cast, drop_result, drop_unreachable, exit_returns_nothing
from selfheal.fix.types.return_type import agree, give_back, questions_of_return
from selfheal.fix.types.returned_any import name_the_type
from selfheal.fix.types.type_alias import declare_alias
from selfheal.fix.types.type_arguments import add_type_arguments, questions_of_type_arguments
from selfheal.fix.types.undefined_name import import_or_correct
from selfheal.fix.types.unused_ignore import remove_unused_ignore
from selfheal.fix.types.variable_annotation import annotate_variable, questions_of_variable

Repairer = Callable[[Finding], Iterator[Mend]]
Asker = Callable[[Finding], Iterator[Question]]


@dataclass(frozen=True, slots=True)
class Repair:
    """How one kind of finding is mended: in these ways, the likeliest first, with these types known."""

    ways: tuple[Repairer, ...]
    asks: Asker | None = None


_RETURN = Repair((agree,), questions_of_return)
_FUNCTION = Repair((annotate_function,), questions_of_function)
_OPERATION = Repair((add_await, make_sure, convert))
_ARGUMENT = Repair((fit, correct_attribute))
_CALL = Repair((correct_keyword, pass_missing, give_empty))
_UNBOUND = Repair((bind_always,))
_IGNORE = Repair((remove_unused_ignore,))
_NAME = Repair((import_or_correct, correct_dotted))
_OPTIONAL = Repair((add_await, make_sure, correct_attribute))
_ONCE = Repair((define_once,))
_BASE = Repair((follow_base,))

REPAIRS: dict[str, Repair] = {
    "unused-ignore": _IGNORE,
    "unused-coroutine": Repair((add_await,)),
    "unused-awaitable": Repair((add_await,)),
    "await-not-async": Repair((make_async,)),
    "union-attr": _OPTIONAL,
    "index": Repair((add_await, make_sure, convert)),
    "operator": _OPERATION,
    "arg-type": _ARGUMENT,
    "assignment": Repair((widen,)),
    "return-value": _RETURN,
    "return": Repair((give_back,), questions_of_return),
    "attr-defined": Repair((add_await, correct_attribute)),
    "name-defined": _NAME,
    "used-before-def": _NAME,
    "call-arg": _CALL,
    "call-overload": Repair((correct_keyword, pass_missing, make_sure)),
    "typeddict-item": Repair((correct_key, convert)),
    "typeddict-unknown-key": Repair((correct_key,)),
    "no-any-return": Repair((name_the_type,)),
    "valid-type": Repair((declare_alias,)),
    "var-annotated": Repair((annotate_variable,), questions_of_variable),
    "no-untyped-def": _FUNCTION,
    "type-arg": Repair((add_type_arguments,), questions_of_type_arguments),
    "no-redef": _ONCE,
    "override": _BASE,
    "redundant-cast": Repair((drop_cast,)),
    "truthy-function": Repair((call_condition,)),
    "func-returns-value": Repair((drop_result,)),
    "exit-return": Repair((exit_returns_nothing,)),
    "unreachable": Repair((drop_unreachable,)),
    "possibly-undefined": _UNBOUND,
    "dict-item": Repair((convert,)),
    "list-item": Repair((convert,)),
    "misc": Repair((make_async, add_await)),
    "reportUnnecessaryTypeIgnoreComment": _IGNORE,
    "reportUnusedCoroutine": Repair((add_await,)),
    "reportOptionalMemberAccess": _OPTIONAL,
    "reportOptionalSubscript": _OPTIONAL,
    "reportOptionalIterable": _OPTIONAL,
    "reportOptionalCall": _OPTIONAL,
    "reportOptionalOperand": _OPTIONAL,
    "reportOptionalContextManager": _OPTIONAL,
    "reportOperatorIssue": _OPERATION,
    "reportArgumentType": _ARGUMENT,
    "reportAssignmentType": Repair((widen, correct_key)),
    "reportReturnType": Repair((give_back, agree), questions_of_return),
    "reportAttributeAccessIssue": Repair((add_await, correct_attribute, widen)),
    "reportUndefinedVariable": _NAME,
    "reportCallIssue": _CALL,
    "reportTypedDictNotRequiredAccess": Repair((correct_key,)),
    "reportGeneralTypeIssues": Repair((add_await, correct_key)),
    "reportMissingParameterType": _FUNCTION,
    "reportUnknownParameterType": _FUNCTION,
    "reportMissingTypeArgument": Repair((add_type_arguments,), questions_of_type_arguments),
    "reportRedeclaration": _ONCE,
    "reportIncompatibleMethodOverride": _BASE,
    "reportUnnecessaryCast": Repair((drop_cast,)),
    "reportUnnecessaryComparison": Repair((call_condition,)),
    "reportPossiblyUnbound": _UNBOUND,
    "reportPossiblyUnboundVariable": _UNBOUND,
    "reportPossiblyUnboundVariableAccess": _UNBOUND,
    "": Repair((make_async,)),
}
"""By code; the empty one is for errors that the checker gives no code."""

ECHOES = frozenset({"no-any-return", "no-untyped-call"})
"""What mostly goes when another finding is mended, and is mended itself only where nothing else is left."""

_MAX_WAYS = 7


def ways_to_mend(finding: Finding) -> tuple[Mend, ...]:
    """Give the repairs of a finding, the likeliest first, none twice."""
    repair = REPAIRS.get(finding.failure.code or "")
    if repair is None:
        return ()
    found: dict[tuple[object, ...], Mend] = {}
    for way in repair.ways:
        for mend in way(finding):
            if mend.splices or mend.imports:
                found.setdefault((mend.splices, mend.imports), mend)
    return tuple(found.values())[:_MAX_WAYS]


def questions(finding: Finding) -> tuple[Question, ...]:
    """Give the expressions whose types a finding's repair wants to know."""
    repair = REPAIRS.get(finding.failure.code or "")
    return tuple(repair.asks(finding)) if repair is not None and repair.asks is not None else ()
