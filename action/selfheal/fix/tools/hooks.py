"""pre-commit: run the failing hooks alone, those that only look turned to rewriting, in the hooks' own environments."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from selfheal.contract.diagnosis import Failure
from selfheal.fix.tools.calls import Call
from selfheal.fix.tools.interface import Errand, Kind, Workplace
from selfheal.fix.tools.openers.files import text_of
from selfheal.fix.tools.own_tool import OwnTool
from selfheal.fix.tools.rendering import rendered

_PROGRAM = {
    "ruff": "ruff check",
    "ruff-check": "ruff check",
    "ruff-format": "ruff format",
    "biome-check": "biome check",
    "biome-ci": "biome check",
    "biome-lint": "biome lint",
    "biome-format": "biome format",
    "golangci-lint": "golangci-lint run",
    "golangci-lint-full": "golangci-lint run",
    "fmt": "cargo fmt",
    "clippy": "cargo clippy",
}
"""The call behind a hook whose own name is not the program's."""
_UNREADABLE = ("InvalidConfigError", "InvalidManifestError", "unknown-hook", "CalledProcessError")
_RUN_WORDS = ("run", "-a", "--all-files")
_CONFIG_OPTIONS = ("-c", "--config")
_SAFE_ID = re.compile(r"[\w.-]{1,100}$")
_INSTALLING = re.compile(r"\[INFO\] Installing environment for (\S{1,200}?)\.?$", re.MULTILINE)
_NOT_INSTALLED = re.compile(r"An unexpected error has occurred: (\w{1,60})")


@dataclass(frozen=True, slots=True)
class Hooks:
    """All hooks of the configuration that the command's own call reads. `tools` turn what only looks."""

    tools: tuple[OwnTool, ...]
    name: str = "pre-commit"
    kind: Kind = Kind.HOOKS
    is_unsafe: bool = False
    only_by_rule: bool = False
    only_own: bool = True

    def answers(self, failure: Failure) -> bool:
        """Tell whether a hook may mend it: its own findings, and those of a tool that can be a hook."""
        if failure.tool == self.name:
            return failure.code not in _UNREADABLE
        return any(tool.answers(failure) and not tool.only_by_rule for tool in self.tools)

    def rules(self, failures: tuple[Failure, ...]) -> tuple[str, ...]:
        """Name the failing hooks: one may be refused where the others are not."""
        codes = (f.code for f in failures if f.tool == self.name and self.answers(f))
        return tuple(dict.fromkeys(code for code in codes if code and _SAFE_ID.match(code)))

    def is_called(self, place: Workplace) -> bool:
        """Tell whether the failing command runs hooks."""
        return any(_runs(call) for call in place.calls)

    def probe(self, place: Workplace) -> Errand | None:
        """Run all failing hooks."""
        return self.errand(place)

    def errand(self, place: Workplace, *, rule: str | None = None) -> Errand | None:
        """Run a copy of the configuration that holds the failing hooks alone; the user's own where that can't be."""
        call = next((call for call in place.calls if _runs(call)), None)
        if call is None:
            return None
        words, path = _without_config(call)
        config = _loaded(text_of(place.tree, call.script.folder, path))
        wanted = (rule,) if rule else self.rules(place.failures)
        is_cut = not rule and _stops_early(config, wanted)
        chosen = self._chosen(config, wanted, () if rule else place.failures, is_cut=is_cut)
        if not chosen:
            text = rendered(call, tuple(word.raw for word in call.arguments))
            return Errand(text, f"`{text}`")
        copy = json.dumps({**{k: v for k, v in config.items() if k != "fail_fast"}, "repos": chosen})
        # A configuration outside of the tree, so that it is no part of what changed.
        make = f'hooks=$(mktemp) && printf %s {shlex.quote(copy)} >"$hooks"'
        told = (*words, "--config", '"$hooks"')
        text = f'{make} && {rendered(call, told)} ; rm -f "$hooks"'
        names = ", ".join(name for repo in chosen for name in _names(repo))
        return Errand(text, f"`pre-commit run` with {names}", reaches_all=is_cut)

    def _chosen(
        self,
        config: Mapping[str, object],
        wanted: tuple[str, ...],
        failures: tuple[Failure, ...],
        *,
        is_cut: bool,
    ) -> list[dict[str, object]]:
        """The failing hooks; those behind them too where the run was cut short: nobody knows what they would say."""
        chosen: list[dict[str, object]] = []
        for repo in _list_of(config.get("repos")):
            if not isinstance(repo, dict):
                continue
            kept: list[dict[str, object]] = []
            for hook in _list_of(repo.get("hooks")):
                is_behind = is_cut and bool(chosen or kept) and isinstance(hook, dict)
                asked = (*wanted, str(hook.get("id"))) if is_behind and isinstance(hook, dict) else wanted
                turned = self._turned(hook, asked, failures)
                kept += [turned] if turned is not None else []
            if kept:
                chosen.append({**repo, "hooks": kept})
        return chosen

    def _turned(self, hook: object, wanted: tuple[str, ...], failures: tuple[Failure, ...]) -> dict[str, object] | None:
        """Give the hook so that it rewrites; None where it did not fail."""
        if not isinstance(hook, dict):
            return None
        name, entry = str(hook.get("id", "")), str(hook.get("entry", ""))
        given = hook.get("args")
        arguments = [str(one) for one in given] if isinstance(given, list) else []
        try:
            call = shlex.split(entry) or shlex.split(_PROGRAM.get(name, name))
        except ValueError:
            return None
        for tool in self.tools:
            if tool.only_by_rule or tool.program not in call:
                continue
            if not (name in wanted or any(tool.answers(failure) for failure in failures)):
                continue
            at = call.index(tool.program) + 1
            turned = tool.arguments(tuple((one, one) for one in (*call[at:], *arguments)))
            if turned is None:
                continue
            if entry:
                return {**hook, "entry": shlex.join((*call[:at], *turned)), "args": []}
            # The hook's own entry stands in its repository: what its call begins with is not repeated.
            return {**hook, "args": list(turned[len(call) - at :])}
        return hook if name in wanted else None


def _stops_early(config: Mapping[str, object], failing: tuple[str, ...]) -> bool:
    """Tell whether pre-commit ran no hook behind one of the failing."""
    repos = [one for one in _list_of(config.get("repos")) if isinstance(one, dict)]
    hooks = [hook for repo in repos for hook in _list_of(repo.get("hooks")) if isinstance(hook, dict)]
    own = any(hook.get("fail_fast") is True and str(hook.get("id")) in failing for hook in hooks)
    return config.get("fail_fast") is True or own


def not_installed(output: str, config: str) -> str:
    """Name the hooks that pre-commit could not install; empty where it installed all."""
    error = _NOT_INSTALLED.search(output)
    if error is None:
        return ""
    places = _INSTALLING.findall(output[: error.start()])
    if not places:
        return f"pre-commit broke with {error.group(1)}"
    repos = [one for one in _list_of(_loaded(config).get("repos")) if isinstance(one, dict)]
    names = [name for repo in repos if repo.get("repo") == places[-1] for name in _names(repo)]
    return f"the hook {', '.join(names) or '?'} of {places[-1]} can't be installed"


def _list_of(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _names(repo: Mapping[str, object]) -> list[str]:
    return [str(hook.get("id")) for hook in _list_of(repo.get("hooks")) if isinstance(hook, dict)]


def _runs(call: Call) -> bool:
    return call.program in ("pre-commit", "prek") and (not call.values or call.values[0] in _RUN_WORDS)


def _without_config(call: Call) -> tuple[tuple[str, ...], str]:
    """Take the configuration and the names of hooks out of a call's words."""
    kept: list[str] = []
    path = ".pre-commit-config.yaml"
    words = iter(call.arguments)
    for word in words:
        option, sign, value = word.value.partition("=")
        if option in _CONFIG_OPTIONS:
            follower = None if sign else next(words, None)
            path = value if sign else (follower.value if follower else path)
        elif word.value.startswith("-") or (kept and kept[-1] in _TAKES_VALUE) or word.value == "run":
            kept.append(word.raw)
    return tuple(kept or ("run",)), path


_TAKES_VALUE = ("--files", "--from-ref", "--to-ref", "--source", "-s", "--origin", "-o", "--hook-stage", "--color")


def _loaded(text: str) -> Mapping[str, object]:
    # A parser of YAML costs a tenth of a second, which only a repair of hooks should pay.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe", pure=True).load(StringIO(text))
    except (YAMLError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
