"""Builds small projects and the diagnosis of their failing test; a test states only what it varies."""

from dataclasses import dataclass
from textwrap import dedent

from selfheal.contract.diagnosis import Category, Diagnosis, Failure, Frame
from selfheal.contract.suspects import ChangedLines, Suspect
from selfheal.contract.tree import MemoryTree
from selfheal.contract.trials import Spectrum
from selfheal.locate import locate


@dataclass(frozen=True)
class Project:
    """A project in memory."""

    files: dict[str, str]

    @property
    def tree(self) -> MemoryTree:
        """Its tree."""
        return MemoryTree({path: text.encode() for path, text in self.files.items()})

    def line(self, file: str, text: str) -> int:
        """The number of the first line that holds `text`."""
        for number, line in enumerate(self.files[file].split("\n"), start=1):
            if text in line:
                return number
        raise AssertionError(f"{file} has no line with {text!r}")

    def failure(
        self,
        test_id: str,
        *at: tuple[str, str],
        message: str = "assert 1 == 2",
        code: str = "AssertionError",
        tool: str = "pytest",
    ) -> Failure:
        """A failed test; `at` are the frames, outermost first, each a file and a part of its line."""
        frames = tuple(Frame(file=file, line=self.line(file, text)) for file, text in at)
        code_frames = [frame for frame in frames if not frame.file.startswith("tests/")]
        place = (code_frames or list(frames))[-1]
        return Failure(
            tool=tool, message=message, file=place.file, line=place.line, test_id=test_id, code=code, frames=frames
        )

    def change(self, file: str, text: str) -> ChangedLines:
        """The commit changed the line that holds `text`."""
        line = self.line(file, text)
        return ChangedLines(file=file, first_line=line, last_line=line)

    def suspects(
        self,
        *failures: Failure,
        changed: tuple[ChangedLines, ...] = (),
        category: Category = Category.TEST,
        spectrum: Spectrum | None = None,
    ) -> tuple[Suspect, ...]:
        """What is located."""
        diagnosis = Diagnosis(category=category, summary="it fails", failures=failures)
        return locate(diagnosis, self.tree, changed=changed, spectrum=spectrum)


def project(**files: str) -> Project:
    """A project; in names `__` stands for a slash, and `.py` is added."""
    return Project(
        {
            f"{name.replace('__', '/').replace('INIT', '__init__')}.py": dedent(text).lstrip("\n")
            for name, text in files.items()
        }
    )
