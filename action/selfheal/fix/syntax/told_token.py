"""Files in other languages whose parser says exactly which token is missing: put it there. No model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.syntax.damage import Damage, Repair, decoded

_SUFFIXES = frozenset({
    ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".go", ".rs", ".c", ".h", ".cc", ".cpp", ".cxx",
    ".hpp", ".java", ".kt", ".scala", ".cs", ".swift", ".php",
})  # fmt: skip
_SAMPLES = 4
_MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A message and the token that it asks for; `group` numbers the pattern's group that holds it."""

    says: re.Pattern[str]
    token: str = ""

    def wanted(self, message: str) -> str | None:
        """The token, None where the message is another one."""
        found = self.says.search(message)
        return (self.token or found[1]) if found is not None else None


_TOLD: tuple[Told, ...] = (
    Told(re.compile(r"^'([;,(){}\[\]:=]|=>)' expected")),
    Told(re.compile(r"missing '?([,)\]};(]|or )'? ?(?:before|at|after)")),
    Told(re.compile(r"unexpected newline in (?:composite literal|argument list); possibly missing comma or"), ","),
    Told(re.compile(r"unexpected .{1,40}, expect(?:ed|ing) ([;,(){}\[\]:])")),
    Told(re.compile(r"expected one of .{0,200}`;`.{0,80}found"), ";"),
    Told(re.compile(r"expected (?:one of )?[`'‘]([;,(){}\[\]:=]|=>)[`'’]")),
    Told(re.compile(r"[`'‘]([;,(){}\[\]:])[`'’] expected")),
    Told(re.compile(r"missing \) after argument list"), ")"),
    Told(re.compile(r"missing \) after condition"), ")"),
    Told(re.compile(r"Unexpected end of input|unclosed delimiter|reached end of file while parsing"), "}"),
    Told(re.compile(r"expected expression, found `\}`|unexpected EOF"), "}"),
)
"""What parsers say (tsc, node, go, rustc, gcc, clang, javac) and what they miss."""


class ToldToken:
    """The strategy over `_TOLD`: one token in every file that lacks one, then file by file."""

    name = "told_token"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the files whose first error asks for a token."""
        files = list(_first_errors(case))
        whole = (Target(strategy=self.name, place="all"),) if len(files) > 1 else ()
        return whole + tuple(Target(strategy=self.name, place=path, samples=_SAMPLES) for path in files)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Put the token at the place number `sample`."""
        edits, said = [], []
        for path, failure in _first_errors(case).items():
            if target.place not in ("all", path):
                continue
            found = _repairs(case, failure)
            if sample < len(found):
                edits.append(FileEdit(path=path, content=found[sample].text.encode()))
                said.append(f"{path}: {found[sample].what}")
        if not edits:
            return NoCandidate(f"{target.place}: no further place for the token", is_spent=True)
        is_test = any(is_test_path(edit.path) for edit in edits)
        return CandidatePatch(
            strategy=self.name,
            edits=tuple(edits),
            rationale=", ".join(said)[:500],
            disposition=Disposition.NEEDS_HUMAN if is_test else Disposition.AUTO,
        )


def _first_errors(case: RepairCase) -> dict[str, Failure]:
    found: dict[str, Failure] = {}
    for failure in case.diagnosis.failures[:300]:
        path = failure.file
        if path is None or not failure.line or PurePosixPath(path).suffix not in _SUFFIXES or path.startswith("/"):
            continue
        if path not in found and len(found) < _MOST_FILES and _wanted(failure) is not None:
            found[path] = failure
    return found


def _wanted(failure: Failure) -> str | None:
    said = (failure.message, failure.message.rpartition(": ")[2])
    return next((token for text in said for told in _TOLD if (token := told.wanted(text)) is not None), None)


def _repairs(case: RepairCase, failure: Failure) -> list[Repair]:
    text, token = decoded(case.tree.read(failure.file or "")), _wanted(failure)
    if text is None or token is None or not failure.line:
        return []
    damage = Damage(text, failure.line, failure.column or 1, failure.message)
    if failure.line > len(damage.lines) + 1:
        return []
    return list({repair.text: repair for repair in _placed(damage, token, failure.column is not None)}.values())


def _placed(damage: Damage, wanted: str, has_column: bool) -> Iterator[Repair]:
    what = f"add the missing `{wanted}` in line"
    before = _end_of_code(damage, damage.offset if has_column else damage.start_of(damage.line))
    where = damage.text.count("\n", 0, before) + 1
    own_end = damage.start_of(damage.line) + len(_code(damage.code_of(damage.line)))
    here = damage.splice(own_end, own_end, wanted, cost=1.0, what=f"{what} {damage.line}")
    if wanted in ";," and where < damage.line:
        yield damage.splice(before, before, wanted, cost=0.9, what=f"{what} {where}")
    if has_column:
        yield damage.splice(damage.offset, damage.offset, wanted, cost=1.0, what=f"{what} {damage.line}")
    yield damage.splice(before, before, wanted, cost=1.0, what=f"{what} {where}")
    yield here
    if wanted == "}":
        end = len(damage.text.rstrip())
        new = f"{damage.newline()}}}"
        yield damage.splice(end, end, new, cost=1.2, what="add the missing `}` at the end")


def _end_of_code(damage: Damage, offset: int) -> int:
    """The end of the code in front of an offset, comments and blank lines left out."""
    at = len(damage.text[:offset].rstrip())
    start = damage.text.rfind("\n", 0, at) + 1
    code = _code(damage.text[start:at])
    return start + len(code) if code.strip() else at


def _code(line: str) -> str:
    return re.sub(r"\s*//[^\"'`]*$", "", line).rstrip()
