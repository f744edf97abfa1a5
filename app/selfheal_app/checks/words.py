"""What the check run says. Its conclusion never turns a red build green: it is at best none. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from selfheal.contract.report import Outcome, Report
from selfheal_app.checks.annotations import Annotation, annotations_of
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.ending import Ending, Published, Withheld, Withholding
from selfheal_app.publishing.wording import bounded, cause, proof, rivals, run_url, short
from selfheal_app.repository_policy import FILE


class Conclusion(StrEnum):
    """Of GitHub's, those that are not green."""

    NEUTRAL = "neutral"
    ACTION_REQUIRED = "action_required"
    FAILURE = "failure"


class Button(StrEnum):
    """What a person can press; the value comes back with the event."""

    APPLY = "apply"
    RETRY = "retry"
    DISMISS = "dismiss"

    def body(self) -> dict[str, str]:
        """As GitHub takes it: 20 characters of label, 40 of description."""
        label, description = {
            Button.APPLY: ("Apply fix", "Merge the fix into this branch"),
            Button.RETRY: ("Retry", "Run the failed jobs again"),
            Button.DISMISS: ("Dismiss", "Close the fix, delete its branch"),
        }[self]
        return {"label": label, "description": description, "identifier": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWords:
    """A title, a summary and a text in Markdown, what is pointed at, and what can be pressed."""

    title: str
    summary: str
    text: str
    conclusion: Conclusion
    annotations: tuple[Annotation, ...] = ()
    buttons: tuple[Button, ...] = ()


def check_words(report: Report, ending: Ending, run: FinishedRun, *, server: str) -> CheckWords:
    """The words for a repair that was reported, however its publication ended."""
    title, conclusion, buttons = _verdict(report, ending)
    said = [f"The [run that failed]({run_url(run, server)}) was of {run.head_sha}.", short(report.summary)]
    if isinstance(ending, Published):
        said.append(f"**{short(ending.message)}**: {ending.url}")
    elif ending.why is not Withholding.NOTHING:
        said.append(f"**Nothing was published**: {short(ending.message)}")
    said += [f"- {short(step)}" for step in report.next_steps[:8]]
    advice = report.diagnosis.advice if report.diagnosis is not None else ""
    said += [f"What to do: {short(advice)}"] if advice else []
    told = [*cause(report), *(proof(report) if report.outcome is Outcome.HEALED else []), *rivals(report)]
    return CheckWords(
        title=title,
        summary=bounded(said),
        text=bounded(told),
        conclusion=conclusion,
        annotations=_places(report, ending),
        buttons=buttons,
    )


def dismissed(words: CheckWords, by: str) -> CheckWords:
    """The same, after a person has put it aside."""
    said = bounded([f"Put aside by {short(by)}.", words.summary])
    return replace(words, title="Dismissed", summary=said, conclusion=Conclusion.NEUTRAL, buttons=(Button.RETRY,))


def _verdict(report: Report, ending: Ending) -> tuple[str, Conclusion, tuple[Button, ...]]:
    match report.outcome:
        case Outcome.HEALED:
            return _healed(ending)
        case Outcome.ALREADY_PASSING:
            return "The failing command passes now", Conclusion.NEUTRAL, (Button.RETRY,)
        case Outcome.FLAKY:
            return "Flaky: the command disagrees with itself", Conclusion.NEUTRAL, (Button.RETRY,)
        case Outcome.NOT_FIXABLE:
            return "Not the code's fault", Conclusion.NEUTRAL, (Button.RETRY,)
        case Outcome.EXHAUSTED:
            return "Not healed: the cause is below", Conclusion.FAILURE, (Button.RETRY,)
        case Outcome.REFUSED:
            return "Not healed: only patches that cheat made it pass", Conclusion.FAILURE, (Button.RETRY,)
        case Outcome.ERROR:
            return "selfheal itself failed", Conclusion.FAILURE, (Button.RETRY,)
        case never:
            assert_never(never)


def _healed(ending: Ending) -> tuple[str, Conclusion, tuple[Button, ...]]:
    if isinstance(ending, Published):
        return "Fixed for you: look at the pull request", Conclusion.ACTION_REQUIRED, tuple(Button)
    match ending.why:
        case Withholding.HEAD_MOVED:
            return "A fix is there, but the branch has moved on", Conclusion.NEUTRAL, (Button.RETRY,)
        case Withholding.NO_PULL_REQUEST | Withholding.READ_ONLY | Withholding.NOTHING:
            return "A fix is there, but not to be handed over", Conclusion.NEUTRAL, (Button.RETRY,)
        case Withholding.REFUSED if ending.settings_line is not None:
            return f"{FILE} is wrong", Conclusion.ACTION_REQUIRED, (Button.APPLY, Button.RETRY)
        case Withholding.REFUSED:
            return "The patch was refused", Conclusion.FAILURE, (Button.RETRY,)
        case Withholding.NOT_PERMITTED | Withholding.BRANCH_TAKEN:
            return (
                "A fix is there, but could not be handed over",
                Conclusion.ACTION_REQUIRED,
                (Button.APPLY, Button.RETRY),
            )
        case never:
            assert_never(never)


def _places(report: Report, ending: Ending) -> tuple[Annotation, ...]:
    places = annotations_of(report)
    if isinstance(ending, Withheld) and ending.settings_line is not None:
        return (Annotation(FILE, max(1, ending.settings_line), "selfheal settings", ending.message[:2000]), *places)
    return places
