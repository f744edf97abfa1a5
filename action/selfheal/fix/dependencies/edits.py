"""Edits of the manifests of a plan: the smallest that say what a repair wants."""

from dataclasses import dataclass

from selfheal.contract.packages import canonical
from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.manifests.package_json import PackageJson, parted
from selfheal.fix.dependencies.manifests.registry import format_of
from selfheal.fix.dependencies.plan import Plan, Wanted


@dataclass(frozen=True, slots=True)
class ManifestEditor:
    """Edits what a plan reads, in one version of the tree."""

    tree: TreeView
    plan: Plan
    wanted: Wanted

    def with_specifier(self, name: str, specifier: str) -> tuple[FileEdit, ...]:
        """Ask other versions of a distribution, wherever it is asked for; empty where that can't be edited."""
        edits = []
        for path in dict.fromkeys(wish.path for wish in self.wanted.named(name)):
            kind, text = format_of(path), self._text(path)
            edited = kind.with_specifier(text, name, specifier) if kind is not None and text is not None else None
            if edited is not None and edited != text:
                edits.append(FileEdit(path=path, content=edited.encode()))
        return tuple(edits)

    def with_added(self, requirement: str, *, like: str | None = None) -> tuple[FileEdit, ...]:
        """Ask for one more distribution, in the manifest that asks for `like` or else in the first that takes it."""
        near = [wish.path for wish in self.wanted.wishes if like is not None and wish.key == canonical(like)]
        for path in dict.fromkeys((*near, *self.plan.files)):
            kind, text = format_of(path), self._text(path)
            edited = kind.with_added(text, requirement) if kind is not None and text is not None else None
            if edited is not None:
                return (FileEdit(path=path, content=edited.encode()),)
        return ()

    def with_held(self, name: str, bound: str, *, like: str) -> tuple[FileEdit, ...]:
        """Bound a distribution that others pull in: beside what pulls it in, or where its tool wants overrides."""
        tool, path = self.plan.tool, self.plan.files[0]
        kind, text = format_of(path), self._text(path)
        if tool is None or not isinstance(kind, PackageJson) or text is None:
            return self.with_added(f"{name}{bound}", like=like)
        edited = kind.with_held(text, name, bound, tool=tool)
        return (FileEdit(path=path, content=edited.encode()),) if edited is not None else ()

    def _text(self, path: str) -> str | None:
        raw = self.tree.read(path)
        try:
            return raw.decode("utf-8") if raw is not None else None
        except UnicodeDecodeError:
            return None


def held_edits(tree: TreeView, plan: Plan, line: str) -> tuple[FileEdit, ...]:
    """Hold a package at a version for a trial: its own wish where there is one, else an override."""
    name, specifier = parted(line)
    editor = ManifestEditor(tree, plan, plan.wanted(tree))
    wishes = editor.wanted.named(name)
    return editor.with_specifier(name, specifier) if wishes else editor.with_held(name, specifier, like=name)


def added_edits(tree: TreeView, plan: Plan, line: str) -> tuple[FileEdit, ...]:
    """Ask for one more package, for a trial."""
    name, specifier = parted(line)
    editor = ManifestEditor(tree, plan, plan.wanted(tree))
    return editor.with_specifier(name, specifier) if editor.wanted.named(name) else editor.with_added(line)


class EditedTree:
    """A version of the tree with edits on it."""

    def __init__(self, tree: TreeView, edits: tuple[FileEdit, ...]) -> None:
        self._tree = tree
        self._edits = {edit.path: edit.content for edit in edits}

    def paths(self) -> tuple[str, ...]:
        """All paths, sorted."""
        there = {path for path in self._tree.paths() if self._edits.get(path, b"") is not None}
        return tuple(sorted(there | {path for path, content in self._edits.items() if content is not None}))

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None."""
        return self._edits[path] if path in self._edits else self._tree.read(path)
