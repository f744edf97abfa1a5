"""Raw output of a failed command in, a typed diagnosis out. Pure functions over text and streams."""

from selfheal.logs.counts import count_tests
from selfheal.logs.diagnose import diagnose, diagnose_log
from selfheal.logs.redaction import Redactor, Veil, mapped, prepare, shortcoming

__all__ = ["Redactor", "Veil", "count_tests", "diagnose", "diagnose_log", "mapped", "prepare", "shortcoming"]
