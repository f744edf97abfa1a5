"""What a case is."""

from dataclasses import dataclass, field

PYTEST = "python -m pytest -q"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A project whose command passed on `day` and fails now.

    `guilty` names the distributions that a right diagnosis may name; all of one alternative must be named. `says` are
    words of which one must stand in a quoted line of a change log; empty where the release announced nothing.
    `forward` is True where a way forward exists that this case asks for. `fewest` is the smallest number of packages,
    or of wishes, that a repair has to change.
    """

    name: str
    kind: str
    files: dict[str, str]
    guilty: tuple[str, ...]
    day: str
    says: tuple[str, ...] = ()
    forward: bool = False
    python: str = "3.11"
    command: str = PYTEST
    fewest: int = 1
    folder: str = ""
    """Where the manifest lies that the command uses."""
    ecosystem: str = "python"
    """`npm`, `go` and `cargo` need no environment of Python's."""
    tool: str = ""
    """What made the lock."""
    before: dict[str, str] = field(default_factory=dict)
    """Files that were others in the commit of that day; the present ones came with a second commit, of `bot_day`."""
    bot_day: str = ""
    bot: tuple[str, ...] = ()
    """How the tool itself is asked for the second commit's lock: the words after its name."""
    locked_as: dict[str, str] = field(default_factory=dict)
    """The manifests as they were when the lock was made; empty where there is none."""


def a_test(body: str) -> str:
    """A test file with one test of these lines."""
    lines = body.strip("\n").split("\n")
    return "def test_it():\n" + "".join(f"    {line}\n" if line else "\n" for line in lines)
