"""Ask the model for the whole corrected function, in any language with a grammar."""

import textwrap

from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.other_languages.prompt import prompt
from selfheal.fix.other_languages.suspect_source import SuspectSource, source_of, suspect_sources
from selfheal.fix.sampling import MOST_LINES, drawn, rewriting
from selfheal.grammar import ParsedSource, parsed

SYSTEM = (
    "You repair code. You get one function and the failure that it causes. "
    "Find the mistake and answer with the whole corrected function in one code block, nothing else. "
    "Keep its name and its parameters. Change as little as possible. Do not add comments."
)


class RewriteOtherFunction:
    """The strategy for suspects that are functions in another language than Python."""

    name = "rewrite_other_function"
    uses_model = True

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name every suspect that is short enough to be written again."""
        return tuple(
            rewriting(self.name, place=f"{source.suspect.file}:{source.function.name}", suspect=index)
            for index, source in suspect_sources(case)
            if source.function.last_line - source.function.first_line < MOST_LINES
        )

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Ask once and put the answer into the file."""
        source = source_of(case, case.suspects[target.suspect]) if target.suspect is not None else None
        if source is None:
            return NoCandidate("the suspect is no function that a grammar finds", is_spent=True)
        code = textwrap.dedent(source.parsed.source(source.function))
        name = source.function.short_name
        user = prompt(case, source, code, tried)
        answer = await drawn(case, system=SYSTEM, user=user, old=code, holding=name, sample=sample, purpose=self.name)
        if isinstance(answer, NoCandidate):
            return answer
        content = rewritten(source, answer)
        if isinstance(content, NoCandidate):
            return content
        edit = FileEdit(path=source.suspect.file, content=content)
        return CandidatePatch(strategy=self.name, edits=(edit,), rationale=f"the model rewrote {source.function.name}")


def rewritten(source: SuspectSource, answer: str) -> bytes | NoCandidate:
    """The file with the answer's function in the place of the suspect."""
    content, function = source.parsed.content, source.function
    new = _function_in(source, answer)
    if new is None:
        return NoCandidate(f"the answer has no function {function.short_name}", is_spent=False)
    start = content.rfind(b"\n", 0, function.start_byte) + 1
    before = content[start : function.start_byte]
    indent = before.decode(errors="replace") if not before.strip() else ""
    lines = textwrap.dedent(new).strip("\n").splitlines()
    laid = "\n".join([lines[0].lstrip(), *(indent + line if line.strip() else line for line in lines[1:])])
    changed = content[: function.start_byte] + laid.encode() + content[function.end_byte :]
    if changed == content:
        return NoCandidate("the answer changes nothing", is_spent=False)
    read = parsed(source.suspect.file, changed)
    if read is None or (read.errors and read.errors >= source.parsed.errors):
        return NoCandidate("the answer does not parse", is_spent=False)
    return changed


def _function_in(source: SuspectSource, answer: str) -> str | None:
    """The answer's text of the function; a method is also found where the answer shows it without its class."""
    name = source.function.short_name
    path = source.suspect.file
    for wrapped in (answer, f"class Wrapped {{\n{answer}\n}}"):
        read: ParsedSource | None = parsed(path, wrapped.encode())
        for one in read.functions if read is not None else ():
            if one.short_name == name and read is not None:
                return read.source(one)
    return None
