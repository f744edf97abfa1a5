"""The words of a commit, a pull request and a review. Text of the report is escaped; none of it is in a commit."""

import re
from collections import Counter
from dataclasses import dataclass

from selfheal.contract import markdown
from selfheal.contract.diff import FileDiff
from selfheal.contract.markdown import fence, inline
from selfheal.contract.patch import Disposition
from selfheal.contract.report import Report
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.suggestions import Plan, Suggestion

MAX_BODY = 60_000
"""Characters; GitHub takes 65,536."""
_LIVE_IN_COMMITS = re.compile(
    r"#(?=\d)|@(?=\w)|\[(?=\s*(?:skip|ci|no|actions)\b)|\bGH(?=-\d)|\*{3}(?=NO_CI)|skip-checks(?=:)", re.IGNORECASE
)
_MOST_LISTED = 8
_MOST_TEXT = 400
_NEEDS_HUMAN = "**A person should look at it before it is merged**: nothing but the failing command bears it out."
_CUT = "\n… cut: see the artifact"


@dataclass(frozen=True, slots=True)
class Words:
    """A title and a body in Markdown."""

    title: str
    body: str


def commit_message(report: Report, run: FinishedRun, diffs: tuple[FileDiff, ...]) -> str:
    """Nothing of it comes from the report's free text: a commit can close issues, skip checks and name authors."""
    return f"{_headline(report, diffs)}\n\nMade by selfheal for run {run.run_id}, attempt {run.run_attempt}.\n"


def pull_request_words(report: Report, run: FinishedRun, diffs: tuple[FileDiff, ...], *, server: str) -> Words:
    """Cause, proof, what is changed, what was tried besides, and how to undo it."""
    parts = [
        f"The [run that failed]({run_url(run, server)}) was of {run.head_sha}.",
        *cause(report),
        *proof(report),
        "### What it changes\n\n" + "\n".join([*files(diffs), *reasons(report)]),
        *rivals(report),
        "### If it is not right\n\nClose this pull request: nothing else was changed. After merging, *Revert* below "
        "undoes it.",
    ]
    return Words(f"Build failed, but I fixed it for you: {_headline(report, diffs)}", bounded(parts))


def review_body(report: Report, run: FinishedRun, plan: Plan, *, server: str) -> str:
    """The review's own text: cause and proof, and the part of the patch that could not be suggested at its place."""
    count = len(plan.suggestions)
    parts = [marker(run), f"**The build failed, but I have a fix for it** ([run]({run_url(run, server)}))."]
    parts += [*cause(report), *proof(report)]
    if count:
        parts.append(
            f"It is in {'the suggestion' if count == 1 else f'the {count} suggestions'} below: commit "
            f"{'it' if count == 1 and not plan.rest else 'all of it together, it was proved as a whole'}."
        )
    if plan.rest:
        what = "The part outside this pull request's diff" if count else "The patch, for `git apply`"
        diff = plan.rest if len(plan.rest) <= MAX_BODY // 2 else plan.rest[: MAX_BODY // 2] + _CUT
        parts.append(f"<details><summary>{what}</summary>\n\n{fence(diff, 'diff')}\n\n</details>")
    return bounded(parts)


def suggestion_body(suggestion: Suggestion) -> str:
    """One suggestion block, which its own text can't close."""
    longest = max((len(run) for run in re.findall(r"`+", suggestion.text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}suggestion\n{suggestion.text}{ticks}"


def marker(run: FinishedRun) -> str:
    """The comment that nobody sees, by which a review is found again."""
    return f"<!-- selfheal:review:{run.run_id}-{run.run_attempt} -->"


def _headline(report: Report, diffs: tuple[FileDiff, ...]) -> str:
    category = report.diagnosis.category.value if report.diagnosis is not None else "unknown"
    count = "1 file" if len(diffs) == 1 else f"{len(diffs)} files"
    return f"mend the {category} failure in {count}"


def run_url(run: FinishedRun, server: str) -> str:
    """Where people see the attempt."""
    return f"{server}/{run.repository}/actions/runs/{run.run_id}/attempts/{run.run_attempt}"


def cause(report: Report) -> list[str]:
    """What failed, and where."""
    diagnosis = report.diagnosis
    if diagnosis is None:
        return []
    failures = [
        f"- {_code(_place(failure.file, failure.line) or failure.tool)} {short(failure.message)}"
        for failure in diagnosis.failures[:_MOST_LISTED]
    ]
    more = len(diagnosis.failures) - len(failures)
    failures += [f"- … and {more} more"] if more else []
    said = f"### What failed\n\n{_code(report.command[:_MOST_TEXT])} · **{diagnosis.category.value}**"
    return [said, short(diagnosis.summary), *(["\n".join(failures)] if failures else [])]


def proof(report: Report) -> list[str]:
    """What shows that the patch mends it."""
    seen = report.verification
    lines = [
        f"### What proves it\n\nThe command failed twice without the patch, and passed {len(seen.after)} times with it "
        f"(sandbox: {short(report.sandbox or 'none')})."
    ]
    if seen.tests_collected_before is not None and seen.tests_collected_after is not None:
        lines.append(f"Tests collected: {seen.tests_collected_before} before, {seen.tests_collected_after} after.")
    if (guarded := seen.guarded) is not None:
        lines.append(f"The project's own tests ({_code(guarded.command[:_MOST_TEXT])}): {guarded.passed_after} pass.")
    if report.patch is not None and report.patch.disposition is Disposition.NEEDS_HUMAN:
        lines.append(_NEEDS_HUMAN)
    return lines


def files(diffs: tuple[FileDiff, ...]) -> list[str]:
    """What a patch changes, a line each; counted from the diff itself, not from what the report says of it."""
    rows = []
    for file in diffs[: 4 * _MOST_LISTED]:
        before = Counter(line for hunk in file.hunks for line in hunk.before)
        after = Counter(line for hunk in file.hunks for line in hunk.after)
        what = " (new)" if file.is_created else " (deleted)" if file.is_deleted else ""
        rows.append(f"- {_code(file.path)}{what}: +{(after - before).total()} -{(before - after).total()}")
    return rows + ([f"- … and {len(diffs) - len(rows)} more"] if len(diffs) > len(rows) else [])


def reasons(report: Report) -> list[str]:
    """What each part of the patch does and why it was preferred, in the words of the strategy that made it."""
    kept = [each for each in report.attempts if each.is_kept]
    return [f"- {_code(each.strategy[:80])}: {short(each.rationale)}" for each in kept[:_MOST_LISTED] if each.rationale]


def rivals(report: Report) -> list[str]:
    """What was tried besides, folded."""
    won = report.patch.sha256 if report.patch is not None else None
    others = [each for each in report.attempts if each.patch_sha256 != won]
    if not others:
        return []
    rows = [
        f"- {_code(each.strategy[:80])}: {each.verdict.value}, {short(each.reason)}" for each in others[:_MOST_LISTED]
    ]
    rows += [f"- … and {len(others) - _MOST_LISTED} more"] if len(others) > _MOST_LISTED else []
    return ["<details><summary>What was tried besides</summary>\n\n" + "\n".join(rows) + "\n\n</details>"]


def _code(text: str) -> str:
    """A code span, harmless also where GitHub makes a commit message of the body when the branch is squashed."""
    return _calmed(markdown.code(text))


def _calmed(text: str) -> str:
    return _LIVE_IN_COMMITS.sub("\\g<0>\u200b", text)


def _place(file: str | None, line: int | None) -> str:
    return ":".join(str(part) for part in (file, line) if part is not None)[:200]


def short(text: str) -> str:
    """One line of foreign text, harmless in Markdown."""
    line = " ".join(text.split())
    return _calmed(inline(line if len(line) <= _MOST_TEXT else line[:_MOST_TEXT] + "…"))


def bounded(parts: list[str]) -> str:
    """As many parts as fit; none is cut in its middle."""
    kept: list[str] = []
    for part in parts:
        if sum(map(len, kept)) + len(part) + 2 * len(kept) <= MAX_BODY:
            kept.append(part)
    return "\n\n".join(kept) + "\n"
