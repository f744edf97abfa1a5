"""What no patch may do. Shared by the runner's side and the service: pure functions over bytes."""

from selfheal.contract.policy.interface import ChangeSet, FileChange, PolicySettings, Rule, Violation
from selfheal.contract.policy.registry import RULES, check

__all__ = ["RULES", "ChangeSet", "FileChange", "PolicySettings", "Rule", "Violation", "check"]
