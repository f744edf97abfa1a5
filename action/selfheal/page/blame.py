"""Which agent went wrong, on what evidence, and why. Rules over what the run has left, the most certain first."""

import re
from collections import Counter
from dataclasses import dataclass

from selfheal.contract import diff
from selfheal.contract.diagnosis import Category
from selfheal.contract.report import Attempt, Report
from selfheal.contract.signals import SignalKind
from selfheal.contract.verdict import VerdictKind
from selfheal.page.run import Run

_MOST = 6
_SAME = "the same failure as before: "
_MARKS = re.compile(r"^E\s(?:\s*Use -v to get more diff$)?", re.MULTILINE)
_DEAD = "the model can't be asked"
_RIVAL = 0.6
"""A place of this share of the highest suspicion could as well hold the cause."""
_IN_VAIN = (VerdictKind.UNCHANGED, VerdictKind.WORSE, VerdictKind.INVALID)


@dataclass(frozen=True, slots=True)
class Blame:
    """Who, what they did wrong in a sentence, and what shows it."""

    agent: str
    words: str
    evidence: tuple[str, ...]


def blame(run: Run) -> Blame | None:
    """None where nothing went wrong."""
    report = run.report
    if report is None:
        return _unfinished(run) if run.unfinished or run.outcome == "unfinished" else None
    match report.outcome.value:
        case "healed" | "already_passing":
            return None
        case "flaky":
            return Blame("nobody", report.summary, ("The same tree passed and failed: no patch can be proved on it.",))
        case "not_fixable":
            return _not_fixable(report)
        case "error":
            return _broken(run, report)
        case "refused":
            return _refused(report)
        case _:
            return _exhausted(report)


def _unfinished(run: Run) -> Blame:
    deepest = run.unfinished[-1] if run.unfinished else None
    agent = next((s.text("gen_ai.agent.name") for s in run.unfinished if s.name.startswith("invoke_agent ")), "")
    going_on = [f"{span.name}, since {run.seconds(span.start_ns):.1f} s" for span in run.unfinished]
    doing = f"during {deepest.name}" if deepest else "before anything was recorded"
    words = f"The process was killed or stopped {doing}, {run.lasted_ns / 1e9:.1f} s after it began."
    return Blame(agent or "nobody", words, tuple(f"was going on: {each}" for each in going_on[:_MOST]))


def _not_fixable(report: Report) -> Blame:
    diagnosis = report.diagnosis
    evidence = [f.message.strip().splitlines()[0] for f in diagnosis.failures if f.message.strip()] if diagnosis else []
    words = diagnosis.reason if diagnosis and diagnosis.reason else report.summary
    return Blame("nobody", f"No patch to this repository can mend it: {words}.", tuple(evidence[:_MOST]))


def _broken(run: Run, report: Report) -> Blame:
    failing = [span for span in run.named("invoke_agent ") if span.is_error]
    agent = failing[-1].text("gen_ai.agent.name") if failing else "selfheal"
    return Blame(agent, f"It broke: {report.summary}", tuple(span.error for span in failing[-2:] if span.error))


def _refused(report: Report) -> Blame:
    rules = Counter(a.reason.partition(":")[0] for a in report.attempts if a.verdict is VerdictKind.REFUSED)
    evidence = tuple(f"{times} × {rule}" for rule, times in rules.most_common(_MOST))
    return Blame("fixer", "Every patch of its that could have passed weakens what checks the code.", evidence)


def _exhausted(report: Report) -> Blame:
    for rule in (_never_ended, _no_model, _unread, _no_place, _drifted, _part_of_the_way, _no_candidate, _wrong_place):
        if (found := rule(report)) is not None:
            return found
    return Blame("fixer", "No candidate of its made the command pass.", _reasons(report.attempts))


def _never_ended(report: Report) -> Blame | None:
    if len(report.path) > 2 or report.diagnosis is not None:
        return None
    return Blame("verifier", f"It never saw the failure: {report.summary}", ())


def _no_model(report: Report) -> Blame | None:
    if _DEAD not in report.summary:
        return None
    why = report.summary.partition(_DEAD)[2].strip(": .")
    words = "No model answered, so only exact methods and searches could try, and they did not find it."
    better = [attempt for attempt in report.attempts if attempt.verdict is VerdictKind.IMPROVED]
    if better:
        words = (
            "No model answered, so only exact methods and searches could try. They got a part of the way: "
            f"{better[-1].reason}."
        )
    others = tuple(attempt for attempt in report.attempts if why not in attempt.reason and attempt not in better)
    return Blame("the model", words, (f"the model: {why}", *_reasons(others)))


def _unread(report: Report) -> Blame | None:
    if report.diagnosis is not None and report.diagnosis.category is not Category.UNKNOWN:
        return None
    tail = report.verification.before.tail.strip().splitlines()[-3:] if report.verification.before else []
    return Blame(
        "log analyst", "No parser could tell from the output what failed, so nobody knew where to look.", tuple(tail)
    )


def _no_place(report: Report) -> Blame | None:
    if report.suspects or any(attempt.diff for attempt in report.attempts) or "locate" not in report.path:
        return None
    failures = report.diagnosis.failures if report.diagnosis else ()
    seen = tuple(f"{f.file or f.tool}: {f.message.strip().splitlines()[0]}" for f in failures[:3] if f.message.strip())
    return Blame("architect", "It found no place in this repository's source that the failure leads to.", seen)


def _drifted(report: Report) -> Blame | None:
    signal = next((each for each in report.signals if each.kind is SignalKind.DRIFT), None)
    if signal is None:
        return None
    words = f"Its model went in circles or off the track. {signal.summary}"
    return Blame(signal.agent, words, _reasons(report.attempts))


def _part_of_the_way(report: Report) -> Blame | None:
    better = [attempt for attempt in report.attempts if attempt.verdict is VerdictKind.IMPROVED]
    if not better:
        return None
    last = better[-1]
    words = f"It got a part of the way with candidate {last.number} ({last.reason}), and found nothing for the rest."
    after = tuple(attempt for attempt in report.attempts if attempt.number > last.number)
    return Blame("fixer", words, _reasons(after or report.attempts))


def _no_candidate(report: Report) -> Blame | None:
    if any(attempt.diff for attempt in report.attempts):
        return None
    if not report.attempts:
        return Blame("supervisor", f"It found nothing to try: {_why(report)}.", _suspected(report))
    return Blame("fixer", "It made no candidate that could be tried.", _reasons(report.attempts))


def _wrong_place(report: Report) -> Blame | None:
    tried = [attempt for attempt in report.attempts if attempt.diff]
    if not tried or any(attempt.verdict not in _IN_VAIN for attempt in tried):
        return None
    places = Counter(path for attempt in tried for path in _files(attempt))
    best = max((s.suspiciousness for s in report.suspects), default=0.0)
    others = [s for s in report.suspects if s.symbol and s.file not in places and s.suspiciousness >= _RIVAL * best]
    where = ", ".join(f"{path} ({times}×)" if len(places) > 1 else path for path, times in places.most_common(3))
    number = f"All {len(tried)} candidates" if len(tried) > 1 else "The only candidate"
    same = all(attempt.verdict is VerdictKind.UNCHANGED for attempt in tried)
    if others and len(places) == 1 and same:
        never = ", ".join(dict.fromkeys(suspect.file for suspect in others[:4]))
        words = f"{number} for {where} mended nothing: the cause is likely elsewhere. Never tried: {never}."
        return Blame("architect", words, (*_suspected(report), *_reasons(tuple(tried)))[:_MOST])
    words = f"{number} for {where} mended nothing: it looked in the likely place and did not find the change."
    in_vain = tuple(attempt for attempt in report.attempts if not attempt.diff)
    shown = (*_reasons(tuple(tried))[:3], *_reasons(in_vain[-2:]), *_suspected(report))
    return Blame("fixer", words, shown[:_MOST])


def _files(attempt: Attempt) -> tuple[str, ...]:
    parsed = diff.parse(attempt.diff)
    return tuple(file.path for file in parsed) if isinstance(parsed, tuple) else ()


def _reasons(attempts: tuple[Attempt, ...]) -> tuple[str, ...]:
    """What became of them, alike ones told once."""
    counts = Counter((_strategy(a), _plain(a.reason)) for a in attempts)
    return tuple(
        f"{f'{times} × ' if times > 1 else ''}{strategy}: {reason}"
        for (strategy, reason), times in counts.most_common(4)
    )


def _plain(reason: str) -> str:
    """In one line, without pytest's marks; that nothing changed stands above."""
    lines = (" ".join(line.split()) for line in _MARKS.sub("", reason.removeprefix(_SAME)).splitlines())
    return " · ".join(line for line in lines if line)[:240]


def _strategy(attempt: Attempt) -> str:
    """The dependency agent, which chooses by itself, has none."""
    name = attempt.strategy.partition(":")[0]
    return "dependencies" if name == "none" else name


def _suspected(report: Report) -> tuple[str, ...]:
    return tuple(
        f"suspected {s.symbol or 'module level'} in {s.file}:{s.first_line}, "
        f"since {'; '.join(s.evidence[:3]) or 'no reason is told'}"
        for s in report.suspects[:3]
    )


def _why(report: Report) -> str:
    """The end of the summary says why it stopped."""
    return report.summary.rpartition("attempts: ")[2].rstrip(".") or report.summary
