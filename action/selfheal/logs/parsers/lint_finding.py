"""Make a finding out of a linter's report."""

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, LogContext, Stage

_SYNTAX = ("invalid-syntax", "SyntaxError", "E999", "E0001", "E902")


def lint_finding(
    context: LogContext,
    *,
    tool: str,
    number: int,
    file: str,
    line: int | None,
    column: int | None,
    code: str,
    message: str,
) -> Finding:
    """A finding of category lint, or syntax where the linter could not parse the file."""
    name = context.repository.name(file)
    failure = Failure(
        tool=tool,
        message=message,
        file=name,
        line=line,
        column=column,
        code=code,
        excerpt=f"{name}:{line}: {code} {message}"[:1_500],
    )
    if code in _SYNTAX:
        reason = f"{tool} can't parse the file"
        return Finding(failure, Category.SYNTAX, Stage.SYNTAX, (number, number), reason=reason)
    return Finding(failure, Category.LINT, Stage.LINT, (number, number), reason=f"{tool} reports {code}")
