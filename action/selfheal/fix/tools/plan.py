"""Decide which tools are run for a failure, and in which order. Pure."""

from dataclasses import dataclass

from selfheal.contract.diagnosis import Failure
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.fix.tools.interface import Kind, Mender, Workplace

ALL = "all"
PERMITTED = "all:permitted"
_MOST_RULES = 20
_TESTS = frozenset({"pytest", "py.test", "unittest", "jest", "vitest", "mocha", "ava", "ctest", "gotestsum", "nose2"})
_TESTS_BY = {"go": "test", "cargo": "test", "npm": "test", "yarn": "test", "pnpm": "test", "mvn": "test"}


@dataclass(frozen=True, slots=True)
class Plan:
    """The tools that a failure asks for, in the order in which they are run.

    `spare` are tools that fit too, where hooks stand for them; `after` only tidy what the others changed.
    """

    safe: tuple[Mender, ...]
    spare: tuple[Mender, ...]
    by_rule: tuple[tuple[Mender, str], ...]
    after: tuple[Mender, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """The targets for all rules, the likeliest first: all tools together, then each alone."""
        alone = tuple(mender.name for mender in (*self.safe, *self.spare))
        together = (ALL,) if len(self.safe) + len(self.after) > 1 else ()
        return (*together, *alone)

    @property
    def rule_places(self) -> tuple[str, ...]:
        """The targets for one rule, what the tool calls unsafe last."""
        return tuple(f"{mender.name}:{rule}" for mender, rule in self.by_rule)


def plan_of(place: Workplace, menders: tuple[Mender, ...]) -> Plan:
    """Choose the tools: those that the command itself calls before those that are only known to fit."""
    chosen: dict[str, Mender] = {}
    spare: dict[str, Mender] = {}
    for failure in place.failures:
        fitting = [mender for mender in menders if mender.answers(failure)]
        called = [mender for mender in fitting if mender.is_called(place)]
        known = [mender for mender in fitting if not mender.only_own and mender not in called]
        known = [*[mender for mender in known if not mender.only_by_rule][:1], *filter(_is_by_rule, known)]
        chosen |= {mender.name: mender for mender in called or known}
        if all(mender.kind is Kind.HOOKS for mender in called):
            spare |= {mender.name: mender for mender in known}
    if place.is_unread:
        # No parser knows the tool that failed: whatever the command calls may have been it.
        chosen |= {m.name: m for m in menders if not m.only_by_rule and m.is_called(place)}
    found = sorted(chosen.values(), key=lambda mender: mender.kind)
    safe = tuple(mender for mender in found if not mender.only_by_rule)
    others = tuple(mender for mender in spare.values() if mender.name not in chosen)
    after: tuple[Mender, ...] = ()
    if any(mender.kind < Kind.LAYOUT for mender in safe):
        tidying = (Kind.IMPORTS, Kind.LAYOUT)
        after = tuple(m for m in menders if m.kind in tidying and m.name not in chosen and m.is_called(place))
    by_rule = [(mender, rule) for mender in (*found, *others) for rule in mender.rules(place.failures)]
    by_rule.sort(key=lambda one: one[0].is_unsafe)
    return Plan(safe, tuple(m for m in others if not m.only_by_rule), tuple(by_rule[:_MOST_RULES]), after)


def _is_by_rule(mender: Mender) -> bool:
    return mender.only_by_rule


def answered(menders: tuple[Mender, ...], failures: tuple[Failure, ...], rule: str | None) -> tuple[Failure, ...]:
    """Give the findings that these tools are for."""
    mine = (failure for failure in failures if any(mender.answers(failure) for mender in menders))
    return tuple(failure for failure in mine if rule is None or failure.code == rule)


def names_what_may_be_refused(failures: tuple[Failure, ...]) -> bool:
    """Tell whether a finding lies in a test, where the policy allows no more than another layout."""
    return any(failure.file is None or is_test_path(failure.file) for failure in failures)


def proves_by_tests(place: Workplace) -> bool:
    """Tell whether the failing command runs tests, so that a run of it that passes says something of behaviour."""
    return any(call.program in _TESTS or _TESTS_BY.get(call.program, " ") in call.values for call in place.calls)
