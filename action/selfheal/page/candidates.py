"""Each candidate: its diff, its verdict, and where it came from."""

from dataclasses import dataclass
from typing import Literal

from selfheal.contract.trace_lines import Origin, SpanRecord
from selfheal.page.run import Run, took_s

_WORDS = {
    "proved": "proved: the command passes",
    "improved": "better, but not green",
    "unchanged": "the same failure as before",
    "worse": "worse than before",
    "refused": "refused by the policy",
    "unstable": "passed once and failed once",
    "invalid": "could not be tried",
}
_LINKS = {
    "proposed_by": "proposed in",
    "answered_by": "made from the answer of",
    "stands_on": "stands on what was kept by",
    "knew_verdict": "made after seeing",
}
_MOST_LINES = 600


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a diff."""

    kind: Literal["add", "cut", "hunk", "same"]
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a candidate came from."""

    span_id: str
    words: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One attempt; one without a diff gave no candidate."""

    number: int
    strategy: str
    verdict: str
    words: str
    reason: str
    diff: tuple[DiffLine, ...]
    left_out: int
    """Lines of the diff that are not shown."""
    tokens: int
    took_s: float | None
    target: str
    span_id: str
    sources: tuple[Source, ...]


def candidates(run: Run) -> tuple[Candidate, ...]:
    """By the report where there is one, else by the verdicts of the trace."""
    verdicts = {int(span.number("selfheal.candidate")): span for span in run.named("verdict")}
    if run.report is None:
        return tuple(_of_span(run, number, span) for number, span in sorted(verdicts.items()))
    found = []
    for attempt in run.report.attempts:
        span = verdicts.get(attempt.number)
        lines, left_out = diff_lines(attempt.diff)
        found.append(
            Candidate(
                number=attempt.number,
                strategy=attempt.strategy,
                verdict=attempt.verdict.value,
                words=_words(attempt.verdict.value, has_diff=bool(attempt.diff) or span is not None),
                reason=attempt.reason,
                diff=lines,
                left_out=left_out,
                tokens=attempt.prompt_tokens + attempt.completion_tokens,
                took_s=attempt.wall_s,
                target=span.text("selfheal.target") if span else "",
                span_id=span.span_id if span else "",
                sources=_sources(run, span) if span else (),
            )
        )
    return tuple(found)


def diff_lines(diff: str) -> tuple[tuple[DiffLine, ...], int]:
    """The lines with their kinds, and how many were left out."""
    lines = diff.splitlines()
    return tuple(DiffLine(_kind(line), line) for line in lines[:_MOST_LINES]), max(0, len(lines) - _MOST_LINES)


def _kind(line: str) -> Literal["add", "cut", "hunk", "same"]:
    if line.startswith(("+++", "---", "diff ", "index ", "@@", "new file", "deleted file")):
        return "hunk"
    return "add" if line.startswith("+") else "cut" if line.startswith("-") else "same"


def _words(verdict: str, *, has_diff: bool) -> str:
    if verdict == "invalid" and not has_diff:
        return "gave no candidate"
    return _WORDS.get(verdict, verdict)


def _of_span(run: Run, number: int, span: SpanRecord) -> Candidate:
    lines, left_out = diff_lines(span.text("selfheal.diff"))
    verdict = span.text("selfheal.verdict") or "unfinished"
    return Candidate(
        number=number,
        strategy=span.text("selfheal.strategy"),
        verdict=verdict,
        words=_words(verdict, has_diff=True),
        reason=span.text("selfheal.reason"),
        diff=lines,
        left_out=left_out,
        tokens=0,
        took_s=took_s(span),
        target=span.text("selfheal.target"),
        span_id=span.span_id,
        sources=_sources(run, span),
    )


def _sources(run: Run, span: SpanRecord) -> tuple[Source, ...]:
    known = {each.span_id: each for each in run.trace.spans}
    origins = list(span.links)
    proposal = next((known[o.span_id] for o in origins if o.span_id in known and _is(o, "proposed_by")), None)
    origins += [origin for origin in proposal.links if _is(origin, "knew_verdict")] if proposal else []
    return tuple(
        Source(origin.span_id, f"{_LINKS.get(_kind_of(origin), 'came from')} {_name(known[origin.span_id])}")
        for origin in origins
        if origin.span_id in known
    )


def _kind_of(origin: Origin) -> str:
    return str(origin.attributes.get("selfheal.link", ""))


def _is(origin: Origin, kind: str) -> bool:
    return _kind_of(origin) == kind


def _name(span: SpanRecord) -> str:
    if span.name == "verdict":
        return f"the verdict on candidate {int(span.number('selfheal.candidate'))}"
    return f"the {span.text('gen_ai.agent.name')}'s turn" if span.text("gen_ai.agent.name") else span.name
