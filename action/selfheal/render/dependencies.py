"""Which release broke the command, and what announced it. Everything from outside is escaped."""

from selfheal.contract.explanation import Direction, Explanation, VersionStep
from selfheal.contract.markdown import code, inline

_WAY = {
    Direction.FORWARD: "forward: the project learns to live with what is new",
    Direction.BACK: "back: something is held at what it was",
    Direction.ADDED: "added: something that was missing is asked for",
}


def dependencies(explanations: tuple[Explanation, ...]) -> list[str]:
    """Render each explanation as a section of its own."""
    return [_one(explanation) for explanation in explanations]


def _one(explanation: Explanation) -> str:
    lines = [
        f"### Which dependency broke it\n\n{inline(explanation.sentence)}",
        f"The way is {_WAY[explanation.direction]}.",
    ]
    if len(explanation.chain) > 1:
        lines.append("Pulled in by " + " → ".join(code(name) for name in explanation.chain))
    if explanation.changed:
        rows = ["| package | before | with the patch |", "|---|---|---|", *map(_row, explanation.changed)]
        lines.append("\n".join(rows))
    lines += [f"> {inline(quote.shown)}" for quote in explanation.quotes]
    lines.append(f"<sub>{explanation.environments} throw-away environments were built to find out.</sub>")
    return "\n\n".join(lines)


def _row(step: VersionStep) -> str:
    return f"| {code(step.name)} | {inline(step.before or 'not there')} | {inline(step.after or 'not there')} |"
