"""What a rule says of a finding."""

from dataclasses import dataclass

from selfheal.contract.diagnosis import Category


@dataclass(frozen=True, slots=True)
class Judgement:
    """A category with its reason. `summary` replaces the failure's message in the diagnosis where set."""

    category: Category
    reason: str
    summary: str = ""
    advice: str = ""
    confidence: float = 1.0
