"""What a person reads first: how it ended, what failed, which agent went wrong, on what evidence, and why."""

from collections import Counter
from dataclasses import dataclass

from selfheal.contract.report import Report
from selfheal.contract.signals import Measure, Signal
from selfheal.page.blame import Blame, blame
from selfheal.page.run import Run

_HEADLINES = {
    "healed": ("good", "Healed: a patch is proved"),
    "already_passing": ("good", "Nothing to heal: the command passes now"),
    "flaky": ("odd", "Flaky: the command disagrees with itself"),
    "not_fixable": ("odd", "Not the code's fault"),
    "exhausted": ("bad", "Not healed"),
    "refused": ("bad", "Not healed: only patches that cheat made it pass"),
    "error": ("bad", "selfheal itself failed"),
    "unfinished": ("bad", "Cut short: the process ended before the repair did"),
}
_VERDICTS = {
    "proved": "proved",
    "improved": "went a part of the way",
    "unchanged": "left the failure as it was",
    "worse": "made it worse",
    "refused": "were refused by the policy",
    "unstable": "passed once and failed once",
    "invalid": "could not be tried",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Told:
    """A signal in words, with its numbers."""

    kind: str
    summary: str
    numbers: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything above the details."""

    tone: str
    headline: str
    command: str
    failed: tuple[str, ...]
    blame: Blame | None
    tried: str
    next_steps: tuple[str, ...]
    signals: tuple[Told, ...]
    facts: tuple[Fact, ...]


def story(run: Run) -> Story:
    """Tell it, by the report where there is one, else as far as the trace goes."""
    tone, headline = _HEADLINES.get(run.outcome, ("bad", run.outcome.replace("_", " ")))
    report = run.report
    return Story(
        tone=tone,
        headline=headline,
        command=report.command if report else (run.root.text("selfheal.command") if run.root else ""),
        failed=_failed(run),
        blame=blame(run),
        tried=_tried(report) if report else "",
        next_steps=report.next_steps if report else (),
        signals=tuple(_told(signal) for signal in report.signals) if report else _signals_of_trace(run),
        facts=_facts(run),
    )


def _failed(run: Run) -> tuple[str, ...]:
    diagnosis = run.report.diagnosis if run.report else None
    if diagnosis is None:
        seen = [span for span in run.named("execute_tool diagnose") if span.text("selfheal.diagnosis")]
        return (f"{seen[0].text('selfheal.category')}: {seen[0].text('selfheal.diagnosis')}",) if seen else ()
    lines = [f"{diagnosis.category.value}: {diagnosis.summary}"]
    for failure in diagnosis.failures[:3]:
        place = ":".join(str(part) for part in (failure.file, failure.line) if part is not None)
        first = failure.message.strip().splitlines()[0] if failure.message.strip() else ""
        line = " ".join(part for part in (place, failure.test_id or "", first) if part)
        lines += [line] if first not in lines[0] or place else []
    if len(diagnosis.failures) > 3:
        lines.append(f"and {len(diagnosis.failures) - 3} more")
    return tuple(lines)


def _tried(report: Report) -> str:
    if not report.attempts:
        return "No candidate was tried."
    real = [attempt for attempt in report.attempts if attempt.diff]
    counts = Counter(attempt.verdict.value for attempt in real)
    parts = [f"{count} {_VERDICTS[verdict]}" for verdict, count in counts.most_common()]
    empty = len(report.attempts) - len(real)
    names = dict.fromkeys(attempt.strategy.partition(":")[0] for attempt in report.attempts)
    ways = ", ".join(name for name in names if name != "none") or "the dependency agent"
    words = f"{len(real)} candidate{'s' if len(real) != 1 else ''}" + (f": {', '.join(parts)}" if parts else "")
    gave_none = f"; {empty} time{'s' if empty != 1 else ''} nothing could be proposed" if empty else ""
    trials = f"; {report.usage.trials} more were turned away by warm tests" if report.usage.trials else ""
    return f"{words}{gave_none}{trials}. By {ways}."


def _told(signal: Signal) -> Told:
    return Told(
        kind=signal.kind.value.replace("_", " "),
        summary=signal.summary,
        numbers=tuple(Fact(measure.name.replace("_", " "), _number(measure)) for measure in signal.measures),
    )


def _number(measure: Measure) -> str:
    was = f"{measure.was:g} → " if measure.was is not None else ""
    limit = f" (limit {measure.limit:g})" if measure.limit is not None else ""
    return f"{was}{measure.value:g}{limit}"


def _signals_of_trace(run: Run) -> tuple[Told, ...]:
    events = [event for span in run.trace.spans for event in span.events if "selfheal.summary" in event.attributes]
    return tuple(
        Told(event.name.removeprefix("selfheal.").replace("_", " "), str(event.attributes["selfheal.summary"]), ())
        for event in events[:10]
    )


def _facts(run: Run) -> tuple[Fact, ...]:
    report = run.report
    found = [Fact("time", f"{report.usage.wall_s if report else run.lasted_ns / 1e9:.1f} s")]
    if report is not None:
        usage = report.usage
        found += [
            Fact("commands", f"{usage.command_runs} runs, {usage.command_wall_s:.1f} s"),
            Fact("model", f"{usage.model_calls} calls, {usage.model_wall_s:.1f} s"),
            Fact("tokens", f"{usage.prompt_tokens} read, {usage.completion_tokens} written"),
            Fact("engine", f"{report.model.name} ({report.model.engine})" if report.model else "no model was asked"),
            Fact("sandbox", report.sandbox or "none"),
            Fact("commit", (report.base_commit or "none")[:12]),
            Fact("selfheal", report.selfheal_version),
        ]
    found.append(Fact("spans", str(len(run.trace.spans))))
    if run.trace.unread:
        found.append(Fact("unreadable lines", str(run.trace.unread)))
    return tuple(found)
