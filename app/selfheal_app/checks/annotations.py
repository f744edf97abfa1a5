"""Failures as annotations of lines. Pure; a report's paths and texts are foreign."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Failure
from selfheal.contract.report import Report

MOST = 200
_MOST_TITLE = 200
_MOST_MESSAGE = 2000
_MOST_LINE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Annotation:
    """A line of a file, counted from 1, and what is wrong with it. GitHub shows both texts as they are."""

    path: str
    line: int
    title: str
    message: str

    def body(self) -> dict[str, str | int]:
        """As GitHub takes it."""
        return {
            "path": self.path,
            "start_line": self.line,
            "end_line": self.line,
            "annotation_level": "failure",
            "title": self.title,
            "message": self.message,
        }


def annotations_of(report: Report) -> tuple[Annotation, ...]:
    """One for each failure that has a place in the repository; the same is said once."""
    failures = report.diagnosis.failures if report.diagnosis is not None else ()
    found = [each for failure in failures if (each := _annotation(failure)) is not None]
    return tuple(dict.fromkeys(found))[:MOST]


def _annotation(failure: Failure) -> Annotation | None:
    path = failure.file or ""
    if not _is_plain(path) or failure.line is None or not 1 <= failure.line <= _MOST_LINE:
        return None
    title = " ".join(part for part in (failure.tool, failure.code) if part)
    message = _printable(failure.message)[:_MOST_MESSAGE] or "failed"
    return Annotation(path, failure.line, _printable(title)[:_MOST_TITLE] or "failure", message)


def _is_plain(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return 0 < len(path) <= 500 and path.isprintable() and "\\" not in path and not {"/", ".."} & set(parts)


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
