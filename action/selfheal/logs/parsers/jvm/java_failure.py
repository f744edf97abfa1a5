"""Make a finding out of a test, or a program, that ended with a Java stack trace."""

from collections.abc import Sequence

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.exceptions import final
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, Stage
from selfheal.logs.parsers.jvm.stack import Place, is_own, locate, read_frame, read_trace
from selfheal.logs.repository import Repository

MAX_BLOCK = 400


def java_failure(
    repository: Repository,
    *,
    tool: str,
    test_id: str | None,
    block: Sequence[str],
    lines: tuple[int, int],
) -> Finding:
    """A finding whose excerpt leaves the frames of libraries out."""
    chain = read_trace(block)
    top, place = final(chain), locate(chain, repository)
    kind = top.type_name if top is not None else ""
    root = chain[0] if len(chain) > 1 else None
    message = f"{kind}: {top.message}" if top is not None and top.message else kind or "the test failed"
    if root is not None:
        message += f"\nCaused by: {root.type_name}: {root.message}".rstrip(": ")
    kept = []
    for row in block:
        frame = read_frame(row)
        if frame is None or is_own(frame, repository):
            kept.append(row.rstrip())
    if place.file is None and test_id is not None:
        place = Place(_class_file(test_id, repository))
    where = [f"{place.file}:{place.line}"] if place.line is not None else []
    failure = Failure(
        tool=tool,
        message=message[:2_000],
        file=place.file,
        line=place.line,
        test_id=test_id,
        code=kind or None,
        frames=place.frames,
        excerpt="\n".join([*where, *kept])[:MAX_EXCERPT],
    )
    is_assertion = kind.endswith(
        ("AssertionError", "AssertionFailedError", "ComparisonFailure", "MultipleFailuresError")
    )
    reason = "a test's assertion does not hold" if is_assertion else f"the code raised {kind or 'an exception'}"
    block_text = "\n".join(block)[:6_000]
    return Finding(failure, Category.TEST, Stage.RUN, lines, chain, block_text, reason)


def _class_file(test_id: str, repository: Repository) -> str | None:
    """Where no frame is the repository's own, the test's class is all that is known."""
    owner = test_id.partition("#")[0].partition("$")[0].replace(".", "/")
    paths = (f"{owner}.java", f"{owner}.kt", f"{owner}.groovy")
    found = (repository.relative(path) for path in paths)
    return next((path for path in found if path in repository.known_files), None)
