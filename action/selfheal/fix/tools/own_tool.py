"""A tool of the project as a row of a table: which findings are its, and how its call is turned to rewriting."""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.tools.calls import Call
from selfheal.fix.tools.interface import Errand, Kind, Workplace
from selfheal.fix.tools.places import failing_files, nearest_root
from selfheal.fix.tools.readable import unreadable_config
from selfheal.fix.tools.rendering import rendered, with_environments

_RULE = re.compile(r"[\w@][\w@/:.-]{0,100}$")
_FLAGS = frozenset({"-r", "--recursive"})
_UNREADABLE = frozenset({"invalid-syntax", "syntax-error", "E999", "parse", "syntax", "SyntaxError"})


@dataclass(frozen=True, slots=True)
class OwnTool:
    """One way of calling one program so that it writes.

    `subcommands` pairs what the user's call says with what the mending one says; the first is used where there
    is no call to turn. `write` is put after it, `looks` and `looks_valued` (with their next word) are taken out.
    `one_rule` restricts the user's call to a rule, `select` a call on the failing files to rules; `{rule}` stands
    for it. With `rules_last` they replace what follows `--`. `unless` is an option and a word that is added where the
    user's call lacks the option. With `narrows` the paths in the user's call give way to the failing files of these
    `suffixes`: for tools that are slow, and read the same configuration for a file as for its folder. `roots` are
    files that mark the folder to run in.
    """

    name: str
    program: str
    kind: Kind
    reports: tuple[str, ...] = ()
    finds: Callable[[Failure], bool] | None = None
    subcommands: tuple[tuple[str, str], ...] = ()
    write: tuple[str, ...] = ()
    looks: frozenset[str] = field(default_factory=frozenset)
    looks_valued: frozenset[str] = field(default_factory=frozenset)
    one_rule: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    rules_last: bool = False
    unless: tuple[str, str] | None = None
    is_unsafe: bool = False
    only_by_rule: bool = False
    only_own: bool = False
    takes_files: bool = True
    narrows: bool = False
    suffixes: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    passes: int = 1

    def answers(self, failure: Failure) -> bool:
        """Tell whether it is for this finding; what can't be parsed can't be rewritten."""
        if failure.tool not in self.reports or failure.code in _UNREADABLE:
            return False
        return self.finds is None or self.finds(failure)

    def rules(self, failures: tuple[Failure, ...]) -> tuple[str, ...]:
        """Name the failing rules; a code from a log that is no plain name is left out."""
        if not self.one_rule and not self.select:
            return ()
        codes = (failure.code for failure in failures if self.answers(failure))
        return tuple(dict.fromkeys(code for code in codes if code and _RULE.match(code)))

    def is_called(self, place: Workplace) -> bool:
        """Tell whether the failing command calls it."""
        return any(self.turned(call.values) is not None for call in place.calls if call.program == self.program)

    def probe(self, place: Workplace) -> Errand | None:
        """Mend all of its rules in one run that names them; None where that is no more than one rule's run."""
        if self.only_by_rule and not self.is_unsafe:
            return None
        return replace(self, write=(*self.write, *self.tells)).errand(place)

    def errand(self, place: Workplace, *, rule: str | None = None) -> Errand | None:
        """Turn the user's own calls to rewriting; where there is none, call it on the failing files."""
        if self._unreadable(place):
            return None
        own = [call for call in place.calls if call.program == self.program and self.turned(call.values) is not None]
        if own:
            # Two calls may have two configurations: which of them a file belongs to, their paths say.
            is_alone = len(own) == 1
            texts = [text for call in own if (text := self._own(call, place, rule, is_alone=is_alone)) is not None]
            return _errand(texts, passes=self.passes) if texts else None
        texts = [] if self.only_own else self._on_files(place, rule)
        return _errand(texts, passes=self.passes, prepared=with_environments) if texts else None

    def turned(self, values: tuple[str, ...]) -> tuple[int, int, str] | None:
        """Find the subcommand in a call: where it begins, where it ends, and what stands there instead."""
        if not self.subcommands:
            return (0, 0, "")
        for theirs, ours in self.subcommands:
            words = tuple(theirs.split())
            for at in range(min(5, len(values))):
                if values[at : at + len(words)] == words:
                    return (at, at + len(words), ours)
        return None

    def arguments(self, words: tuple[tuple[str, str], ...], *, rule: str | None = None) -> tuple[str, ...] | None:
        """Turn a call's arguments, each given as (raw, value), to rewriting; None where it is no call of this kind."""
        found = self.turned(tuple(value for _, value in words))
        if found is None:
            return None
        first, last, ours = found
        before = [raw for raw, _ in words[:first]]
        kept: list[str] = []
        skips = False
        for raw, value in words[last:]:
            option = value.partition("=")[0]
            if skips or value in self.looks or (value != option and option in self.looks | self.looks_valued):
                skips = False
            elif value in self.looks_valued:
                skips = True
            else:
                kept.append(raw)
        if self.unless is not None and not any(value.startswith(self.unless[0]) for _, value in words):
            kept.insert(0, self.unless[1])
        ruled = [part.replace("{rule}", shlex.quote(rule)) for part in self.one_rule] if rule else []
        if ruled and self.rules_last:
            kept = [*kept[: kept.index("--") if "--" in kept else len(kept)], *ruled]
            ruled = []
        return (*before, *ours.split(), *self.write, *ruled, *kept)

    def _own(self, call: Call, place: Workplace, rule: str | None, *, is_alone: bool) -> str | None:
        above = f"{call.script.folder}/" if call.script.folder else ""
        names = [name.removeprefix(above) for name in self._files(place) if name.startswith(above)]
        words = tuple((word.raw, word.value) for word in call.plain)
        if call.takes_names and not names:
            return None
        by_name = call.takes_names or (self.narrows and is_alone and bool(names))
        if by_name and not call.takes_names:
            words = tuple(word for at, word in enumerate(words) if not self._is_path(words, at))
        turned = self.arguments(words, rule=rule)
        if turned is None:
            return None
        if by_name:
            turned = (*turned, *map(shlex.quote, names))
        return rendered(call, turned)

    def _is_path(self, words: tuple[tuple[str, str], ...], at: int) -> bool:
        """Tell whether a word is surely a path: no option, and not what may be the value of one."""
        before = words[at - 1][1] if at else ""
        is_value = before.startswith("-") and "=" not in before and before not in self.looks | _FLAGS
        return not words[at][1].startswith("-") and not is_value

    def _on_files(self, place: Workplace, rule: str | None) -> list[str]:
        files = self._files(place)
        rules = (rule,) if rule else self.rules(place.failures)
        ours = self.subcommands[0][1].split() if self.subcommands else []
        texts = []
        for root, names in _by_root(files, self.roots, place.tree):
            chosen = [part.replace("{rule}", shlex.quote(",".join(rules))) for part in self.select if rules]
            words = [self.program, *ours, *self.write, *chosen, *(map(shlex.quote, names) if self.takes_files else ())]
            texts.append(" ".join(words) if not root else f"(cd {shlex.quote(root)} && {' '.join(words)})")
        return texts

    def _unreadable(self, place: Workplace) -> bool:
        if not self.configs:
            return False
        folders = [call.script.folder for call in place.calls if call.program == self.program]
        folders += [name.rpartition("/")[0] for name in self._files(place)]
        return unreadable_config(place.tree, folders, self.configs, self.program) is not None

    def _files(self, place: Workplace) -> tuple[str, ...]:
        """Name the files of its findings; where it only tidies what others change, the files of theirs."""
        named = failing_files(place, self.answers)
        if not named and not place.is_unread:
            named = failing_files(place, None)
        return tuple(name for name in named if not self.suffixes or name.endswith(self.suffixes))


def _errand(texts: list[str], *, passes: int, prepared: Callable[[str], str] = str) -> Errand:
    different = tuple(dict.fromkeys(texts))
    return Errand(prepared("\n".join(different * passes)), " and ".join(f"`{text}`" for text in different))


def _by_root(files: tuple[str, ...], marks: tuple[str, ...], tree: TreeView) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for name in files:
        root = nearest_root(name, marks, tree)
        groups.setdefault(root, []).append(name[len(root) + 1 :] if root else name)
    return list(groups.items())
