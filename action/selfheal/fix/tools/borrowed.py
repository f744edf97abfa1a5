"""flake8 and pylint mend nothing: their findings are mended by a tool that the environment has beside them."""

import re
import shlex
from dataclasses import dataclass

from selfheal.contract.diagnosis import Failure
from selfheal.fix.tools.codes import LAYOUT, ruff_rules
from selfheal.fix.tools.interface import Errand, Kind, Workplace
from selfheal.fix.tools.openers.files import table_of, text_of, toml_of
from selfheal.fix.tools.places import failing_files
from selfheal.fix.tools.rendering import with_environments

_AUTOPEP8 = re.compile(r"[EW]\d{1,3}$")
_HOOKED = re.compile(r"id:\s{0,4}[\"']?(black|ruff-format)\b")


@dataclass(frozen=True, slots=True)
class Borrowed:
    """The tools that the environment may have, in the order in which they are asked for.

    With `is_unsafe` the fixes that ruff calls unsafe are taken too, for one rule at a time.
    """

    name: str
    is_unsafe: bool
    only_by_rule: bool
    kind: Kind = Kind.LINT
    only_own: bool = False

    def answers(self, failure: Failure) -> bool:
        """Tell whether it is for this finding."""
        return failure.tool in ("flake8", "pylint") and bool(_wanted(failure))

    def rules(self, failures: tuple[Failure, ...]) -> tuple[str, ...]:
        """Name the failing codes."""
        return tuple(dict.fromkeys(f.code for f in failures if f.code and self.answers(f)))

    def is_called(self, place: Workplace) -> bool:
        """Tell whether the command calls it: never, that is why it is borrowed."""
        return False

    def probe(self, place: Workplace) -> Errand | None:
        """Mend all codes."""
        return self.errand(place)

    def errand(self, place: Workplace, *, rule: str | None = None) -> Errand | None:
        """Let the project's formatter mend the layout, and ruff, autoflake, isort or autopep8 exactly the rest."""

        def is_asked(failure: Failure) -> bool:
            return self.answers(failure) and (rule is None or failure.code == rule)

        files = failing_files(place, is_asked)
        rules = tuple(dict.fromkeys(r for f in place.failures if is_asked(f) for r in _wanted(f)))
        if not files or not rules:
            return None
        names = " ".join(map(shlex.quote, files))
        layout = tuple(one for one in rules if LAYOUT.match(one))
        formatter = _formatter(place) if layout and not self.is_unsafe else ""
        others = tuple(one for one in rules if one not in layout) if formatter else rules
        texts = [_exact(others, names, is_unsafe=self.is_unsafe)] if others else []
        if formatter:
            program, _, subcommand = formatter.partition(" ")
            call = " ".join(word for word in (program, subcommand, names) if word)
            texts.append(f"if {_has(program)}; then {call}; else\n{_exact(layout, names, is_unsafe=False)}\nfi")
        codes = ", ".join(dict.fromkeys(f.code for f in place.failures if f.code and is_asked(f)))
        ways = " and ".join(dict.fromkeys(one for one in (formatter, "ruff's fixes" if others else "") if one))
        return Errand(with_environments("\n".join(texts)), f"{ways or 'ruff'} for {codes}")


def _wanted(failure: Failure) -> tuple[str, ...]:
    return ruff_rules(failure.tool, failure.code)


def _exact(rules: tuple[str, ...], names: str, *, is_unsafe: bool) -> str:
    """Write the first of the exact ways that the environment has."""
    selected = ",".join(rules)
    unsafe = " --unsafe-fixes" if is_unsafe else ""
    # Half of pycodestyle's rules are in preview, and a project without ruff has no say on it.
    ruff = f"ruff check --preview --fix-only{unsafe} --select {selected} --fixable {selected} {names}"
    ways = [f"{_has('ruff')}; then {ruff}"]
    peculiar = ",".join(one for one in rules if _AUTOPEP8.match(one))
    steps = []
    if "F401" in rules:
        steps.append(f"if {_has('autoflake')}; then autoflake --in-place --remove-all-unused-imports {names}; fi")
    if "F841" in rules and is_unsafe:
        steps.append(f"if {_has('autoflake')}; then autoflake --in-place --remove-unused-variables {names}; fi")
    if "I001" in rules:
        steps.append(f"if {_has('isort')}; then isort {names}; fi")
    if peculiar:
        steps.append(f"if {_has('autopep8')}; then autopep8 --in-place --select={peculiar} {names}; fi")
    rest = "; ".join(steps)
    return f"if {ways[0]}; else {rest}; fi" if rest else f"if {ways[0]}; fi"


def _has(program: str) -> str:
    return f"command -v {program} >/dev/null 2>&1"


def _formatter(place: Workplace) -> str:
    """Name the formatter that the project is configured for; empty where it has none."""
    for call in place.calls:
        if call.program == "black":
            return "black"
        if call.program == "ruff" and "format" in call.values:
            return "ruff format"
    tools = table_of(toml_of(place.tree, "", "pyproject.toml"), "tool")
    if "black" in tools:
        return "black"
    if table_of(tools, "ruff", "format") or table_of(toml_of(place.tree, "", "ruff.toml"), "format"):
        return "ruff format"
    hooked = _HOOKED.search(text_of(place.tree, "", ".pre-commit-config.yaml"))
    return {"black": "black", "ruff-format": "ruff format"}.get(hooked.group(1), "") if hooked else ""
