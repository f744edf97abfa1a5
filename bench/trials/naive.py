"""The naive loop: the file and the failure in the prompt, the answer in the file's place, run, up to four times."""

import ast
import asyncio
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from planting.running import run
from planting.storage import Storage
from selfheal.contract.engine import Engine, ModelAnswer, ModelRequest
from selfheal.contract.test_paths import is_test_path
from trials.contestants import Outcome
from trials.trial import Trial

ROUNDS = 4
TEMPERATURES = (0.0, 0.4, 0.7, 0.9)
LONGEST_FILE = 6_000
"""Characters; of a longer file only the function around the failing line is shown and asked for."""
LONGEST_OUTPUT = 2_000
MOST_TOKENS = 60_000
SYSTEM = (
    "You are an expert programmer. A test fails. You get the source code and the output of the test. "
    "Find the bug, fix it, and answer with the complete corrected code in one code block, nothing else."
)
SUFFIXES = (".py", ".js", ".mjs", ".ts", ".go", ".rs", ".java", ".c", ".h", ".cpp", ".cc", ".hpp")
_PLACE = re.compile(r"([\w./-]+\.(?:py|m?js|ts|go|rs|java|c|h|cpp|cc|hpp))\W{1,2}(?:line )?(\d+)")
_FENCE = re.compile(r"```[^\n]*\n(.*?)(?:```|\Z)", re.S)


@dataclass
class Naive:
    """The contestant. Its engine stays up from one trial to the next, so that its start costs nothing."""

    engine: Engine
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    name: str = "naive"

    @property
    def stamp(self) -> str:
        """The state of this file."""
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]

    def repair(self, trial: Trial, tree: Path, scratch: Path, storage: Storage) -> Outcome:
        """Ask, write, run."""
        ran = run(trial.command, tree, storage)
        place = place_of(tree, ran.output)
        calls = prompt_tokens = completion_tokens = 0
        if place is None:
            return Outcome(False, "no file to show", 0, 0, 0)
        for number in range(ROUNDS):
            text = (tree / place.file).read_text(encoding="utf-8")
            first, last = place.span(text)
            code = "".join(text.splitlines(keepends=True)[first:last])
            request = ModelRequest(
                system=SYSTEM,
                user=f"{place.file}:\n```\n{code}```\n\nOutput of `{trial.command}`:\n```\n{tail(ran.output)}\n```",
                max_tokens=len(code) // 2 + 300,
                temperature=TEMPERATURES[number],
                seed=number,
                timeout_s=300.0,
                purpose="naive",
            )
            answer = self.loop.run_until_complete(self.engine.ask(request))
            calls += 1
            prompt_tokens += answer.prompt_tokens
            completion_tokens += answer.completion_tokens
            if isinstance(answer, ModelAnswer) and (block := _FENCE.search(answer.text)) is not None:
                lines = text.splitlines(keepends=True)
                written = "".join([*lines[:first], laid_like(code, block[1]), *lines[last:]])
                (tree / place.file).write_text(written, encoding="utf-8")
                ran = run(trial.command, tree, storage)
                if ran.passed:
                    return Outcome(True, f"passes after {number + 1}", calls, prompt_tokens, completion_tokens)
            if prompt_tokens + completion_tokens > MOST_TOKENS:
                break
        return Outcome(False, "still fails", calls, prompt_tokens, completion_tokens)


@dataclass(frozen=True, slots=True)
class Place:
    """The file to show, and the line that the output names in it; 0 where it names none."""

    file: str
    line: int

    def span(self, text: str) -> tuple[int, int]:
        """The lines to show, from 0, the end excluded: all of a short file, else a function or some lines."""
        total = len(text.splitlines())
        if len(text) <= LONGEST_FILE:
            return 0, total
        if self.file.endswith(".py"):
            for node in _functions(text):
                if node.lineno <= self.line <= (node.end_lineno or 0):
                    return node.lineno - 1, node.end_lineno or total
        return max(0, self.line - 30), min(total, self.line + 30)


def place_of(tree: Path, output: str) -> Place | None:
    """The last place outside the tests that the output names, else a source file that a named test speaks of."""
    named = [(name, int(line)) for name, line in _PLACE.findall(output)]
    inside = [(_relative(tree, name), line) for name, line in named]
    known = [(name, line) for name, line in inside if name]
    for name, line in reversed(known):
        if not is_test_path(name):
            return Place(name, line)
    sources = [path.relative_to(tree).as_posix() for path in sorted(tree.rglob("*")) if path.suffix in SUFFIXES]
    sources = [name for name in sources if not is_test_path(name) and ".git/" not in name]
    tests = "".join((tree / name).read_text(encoding="utf-8", errors="replace") for name, _ in dict(known).items())
    spoken = [name for name in sources if re.search(rf"\b{re.escape(Path(name).stem)}\b", tests)]
    return Place((spoken or sources)[0], 0) if sources else None


def laid_like(code: str, answer: str) -> str:
    """The answer with the indentation of what it replaces."""
    first = next((line for line in code.splitlines() if line.strip()), "")
    got = next((line for line in answer.splitlines() if line.strip()), "")
    more = len(first) - len(first.lstrip()) - (len(got) - len(got.lstrip()))
    if more > 0:
        answer = "".join(" " * more + line if line.strip() else line for line in answer.splitlines(keepends=True))
    return answer if answer.endswith("\n") else answer + "\n"


def tail(output: str) -> str:
    """The end of an output: runners say there what failed."""
    return output.strip()[-LONGEST_OUTPUT:]


def _functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function, the innermost first."""
    try:
        module = ast.parse(text)
    except SyntaxError:
        return
    found = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    yield from sorted(found, key=lambda node: (node.end_lineno or 0) - node.lineno)


def _relative(tree: Path, name: str) -> str:
    path = (tree / name).resolve()
    if path.is_file() and path.is_relative_to(tree.resolve()):
        return path.relative_to(tree.resolve()).as_posix()
    return ""
