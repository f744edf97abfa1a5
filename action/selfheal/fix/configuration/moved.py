"""Settings that stand where an older version of their tool looked for them."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.configuration.edit import Edit
from selfheal.fix.configuration.places import texts
from selfheal.fix.configuration.tool_settings import RUFF_LINT
from selfheal.fix.syntax.damage import decoded

Mend = Callable[[TreeView, Failure, re.Match[str]], Iterator[Edit]]


def into_lint(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """Ruff's rules of its linter stand in `[lint]` since 0.2; all of them move at once."""
    text = decoded(tree.read(failure.file)) if failure.file else None
    if text is None or failure.file is None or failure.tool != "ruff" or match[1] not in RUFF_LINT:
        return
    root = "tool.ruff" if PurePosixPath(failure.file).name == "pyproject.toml" else ""
    changed = moved(text, root, "lint", RUFF_LINT)
    if changed is not None:
        yield Edit(failure.file, changed, "the linter's settings stand in the table `lint`")


def without_tool(tree: TreeView, failure: Failure, _match: re.Match[str]) -> Iterator[Edit]:
    """`[tool.ruff.lint]` is written in pyproject.toml alone; a tool's own file says `[lint]`."""
    name = PurePosixPath(failure.file or "").name
    text = decoded(tree.read(failure.file)) if failure.file else None
    if text is None or failure.file is None or failure.tool != "ruff" or name not in ("ruff.toml", ".ruff.toml"):
        return
    changed = re.sub(r"^(\[+)tool\.ruff(?:\.|(?=\]))", r"\1", text, flags=re.MULTILINE)
    # A table without a name is no table: its keys belong to the top, and stand there if nothing is above it.
    changed = re.sub(r"\A((?:\s*(?:#[^\n]*)?\n)*)\[\][^\n]*\n", r"\1", changed)
    if changed != text and "[]" not in changed:
        yield Edit(failure.file, changed, "ruff's own file names its tables without `tool.ruff`")


def moved(text: str, root: str, child: str, keys: tuple[str, ...]) -> str | None:
    """The text with these keys of the table `root` in its table `child`, and `root.key` tables as `root.child.key`.

    Lines move whole, with the comments above them. None where nothing moves.
    """
    lines = text.splitlines(keepends=True)
    tables = _tables(lines)
    target = f"{root}.{child}" if root else child
    taken: list[str] = []
    kept: list[str] = []
    for name, first, last in tables:
        block = lines[first:last]
        if name == root:
            taken_here, kept_here = _split(block, keys, has_header=bool(name))
            taken += taken_here
            kept += kept_here
        else:
            tail = name.removeprefix(f"{root}.") if root else name
            if name != tail or not root:
                head = tail.split(".")[0].strip("\"'")
                if head in keys:
                    block = [block[0].replace(name, f"{target}.{tail}", 1), *block[1:]]
            kept += block
    if not taken:
        changed = "".join(kept)
        return changed if changed != text else None
    return _placed("".join(kept), root, target, taken)


def _tables(lines: list[str]) -> list[tuple[str, int, int]]:
    """Each table's name and lines, the part above the first header as ``""``."""
    found = [("", 0)]
    depth = 0
    for number, line in enumerate(lines):
        header = re.match(r"\[\s*([\w.\"' -]+?)\s*\]\s*(?:#.*)?$", line) if depth == 0 else None
        if header is not None:
            found.append((header[1], number))
        plain = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*", "", line)
        if header is None:
            depth = max(depth + plain.count("[") - plain.count("]"), 0)
    ends = [number for _, number in found[1:]] + [len(lines)]
    return [(name, first, last) for (name, first), last in zip(found, ends, strict=True)]


def _split(block: list[str], keys: tuple[str, ...], *, has_header: bool) -> tuple[list[str], list[str]]:
    """The lines of the given keys, and the others."""
    taken: list[str] = []
    kept = block[:1] if has_header else []
    waiting: list[str] = []
    is_taking, depth = False, 0
    for line in block[1:] if has_header else block:
        plain = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*", "", line)
        pair = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[.=]", line) if depth == 0 else None
        if depth == 0 and pair is None:
            waiting.append(line)
            continue
        if pair is not None:
            is_taking = pair[1] in keys
            comments = [one for one in waiting if one.strip()] if is_taking else waiting
            kept += [one for one in waiting if not one.strip()] if is_taking else []
            (taken if is_taking else kept).extend(comments)
            waiting = []
        (taken if is_taking else kept).append(line if line.endswith("\n") else line + "\n")
        depth = max(depth + plain.count("[") + plain.count("{") - plain.count("]") - plain.count("}"), 0)
    return taken, kept + waiting


def _placed(text: str, root: str, target: str, taken: list[str]) -> str:
    header = re.search(rf"^\[\s*{re.escape(target)}\s*\][^\n]*\n", text, re.MULTILINE)
    if header is not None:
        return text[: header.end()] + "".join(taken) + text[header.end() :]
    lines = text.splitlines(keepends=True)
    end = next((last for name, _, last in _tables(lines) if name == root), len(lines))
    while end and not lines[end - 1].strip():
        end -= 1
    gap = ["\n"] if end else []
    return "".join([*lines[:end], *gap, f"[{target}]\n", *taken, *lines[end:]])


def renamed_section(files: tuple[str, ...], old: str, new: str) -> Mend:
    """A section that a newer version of its tool reads under another name."""

    def mend(tree: TreeView, _failure: Failure, _match: re.Match[str]) -> Iterator[Edit]:
        for path, text in texts(tree, files):
            changed = re.sub(rf"^\[{re.escape(old)}\]", f"[{new}]", text, flags=re.MULTILINE)
            if changed != text and f"[{new}]" not in text:
                yield Edit(path, changed, f"the section `{old}` is called `{new}` now")

    return mend


def dashed(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """setuptools takes keys of setup.cfg with underscores alone; all of the metadata and options change at once."""
    text = decoded(tree.read("setup.cfg"))
    if text is None:
        return
    section, lines = "", []
    for line in text.splitlines(keepends=True):
        header = re.match(r"\[([\w.:-]+)\]", line)
        section = header[1] if header is not None else section
        key = re.match(r"[\w-]+(?=\s*=)", line)
        if key is not None and section in ("metadata", "options", match[2]):
            line = key[0].replace("-", "_") + line[key.end() :]
        lines.append(line)
    if "".join(lines) != text:
        yield Edit("setup.cfg", "".join(lines), "setuptools' keys are written with underscores")
