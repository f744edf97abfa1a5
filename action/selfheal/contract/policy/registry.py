"""The rules, as a table, and the one question that is asked of them."""

from selfheal.contract.policy.interface import ChangeSet, PolicySettings, Rule, Violation
from selfheal.contract.policy.rules import (
    assertions_weakened,
    binary_content,
    checks_loosened,
    command_neutered,
    error_swallowed,
    exit_forced,
    framework_patched,
    harness_detected,
    protected_path,
    runner_config_weakened,
    size_limit,
    suppression_added,
    tests_changed,
    tests_removed,
    tests_skipped,
    threshold_lowered,
)

RULES: tuple[Rule, ...] = (
    # what may be touched at all
    protected_path.RULE,
    binary_content.RULE,
    size_limit.RULE,
    # the tests themselves
    tests_changed.RULE,
    tests_removed.RULE,
    tests_skipped.RULE,
    assertions_weakened.RULE,
    # what runs the tests and the checkers
    runner_config_weakened.RULE,
    checks_loosened.RULE,
    threshold_lowered.RULE,
    command_neutered.RULE,
    # the code, pretending
    suppression_added.RULE,
    exit_forced.RULE,
    harness_detected.RULE,
    framework_patched.RULE,
    error_swallowed.RULE,
)


def check(change_set: ChangeSet, settings: PolicySettings) -> tuple[Violation, ...]:
    """Everything that speaks against a patch, in the order of `RULES`; empty means that it is allowed.

    Pure, and never raises, whatever the bytes.
    """
    return tuple(violation for rule in RULES for violation in rule.check(change_set, settings))
