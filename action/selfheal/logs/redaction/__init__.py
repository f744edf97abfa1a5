"""Take secrets out of text before it leaves the process."""

from selfheal.logs.redaction.documents import mapped
from selfheal.logs.redaction.mask import MASK
from selfheal.logs.redaction.redactor import Redactor
from selfheal.logs.redaction.rule_set import prepare, shortcoming
from selfheal.logs.redaction.veil import Veil

__all__ = ["MASK", "Redactor", "Veil", "mapped", "prepare", "shortcoming"]
