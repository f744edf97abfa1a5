"""What the model is shown of a function in another language: no more than holds the answer."""

from collections.abc import Iterator

from selfheal.contract.test_paths import is_test_path
from selfheal.fix.interface import RepairCase, Tried
from selfheal.fix.other_languages.suspect_source import SuspectSource
from selfheal.fix.prompts import failure_text, tried_text
from selfheal.grammar import Definition, ParsedSource, language_of, parsed

_MAX_CONTEXT = 1_400
_MAX_TEST = 900
_MAX_FILES = 60
_SHORT_TYPE = 20


def prompt(case: RepairCase, source: SuspectSource, code: str, tried: tuple[Tried, ...]) -> str:
    """The failure, what surrounds the function, what was tried, and the function last."""
    sections = []
    if context := "\n".join(_surroundings(case, source))[:_MAX_CONTEXT]:
        sections.append(f"What it works with:\n```\n{context.rstrip()}\n```")
    if test := _failing_test(case):
        sections.append(f"The failing test:\n```\n{test}\n```")
    sections.append(f"The failure:\n```\n{failure_text(case.diagnosis, file=source.suspect.file, hint=case.hint)}\n```")
    if past := tried_text(tried):
        sections.append(past)
    where = _pointed_at(case, source)
    sections.append(f"{source.parsed.language.name}, {source.suspect.file}:\n```\n{code.rstrip()}\n```{where}")
    sections.append("The corrected function:")
    return "\n\n".join(sections)


def _pointed_at(case: RepairCase, source: SuspectSource) -> str:
    """The line of the function that the failure names."""
    lines = source.parsed.content.decode(errors="replace").splitlines()
    for failure in case.diagnosis.failures[:3]:
        inside = failure.line is not None and source.function.first_line <= failure.line <= source.function.last_line
        if failure.file == source.suspect.file and failure.line is not None and inside:
            return f"\nThe failure points at this line of it: `{lines[failure.line - 1].strip()}`"
    return ""


def _failing_test(case: RepairCase) -> str:
    """The function around the first failing place that lies in a test."""
    for failure in case.diagnosis.failures[:1]:
        content = case.tree.read(failure.file) if failure.file is not None else None
        source = parsed(failure.file, content) if failure.file is not None and content is not None else None
        if source is None or failure.file is None or failure.line is None:
            continue
        place = source.enclosing(failure.line)
        if place is not None and (place.is_test or is_test_path(failure.file)):
            return source.source(place)[:_MAX_TEST].rstrip()
        if is_test_path(failure.file):
            first, last = source.statement(failure.line)
            lines = content.decode(errors="replace").splitlines() if content is not None else []
            return "\n".join(lines[max(first - 1, failure.line - 12) : min(last, failure.line + 3)])[:_MAX_TEST]
    return ""


def _surroundings(case: RepairCase, source: SuspectSource) -> Iterator[str]:
    """Types and heads of the functions whose names the function uses, its own file's first."""
    words = set(source.parsed.words(source.function.first_line, source.function.last_line))
    owner = source.function.name.rpartition(".")[0]
    words |= {owner} if owner else set()
    for path, read in _files(case, source):
        note = "" if path == source.suspect.file else f"  // {path}"
        for one in read.definitions:
            if one.is_test or one == source.function or one.short_name not in words:
                continue
            yield _head(read, one) + note


def _head(read: ParsedSource, one: Definition) -> str:
    text = read.source(one)
    if not one.is_function and one.last_line - one.first_line < _SHORT_TYPE:
        return text
    return text.partition("{")[0].strip() + ";"


def _files(case: RepairCase, source: SuspectSource) -> Iterator[tuple[str, ParsedSource]]:
    yield source.suspect.file, source.parsed
    language = source.parsed.language.name
    kin = {"C", "C++"} if language in ("C", "C++") else {language}
    others = [path for path in case.tree.paths() if path != source.suspect.file and not is_test_path(path)]
    for path in [path for path in others if (found := language_of(path)) and found.name in kin][:_MAX_FILES]:
        content = case.tree.read(path)
        read = parsed(path, content) if content is not None else None
        if read is not None:
            yield path, read
