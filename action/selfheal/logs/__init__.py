"""Raw output of a failed command in, a typed diagnosis out. Pure functions over text."""

from selfheal.logs.counts import count_tests
from selfheal.logs.diagnose import diagnose
from selfheal.logs.redaction import Redactor

__all__ = ["Redactor", "count_tests", "diagnose"]
