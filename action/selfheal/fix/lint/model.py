"""Mend lint findings with the model: it gets one statement or function, and gives it back mended."""

import ast
import textwrap
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field

from selfheal.contract.diagnosis import Category
from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelRequest
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.target import Target
from selfheal.contract.test_paths import is_test_path
from selfheal.fix.answers import code_of
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.lint.bounds import unacceptable
from selfheal.fix.lint.docstrings import imperative
from selfheal.fix.lint.finding import Finding, Rewrite, finding_of
from selfheal.fix.lint.meanings import Extent, Meaning, meaning_of
from selfheal.fix.lint.rewrite import LINTERS
from selfheal.fix.lint.source import Definition, FunctionNode, Source
from selfheal.fix.lint.splicing import fold
from selfheal.fix.lint.statements import docstring, first_line
from selfheal.fix.prompts import tried_text

SYSTEM = (
    "You mend one finding of a linter in Python code. You get the finding and the code it is about. "
    "Answer with that code, mended, in one ```python block. Change nothing else, keep names, comments and behaviour. "
    "Never add noqa, disable or ignore comments."
)
DESCRIBE = (
    "You write the docstring of Python code: one short sentence, twelve words at most, that says what it does. "
    "Answer as JSON."
)
_MAX_TOGETHER = 6
_MAX_SINGLE = 12
_MAX_LINES = {Extent.STATEMENT: 30, Extent.FUNCTION: 70, Extent.DOCSTRING: 40}
_TEMPERATURE = (0.0, 0.5, 0.8)
_ALL = "all"
_MAX_SENTENCE = 100


class Description(BaseModel):
    """The schema that the engine enforces for a docstring."""

    docstring: Annotated[str, Field(min_length=8, max_length=_MAX_SENTENCE)]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The whole lines that the model is asked about."""

    start: int
    end: int
    text: str
    indent: str


class LintModel:
    """The strategy that asks about each finding; several are mended in one candidate first."""

    name = "lint_model"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """The first findings together, then each alone."""
        findings = open_findings(case)
        places = ([_ALL] if len(findings) > 1 else []) + [_place(f) for f in findings[:_MAX_SINGLE]]
        return tuple(
            Target(strategy=self.name, place=place, samples=1 if place == _ALL else len(_TEMPERATURE), uses_model=True)
            for place in places
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask about each finding of the target; answers that change more than they should are left out."""
        findings = [f for f in open_findings(case) if target.place in (_ALL, _place(f))][:_MAX_TOGETHER]
        edits: dict[str, list[Rewrite]] = {}
        sources: dict[str, Source] = {}
        refused = f"no finding stands at {target.place}"
        for finding in findings:
            source = sources.get(finding.file) or Source.read(finding.file, case.tree.read(finding.file))
            if source is None:
                refused = f"{finding.file} can't be read"
                continue
            sources[finding.file] = source
            made = await _asked(case, source, finding, sample=sample, tried=tried)
            if isinstance(made, Rewrite):
                edits.setdefault(finding.file, []).append(made)
            else:
                refused = made.reason
                if made.is_spent and len(findings) == 1:
                    return made
        folded = {path: fold(sources[path].raw, made, lambda _: True)[0] for path, made in edits.items()}
        changed = tuple(FileEdit(path=p, content=_with_bom(case, p, raw)) for p, raw in folded.items())
        if not changed:
            return NoCandidate(refused, is_spent=target.place == _ALL)
        codes = sorted({f.code for f in findings})
        return CandidatePatch(
            strategy=f"{self.name}:{'+'.join(codes[:6])}",
            edits=changed,
            rationale=f"{', '.join(codes[:6])} mended by the model; no linter can tell whether it still does the same",
            disposition=Disposition.NEEDS_HUMAN,
        )


def open_findings(case: RepairCase) -> tuple[Finding, ...]:
    """The findings that a model may be asked about: none in a test, none that a rewrite of code can't mend."""
    if case.diagnosis.category is not Category.LINT:
        return ()
    found = (finding_of(failure) for failure in case.diagnosis.failures if failure.tool in LINTERS)
    return tuple(
        dict.fromkeys(f for f in found if f is not None and meaning_of(f.code) is not None and not is_test_path(f.file))
    )


def _place(finding: Finding) -> str:
    return f"{finding.file}:{finding.line}:{finding.column or 0}:{finding.code}"


def _with_bom(case: RepairCase, path: str, raw: bytes) -> bytes:
    bom = b"\xef\xbb\xbf"
    return bom + raw if (case.tree.read(path) or b"").startswith(bom) else raw


async def _asked(
    case: RepairCase, source: Source, finding: Finding, *, sample: int, tried: tuple[Tried, ...]
) -> Rewrite | NoCandidate:
    meaning = meaning_of(finding.code) or Meaning("")
    if meaning.extent is Extent.DOCSTRING:
        return await _described(case, source, finding, sample=sample)
    excerpt = _excerpt(source, finding, meaning.extent)
    if excerpt is None:
        return NoCandidate(f"the code around {_place(finding)} is too long, or no statement", is_spent=True)
    hint = f"{meaning.words}\n" if meaning.words else ""
    again = tried_text(tried)
    request = ModelRequest(
        system=SYSTEM,
        user=f"```python\n{excerpt.text}```\n\nThe finding, in `{_own_line(source, finding)}`:\n"
        f"{finding.code}: {finding.message}\n{hint}{again}",
        max_tokens=min(80 + len(excerpt.text) // 2, 900),
        temperature=_TEMPERATURE[min(sample, len(_TEMPERATURE) - 1)],
        seed=case.seed + sample,
        purpose="lint",
    )
    answer = await case.ask(request)
    if isinstance(answer, ModelFailure):
        return NoCandidate(answer.message, is_spent=answer.is_final)
    new = textwrap.dedent(code_of(answer.text)).strip("\n") + "\n"
    if reason := unacceptable(excerpt.text, new, meaning):
        return NoCandidate(reason, is_spent=False)
    indented = textwrap.indent(new, excerpt.indent, lambda line: bool(line.strip())).replace("\n", source.newline)
    return Rewrite((source.splice(excerpt.start, excerpt.end, indented),), finding.message, is_sure=False)


def _own_line(source: Source, finding: Finding) -> str:
    return source.line(finding.line).strip()[:160]


def _excerpt(source: Source, finding: Finding, extent: Extent) -> Excerpt | None:
    """The whole lines of the smallest statement, or function, around a finding; None where they are too many."""
    found: list[ast.stmt] = [
        n for n in source.nodes(ast.stmt) if first_line(n) <= finding.line <= (n.end_lineno or n.lineno)
    ]
    functions: list[ast.stmt] = [n for n in found if isinstance(n, FunctionNode)]
    if extent is Extent.FUNCTION and functions:
        found = functions
    if not found:
        return None
    node = found[-1]
    first, last = first_line(node), node.end_lineno or node.lineno
    start, end = source.line_start(first), source.line_start(last + 1)
    text = textwrap.dedent(source.between(start, end)).replace("\r\n", "\n")
    if last - first >= _MAX_LINES[extent] or source.between(start, source.span(node)[0]).strip(" \t\r\n")[:1] not in (
        "",
        "@",
    ):
        return None
    return Excerpt(start, end, text if text.endswith("\n") else f"{text}\n", source.indent(first))


async def _described(case: RepairCase, source: Source, finding: Finding, *, sample: int) -> Rewrite | NoCandidate:
    """A docstring is asked for as one sentence, and put in by us: nothing else can change."""
    place = _undescribed(source, finding)
    if place is None:
        return NoCandidate(f"nothing at {_place(finding)} lacks a docstring", is_spent=True)
    node, at, indent = place
    code = "\n".join(source.text(node).splitlines()[: _MAX_LINES[Extent.DOCSTRING]]) if node is not source.tree else ""
    code = code or "\n".join(source.line(n) for n in range(1, _MAX_LINES[Extent.DOCSTRING]))
    request = ModelRequest(
        system=DESCRIBE,
        user=f"```python\n{textwrap.dedent(code)}\n```\n",
        max_tokens=64,
        temperature=_TEMPERATURE[min(sample, len(_TEMPERATURE) - 1)],
        seed=case.seed + sample,
        answer_type=Description,
        purpose="lint",
    )
    answer = await case.ask(request)
    if not isinstance(answer, ModelAnswer) or not isinstance(answer.parsed, Description):
        return NoCandidate("the model gave no docstring", is_spent=isinstance(answer, ModelFailure) and answer.is_final)
    words = " ".join(answer.parsed.docstring.replace('"', "'").replace("\\", "/").split()).strip("' ")
    if len(words) >= _MAX_SENTENCE - 4:
        return NoCandidate("the docstring is cut off", is_spent=False)
    words = imperative(words) or words
    words = words[:1].upper() + words[1:].rstrip(".") + "."
    text = f'{indent}"""{words}"""{source.newline}{source.newline if node is source.tree else ""}'
    return Rewrite((source.insert(at, text),), f"{finding.message}: written by the model", is_sure=False)


def _undescribed(source: Source, finding: Finding) -> tuple[ast.AST, int, str] | None:
    """The definition, or the module, that a finding wants described, and where its docstring goes."""
    if finding.code in ("C0114", "D100", "D104"):
        number = 1
        while source.line(number).startswith("#"):
            number += 1
        return None if docstring(source.tree) else (source.tree, source.line_start(number), "")
    for node in source.nodes(ast.stmt):
        if isinstance(node, Definition) and finding.line in range(first_line(node), node.body[0].lineno):
            begin = first_line(node.body[0])
            return None if docstring(node) else (node, source.line_start(begin), source.indent(begin))
    return None
