"""Which files of a repository are tests: the policy's own answer, for everyone who asks."""

from selfheal.contract.policy.reading.paths import is_test_path

__all__ = ["is_test_path"]
