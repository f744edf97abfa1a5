"""Raw output of a failed command in, a typed diagnosis out. Pure functions over text and streams."""

from selfheal.logs.counts import count_tests
from selfheal.logs.diagnose import diagnose, diagnose_log
from selfheal.logs.redaction import Redactor

__all__ = ["Redactor", "count_tests", "diagnose", "diagnose_log"]
