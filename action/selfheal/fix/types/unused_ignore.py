"""An ignore that nothing needs any more goes."""

import io
import re
import tokenize
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice

_MYPY = r'Unused "type: ignore(?:\[([^\]]*)\])?" comment'
_NARROWER = r"use narrower \[([^\]]+)\] instead of \[([^\]]+)\] code"
_PYRIGHT = r'Unnecessary "# (type|pyright): ignore" (?:comment|rule: "(\w+)")'
_COMMENT = re.compile(r"#\s*(?:type|pyright):\s*ignore(?:\[(?P<codes>[^\]]*)\])?\s*")


def remove_unused_ignore(finding: Finding) -> Iterator[Mend]:
    """Remove the comment, or only those of its codes that nothing needs."""
    place = _comment(finding)
    if place is None:
        return
    start, text = place
    for found in _COMMENT.finditer(text):
        unused = _unused(finding, found.group())
        if unused is None:
            continue
        codes = [code.strip() for code in (found["codes"] or "").split(",") if code.strip()]
        kept = [code for code in codes if code not in unused] if unused else []
        narrower = finding.search(_NARROWER)
        if narrower:
            kept = [narrower.group(1) if code == narrower.group(2) else code for code in codes]
        first, last = start + found.start(), start + found.end()
        if kept:
            at = text.index("[", found.start())
            yield _mend(finding, start + at + 1, start + text.index("]", at), ", ".join(kept))
            return
        rest = text[found.end() :].strip()
        if rest and not rest.startswith("#"):
            yield _mend(finding, first, last, "# ")
            return
        if not rest:
            line_start = finding.source.start_of(finding.line)
            before = finding.source.text[line_start:first]
            first = line_start + len(before.rstrip())
            if not before.strip():
                first, last = line_start, finding.source.start_of(finding.line + 1)
        yield _mend(finding, first, last, "")
        return


def _unused(finding: Finding, comment: str) -> tuple[str, ...] | None:
    """Name the codes that are unused, none for the whole comment; None where the finding is about another comment."""
    if found := finding.search(_PYRIGHT):
        if found.group(1) not in comment:
            return None
        return (found.group(2),) if found.group(2) else ()
    found = finding.search(_MYPY)
    if found is None or "type" not in comment:
        return None
    return tuple(code.strip() for code in found.group(1).split(",")) if found.group(1) else ()


def _comment(finding: Finding) -> tuple[int, str] | None:
    source = finding.source
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text, newline="").readline):
            if token.type == tokenize.COMMENT and token.start[0] == finding.line:
                return source.start_of(finding.line) + token.start[1], token.string.rstrip("\r\n")
    except (tokenize.TokenError, SyntaxError):
        return None
    return None


def _mend(finding: Finding, start: int, end: int, text: str) -> Mend:
    splice = Splice(finding.source.path, start, end, text)
    return Mend((splice,), f"remove the ignore on line {finding.line}, which the checker no longer needs")
