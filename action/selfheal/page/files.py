"""Make the page from files: `selfheal trace view`, and the action's artifact."""

import json
from pathlib import Path

from selfheal.contract.report import Report
from selfheal.contract.trace_lines import read_trace
from selfheal.errors import UsageError
from selfheal.page.view import render


def write_page(trace: Path, *, out: Path | None = None, report: Path | None = None) -> Path:
    """Write the page and tell where. A report is taken from beside the trace where none is named."""
    read = _report(report or trace.with_name("report.json"), is_wanted=report is not None)
    try:
        with trace.open("rb") as lines:
            page = render(read_trace(lines), read)
        to = out or trace.with_suffix(".html")
        to.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from None
    return to


def _report(file: Path, *, is_wanted: bool) -> Report | None:
    """The report; one that was not asked for may be missing or another version's."""
    try:
        return Report.model_validate(json.loads(file.read_bytes()))
    except (OSError, ValueError, RecursionError) as error:
        if not is_wanted:
            return None
        why = error.strerror if isinstance(error, OSError) else "no report of this version"
        raise UsageError(f"{file} can't be read as a report ({why}): check --report") from None
